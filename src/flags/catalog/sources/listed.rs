//! What only kube-apiserver's fixtures list: gates, plugins and suites, by name and release.

use std::collections::BTreeMap;

use super::Count;
use super::fixture::Fixture;
use super::releases::Releases;
use super::written::{import, words};

/// Something with a name, and what each release that lists it says of it.
pub(super) type Facts<T> = BTreeMap<String, BTreeMap<Count, T>>;

pub(super) fn by_name<'f, T>(
    releases: &'f Releases,
    facts: impl Fn(&'f Fixture) -> Vec<(&'f String, T)>,
) -> Facts<T> {
    let mut all = Facts::new();
    for (release, fixture) in &releases.read {
        for (name, fact) in facts(fixture) {
            all.entry(name.clone()).or_default().insert(*release, fact);
        }
    }
    all
}

/// `since(5)` or `span(5, 20)`, from the first release that lists it to the last.
pub(super) fn life<T>(facts: &BTreeMap<Count, T>, releases: &Releases) -> String {
    let first = facts.keys().next().expect("a release");
    match facts.keys().next_back().filter(|last| **last != releases.newest()) {
        Some(last) => format!("span({first}, {last}),"),
        None => format!("since({first}),"),
    }
}

/// The import of what `life` writes.
pub(super) fn import_of_lives(rows: &str) -> String {
    import("super::super::life::kubernetes", &words(rows, &["since", "span"]))
}
