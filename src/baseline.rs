//! Findings that an earlier run knew: only what is new counts. What it had decided and this run does not
//! know is new, too: to hide a setting is no way out.
//!
//! A failure is known by its fingerprint, in which no line and no process id plays a part, and by its
//! cause: a rule that fails for another reason than before is a new failure, because the new reason may
//! be worse. Where several targets share a fingerprint, such as two documents of the same name in a
//! file, as many are known as failed before: one that joins them is new.

use std::collections::HashMap;

use crate::evaluate::RuleResult;
use crate::result::{Origin, Status};

/// The failures of an earlier run.
#[derive(Debug, Default)]
pub struct Baseline {
    /// How often each failure was there, under one control.
    known: HashMap<(String, String), usize>,
    /// How often it is there so far in this run, by control.
    seen: HashMap<KnownFailure, usize>,
    /// The answers of the results that were decided, by fingerprint.
    decided: HashMap<String, Status>,
}

/// A failure of an earlier run, which a baseline accepts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KnownFailure {
    /// What its result is known by.
    pub fingerprint: String,
    /// The benchmark's id.
    pub benchmark: String,
    /// The control's number.
    pub control: String,
    /// See [`cause`].
    pub cause: String,
}

/// A fact behind a failure: flag, value and where the value comes from, as a report shows them.
pub type Fact<'f> = (Option<&'f str>, Option<&'f str>, Origin);

impl Baseline {
    /// The baseline of an earlier run's failures.
    pub fn new(
        failures: impl IntoIterator<Item = KnownFailure>,
        decided: impl IntoIterator<Item = (String, Status)>,
    ) -> Self {
        let mut counts: HashMap<KnownFailure, usize> = HashMap::new();
        let mut known: HashMap<(String, String), usize> = HashMap::new();
        for failure in failures {
            let key = (failure.fingerprint.clone(), failure.cause.clone());
            let count = counts.entry(failure).or_default();
            *count += 1;
            // Under several numbers it is one failure.
            let most = known.entry(key).or_default();
            *most = (*most).max(*count);
        }
        Self { known, seen: HashMap::new(), decided: decided.into_iter().collect() }
    }

    /// Makes what is unknown count where the earlier run had an answer, and says which.
    pub fn count_undecided(&self, half: &str, results: &mut [RuleResult<'_>]) {
        for result in results.iter_mut().filter(|it| it.verdict.status == Status::Unknown) {
            if let Some(before) = self.decided.get(&result.fingerprint(half)) {
                result.unknown_counts = true;
                let message = &mut result.verdict.message;
                *message = format!("{message} (the baseline has {})", before.name());
            }
        }
    }

    /// Marks the findings that were there before; `half` is the target's half of the fingerprint, and
    /// `cause` gives the [`cause`] of a result in the words of a report.
    pub fn apply(
        &mut self,
        half: &str,
        results: &mut [RuleResult<'_>],
        cause: impl Fn(&RuleResult<'_>) -> String,
    ) {
        for result in results {
            if !result.counts() || result.waiver.is_some() {
                continue;
            }
            let key = (result.fingerprint(half), cause(result));
            let known = self.known.get(&key).copied().unwrap_or_default();
            let (fingerprint, cause) = key;
            let (benchmark, control) =
                (result.benchmark.id.to_string(), result.control.number.to_string());
            let failure = KnownFailure { fingerprint, benchmark, control, cause };
            let seen = self.seen.entry(failure).or_default();
            *seen += 1;
            result.baseline = *seen <= known;
        }
    }
}

/// Why a rule fails, in words that stay the same while the reason does.
///
/// Mostly the values that decide say it, whether they are written or defaults. Where the reason is in
/// a file or is a refusal, only the message has it: its places, its days until an expiry and `minor`,
/// the release that it quotes, are left out, because they change by themselves.
pub fn cause<'f>(minor: &str, message: &str, facts: impl Iterator<Item = Fact<'f>>) -> String {
    let mut said = Vec::new();
    let mut values_say_it = true;
    for (flag, value, origin) in facts {
        values_say_it &= flag.is_some() && origin != Origin::File;
        said.push(format!("{}={}", flag.unwrap_or_default(), value.unwrap_or_default()));
    }
    said.sort();
    said.dedup();
    if said.is_empty() || !values_say_it {
        said.push(without_places(&message.replace(minor, "")));
    }
    said.join("\0")
}

/// A message without its numbers of lines, columns, arguments, processes and days.
fn without_places(message: &str) -> String {
    const BEFORE: [&str; 5] = ["line ", "column ", "argument ", "pid ", ":"];
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let (number, after) = tail.split_at(end);
        let is_place = BEFORE.iter().any(|word| before.ends_with(word));
        let changes = is_place || after.starts_with(" day");
        out.push_str(if changes { "#" } else { number });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::{Fact, cause};
    use crate::result::Origin::{Default, File, Set};

    fn of(message: &str, facts: &[Fact<'_>]) -> String {
        cause("1.34", message, facts.iter().copied())
    }

    #[test]
    fn the_same_value_is_the_same_cause_wherever_it_is_written() {
        let default = of("--profiling not set", &[(Some("profiling"), Some("true"), Default)]);
        let set = of("--profiling=true", &[(Some("profiling"), Some("true"), Set)]);
        assert_eq!(default, set);
        let facts = [(Some("a"), Some("1"), Set), (Some("b"), None, Set)];
        assert_eq!(of("", &facts), of("", &[facts[1], facts[0], facts[1]]));
        assert_ne!(of("", &facts), of("", &facts[..1]));
    }

    #[test]
    fn what_changes_by_itself_is_no_part_of_the_cause() {
        let in_file = |message: &str| of(message, &[(Some("config"), Some("/c"), File)]);
        let same = [
            ("/c.yaml:3 is wrong", "/c.yaml:31 is wrong"),
            ("line 3, column 1: x", "line 14, column 15: x"),
            ("CN=a expires on 2030-01-02, in 9 days", "CN=a expires on 2030-01-02, in 8 days"),
        ];
        for (one, other) in same {
            assert_eq!(in_file(one), in_file(other), "{one}");
        }
        let upgraded = cause("1.35", "1.35 has no flag --x", [].into_iter());
        assert_eq!(of("1.34 has no flag --x", &[]), upgraded);
        for (one, other) in [
            ("no flag --x", "no flag --y"),
            ("keeps 3", "keeps 30"),
            ("on 2030-01-02", "on 2030-02-02"),
        ] {
            assert_ne!(of(one, &[]), of(other, &[]));
            assert_ne!(in_file(one), in_file(other));
        }
    }
}
