//! A shell's words and what ends its commands, as POSIX and bash split them.

use super::scope::{Scope, Value, name_at};

/// A word of a script.
#[derive(Debug, Default)]
pub(super) struct Word {
    /// As it stands in the script.
    pub(super) raw: String,
    /// With quotes and escapes done.
    pub(super) text: String,
    /// What is not known of it.
    pub(super) unknown: Option<String>,
    /// What is not known may become several words, or none.
    pub(super) splits: bool,
    /// Comments and here-documents that were passed over before it.
    pub(super) passed: Vec<String>,
}

#[derive(Debug)]
pub(super) enum Token {
    Word(Word),
    /// What ends a command.
    End(End),
}

/// What ends a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A line's end or `;`.
    Sequence,
    /// `&&`, `||`: the next runs by how this one ends.
    Condition,
    /// `|`: both run in shells of their own.
    Pipe,
    /// `&`: it runs in a shell of its own.
    Background,
    /// `;;` and its like in `case`.
    Case,
    /// `(`
    Open,
    /// `)`
    Close,
}

/// What ends a command, longest first.
const ENDS: [(&str, End); 12] = [
    (";;&", End::Case),
    (";;", End::Case),
    (";&", End::Case),
    ("&&", End::Condition),
    ("||", End::Condition),
    ("|&", End::Pipe),
    ("|", End::Pipe),
    ("&", End::Background),
    (";", End::Sequence),
    ("\n", End::Sequence),
    ("(", End::Open),
    (")", End::Close),
];

