//! Who assesses a control, according to a benchmark.

use serde::{Deserialize, Serialize};

/// How a benchmark wants a control tested. It never weakens what plimsoll can decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assessment {
    /// By a program.
    Automated,
    /// By a person.
    Manual,
}

impl Assessment {
    /// The name used in packs and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Automated => "automated",
            Self::Manual => "manual",
        }
    }
}
