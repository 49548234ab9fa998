//! The words of a diagnostic, without the flag that it is about.

use std::borrow::Cow;

use crate::version::Minor;

/// The words of a diagnostic. Its flag and the release that it speaks of are kept apart, so that nobody
/// has to cut a sentence up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    pub(super) role: Role,
    text: String,
    /// The release it speaks of, and the words behind.
    release: Option<(Minor, String)>,
}

/// How a clause follows the flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It is a sentence without the flag.
    Sentence,
    /// The flag is its subject.
    OfFlag,
    /// It has a subject of its own, such as the value.
    OfValue,
}

impl Clause {
    /// A whole sentence.
    pub fn sentence(text: impl Into<String>) -> Self {
        Self { role: Role::Sentence, text: text.into(), release: None }
    }

    /// A predicate whose subject is the flag, such as `needs --x`.
    pub fn of_flag(text: impl Into<String>) -> Self {
        Self { role: Role::OfFlag, ..Self::sentence(text) }
    }

    /// A clause with a subject of its own, such as `"x" is not a number`.
    pub fn of_value(text: impl Into<String>) -> Self {
        Self { role: Role::OfValue, ..Self::sentence(text) }
    }

    /// Adds the release that the clause speaks of.
    #[must_use]
    pub fn release(self, minor: Minor) -> Self {
        Self { release: Some((minor, String::new())), ..self }
    }

    /// Adds words.
    #[must_use]
    pub fn and(mut self, words: &str) -> Self {
        match &mut self.release {
            Some((_, rest)) => rest.push_str(words),
            None => self.text.push_str(words),
        }
        self
    }

    /// The words without the flag.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.release {
            None => (&*self.text).into(),
            Some((minor, rest)) => format!("{}{minor}{rest}", self.text).into(),
        }
    }

    /// Whether both say the same, each of its own release.
    pub fn agrees_with(&self, other: &Self) -> bool {
        fn rest(clause: &Clause) -> Option<&str> {
            clause.release.as_ref().map(|(_, rest)| rest.as_str())
        }
        (self.role, &self.text, rest(self)) == (other.role, &other.text, rest(other))
    }

    /// Replaces words, which are handed over piece by piece.
    pub(super) fn replace(&mut self, replaced: impl Fn(&str) -> Cow<'_, str>) {
        let rest = self.release.as_mut().map(|(_, rest)| rest);
        for piece in [&mut self.text].into_iter().chain(rest) {
            if let Cow::Owned(other) = replaced(piece) {
                *piece = other;
            }
        }
    }
}

impl From<String> for Clause {
    fn from(text: String) -> Self {
        Self::sentence(text)
    }
}

impl From<&str> for Clause {
    fn from(text: &str) -> Self {
        Self::sentence(text)
    }
}
