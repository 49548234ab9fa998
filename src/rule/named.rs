//! How a person names rules: by id, or by the number that a benchmark gives them.

use super::{Benchmark, Control, Section};
use crate::component::Component;

/// A rule's id, or the number of a control or section, by itself or in one benchmark: `profiling`,
/// `1.2.15`, `cis-1.12:1.2.15`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlName {
    /// The benchmark's id, if it stands before a colon.
    pub benchmark: Option<String>,
    /// The id or number.
    pub name: String,
}

/// What a number means in a benchmark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning<'b> {
    /// A control with this rule.
    Rule(&'b str),
    /// A section with this title.
    Section(&'b str),
    /// A part that has no title of its own.
    Part,
}

impl ControlName {
    /// Takes a name apart.
    pub fn new(text: &str) -> Self {
        match text.split_once(':') {
            Some((benchmark, name)) => {
                Self { benchmark: Some(benchmark.to_owned()), name: name.to_owned() }
            }
            None => Self { benchmark: None, name: text.to_owned() },
        }
    }

    /// Whether it may name a control of a benchmark.
    pub fn is_in(&self, benchmark: &Benchmark) -> bool {
        self.benchmark.as_ref().is_none_or(|id| *id == benchmark.id)
    }

    /// Whether it names a control: by the rule's id, or by the number of the control or of what that is part
    /// of.
    pub fn names(&self, benchmark: &Benchmark, section: &Section, control: &Control) -> bool {
        self.is_in(benchmark)
            && (control.entry.id == self.name
                || self.is_above(&control.number)
                || self.is_above(&section.number))
    }

    /// What it means for the controls of a component, if it is a number without a benchmark. A rule's id
    /// means the same everywhere.
    pub fn meaning<'b>(
        &self,
        benchmark: &'b Benchmark,
        component: Component,
    ) -> Option<Meaning<'b>> {
        let mut means = None;
        let controls = benchmark.controls();
        for (section, control) in controls.filter(|(_, it)| it.entry.component == component) {
            if self.benchmark.is_some() || control.entry.id == self.name {
                return None;
            }
            if control.number == self.name {
                return Some(Meaning::Rule(&control.entry.id));
            }
            if section.number == self.name {
                means = Some(Meaning::Section(&section.title));
            } else if means.is_none() && self.names(benchmark, section, control) {
                means = Some(Meaning::Part);
            }
        }
        means
    }

    fn is_above(&self, number: &str) -> bool {
        let rest = number.strip_prefix(&*self.name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

impl Meaning<'_> {
    /// Whether who means one of them may not mean the other.
    pub fn differs(&self, other: &Self) -> bool {
        let open = |meaning: &Self| !matches!(meaning, Meaning::Rule(_));
        let is_part = *self == Meaning::Part || *other == Meaning::Part;
        self != other && !(is_part && open(self) && open(other))
    }
}
