//! The component that a shell script starts, its words with their places.
//!
//! Enough of the POSIX shell to split words as it does: quotes, escapes, comments, line
//! continuations, redirections and what ends a command. What the shell would compute (variables
//! that are not in the container's environment, substitutions) is marked as not known.

use super::program::{Container, Start, basename};
use crate::command_line::{Arg, Certainty, Location, Mark, Span};
use crate::component::Component;

/// Words that stand before a command without being one.
const PREFIXES: [&str; 12] =
    ["exec", "nohup", "then", "do", "else", "elif", "if", "while", "until", "!", "{", "time"];

/// The first command of the script that starts a component.
pub(super) fn find(script: &Arg, container: Option<&Container<'_>>) -> Option<Start> {
    starts(script, container).into_iter().next()
}

/// The commands of the script that start a component, in order.
pub(super) fn starts(script: &Arg, container: Option<&Container<'_>>) -> Vec<Start> {
    let mut starts = Vec::new();
    if script.certainty != Certainty::Known {
        return starts;
    }
    let mut lexer = Lexer { text: &script.text, at: 0, container };
    let mut commands: Vec<Vec<Word>> = vec![Vec::new()];
    while let Some(token) = lexer.token() {
        match (token, commands.last_mut()) {
            (Token::Word(word), Some(last)) => last.push(word),
            _ => commands.push(Vec::new()),
        }
    }
    let source = container.and_then(|container| (container.source)(script));
    let mut places = Places { script, source: source.as_deref(), cursor: 0, missed: 0, last: None };
    for words in commands {
        let mut args: Vec<Arg> = Vec::with_capacity(words.len());
        for word in words {
            args.push(places.place(word));
        }
        starts.extend(command(&args));
    }
    starts
}

/// The words of one command line, as a shell splits them.
pub fn words(text: &str) -> Vec<String> {
    let mut lexer = Lexer { text, at: 0, container: None };
    let mut words = Vec::new();
    while let Some(token) = lexer.token() {
        if let Token::Word(word) = token {
            words.push(word.text);
        }
    }
    words
}

/// The words of a script's first command, each with its place.
pub(super) fn arguments(script: &Arg, source: &dyn Fn(&Arg) -> Option<String>) -> Vec<Arg> {
    let mut lexer = Lexer { text: &script.text, at: 0, container: None };
    let source = source(script);
    let mut places = Places { script, source: source.as_deref(), cursor: 0, missed: 0, last: None };
    let mut args = Vec::new();
    while let Some(token) = lexer.token() {
        match token {
            Token::Word(word) => args.push(places.place(word)),
            Token::End if args.is_empty() => {}
            Token::End => break,
        }
    }
    args
}

/// The component that one simple command starts.
fn command(words: &[Arg]) -> Option<Start> {
    let mut rest = words;
    loop {
        let (first, tail) = rest.split_first()?;
        let name = basename(&first.text);
        let assignment = first.text.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        });
        if PREFIXES.contains(&first.text.as_str()) || assignment {
            rest = tail;
        } else if Component::from_name(name).is_some()
            || ["hyperkube", "env", "go-runner"].contains(&name)
        {
            return super::program::find(rest, None);
        } else {
            return None;
        }
    }
}

/// How many words that stand otherwise in the source are looked for there, each in all that is left of it.
const MOST_SOUGHT: usize = 100;

#[derive(Debug, PartialEq)]
struct Word {
    /// As it stands in the script.
    raw: String,
    /// With quotes and escapes done.
    text: String,
    unknown: Option<String>,
}

#[derive(Debug, PartialEq)]
enum Token {
    Word(Word),
    /// What ends a command.
    End,
}

struct Lexer<'s> {
    text: &'s str,
    at: usize,
    container: Option<&'s Container<'s>>,
}

impl<'s> Lexer<'s> {
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

