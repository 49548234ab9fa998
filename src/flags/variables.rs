//! The variables of the server that its flags set, and the occurrences that made each.

use std::collections::BTreeMap;
use std::mem;
use std::num::NonZero;
use std::ops::Deref;

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
    pub(super) settings: Indices,
    pub(super) givers: Givers,
}

/// Indices of settings. Few flags are given more than once, and one index needs no memory of its own.
#[derive(Clone, Debug)]
pub(super) enum Indices {
    One([usize; 1]),
    Several(Vec<usize>),
}

impl Default for Indices {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl Indices {
    /// Adds one behind the others.
    pub(super) fn push(&mut self, index: usize) {
        match self {
            Self::One([first]) => *self = Self::Several(vec![*first, index]),
            Self::Several(all) if all.is_empty() => *self = Self::One([index]),
            Self::Several(all) => all.push(index),
        }
    }
}

impl Deref for Indices {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        match self {
            Self::One(one) => one,
            Self::Several(all) => all,
        }
    }
}

impl FromIterator<usize> for Indices {
    fn from_iter<I: IntoIterator<Item = usize>>(all: I) -> Self {
        Self::Several(all.into_iter().collect())
    }
}

/// The setting that gave each item of a list or each name of a map, by its index: of several the last,
/// which decides. Empty while one setting gave them all, as nearly always.
pub(super) type Givers = BTreeMap<String, usize>;

impl Variable {
    /// The setting of each item, also where one gave them all.
    pub(super) fn all_givers(&self) -> Givers {
        match (&self.state, self.settings.last()) {
            (State::Holds(value), Some(last)) if self.givers.is_empty() => given_by(value, *last),
            _ => self.givers.clone(),
        }
    }
}

/// The items of a value, each given by one setting.
pub(super) fn given_by(value: &Value, setting: usize) -> Givers {
    value.items().into_iter().map(|item| (item.to_owned(), setting)).collect()
}

#[derive(Debug)]
pub(super) enum State {
    Holds(Value),
    Unresolved(String),
    Broken(String),
    /// It holds a value that the server refuses once all flags are read; says why.
    Refused(Value, String),
}

/// The variables that are set.
#[derive(Debug)]
pub(super) struct Variables {
    /// Every flag of the component.
    flags: &'static [FlagSpec],
    /// In the order in which they were first set.
    set: Vec<Option<Variable>>,
    /// Where the variable of each flag stands: every rule asks, and most flags are not set.
    places: Box<[Option<NonZero<u16>>]>,
}

impl Variables {
    /// None yet, of a component with these flags; room for `count`.
    pub(super) fn new(flags: &'static [FlagSpec], count: usize) -> Self {
        Self { flags, set: Vec::with_capacity(count), places: vec![None; flags.len()].into() }
    }

    /// The variable of a flag.
    pub(super) fn get(&self, spec: &FlagSpec) -> Option<&Variable> {
        self.set.get(self.place(spec)?)?.as_ref()
    }

    /// Where the variable of a flag is, if it is or was set.
    fn place(&self, spec: &FlagSpec) -> Option<usize> {
        let place = self.places.get(self.flags.element_offset(spec)?)?;
        place.map(|place| usize::from(place.get()) - 1)
    }

    pub(super) fn contains(&self, spec: &FlagSpec) -> bool {
        self.get(spec).is_some()
    }

    /// Takes the variable of a flag out.
    pub(super) fn remove(&mut self, spec: &FlagSpec) -> Option<Variable> {
        let place = self.place(spec)?;
        self.set.get_mut(place)?.take()
    }

    /// Adds a variable, or puts one back.
    pub(super) fn insert(&mut self, variable: Variable) {
        if let Some(place) = self.place(variable.spec) {
            self.set[place] = Some(variable);
            return;
        }
        let at = self.flags.element_offset(variable.spec);
        let place = at.and_then(|at| self.places.get_mut(at));
        self.set.push(Some(variable));
        if let Some(place) = place {
            *place = u16::try_from(self.set.len()).ok().and_then(NonZero::new);
        }
    }

    /// Holds that the server refuses what a flag is set to; what was refused before stays so.
    pub(super) fn refuse(&mut self, spec: &FlagSpec, why: String) {
        let place = self.place(spec);
        let Some(Some(variable)) = place.and_then(|place| self.set.get_mut(place)) else { return };
        let broken = State::Broken(String::new());
        variable.state = match mem::replace(&mut variable.state, broken) {
            State::Holds(value) => State::Refused(value, why),
            State::Unresolved(_) => State::Broken(why),
            refused @ (State::Broken(_) | State::Refused(..)) => refused,
        };
    }

    /// Forgets all but those that `keep` holds for.
    pub(super) fn retain(&mut self, keep: impl Fn(&FlagSpec) -> bool) {
        for variable in &mut self.set {
            variable.take_if(|variable| !keep(variable.spec));
        }
    }

    /// The flags whose variables are set, in the order in which they were first set.
    pub(super) fn set(&self) -> impl Iterator<Item = &'static FlagSpec> {
        self.set.iter().flatten().map(|variable| variable.spec)
    }

    /// The flags whose variables are set, by name.
    pub(super) fn flags(&self) -> impl Iterator<Item = &'static FlagSpec> {
        self.flags.iter().filter(|spec| self.contains(spec))
    }
}

/// The occurrences that made a variable, in order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Occurrences<'f> {
    all: &'f [Setting],
    /// Indices into all settings.
    these: &'f [usize],
    /// Where several gave the items of a list or a map.
    givers: Option<&'f Givers>,
}

impl<'f> Occurrences<'f> {
    /// Those that made a variable.
    pub(super) fn of(all: &'f [Setting], variable: &'f Variable) -> Self {
        Self { all, these: &variable.settings, givers: Some(&variable.givers) }
    }

    /// A single one.
    pub(super) fn one(setting: &'f Setting) -> Self {
        Self { all: std::slice::from_ref(setting), these: &[0], givers: None }
    }

    /// Each of them.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = &'f Setting> {
        self.these.iter().filter_map(|index| self.all.get(*index))
    }

    /// The last one, which decides a scalar.
    pub fn last(self) -> Option<&'f Setting> {
        self.iter().next_back()
    }

    /// The one that gave an item of the list, or a name of the map.
    pub fn giving(self, item: &str) -> Option<&'f Setting> {
        match self.givers.and_then(|givers| givers.get(item)) {
            Some(index) => self.all.get(*index),
            None => self.last(),
        }
    }
}
