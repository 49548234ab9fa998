//! Command lines as one would type them, several in a text: what a dry run prints, notes, a plain script.
//!
//! The words are a shell's. `<NAME>` in capitals stands for something to be filled in, not for a file.

use super::page::{LINE_LIMIT, Page};
use crate::command_line::{Arg, Certainty, Location};
use crate::document::start;
use crate::document::start::{Container, Start};
use crate::document::variables::Variables;
use crate::document::{Contents, Format, Found};

/// The command lines of a text; `None` if it starts nothing with an option.
pub(in crate::document) fn read(page: &Page<'_>) -> Option<Contents> {
    if page.text.len() > LINE_LIMIT {
        let message = "a script of more than 1 MiB, the most that is read of one";
        return Some(Contents { errors: vec![page.error(0, message)], ..Contents::default() });
    }
    let text = without_placeholders(page.text);
    let script = page.arg(text.clone(), 0, page.text.len());
    let variables = Variables::default();
    let source = |arg: &Arg| match &arg.location {
        Location::Text { span, .. } => {
            text.get(span.start.offset()..span.end.offset()).map(str::to_owned)
        }
        _ => None,
    };
    let around =
        Container { image: "", variables: &variables, source: &source, changes: None, depth: 0 };
    let starts = start::starts(&script, Some(&around));
    let is_script = page.text.starts_with("#!");
    let counts = |start: &Start| is_script || is_no_prose(start);
    let found: Vec<Found> = starts.into_iter().filter(counts).map(found).collect();
    (!found.is_empty()).then(|| Contents { found, ..Contents::default() })
}

/// Whether a command is one in a text that may be prose.
fn is_no_prose(start: &Start) -> bool {
    match start.not_followed {
        // A sentence begins with a capital letter, a command hardly ever.
        Some(_) => !start.program.text.starts_with(|c: char| c.is_uppercase()),
        None => has_options(start),
    }
}

/// Whether options follow the program, and no words that belong to none: prose goes on with those.
fn has_options(start: &Start) -> bool {
    let takes_next = |arg: &Arg| arg.text.starts_with('-') && !arg.text.contains('=');
    let mut before = false;
    !start.args.is_empty()
        && start.args.iter().all(|arg| {
            let belongs = arg.text.starts_with('-') || before || arg.certainty != Certainty::Known;
            before = takes_next(arg);
            belongs
        })
}

fn found(mut start: Start) -> Found {
    start.args = start.args.into_iter().map(with_placeholder).collect();
    let line = start.into_line(&[]);
    Found { document: 0, format: Format::Script, line, diagnostics: Vec::new() }
}

/// The text with `<NAME>` turned into `{NAME}`, which a shell leaves alone; no place moves.
fn without_placeholders(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('<') {
        out.push_str(before);
        match name_before(tail, '>') {
            Some((name, after)) => {
                out.push('{');
                out.push_str(name);
                out.push('}');
                rest = after;
            }
            None => {
                out.push('<');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The name of a placeholder that a text begins with, and what follows the character that ends it. No
/// further is looked than the name goes: a text may be full of signs that nothing closes.
fn name_before(text: &str, end: char) -> Option<(&str, &str)> {
    let is_part = |b: &u8| b.is_ascii_uppercase() || *b == b'_' || b.is_ascii_digit();
    let length = text.bytes().take_while(|b| is_part(b)).count();
    let (name, rest) = text.split_at_checked(length)?;
    Some((name, rest.strip_prefix(end)?)).filter(|(name, _)| !name.is_empty())
}

/// An argument as it was written, not known where it has a placeholder.
fn with_placeholder(arg: Arg) -> Arg {
    let mut text = String::with_capacity(arg.text.len());
    let mut first = None;
    let mut rest = arg.text.as_str();
    while let Some((before, tail)) = rest.split_once('{') {
        text.push_str(before);
        rest = tail;
        let Some((name, after)) = name_before(tail, '}') else {
            text.push('{');
            continue;
        };
        text.extend(["<", name, ">"]);
        first = first.or(Some(name));
        rest = after;
    }
    text.push_str(rest);
    match first {
        Some(name) => {
            let why = format!("<{name}> is to be filled in");
            Arg { text, certainty: Certainty::Unresolved(why), ..arg }
        }
        None => arg,
    }
}
