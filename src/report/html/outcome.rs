//! What a result is to a reader: its status, with accepted failures apart.

use crate::report::finished::RuleResult;
use crate::result::Status;

/// A status, or one of the two ways in which a failure is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Fail,
    /// Fails, and is in the baseline.
    Known,
    Unknown,
    Manual,
    Error,
    /// Fails, and is waived.
    Waived,
    Pass,
    NotApplicable,
}

impl Outcome {
    /// Every outcome, what needs somebody first.
    pub(super) const ALL: [Self; 8] = [
        Self::Fail,
        Self::Known,
        Self::Unknown,
        Self::Manual,
        Self::Error,
        Self::Waived,
        Self::Pass,
        Self::NotApplicable,
    ];

    pub(super) fn of(result: &RuleResult<'_>) -> Self {
        match result.status {
            Status::Fail if result.waiver.is_some() => Self::Waived,
            Status::Fail if result.baseline => Self::Known,
            Status::Fail => Self::Fail,
            Status::Pass => Self::Pass,
            Status::Manual => Self::Manual,
            Status::Unknown => Self::Unknown,
            Status::NotApplicable => Self::NotApplicable,
            Status::Error => Self::Error,
        }
    }

    /// The name in the page's attributes and in its address.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Known => "known",
            Self::Manual => "manual",
            Self::Unknown => "unknown",
            Self::Error => "error",
            Self::Waived => "waived",
            Self::Pass => "pass",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// What a reader sees.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::NotApplicable => "n/a",
            other => other.name(),
        }
    }
}
