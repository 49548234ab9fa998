//! `plimsoll flags`.

use std::io::{self, BufWriter, Write};

use super::check::tell;
use super::input::Reader;
use super::output::{Streams, WholeFile};
use crate::cli::{FlagsArgs, Format};
use crate::component::Component;
use crate::exit::ExitStatus;
use crate::flags::Flags;
use crate::report::flags::Listing;

pub(super) fn run(args: &FlagsArgs, _: Streams) -> anyhow::Result<ExitStatus> {
    let stdout: Box<dyn Write> = Box::new(BufWriter::new(io::stdout()));
    let mut listings = vec![listing(args.output.format, stdout)?];
    let mut files = Vec::new();
    for (format, path) in &args.output.output {
        let (file, writer) = WholeFile::begin(path)?;
        files.push(file);
        listings.push(listing(*format, Box::new(writer))?);
    }
    let mut reader = Reader::new(&args.input, Component::ALL.to_vec());
    reader.read(&mut |target| {
        let flags = Flags::read(&target.line, target.version.minor);
        for listing in &mut listings {
            listing.target(&target, &flags, args.all)?;
        }
        Ok(())
    })?;
    tell(&reader, args.output.quiet, args.output.verbose);
    for listing in listings {
        listing.finish(&reader.failures)?;
    }
    for file in files {
        file.finish()?;
    }
    Ok(if reader.failures.is_empty() { ExitStatus::Success } else { ExitStatus::Incomplete })
}

fn listing(format: Format, out: Box<dyn Write>) -> io::Result<Listing<'static>> {
    match format {
        Format::Text => Ok(Listing::text(out)),
        Format::Json => Listing::json(out),
    }
}
