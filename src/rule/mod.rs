//! What is demanded: rules, and benchmarks that number them.
//!
//! Rules are data. A pack is a TOML file of rules and benchmarks; `pack.rs` turns it into [`Rule`]s
//! and [`Benchmark`]s, and a rule that exists in memory is a correct rule.

mod assessment;
pub mod benchmark;
pub mod certificate;
mod edition;
mod entry;
pub mod file_demand;
mod library;
mod literal;
mod named;
pub mod operand;
mod pack;
pub mod predicate;
mod problem;
mod replacement;
mod shipped;

pub use assessment::Assessment;
pub use benchmark::{Benchmark, Control, Section};
pub use edition::Edition;
pub use entry::Entry;
pub use library::Library;
pub use literal::Literal;
pub use named::{ControlName, Meaning};
pub use problem::{Problem, Problems};
pub use replacement::Replacements;
pub use shipped::SCHEMA;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::component::Component;
use crate::result::{Severity, Status};
use crate::version::Minor;
use predicate::Predicate;

/// A demand on one component, the same for every benchmark that makes it.
#[derive(Clone, Debug)]
pub struct Demand {
    /// The rule's stable name.
    pub id: Cow<'static, str>,
    /// The pack it stands in: a path below `rules/`, or the user's file.
    pub pack: Cow<'static, str>,
    /// The component it is about.
    pub component: Component,
    /// What holds when it passes.
    pub title: Cow<'static, str>,
    /// How much a failure matters.
    pub severity: Severity,
    /// What to do.
    pub remediation: Cow<'static, str>,
    /// What must hold.
    pub require: Predicate,
    /// When the rule does not concern a server, and why.
    pub unless: Vec<Exemption>,
    /// Values that a benchmark may change, with those that hold if it does not.
    pub parameters: BTreeMap<String, Literal>,
}

impl Demand {
    /// Whether a benchmark may set a parameter to this value; the error says why not.
    pub(crate) fn takes(&self, parameter: &str, value: &Literal) -> Result<(), String> {
        if !self.parameters.contains_key(parameter) {
            return Err(format!("the rule {} has no parameter {parameter}", self.id));
        }
        let changed = BTreeMap::from([(parameter.to_owned(), value.clone())]);
        self.require.with(&changed).map(|_| ())
    }
}

/// A demand with its reasons and examples.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What it demands.
    pub demand: Demand,
    /// Why it matters.
    pub rationale: String,
    /// What changes, or breaks, when one follows it.
    pub impact: String,
    /// Where to read on.
    pub references: Vec<String>,
    /// What other catalogues and tools call it, by their name: `stig`, `checkov`, …
    pub known_as: BTreeMap<String, Vec<String>>,
    /// Command lines and the status each must get.
    pub examples: Vec<Example>,
}

impl Rule {
    /// Whether another catalogue knows it by this id, in capitals or not.
    pub fn is_known_as(&self, id: &str) -> bool {
        self.known_as.values().flatten().any(|known| known.eq_ignore_ascii_case(id))
    }
}

/// A reason for a rule not to concern a server.
#[derive(Clone, Debug)]
pub struct Exemption {
    /// When this holds …
    pub when: Predicate,
    /// … the rule is not applicable, because of this.
    pub because: String,
}

/// A command line and the status that the rule must give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The arguments, in shell words.
    pub line: String,
    /// The minor to read them by; the newest if none is given.
    pub minor: Option<Minor>,
    /// The files it names, by path.
    pub files: BTreeMap<String, String>,
    /// The variables of the environment, where they are known.
    pub environment: Option<BTreeMap<String, String>>,
    /// The arguments that are written for the server, in shell words, if there are any to compare with.
    pub written: Option<String>,
    /// The status.
    pub status: Status,
}
