//! Reports of earlier runs, which a baseline is taken from.

use plimsoll::report::finished;

use super::text;

/// Reads a report, and says of every result whether somebody has to act on it.
pub fn kept_report(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match finished::read(text) {
        Ok(report) => {
            for result in report.targets.iter().flat_map(|target| &target.results) {
                let _ = (result.is_finding(), result.location());
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
