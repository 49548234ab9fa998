//! The rules and benchmarks of a run: those that come with plimsoll, and the user's own.

use std::sync::Arc;

use super::pack::{self, Pack};
use super::{Benchmark, Problem, Rule};
use crate::digest::sha256;

/// The packs in the binary: path below `rules/`, text.
pub const SHIPPED: &[(&str, &str)] = &[
    ("server.toml", include_str!("../../rules/server.toml")),
    ("authentication.toml", include_str!("../../rules/authentication.toml")),
    ("authorization.toml", include_str!("../../rules/authorization.toml")),
    ("admission.toml", include_str!("../../rules/admission.toml")),
    ("audit-log.toml", include_str!("../../rules/audit-log.toml")),
    ("transport.toml", include_str!("../../rules/transport.toml")),
    ("etcd-client.toml", include_str!("../../rules/etcd-client.toml")),
    ("requests.toml", include_str!("../../rules/requests.toml")),
    ("benchmarks/cis-1.12.toml", include_str!("../../rules/benchmarks/cis-1.12.toml")),
    ("benchmarks/apiserver-2020.toml", include_str!("../../rules/benchmarks/apiserver-2020.toml")),
];

/// Rules and benchmarks by id.
#[derive(Debug, Default)]
pub struct Library {
    /// Every rule, in the order of the packs.
    pub rules: Vec<Arc<Rule>>,
    /// Every benchmark, in the order of the packs.
    pub benchmarks: Vec<Benchmark>,
    /// The texts of the user's packs.
    own: Vec<String>,
}

impl Library {
    /// The packs that come with plimsoll, then the user's: name and text each. A rule or benchmark
    /// of the user's replaces the one of the same id.
    pub fn load(own: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        let shipped = SHIPPED.iter().map(|(path, text)| (*path, *text));
        let texts = own.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let mut library = Self::read(shipped.chain(texts))?;
        library.own = own.iter().map(|(_, text)| text.clone()).collect();
        Ok(library)
    }

    fn read<'t>(texts: impl Iterator<Item = (&'t str, &'t str)>) -> Result<Self, Vec<Problem>> {
        let mut library = Self::default();
        let mut packs: Vec<Pack> = Vec::new();
        let mut problems = Vec::new();
        for (path, text) in texts {
            match pack::read(path, text) {
                Ok(pack) => packs.push(pack),
                Err(mut more) => problems.append(&mut more),
            }
        }
        for pack in &packs {
            for rule in &pack.rules {
                match library.rules.iter_mut().find(|known| known.id == rule.id) {
                    Some(known) => *known = rule.clone(),
                    None => library.rules.push(rule.clone()),
                }
            }
        }
        for pack in packs {
            let rules = &library.rules;
            let found = pack.benchmarks(
                |id| rules.iter().find(|rule| rule.id == id).cloned(),
                || rules.iter().map(|rule| rule.id.as_str()).collect(),
            );
            match found {
                Ok(benchmarks) => {
                    for benchmark in benchmarks {
                        library.benchmarks.retain(|known| known.id != benchmark.id);
                        library.benchmarks.push(benchmark);
                    }
                }
                Err(mut more) => problems.append(&mut more),
            }
        }
        if problems.is_empty() { Ok(library) } else { Err(problems) }
    }

    /// A digest (SHA-256) of a benchmark and of all rules of the run, to tell what was checked.
    pub fn digest(&self, benchmark: &Benchmark) -> String {
        let shipped = SHIPPED.iter().map(|(_, text)| *text);
        let packs = shipped.chain(self.own.iter().map(String::as_str));
        let hex = sha256([benchmark.id.as_str()].into_iter().chain(packs));
        format!("sha256:{hex}")
    }

    /// The rule called `id`.
    pub fn rule(&self, id: &str) -> Option<&Arc<Rule>> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The benchmark called `id`.
    pub fn benchmark(&self, id: &str) -> Option<&Benchmark> {
        self.benchmarks.iter().find(|benchmark| benchmark.id == id)
    }
}
