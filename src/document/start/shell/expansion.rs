//! What a shell fills in: variables, what commands print, arithmetic.

use super::lexer::Lexer;
use super::scope::Value;
use super::word::{Word, name_at};

impl Lexer<'_> {
    /// `$NAME`, `${NAME}`, `$(command)`; a lone `$` is itself.
    pub(super) fn dollar(&mut self, quoted: bool, word: &mut Word) {
        let start = self.at;
        self.bump();
        // What stands for a number or for letters is one word.
        let mut one_word = false;
        // A list is as many words as it has items, whatever quotes stand around it.
        let mut list = false;
        let name = match self.peek() {
            // bash undoes escapes and translates; other shells keep the dollar sign.
            Some('\'') if !quoted => {
                self.ansi_quoted();
                one_word = true;
                None
            }
            Some('"') if !quoted => {
                word.text.push('$');
                word.filled_in_by("the shell", "$\"");
                return;
            }
            Some('(') => {
                self.substitution();
                let inner = self.text.get(start..self.at).unwrap_or_default();
                self.arithmetic(inner);
                None
            }
            Some('{') => {
                let inner = self.at + 1;
                self.parameter(quoted);
                let inner = self.text.get(inner..self.at.saturating_sub(1));
                inner.map(|inner| {
                    self.assigning(inner);
                    list = is_list(inner);
                    inner.to_owned()
                })
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let name = name_at(self.rest()).to_owned();
                self.at += name.len();
                Some(name)
            }
            Some(c) if c.is_ascii_digit() || "@*#?$!-".contains(c) => {
                one_word = "#?$!-".contains(c);
                list = c == '@';
                self.bump();
                None
            }
            _ => {
                word.text.push('$');
                return;
            }
        };
        let raw = self.text.get(start..self.at).unwrap_or_default();
        match name.as_deref().map(|name| self.scope.get(name)) {
            // Without quotes a value with blanks becomes several words.
            Some(Value::Known(value))
                if quoted || !value.contains([' ', '\t', '\n', '*', '?', '[']) =>
            {
                word.text.push_str(value);
            }
            value => {
                let one_word = one_word || matches!(value, Some(Value::Unknown { one_word: true }));
                word.splits |= list || (!quoted && !one_word);
                word.text.push_str(raw);
                word.filled_in_by("the shell", raw);
            }
        }
    }

    /// `$'…'`, in which a backslash keeps the next character.
    fn ansi_quoted(&mut self) {
        self.bump();
        while let Some(c) = self.bump() {
            match c {
                '\\' => {
                    self.bump();
                }
                '\'' => return,
                _ => {}
            }
        }
    }

    /// Takes note of `${NAME:=value}`, which sets what it stands for.
    fn assigning(&mut self, inner: &str) {
        let name = name_at(inner);
        let rest = inner.get(name.len()..).unwrap_or_default();
        if rest.starts_with('=') || rest.starts_with(":=") {
            self.set_within.push(name.to_owned());
        }
    }

    /// Takes note of what `$((NAME = value))` may set: every name in it.
    pub(super) fn arithmetic(&mut self, text: &str) {
        if text.starts_with("$((") {
            let names = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let names = names.filter(|name| !name.is_empty() && name_at(name) == *name);
            self.set_within.extend(names.map(str::to_owned));
        }
    }

    pub(super) fn backquote(&mut self, quoted: bool, word: &mut Word) {
        let start = self.at;
        self.bump();
        self.pass_backquote();
        let raw = self.text.get(start..self.at).unwrap_or_default();
        word.text.push_str(raw);
        word.splits |= !quoted;
        word.filled_in_by("the shell", raw);
    }
}

/// Whether the inside of `${…}` stands for several words even within quotes: `@`, `NAME[@]`, the names
/// behind `!NAME@`, also where they are only another's default.
fn is_list(inner: &str) -> bool {
    let indirect = inner.strip_prefix('!');
    !inner.starts_with('#')
        && (indirect.unwrap_or(inner).starts_with('@')
            || inner.contains("[@]")
            || inner.contains("$@")
            || inner.contains("${@")
            || indirect.is_some_and(|name| name.ends_with('@')))
}
