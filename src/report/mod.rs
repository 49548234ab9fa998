//! Reports: a target at a time, so that memory does not grow with their number.
//!
//! A renderer sees finished results and a writer, and decides nothing.

pub mod explain;
pub mod flags;
mod json;
mod location;
mod printable;
pub mod tables;
mod text;

pub use printable::{printable, quotable};

use std::io::{self, Write};

use crate::diagnostic::Diagnostic;
use crate::evaluate::RuleResult;
use crate::result::Status;
use crate::rule::Benchmark;
use crate::source::Source;
use crate::target::Target;

/// A target and what came of it.
#[derive(Debug)]
pub struct TargetReport<'r> {
    /// The target.
    pub target: &'r Target,
    /// What there is to say about it, in order.
    pub diagnostics: Vec<&'r Diagnostic>,
    /// The results, by benchmark, section and control.
    pub results: Vec<RuleResult<'r>>,
}

/// An input that could not be checked.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The input.
    pub source: String,
    /// Why.
    pub message: String,
}

/// How many there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the statuses, see Status")]
pub struct Summary {
    pub targets: usize,
    pub pass: usize,
    pub fail: usize,
    pub manual: usize,
    pub not_applicable: usize,
    pub error: usize,
    pub waived: usize,
}

/// `1 rule`, `2 rules`.
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

impl Summary {
    /// Counts a target and its results; a component that does not run is no target.
    pub fn add(&mut self, report: &TargetReport<'_>) {
        self.targets += usize::from(report.target.source != Source::Absent);
        for result in &report.results {
            *match result.verdict.status {
                Status::Pass => &mut self.pass,
                Status::Fail => &mut self.fail,
                Status::Manual => &mut self.manual,
                Status::NotApplicable => &mut self.not_applicable,
                Status::Error => &mut self.error,
            } += 1;
        }
    }
}

/// What is known when the last target is done.
#[derive(Debug)]
pub struct Closing<'r> {
    /// The benchmarks used.
    pub benchmarks: &'r [&'r Benchmark],
    /// The inputs that could not be checked.
    pub failures: &'r [Failure],
    /// The counts.
    pub summary: Summary,
}

/// How a text report looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether to use colour.
    pub color: bool,
    /// Whether to leave out what needs nobody.
    pub problems_only: bool,
}

/// A report being written.
pub enum Report<'w> {
    /// For people.
    Text(text::Text<'w>),
    /// For programs.
    Json(json::Json<'w>),
}

impl<'w> Report<'w> {
    /// A report for people.
    pub fn text(out: Box<dyn Write + 'w>, look: Look) -> Self {
        Self::Text(text::Text::new(out, look))
    }

    /// A report for programs, made at `generated_at` (RFC 3339).
    pub fn json(out: Box<dyn Write + 'w>, generated_at: &str) -> io::Result<Self> {
        json::Json::begin(out, generated_at).map(Self::Json)
    }

    /// Adds a target.
    pub fn target(&mut self, report: &TargetReport<'_>) -> io::Result<()> {
        match self {
            Self::Text(text) => text.target(report),
            Self::Json(json) => json.target(report),
        }
    }

    /// Ends the report.
    pub fn finish(self, closing: &Closing<'_>) -> io::Result<()> {
        match self {
            Self::Text(text) => text.finish(closing),
            Self::Json(json) => json.finish(closing),
        }
    }
}
