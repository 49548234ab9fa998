//! Failures that a person accepts: which, where, why, by whom and how long.
//!
//! A waiver covers a `fail` and nothing else. The failure keeps its status and stays visible; it only
//! stops being a finding. A waiver that no longer holds says so on the failure it was written for.

mod draft;
mod read;

use std::sync::Arc;

use glob::{MatchOptions, Pattern};
use jiff::civil::Date;

pub use draft::Draft;
pub use read::read;

use crate::component::Component;
use crate::evaluate::RuleResult;
use crate::result::{Acceptance, Lapse};
use crate::source::{Source, plain_path};
use crate::target::Target;

/// One accepted failure, or several alike.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// What it is for.
    pub demand: Demand,
    /// The files it is for, as they are named in reports; all sources if none is given.
    path: Option<Pattern>,
    /// The machines it is for.
    host: Option<Pattern>,
    /// The component it is for.
    component: Option<Component>,
    /// Why, by whom and how long the failure is accepted.
    pub acceptance: Arc<Acceptance>,
    /// The value that is accepted: of the decisive fact, and empty if that has none.
    value: Option<String>,
    /// Where it was written: file and line.
    pub place: String,
}

/// What a waiver is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// A rule, under whichever number.
    Rule(String),
    /// A control, of one benchmark or of any.
    Control {
        /// Its number.
        number: String,
        /// The benchmark's id.
        benchmark: Option<String>,
    },
}

/// A waiver by a number that means different rules in the editions of one run; in words.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Ambiguous(String);

/// Where a failure is: what a waiver may be limited to.
#[derive(Clone, Copy, Debug)]
pub struct Whereabouts<'w> {
    /// The file, if it is in one.
    pub path: Option<&'w str>,
    /// The machine.
    pub host: Option<&'w str>,
    /// The component.
    pub component: Component,
}

/// What fails: the ids of the benchmark and of the rule, and the number that the one gives the other.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "see the line above")]
pub struct Numbered<'w> {
    pub benchmark: &'w str,
    pub number: &'w str,
    pub rule: &'w str,
}

/// The waivers of a run, and what each has done so far.
#[derive(Debug, Default)]
pub struct Waivers {
    entries: Vec<Use>,
    host: Option<String>,
    today: Date,
}

/// A waiver and what it met.
#[derive(Debug)]
pub struct Use {
    /// The waiver.
    pub waiver: Waiver,
    /// How many failures it covers.
    pub covers: usize,
    /// How many failures it was meant for and does not cover any more.
    pub lapsed: usize,
    /// How many results it is about, whatever their status.
    pub concerns: usize,
    /// The benchmark and the rule that its number was first met with.
    meant: Option<(String, String)>,
}

impl Waivers {
    /// The waivers of a run on a machine called `host`, as of `today` (UTC).
    pub fn new(waivers: Vec<Waiver>, host: Option<String>, today: Date) -> Self {
        let entries = waivers
            .into_iter()
            .map(|waiver| Use { waiver, covers: 0, lapsed: 0, concerns: 0, meant: None })
            .collect();
        Self { entries, host, today }
    }

