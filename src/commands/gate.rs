//! The files that open a gate: rules, waivers and a baseline decide what is a failure.
//!
//! Who can write to one makes the report better. That is said and not refused: a checkout of a CI
//! step is often open to everybody.

use std::path::Path;

use super::output::say;
use crate::source;

/// Reads rules or waivers.
pub(super) fn read(path: &Path) -> Result<String, source::Error> {
    warn(path);
    source::read_file(path)
}

/// Says so if anybody can write to the file or put another in its place.
pub(super) fn warn(path: &Path) {
    let Some((open, mode)) = source::open_to_all(path) else { return };
    let (file, open) = (path.display(), open.display());
    say(&format!(
        "warning: {file}: anybody can change it, and it decides what is a failure: {open} has mode {mode:04o}"
    ));
}
