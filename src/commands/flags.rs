//! `plimsoll flags`.

use std::io::{self, BufWriter, Write};

use anyhow::bail;

use super::check::tell;
use super::input::{Reader, refuse_unread};
use super::output::Streams;
use super::outputs::{self, Output};
use super::own_inputs::OwnInputs;
use crate::cli::{FlagsArgs, ListingFormat};
use crate::component::Component;
use crate::config_files::read_flags;
use crate::exit::ExitStatus;
use crate::flags::compare::{differences, upgrade};
use crate::report::flags::{Listing, Reading};
use crate::target::Target;

pub(super) fn run(args: &FlagsArgs, _: Streams) -> anyhow::Result<ExitStatus> {
    refuse_unread(&args.input)?;
    let outputs = outputs::begin(&args.output.output, &OwnInputs::of_flags(args))?;
    let mut listings = Vec::new();
    if let Some(format) = args.output.standard(ListingFormat::Text) {
        listings.push(listing(format, Box::new(BufWriter::new(io::stdout())))?);
    }
    let mut files = Vec::new();
    for (format, Output { file, writer, .. }) in outputs {
        files.push(file);
        listings.push(listing(format, Box::new(writer))?);
    }
    // Two inputs are shown side by side, if each is one target of the same component.
    let inputs = args.input.inputs.len() + usize::from(args.input.pid.is_some());
    let mut held: Option<Vec<Reading>> = (inputs == 2 && !args.all).then(Vec::new);
    let mut reader = Reader::new(&args.input, Component::ALL.to_vec());
    reader.read(&|target| read(args, target), &mut |reading| {
        let reading = reading?;
        match &mut held {
            Some(held) if held.len() < 2 => held.push(reading),
            _ => {
                for reading in held.take().into_iter().flatten().chain([reading]) {
                    print(&mut listings, &reading, args.all)?;
                }
            }
        }
        Ok(())
    })?;
    match held.as_deref() {
        Some([a, b])
            if a.target.line.component == b.target.line.component && a.upgrade.is_none() =>
        {
            let differences = differences(&a.flags, &b.flags);
            for listing in &mut listings {
                listing.pair([a, b], &differences)?;
            }
        }
        held => {
            for reading in held.into_iter().flatten() {
                print(&mut listings, reading, args.all)?;
            }
        }
    }
    tell(&reader.failures);
    reader.skipped.tell(args.say.quiet, false, args.say.verbose);
    for listing in listings {
        listing.finish(&reader.failures)?;
    }
    for file in files {
        file.finish()?;
    }
    Ok(if reader.failures.is_empty() { ExitStatus::Success } else { ExitStatus::Incomplete })
}

fn read(args: &FlagsArgs, target: Target) -> anyhow::Result<Reading> {
    let read = |minor| read_flags(&target.line, minor, &target.files);
    let flags = read(target.version.minor);
    let upgrade = match args.compare {
        // etcd's versions are its own, and one of Kubernetes is none of them.
        Some(minor) if flags.catalog.counts(minor) => {
            let catalog = flags.catalog;
            if catalog.release(minor).is_none() {
                let (component, oldest, newest) =
                    (catalog.component, catalog.oldest(), catalog.newest());
                bail!("--compare: {component} {minor} is not known, but {oldest} to {newest} are");
            }
            Some((minor, upgrade(&flags, &read(minor))))
        }
        Some(_) | None => None,
    };
    Ok(Reading { target, flags, upgrade })
}

fn print(listings: &mut [Listing<'_>], reading: &Reading, all: bool) -> io::Result<()> {
    listings.iter_mut().try_for_each(|listing| listing.target(reading, all))
}

fn listing(format: ListingFormat, out: Box<dyn Write + Send>) -> io::Result<Listing<'static>> {
    match format {
        ListingFormat::Text => Ok(Listing::text(out)),
        ListingFormat::Json => Listing::json(out),
    }
}
