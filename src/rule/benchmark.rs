//! Benchmarks: which rules apply under which number, level and assessment.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::predicate::Predicate;
use super::{Assessment, Demand, Entry, Literal};
use crate::digest::{half_fingerprint, sha256};
use crate::version::MinorRange;

/// A published document, or a list of our own.
#[derive(Clone, Debug)]
pub struct Benchmark {
    /// Its stable name, such as `cis-1.12`.
    pub id: Cow<'static, str>,
    /// Its title.
    pub title: Cow<'static, str>,
    /// The minors it is made for.
    pub kubernetes: MinorRange,
    /// Its sections, in order.
    pub sections: Vec<Section>,
}

/// A section of a benchmark.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its number.
    pub number: Cow<'static, str>,
    /// Its title.
    pub title: Cow<'static, str>,
    /// Its controls, in order.
    pub controls: Vec<Control>,
}

/// A numbered demand of a benchmark.
#[derive(Clone, Debug)]
pub struct Control {
    /// Its number, such as `1.2.1`.
    pub number: Cow<'static, str>,
    /// The rule that tests it.
    pub entry: Arc<Entry>,
    /// The rule's parameters that this benchmark changes.
    pub(super) parameters: BTreeMap<String, Literal>,
    /// The profile level, where the document gives one.
    pub level: Option<u8>,
    /// Whether the document has it tested by a program or by a person.
    pub assessment: Option<Assessment>,
    /// The rule's demand with them. Boxed, since few controls change any.
    pub(super) require: OnceLock<Box<Predicate>>,
    /// Its half of a fingerprint, where it changes parameters.
    pub(super) fingerprint: OnceLock<String>,
}

impl Control {
    /// What its rule demands.
    pub fn demand(&self) -> &Demand {
        self.entry.demand()
    }

    /// The control's half of a result's fingerprint: the rule, and what this benchmark changes in it.
    pub fn fingerprint(&self) -> &str {
        if self.parameters.is_empty() {
            return self.entry.fingerprint();
        }
        self.fingerprint.get_or_init(|| {
            let demand = self.demand();
            let changed = |(name, value): &(&String, &Literal)| {
                demand.parameters.get(*name).is_none_or(|usual| usual != *value)
            };
            let changes = self.parameters.iter().filter(changed);
            let changes: Vec<_> = changes.map(|(name, value)| format!("{name}={value}")).collect();
            if changes.is_empty() {
                return self.entry.fingerprint().to_owned();
            }
            let parts: Vec<&str> =
                [&*demand.id].into_iter().chain(changes.iter().map(String::as_str)).collect();
            half_fingerprint(&parts.join("\0"))
        })
    }

    /// The demand with this benchmark's parameters.
    ///
    /// # Panics
    ///
    /// Never: parameters are laid into the demand once when the benchmark is read.
    pub fn require(&self) -> &Predicate {
        if self.parameters.is_empty() {
            return &self.demand().require;
        }
        self.require.get_or_init(|| {
            let changed = self.demand().require.with(&self.parameters);
            Box::new(changed.expect("parameters were tried"))
        })
    }
}

impl Benchmark {
    /// A digest (SHA-256) of its controls and of their rules' texts, to tell what was checked.
    pub fn digest(&self) -> String {
        let parts = self.controls().flat_map(|(_, control)| -> [Cow<'_, [u8]>; 3] {
            let parameters = format!("{:?}", control.parameters).into_bytes();
            [control.number.as_bytes().into(), control.entry.source().into(), parameters.into()]
        });
        let hex = sha256([self.id.as_bytes().into()].into_iter().chain(parts));
        format!("sha256:{hex}")
    }

    /// Every control, in order, with its section.
    pub fn controls(&self) -> impl Iterator<Item = (&Section, &Control)> {
        self.sections
            .iter()
            .flat_map(|section| section.controls.iter().map(move |control| (section, control)))
    }
}
