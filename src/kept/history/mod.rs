//! A folder of reports over time: how many controls stood how, and when each of them changed.
//!
//! Reports of several machines are kept apart by the name of the machine. A report is taken in and
//! let go, so that years of them need no more memory than one and its controls.

mod html;
mod json;
mod text;

use std::collections::{BTreeMap, HashMap};

pub use html::write as html;
pub use json::write as json;
pub use text::write as text;

use super::Standing;
use crate::report::counted;
use crate::report::finished::{Report, RuleResult, Target};

/// What reports tell that were taken in, oldest first.
#[derive(Debug, Default)]
pub struct History {
    /// By machine and benchmark.
    pub series: BTreeMap<SeriesName, Series>,
    /// In the order of time.
    pub changes: Vec<StandingChange>,
    /// How each control stood when it was last looked at.
    last: HashMap<Key, Last>,
    /// How many reports of each machine were taken in.
    reports: HashMap<Option<String>, usize>,
}

/// Which results are one line of a chart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesName {
    /// The benchmark's id.
    pub benchmark: String,
    /// The machine, where processes were looked at.
    pub host: Option<String>,
}

/// The counts of one benchmark on one machine.
#[derive(Debug, Default)]
pub struct Series {
    /// The benchmark's title.
    pub title: String,
    /// One entry a report, oldest first.
    pub points: Vec<Point>,
}

/// The counts of one report.
#[derive(Debug)]
pub struct Point {
    /// When it was made.
    pub at: jiff::Timestamp,
    /// The report's file.
    pub file: String,
    /// How many targets it has.
    pub targets: usize,
    /// How many inputs could not be checked.
    pub errors: usize,
    /// How many controls stand how, in the order of [`Standing::ALL`].
    pub counts: [usize; 7],
}

impl Point {
    /// How many controls stand like this.
    pub(super) fn count(&self, standing: Standing) -> usize {
        let at = Standing::ALL.iter().position(|known| *known == standing);
        at.and_then(|at| self.counts.get(at)).copied().unwrap_or_default()
    }
}

/// A control that stands otherwise than before.
#[derive(Debug)]
pub struct StandingChange {
    /// When the report was made that shows it.
    pub at: jiff::Timestamp,
    /// The benchmark and the machine.
    pub series: SeriesName,
    /// The control's number.
    pub control: String,
    /// The rule's id.
    pub rule: String,
    /// What holds when it passes.
    pub title: String,
    /// The target, as the later report calls it.
    pub target: String,
    /// How it stood; `None` if it was not checked.
    pub before: Option<Standing>,
    /// How it stands; `None` if it is not checked any more.
    pub after: Option<Standing>,
}

impl StandingChange {
    /// Whether both come, or both go, together.
    fn is_same_move(&self, other: &Self) -> bool {
        let together =
            self.at == other.at && self.target == other.target && self.series == other.series;
        let both_come = self.before.is_none() && other.before.is_none();
        let both_go = self.after.is_none() && other.after.is_none();
        together && (both_come || both_go)
    }

    /// The change in words; of a target that comes or goes, what becomes of so many of its controls.
    pub(super) fn in_words(event: &[Self]) -> Option<String> {
        let name = |standing: Option<Standing>| standing.map_or("not checked", Standing::name);
        match event {
            [] => None,
            [change] => Some(format!("{} → {}", name(change.before), name(change.after))),
            [first, ..] => {
                let controls = counted(event.len(), "control");
                Some(if first.after.is_none() {
                    format!("{controls} no longer checked")
                } else {
                    format!("{controls} checked from now on")
                })
            }
        }
    }
}

impl SeriesName {
    /// The benchmark, and the machine if there is one.
    pub(super) fn label(&self) -> String {
        let host = self.host.as_ref().map(|host| format!(" on {host}")).unwrap_or_default();
        format!("{}{host}", self.benchmark)
    }
}

/// A control of a target: series, number, the target's half of the fingerprint, and which of those
/// that share it.
type Key = (SeriesName, String, String, usize);

