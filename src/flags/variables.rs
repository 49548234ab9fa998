//! The variables of the server that its flags set, and the occurrences that made each.

use std::{mem, ptr};

use super::Setting;
use super::catalog::FlagSpec;
use super::value::Value;

/// What a variable of the server holds after its flags were read.
#[derive(Debug)]
pub(super) struct Variable {
    /// The flag that it belongs to; other names of the flag set it as well.
    pub(super) spec: &'static FlagSpec,
    pub(super) state: State,
    /// Indices of the settings that made it, in order.
    pub(super) settings: Vec<usize>,
}

#[derive(Debug)]
pub(super) enum State {
    Holds(Value),
    Unresolved(String),
    Broken(String),
    /// It holds a value that the server refuses once all flags are read; says why.
    Refused(Value, String),
}

/// The variables that are set, by name.
#[derive(Debug, Default)]
pub(super) struct Variables(Vec<Variable>);

impl Variables {
    /// The variable of a flag.
    pub(super) fn get(&self, spec: &FlagSpec) -> Option<&Variable> {
        self.0.get(self.position(spec).ok()?)
    }

    /// Where the variable of a flag is, or would be. A flag is an entry of its catalog's table, which
    /// is in the order of names: its place there is quicker to compare, and every rule asks.
    fn position(&self, spec: &FlagSpec) -> Result<usize, usize> {
        let place = ptr::from_ref(spec);
        self.0.binary_search_by_key(&place, |variable| ptr::from_ref(variable.spec))
    }

    pub(super) fn contains(&self, spec: &FlagSpec) -> bool {
        self.get(spec).is_some()
    }

    /// Takes the variable of a flag out.
    pub(super) fn remove(&mut self, spec: &FlagSpec) -> Option<Variable> {
        Some(self.0.remove(self.position(spec).ok()?))
    }

    /// Adds a variable that is not there.
    pub(super) fn insert(&mut self, variable: Variable) {
        let (Ok(at) | Err(at)) = self.position(variable.spec);
        self.0.insert(at, variable);
    }

    /// Holds that the server refuses what a flag is set to; what was refused before stays so.
    pub(super) fn refuse(&mut self, spec: &FlagSpec, why: String) {
        let at = self.position(spec).ok();
        let Some(variable) = at.and_then(|at| self.0.get_mut(at)) else { return };
        let broken = State::Broken(String::new());
        variable.state = match mem::replace(&mut variable.state, broken) {
            State::Holds(value) => State::Refused(value, why),
            State::Unresolved(_) => State::Broken(why),
            refused @ (State::Broken(_) | State::Refused(..)) => refused,
        };
    }

    /// Forgets all but those that `keep` holds for.
    pub(super) fn retain(&mut self, keep: impl Fn(&FlagSpec) -> bool) {
        self.0.retain(|variable| keep(variable.spec));
    }

    /// The flags whose variables are set, by name.
    pub(super) fn flags(&self) -> impl Iterator<Item = &'static FlagSpec> {
        self.0.iter().map(|variable| variable.spec)
    }
}

/// The occurrences that made a variable, in order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Occurrences<'f> {
    all: &'f [Setting],
    /// Indices into all settings.
    these: &'f [usize],
}

impl<'f> Occurrences<'f> {
    pub(super) fn new(all: &'f [Setting], these: &'f [usize]) -> Self {
        Self { all, these }
    }

    /// Each of them.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = &'f Setting> {
        self.these.iter().filter_map(|index| self.all.get(*index))
    }

    /// The last one, which decides a scalar.
    pub fn last(self) -> Option<&'f Setting> {
        self.iter().next_back()
    }
}
