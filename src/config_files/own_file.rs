//! How a component's own file is taken, or what is laid over the flags without it.

use std::sync::Arc;

use crate::command_line::Location;
use crate::config_files::Problem;
use crate::flags::own_file::{Overlay, Unusable};
use crate::flags::value::Value;
use crate::flags::{Effective, Flags};
use crate::source::{Files, NamedBytes, Unread};

/// The path that a flag names, if it is known; nothing if it names none.
pub(super) fn path<'f>(flags: &'f Flags, name: &str) -> Result<Option<&'f str>, Overlay> {
    match flags.effective(name) {
        Effective::Set { value: Value::Text(path), .. } if !path.is_empty() => Ok(Some(path)),
        Effective::Unresolved { .. } | Effective::Broken { .. } => Err(Overlay::Elsewhere),
        _ => Ok(None),
    }
}

/// A file, or what is laid over the flags without it.
pub(super) fn file(files: &Files, path: &str) -> Result<Arc<NamedBytes>, Overlay> {
    files.read(path).map_err(unread)
}

/// What is laid over the flags where a file or folder is not at hand.
pub(super) fn unread(unread: Unread) -> Overlay {
    match unread {
        Unread::Elsewhere(_) => Overlay::Elsewhere,
        Unread::Missing(why) => Overlay::Unusable(Unusable { why, location: None, refuses: true }),
        // It may be there for the server: that it cannot be read here says nothing about that.
        Unread::Failed(why) => Overlay::Unusable(Unusable { why, location: None, refuses: false }),
    }
}

/// What is laid over the flags where the server refuses a file.
pub(super) fn refused(problem: Problem, files: &Files) -> Overlay {
    let Problem { message, location } = problem.reportable(files);
    let why = match &location {
        Location::Text { path, .. } => format!("{path}: {message}"),
        Location::Process { .. } | Location::Argv { .. } => message,
    };
    Overlay::Unusable(Unusable { why, location: Some(location), refuses: true })
}
