//! Two reports compared: what is new, fixed, unchanged and no longer checked.
//!
//! A demand that several benchmarks number is one result. Where targets share a fingerprint, as two
//! documents of the same name in a file do, they are told apart by their order.

mod json;
mod markdown;
mod text;

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

pub use json::write as json;
pub use markdown::write as markdown;
pub use text::write as text;

use super::Standing;
use crate::report::finished::{Location, Report, RuleResult, Target};
use crate::result::Severity;

/// A fingerprint, and which of those that share it.
type Key = (String, usize);

/// How two reports differ.
#[derive(Debug, Serialize)]
pub struct Diff<'r> {
    /// Fails now and did not before, or was not checked before, or was waived.
    pub new: Vec<ResultChange<'r>>,
    /// Was decided before, or was not asked, and cannot be determined now; or is not decided any more.
    pub broken: Vec<ResultChange<'r>>,
    /// Failed before and passes now, or does not apply any more.
    pub fixed: Vec<ResultChange<'r>>,
    /// Failed before, and somebody accepts it now.
    pub waived: Vec<ResultChange<'r>>,
    /// Failed before and fails now.
    pub unchanged: Vec<ResultChange<'r>>,
    /// Any other change of status.
    pub changed: Vec<ResultChange<'r>>,
    /// Was checked before and is not checked now: it is not fixed by that.
    pub no_longer_checked: Vec<ResultChange<'r>>,
    /// Inputs that could not be checked now and were no such inputs before.
    pub new_errors: Vec<&'r str>,
}

/// One result in two reports.
#[derive(Debug, Serialize)]
pub struct ResultChange<'r> {
    /// The benchmark's id.
    pub benchmark: &'r str,
    /// The control's number.
    pub control: &'r str,
    /// The rule's id.
    pub rule: &'r str,
    /// What holds when it passes.
    pub title: &'r str,
    /// How much a failure matters.
    pub severity: Severity,
    /// The target.
    pub target: &'r str,
    /// How it stood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Standing>,
    /// How it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Standing>,
    /// The decisive facts in words, of the later report that has them.
    pub message: &'r str,
    /// Where the decisive fact stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<&'r Location<'r>>,
    /// What it is known by across runs.
    pub fingerprint: &'r str,
}

/// A result with its target.
type TargetResult<'r> = (&'r Target<'r>, &'r RuleResult<'r>);

impl<'r> Diff<'r> {
    /// Compares two reports.
    pub fn of(old: &'r Report, new: &'r Report) -> Self {
        let (before, after) = (results(old), results(new));
        let mut diff = Self {
            new: Vec::new(),
            broken: Vec::new(),
            fixed: Vec::new(),
            waived: Vec::new(),
            unchanged: Vec::new(),
            changed: Vec::new(),
            no_longer_checked: Vec::new(),
            new_errors: Vec::new(),
        };
        for (key, found) in &after.found {
            let was = before.find(key);
            let change = change(was, Some(*found));
            // Its component does not run any more: nothing was checked.
            if found.0.source.is_absent()
                && was.is_some_and(|(target, _)| !target.source.is_absent())
            {
                diff.no_longer_checked.push(change);
                continue;
            }
            if let Some(list) = diff.list(change.before, change.after) {
                list.push(change);
            }
        }
        for (key, found) in &before.found {
            if after.find(key).is_none() {
                diff.no_longer_checked.push(change(Some(*found), None));
            }
        }
        let known = |source: &str| old.errors.iter().any(|error| error.source == source);
        let errors = new.errors.iter().map(|error| error.source.as_str());
        diff.new_errors = errors.filter(|source| !known(source)).collect();
        diff
    }

    /// Where a change belongs; none where there is none to speak of.
    fn list(
        &mut self,
        before: Option<Standing>,
        after: Option<Standing>,
    ) -> Option<&mut Vec<ResultChange<'r>>> {
        use Standing::{Error, Fail, Manual, NotApplicable, Pass, Unknown, Waived};
        match (before, after?) {
            (Some(Fail), Fail) => Some(&mut self.unchanged),
            (_, Fail) => Some(&mut self.new),
            (Some(before), after) if before == after => None,
            (_, Error) | (Some(Pass | Fail | Waived), Manual | Unknown) => Some(&mut self.broken),
            (Some(Fail), Pass | NotApplicable) => Some(&mut self.fixed),
            (Some(Fail), Waived) => Some(&mut self.waived),
            (Some(_), Pass | NotApplicable | Waived | Manual | Unknown) => Some(&mut self.changed),
            (None, Pass | NotApplicable | Waived | Manual | Unknown) => None,
        }
    }

    /// Whether something fails that did not.
    pub fn is_worse(&self) -> bool {
        !self.new.is_empty()
    }

    /// Whether something could be checked before that cannot be checked now, or is not checked any more.
    pub fn is_incomplete(&self) -> bool {
        let concerned = |it: &ResultChange<'_>| it.before != Some(Standing::NotApplicable);
        !self.broken.is_empty()
            || !self.new_errors.is_empty()
            || self.no_longer_checked.iter().any(concerned)
    }

    /// The lists that people read, with what they are called.
    pub fn lists(&self) -> [(&'static str, &[ResultChange<'r>]); 7] {
        [
            ("new", &self.new),
            ("broken", &self.broken),
            ("fixed", &self.fixed),
            ("waived", &self.waived),
            ("changed", &self.changed),
            ("no longer checked", &self.no_longer_checked),
            ("unchanged", &self.unchanged),
        ]
    }
}

/// The results of a report in order, each demand of a target once.
struct Results<'r> {
    found: Vec<(Key, TargetResult<'r>)>,
    by_key: HashMap<Key, usize>,
}

impl<'r> Results<'r> {
    fn find(&self, key: &Key) -> Option<TargetResult<'r>> {
        self.by_key.get(key).and_then(|at| self.found.get(*at)).map(|(_, found)| *found)
    }
}

fn results(report: &Report) -> Results<'_> {
    let mut results = Results { found: Vec::new(), by_key: HashMap::new() };
    let mut counts: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for target in &report.targets {
        for result in &target.results {
            let control = (&*result.fingerprint, &*result.benchmark, &*result.control);
            let count = counts.entry(control).or_default();
            let key = (result.fingerprint.to_string(), *count);
            *count += 1;
            match results.by_key.get(&key) {
                None => {
                    results.by_key.insert(key.clone(), results.found.len());
                    results.found.push((key, (target, result)));
                }
                // Under several numbers it is one result, and the worst of them counts.
                Some(at) => {
                    if let Some((_, known)) = results.found.get_mut(*at)
                        && Standing::of(result) > Standing::of(known.1)
                    {
                        *known = (target, result);
                    }
                }
            }
        }
    }
    results
}

fn change<'r>(
    before: Option<TargetResult<'r>>,
    after: Option<TargetResult<'r>>,
) -> ResultChange<'r> {
    let (target, result) =
        after.or(before).expect("a change has a result before it or after it, or both");
    let standing = |found: Option<TargetResult<'_>>| found.map(|(_, result)| Standing::of(result));
    ResultChange {
        benchmark: &result.benchmark,
        control: &result.control,
        rule: &result.rule,
        title: &result.title,
        severity: result.severity,
        target: &target.id,
        before: standing(before),
        after: standing(after),
        message: &result.message,
        location: result.location(),
        fingerprint: &result.fingerprint,
    }
}
