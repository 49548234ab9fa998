//! What stands between brackets within a word: `$(…)` and `${…}`, in which quotes, here-documents and
//! further brackets hide the bracket that closes.

use super::lexer::{End, Lexer, Token};

/// How deep brackets within each other are followed with their quotes; a shell script has three or four.
const DEEPEST: usize = 32;

/// What a bracket within a substitution closes.
#[derive(PartialEq, Eq)]
enum Opened {
    Parenthesis,
    /// `case`, whose patterns end with a parenthesis.
    Case,
}

impl Lexer<'_> {
    /// Passes over `(…)` behind a dollar sign: the commands in it, word by word, or arithmetic.
    pub(super) fn substitution(&mut self) {
        let start = self.at;
        if self.rest().starts_with("((") {
            let closed = self.balanced('(', ')');
            if closed && self.text.get(start..self.at).is_some_and(|text| text.ends_with("))")) {
                return;
            }
            self.at = start;
        }
        self.nested(Self::commands_in_parentheses);
    }

    /// Passes over `{…}` behind a dollar sign.
    pub(super) fn parameter(&mut self, quoted: bool) {
        self.nested(|lexer| lexer.braces(quoted));
    }

    /// Reads on to what closes a bracket. Where none does, the brackets alone are counted from then on,
    /// so that a text full of open ones is not read again and again.
    fn nested(&mut self, read: impl FnOnce(&mut Self) -> bool) {
        let start = self.at;
        if !self.unclosed && self.depth < DEEPEST {
            self.depth += 1;
            let documents = std::mem::take(&mut self.documents);
            let passed = std::mem::take(&mut self.passed);
            let closed = read(self);
            (self.documents, self.passed) = (documents, passed);
            self.depth -= 1;
            if closed {
                return;
            }
            self.unclosed = true;
            self.at = start;
        }
        match self.peek() {
            Some('{') => self.balanced('{', '}'),
            _ => self.balanced('(', ')'),
        };
    }

    fn commands_in_parentheses(&mut self) -> bool {
        self.bump();
        let mut opened: Vec<Opened> = Vec::new();
        // Whether the next word is the first of a command.
        let mut first = true;
        while let Some(token) = self.token() {
            match token {
                Token::Word(word) => match word.raw.as_str() {
                    "case" if first => {
                        opened.push(Opened::Case);
                        first = false;
                    }
                    "esac" if opened.last() == Some(&Opened::Case) => {
                        opened.pop();
                    }
                    "then" | "do" | "else" | "elif" | "if" | "while" | "until" | "{" | "!" => {}
                    _ => first = false,
                },
                Token::End(End::Open) => {
                    opened.push(Opened::Parenthesis);
                    first = true;
                }
                Token::End(End::Close) => {
                    match opened.last() {
                        None => return true,
                        Some(Opened::Parenthesis) => {
                            opened.pop();
                        }
                        Some(Opened::Case) => {}
                    }
                    first = true;
                }
                Token::End(_) => first = true,
            }
        }
        false
    }

    fn braces(&mut self, quoted: bool) -> bool {
        self.bump();
        // Within double quotes a single one is a letter, but in the pattern of `${NAME#pattern}`.
        let operator =
            self.rest().trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let single = !quoted || operator.starts_with(['#', '%', '/', '^', ',']);
        while let Some(c) = self.peek() {
            match c {
                '}' => {
                    self.bump();
                    return true;
                }
                '\'' if single => self.single_quoted(),
                _ => self.quoted_piece(c, quoted),
            }
        }
        false
    }

    /// Passes over `'…'`; a quote that nothing closes is a letter.
    fn single_quoted(&mut self) {
        self.bump();
        self.at += self.rest().find('\'').map_or(0, |end| end + 1);
    }

    /// Passes over one character, or over what begins with it and hides brackets.
    fn quoted_piece(&mut self, c: char, quoted: bool) {
        self.bump();
        match c {
            '\\' => {
                self.bump();
            }
            '"' => {
                while let Some(c) = self.peek().filter(|c| *c != '"') {
                    if c == '$' || c == '\\' || c == '`' {
                        self.quoted_piece(c, true);
                    } else {
                        self.bump();
                    }
                }
                self.bump();
            }
            '`' => self.pass_backquote(),
            '$' => match self.peek() {
                Some('(') => self.substitution(),
                Some('{') => self.parameter(quoted),
                _ => {}
            },
            _ => {}
        }
    }

    /// Goes behind the backquote that closes.
    pub(super) fn pass_backquote(&mut self) {
        while let Some(c) = self.bump() {
            match c {
                '\\' => {
                    self.bump();
                }
                '`' => return,
                _ => {}
            }
        }
    }
}