    fn token(&mut self) -> Option<Token> {
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
                    self.at += end;
                }
                '\n' | ';' | '&' | '|' | '(' | ')' => {
                    // `&>` sends both outputs to a file and ends nothing.
                    if self.skip("&>") {
                        self.redirection();
                        continue;
                    }
                    self.bump();
                    return Some(Token::End);
                }
                '<' | '>' => self.redirection(),
                _ => {
                    let word = self.word();
                    let number = word.raw.bytes().all(|b| b.is_ascii_digit());
                    if number && matches!(self.peek(), Some('<' | '>')) {
                        self.redirection();
                        continue;
                    }
                    return Some(Token::Word(word));
                }
            }
        }
    }

    /// Skips an operator such as `>>` or `>&` and the word it applies to.
    fn redirection(&mut self) {
        while matches!(self.peek(), Some('<' | '>' | '&' | '|')) {
            self.bump();
        }
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.bump();
        }
        if !matches!(self.peek(), None | Some('\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>')) {
            self.word();
        }
    }

    fn word(&mut self) -> Word {
        let start = self.at;
        let mut word = Word { raw: String::new(), text: String::new(), unknown: None };
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
                '`' => self.backquote(&mut word),
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
        let name = match self.peek() {
            Some('(') => {
                self.balanced('(', ')');
                None
            }
            Some('{') => {
                let inner = self.at + 1;
                self.balanced('{', '}');
                self.text.get(inner..self.at.saturating_sub(1)).map(str::to_owned)
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let name: String = self
                    .rest()
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect();
                self.at += name.len();
                Some(name)
            }
            Some(c) if c.is_ascii_digit() || "@*#?$!-".contains(c) => {
                self.bump();
                None
            }
            _ => {
                word.text.push('$');
                return;
            }
        };
        let raw = self.text.get(start..self.at).unwrap_or_default();
        let value = name
            .as_deref()
            .and_then(|name| self.container.and_then(|container| container.variables.get(name)));
        match value {
            // Without quotes a value with blanks becomes several words.
            Some(value) if quoted || !value.contains([' ', '\t', '\n', '*', '?', '[']) => {
                word.text.push_str(value);
            }
            Some(_) | None => {
                word.text.push_str(raw);
                word.unknown.get_or_insert_with(|| raw.to_owned());
            }
        }
    }

    fn backquote(&mut self, word: &mut Word) {
        let start = self.at;
        self.bump();
        let end = self.rest().find('`').map_or(self.rest().len(), |end| end + 1);
        self.at += end;
        let raw = self.text.get(start..self.at).unwrap_or_default();
        word.text.push_str(raw);
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

/// Finds the script's words in the text that carries the script.
///
/// YAML's folding and indentation change only blanks, and words have none, so each word stands in
/// the source as it does in the script; where escapes changed it, the script's own place is given.
struct Places<'s> {
    script: &'s Arg,
    source: Option<&'s str>,
    cursor: usize,
    /// How many words were looked for in vain; after [`MOST_SOUGHT`] none is.
    missed: usize,
    /// The last offset that was turned into a place, with its line and column.
    last: Option<(usize, usize, usize)>,
}

impl Places<'_> {
    fn place(&mut self, word: Word) -> Arg {
        let location = self.find(&word.raw).unwrap_or_else(|| self.script.location.clone());
        let certainty = match word.unknown {
            None => Certainty::Known,
            Some(what) => Certainty::Unresolved(format!("the shell fills in {what}")),
        };
        Arg { text: word.text, location, certainty, added_by: None }
    }

    fn find(&mut self, raw: &str) -> Option<Location> {
        let Location::Text { path, span } = &self.script.location else {
            return None;
        };
        let source = self.source?;
        if self.missed >= MOST_SOUGHT {
            return None;
        }
        let Some(start) = source.get(self.cursor..).and_then(|rest| rest.find(raw)) else {
            self.missed += 1;
            return None;
        };
        let start = self.cursor + start;
        let end = start + raw.len();
        self.cursor = end;
        let mut mark = |offset: usize| -> Option<Mark> {
            let (from, line, column) = self.last.unwrap_or((0, span.start.line, span.start.column));
            let between = source.get(from..offset)?;
            let lines = between.matches('\n').count();
            let column = match between.rsplit_once('\n') {
                Some((_, tail)) => tail.chars().count() + 1,
                None => column + between.chars().count(),
            };
            self.last = Some((offset, line + lines, column));
            Some(Mark { offset: span.start.offset + offset, line: line + lines, column })
        };
        let span = Span { start: mark(start)?, end: mark(end)? };
        Some(Location::Text { path: path.clone(), span })
    }
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::command_line::{Arg, Certainty, Location};

    fn started(script: &str) -> Vec<String> {
        let script = Arg {
            text: script.to_owned(),
            location: Location::Argv { argument: 0 },
            certainty: Certainty::Known,
            added_by: None,
        };
        let Some(start) = find(&script, None) else {
            return vec!["nothing".to_owned()];
        };
        start
            .args
            .into_iter()
            .map(|arg| match arg.certainty {
                Certainty::Known => arg.text,
                _ => format!("?{}", arg.text),
            })
            .collect()
    }

    #[test]
    fn words_are_split_as_a_shell_splits_them() {
        let cases: &[(&str, &[&str])] = &[
            ("exec kube-apiserver --a=b 1>>/var/log/x 2>&1", &["--a=b"]),
            ("kube-apiserver --a=\"b c\" '--d=$e' --f\\ g", &["--a=b c", "--d=$e", "--f g"]),
            ("kube-apiserver \\\n    --a \\\n    --b\n", &["--a", "--b"]),
            ("mkfifo /p; tee < /p & kube-apiserver --a > /p", &["--a"]),
            ("kube-apiserver --a # --b\n--c", &["--a"]),
            ("X=1 /usr/bin/kube-apiserver --a=$X \"--b=${Y:-z}\"", &["?--a=$X", "?--b=${Y:-z}"]),
            ("kube-apiserver $(cat /etc/args) `x`", &["?$(cat /etc/args)", "?`x`"]),
            ("if true; then kube-apiserver --a; fi", &["--a"]),
            ("kube-apiserver --a &>/dev/null", &["--a"]),
            ("kube-apiserver --a='x'\"y\"z", &["--a=xyz"]),
            ("echo kube-apiserver --a", &["nothing"]),
            ("# kube-apiserver --a", &["nothing"]),
            ("hyperkube apiserver --a", &["--a"]),
        ];
        for (script, expected) in cases {
            assert_eq!(started(script), *expected, "{script}");
        }
    }

    #[test]
    fn unfinished_scripts_end() {
        for script in ["kube-apiserver '", "kube-apiserver \"a", "kube-apiserver $(", "a\\", "${"] {
            let _ = started(script);
        }
    }
}
