//! The standard streams: whether they are a terminal, how wide, in colour or not.

use std::io::{self, IsTerminal, Write};

use crate::cli::When;

/// What is known of the standard streams.
#[derive(Clone, Copy, Debug)]
pub(super) struct Streams {
    /// Whether to use colour on standard output.
    pub(super) color: bool,
    /// The columns of standard output, if that is a terminal.
    pub(super) width: Option<usize>,
}

impl Streams {
    pub(super) fn new(when: When) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let color = match when {
            When::Always => true,
            When::Never => false,
            When::Auto => io::stdout().is_terminal() && !set("NO_COLOR") && !dumb,
        };
        // Colours are asked for by name only where they are wanted.
        colored::control::set_override(color);
        Self { color, width: width() }
    }
}

/// The columns of the terminal that standard output is; `COLUMNS` if it does not tell them.
fn width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let told = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0.into());
    let set = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    told.or_else(set).or(Some(80))
}

/// Says something on standard error. That a closed standard error hears nothing changes nothing.
pub(super) fn say(message: &str) {
    let _ = writeln!(io::stderr(), "plimsoll: {}", crate::report::printable(message));
}
