//! What there is to say about a target beside its results.

mod clause;
mod code;

use std::borrow::Cow;

use crate::command_line::Location;
use clause::Role;

pub use clause::Clause;
pub use code::{Code, is_of_decoy};

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Good to know.
    Note,
    /// Probably not what was meant.
    Warning,
    /// The server does not start like this, or the target could not be read in full.
    Error,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 3] = [Self::Note, Self::Warning, Self::Error];

    /// The name used in JSON and text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One remark about a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of remark, which decides how grave it is.
    pub code: Code,
    /// The flag that it is about, without dashes.
    pub flag: Option<Cow<'static, str>>,
    /// The words about it.
    pub clause: Clause,
    /// What it is about.
    pub location: Option<Location>,
}

impl Diagnostic {
    /// A remark that is about no flag. The words are a whole sentence then.
    pub fn new(code: Code, clause: impl Into<Clause>, location: Option<Location>) -> Self {
        Self { code, flag: None, clause: clause.into(), location }
    }

    /// The same about a flag.
    #[must_use]
    pub fn about(self, flag: impl Into<Cow<'static, str>>) -> Self {
        Self { flag: Some(flag.into()), ..self }
    }

    /// How grave it is.
    pub fn level(&self) -> Level {
        self.code.level()
    }

    /// Whether the server refuses to start because of it.
    pub fn refuses(&self) -> bool {
        self.code.refuses()
    }

    /// A sentence for people. It is put together here and nowhere else.
    pub fn message(&self) -> Cow<'_, str> {
        let text = self.clause.text();
        match (&self.flag, self.clause.role) {
            (Some(flag), Role::OfFlag) => format!("--{flag} {text}").into(),
            (Some(flag), Role::OfValue) => format!("--{flag}: {text}").into(),
            (_, Role::Sentence) | (None, _) => text,
        }
    }

    /// Whether another release says the same of the same place.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.code == other.code
            && (&self.flag, &self.location) == (&other.flag, &other.location)
            && self.clause.agrees_with(&other.clause)
    }

    /// Replaces what it quotes, which is handed over piece by piece.
    pub fn replace(&mut self, replaced: impl Fn(&str) -> Cow<'_, str>) {
        if let Some(Cow::Owned(name)) = self.flag.as_deref().map(&replaced) {
            self.flag = Some(name.into());
        }
        self.clause.replace(replaced);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::Minor;

    fn said(clause: Clause) -> Diagnostic {
        Diagnostic::new(Code::BadValue, clause, None).about("x")
    }

    #[test]
    fn the_flag_precedes_its_predicate_and_what_is_said_of_its_value() {
        assert_eq!(said(Clause::of_flag("needs --y")).message(), "--x needs --y");
        assert_eq!(said(Clause::of_value("2 is odd")).message(), "--x: 2 is odd");
        assert_eq!(said(Clause::sentence("--y needs --x")).message(), "--y needs --x");
    }

    #[test]
    fn two_releases_agree_whatever_other_numbers_the_words_have() {
        let gone = |minor, since: &str| {
            let clause = Clause::of_flag("is not a flag of ").release(Minor::kubernetes(minor));
            said(clause.and(&format!(": it is gone since {since}")))
        };
        assert_eq!(gone(34, "1.34").message(), "--x is not a flag of 1.34: it is gone since 1.34");
        assert!(gone(34, "1.34").agrees_with(&gone(36, "1.34")));
        assert!(!gone(34, "1.34").agrees_with(&gone(34, "1.33")));
        assert!(!gone(34, "1.34").agrees_with(&gone(34, "1.34").about("y")));
    }

    #[test]
    fn secrets_are_replaced_in_the_flag_and_on_both_sides_of_the_release() {
        let clause = Clause::of_flag("has pw in ").release(Minor::kubernetes(34)).and(" and pw");
        let mut said = said(clause).about("pw");
        said.replace(|text| text.replace("pw", "…").into());
        assert_eq!(said.message(), "--… has … in 1.34 and …");
    }
}
