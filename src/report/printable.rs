//! Untrusted text, made fit for a terminal and for every file format.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::ascii::is_printable;
use crate::credential::hide;
use crate::invisible::is_invisible;

/// Text for a document that has quoting of its own: as [`printable`], but line breaks stay.
pub fn quotable(text: &str) -> Cow<'_, str> {
    match hide(text) {
        Cow::Borrowed(text) => quotable_path(text),
        Cow::Owned(text) => Cow::Owned(quotable_path(&text).into_owned()),
    }
}

/// As [`quotable`], of a text that nobody else needs: nearly always it stays as it is.
pub fn quotable_owned(text: String) -> String {
    match quotable(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(text) => text,
    }
}

/// As [`quotable`], but tabs stay too: for a value in JSON, which escapes them and is compared with what the
/// server prints.
pub fn quotable_value(text: &str) -> Cow<'_, str> {
    let keep = |c| matches!(c, '\n' | '\t');
    match hide(text) {
        Cow::Borrowed(text) => escape(text, |c| !keep(c) && is_invisible(c)),
        Cow::Owned(text) => Cow::Owned(escape(&text, |c| !keep(c) && is_invisible(c)).into_owned()),
    }
}

/// As [`quotable`], for a name by which a file is found: nothing in it is taken for a credential.
pub fn quotable_path(path: &str) -> Cow<'_, str> {
    escape(path, |c| c != '\n' && is_invisible(c))
}

/// The text without credentials, and with control characters, and those that reorder or hide text,
/// written as escapes.
///
/// Every text of foreign origin passes here or through [`quotable`] on its way to a report or to
/// standard error, so that no message has to think of either.
pub fn printable(text: &str) -> Cow<'_, str> {
    match hide(text) {
        Cow::Borrowed(text) => printable_path(text),
        Cow::Owned(text) => Cow::Owned(printable_path(&text).into_owned()),
    }
}

/// As [`printable`], for a name by which a file is found: nothing in it is taken for a credential.
pub fn printable_path(path: &str) -> Cow<'_, str> {
    escape(path, is_invisible)
}

fn escape(text: &str, must: impl Fn(char) -> bool) -> Cow<'_, str> {
    // Nearly all text is plain ASCII.
    if is_printable(text) || !text.chars().any(&must) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            c if !must(c) => out.push(c),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn no_text_can_move_the_cursor_or_turn_around() {
        assert_eq!(printable("a\u{1b}[31mb\n\u{202e}c"), "a\\u{1b}[31mb\\n\\u{202e}c");
        assert_eq!(printable("é😀 ok"), "é😀 ok");
        assert_eq!(super::quotable("a\tb\n\u{7}"), "a\\tb\n\\u{7}");
        assert_eq!(super::quotable_value("a\tb\n\u{7}"), "a\tb\n\\u{7}");
    }
}
