//! Failures that an earlier run knew: only what is new counts.
//!
//! A failure is known by its fingerprint, in which no line and no process id plays a part. Where
//! several targets share one, such as two documents of the same name in a file, as many are known
//! as failed before: one that joins them is new.

use std::collections::HashMap;

use crate::evaluate::RuleResult;
use crate::result::Status;

/// The failures of an earlier run.
#[derive(Debug, Default)]
pub struct Baseline {
    /// How often each fingerprint failed under one control.
    known: HashMap<String, usize>,
    /// How often it did so far in this run, by control.
    seen: HashMap<Control, usize>,
}

/// A fingerprint under a control of a benchmark.
type Control = (String, String, String);

impl Baseline {
    /// The baseline of failures given as fingerprint, benchmark and control.
    pub fn new(failures: impl IntoIterator<Item = Control>) -> Self {
        let mut counts: HashMap<Control, usize> = HashMap::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for failure in failures {
            let fingerprint = failure.0.clone();
            let count = counts.entry(failure).or_default();
            *count += 1;
            // Under several numbers it is one failure.
            let most = known.entry(fingerprint).or_default();
            *most = (*most).max(*count);
        }
        Self { known, seen: HashMap::new() }
    }

    /// Marks the failures that were there before; `half` is the target's half of the fingerprint.
    pub fn apply(&mut self, half: &str, results: &mut [RuleResult<'_>]) {
        for result in results {
            if result.verdict.status != Status::Fail || result.waiver.is_some() {
                continue;
            }
            let fingerprint = result.fingerprint(half);
            let known = self.known.get(&fingerprint).copied().unwrap_or_default();
            let (benchmark, number) = (&result.benchmark.id, &result.control.number);
            let control = (fingerprint, benchmark.to_string(), number.to_string());
            let seen = self.seen.entry(control).or_default();
            *seen += 1;
            result.baseline = *seen <= known;
        }
    }
}
