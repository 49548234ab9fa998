//! Results that say the same under several numbers, taken together.
//!
//! Benchmarks share rules. Where several are laid against one target, each fact would otherwise be
//! an alert, an annotation and a row for every one of them.

use std::collections::HashMap;

use super::finished::{RuleResult, Target};
use crate::digest::HALF;

/// A result and the controls that it is the answer to.
pub(super) struct Group<'t, 'r> {
    /// What is known across runs and only this group of a report has.
    pub(super) key: String,
    /// The same result by its controls, at least one.
    pub(super) results: Vec<&'t RuleResult<'r>>,
}

impl<'t, 'r> Group<'t, 'r> {
    /// What they all say.
    pub(super) fn result(&self) -> &'t RuleResult<'r> {
        self.results.first().expect("a group has a result")
    }

    /// The controls with their benchmarks, such as `cis-1.12 1.2.1`.
    pub(super) fn controls(&self) -> Vec<String> {
        let controls = self.results.iter();
        controls.map(|result| format!("{} {}", result.benchmark, result.control)).collect()
    }
}

/// What tells the groups of a report apart.
#[derive(Default)]
pub(super) struct Groups {
    /// How many targets there were that nothing but their place tells apart.
    twins: HashMap<String, usize>,
}

impl Groups {
    /// The groups of the next target, in the order of its results.
    pub(super) fn of<'t, 'r>(&mut self, target: &'t Target<'r>) -> Vec<Group<'t, 'r>> {
        let mut groups: Vec<Group<'t, 'r>> = Vec::new();
        let Some(first) = target.results.first() else { return groups };
        let half = first.fingerprint.get(HALF..).unwrap_or(&first.fingerprint);
        let twin = self.twins.entry(half.to_owned()).or_default();
        *twin += 1;
        // Rarely do two results of one fingerprint differ: where the minor is not known, benchmarks
        // are laid against other minors, and a waiver may be for the control of one of them.
        let mut known: HashMap<&str, Vec<usize>> = HashMap::new();
        for result in &target.results {
            let alike = known.entry(&result.fingerprint).or_default();
            if let Some(at) = alike.iter().find(|at| says_the_same(groups[**at].result(), result)) {
                groups[*at].results.push(result);
                continue;
            }
            let key = match alike.len() {
                0 => format!("{}:{twin}", result.fingerprint),
                other => format!("{}:{twin}.{other}", result.fingerprint),
            };
            alike.push(groups.len());
            groups.push(Group { key, results: vec![result] });
        }
        groups
    }
}

fn says_the_same(one: &RuleResult<'_>, other: &RuleResult<'_>) -> bool {
    let said = |result: &RuleResult<'_>| (result.status, result.baseline);
    said(one) == said(other)
        && one.message == other.message
        && one.waiver == other.waiver
        && one.lapsed_waiver == other.lapsed_waiver
}
