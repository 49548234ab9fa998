//! The options of a program that starts another, read as getopt reads them.

use super::wrapper::{Style, Wrapper};
use crate::command_line::Arg;

/// What a program's own words come to.
#[derive(Default)]
pub(super) struct Options<'a> {
    /// The options by their letter or long name, each with its value.
    given: Vec<(String, Option<Arg>)>,
    /// What follows the options and the words that the program keeps for itself.
    pub(super) rest: &'a [Arg],
}

impl Options<'_> {
    /// The value of the last of these options.
    pub(super) fn value(&self, names: &str) -> Option<Arg> {
        let mut given = self.given.iter().rev();
        given.find(|(name, value)| is_among(name, names) && value.is_some())?.1.clone()
    }

    /// Whether one of these options is given.
    pub(super) fn has(&self, names: &str) -> bool {
        self.given.iter().any(|(name, _)| is_among(name, names))
    }
}

fn is_among(name: &str, names: &str) -> bool {
    names.split(' ').any(|known| known == name)
}

/// Whether an option has a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Nothing,
    /// Behind its letter or `=`, or else the next word.
    Value,
    /// Only what is attached to it.
    Attached,
}

/// Reads the words behind a wrapper's name. `None` if it has no such option, so that it is not known
/// which word is the program.
pub(super) fn read<'a>(wrapper: &Wrapper, args: &'a [Arg]) -> Option<Options<'a>> {
    let mut options = Options { given: Vec::new(), rest: args };
    if wrapper.leads && options.rest.first().is_some_and(|first| !first.text.starts_with('-')) {
        options.rest = options.rest.get(1..)?;
    }
    let mut kept = 0;
    while let Some((first, tail)) = options.rest.split_first() {
        let text = first.text.as_str();
        if text == "--" {
            options.rest = tail;
            break;
        }
        if text.starts_with('-') && text != "-" {
            options.rest = tail;
            options.option(wrapper, first)?;
        } else if wrapper.style == Style::Permuted || kept < wrapper.keeps {
            // su and script read options behind other words, and so do positionals of `flock FILE -c`.
            kept += 1;
            options.rest = tail;
            if wrapper.style != Style::Permuted && kept == wrapper.keeps && !wrapper.late_options()
            {
                break;
            }
        } else {
            break;
        }
    }
    // The words that the program keeps may stand behind `--`.
    let missing = if wrapper.style == Style::Permuted { 0 } else { wrapper.keeps - kept };
    options.rest = options.rest.get(missing..)?;
    if options.rest.first().is_some_and(|first| first.text == "--") {
        options.rest = options.rest.get(1..)?;
    }
    Some(options)
}

impl Options<'_> {
    fn option(&mut self, wrapper: &Wrapper, word: &Arg) -> Option<()> {
        let text = word.text.as_str();
        if wrapper.style == Style::Go {
            return self.long(wrapper, text.trim_start_matches('-'), word);
        }
        if let Some(long) = text.strip_prefix("--") {
            return self.long(wrapper, long, word);
        }
        let letters = text.get(1..)?;
        // `nice -10`, and `linux32 -3`.
        if letters.bytes().all(|b| b.is_ascii_digit()) {
            return Some(());
        }
        for (at, letter) in letters.char_indices() {
            let attached = letters.get(at + letter.len_utf8()..).filter(|text| !text.is_empty());
            let takes = by_letter(wrapper.short, letter)?;
            let value = match (takes, attached) {
                (Takes::Nothing, _) => {
                    self.given.push((letter.to_string(), None));
                    continue;
                }
                (_, Some(text)) => Some(Arg { text: text.to_owned(), ..word.clone() }),
                (Takes::Attached, None) => None,
                (Takes::Value, None) => Some(self.next_word()?),
            };
            self.given.push((letter.to_string(), value));
            break;
        }
        Some(())
    }

    fn long(&mut self, wrapper: &Wrapper, written: &str, word: &Arg) -> Option<()> {
        let (name, attached) = match written.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (written, None),
        };
        let (name, takes) = match by_name(wrapper.long, name) {
            Some(found) => found,
            // Go's own programs have many switches; which of them take a value is in the table.
            None if wrapper.style == Style::Go => (name, Takes::Nothing),
            None => return None,
        };
        let value = match (takes, attached) {
            (_, Some(text)) => Some(Arg { text: text.to_owned(), ..word.clone() }),
            (Takes::Value, None) => Some(self.next_word()?),
            _ => None,
        };
        self.given.push((name.to_owned(), value));
        Some(())
    }

    fn next_word(&mut self) -> Option<Arg> {
        let (next, tail) = self.rest.split_first()?;
        self.rest = tail;
        Some(next.clone())
    }
}

/// A letter of getopt's list, in which a colon follows those that take a value and a question mark those
/// that take only what is attached.
fn by_letter(known: &str, letter: char) -> Option<Takes> {
    let (_, behind) = known.split_once(letter).filter(|_| !matches!(letter, ':' | '?'))?;
    Some(match behind.chars().next() {
        Some(':') => Takes::Value,
        Some('?') => Takes::Attached,
        _ => Takes::Nothing,
    })
}

/// A long option by its name or the beginning of it, if no other begins so.
fn by_name(known: &'static str, written: &str) -> Option<(&'static str, Takes)> {
    let all = || {
        known.split_ascii_whitespace().map(|option| {
            let takes = match option.chars().next_back() {
                Some('=') => Takes::Value,
                Some('?') => Takes::Attached,
                _ => Takes::Nothing,
            };
            (option.trim_end_matches(['=', '?']), takes)
        })
    };
    let exact = all().find(|(name, _)| *name == written);
    exact.or_else(|| {
        let mut alike = all().filter(|(name, _)| name.starts_with(written));
        alike.next().filter(|_| alike.next().is_none())
    })
}
