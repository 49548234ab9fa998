//! Rules that are read when they are needed, and not before.
//!
//! A run needs a part of the packs: the controls of one edition, for one component.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::shipped::ShippedRule;
use super::{Demand, Problem, Rule};
use crate::component::Component;
use crate::digest::half_fingerprint;

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
    /// The digest in the binary, and what reads it.
    Shipped(&'static ShippedRule, ShippedReader),
    /// A user's pack of this digest, which has been read.
    Pack(String),
}

/// How a rule in the binary is read. Whoever reads benchmarks holds entries, so that an entry cannot name it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShippedReader {
    /// What the rule demands.
    pub(super) demand: fn(&ShippedRule) -> Result<Demand, Problem>,
    /// The whole rule.
    pub(super) rule: fn(&ShippedRule) -> Result<Rule, Problem>,
}

impl Entry {
    /// What the rule demands.
    ///
    /// # Panics
    ///
    /// If a rule in the binary is invalid, which a test rules out.
    pub fn demand(&self) -> &Demand {
        let Source::Shipped(shipped, reader) = self.source else {
            return &self.rule().demand;
        };
        self.demand.get_or_init(|| match (reader.demand)(shipped) {
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
            Source::Shipped(shipped, reader) => match (reader.rule)(shipped) {
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
            Source::Shipped(shipped, _) => &shipped.sha256,
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
    pub(super) fn shipped(shipped: &'static ShippedRule, reader: ShippedReader) -> Self {
        Self {
            id: shipped.id.into(),
            component: Component::from_name(shipped.component).expect("a test has looked it up"),
            pack: shipped.pack.into(),
            source: Source::Shipped(shipped, reader),
            demand: OnceLock::new(),
            rule: OnceLock::new(),
            fingerprint: OnceLock::new(),
        }
    }
}
