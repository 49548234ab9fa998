//! The flags of the command line that is written for a server, read once a minor and only where a rule asks.

use std::cell::OnceCell;

use crate::command_line::CommandLine;
use crate::config_files::read_flags;
use crate::flags::Flags;
use crate::source::Files;
use crate::version::Minor;

/// The flags of what is written for one server, as one minor reads them.
#[derive(Debug, Default)]
pub(super) struct WrittenFlags(OnceCell<Flags>);

impl WrittenFlags {
    /// Reads them, or answers with what was read; a server has one command line that is written for it.
    pub(super) fn of(&self, line: &CommandLine, minor: Minor, files: &Files) -> &Flags {
        self.0.get_or_init(|| read_flags(line, minor, files))
    }
}
