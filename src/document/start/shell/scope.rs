//! The variables of a script, as far as they can be followed.
//!
//! A script starts with those of its container. What it sets in so many words, one command after the
//! other, is followed; what it may set otherwise (in a branch, a loop or a function, by `read`, in a file
//! that it sources) is not known anywhere in it.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::command::Command;
use super::filled::Filled;
use super::word::{Word, assigned, name_at};
use crate::command_line::LENGTH_LIMIT;
use crate::document::environment::is_read_by_servers;
use crate::document::variables::Variables;

/// The variables that a script changes.
#[derive(Clone, Debug, Default)]
pub(in crate::document) struct Changes {
    /// Those that are only ever set in so many words.
    plain: HashSet<String>,
    /// Those that are set, or may be, otherwise.
    unclear: HashSet<String>,
    /// What may change any of them.
    by: Option<String>,
}

/// What a variable holds where it is filled in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value<'v> {
    Known(&'v str),
    Unknown {
        /// Whether it is a text without blanks at any rate.
        one_word: bool,
    },
}

#[derive(Default)]
pub(super) struct Scope<'c> {
    pub(super) container: Option<&'c Variables>,
    /// What is not known of the script itself.
    pub(super) filled: Filled,
    changes: Changes,
    /// What was set so far.
    set: HashMap<String, Option<String>>,
    /// Whether a function's body is read, which runs later than it is read.
    pub(super) in_function: bool,
    /// How many bytes were filled in: `A=$A$A` a few times would fill any memory.
    filled_in: Cell<usize>,
}

impl<'c> Scope<'c> {
    pub(super) fn new(container: Option<&'c Variables>, changes: Changes, filled: Filled) -> Self {
        Self { container, filled, changes, ..Self::default() }
    }

    pub(super) fn get(&self, name: &str) -> Value<'_> {
        match self.held(name) {
            // It was filled in where other variables hold.
            Value::Known(_) if self.filled == Filled::Any => Value::Unknown { one_word: false },
            value => value,
        }
    }

    fn held(&self, name: &str) -> Value<'_> {
        let unknown = Value::Unknown { one_word: false };
        let changes = &self.changes;
        let plain = changes.plain.contains(name);
        if changes.by.is_some() || changes.unclear.contains(name) || (self.in_function && plain) {
            return unknown;
        }
        if let Some(set) = self.set.get(name) {
            return match set {
                Some(value) if self.may_fill_in(value) => Value::Known(value),
                _ => unknown,
            };
        }
        let Some(container) = self.container else { return unknown };
        match container.get(name) {
            Some(value) => Value::Known(value),
            None => Value::Unknown { one_word: container.is_one_word(name) },
        }
    }

    fn may_fill_in(&self, value: &str) -> bool {
        self.filled_in.set(self.filled_in.get().saturating_add(value.len()));
        self.filled_in.get() <= LENGTH_LIMIT
    }

    /// Takes note of what a command sets in so many words.
    pub(super) fn apply(&mut self, command: &Command) {
        for word in command.sets() {
            let Some((name, value)) = word.text.split_once('=') else { continue };
            let known = word.unknown.is_none().then(|| value.to_owned());
            self.set.insert(name.to_owned(), known);
        }
    }
}

impl Changes {
    /// Adds what a command may change.
    pub(super) fn add(&mut self, command: &Command) {
        let set: HashSet<&str> = command.sets().filter_map(|word| assigned(&word.raw)).collect();
        // Of several, the later see what the earlier have set.
        let several = set.len() > 1 && command.words.iter().any(|it| it.raw.contains(['$', '`']));
        for word in &command.words {
            let Some(name) = assigned(&word.raw) else { continue };
            if set.contains(&name) && !several && !word.raw.contains("+=") {
                self.plain.insert(name.to_owned());
                // What splits every value.
                if name == "IFS" {
                    self.by.get_or_insert_with(|| "IFS".to_owned());
                }
            } else {
                self.unclear.insert(name.to_owned());
            }
        }
        let Some((head, rest)) = command.program() else { return };
        match head.text.as_str() {
            "for" | "select" => self.named(rest.get(..1).unwrap_or_default()),
            "printf" if rest.first().is_none_or(|it| it.text != "-v") => {}
            "read" | "mapfile" | "readarray" | "getopts" | "unset" | "declare" | "typeset"
            | "local" | "printf" => self.named(rest),
            "export" | "readonly" => {
                let plain = |it: &&Word| it.unknown.is_none() || assigned(&it.raw).is_some();
                self.named(rest.iter().find(|it| !plain(it)).map_or(&[], std::slice::from_ref));
            }
            "." | "source" | "eval" | "let" => {
                self.by.get_or_insert_with(|| head.text.clone());
            }
            _ => {}
        }
    }

    /// The names among a command's words are set by it; what is not known may be any.
    fn named(&mut self, words: &[Word]) {
        for word in words {
            let name = name_at(&word.text);
            if word.unknown.is_some() && assigned(&word.raw).is_none() {
                self.by.get_or_insert_with(|| word.raw.clone());
            } else if !name.is_empty() {
                self.unclear.insert(name.to_owned());
            }
        }
    }

    /// Any variable may be set by this.
    pub(super) fn any_by(&mut self, what: &str) {
        self.by.get_or_insert_with(|| what.to_owned());
    }

    pub(super) fn set_within(&mut self, names: Vec<String>) {
        self.unclear.extend(names);
    }

    /// What a shell that this one starts sees of it: which variables it was given is not followed.
    pub(super) fn inherited(&mut self, outer: &Self) {
        self.unclear.extend(outer.plain.iter().chain(&outer.unclear).cloned());
        self.by = self.by.take().or_else(|| outer.by.clone());
    }

    /// The changed variables that a server reads for itself, by what it reads them by; an empty name
    /// stands for any.
    pub(in crate::document) fn read_by_servers(&self) -> Vec<(String, String)> {
        let read = |name: &&String| is_read_by_servers(name);
        let named = self.plain.iter().chain(&self.unclear).filter(read);
        let mut changed: Vec<(String, String)> =
            named.map(|name| (name.clone(), format!("the script sets {name}"))).collect();
        changed.sort_unstable();
        changed.dedup();
        let any = self.by.as_ref();
        changed.extend(any.map(|by| (String::new(), format!("the script may set any by {by}"))));
        changed
    }
}
