//! The counts of the overview: what is kept of the results that were written already.

use super::outcome::Outcome;
use crate::report::finished::RuleResult;
use crate::result::Severity;

/// How many results there are of each outcome.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts([usize; Outcome::ALL.len()]);

impl Counts {
    fn add(&mut self, outcome: Outcome) {
        for (count, known) in self.0.iter_mut().zip(Outcome::ALL) {
            *count += usize::from(known == outcome);
        }
    }

    /// How many have one of some outcomes.
    pub(super) fn of(&self, outcomes: &[Outcome]) -> usize {
        let counts = self.0.iter().zip(Outcome::ALL);
        counts.filter(|(_, outcome)| outcomes.contains(outcome)).map(|(count, _)| count).sum()
    }
}

/// A section of a benchmark and its counts.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) benchmark: String,
    pub(super) benchmark_title: String,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) counts: Counts,
}

/// All counts. They grow with the benchmarks, not with the targets.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) all: Counts,
    pub(super) sections: Vec<Section>,
    severities: [Counts; Self::SEVERITIES.len()],
}

impl Tally {
    /// Every severity, the gravest first.
    pub(super) const SEVERITIES: [Severity; 5] =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

    pub(super) fn add(&mut self, result: &RuleResult<'_>) {
        let outcome = Outcome::of(result);
        self.all.add(outcome);
        for (counts, severity) in self.severities.iter_mut().zip(Self::SEVERITIES) {
            if severity == result.severity {
                counts.add(outcome);
            }
        }
        self.section(result).counts.add(outcome);
    }

    /// The severities with their counts.
    pub(super) fn severities(&self) -> impl Iterator<Item = (Severity, &Counts)> {
        Self::SEVERITIES.into_iter().zip(&self.severities)
    }

    fn section(&mut self, result: &RuleResult<'_>) -> &mut Section {
        let known = self.sections.iter().position(|section| {
            (&*section.benchmark, &*section.number) == (&*result.benchmark, &*result.section)
        });
        let at = known.unwrap_or_else(|| {
            self.sections.push(Section {
                benchmark: result.benchmark.clone().into_owned(),
                benchmark_title: result.benchmark_title.clone().into_owned(),
                number: result.section.clone().into_owned(),
                title: result.section_title.clone().into_owned(),
                counts: Counts::default(),
            });
            self.sections.len() - 1
        });
        &mut self.sections[at]
    }
}
