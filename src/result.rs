//! What came of one rule on one target.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use crate::command_line::Location;

pub use crate::severity::Severity;

/// The answer of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The evidence shows that the rule holds.
    Pass,
    /// The evidence shows that it does not.
    Fail,
    /// A person has to decide, whatever the input.
    Manual,
    /// What decides is not in this input, or plimsoll does not understand it.
    Unknown,
    /// The rule does not concern this target.
    NotApplicable,
    /// It could not be determined.
    Error,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 6] =
        [Self::Pass, Self::Fail, Self::Manual, Self::Unknown, Self::NotApplicable, Self::Error];

    /// The name used in rules, JSON and text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Manual => "manual",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
            Self::Error => "error",
        }
    }
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag on the command line.
    Set,
    /// The release's default.
    Default,
    /// A file that a flag names.
    File,
}

impl Origin {
    /// Every origin.
    pub const ALL: [Self; 3] = [Self::Set, Self::Default, Self::File];

    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Default => "default",
            Self::File => "file",
        }
    }
}

/// A located fact behind a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The flag, without dashes.
    pub flag: Cow<'static, str>,
    /// Its effective value as Go prints it, credentials hidden; `None` if it is not known.
    pub value: Option<Cow<'static, str>>,
    /// Where the value comes from.
    pub origin: Origin,
    /// Where it was written, or where a missing flag would be.
    pub location: Option<Location>,
    /// Whether the words name the file that the location is in, and mean it as a whole.
    pub names_file: bool,
    /// The fact in words, credentials hidden. A verdict's message is made of them; of a single fact
    /// they have become the message, and are no more here.
    pub words: String,
}

/// A flag to set, or to take out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagChange {
    /// The flag, without dashes.
    pub flag: Cow<'static, str>,
    /// Its new value; `None` to take it out.
    pub value: Option<String>,
    /// Where it is written now.
    pub location: Option<Location>,
}

/// What came of a rule: status, reason and evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The answer.
    pub status: Status,
    /// The decisive facts in words.
    pub message: String,
    /// The facts.
    pub evidence: Vec<Evidence>,
    /// What would make a failed rule hold, where flags with known values do.
    pub changes: Vec<FlagChange>,
}

/// Why a failure is accepted: what a waiver says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The reason.
    pub reason: String,
    /// Who accepts it.
    pub owner: Option<String>,
    /// The last day (UTC) on which it holds; without one it does not end.
    pub expires: Option<Date>,
}

/// An acceptance that was meant for a failure and does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lapse {
    /// What was accepted.
    pub waiver: Arc<Acceptance>,
    /// Why it does not hold.
    pub because: String,
}
