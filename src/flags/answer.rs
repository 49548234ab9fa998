//! The answer of a server's flags to one question: a value, or why it is not known; and what gives it.
//!
//! Flags, gates, plugins and authorizers all answer this way, so that whoever asks needs one reading of it.

use std::borrow::Cow;

use super::catalog::Standing;
use super::value::Value;
use super::{Effective, Flags, Occurrences, Setting};

/// A value with what gives it, or why there is none.
pub type Answer<'f, T> = Result<Known<'f, T>, Gap<'f>>;

/// A value that the server acts on.
#[derive(Clone, Copy, Debug)]
pub struct Known<'f, T> {
    /// The value.
    pub value: T,
    /// What gives it.
    pub by: By<'f>,
}

/// Why there is no value.
#[derive(Clone, Debug)]
pub struct Gap<'f> {
    /// What kind of reason it is.
    pub cause: Cause,
    /// The reason.
    pub why: Why<'f>,
    /// What is not known, refused or not there.
    pub by: By<'f>,
    /// What a refused flag would be, if it could be read.
    pub value: Option<&'f Value>,
}

/// The reason for a gap. Most answers are asked for their status alone: words are made when they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why<'f> {
    /// A clause about the flag or its value.
    Clause(Cow<'f, str>),
    /// The flag is not set, and no source tells its default.
    NoDefault,
    /// The release has no such flag.
    NoFlag,
}

impl From<String> for Why<'_> {
    fn from(clause: String) -> Self {
        Self::Clause(clause.into())
    }
}

impl<'f> From<Cow<'f, str>> for Why<'f> {
    fn from(clause: Cow<'f, str>) -> Self {
        Self::Clause(clause)
    }
}

impl Gap<'_> {
    /// The reason in words: a clause about the flag, or the whole sentence if [`Self::names_flag`].
    pub fn words(&self, flags: &Flags) -> Cow<'_, str> {
        match &self.why {
            Why::Clause(clause) => Cow::Borrowed(clause),
            Why::NoDefault => {
                format!("not set, and its default in {} is not known", flags.minor()).into()
            }
            Why::NoFlag => no_flag(flags, self.by.flag).into(),
        }
    }

    /// Whether the words name the flag.
    pub fn names_flag(&self) -> bool {
        self.why == Why::NoFlag
    }
}

/// That the release has no such flag, and which releases have it.
fn no_flag(flags: &Flags, name: &str) -> String {
    let (component, minor) = (flags.catalog.component, flags.minor());
    let why = format!("--{name} is not a flag of {component} {minor}");
    let Standing::Elsewhere(spec) = flags.catalog.standing(name, flags.release) else {
        return why;
    };
    let last = spec.life.last().filter(|last| *last < flags.release);
    match last.and_then(|last| flags.catalog.next(last)) {
        Some(gone) => format!("{why} (gone since {})", gone.minor()),
        None => format!("{why} (new in {})", spec.life.first().minor()),
    }
}

impl Flags {
    /// The value that the server acts on, or why it is not known.
    pub fn answer(&self, flag: &'static str) -> Answer<'_, &Value> {
        match self.effective(flag) {
            Effective::Set { value, settings } => By { flag, occurrences: settings }.is(value),
            Effective::Default { value } => By::default_of(flag).is(value),
            Effective::DefaultNotKnown => By::default_of(flag).unsure(Why::NoDefault),
            Effective::Unresolved { setting, why } => By::setting_of(flag, setting).unsure(why),
            Effective::Broken { setting, why, value } => {
                let refused = By::setting_of(flag, Some(setting)).refuses(why);
                refused.map_err(|gap| Gap { value, ..gap })
            }
            Effective::Absent { setting } => By::setting_of(flag, setting).lacks(Why::NoFlag),
        }
    }
}

/// What keeps a value from being known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Something that decides is not in the input, or no source tells it.
    Unsure,
    /// The server refuses what decides.
    Refused,
    /// The release has no such thing.
    NotHere,
}

/// What gives an answer: occurrences of a flag, in arguments or in the component's own file; none if it is the
/// default of the release.
#[derive(Clone, Copy, Debug)]
pub struct By<'f> {
    /// The flag, without dashes; of a default the one that would change it.
    pub flag: &'static str,
    /// Its occurrences that count.
    pub occurrences: Occurrences<'f>,
}

impl<'f> By<'f> {
    /// The default, which a flag would change.
    pub(super) fn default_of(flag: &'static str) -> Self {
        Self { flag, occurrences: Occurrences::default() }
    }

    /// One occurrence, if there is one.
    pub(super) fn setting_of(flag: &'static str, setting: Option<&'f Setting>) -> Self {
        Self { flag, occurrences: setting.map_or_else(Occurrences::default, Occurrences::one) }
    }

    /// The occurrence that decides; none for a default.
    pub fn setting(self) -> Option<&'f Setting> {
        self.occurrences.last()
    }

    /// Answers with a value.
    #[allow(clippy::unnecessary_wraps, reason = "it is one of the four ways to answer")]
    pub(super) fn is<T>(self, value: T) -> Answer<'f, T> {
        Ok(Known { value, by: self })
    }

    /// Answers that the value is not known.
    pub(super) fn unsure<T>(self, why: impl Into<Why<'f>>) -> Answer<'f, T> {
        self.gap(Cause::Unsure, why)
    }

    /// Answers that the server refuses what decides.
    pub(super) fn refuses<T>(self, why: impl Into<Why<'f>>) -> Answer<'f, T> {
        self.gap(Cause::Refused, why)
    }

    /// Answers about something that the release does not have: to set it is refused.
    pub(super) fn lacks<T>(self, why: impl Into<Why<'f>>) -> Answer<'f, T> {
        let cause = if self.setting().is_some() { Cause::Refused } else { Cause::NotHere };
        self.gap(cause, why)
    }

    fn gap<T>(self, cause: Cause, why: impl Into<Why<'f>>) -> Answer<'f, T> {
        Err(Gap { cause, why: why.into(), by: self, value: None })
    }
}
