//! Text broken into lines.

use std::borrow::Cow;
use std::iter;

use crate::ascii::is_printable;

/// Words in lines of at most `width` characters, a longer word on a line of its own.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    broken(&spaced(text), width).map(str::to_owned).collect()
}

/// The same lines one below the other, each behind a margin.
pub(super) fn wrap_behind(margin: &str, text: &str, width: usize) -> String {
    let text = spaced(text);
    let mut lines = String::with_capacity(2 * text.len());
    broken(&text, width).for_each(|line| lines.extend([margin, line, "\n"]));
    lines
}

/// The words of a text one blank from each other.
fn spaced(text: &str) -> Cow<'_, str> {
    if is_printable(text) && !text.contains("  ") {
        return text.trim_matches(' ').into();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ").into()
}

/// Lines of words that stand one blank from each other.
fn broken(text: &str, width: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    iter::from_fn(move || {
        let (line, more) = match line_end(rest, width) {
            Some(end) => rest.split_at(end),
            None => (rest, ""),
        };
        rest = more.trim_start_matches(' ');
        (!line.is_empty()).then_some(line)
    })
}

/// The blank that ends the first line, if there is more than one.
fn line_end(text: &str, width: usize) -> Option<usize> {
    if text.len() <= width {
        return None;
    }
    // A line may be full, and the blank stand behind it.
    let beyond = if text.is_ascii() { width } else { text.char_indices().nth(width)?.0 };
    let fits = memchr::memrchr(b' ', &text.as_bytes()[..=beyond]);
    fits.or_else(|| Some(beyond + memchr::memchr(b' ', &text.as_bytes()[beyond..])?))
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_are_as_full_as_words_let_them_be() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("  ", &[]),
            ("one", &["one"]),
            ("one two three", &["one two", "three"]),
            ("one twos three", &["one twos", "three"]),
            ("ones twos three", &["ones", "twos", "three"]),
            ("a elephants b", &["a", "elephants", "b"]),
            ("elephants", &["elephants"]),
            (" one  two\nthree ", &["one two", "three"]),
            ("één twéé drie", &["één twéé", "drie"]),
            ("één twééë drie", &["één", "twééë", "drie"]),
            ("ééééééééé b", &["ééééééééé", "b"]),
        ];
        for (text, lines) in cases {
            assert_eq!(wrap(text, 8), *lines, "{text:?}");
        }
    }
}
