//! How far a long run is, on one line of standard error that is gone when the run is done.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// A run that is done sooner says nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// The least time between two lines.
const PACE: Duration = Duration::from_millis(200);

/// The progress of a run.
pub(super) struct Progress {
    /// None where nobody would see it, or where it would stand between the lines of a report.
    begun: Option<Instant>,
    /// When the line was last written, and how long it is.
    written: Option<(Instant, usize)>,
}

impl Progress {
    /// The progress of a run that prints a report to standard output or not.
    pub(super) fn new(quiet: bool, to_stdout: bool) -> Self {
        let prints_here = to_stdout && io::stdout().is_terminal();
        let shown = !quiet && !prints_here && io::stderr().is_terminal();
        Self { begun: shown.then(Instant::now), written: None }
    }

    /// Another target is done.
    pub(super) fn step(&mut self, done: usize) {
        let Some(begun) = self.begun else { return };
        let soon = match self.written {
            None => begun.elapsed() < PATIENCE,
            Some((written, _)) => written.elapsed() < PACE,
        };
        if soon {
            return;
        }
        let text = format!("plimsoll: {done} targets checked, {}s", begun.elapsed().as_secs());
        // A progress that cannot be shown is no reason to end the run. Each line is longer than the last.
        let _ = write!(io::stderr(), "\r{text}");
        self.written = Some((Instant::now(), text.len()));
    }

    /// Takes the line away.
    pub(super) fn finish(self) {
        if let Some((_, length)) = self.written {
            let _ = write!(io::stderr(), "\r{:length$}\r", "");
        }
    }
}
