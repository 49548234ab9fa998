//! A shell's words and what ends its commands, as POSIX and bash split them.

use super::scope::Scope;
use super::word::Word;

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
    pub(super) text: &'s str,
    pub(super) at: usize,
    pub(super) scope: Scope<'s>,
    /// The here-documents that begin with the next line: what ends each, and whether tabs stand before.
    pub(super) documents: Vec<(String, bool)>,
    pub(super) passed: Vec<String>,
    /// Variables that an expansion sets: `${NAME:=value}`.
    pub(super) set_within: Vec<String>,
    /// How many brackets the place stands in.
    pub(super) depth: usize,
    /// A bracket was found that nothing closes.
    pub(super) unclosed: bool,
    /// Where those end that begin as `((` and are shells of their own, around the place.
    shells: Vec<usize>,
}

/// How far a word has the form of `{a,b}` or `{1..3}`, of which bash and its like make several words.
#[derive(Default)]
struct Braces {
    opened: bool,
    separated: bool,
    last: char,
}

impl Braces {
    /// Takes note of an unquoted character. True if it closes what is expanded.
    fn expand_at(&mut self, c: char) -> bool {
        match c {
            '{' => (self.opened, self.separated) = (true, false),
            ',' => self.separated |= self.opened,
            '.' => self.separated |= self.opened && self.last == '.',
            _ => {}
        }
        self.last = c;
        c == '}' && self.separated
    }
}

/// How many shells of their own that begin as arithmetic does may stand within each other and still be
/// told from it: each is read to its end for that.
const MOST_SHELLS: usize = 32;

impl<'s> Lexer<'s> {
    pub(super) fn new(text: &'s str, scope: Scope<'s>) -> Self {
        let (documents, passed, set_within) = (Vec::new(), Vec::new(), Vec::new());
        let (depth, unclosed, shells) = (0, false, Vec::new());
        Self { text, at: 0, scope, documents, passed, set_within, depth, unclosed, shells }
    }

    pub(super) fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
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
                    if self.arithmetic_command() {
                        return Some(Token::End(End::Sequence));
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
        let mut braces = Braces::default();
        while let Some(c) = self.peek() {
            match c {
                '\'' if !quoted => {
                    self.bump();
                    let end = self.rest().find('\'').unwrap_or(self.rest().len());
                    let inner = self.rest().get(..end).unwrap_or_default();
                    word.text.push_str(inner);
                    self.within_single_quotes(inner, &mut word);
                    self.at += end;
                    self.bump();
                }
                '"' => {
                    self.bump();
                    quoted = !quoted;
                }
                '$' | '{' if self.filled_in(quoted, &mut word) => {}
                '\\' if self.backslash_before_filled_in() => {
                    self.bump();
                }
                '\\' => self.escape(quoted, &mut word.text),
                '$' => self.dollar(quoted, &mut word),
                '`' => self.backquote(quoted, &mut word),
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')' if !quoted => {
                    break;
                }
                _ => {
                    if !quoted && braces.expand_at(c) {
                        word.splits = true;
                        word.filled_in_by("bash", "{…}");
                    }
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

    /// Passes over `((…))`, as bash tells it from two shells of their own: both parentheses close at once.
    /// In it `<<` begins no here-document.
    fn arithmetic_command(&mut self) -> bool {
        let start = self.at;
        self.shells.retain(|end| *end > start);
        if self.unclosed || self.shells.len() >= MOST_SHELLS || !self.skip("((") {
            return false;
        }
        self.at -= 1;
        self.unclosed = !self.balanced('(', ')');
        let closed = self.skip(")");
        if closed {
            let text = self.text.get(start..self.at).unwrap_or_default();
            self.arithmetic(&["$", text].concat());
        } else {
            self.shells.push(self.at);
            self.at = start;
        }
        closed
    }

    /// Goes behind the bracket that closes the one here; false if none does.
    pub(super) fn balanced(&mut self, open: char, close: char) -> bool {
        let mut depth = 0_usize;
        while let Some(c) = self.bump() {
            if c == open {
                depth += 1;
            } else if c == close {
                depth -= 1;
                if depth == 0 {
                    return true;
                }
            }
        }
        false
    }
}
