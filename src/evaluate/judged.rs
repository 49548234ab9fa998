//! What a predicate comes to: an outcome, and the facts it rests on.

use std::borrow::Cow;
use std::mem;

use super::wording::FlagName;
use crate::command_line::{CommandLine, Location};
use crate::config_files::contents::Contents;
use crate::config_files::pem_files::PemFiles;
use crate::flags::answer::{Cause, Gap};
use crate::flags::{Flags, Setting};
use crate::result::{Evidence, Origin, Status};
use crate::source::Files;

use super::written_flags::WrittenFlags;

/// Whether a predicate holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It does.
    Holds,
    /// It does not.
    Fails,
    /// A person has to tell, whatever the input. The text says what is to be decided.
    Ask(String),
    /// What decides is not in the input. The text says what would tell, if no fact does.
    Unknown(String),
    /// The server refuses what it would be judged by.
    Broken(String),
    /// It speaks of something that this release does not have.
    NotHere(String),
}

impl Outcome {
    /// The status that reports show for it.
    pub(super) fn status(&self) -> Status {
        match self {
            Self::Holds => Status::Pass,
            Self::Fails => Status::Fail,
            Self::Ask(_) => Status::Manual,
            Self::Unknown(_) => Status::Unknown,
            Self::Broken(_) => Status::Error,
            Self::NotHere(_) => Status::NotApplicable,
        }
    }
}

/// An outcome and the facts it rests on.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) outcome: Outcome,
    pub(super) facts: Vec<Evidence>,
}

impl Judged {
    pub(super) fn new(outcome: Outcome, facts: Vec<Evidence>) -> Self {
        Self { outcome, facts }
    }

    /// Holds or fails.
    pub(super) fn decided(holds: bool, facts: Vec<Evidence>) -> Self {
        Self::new(if holds { Outcome::Holds } else { Outcome::Fails }, facts)
    }

    /// Adds facts, those that say the same once.
    pub(super) fn add(&mut self, facts: Vec<Evidence>) {
        if self.facts.is_empty() && facts.len() == 1 {
            self.facts = facts;
            return;
        }
        for fact in facts {
            if !self.facts.iter().any(|known| known.words == fact.words) {
                self.facts.push(fact);
            }
        }
    }

    /// Adds what another part of the same rank comes to. Of several questions the first is asked.
    pub(super) fn join(&mut self, outcome: Outcome, facts: Vec<Evidence>) {
        self.add(facts);
        if matches!(&self.outcome, Outcome::Ask(what) | Outcome::Unknown(what) if what.is_empty()) {
            self.outcome = outcome;
        }
    }

    /// Takes the words of the facts.
    pub(super) fn take_words(&mut self) -> String {
        if let [one] = &mut self.facts[..] {
            return mem::take(&mut one.words);
        }
        let mut words = String::with_capacity(self.facts.iter().map(|it| it.words.len() + 2).sum());
        for fact in &self.facts {
            words.extend([if words.is_empty() { "" } else { "; " }, &fact.words]);
        }
        words
    }
}

/// A fact that nobody reads.
pub(super) fn blank() -> Evidence {
    Evidence {
        flag: "".into(),
        value: None,
        origin: Origin::Set,
        location: None,
        names_file: false,
        words: String::new(),
    }
}

/// What predicates are laid against.
pub(super) struct Judge<'t> {
    pub(super) flags: &'t Flags,
    /// The files that the flags name, decoded.
    pub(super) contents: &'t Contents,
    pub(super) line: &'t CommandLine,
    pub(super) files: &'t Files,
    /// The command line that is written for the server, or why there is none to compare with; and its flags.
    pub(super) written: (Option<&'t Result<CommandLine, String>>, &'t WrittenFlags),
    /// The files of the machine.
    pub(super) node: &'t Files,
    pub(super) pem: &'t PemFiles,
    /// The time it is judged at, in seconds since 1970.
    pub(super) now: i64,
    /// Whether nobody reads the facts: then their number is right, and they are blank.
    pub(super) only_status: bool,
}

impl Judge<'_> {
    /// Where a flag that is not set would be written.
    pub(super) fn place_to_add(&self) -> Location {
        self.line.program.location.clone()
    }

    /// Words of a fact; none where nobody reads them.
    pub(super) fn words(&self, make: impl FnOnce() -> String) -> String {
        if self.only_status { String::new() } else { make() }
    }

    /// A fact about a setting, or about its absence.
    pub(super) fn fact(
        &self,
        flag: &'static str,
        value: Option<impl Into<Cow<'static, str>>>,
        setting: Option<&Setting>,
        words: String,
    ) -> Evidence {
        if self.only_status {
            return blank();
        }
        let (origin, location) = match setting {
            Some(setting) if setting.in_file => (Origin::File, setting.location.clone()),
            Some(setting) => (Origin::Set, setting.location.clone()),
            None => match self.flags.left_out(flag) {
                Some(left_out) => (Origin::Default, left_out.location.clone()),
                None => (Origin::Default, self.place_to_add()),
            },
        };
        let value = value.map(Into::into);
        Evidence {
            flag: flag.into(),
            value,
            origin,
            location: Some(location),
            names_file: false,
            words,
        }
    }

    /// The minor as a fact.
    pub(super) fn minor(&self) -> Evidence {
        if self.only_status {
            return blank();
        }
        let minor = self.flags.minor().to_string();
        let words = format!("{} {minor}", self.flags.catalog.component);
        Evidence {
            flag: "".into(),
            value: Some(minor.into()),
            origin: Origin::Default,
            location: Some(self.place_to_add()),
            names_file: false,
            words,
        }
    }

    /// What becomes of a question that the flags do not answer.
    pub(super) fn unanswered(&self, gap: &Gap<'_>) -> Judged {
        let (flag, setting) = (gap.by.flag, gap.by.setting());
        match gap.cause {
            Cause::Unsure => self.unknown(flag, setting, || gap.words(self.flags)),
            Cause::Refused if gap.names_flag() => {
                let text = self.words(|| gap.words(self.flags).into_owned());
                let fact = self.fact(flag, None::<&str>, setting, text.clone());
                Judged::new(Outcome::Broken(text), vec![fact])
            }
            Cause::Refused => self.broken(flag, setting, || gap.words(self.flags)),
            Cause::NotHere => {
                let why = self.words(|| gap.words(self.flags).into_owned());
                Judged::new(Outcome::NotHere(why), Vec::new())
            }
        }
    }

    pub(super) fn unknown<'w>(
        &self,
        flag: &'static str,
        setting: Option<&Setting>,
        why: impl FnOnce() -> Cow<'w, str>,
    ) -> Judged {
        let text = self.words(|| match setting {
            Some(setting) => format!("{}: {}", setting.shown(), why()),
            None => format!("{}: {}", FlagName(flag), why()),
        });
        let fact = self.fact(flag, None::<&str>, setting, text);
        Judged::new(Outcome::Unknown(String::new()), vec![fact])
    }

    pub(super) fn broken<'w>(
        &self,
        flag: &'static str,
        setting: Option<&Setting>,
        why: impl FnOnce() -> Cow<'w, str>,
    ) -> Judged {
        let text = self.words(|| format!("{}: {}", FlagName(flag), why()));
        let fact = self.fact(flag, None::<&str>, setting, text.clone());
        Judged::new(Outcome::Broken(text), vec![fact])
    }
}
