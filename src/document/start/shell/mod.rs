//! The components that a shell script starts, their words with their places.
//!
//! Enough of the POSIX shell to split words as it does: quotes, escapes, comments, here-documents, line
//! continuations, redirections and what ends a command. What the shell would compute (variables
//! that are not in the container's environment, substitutions) is marked as not known.
//!
//! Which branch is taken is not known either, so every command that starts a component is one of the
//! script's servers, whether the others run before it, after it or instead of it. Only one that prints
//! something and ends is none.

mod command;
mod commands;
mod expansion;
mod filled;
mod holes;
mod lexer;
mod nested;
mod places;
mod scope;
mod word;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::iter;

use super::following::is_stdin_shell;
use super::mention::mentioned;
use super::program::Container;
use super::start::Start;
use crate::command_line::{Arg, Certainty, LENGTH_LIMIT, Variable};
use crate::component::Component;
use crate::document::environment::{Change, MOST_SHARED};
use commands::Commands;
use filled::Filled;
use lexer::{Lexer, Token};
use places::Places;
pub(super) use scope::Changes;
use scope::Scope;
use word::assigned;

/// The commands of the script that start a component, in order, those that say the same once.
pub(super) fn distinct(script: &Arg, container: Option<&Container<'_>>) -> Vec<Start> {
    let mut said: HashSet<Vec<(String, Certainty)>> = HashSet::new();
    let mut starts = starts(&within_limit(script), container);
    starts.retain(|start| {
        let program = (start.component.name().to_owned(), Certainty::Known);
        let args = start.args.iter().map(|arg| (arg.text.clone(), arg.certainty.clone()));
        let environment = start.changes.iter().map(Change::said);
        said.insert(iter::once(program).chain(args).chain(environment).collect())
    });
    numbered(starts)
}

/// The script, or as much of it as a shell could be handed: one word on the way to a program is no
/// longer (`MAX_ARG_STRLEN`). What is found there is refused, for the kernel starts none of it.
fn within_limit(script: &Arg) -> Cow<'_, Arg> {
    if script.text.len() <= LENGTH_LIMIT {
        return Cow::Borrowed(script);
    }
    let end = script.text.floor_char_boundary(LENGTH_LIMIT);
    let text = script.text.get(..end).unwrap_or_default().to_owned();
    let why = "is a script of more than 128 KiB: the kernel hands a program no longer argument";
    let certainty = Certainty::Refused(why.to_owned());
    Cow::Owned(Arg { text, certainty, ..script.clone() })
}

/// Each with how many of its component come before it.
fn numbered(mut starts: Vec<Start>) -> Vec<Start> {
    let mut counts: HashMap<Component, usize> = HashMap::new();
    for start in &mut starts {
        let count = counts.entry(start.component).or_default();
        start.number = *count;
        *count += 1;
    }
    starts
}

/// The commands of the script that start a component, in order.
pub(in crate::document) fn starts(script: &Arg, container: Option<&Container<'_>>) -> Vec<Start> {
    let (mut starts, mut reads_input) = (Vec::<Start>::new(), false);
    let known = Known::of(script, container);
    let variables = container.map(|container| container.variables);
    let scope = Scope::new(variables, known.changes.clone(), known.filled);
    let mut commands = Commands::new(Lexer::new(&script.text, scope));
    let source = container.and_then(|container| (container.source)(script));
    let mut places = Places::new(script, source.as_deref());
    while let Some(found) = commands.next() {
        commands.lexer.scope.apply(&found);
        places.pass(found.before);
        let args = places.args(found.words);
        reads_input |= is_stdin_shell(&args);
        starts.extend(command(&args, &known, container));
    }
    // What a shell reads from its input is somewhere in the script, as a text.
    let text = Arg { certainty: Certainty::Known, ..script.clone() };
    let read = mentioned(std::slice::from_ref(&text), false).filter(|_| reads_input);
    let unseen = |component: &Component| starts.iter().all(|start| start.component != *component);
    if let Some(component) = read.filter(unseen) {
        let why = "a shell reads it from its input".to_owned();
        let place = Arg { text: component.name().to_owned(), ..text };
        starts.push(Start::not_followed(component, &[place], why));
    }
    if matches!(script.certainty, Certainty::Refused(_)) {
        let refused = Arg { text: String::new(), ..script.clone() };
        for start in &mut starts {
            start.args.push(refused.clone());
        }
    }
    numbered(starts)
}

/// What has to be known of a whole script before any of its commands is read.
struct Known {
    changes: Changes,
    /// The changed variables that a server reads for itself, and why they are not known.
    reset: Vec<(String, String)>,
    /// Who has put something into it.
    filled: Filled,
    /// Functions and aliases.
    functions: HashSet<String>,
}

impl Known {
    fn of(script: &Arg, container: Option<&Container<'_>>) -> Self {
        let filled = Filled::of(script, container);
        let mut changes = Changes::default();
        let mut commands = Commands::new(Lexer::new(&script.text, Scope::default()));
        let mut functions = HashSet::new();
        while let Some(command) = commands.next() {
            changes.add(&command);
            // What was put into the script may be a command that sets any variable.
            let head = command.program().map(|(head, _)| head).filter(|_| filled != Filled::No);
            if let Some(head) = head.filter(|head| head.splits) {
                changes.any_by(&head.raw);
            }
            let alias = command.program().filter(|(head, _)| head.text == "alias");
            let names = alias.into_iter().flat_map(|(_, rest)| rest);
            functions.extend(names.filter_map(|it| Some(it.text.split_once('=')?.0.to_owned())));
        }
        changes.set_within(commands.lexer.set_within);
        if let Some(outer) = container.and_then(|container| container.changes) {
            changes.inherited(outer);
        }
        functions.extend(commands.functions);
        let mut reset = changes.read_by_servers();
        if reset.len() > MOST_SHARED {
            let why =
                format!("the script sets more than {MOST_SHARED} variables that servers read");
            reset = vec![(String::new(), why)];
        }
        Self { changes, reset, filled, functions }
    }
}

