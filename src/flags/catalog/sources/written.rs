//! Rust that is written rather than typed: headers, imports, lists.

use std::collections::BTreeSet;

/// How long a line of written Rust may be, where it can be broken.
const WIDTH: usize = 100;

/// How a file begins that holds a table.
pub(super) fn begin(about: &str) -> String {
    format!(
        "//! {about}\n//!\n\
         //! `PLIMSOLL_BLESS=1 cargo test catalog` writes this file from `fixtures/components/`.\n\n"
    )
}

/// A `use` of the names; nothing if there are none.
pub(super) fn import(from: &str, names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match names[..] {
        [] => String::new(),
        [only] => format!("use {from}::{only};\n"),
        _ => {
            let line = format!("use {from}::{{{}}};\n", names.join(", "));
            if line.len() <= WIDTH {
                return line;
            }
            format!("use {from}::{{\n{}}};\n", filled(&names))
        }
    }
}

/// Which of these words a text calls or names.
pub(super) fn words(text: &str, words: &[&str]) -> BTreeSet<String> {
    let named = |word: &&&str| {
        let before = |at: usize| text[..at].chars().next_back().unwrap_or(' ');
        let mut places = text.match_indices(**word);
        places.any(|(at, _)| !before(at).is_alphanumeric() && !".\"-_".contains(before(at)))
    };
    words.iter().filter(named).map(|word| (*word).to_owned()).collect()
}

/// An array of numbers.
pub(super) fn list(numbers: &[u16]) -> String {
    let numbers: Vec<String> = numbers.iter().map(u16::to_string).collect();
    let line = format!("[{}]", numbers.join(", "));
    if line.len() <= WIDTH - 50 {
        return line;
    }
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    format!("[\n{}]", filled(&numbers))
}

/// Words with commas, as many on a line as go there.
fn filled(words: &[&str]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut().filter(|line| line.len() + word.len() + 2 <= WIDTH) {
            Some(line) => line.extend([" ", word, ","]),
            None => lines.push(format!("    {word},")),
        }
    }
    lines.join("\n") + "\n"
}

/// The width of a column of names, with their quotes and a comma.
pub(super) fn width<'n>(names: impl Iterator<Item = &'n str>) -> usize {
    names.map(str::len).max().unwrap_or_default() + 3
}
