//! The files that open a gate: rules, waivers and a baseline decide what is a failure.
//!
//! Who can write to one makes the report better. That is said and not refused: a checkout of a CI
//! step is often open to everybody.

use std::path::Path;

use super::output::say;
use crate::source::{self, Exposure, Outsider};

/// Reads rules or waivers.
pub(super) fn read(path: &Path) -> Result<String, source::Error> {
    warn(path);
    source::read_pack(path)
}

/// Says so if somebody besides root and the user who runs plimsoll can change the file, or put another
/// in its place.
pub(super) fn warn(path: &Path) {
    let Some(Exposure { who, place, mode }) = source::exposure(path) else { return };
    let why = match who {
        Outsider::Owner(_) => "belongs to that user".to_owned(),
        Outsider::Everybody | Outsider::Group(_) => format!("has mode {mode:04o}"),
    };
    let (file, place) = (path.display(), place.display());
    say(&format!(
        "warning: {file}: {who} can change it, and it decides what is a failure: {place} {why}"
    ));
}
