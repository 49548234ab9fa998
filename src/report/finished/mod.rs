//! The finished report: everything a renderer sees, and `plimsoll.report/1` as it is written and read.
//!
//! Every text of foreign origin has been made fit to print here, once, so no renderer meets a control
//! character; those of rules and benchmarks were looked at when they were read. The names are a promise, see `report.schema.json` beside this folder: they are only
//! added to, and what is not known here is passed over when a report is read.

mod fingerprint;
mod heading;
mod json_text;
mod names;
mod place;
mod read;
mod waiver;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use fingerprint::Fingerprint;
pub(super) use heading::{headline, headline_of, version};
pub use place::{Diagnostic, Location, Source, Version};
pub use read::{ReadError, made, read};
pub use waiver::{LapsedWaiver, Waiver, WaiverRecord};

use super::{Failure, Summary, quotable, quotable_owned, quotable_path};
use crate::component::Component;
use crate::diagnostic::{self, Level};
use crate::evaluate;
use crate::remedy;
use crate::result::{self, Origin, Severity, Status};
use crate::rule::{self, Assessment};
use crate::source;
use crate::target;

/// The name of the format and its number.
pub const SCHEMA: &str = "plimsoll.report/1";

/// A whole report, as it is read from a file.
#[derive(Debug, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// When it was made.
    pub generated_at: jiff::Timestamp,
    /// The machine it was made on, where processes were looked at.
    #[serde(default)]
    pub host: Option<String>,
    /// The benchmarks that were used.
    pub benchmarks: Vec<Benchmark>,
    /// The targets.
    pub targets: Vec<Target<'static>>,
    /// The inputs that could not be checked.
    pub errors: Vec<Failure>,
    /// The counts.
    pub summary: Summary,
}

/// A benchmark that was used.
#[derive(Debug, Serialize, Deserialize)]
pub struct Benchmark {
    /// Its stable name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What its controls and rules said.
    pub digest: String,
    /// Its sections, in order.
    #[serde(default)]
    pub sections: Vec<Section>,
}

/// A section of a benchmark.
#[derive(Debug, Serialize, Deserialize)]
pub struct Section {
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
}

impl From<&rule::Benchmark> for Benchmark {
    fn from(benchmark: &rule::Benchmark) -> Self {
        let sections = benchmark.sections.iter();
        Self {
            id: benchmark.id.to_string(),
            title: quotable(&benchmark.title).into_owned(),
            digest: benchmark.digest(),
            sections: sections
                .map(|section| Section {
                    number: quotable(&section.number).into_owned(),
                    title: quotable(&section.title).into_owned(),
                })
                .collect(),
        }
    }
}

/// How much of a target a report shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Its results, each with the place of its decisive fact; if it does not run, only how many there
    /// are, so that no rule has to be read for it.
    Results,
    /// All facts behind them, too.
    Evidence,
}

/// A server and what came of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Target<'r> {
    /// What reports call it: component and source.
    pub id: Cow<'r, str>,
    /// The program.
    pub component: Component,
    /// What its carrier calls it, such as a pod and container name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Cow<'r, str>>,
    /// Where it was read.
    pub source: Source<'r>,
    /// The minor it is judged by.
    pub kubernetes_version: Version,
    /// What there is to say about it beside its results.
    pub diagnostics: Vec<Diagnostic<'r>>,
    /// How many results it has; a report lists them.
    #[serde(skip)]
    pub controls: usize,
    /// By benchmark, section and control.
    pub results: Vec<RuleResult<'r>>,
}

/// What came of one control.
#[derive(Debug, Serialize, Deserialize)]
pub struct RuleResult<'r> {
    /// The benchmark's id.
    pub benchmark: Cow<'r, str>,
    /// Its title; a report says it once, in its benchmarks.
    #[serde(skip)]
    pub benchmark_title: Cow<'r, str>,
    /// The control's number.
    pub control: Cow<'r, str>,
    /// The rule's id.
    pub rule: Cow<'r, str>,
    /// What holds when it passes.
    pub title: Cow<'r, str>,
    /// The number of the control's section.
    pub section: Cow<'r, str>,
    /// Its title; a report says it once, in its benchmarks.
    #[serde(skip)]
    pub section_title: Cow<'r, str>,
    /// The answer. A failure stays one, waived or not.
    pub status: Status,
    /// How much a failure matters.
    pub severity: Severity,
    /// The profile level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// Whether the document has it tested by a program or by a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Assessment>,
    /// The decisive facts in words.
    pub message: Cow<'r, str>,
    /// The facts, the decisive one first; none where only its place is shown.
    pub evidence: Vec<Evidence<'r>>,
    /// Where the decisive fact stands, where only that is shown.
    #[serde(skip)]
    pub(super) place: Option<Location<'r>>,
    /// Whether the message names the file of that place and means it as a whole.
    #[serde(skip)]
    pub names_file: bool,
    /// What to do.
    pub remediation: Cow<'r, str>,
    /// What to write in this input, where that can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Cow<'r, str>>,
    /// What it is known by across runs: no line and no process id plays a part.
    pub fingerprint: Fingerprint<'r>,
    /// By whom and why the failure is accepted. Boxed, since few results have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<Box<Waiver<'r>>>,
    /// A waiver that was meant for this failure and no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapsed_waiver: Option<Box<LapsedWaiver<'r>>>,
    /// Whether an earlier run failed as well, and that is accepted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub baseline: bool,
    /// Whether it counts although it is unknown: everything unknown did, or the baseline has it decided.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub finding: bool,
}

