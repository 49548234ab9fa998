//! Where reports go: standard output and files, in colour or not.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

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

/// A file that appears under its name only when it is whole.
pub(super) struct WholeFile {
    path: PathBuf,
    draft: PathBuf,
}

impl WholeFile {
    /// Begins a file, and gives the writer to write it with.
    pub(super) fn begin(path: &Path) -> anyhow::Result<(Self, BufWriter<File>)> {
        let name =
            path.file_name().with_context(|| format!("{}: not a file name", path.display()))?;
        let draft = format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id());
        let draft = path.with_file_name(draft);
        let file = File::create(&draft).with_context(|| format!("{}", path.display()))?;
        Ok((Self { path: path.to_owned(), draft }, BufWriter::new(file)))
    }

    /// Gives the file its name. What is written must have been flushed.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let written = File::open(&self.draft).and_then(|file| file.sync_all());
        written
            .and_then(|()| std::fs::rename(&self.draft, &self.path))
            .with_context(|| format!("{}", self.path.display()))
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // After a rename there is nothing left to remove; before it the draft must not stay.
        let _ = std::fs::remove_file(&self.draft);
    }
}

/// Says something on standard error. That a closed standard error hears nothing changes nothing.
pub(super) fn say(message: &str) {
    let _ = writeln!(io::stderr(), "plimsoll: {}", crate::report::printable(message));
}
