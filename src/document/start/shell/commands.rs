//! The simple commands of a script, each with whether it surely runs, and runs once.

use super::command::Command;
use super::lexer::{End, Lexer, Token};
use super::word::{Word, assigned};

/// What commands stand in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    If,
    Loop,
    Case,
    Brace,
    Function,
    Subshell,
    /// `NAME=(…)`, whose words are no commands.
    List,
}

/// How far a function's definition was read before its body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Definition {
    None,
    /// The name behind the word `function`, where parentheses may follow or not.
    Keyword,
    /// The name and an open parenthesis.
    Parenthesis,
    /// All of it.
    Named,
}

/// Takes a script apart. Blocks that end where none began are passed over.
pub(super) struct Commands<'s> {
    pub(super) lexer: Lexer<'s>,
    blocks: Vec<Block>,
    /// How many of them are functions.
    bodies: usize,
    /// The names of the functions that were defined.
    pub(super) functions: Vec<String>,
    command: Command,
    /// What ended the command before.
    prior: End,
    /// The words are a pattern of `case`.
    pattern: bool,
    function: Definition,
    ended: bool,
}

impl<'s> Commands<'s> {
    pub(super) fn new(lexer: Lexer<'s>) -> Self {
        Self {
            lexer,
            blocks: Vec::new(),
            bodies: 0,
            functions: Vec::new(),
            command: Command::default(),
            prior: End::Sequence,
            pattern: false,
            function: Definition::None,
            ended: false,
        }
    }

    /// The next command. What it sets has to be applied to the lexer's scope before the one after.
    pub(super) fn next(&mut self) -> Option<Command> {
        while !self.ended {
            let done = match self.lexer.token() {
                Some(Token::Word(word)) => {
                    self.word(word);
                    None
                }
                Some(Token::End(end)) => self.end(end),
                None => {
                    self.ended = true;
                    self.finish(End::Sequence)
                }
            };
            if done.is_some() {
                return done;
            }
        }
        None
    }

    fn word(&mut self, word: Word) {
        let command = &mut self.command;
        let first = command.words.first().map(|first| first.raw.as_str());
        let is_list = self.blocks.last() == Some(&Block::List);
        if is_list || (self.pattern && word.raw != "esac") {
            command.before.push(word);
        } else if first == Some("case") && word.raw == "in" {
            self.pattern = true;
            command.before.append(&mut command.words);
            command.before.push(word);
        } else if first == Some("function") {
            // `function NAME`, with or without parentheses behind it.
            self.functions.push(word.text.clone());
            self.function = Definition::Keyword;
            command.before.append(&mut command.words);
            command.before.push(word);
        } else if first.is_none() && self.reserved(&word.raw) {
            self.command.before.push(word);
        } else {
            self.command.words.push(word);
        }
        self.lexer.scope.in_function = self.bodies > 0;
    }

    /// Whether a word at a command's start is one of the shell's own that is no part of the command.
    fn reserved(&mut self, raw: &str) -> bool {
        match raw {
            "then" | "do" | "else" | "elif" | "!" | "time" => {}
            "if" => self.blocks.push(Block::If),
            "while" | "until" => self.blocks.push(Block::Loop),
            "{" => self.open(Block::Brace),
            "fi" => self.close(&[Block::If]),
            "done" => self.close(&[Block::Loop]),
            "}" => self.close(&[Block::Brace, Block::Function]),
            "esac" => {
                self.pattern = false;
                self.close(&[Block::Case]);
            }
            "for" | "select" => {
                self.blocks.push(Block::Loop);
                return false;
            }
            "case" => {
                self.blocks.push(Block::Case);
                return false;
            }
            _ => return false,
        }
        true
    }

    fn open(&mut self, block: Block) {
        let function = std::mem::replace(&mut self.function, Definition::None);
        let is_body = matches!(function, Definition::Keyword | Definition::Named);
        self.bodies += usize::from(is_body);
        self.blocks.push(if is_body { Block::Function } else { block });
    }

    fn close(&mut self, blocks: &[Block]) {
        if self.blocks.last().is_some_and(|last| blocks.contains(last)) {
            let closed = self.blocks.pop();
            self.bodies -= usize::from(closed == Some(Block::Function));
        }
    }

    fn end(&mut self, end: End) -> Option<Command> {
        let words = &self.command.words;
        let done = match end {
            End::Open if self.pattern => None,
            End::Open if self.function == Definition::Keyword => {
                self.function = Definition::Parenthesis;
                None
            }
            End::Open => match words.as_slice() {
                [.., last] if last.raw.ends_with('=') && assigned(&last.raw).is_some() => {
                    self.command.list = true;
                    self.blocks.push(Block::List);
                    None
                }
                [name] => {
                    self.functions.push(name.text.clone());
                    self.function = Definition::Parenthesis;
                    let name = self.command.words.pop();
                    self.command.before.extend(name);
                    None
                }
                _ => {
                    let done = self.finish(end);
                    self.open(Block::Subshell);
                    done
                }
            },
            End::Close if self.function == Definition::Parenthesis => {
                self.function = Definition::Named;
                None
            }
            End::Close if self.pattern => {
                self.pattern = false;
                None
            }
            End::Close => {
                let list = self.blocks.last() == Some(&Block::List);
                let done = if list { None } else { self.finish(end) };
                self.close(&[Block::List, Block::Subshell, Block::Function]);
                done
            }
            _ if self.blocks.last() == Some(&Block::List) => None,
            End::Case => {
                let done = self.finish(end);
                self.pattern = self.blocks.last() == Some(&Block::Case);
                done
            }
            _ => self.finish(end),
        };
        self.lexer.scope.in_function = self.bodies > 0;
        done
    }

    fn finish(&mut self, end: End) -> Option<Command> {
        let empty = self.command.words.is_empty();
        // A line may end behind `&&` and `|`.
        if empty && end == End::Sequence && matches!(self.prior, End::Condition | End::Pipe) {
            return None;
        }
        let prior = std::mem::replace(&mut self.prior, end);
        if empty {
            return None;
        }
        let alone = matches!(prior, End::Sequence | End::Background)
            && !matches!(end, End::Pipe | End::Background);
        let straight = alone && self.blocks.is_empty();
        Some(Command { straight, ..std::mem::take(&mut self.command) })
    }
}