#[derive(Debug)]
struct Last {
    standing: Option<Standing>,
    /// The number of the report that it was last seen in.
    report: usize,
    rule: String,
    title: String,
    target: String,
}

impl History {
    /// Takes in a report that is not older than those before.
    pub fn add(&mut self, file: &str, report: &Report) {
        let number = self.reports.entry(report.host.clone()).or_default();
        *number += 1;
        let number = *number;
        let mut points: BTreeMap<SeriesName, [usize; 7]> = BTreeMap::new();
        let mut twins: HashMap<(SeriesName, String, String), usize> = HashMap::new();
        for target in &report.targets {
            for result in &target.results {
                let series = SeriesName {
                    benchmark: result.benchmark.clone().into_owned(),
                    host: report.host.clone(),
                };
                let counts = points.entry(series.clone()).or_default();
                let standing = Standing::of(result);
                for (count, known) in counts.iter_mut().zip(Standing::ALL) {
                    *count += usize::from(known == standing);
                }
                // The second half of a fingerprint is the target's.
                let half = result.fingerprint.get(16..).unwrap_or_default().to_owned();
                let control = result.control.clone().into_owned();
                let twin =
                    twins.entry((series.clone(), control.clone(), half.clone())).or_default();
                let key = (series, control, half, *twin);
                *twin += 1;
                self.saw(report.generated_at, key, number, target, result);
            }
        }
        self.missed(report, number);
        for (name, counts) in points {
            let title = report.benchmarks.iter().find(|benchmark| benchmark.id == name.benchmark);
            let series = self.series.entry(name).or_default();
            series.title = title.map(|benchmark| benchmark.title.clone()).unwrap_or_default();
            series.points.push(Point {
                at: report.generated_at,
                file: file.to_owned(),
                targets: report.summary.targets,
                errors: report.errors.len(),
                counts,
            });
        }
    }

    /// The changes in the order of time; those of a target that comes or goes as one, however many.
    pub fn events(&self) -> Vec<&[StandingChange]> {
        const FEW: usize = 3;
        let mut events = Vec::new();
        for alike in self.changes.chunk_by(StandingChange::is_same_move) {
            if alike.len() > FEW {
                events.push(alike);
            } else {
                events.extend(alike.chunks(1));
            }
        }
        events
    }

    fn saw(
        &mut self,
        at: jiff::Timestamp,
        key: Key,
        report: usize,
        target: &Target<'_>,
        result: &RuleResult<'_>,
    ) {
        let standing = Some(Standing::of(result));
        let before = self.last.get(&key).and_then(|last| last.standing);
        if before != standing && report > 1 {
            self.changes.push(StandingChange {
                at,
                series: key.0.clone(),
                control: key.1.clone(),
                rule: result.rule.clone().into_owned(),
                title: result.title.clone().into_owned(),
                target: target.id.clone().into_owned(),
                before,
                after: standing,
            });
        }
        let last = Last {
            standing,
            report,
            rule: result.rule.clone().into_owned(),
            title: result.title.clone().into_owned(),
            target: target.id.clone().into_owned(),
        };
        self.last.insert(key, last);
    }

    /// Notes what this machine's earlier reports had and this one has not.
    fn missed(&mut self, report: &Report, number: usize) {
        let mut gone: Vec<StandingChange> = Vec::new();
        #[allow(clippy::iter_over_hash_type, reason = "what is found is sorted")]
        for ((series, control, _, _), last) in &mut self.last {
            if series.host != report.host || last.report == number {
                continue;
            }
            if let Some(before) = last.standing.take() {
                gone.push(StandingChange {
                    at: report.generated_at,
                    series: series.clone(),
                    control: control.clone(),
                    rule: last.rule.clone(),
                    title: last.title.clone(),
                    target: last.target.clone(),
                    before: Some(before),
                    after: None,
                });
            }
        }
        gone.sort_by(|a, b| {
            (&a.target, &a.series, &a.control).cmp(&(&b.target, &b.series, &b.control))
        });
        self.changes.append(&mut gone);
    }
}
