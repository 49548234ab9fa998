//! Texts of every document format.

use std::sync::Arc;

use plimsoll::document::{self, Contents, Format, Found};

use super::{places, text};

/// Reads a text as whatever it is, and as one format, which its length picks.
pub fn document(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let path: Arc<str> = "f".into();
    let contents = document::read(text, &path);
    holds(&contents, text);
    passed_over(&contents, text);
    let formats: Vec<Format> = Format::of_texts().collect();
    let format = formats[text.len() % formats.len()];
    holds(&document::read_as(text, &path, format), text);
    let files = [(path.clone(), Ok(text.to_owned())), ("g".into(), Ok(text.to_owned()))];
    for found in document::read_together(&files, false).into_iter().flat_map(|it| it.found) {
        places::line(&found.line, &[("f", text), ("g", text)]);
    }
}

/// A folder passes over no text that starts something, but for the commands that prose quotes and flags
/// whose names are quoted in the middle.
fn passed_over(contents: &Contents, text: &str) {
    let quoted = text.contains(['"', '\'', '\\', '$']);
    let counts = |found: &&Found| match found.format {
        Format::Script => false,
        Format::ArgsFile | Format::EnvironmentFile => !quoted,
        _ => true,
    };
    let found = contents.found.iter().find(counts);
    assert!(found.is_none() || document::is_candidate(text), "a folder would pass over {found:?}");
}

fn holds(contents: &Contents, text: &str) {
    let texts = [("f", text)];
    for found in &contents.found {
        places::line(&found.line, &texts);
        for location in found.diagnostics.iter().filter_map(|said| said.location.as_ref()) {
            places::location(location, &texts);
        }
    }
    for error in &contents.errors {
        assert!(&*error.path == "f" && !error.message.is_empty());
    }
}
