//! The answer of a server's flags to one question: a value, or why it is not known; and what gives it.
//!
//! Gates, plugins and authorizers all answer this way, so that whoever asks needs one reading of it.

use super::{Occurrences, Setting};

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
    /// The reason, as a clause.
    pub why: String,
    /// What is not known, refused or not there.
    pub by: By<'f>,
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
    pub(super) fn unsure<T>(self, why: String) -> Answer<'f, T> {
        Err(Gap { cause: Cause::Unsure, why, by: self })
    }

    /// Answers that the server refuses what decides.
    pub(super) fn refuses<T>(self, why: String) -> Answer<'f, T> {
        Err(Gap { cause: Cause::Refused, why, by: self })
    }

    /// Answers about something that the release does not have: to set it is refused.
    pub(super) fn lacks<T>(self, why: String) -> Answer<'f, T> {
        let cause = if self.setting().is_some() { Cause::Refused } else { Cause::NotHere };
        Err(Gap { cause, why, by: self })
    }
}
