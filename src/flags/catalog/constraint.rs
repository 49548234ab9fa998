//! What a server holds one flag to, whatever else is set; a row of the table says it.
//!
//! Sources: the `Validate` functions that `flags/validation/` names, by component.

use super::release::Count;

/// One demand, and the releases that make it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constraint {
    demand: Demand,
    since: Option<Count>,
    until: Option<Count>,
}

/// What a value has to be.
#[derive(Clone, Copy, Debug)]
pub enum Demand {
    /// A number that is not less.
    AtLeast(i64),
    /// A number that is more.
    MoreThan(i64),
    /// A number between two others, which are allowed as well.
    Within(i64, i64),
    /// A number with a fraction between two others, which are allowed as well.
    Fraction(f64, f64),
    /// One of these words.
    OneOf(&'static [&'static str]),
}

const fn of_all(demand: Demand) -> Constraint {
    Constraint { demand, since: None, until: None }
}

pub(super) const fn at_least(lowest: i64) -> Constraint {
    of_all(Demand::AtLeast(lowest))
}

pub(super) const fn more_than(number: i64) -> Constraint {
    of_all(Demand::MoreThan(number))
}

pub(super) const fn within(lowest: i64, highest: i64) -> Constraint {
    of_all(Demand::Within(lowest, highest))
}

pub(super) const fn fraction(lowest: f64, highest: f64) -> Constraint {
    of_all(Demand::Fraction(lowest, highest))
}

pub(super) const fn one_of(words: &'static [&'static str]) -> Constraint {
    of_all(Demand::OneOf(words))
}

impl Constraint {
    /// Made from this release on.
    pub(super) const fn since(mut self, first: Count) -> Self {
        self.since = Some(first);
        self
    }

    /// Made up to this release.
    pub(super) const fn until(mut self, last: Count) -> Self {
        self.until = Some(last);
        self
    }

    /// The demand, if a release makes it.
    pub(super) fn of(&self, count: Count) -> Option<Demand> {
        let made = self.since.is_none_or(|since| since <= count)
            && self.until.is_none_or(|until| count <= until);
        made.then_some(self.demand)
    }
}
