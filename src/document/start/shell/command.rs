//! A simple command of a script: its program, and the variables that it sets.

use super::word::{Word, assigned};

/// A command of a script.
#[derive(Default)]
pub(super) struct Command {
    /// What stands before it without being part of it: `then`, a pattern of `case`.
    pub(super) before: Vec<Word>,
    /// Its words, assignments first.
    pub(super) words: Vec<Word>,
    /// It stands in no branch, loop, function or shell of its own.
    pub(super) straight: bool,
    /// It assigns a list in parentheses.
    pub(super) list: bool,
}

impl Command {
    /// Its program and arguments.
    pub(super) fn program(&self) -> Option<(&Word, &[Word])> {
        let mut rest = self.words.as_slice();
        while let Some((first, tail)) = rest.split_first() {
            if assigned(&first.raw).is_none() && !matches!(&*first.text, "command" | "builtin") {
                return Some((first, tail));
            }
            rest = tail;
        }
        None
    }

    /// The words by which it surely sets a variable to a text.
    pub(super) fn sets(&self) -> impl Iterator<Item = &Word> {
        let words = match self.program() {
            None => self.words.as_slice(),
            Some((head, rest)) if matches!(&*head.text, "export" | "readonly") => rest,
            Some(_) => &[],
        };
        let plain = |word: &&Word| {
            assigned(&word.raw).is_some_and(|name| {
                word.raw.get(name.len()..).is_some_and(|it| it.starts_with('='))
            })
        };
        words.iter().filter(|_| self.straight && !self.list).filter(plain)
    }
}
