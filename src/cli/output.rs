//! How results are printed: formats, destinations, what is listed and what counts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::report::Format;
use crate::result::Severity;

/// How results are printed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs<F: FormatName> {
    /// The format of standard output: text if none is given.
    #[arg(long, value_name = "F", value_enum)]
    pub format: Option<F>,
    /// Write a format to a file; the file is written whole or not at all. With the same --format
    /// standard output stays empty: what a scheduled job wants.
    #[arg(long, value_name = "F=PATH", value_parser = output::<F>)]
    pub output: Vec<(F, PathBuf)>,
}

/// How much is said beside results.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct SayArgs {
    /// Say less on standard error.
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more on standard error, such as which files were passed over.
    #[arg(short, long)]
    pub verbose: bool,
}

impl<F: FormatName> OutputArgs<F> {
    /// The format of standard output; none where it stays empty.
    pub fn standard(&self, otherwise: F) -> Option<F> {
        let elsewhere = |format: &F| self.output.iter().any(|(written, _)| written == format);
        match self.format {
            Some(format) => Some(format).filter(|format| !elsewhere(format)),
            None => Some(otherwise),
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The name of a format.
pub trait FormatName: ValueEnum + Copy + PartialEq + Send + Sync + 'static {}

impl FormatName for Format {}
impl FormatName for ListingFormat {}
impl FormatName for DiffFormat {}
impl FormatName for HistoryFormat {}

/// The formats of a comparison of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people.
    Text,
    /// For programs; its names are stable.
    Json,
    /// A comment on a pull request.
    Markdown,
}

/// The formats of a history of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HistoryFormat {
    /// For people.
    Text,
    /// For programs; its names are stable.
    Json,
    /// A page for a browser, with a chart for each benchmark.
    Html,
}

/// The formats of a listing of flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListingFormat {
    /// For people.
    Text,
    /// For programs; its names are stable.
    Json,
}

/// The severity from which a failure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the severities, see Severity")]
pub enum FailOn {
    Info,
    Low,
    Medium,
    High,
    Critical,
    Never,
}

impl FailOn {
    /// The severity; `None` for never.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Info => Some(Severity::Info),
            Self::Low => Some(Severity::Low),
            Self::Medium => Some(Severity::Medium),
            Self::High => Some(Severity::High),
            Self::Critical => Some(Severity::Critical),
            Self::Never => None,
        }
    }
}

/// Which results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Show {
    /// Every one.
    All,
    /// fail, manual, unknown and error; the others are counted.
    Problems,
}

fn output<F: FormatName>(text: &str) -> Result<(F, PathBuf), String> {
    let (format, path) =
        text.split_once('=').ok_or("expected FORMAT=PATH, such as json=report.json")?;
    if path.is_empty() {
        return Err("the path is empty".to_owned());
    }
    Ok((F::from_str(format, false)?, PathBuf::from(path)))
}
