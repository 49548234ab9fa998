//! The variables of a unit, as far as the unit itself tells them.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::page::{Glyph, Page, split_once, text};
use super::words::Word;
use crate::command_line::{LENGTH_LIMIT, Variable};

/// What `Environment=` and its like say.
#[derive(Default)]
pub(super) struct Environment {
    /// Names and values, the last of a name counts.
    assigned: Vec<(String, Vec<Glyph>)>,
    /// Where the last assignment of a name is among them.
    last: HashMap<String, usize>,
    /// Names that the manager hands on.
    passed: Vec<String>,
    removed: HashSet<String>,
    /// How many characters were filled in: a long value can stand in a command many times.
    filled_in: Cell<usize>,
    /// Files that are read when the unit starts; they win over what the unit says.
    files: Vec<String>,
}

impl Environment {
    pub(super) fn file(&mut self, path: &str) {
        match path.strip_prefix('-').unwrap_or(path) {
            "" => self.files.clear(),
            path => self.files.push(path.to_owned()),
        }
    }

    /// `"A=b c" D=e`; nothing at all resets what was said before.
    pub(super) fn assign(&mut self, words: &[Word]) {
        if words.is_empty() {
            self.assigned.clear();
            self.last.clear();
        }
        for word in words {
            if let Some((name, value)) = split_once(&word.glyphs, '=') {
                self.last.insert(text(name), self.assigned.len());
                self.assigned.push((text(name), value.to_vec()));
            }
        }
    }

    pub(super) fn pass(&mut self, words: &[Word]) {
        self.passed.extend(words.iter().map(Word::text));
    }

    pub(super) fn unset(&mut self, words: &[Word]) {
        self.removed.extend(words.iter().map(Word::text));
    }

    /// The names and values that the unit itself gives.
    pub(super) fn assigned(&self) -> &[(String, Vec<Glyph>)] {
        &self.assigned
    }

    /// Why a variable is not known although the unit gives it.
    pub(super) fn file_wins(&self, name: &str) -> Option<String> {
        let file = self.files.last()?;
        Some(format!("systemd fills in ${name}, which {file} may set"))
    }

    /// The value of a variable, or why it is not known.
    pub(super) fn get(&self, name: &str) -> Result<&[Glyph], String> {
        if let Some(why) = self.file_wins(name) {
            return Err(why);
        }
        let last = self.last.get(name).and_then(|at| self.assigned.get(*at));
        let length = last.map_or(0, |(_, value)| value.len());
        self.filled_in.set(self.filled_in.get().saturating_add(length));
        match last {
            _ if self.removed.contains(name) => Ok(&[]),
            _ if self.filled_in.get() > LENGTH_LIMIT => {
                Err(format!("systemd fills in ${name}, and more than 128 KiB in all"))
            }
            // A specifier in it is filled in before.
            Some((_, value)) if !value.iter().any(|glyph| glyph.c == '%') => Ok(value),
            Some(_) => Err(format!("systemd fills in ${name}, which holds a specifier")),
            None => Err(format!("systemd fills in ${name}, which this unit does not set")),
        }
    }

    /// The variables that etcd reads for itself.
    pub(super) fn of_etcd(&self, page: &Page<'_>) -> Vec<Variable> {
        let mut variables: Vec<Variable> = Vec::new();
        for (at, (name, value)) in self.assigned.iter().enumerate() {
            if !name.starts_with("ETCD_") || self.last.get(name) != Some(&at) {
                continue;
            }
            let (Some(first), Some(last)) = (value.first(), value.last()) else { continue };
            let value = match self.get(name) {
                Ok(known) => page.arg(text(known), first.start, last.end),
                Err(why) => page.unresolved(text(value), first.start, last.end, why),
            };
            variables.push(Variable { name: name.clone(), value });
        }
        let unseen = self.files.iter().map(|file| format!("variables come from {file}"));
        let passed = self.passed.iter().filter(|name| name.starts_with("ETCD_"));
        let passed = passed.map(|name| format!("{name} comes from systemd's own environment"));
        for why in unseen.chain(passed) {
            let value = page.unresolved(String::new(), 0, 0, why);
            variables.push(Variable { name: String::new(), value });
        }
        variables
    }
}
