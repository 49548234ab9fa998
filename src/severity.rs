//! How much it matters that a rule does not hold.

use serde::{Deserialize, Serialize};

/// How much a failure matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Little to gain for an attacker.
    Low,
    /// A step on the way.
    Medium,
    /// Opens the cluster under common circumstances.
    High,
    /// Opens the cluster.
    Critical,
}

impl Severity {
    /// The name used in rules, JSON and text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}