/// A located fact behind a result.
#[derive(Debug, Serialize, Deserialize)]
pub struct Evidence<'r> {
    /// The flag, without dashes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<Cow<'r, str>>,
    /// Its effective value as Go prints it, credentials hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Cow<'r, str>>,
    /// Where the value comes from.
    pub origin: Origin,
    /// Where it was written, or where a missing flag would be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location<'r>>,
}

impl<'r> Target<'r> {
    /// What is shown of a target.
    pub fn of(report: &'r super::TargetReport<'_>, detail: Detail) -> Self {
        let target = report.target;
        let only_counted = detail == Detail::Results && target.source == source::Source::Absent;
        let shown = if only_counted { &[][..] } else { &report.results };
        Self {
            id: quotable_path(&target.id),
            component: target.line.component,
            name: target.line.name.as_deref().map(quotable),
            source: Source::from(target),
            kubernetes_version: Version::from(target.version),
            diagnostics: report.diagnostics.iter().map(|d| Diagnostic::from(*d)).collect(),
            controls: report.results.len(),
            results: shown.iter().map(|it| RuleResult::of(it, target, detail)).collect(),
        }
    }
}

impl<'r> Target<'r> {
    /// Whether somebody without rights may have started it in the server's name.
    pub fn may_be_decoy(&self) -> bool {
        self.diagnostics.iter().any(|it| diagnostic::is_of_decoy(&it.code))
    }

    /// Its warnings, for formats that have no place for every remark. What the server refuses is a
    /// result of its own.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic<'r>> {
        self.diagnostics.iter().filter(|it| it.severity == Level::Warning)
    }

    /// All its warnings in one line; `None` if there are none.
    pub fn warning(&self) -> Option<String> {
        let messages: Vec<&str> = self.warnings().map(|it| &*it.message).collect();
        (!messages.is_empty()).then(|| messages.join("; "))
    }

    /// The user it runs as, of a process.
    pub fn user(&self) -> Option<String> {
        self.source.uid.map(|uid| uid.to_string())
    }
}

impl<'r> RuleResult<'r> {
    fn of(
        result: &'r evaluate::RuleResult<'_>,
        target: &'r target::Target,
        detail: Detail,
    ) -> Self {
        let control = result.control;
        let demand = control.demand();
        let section = result.section;
        let facts = result.verdict.evidence.iter();
        let decisive = facts.clone().find(|fact| fact.location.is_some());
        let (evidence, place) = match detail {
            Detail::Evidence => (facts.map(Evidence::from).collect(), None),
            Detail::Results => {
                let place = decisive.and_then(|fact| fact.location.as_ref());
                (Vec::new(), place.map(Location::from))
            }
        };
        let fix = remedy::here(target, &result.verdict);
        Self {
            benchmark: Cow::Borrowed(&result.benchmark.id),
            benchmark_title: Cow::Borrowed(&result.benchmark.title),
            control: Cow::Borrowed(&control.number),
            rule: Cow::Borrowed(&demand.id),
            title: Cow::Borrowed(&demand.title),
            section: Cow::Borrowed(&section.number),
            section_title: Cow::Borrowed(&section.title),
            status: result.verdict.status,
            severity: demand.severity,
            level: control.level,
            assessment: control.assessment,
            message: quotable(&result.verdict.message),
            evidence,
            place,
            names_file: decisive.is_some_and(|fact| fact.names_file),
            remediation: Cow::Borrowed(&demand.remediation),
            fix: fix.map(|fix| Cow::Owned(quotable_owned(fix))),
            fingerprint: Fingerprint::of(result, target),
            waiver: result.waiver.as_deref().map(|it| Box::new(Waiver::from(it))),
            lapsed_waiver: result.lapsed_waiver.as_ref().map(|it| Box::new(LapsedWaiver::from(it))),
            baseline: result.baseline,
            finding: result.unknown_counts,
        }
    }

    /// Whether it is what a run looks for, accepted or not.
    pub fn counts(&self) -> bool {
        self.status == Status::Fail || self.finding
    }

    /// Whether it counts and nobody has accepted it: what a reader has to act on.
    pub fn is_finding(&self) -> bool {
        self.counts() && self.waiver.is_none() && !self.baseline
    }

    /// Where the decisive fact stands.
    pub fn location(&self) -> Option<&Location<'r>> {
        self.place.as_ref().or_else(|| self.evidence.iter().find_map(|it| it.location.as_ref()))
    }
}

impl<'r> From<&'r result::Evidence> for Evidence<'r> {
    fn from(fact: &'r result::Evidence) -> Self {
        Self {
            flag: (!fact.flag.is_empty()).then(|| quotable(&fact.flag)),
            value: fact.value.as_deref().map(quotable),
            origin: fact.origin,
            location: fact.location.as_ref().map(Location::from),
        }
    }
}
