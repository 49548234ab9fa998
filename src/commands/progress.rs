//! How far a long run is, on one line of standard error that is gone when the run is done.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A run that is done sooner says nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// The progress of a run.
pub(super) struct Progress {
    /// None where nobody would see it, or where it would stand between the lines of a report.
    begun: Option<Instant>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// The progress of a run that prints a report to standard output or not.
    pub(super) fn new(quiet: bool, to_stdout: bool) -> Self {
        let prints_here = to_stdout && io::stdout().is_terminal();
        let shown = !quiet && !prints_here && io::stderr().is_terminal();
        Self { begun: shown.then(Instant::now), bar: None }
    }

    /// Another target is done.
    pub(super) fn step(&mut self, done: usize) {
        let Some(begun) = self.begun else { return };
        if self.bar.is_none() && begun.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::no_length().with_elapsed(begun.elapsed());
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
            let style = ProgressStyle::with_template("plimsoll: {pos} targets checked, {elapsed}");
            bar.with_style(style.expect("the template is well-formed"))
        });
        bar.set_position(done as u64);
    }

    /// Takes the line away.
    pub(super) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
