//! Rules and benchmarks that are read when they are needed, and not before.
//!
//! A run needs a part of the packs: the controls of one edition, for one component.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::pack;
use super::shipped::{ShippedEdition, ShippedRule};
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
    source: Source,
    // Boxed, since most are never read and a run holds all entries.
    demand: OnceLock<Box<Demand>>,
    rule: OnceLock<Box<Rule>>,
    fingerprint: OnceLock<String>,
}

/// What a rule is read from.
#[derive(Debug)]
enum Source {
    /// The digest in the binary.
    Shipped(&'static ShippedRule),
    /// A user's pack of this digest, which has been read.
    Pack(String),
}

impl Entry {
    /// What the rule demands.
    ///
    /// # Panics
    ///
    /// If a rule in the binary is invalid, which a test rules out.
    pub fn demand(&self) -> &Demand {
        let Source::Shipped(shipped) = self.source else {
            return &self.rule().demand;
        };
        self.demand.get_or_init(|| match pack::shipped_demand(shipped) {
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
        self.rule.get_or_init(|| match self.source {
            Source::Shipped(shipped) => match pack::shipped_rule(shipped) {
                Ok(rule) => Box::new(rule),
                Err(problem) => panic!("{problem}"),
            },
            Source::Pack(_) => unreachable!("a rule of a pack has been read"),
        })
    }

    /// The rule's half of a result's fingerprint.
    pub fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| half_fingerprint(&self.id))
    }

    /// Bytes that tell what the rule says: a digest of it, or of the pack it was read from.
    pub(super) fn source(&self) -> &[u8] {
        match &self.source {
            Source::Shipped(shipped) => &shipped.sha256,
            Source::Pack(digest) => digest.as_bytes(),
        }
    }

    /// An entry for a rule that was read from a pack with this digest: thousands of rules that kept
    /// their pack's text each would fill any memory.
    pub(super) fn read(rule: Rule, digest: &str) -> Self {
        Self {
            id: rule.demand.id.clone(),
            component: rule.demand.component,
            pack: rule.demand.pack.clone(),
            source: Source::Pack(digest.to_owned()),
            demand: OnceLock::new(),
            rule: OnceLock::from(Box::new(rule)),
            fingerprint: OnceLock::new(),
        }
    }

    /// The entry of a rule in the binary.
    pub(super) fn shipped(shipped: &'static ShippedRule) -> Self {
        Self {
            id: shipped.id.into(),
            component: Component::from_name(shipped.component).expect("a test has looked it up"),
            pack: shipped.pack.into(),
            source: Source::Shipped(shipped),
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
    /// What it is read from; a user's has been read.
    shipped: Option<&'static ShippedEdition>,
    benchmark: OnceLock<Benchmark>,
}

impl Edition {
    /// The benchmark, with what it names.
    ///
    /// # Panics
    ///
    /// If a benchmark in the binary is invalid, which a test rules out.
    pub(super) fn benchmark(&self, known: &impl pack::Known) -> &Benchmark {
        self.benchmark.get_or_init(|| {
            let shipped = self.shipped.expect("a benchmark of a pack has been read");
            match pack::shipped_benchmark(shipped, self.kubernetes, known) {
                Ok(benchmark) => benchmark,
                Err(problems) => panic!("{problems}"),
            }
        })
    }

    /// Whether it is the one in the binary, and no user's.
    pub(super) fn is_shipped(&self) -> bool {
        self.shipped.is_some()
    }

    /// An entry for a benchmark that was read.
    pub(super) fn read(benchmark: Benchmark) -> Self {
        let (id, kubernetes) = (benchmark.id.clone(), benchmark.kubernetes);
        Self { id, kubernetes, shipped: None, benchmark: OnceLock::from(benchmark) }
    }

    /// The entry of a benchmark in the binary.
    pub(super) fn shipped(shipped: &'static ShippedEdition) -> Self {
        Self {
            id: shipped.id.into(),
            kubernetes: shipped.kubernetes.parse().expect("a test has parsed it"),
            shipped: Some(shipped),
            benchmark: OnceLock::new(),
        }
    }
}
