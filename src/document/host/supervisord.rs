//! supervisord's configuration.
//!
//! Source: Supervisor `supervisor/options.py`, which reads it with Python's `configparser`, fills in
//! `%(…)s` and splits by `shlex`.

use super::page::{Glyph, Line, Page, glyphs, text, trim};
use super::server;
use super::words::{Quoting, Unclosed, Word, split};
use crate::command_line::{Arg, CommandLine, Variable};
use crate::document::docker;
use crate::document::{Contents, Format, Found};

/// One `[program:…]`.
#[derive(Default)]
struct Program {
    name: String,
    command: Vec<Glyph>,
    environment: Vec<Glyph>,
}

/// The command lines of its programs; `None` if the text has none.
pub(in crate::document) fn read(page: &Page<'_>) -> Option<Contents> {
    let programs = programs(page)?;
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for program in programs {
        let words = match split(&program.command, Quoting::Shell) {
            Ok(words) => words,
            Err(Unclosed(at)) => {
                errors.push(page.error(at, "a quote that is never closed: supervisord refuses it"));
                continue;
            }
        };
        let argv: Vec<Arg> = words.iter().map(|word| fill_in(word, &program.name, page)).collect();
        let environment = variables(&program.environment, &program.name, page);
        for line in server::lines(&argv, &environment, page) {
            let line = CommandLine { name: Some(format!("program {}", program.name)), ..line };
            let (document, diagnostics) = (found.len(), Vec::new());
            found.push(Found { document, format: Format::Supervisord, line, diagnostics });
        }
    }
    Some(Page::certain(found, errors))
}

/// The programs; `None` if there is no such section or something stands before the first.
fn programs(page: &Page<'_>) -> Option<Vec<Program>> {
    let (mut programs, mut sections): (Vec<Program>, usize) = (Vec::new(), 0);
    let mut inside = false;
    // The indentation of the key whose value goes on in lines that are indented deeper.
    let mut open: Option<(usize, bool)> = None;
    for line in page.lines() {
        let bare = uncommented(line);
        let glyphs = trim(&bare);
        let Some(first) = glyphs.first() else { continue };
        let indent = first.start - line.start;
        let written = text(glyphs);
        if let (Some((above, command)), true) = (open, inside)
            && indent > above
            && let Some(program) = programs.last_mut()
        {
            let value = if command { &mut program.command } else { &mut program.environment };
            value.push(Glyph { c: '\n', start: first.start, end: first.start });
            value.extend(glyphs);
            continue;
        }
        if let Some(name) = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections += 1;
            let program = name.strip_prefix("program:");
            inside = program.is_some();
            open = None;
            programs
                .extend(program.map(|name| Program { name: name.into(), ..Program::default() }));
            continue;
        }
        if sections == 0 {
            return None;
        }
        open = None;
        let Some(at) = glyphs.iter().position(|glyph| matches!(glyph.c, '=' | ':')) else {
            continue;
        };
        let (key, value) = (glyphs.get(..at).unwrap_or_default(), glyphs.get(at + 1..));
        let Some(program) = programs.last_mut().filter(|_| inside) else { continue };
        let value = trim(value.unwrap_or_default()).to_vec();
        match text(trim(key)).to_ascii_lowercase().as_str() {
            "command" => {
                program.command = value;
                open = Some((indent, true));
            }
            "environment" => {
                program.environment = value;
                open = Some((indent, false));
            }
            _ => {}
        }
    }
    (!programs.is_empty()).then_some(programs)
}

/// Without a comment, which begins at the line's start or behind a blank.
fn uncommented(line: Line<'_>) -> Vec<Glyph> {
    let mut before = ' ';
    let end = line.text.find(|c: char| {
        let begins = matches!(c, ';' | '#') && before.is_whitespace();
        before = c;
        begins
    });
    glyphs(line.text.get(..end.unwrap_or(line.text.len())).unwrap_or_default(), line.start)
}

/// `%(program_name)s` is known here, the rest is not.
fn fill_in(word: &Word, program: &str, page: &Page<'_>) -> Arg {
    let written = word.text();
    let (mut text, mut why, mut rest) = (String::new(), None, written.as_str());
    while let Some((before, tail)) = rest.split_once('%') {
        text.push_str(before);
        if let Some(escaped) = tail.strip_prefix('%') {
            text.push('%');
            rest = escaped;
        } else if let Some(after) = tail.strip_prefix("(program_name)s") {
            text.push_str(program);
            rest = after;
        } else {
            let name = tail.strip_prefix('(').and_then(|inner| inner.split_once(')'));
            let name = name.map_or("something", |(name, _)| name);
            why.get_or_insert_with(|| format!("supervisord fills in {name}"));
            text.push('%');
            rest = tail;
        }
    }
    text.push_str(rest);
    match why {
        Some(why) => page.unresolved(text, word.start, word.end, why),
        None => page.arg(text, word.start, word.end),
    }
}

/// `A="b",C=d`.
fn variables(value: &[Glyph], program: &str, page: &Page<'_>) -> Vec<Variable> {
    let mut quote = None;
    let parts = value.split(|glyph| {
        match (glyph.c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(glyph.c),
            _ => {}
        }
        quote.is_none() && glyph.c == ','
    });
    let words = parts.filter_map(|part| split(part, Quoting::Shell).ok()?.into_iter().next());
    words
        .filter_map(|word| {
            let filled = fill_in(&word, program, page);
            docker::variable(&filled.text, &filled)
        })
        .collect()
}
