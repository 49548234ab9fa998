//! One flag, release by release.

use super::constraint::{Constraint, Demand};
use super::life::{Life, at};
use super::release::{Count, Release};
use crate::flags::kind::Kind;

/// A default that help does not show and that no other source gives.
pub(super) const UNKNOWN: &str = "\u{0}unknown";

/// One flag.
#[derive(Clone, Copy, Debug)]
pub struct FlagSpec {
    /// Its name without dashes.
    pub name: &'static str,
    /// Its one-letter name.
    pub letter: Option<char>,
    /// The releases that have it.
    pub life: Life,
    /// The flag whose variable it sets, if it is only another name.
    pub shares: Option<&'static str>,
    /// The group of the server's help that lists it.
    pub group: Option<&'static str>,
    /// Whether its value can be a credential, and is never shown.
    pub credential: bool,
    /// When it was called deprecated: from a release, and perhaps to one.
    deprecated: [Option<(Count, Option<Count>)>; 2],
    /// Releases for which its existence is concluded from their neighbours, not read.
    inferred: [Option<(Count, Count)>; 2],
    /// Releases outside its life of which the sources do not tell whether they have it.
    uncertain: Option<(Count, Count)>,
    /// What the server holds it to by itself. Nothing is `None`: an empty slice is an address, which
    /// the loader has to relocate in every row.
    constraints: Option<&'static [Constraint]>,
    pub(super) kinds: &'static [(Count, Kind)],
    pub(super) defaults: &'static [(Count, &'static str)],
}

pub(super) const fn flag(
    name: &'static str,
    life: Life,
    kinds: &'static [(Count, Kind)],
    defaults: &'static [(Count, &'static str)],
) -> FlagSpec {
    FlagSpec {
        name,
        letter: None,
        life,
        shares: None,
        group: None,
        credential: false,
        deprecated: [None; 2],
        inferred: [None; 2],
        uncertain: None,
        constraints: None,
        kinds,
        defaults,
    }
}

impl FlagSpec {
    pub(super) const fn shorthand(mut self, letter: char) -> Self {
        self.letter = Some(letter);
        self
    }

    pub(super) const fn deprecated(mut self, since: Count) -> Self {
        let slot = self.deprecated[0].is_some() as usize;
        self.deprecated[slot] = Some((since, None));
        self
    }

    pub(super) const fn deprecated_in(mut self, first: Count, last: Count) -> Self {
        let slot = self.deprecated[0].is_some() as usize;
        self.deprecated[slot] = Some((first, Some(last)));
        self
    }

    pub(super) const fn shares(mut self, other: &'static str) -> Self {
        self.shares = Some(other);
        self
    }

    pub(super) const fn inferred(mut self, from: Count, to: Count) -> Self {
        let slot = self.inferred[0].is_some() as usize;
        self.inferred[slot] = Some((from, to));
        self
    }

    pub(super) const fn uncertain(mut self, from: Count, to: Count) -> Self {
        self.uncertain = Some((from, to));
        self
    }

    pub(super) const fn group(mut self, name: &'static str) -> Self {
        self.group = Some(name);
        self
    }

    pub(super) const fn credential(mut self) -> Self {
        self.credential = true;
        self
    }

    pub(super) const fn held_to(mut self, constraints: &'static [Constraint]) -> Self {
        self.constraints = Some(constraints);
        self
    }

    /// What the server of a release holds it to by itself.
    pub fn demands(&self, release: Release) -> impl Iterator<Item = Demand> {
        let count = release.count_in(self.life.family());
        self.constraints.into_iter().flatten().filter_map(move |held| held.of(count))
    }

    /// Its kind in a release.
    pub fn kind(&self, release: Release) -> Kind {
        at(self.kinds, self.count(release)).unwrap_or(Kind::Text)
    }

    /// Its default in a release as Go prints it; `None` if it is not known.
    pub fn default(&self, release: Release) -> Option<&'static str> {
        at(self.defaults, self.count(release)).filter(|text| *text != UNKNOWN)
    }

    /// Whether a release calls it deprecated.
    pub fn is_deprecated(&self, release: Release) -> bool {
        let count = self.count(release);
        let covers = |(first, last): &(Count, Option<Count>)| {
            *first <= count && last.is_none_or(|last| count <= last)
        };
        self.deprecated.iter().flatten().any(covers)
    }

    /// Whether its existence in a release is concluded, not read.
    pub fn is_inferred(&self, release: Release) -> bool {
        let count = self.count(release);
        self.inferred.iter().flatten().any(|(from, to)| (*from..=*to).contains(&count))
    }

    /// Whether no source lists it for a release, so that what is said of it there is concluded.
    pub fn is_concluded(&self, release: Release) -> bool {
        self.is_inferred(release) || self.is_uncertain(release)
    }

    /// Whether no source tells if a release has it.
    pub(super) fn is_uncertain(&self, release: Release) -> bool {
        let count = self.count(release);
        self.uncertain.is_some_and(|(from, to)| (from..=to).contains(&count))
    }

    /// The number that its row writes for a release.
    fn count(&self, release: Release) -> Count {
        release.count_in(self.life.family())
    }
}

/// The last release of which some flags are concluded, not read; 0 if there is none.
pub(super) const fn concluded_until(flags: &[FlagSpec]) -> Count {
    let (mut last, mut index) = (0, 0);
    while index < flags.len() {
        let spec = &flags[index];
        let stretches = [spec.inferred[0], spec.inferred[1], spec.uncertain];
        let mut number = 0;
        while number < stretches.len() {
            if let Some((_, to)) = stretches[number]
                && to > last
            {
                last = to;
            }
            number += 1;
        }
        index += 1;
    }
    last
}
