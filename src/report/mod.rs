//! Reports: a target at a time, so that memory does not grow with their number.
//!
//! A renderer is one file. It sees finished results and a writer, and decides nothing; formats that
//! count before they list hold their lines back until the last target is done.

mod address;
mod csv;
pub mod explain;
mod failure;
pub mod finished;
pub mod flags;
mod github;
mod gitlab;
mod grouped;
pub(crate) mod html;
mod json;
mod junit;
mod kube_bench;
mod lasting;
mod links;
mod markdown;
pub(crate) mod marked;
mod ocsf;
mod oscal;
mod policy_report;
mod printable;
mod prometheus;
mod sarif;
pub mod tables;
mod text;
mod wrap;
mod xml;

pub use failure::Failure;
pub use links::Links;
pub use printable::{
    printable, printable_path, quotable, quotable_owned, quotable_path, quotable_value,
};

use std::fmt;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use self::policy_report::{Api, PolicyReports};
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

/// How many results there were of each status. A waived failure is counted as waived alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the statuses, see Status")]
pub struct Summary {
    pub targets: usize,
    pub pass: usize,
    pub fail: usize,
    pub manual: usize,
    pub unknown: usize,
    pub not_applicable: usize,
    pub error: usize,
    pub waived: usize,
    /// How many of the failures are in the baseline.
    #[serde(default)]
    pub baseline: usize,
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
            self.baseline += usize::from(result.baseline);
            *match result.verdict.status {
                Status::Fail if result.waiver.is_some() => &mut self.waived,
                Status::Pass => &mut self.pass,
                Status::Fail => &mut self.fail,
                Status::Manual => &mut self.manual,
                Status::Unknown => &mut self.unknown,
                Status::NotApplicable => &mut self.not_applicable,
                Status::Error => &mut self.error,
            } += 1;
        }
    }

    /// How many results there are.
    pub fn results(&self) -> usize {
        let Self {
            targets: _,
            pass,
            fail,
            manual,
            unknown,
            not_applicable,
            error,
            waived,
            baseline: _,
        } = self;
        pass + fail + manual + unknown + not_applicable + error + waived
    }

    /// The counts in words, in the order of the fields; but for the first two, `None` of what there
    /// is none of.
    pub fn words(&self) -> impl Iterator<Item = Option<String>> {
        let known = (self.baseline > 0).then(|| format!(" ({} in the baseline)", self.baseline));
        let fails = format!("fail{}", known.unwrap_or_default());
        let counts = [
            (self.pass, "pass"),
            (self.fail, &fails),
            (self.manual, "manual"),
            (self.unknown, "unknown"),
            (self.not_applicable, "not applicable"),
            (self.error, "error"),
            (self.waived, "waived"),
        ];
        let said =
            |(index, (count, word))| (count > 0 || index < 2).then(|| format!("{count} {word}"));
        counts.into_iter().enumerate().map(said).collect::<Vec<_>>().into_iter()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.words().flatten().collect();
        write!(f, "{}: {}", counted(self.targets, "target"), words.join(", "))
    }
}

/// What is known when a report is begun.
#[derive(Clone, Debug)]
pub struct Opening {
    /// When the run began, in whole seconds.
    pub generated_at: jiff::Timestamp,
    /// The machine, where processes are looked at.
    pub host: Option<String>,
    /// Whether failures of an earlier run are accepted.
    pub has_baseline: bool,
}

/// What is known when the last target is done.
#[derive(Debug)]
pub struct Closing<'r> {
    /// The benchmarks used.
    pub benchmarks: &'r [&'r Benchmark],
    /// The inputs that could not be checked.
    pub errors: Vec<Failure>,
    /// The waivers of the run, in the order in which they were written.
    pub waivers: Vec<finished::WaiverRecord<'r>>,
    /// The counts.
    pub summary: Summary,
}

/// How a text report looks, and a SARIF report whose reader takes every result for an alert.
#[derive(Clone, Debug)]
pub struct Look {
    /// Whether to use colour.
    pub color: bool,
    /// Whether to leave out what needs nobody.
    pub problems_only: bool,
    /// The terminal's width in columns; `None` keeps each result on one line.
    pub width: Option<usize>,
    /// How places become links; `None` leaves them plain.
    pub links: Option<Links>,
}

/// A report being written. Every result that is handed in appears in it, passed and waived ones too;
/// text and SARIF may leave out what needs nobody, if they are asked to.
pub trait Renderer: Send {
    /// Adds a target.
    fn target(&mut self, target: &finished::Target<'_>) -> io::Result<()>;

    /// How much of a target is handed in.
    fn detail(&self) -> finished::Detail {
        finished::Detail::Evidence
    }

    /// Ends the report and flushes its writer.
    fn finish(self: Box<Self>, closing: &Closing<'_>) -> io::Result<()>;
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs; its names are stable.
    Json,
    /// SARIF 2.1.0, for GitHub code scanning.
    Sarif,
    /// JUnit XML, which GitLab, Jenkins and others show as tests.
    Junit,
    /// GitLab Code Quality.
    Gitlab,
    /// Commands of a GitHub workflow, which become annotations.
    Github,
    /// Markdown for a comment at a pull request.
    Markdown,
    /// A page for a browser, in one file: overview, filter, search.
    Html,
    /// A row a result, for spreadsheets.
    Csv,
    /// For the textfile collector of Prometheus' node exporter.
    Prometheus,
    /// ClusterPolicyReports of the Kubernetes policy working group, for `kubectl apply -f`.
    Policyreport,
    /// ClusterReports of OpenReports, for `kubectl apply -f`.
    Openreports,
    /// Compliance findings of the Open Cybersecurity Schema Framework.
    Ocsf,
    /// Assessment results of OSCAL, for assessors.
    Oscal,
    /// For what reads the JSON of kube-bench.
    KubeBenchJson,
}

/// Begins a report.
pub fn begin<'w>(
    format: Format,
    out: Box<dyn Write + Send + 'w>,
    opening: &Opening,
    look: Look,
) -> io::Result<Box<dyn Renderer + 'w>> {
    Ok(match format {
        Format::Text => Box::new(text::Text::new(out, look)),
        Format::Json => Box::new(json::Json::begin(out, opening)?),
        Format::Sarif => Box::new(sarif::Sarif::begin(out, opening, &look)?),
        Format::Junit => Box::new(junit::Junit::new(out, opening)),
        Format::Gitlab => Box::new(gitlab::Gitlab::begin(out)?),
        Format::Github => Box::new(github::Github::new(out)),
        Format::Markdown => Box::new(markdown::Markdown::new(out)),
        Format::Html => Box::new(html::Html::begin(out, opening)?),
        Format::Csv => Box::new(csv::Csv::begin(out)?),
        Format::Prometheus => Box::new(prometheus::Prometheus::new(out, opening)),
        Format::Policyreport => {
            Box::new(PolicyReports::begin(Api::PolicyWorkingGroup, out, opening)?)
        }
        Format::Openreports => Box::new(PolicyReports::begin(Api::OpenReports, out, opening)?),
        Format::Ocsf => Box::new(ocsf::Ocsf::begin(out, opening)?),
        Format::Oscal => Box::new(oscal::Oscal::new(out, opening)),
        Format::KubeBenchJson => Box::new(kube_bench::KubeBench::new(out, opening)),
    })
}
