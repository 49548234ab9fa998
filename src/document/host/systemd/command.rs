//! The value of `ExecStart=`: its words, and what systemd fills in.

use crate::command_line::{Arg, Certainty};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::host::page::{Glyph, Page};
use crate::document::host::unit_environment::Environment;
use crate::document::host::words::{self, Quoting, Unclosed, Word};
use crate::document::start::basename;

/// The specifiers that systemd knows; any other is left as it stands. Source: systemd.unit(5).
const SPECIFIERS: &str = "aAbBCdDEfgGhHiIjJlLmMnNopPqsStTuUvVwWyY";

/// The commands of a value; a semicolon of its own stands between two.
pub(super) fn split(value: &[Glyph]) -> Result<Vec<Vec<Word>>, Unclosed> {
    let mut commands: Vec<Vec<Word>> = vec![Vec::new()];
    for word in words::split(value, Quoting::Unit)? {
        let length = word.end - word.start;
        match word.text().as_str() {
            ";" if length == 1 => commands.push(Vec::new()),
            "\\;" if length == 2 => {
                let glyphs = word.glyphs.get(1..).unwrap_or_default().to_vec();
                commands.last_mut().into_iter().for_each(|command| {
                    command.push(Word { glyphs: glyphs.clone(), ..word.clone() });
                });
            }
            _ => commands.last_mut().into_iter().for_each(|command| command.push(word.clone())),
        }
    }
    commands.retain(|command| !command.is_empty());
    Ok(commands)
}

/// The arguments that the words become, the program first.
pub(super) fn expand(
    words: &[Word],
    environment: &Environment,
    page: &Page<'_>,
    remarks: &mut Vec<Diagnostic>,
) -> Vec<Arg> {
    let Some((first, mut rest)) = words.split_first() else { return Vec::new() };
    let prefix = first.glyphs.iter().take_while(|glyph| "-@:+!|".contains(glyph.c)).count();
    let prefixes = first.glyphs.get(..prefix).unwrap_or_default();
    let has = |c: char| prefixes.iter().any(|glyph| glyph.c == c);
    let program = first.glyphs.get(prefix..).unwrap_or_default();
    let start = program.first().map_or(first.start, |glyph| glyph.start);
    let start = if prefix == 0 { first.start } else { start };
    let (text, why) = specifiers(program);
    let program =
        finished(page, text.iter().map(|glyph| glyph.c).collect(), why, (start, first.end));
    // A shell fills in by itself what is left to it.
    let shell = ["sh", "bash", "dash", "ash"].contains(&basename(&program.text));
    let mut argv = vec![program];
    if has('@') {
        // What the program will see as its own name.
        rest = rest.get(1..).unwrap_or_default();
    }
    for word in rest {
        let (glyphs, why) = specifiers(&word.glyphs);
        let word = Word { glyphs, ..word.clone() };
        if has(':') {
            argv.push(finished(page, word.text(), why, (word.start, word.end)));
        } else if let Some(name) = alone(&word) {
            argv.append(&mut several(&word, &name, environment, page, remarks));
        } else {
            let mut arg = one(&word, why, environment, page, remarks);
            if shell {
                arg.certainty = Certainty::Known;
            }
            argv.push(arg);
        }
    }
    argv
}

fn finished(
    page: &Page<'_>,
    text: String,
    why: Option<String>,
    (start, end): (usize, usize),
) -> Arg {
    match why {
        Some(why) => page.unresolved(text, start, end, why),
        None => page.arg(text, start, end),
    }
}

/// Removes the percent signs that stand for themselves; the first specifier is not known here.
fn specifiers(glyphs: &[Glyph]) -> (Vec<Glyph>, Option<String>) {
    let (mut out, mut why) = (Vec::with_capacity(glyphs.len()), None);
    let mut rest = glyphs;
    while let Some((glyph, tail)) = rest.split_first() {
        out.push(*glyph);
        rest = tail;
        let Some((next, after)) = tail.split_first().filter(|_| glyph.c == '%') else { continue };
        if next.c == '%' {
            rest = after;
        } else if SPECIFIERS.contains(next.c) {
            why.get_or_insert_with(|| format!("systemd fills in %{}", next.c));
        }
    }
    (out, why)
}

/// The name of a variable that makes up the whole word: `$NAME`.
fn alone(word: &Word) -> Option<String> {
    let text = word.text();
    let name = text.strip_prefix('$')?;
    (!name.starts_with(['{', '$'])).then(|| name.to_owned())
}

/// A variable of its own becomes as many words as it holds.
fn several(
    word: &Word,
    name: &str,
    environment: &Environment,
    page: &Page<'_>,
    remarks: &mut Vec<Diagnostic>,
) -> Vec<Arg> {
    if !is_name(name) {
        // The word may be a password that begins with a dollar sign: its place says which it is.
        let message =
            "systemd drops a word that begins with $ and names no possible variable".to_owned();
        let place = Some(page.location(word.start, word.end));
        remarks.push(Diagnostic::new(Code::DroppedWord, message, place));
        return Vec::new();
    }
    match environment.get(name) {
        Ok(value) => {
            let words = words::split(value, Quoting::Variable).unwrap_or_default();
            words.iter().map(|word| page.arg(word.text(), word.start, word.end)).collect()
        }
        Err(why) => vec![page.unresolved(word.text(), word.start, word.end, why)],
    }
}

/// A word in which `${NAME}` is filled in and `$$` is a dollar sign.
fn one(
    word: &Word,
    mut why: Option<String>,
    environment: &Environment,
    page: &Page<'_>,
    remarks: &mut Vec<Diagnostic>,
) -> Arg {
    let written = word.text();
    let (mut text, mut rest) = (String::with_capacity(written.len()), written.as_str());
    while let Some((before, tail)) = rest.split_once('$') {
        text.push_str(before);
        let braced = tail.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        if let Some(escaped) = tail.strip_prefix('$') {
            text.push('$');
            rest = escaped;
        } else if let Some((name, after)) = braced.filter(|(name, _)| is_name(name)) {
            match environment.get(name) {
                Ok(value) => text.extend(value.iter().map(|glyph| glyph.c)),
                Err(unknown) => {
                    text.push_str("${");
                    text.push_str(name);
                    text.push('}');
                    why.get_or_insert(unknown);
                }
            }
            rest = after;
        } else {
            text.push('$');
            rest = tail;
            if tail.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && !tail.contains(' ')
            {
                // The word may hold a password with a dollar sign: its place says which it is.
                let message = "systemd fills in no variable without braces inside a word: the \
                               word is handed on as it stands"
                    .to_owned();
                let place = Some(page.location(word.start, word.end));
                remarks.push(Diagnostic::new(Code::LiteralVariable, message, place));
            }
        }
    }
    text.push_str(rest);
    finished(page, text, why, (word.start, word.end))
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
