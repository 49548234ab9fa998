//! A benchmark laid against a target, control by control.

use std::sync::Arc;

use super::{Readings, judge};
use crate::component::Component;
use crate::result::{Acceptance, Lapse, Status, Verdict};
use crate::rule::{Benchmark, Control, Section};
use crate::target::Target;

/// What came of one control.
#[derive(Debug)]
pub struct RuleResult<'b> {
    /// The benchmark.
    pub benchmark: &'b Benchmark,
    /// The control's section.
    pub section: &'b Section,
    /// The control.
    pub control: &'b Control,
    /// The answer.
    pub verdict: Verdict,
    /// The waiver by which a failure is accepted.
    pub waiver: Option<Arc<Acceptance>>,
    /// A waiver that was meant for this failure and does not hold.
    pub lapsed_waiver: Option<Lapse>,
    /// Whether an earlier run that is taken as the baseline knew this finding.
    pub baseline: bool,
    /// Whether this counts although it is unknown: everything unknown does, or the baseline has it decided.
    pub unknown_counts: bool,
}

impl<'b> RuleResult<'b> {
    fn new(benchmark: &'b Benchmark, of: (&'b Section, &'b Control), verdict: Verdict) -> Self {
        let (section, control) = of;
        Self {
            benchmark,
            section,
            control,
            verdict,
            waiver: None,
            lapsed_waiver: None,
            baseline: false,
            unknown_counts: false,
        }
    }

    /// What the result is known by across runs; `half` is the target's half of it.
    pub fn fingerprint(&self, half: &str) -> String {
        let own = self.control.fingerprint();
        let mut whole = String::with_capacity(own.len() + half.len());
        whole.push_str(own);
        whole.push_str(half);
        whole
    }

    /// Whether it is what a run looks for, accepted or not.
    pub fn counts(&self) -> bool {
        self.verdict.status == Status::Fail || self.unknown_counts
    }

    /// Whether it counts and nobody has accepted it.
    pub fn is_finding(&self) -> bool {
        self.counts() && self.waiver.is_none() && !self.baseline
    }
}

/// Judges the target by every control of the benchmark that `wanted` keeps.
pub fn evaluate<'b>(
    target: &Target,
    readings: &Readings,
    benchmark: &'b Benchmark,
    wanted: impl Fn(&Section, &Control) -> bool,
) -> Vec<RuleResult<'b>> {
    let mut results = Vec::with_capacity(benchmark.controls().count());
    for (section, control) in concerning(target.line.component, benchmark, wanted) {
        let (oldest, unless) = (benchmark.kubernetes.from, &control.demand().unless);
        let verdict = judge(target, readings, oldest, unless, control.require());
        results.push(RuleResult::new(benchmark, (section, control), verdict));
    }
    results
}

/// The results for a component that does not run: its controls do not apply.
pub fn not_running<'b>(
    target: &Target,
    benchmark: &'b Benchmark,
    wanted: impl Fn(&Section, &Control) -> bool,
) -> Vec<RuleResult<'b>> {
    let component = target.line.component;
    let verdict = Verdict {
        status: Status::NotApplicable,
        message: format!("no {component} is running here"),
        evidence: Vec::new(),
        changes: Vec::new(),
    };
    concerning(component, benchmark, wanted)
        .map(|of| RuleResult::new(benchmark, of, verdict.clone()))
        .collect()
}

/// The controls about a component that `wanted` keeps.
fn concerning(
    component: Component,
    benchmark: &Benchmark,
    wanted: impl Fn(&Section, &Control) -> bool,
) -> impl Iterator<Item = (&Section, &Control)> {
    benchmark.controls().filter(move |(section, control)| {
        control.entry.component == component && wanted(section, control)
    })
}
