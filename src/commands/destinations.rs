//! Where the reports of a run go: standard output and files, each in a format.
//!
//! One that cannot be written does not take the others with it: they are finished, and the run says
//! in the end what went wrong.

use std::io::{self, BufWriter, ErrorKind};

use anyhow::Context;

use super::output::{Streams, say};
use super::outputs::{self, Output};
use super::own_inputs::OwnInputs;
use super::whole_file::WholeFile;
use crate::cli::{CheckArgs, Show};
use crate::report::finished::{Detail, Target};
use crate::report::{self, Closing, Format, Links, Look, Opening, Renderer, TargetReport};

/// The reports of one run.
pub(super) struct Destinations {
    open: Vec<Destination>,
    /// What went wrong with those that are not open any more.
    errors: Vec<anyhow::Error>,
    /// Whether one of them is standard output.
    pub(super) to_stdout: bool,
}

struct Destination {
    name: String,
    renderer: Box<dyn Renderer>,
    file: Option<WholeFile>,
}

impl Destinations {
    /// Begins every report. An error here ends the run before anything was looked at.
    pub(super) fn begin(
        args: &CheckArgs,
        streams: Streams,
        opening: &Opening,
    ) -> anyhow::Result<Self> {
        // First, because a report may begin to print at once.
        let files = outputs::begin(&args.output.output, &OwnInputs::of_check(args))?;
        let standard = args.output.standard(Format::Text);
        let mut open = Vec::new();
        if let Some(format) = standard {
            let terminal = streams.width.is_some();
            let look = Look {
                color: streams.color,
                problems_only: problems_only(args.show, format, terminal),
                width: streams.width,
                links: args.hyperlinks.then(links).transpose()?,
            };
            let stdout = Box::new(BufWriter::with_capacity(1 << 16, io::stdout()));
            let name = "standard output".to_owned();
            let renderer = report::begin(format, stdout, opening, look).context(name.clone())?;
            open.push(Destination { name, renderer, file: None });
        }
        for (format, Output { name, file, writer }) in files {
            let look = Look {
                color: false,
                problems_only: problems_only(args.show, format, false),
                width: None,
                links: None,
            };
            let renderer = report::begin(format, Box::new(writer), opening, look);
            let renderer = renderer.context(name.clone())?;
            open.push(Destination { name, renderer, file: Some(file) });
        }
        Ok(Self { open, errors: Vec::new(), to_stdout: standard.is_some() })
    }

    /// Adds a target to every report; an error if there is none left to add it to.
    pub(super) fn target(&mut self, report: &TargetReport<'_>) -> anyhow::Result<()> {
        let detail = self.open.iter().map(|to| to.renderer.detail()).max();
        let target = Target::of(report, detail.unwrap_or(Detail::Results));
        let errors = &mut self.errors;
        self.open.retain_mut(|to| match to.renderer.target(&target) {
            Ok(()) => true,
            Err(error) => {
                errors.push(anyhow::Error::new(error).context(to.name.clone()));
                false
            }
        });
        if self.open.is_empty() { self.told() } else { Ok(()) }
    }

    /// Ends every report and gives the files their names.
    pub(super) fn finish(mut self, closing: &Closing<'_>) -> anyhow::Result<()> {
        for Destination { name, renderer, file } in std::mem::take(&mut self.open) {
            let ended = renderer.finish(closing).context(name);
            let named = ended.and_then(|()| file.map_or(Ok(()), WholeFile::finish));
            self.errors.extend(named.err());
        }
        self.told()
    }

    /// The last error; the others are said.
    fn told(&mut self) -> anyhow::Result<()> {
        let Some(last) = self.errors.pop() else { return Ok(()) };
        for error in std::mem::take(&mut self.errors) {
            let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
            if kind != Some(ErrorKind::BrokenPipe) {
                say(&format!("{error:#}"));
            }
        }
        Err(last)
    }
}

/// Whether a report leaves out what needs nobody. Code scanning takes each result of a SARIF report
/// for an alert, one that passes too.
fn problems_only(asked: Option<Show>, format: Format, terminal: bool) -> bool {
    let unasked = match format {
        Format::Text => terminal,
        format => format == Format::Sarif,
    };
    asked.map_or(unasked, |show| show == Show::Problems)
}

fn links() -> anyhow::Result<Links> {
    Ok(Links { folder: std::env::current_dir().context("the current folder")? })
}