/// The words of one command line, as a shell splits them.
pub fn words(text: &str) -> Vec<String> {
    let mut lexer = Lexer::new(text, Scope::default());
    let mut words = Vec::new();
    while let Some(token) = lexer.token() {
        if let Token::Word(word) = token {
            words.push(word.text);
        }
    }
    words
}

/// The words of a script's first command, each with its place.
pub(in crate::document) fn arguments(
    script: &Arg,
    source: &dyn Fn(&Arg) -> Option<String>,
) -> Vec<Arg> {
    let mut lexer = Lexer::new(&script.text, Scope::default());
    let source = source(script);
    let mut words = Vec::new();
    while let Some(token) = lexer.token() {
        match token {
            Token::Word(word) => words.push(word),
            Token::End(_) if words.is_empty() => {}
            Token::End(_) => break,
        }
    }
    Places::new(script, source.as_deref()).args(words)
}

/// The components that one simple command starts: several, if it is a shell with a script of its own.
fn command(words: &[Arg], known: &Known, container: Option<&Container<'_>>) -> Vec<Start> {
    let mut rest = words;
    // A function or an alias goes before a program of its name, unless a word before it wants the program.
    let mut program_wanted = false;
    // What was put into the script before the program may have brought arguments of its own.
    let mut more: Option<&Arg> = None;
    while let Some((first, tail)) = rest.split_first() {
        match first.text.as_str() {
            "exec" => rest = behind_options(tail, "-a"),
            "command" if tail.first().is_some_and(|it| matches!(&*it.text, "-v" | "-V")) => break,
            "command" => rest = behind_options(tail, ""),
            text if assigned(text).is_some() => {
                rest = tail;
                continue;
            }
            text if known.filled != Filled::No && is_filled_in(first, text) => {
                more.get_or_insert(first);
                rest = tail;
                continue;
            }
            "eval" => return started(&evaluated(tail), known, container),
            text if !program_wanted && known.functions.contains(text) => break,
            _ => {
                let mut starts = started(rest, known, container);
                let more = more.map(|arg| Arg { text: String::new(), ..arg.clone() });
                for start in &mut starts {
                    start.args.extend(more.clone());
                }
                return starts;
            }
        }
        program_wanted = true;
    }
    Vec::new()
}

/// Whether all of a word is filled in, so that it may be none, or one that starts another program.
fn is_filled_in(arg: &Arg, text: &str) -> bool {
    let unresolved = matches!(arg.certainty, Certainty::Unresolved(_));
    unresolved && (text.starts_with("$(") || text.starts_with("{{"))
}

/// What follows a builtin's own options, of which one takes the next word.
fn behind_options<'a>(mut args: &'a [Arg], with_value: &str) -> &'a [Arg] {
    while let Some((first, tail)) = args.split_first().filter(|(it, _)| it.text.starts_with('-')) {
        let takes_next = first.text == with_value;
        args = if takes_next { tail.get(1..).unwrap_or_default() } else { tail };
    }
    args
}

fn started(argv: &[Arg], known: &Known, container: Option<&Container<'_>>) -> Vec<Start> {
    let (none, nowhere) = (crate::document::variables::Variables::default(), |_: &Arg| None);
    let within = Container {
        image: "",
        variables: container.map_or(&none, |container| container.variables),
        source: container.map_or(&nowhere, |container| container.source),
        changes: Some(&known.changes),
        depth: container.map_or(0, |container| container.depth) + 1,
    };
    let mut starts = super::program::find(argv, Some(&within));
    for start in &mut starts {
        let reset = known.reset.iter().map(|(name, why)| {
            let certainty = Certainty::Unresolved(why.clone());
            let value = Arg { text: String::new(), certainty, ..start.program.clone() };
            match name.as_str() {
                "" => Change::Any(value),
                name => Change::Set(Variable { name: name.to_owned(), value }),
            }
        });
        let reset: Vec<_> = reset.collect();
        // The script does so before what it starts.
        start.changes.splice(..0, reset);
    }
    starts
}

/// The command of `eval`, which reads its words as a script.
fn evaluated(words: &[Arg]) -> Vec<Arg> {
    let Some(first) = words.first() else { return Vec::new() };
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let unknown = words.iter().find(|word| word.certainty != Certainty::Known);
    let certainty = unknown.map_or(Certainty::Known, |word| word.certainty.clone());
    let word = |text: &str| Arg { text: text.to_owned(), ..first.clone() };
    vec![word("sh"), word("-c"), Arg { certainty, ..word(&texts.join(" ")) }]
}

/// The words of every command of a script, without assignments and what hands a command on.
pub(super) fn commands_of(script: &Arg) -> Vec<Vec<Arg>> {
    let mut commands = Commands::new(Lexer::new(&script.text, Scope::default()));
    let mut places = Places::new(script, None);
    let mut all = Vec::new();
    while let Some(command) = commands.next() {
        let mut words = places.args(command.words);
        let own = words.iter().position(|word| {
            assigned(&word.text).is_none() && !matches!(&*word.text, "exec" | "command")
        });
        words.drain(..own.unwrap_or(words.len()));
        all.extend(Some(words).filter(|words| !words.is_empty()));
    }
    all
}

#[cfg(test)]
mod tests;
