//! Command lines as a shell splits them.

use std::sync::Arc;

use plimsoll::document::{self, Format};

use super::{places, text};

/// Splits a text into words; quoted again, they are the same words.
pub fn shell_words(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let words = document::shell_words(text);
    let quoted: Vec<String> =
        words.iter().map(|word| format!("'{}'", word.replace('\'', "'\\''"))).collect();
    assert_eq!(document::shell_words(&quoted.join(" ")), words);
    let path: Arc<str> = "f".into();
    for found in document::read_as(text, &path, Format::Script).found {
        places::line(&found.line, &[("f", text)]);
    }
}