    /// Marks the failures that are accepted, each by the first waiver that holds for it.
    pub fn apply(
        &mut self,
        target: &Target,
        results: &mut [RuleResult<'_>],
    ) -> Result<(), Ambiguous> {
        let path = match &target.source {
            Source::File { path } => Some(&**path),
            _ => None,
        };
        let (host, component) = (self.host.as_deref(), target.line.component);
        let place = Whereabouts { path, host, component };
        for entry in &mut self.entries {
            let Use { waiver, covers, lapsed, concerns, meant } = entry;
            if !waiver.is_for(place) {
                continue;
            }
            for result in results.iter_mut().filter(|result| waiver.names(numbered(result))) {
                *concerns += 1;
                waiver.means_one(meant, numbered(result))?;
                if !result.counts() {
                    continue;
                }
                match waiver.lapse(result, self.today) {
                    // One is enough: a second is of no use.
                    None if result.waiver.is_some() => {}
                    None => {
                        *covers += 1;
                        result.lapsed_waiver = None;
                        result.waiver = Some(waiver.acceptance.clone());
                    }
                    Some(because) => {
                        *lapsed += 1;
                        if result.waiver.is_none() {
                            let waiver = waiver.acceptance.clone();
                            result.lapsed_waiver = Some(Lapse { waiver, because });
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Each waiver with what it met, in the order in which they were written.
    pub fn uses(&self) -> &[Use] {
        &self.entries
    }

    /// Whether a waiver's last day is over.
    pub fn is_expired(&self, entry: &Use) -> bool {
        entry.waiver.acceptance.expires.is_some_and(|last| last < self.today)
    }
}

fn numbered<'r>(result: &'r RuleResult<'_>) -> Numbered<'r> {
    let (benchmark, control) = (&*result.benchmark.id, result.control);
    Numbered { benchmark, number: &control.number, rule: &control.entry.id }
}

impl Waiver {
    /// Whether it is for a failure. It may have lapsed all the same.
    pub fn is_about(&self, place: Whereabouts<'_>, failure: Numbered<'_>) -> bool {
        self.is_for(place) && self.names(failure)
    }

    fn is_for(&self, place: Whereabouts<'_>) -> bool {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        let path = match (&self.path, place.path) {
            (None, _) => true,
            // Where it leads is not certain: no pattern is known to mean it.
            (Some(pattern), Some(path)) => {
                plain_path(path).is_some_and(|path| pattern.matches_with(&path, options))
            }
            (Some(_), None) => false,
        };
        let on = |pattern: &Pattern| place.host.is_some_and(|host| pattern.matches(host));
        let host = self.host.as_ref().is_none_or(on);
        path && host && self.component.is_none_or(|component| component == place.component)
    }

    fn names(&self, failure: Numbered<'_>) -> bool {
        match &self.demand {
            Demand::Rule(id) => *id == failure.rule,
            Demand::Control { number, benchmark } => {
                *number == failure.number
                    && benchmark.as_ref().is_none_or(|id| *id == failure.benchmark)
            }
        }
    }

    /// A number without a benchmark names one rule, or none that anybody can be sure of. `meant` is the
    /// benchmark and the rule that it was first met with.
    fn means_one(
        &self,
        meant: &mut Option<(String, String)>,
        result: Numbered<'_>,
    ) -> Result<(), Ambiguous> {
        let Demand::Control { number, benchmark: None } = &self.demand else {
            return Ok(());
        };
        let met = || (result.benchmark.to_owned(), result.rule.to_owned());
        let meant = meant.get_or_insert_with(met);
        if meant.0 == result.benchmark || meant.1 == result.rule {
            return Ok(());
        }
        let ((one, rule), other) = (meant, result);
        Err(Ambiguous(format!(
            "{}: control {number} means different rules in this run: {one}:{number} ({rule}) and {}:{number} ({}); \
             name the one you mean, with its benchmark or by the rule's id",
            self.place, other.benchmark, other.rule
        )))
    }

    /// Why it does not hold for a failure it is meant for, if it does not.
    fn lapse(&self, result: &RuleResult<'_>, today: Date) -> Option<String> {
        if let Some(last) = self.acceptance.expires.filter(|last| *last < today) {
            return Some(format!("expired after {last}"));
        }
        let accepted = self.value.as_ref()?;
        let fact = result.verdict.evidence.first();
        let value = fact.and_then(|fact| fact.value.as_deref()).unwrap_or_default();
        (value != accepted).then(|| {
            let flag = fact.map(|fact| &*fact.flag).filter(|flag| !flag.is_empty());
            let name = flag.map_or_else(|| "the value".to_owned(), |flag| format!("--{flag}"));
            format!("holds while {name} is {accepted:?}, and it is {value:?}")
        })
    }
}
