//! What the process tells its caller.

use std::process::ExitCode;

/// The outcome of a run. The worse wins: see [`ExitStatus::and`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitStatus {
    /// 0: everything asked for was checked and nothing at or above `--fail-on` failed.
    Success,
    /// 1: there are findings.
    Findings,
    /// 2: usage, or something could not be checked.
    Incomplete,
}

impl ExitStatus {
    /// The worse of the two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Success => 0,
            ExitStatus::Findings => 1,
            ExitStatus::Incomplete => 2,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ExitStatus::{Findings, Incomplete, Success};

    #[test]
    fn incomplete_wins_over_findings_and_findings_over_success() {
        assert_eq!(Success.and(Findings), Findings);
        assert_eq!(Incomplete.and(Findings), Incomplete);
        assert_eq!(Success.and(Success), Success);
    }
}
