//! Command lines as one would type them, several in a text: what a dry run prints, notes, a plain script.
//!
//! The words are a shell's. `<NAME>` in capitals stands for something to be filled in, not for a file.

use super::page::{LINE_LIMIT, Page};
use crate::command_line::{Arg, Certainty, Location};
use crate::document::program::{Container, Start};
use crate::document::shell;
use crate::document::variables::Variables;
use crate::document::{Contents, Format, Found};

/// The command lines of a text; `None` if it starts nothing with an option.
pub(super) fn read(page: &Page<'_>) -> Option<Contents> {
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
    let around = Container { image: "", variables: &variables, source: &source, changes: None };
    let starts = shell::starts(&script, Some(&around));
    let found: Vec<Found> = starts.into_iter().filter(has_options).map(found).collect();
    (!found.is_empty()).then(|| Contents { found, ..Contents::default() })
}

/// Whether options follow the program, and no words that belong to none: prose goes on with those.
fn has_options(start: &Start) -> bool {
    let takes_next = |arg: &Arg| arg.text.starts_with('-') && !arg.text.contains('=');
    let mut before = false;
    !start.args.is_empty()
        && start.args.iter().all(|arg| {
            let belongs = arg.text.starts_with('-') || before;
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
        match tail.split_once('>') {
            Some((name, after)) if is_name(name) => {
                out.push('{');
                out.push_str(name);
                out.push('}');
                rest = after;
            }
            _ => {
                out.push('<');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_' || b.is_ascii_digit())
}

/// An argument as it was written, not known where it has a placeholder.
fn with_placeholder(arg: Arg) -> Arg {
    let mut text = arg.text.clone();
    let mut first = None;
    for part in arg.text.split('{').skip(1) {
        if let Some((name, _)) = part.split_once('}').filter(|(name, _)| is_name(name)) {
            text = text.replace(&format!("{{{name}}}"), &format!("<{name}>"));
            first = first.or(Some(name));
        }
    }
    match first {
        Some(name) => {
            let why = format!("<{name}> is to be filled in");
            Arg { text, certainty: Certainty::Unresolved(why), ..arg }
        }
        None => arg,
    }
}
