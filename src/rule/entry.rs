//! Rules and benchmarks that are read when they are needed, and not before.
//!
//! A run needs a part of the packs: the controls of one edition, for one component. Of the packs in
//! the binary only headers are looked up at first; a test holds that this look-up finds what reading the
//! packs as a whole finds.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::pack;
use super::place::Place;
use super::{Benchmark, Demand, Rule};
use crate::component::Component;
use crate::digest::half_fingerprint;
use crate::version::MinorRange;

/// A rule that may not have been read yet.
#[derive(Debug)]
pub struct Entry {
    /// The rule's id.
    pub id: Cow<'static, str>,
    /// The component it is about.
    pub component: Component,
    /// The pack it stands in.
    pub pack: Cow<'static, str>,
    text: Cow<'static, str>,
    // Boxed, since most are never read and a run holds all entries.
    demand: OnceLock<Box<Demand>>,
    rule: OnceLock<Box<Rule>>,
    fingerprint: OnceLock<String>,
}

impl Entry {
    /// What the rule demands.
    ///
    /// # Panics
    ///
    /// If a rule in the binary is invalid, which a test rules out.
    pub fn demand(&self) -> &Demand {
        if let Some(rule) = self.rule.get() {
            return &rule.demand;
        }
        self.demand.get_or_init(|| match pack::read_demand(self.pack.clone(), self.text.clone()) {
            Ok(demand) => Box::new(demand),
            Err(problem) => panic!("{problem}"),
        })
    }

    /// The whole rule.
    ///
    /// # Panics
    ///
    /// If a rule in the binary is invalid, which a test rules out.
    pub fn rule(&self) -> &Rule {
        self.rule.get_or_init(|| match pack::read(&self.pack, &self.text) {
            Ok(mut pack) if pack.rules.len() == 1 => Box::new(pack.rules.remove(0)),
            Ok(_) => panic!("{}: the text of {} is not one rule", self.pack, self.id),
            Err(problems) => panic!("{problems}"),
        })
    }

    /// The rule's half of a result's fingerprint.
    pub fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| half_fingerprint(&self.id))
    }

    /// What tells the rule from another of its id: its own text, or a digest of the pack it was read from.
    pub fn source(&self) -> &str {
        &self.text
    }

    /// An entry for a rule that was read from a pack with this digest: thousands of rules that kept
    /// their pack's text each would fill any memory.
    pub(super) fn read(rule: Rule, digest: &str) -> Self {
        Self {
            id: rule.demand.id.clone(),
            component: rule.demand.component,
            pack: rule.demand.pack.clone(),
            text: digest.to_owned().into(),
            demand: OnceLock::new(),
            rule: OnceLock::from(Box::new(rule)),
            fingerprint: OnceLock::new(),
        }
    }

    /// The entry of a rule in the binary.
    pub(super) fn at(place: Place) -> Self {
        Self {
            id: place.id().into(),
            component: place.component,
            pack: place.path().into(),
            text: place.text().into(),
            demand: OnceLock::new(),
            rule: OnceLock::new(),
            fingerprint: OnceLock::new(),
        }
    }
}

/// A benchmark that may not have been read yet.
#[derive(Debug)]
pub struct Edition {
    /// The benchmark's id.
    pub id: Cow<'static, str>,
    /// The minors it is made for.
    pub kubernetes: MinorRange,
    pack: &'static str,
    text: &'static str,
    benchmark: OnceLock<Benchmark>,
}

impl Edition {
    /// The benchmark, with what it names.
    ///
    /// # Panics
    ///
    /// If a benchmark in the binary is invalid, which a test rules out.
    pub(super) fn benchmark(&self, known: &impl pack::Known) -> &Benchmark {
        self.benchmark.get_or_init(|| match pack::read_benchmark(self.pack, self.text, known) {
            Ok(benchmark) => benchmark,
            Err(problems) => panic!("{problems}"),
        })
    }

    /// An entry for a benchmark that was read.
    pub(super) fn read(benchmark: Benchmark) -> Self {
        let (id, kubernetes) = (benchmark.id.clone(), benchmark.kubernetes);
        let benchmark = OnceLock::from(benchmark);
        Self { id, kubernetes, pack: "", text: "", benchmark }
    }

    /// The benchmark of a pack in the binary, which holds one.
    pub(super) fn of_pack(path: &'static str, text: &'static str) -> Option<Self> {
        let (id, kubernetes) = pack::header(text)?;
        Some(Self { id, kubernetes, pack: path, text, benchmark: OnceLock::new() })
    }
}
