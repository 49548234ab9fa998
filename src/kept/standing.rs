//! How a control stands in a report.

use serde::{Serialize, Serializer};

use crate::report::finished::RuleResult;
use crate::result::Status;

/// A status, with what is waived apart from what fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It holds.
    Pass,
    /// It does not concern the target.
    NotApplicable,
    /// A person has to decide.
    Manual,
    /// The input does not tell.
    Unknown,
    /// It fails, and somebody accepts that.
    Waived,
    /// It could not be determined.
    Error,
    /// It fails.
    Fail,
}

impl Standing {
    /// Every standing, in the order in which tables list them.
    pub const ALL: [Self; 7] = [
        Self::Pass,
        Self::Fail,
        Self::Manual,
        Self::Unknown,
        Self::NotApplicable,
        Self::Error,
        Self::Waived,
    ];

    /// How a result stands. A failure of the baseline is a failure.
    pub fn of(result: &RuleResult<'_>) -> Self {
        match result.status {
            Status::Fail if result.waiver.is_some() => Self::Waived,
            Status::Fail => Self::Fail,
            Status::Pass => Self::Pass,
            Status::Manual => Self::Manual,
            Status::Unknown => Self::Unknown,
            Status::NotApplicable => Self::NotApplicable,
            Status::Error => Self::Error,
        }
    }

    /// The name used in JSON and text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::NotApplicable => "not-applicable",
            Self::Manual => "manual",
            Self::Unknown => "unknown",
            Self::Waived => "waived",
            Self::Error => "error",
            Self::Fail => "fail",
        }
    }
}

impl Serialize for Standing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
