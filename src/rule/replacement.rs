//! Rules and benchmarks of the user's that take the place of others.

use std::collections::BTreeMap;

/// Which rules and benchmarks take the place of others of the same id. They decide what fails under a
/// known name, so a report has to say so.
#[derive(Debug, Default)]
pub struct Replacements {
    /// The file of each such rule, by id.
    pub(super) rules: BTreeMap<String, String>,
    /// The file of each such benchmark, by id.
    pub(super) benchmarks: BTreeMap<String, String>,
}

impl Replacements {
    /// What there is to say of a rule, if it is one of them.
    pub fn of_rule(&self, id: &str) -> Option<String> {
        self.rules.get(id).map(|file| of_rule(id, file))
    }

    /// What there is to say of a benchmark, if it is one of them.
    pub fn of_benchmark(&self, id: &str) -> Option<String> {
        self.benchmarks.get(id).map(|file| of_benchmark(id, file))
    }

    /// What there is to say of all of them.
    pub fn all(&self) -> impl Iterator<Item = String> {
        let benchmarks = self.benchmarks.iter().map(|(id, file)| of_benchmark(id, file));
        self.rules.iter().map(|(id, file)| of_rule(id, file)).chain(benchmarks)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.benchmarks.is_empty()
    }
}

fn of_rule(id: &str, file: &str) -> String {
    format!("{file} replaces the rule {id}")
}

fn of_benchmark(id: &str, file: &str) -> String {
    format!("{file} replaces the benchmark {id}")
}
