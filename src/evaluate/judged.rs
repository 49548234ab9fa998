//! What a predicate comes to: an outcome, and the facts it rests on.

use std::mem;

use super::wording::Named;
use crate::command_line::{CommandLine, Location};
use crate::flags::{Flags, Setting};
use crate::result::{Evidence, Origin};
use crate::source::Files;

use super::pem::PemFiles;

/// Whether a predicate holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It does.
    Holds,
    /// It does not.
    Fails,
    /// A person, a file or a version has to tell.
    Ask(String),
    /// The server refuses what it would be judged by.
    Broken(String),
    /// It speaks of something that this release does not have.
    NotHere(String),
}

/// A located fact and the words for it, of which a verdict's message is made.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    /// See [`Evidence::flag`].
    pub(super) flag: String,
    /// See [`Evidence::value`].
    pub(super) value: Option<String>,
    pub(super) origin: Origin,
    pub(super) location: Option<Location>,
    pub(super) text: String,
}

impl From<Fact> for Evidence {
    fn from(fact: Fact) -> Self {
        let Fact { flag, value, origin, location, text: _ } = fact;
        Self { flag, value, origin, location }
    }
}

/// An outcome and the facts it rests on.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) outcome: Outcome,
    pub(super) facts: Vec<Fact>,
}

impl Judged {
    pub(super) fn new(outcome: Outcome, facts: Vec<Fact>) -> Self {
        Self { outcome, facts }
    }

    /// Holds or fails.
    pub(super) fn decided(holds: bool, facts: Vec<Fact>) -> Self {
        Self::new(if holds { Outcome::Holds } else { Outcome::Fails }, facts)
    }

    /// Takes the words of the facts.
    pub(super) fn take_words(&mut self) -> String {
        match &mut self.facts[..] {
            [one] => mem::take(&mut one.text),
            facts => facts.iter().map(|fact| fact.text.as_str()).collect::<Vec<_>>().join("; "),
        }
    }
}

/// What predicates are laid against.
pub(super) struct Judge<'t> {
    pub(super) flags: &'t Flags,
    pub(super) line: &'t CommandLine,
    pub(super) files: &'t Files,
    /// The command line that is written for the server, or why there is none to compare with.
    pub(super) written: Option<&'t Result<CommandLine, String>>,
    /// The files of the machine.
    pub(super) node: &'t Files,
    pub(super) pem: &'t PemFiles,
    /// The time it is judged at, in seconds since 1970.
    pub(super) now: i64,
}

impl Judge<'_> {
    /// Where a flag that is not set would be written.
    pub(super) fn place_to_add(&self) -> Location {
        self.line.program.location.clone()
    }

    /// A fact about a setting, or about its absence.
    pub(super) fn fact(
        &self,
        flag: &str,
        value: Option<String>,
        setting: Option<&Setting>,
        text: String,
    ) -> Fact {
        let (origin, location) = match setting {
            Some(setting) if setting.in_file => (Origin::File, setting.location.clone()),
            Some(setting) => (Origin::Set, setting.location.clone()),
            None => match self.flags.left_out(flag) {
                Some(left_out) => (Origin::Default, left_out.location.clone()),
                None => (Origin::Default, self.place_to_add()),
            },
        };
        Fact { flag: flag.to_owned(), value, origin, location: Some(location), text }
    }

    /// The minor as a fact.
    pub(super) fn minor(&self) -> Fact {
        let minor = self.flags.minor().to_string();
        let text = format!("{} {minor}", self.flags.catalog.component);
        let location = Some(self.place_to_add());
        Fact { flag: String::new(), value: Some(minor), origin: Origin::Default, location, text }
    }

    pub(super) fn ask(&self, flag: &str, setting: Option<&Setting>, why: &str) -> Judged {
        let text = match setting {
            Some(setting) => format!("{}: {why}", setting.shown()),
            None => format!("{}: {why}", Named(flag)),
        };
        let fact = self.fact(flag, None, setting, text);
        Judged::new(Outcome::Ask(String::new()), vec![fact])
    }

    pub(super) fn broken(&self, flag: &str, setting: Option<&Setting>, why: &str) -> Judged {
        let text = format!("{}: {why}", Named(flag));
        let fact = self.fact(flag, None, setting, text.clone());
        Judged::new(Outcome::Broken(text), vec![fact])
    }
}