pub(super) struct Lexer<'s> {
    text: &'s str,
    at: usize,
    pub(super) scope: Scope<'s>,
    /// The here-documents that begin with the next line: what ends each, and whether tabs stand before.
    documents: Vec<(String, bool)>,
    passed: Vec<String>,
    /// Variables that an expansion sets: `${NAME:=value}`.
    pub(super) set_within: Vec<String>,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(text: &'s str, scope: Scope<'s>) -> Self {
        let (documents, passed, set_within) = (Vec::new(), Vec::new(), Vec::new());
        Self { text, at: 0, scope, documents, passed, set_within }
    }

    fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        if found {
            self.at += prefix.len();
        }
        found
    }

    pub(super) fn token(&mut self) -> Option<Token> {
        loop {
            if self.skip("\\\r\n") || self.skip("\\\n") {
                continue;
            }
            match self.peek()? {
                ' ' | '\t' | '\r' => {
                    self.bump();
                }
                '#' => {
                    let end = self.rest().find('\n').unwrap_or(self.rest().len());
                    self.passed.push(self.rest().get(..end).unwrap_or_default().to_owned());
                    self.at += end;
                }
                '\n' | ';' | '&' | '|' | '(' | ')' => {
                    // `&>` sends both outputs to a file and ends nothing.
                    if self.skip("&>") {
                        self.redirection();
                        continue;
                    }
                    let line_ends = self.peek() == Some('\n');
                    let (written, end) =
                        ENDS.into_iter().find(|(written, _)| self.rest().starts_with(written))?;
                    self.at += written.len();
                    if line_ends {
                        self.pass_documents();
                    }
                    return Some(Token::End(end));
                }
                '<' | '>' => self.redirection(),
                _ => {
                    let start = self.at;
                    let word = self.word();
                    let number = word.raw.bytes().all(|b| b.is_ascii_digit());
                    if number && matches!(self.peek(), Some('<' | '>')) {
                        self.redirection();
                        continue;
                    }
                    // Without quotes, what is filled in with nothing is no word.
                    let quoted = word.raw.contains(['"', '\'', '\\']);
                    if self.at > start && word.text.is_empty() && !quoted {
                        continue;
                    }
                    return Some(Token::Word(word));
                }
            }
        }
    }

    /// Skips an operator such as `>>` or `>&` and the word it applies to.
    fn redirection(&mut self) {
        let start = self.at;
        while matches!(self.peek(), Some('<' | '>' | '&' | '|')) {
            self.bump();
        }
        let document = self.text.get(start..self.at) == Some("<<");
        let tabs = document && self.skip("-");
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.bump();
        }
        if !matches!(self.peek(), None | Some('\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>')) {
            let word = self.word();
            if document {
                let end = if word.unknown.is_some() { word.raw } else { word.text };
                self.documents.push((end, tabs));
            }
        }
    }

    /// Passes over the here-documents that begin here. One that does not end takes all that is left.
    fn pass_documents(&mut self) {
        for (end, tabs) in std::mem::take(&mut self.documents) {
            while !self.rest().is_empty() {
                let length = self.rest().find('\n').map_or(self.rest().len(), |at| at + 1);
                let line = self.rest().get(..length).unwrap_or_default();
                self.at += length;
                let line = line.trim_end_matches(['\n', '\r']);
                let bare = if tabs { line.trim_start_matches('\t') } else { line };
                self.passed.push(line.to_owned());
                if bare == end {
                    break;
                }
            }
        }
    }

    fn word(&mut self) -> Word {
        let start = self.at;
        let mut word = Word { passed: std::mem::take(&mut self.passed), ..Word::default() };
        let mut quoted = false;
        while let Some(c) = self.peek() {
            match c {
                '\'' if !quoted => {
                    self.bump();
                    let end = self.rest().find('\'').unwrap_or(self.rest().len());
                    word.text.push_str(self.rest().get(..end).unwrap_or_default());
                    self.at += end;
                    self.bump();
                }
                '"' => {
                    self.bump();
                    quoted = !quoted;
                }
                '\\' => self.escape(quoted, &mut word.text),
                '$' => self.dollar(quoted, &mut word),
                '`' => self.backquote(quoted, &mut word),
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')' if !quoted => {
                    break;
                }
                _ => {
                    word.text.push(c);
                    self.bump();
                }
            }
        }
        self.text.get(start..self.at).unwrap_or_default().clone_into(&mut word.raw);
        word
    }

    fn escape(&mut self, quoted: bool, text: &mut String) {
        if self.skip("\\\r\n") || self.skip("\\\n") {
            return;
        }
        self.bump();
        match self.bump() {
            Some(c) if !quoted || matches!(c, '"' | '\\' | '$' | '`') => text.push(c),
            Some(c) => {
                text.push('\\');
                text.push(c);
            }
            None => text.push('\\'),
        }
    }

    /// `$NAME`, `${NAME}`, `$(command)`; a lone `$` is itself.
    fn dollar(&mut self, quoted: bool, word: &mut Word) {
        let start = self.at;
        self.bump();
        // What stands for a number or for letters is one word.
        let mut one_word = false;
        let name = match self.peek() {
            // bash undoes escapes and translates; other shells keep the dollar sign.
            Some('\'') if !quoted => {
                self.ansi_quoted();
                one_word = true;
                None
            }
            Some('"') if !quoted => {
                word.text.push('$');
                word.unknown.get_or_insert_with(|| "$\"".to_owned());
                return;
            }
            Some('(') => {
                self.balanced('(', ')');
                let inner = self.text.get(start..self.at).unwrap_or_default();
                self.arithmetic(inner);
                None
            }
            Some('{') => {
                let inner = self.at + 1;
                self.balanced('{', '}');
                let inner = self.text.get(inner..self.at.saturating_sub(1));
                inner.map(|inner| {
                    self.assigning(inner);
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
                word.splits |= !quoted && !one_word;
                word.text.push_str(raw);
                word.unknown.get_or_insert_with(|| raw.to_owned());
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
    fn arithmetic(&mut self, text: &str) {
        if text.starts_with("$((") {
            let names = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let names = names.filter(|name| !name.is_empty() && name_at(name) == *name);
            self.set_within.extend(names.map(str::to_owned));
        }
    }

    fn backquote(&mut self, quoted: bool, word: &mut Word) {
        let start = self.at;
        self.bump();
        let end = self.rest().find('`').map_or(self.rest().len(), |end| end + 1);
        self.at += end;
        let raw = self.text.get(start..self.at).unwrap_or_default();
        word.text.push_str(raw);
        word.splits |= !quoted;
        word.unknown.get_or_insert_with(|| raw.to_owned());
    }

    fn balanced(&mut self, open: char, close: char) {
        let mut depth = 0_usize;
        while let Some(c) = self.bump() {
            if c == open {
                depth += 1;
            } else if c == close {
                depth -= 1;
                if depth == 0 {
                    return;
                }
            }
        }
    }
}
