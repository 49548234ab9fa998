//! What of the inputs was not read, and what a run says of it.

use std::path::PathBuf;

use crate::commands::output::say;
use crate::report::{Failure, counted};
use crate::source::LeftOut;

/// What of the inputs was not read.
#[derive(Default)]
pub(in crate::commands) struct Skipped {
    /// What starts no component, or cannot, and why.
    passed_over: Vec<String>,
    /// What git ignores.
    ignored: Vec<PathBuf>,
    /// What `--exclude` names.
    excluded: Vec<PathBuf>,
    /// Where nothing was found, if that may be so.
    pub(super) empty: Vec<Failure>,
}

impl Skipped {
    pub(super) fn add(&mut self, message: String) {
        self.passed_over.push(message);
    }

    pub(super) fn add_left_out(&mut self, left_out: LeftOut) {
        let LeftOut { ignored, excluded, hidden, repeated, .. } = left_out;
        let why = |paths: Vec<PathBuf>, why: &'static str| {
            paths.into_iter().map(move |path| format!("{}: {why}", path.display()))
        };
        self.passed_over.extend(why(hidden, "it is hidden"));
        self.passed_over.extend(why(repeated, "it comes under another path"));
        self.ignored.extend(ignored);
        self.excluded.extend(excluded);
    }

    /// Says what was not read. `is_short` leaves out what is of no format, as nobody asked for it.
    pub(in crate::commands) fn tell(&self, quiet: bool, is_short: bool, verbose: bool) {
        if quiet {
            return;
        }
        for failure in &self.empty {
            say(&format!("nothing to check: {failure}"));
        }
        if verbose {
            let lines = |paths: &[PathBuf], why: &str| {
                for path in paths {
                    say(&format!("{why}: {}", path.display()));
                }
            };
            for message in &self.passed_over {
                say(&format!("passed over: {message}"));
            }
            lines(&self.ignored, "ignored because of .gitignore");
            lines(&self.excluded, "excluded");
        }
        if !verbose && !is_short && !self.passed_over.is_empty() {
            say(&format!("{} passed over; -v lists them", self.passed_over.len()));
        }
        if !self.ignored.is_empty() {
            let count = entries(self.ignored.len());
            say(&format!("{count} ignored because of .gitignore; --no-ignore reads them"));
        }
        if !self.excluded.is_empty() {
            say(&format!("{} excluded by --exclude", entries(self.excluded.len())));
        }
    }
}

fn entries(count: usize) -> String {
    match count {
        1 => "1 file or folder".to_owned(),
        _ => counted(count, "file").replace("files", "files and folders"),
    }
}
