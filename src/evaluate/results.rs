//! A benchmark laid against a target, control by control.

use super::{Readings, judge};
use crate::component::Component;
use crate::result::{Status, Verdict};
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
}

/// Judges the target by every control of the benchmark that `wanted` keeps.
pub fn evaluate<'b>(
    target: &Target,
    readings: &Readings,
    benchmark: &'b Benchmark,
    wanted: impl Fn(&Section, &Control) -> bool,
) -> Vec<RuleResult<'b>> {
    concerning(target.line.component, benchmark, wanted)
        .map(|(section, control)| RuleResult {
            benchmark,
            section,
            control,
            verdict: judge(target, readings, &control.demand().unless, control.require()),
        })
        .collect()
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
        .map(|(section, control)| RuleResult {
            benchmark,
            section,
            control,
            verdict: verdict.clone(),
        })
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
