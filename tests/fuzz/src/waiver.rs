//! Files of waivers.

use plimsoll::rule::Library;
use plimsoll::waiver;

use super::text;

/// Reads the waivers in a file.
pub fn waiver(bytes: &[u8]) {
    thread_local! {
        static LIBRARY: Library = Library::load(&[]).expect("the shipped packs are valid");
    }
    let Some(text) = text(bytes) else { return };
    if let Err(problems) = LIBRARY.with(|library| waiver::read("own.toml", text, library)) {
        assert!(!problems.is_empty());
        assert!(problems.iter().all(|problem| !problem.to_string().is_empty()));
    }
}
