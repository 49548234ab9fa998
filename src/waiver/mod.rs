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
}

impl Waivers {
    /// The waivers of a run on a machine called `host`, as of `today` (UTC).
    pub fn new(waivers: Vec<Waiver>, host: Option<String>, today: Date) -> Self {
        let entries = waivers
            .into_iter()
            .map(|waiver| Use { waiver, covers: 0, lapsed: 0, concerns: 0 })
            .collect();
        Self { entries, host, today }
    }

    /// Marks the failures that are accepted.
    pub fn apply(&mut self, target: &Target, results: &mut [RuleResult<'_>]) {
        for entry in &mut self.entries {
            if !entry.waiver.is_for(target, self.host.as_deref()) {
                continue;
            }
            for result in results.iter_mut().filter(|result| entry.waiver.names(result)) {
                entry.concerns += 1;
                if !result.counts() {
                    continue;
                }
                match entry.waiver.lapse(result, self.today) {
                    None => {
                        entry.covers += 1;
                        result.lapsed_waiver = None;
                        result.waiver.get_or_insert_with(|| entry.waiver.acceptance.clone());
                    }
                    Some(because) => {
                        entry.lapsed += 1;
                        if result.waiver.is_none() {
                            let waiver = entry.waiver.acceptance.clone();
                            result.lapsed_waiver = Some(Lapse { waiver, because });
                        }
                    }
                }
            }
        }
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

impl Waiver {
    fn is_for(&self, target: &Target, host: Option<&str>) -> bool {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        let path = match (&self.path, &target.source) {
            (None, _) => true,
            // Where it leads is not certain: no pattern is known to mean it.
            (Some(pattern), Source::File { path }) => {
                plain_path(path).is_some_and(|path| pattern.matches_with(&path, options))
            }
            (Some(_), _) => false,
        };
        let host =
            self.host.as_ref().is_none_or(|pattern| host.is_some_and(|host| pattern.matches(host)));
        path && host && self.component.is_none_or(|component| component == target.line.component)
    }

    fn names(&self, result: &RuleResult<'_>) -> bool {
        match &self.demand {
            Demand::Rule(id) => *id == result.control.entry.id,
            Demand::Control { number, benchmark } => {
                *number == result.control.number
                    && benchmark.as_ref().is_none_or(|id| *id == result.benchmark.id)
            }
        }
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
