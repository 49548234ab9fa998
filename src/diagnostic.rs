//! What there is to say about a target beside its results.

use crate::command_line::Location;

/// The executable of a process is not the server it calls itself.
pub const OTHER_EXECUTABLE: &str = "other-executable";

/// The executable of a process is not the machine's file of that path.
pub const OTHER_FILE: &str = "other-file";

/// A process does not run as root.
pub const NOT_ROOT: &str = "not-root";

/// Nothing says who runs a process.
pub const USER_UNKNOWN: &str = "user-unknown";

/// Whether a diagnostic's code says that somebody without rights may have started the process in the
/// server's name: an earlier report has only the code.
pub fn is_of_decoy(code: &str) -> bool {
    [OTHER_EXECUTABLE, OTHER_FILE, NOT_ROOT, USER_UNKNOWN].contains(&code)
}

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Good to know.
    Note,
    /// Probably not what was meant.
    Warning,
    /// The server does not start like this, or the target could not be read in full.
    Error,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 3] = [Self::Note, Self::Warning, Self::Error];

    /// The name used in JSON and text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One remark about a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How grave it is.
    pub level: Level,
    /// A stable word for programs, such as `unknown-flag`.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
    /// What it is about.
    pub location: Option<Location>,
    /// Whether the server refuses to start because of it.
    pub refuses: bool,
}

impl Diagnostic {
    /// Something good to know.
    pub fn note(code: &'static str, message: String, location: Option<Location>) -> Self {
        Self { level: Level::Note, code, message, location, refuses: false }
    }

    /// Something that is probably not what was meant.
    pub fn warning(code: &'static str, message: String, location: Option<Location>) -> Self {
        Self { level: Level::Warning, code, message, location, refuses: false }
    }

    /// Something that makes the server refuse to start.
    pub fn refusal(code: &'static str, message: String, location: Option<Location>) -> Self {
        Self { level: Level::Error, code, message, location, refuses: true }
    }
}
