//! A benchmark laid against a target, control by control.

use super::{Readings, judge};
use crate::result::Verdict;
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
    benchmark
        .controls()
        .filter(|(section, control)| {
            control.entry.component == target.line.component && wanted(section, control)
        })
        .map(|(section, control)| RuleResult {
            benchmark,
            section,
            control,
            verdict: judge(target, readings, &control.demand().unless, control.require()),
        })
        .collect()
}
