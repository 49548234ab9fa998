//! Lists of arguments: MicroK8s' and Canonical's files, one argument or several a line, and a command
//! line that was pasted.
//!
//! kubelite trims each line, leaves out those that begin with `#`, deletes every quote, splits at
//! single blanks and fills in `$NAME`. Source: microk8s
//! `build-scripts/components/kubernetes/patches`, `ReadArgsFromFile`.

use super::page::{Glyph, Line, Page, split_once, text, trim};
use super::server;
use crate::command_line::{Arg, CommandLine};
use crate::component::Component;
use crate::document::own_flags::owner;
use crate::document::start;
use crate::document::{Contents, Format, Found};

/// The command line that a list of arguments is; `None` if the text is none.
pub(in crate::document) fn read(page: &Page<'_>) -> Option<Contents> {
    let comment =
        |line: &Line<'_>| matches!(line.text.trim_start().chars().next(), None | Some('#'));
    let lines: Vec<Line<'_>> = page.lines().filter(|line| !comment(line)).collect();
    let (first, last) = (lines.first()?, lines.last()?);
    let continued = lines.iter().any(|line| line.text.trim_end().ends_with('\\'));
    let listed = lines.iter().filter(|line| is_flag(line.text.trim_start())).count();
    let read = if is_flag(first.text.trim_start()) {
        if listed * 2 <= lines.len() {
            return None;
        }
        let args = if continued {
            start::arguments(&script(first, last, page), &|arg| page.source(arg))
        } else {
            lines.iter().flat_map(|line| arguments(line, page)).collect()
        };
        let Some(component) = owner(&args) else {
            let message = "a list of arguments, but no flag tells whose: put the program's name \
                           in a line before them";
            let errors = vec![page.error(first.start, message)];
            return Some(Contents { errors, ..Contents::default() });
        };
        // The place where a missing flag would be added; nothing there names the program.
        let program = page.arg(component.name().to_owned(), first.start, first.start);
        vec![CommandLine::of_words(component, program, args)]
    } else if !names_component(&lines) {
        return None;
    } else if lines.len() == 1 || continued && listed + 1 == lines.len() {
        let args = start::arguments(&script(first, last, page), &|arg| page.source(arg));
        let mut lines = server::lines(&args, &[], page);
        lines.retain(|line| !line.args.is_empty());
        lines
    } else {
        // A program, and its arguments one a line.
        let (program, rest) = lines.split_first()?;
        if rest.is_empty() || rest.iter().any(|line| !is_flag(line.text.trim_start())) {
            return None;
        }
        let words = [program].into_iter().chain(rest).flat_map(|line| arguments(line, page));
        server::lines(&words.collect::<Vec<_>>(), &[], page)
    };
    let found = read.into_iter().enumerate().map(|(document, line)| {
        let diagnostics = Vec::new();
        Found { document, format: Format::ArgsFile, line, diagnostics }
    });
    let found: Vec<Found> = found.collect();
    (!found.is_empty()).then(|| Contents { found, ..Contents::default() })
}

/// The command line of a component whose arguments a file lists, as kubelite reads it.
pub(in crate::document) fn list_of(component: Component, page: &Page<'_>) -> CommandLine {
    let lines = page.lines().filter(|line| !line.text.trim_start().starts_with('#'));
    let args = lines.flat_map(|line| arguments(&line, page)).collect();
    let program = page.arg(component.name().to_owned(), 0, 0);
    CommandLine::of_words(component, program, args)
}

/// Whether a component is named before the first flag.
fn names_component(lines: &[Line<'_>]) -> bool {
    let words = lines.iter().flat_map(|line| line.text.split_whitespace());
    let mut before = words.take_while(|word| !is_flag(word));
    before.any(|word| word.contains("kube") || word.contains("etcd"))
}

fn is_flag(text: &str) -> bool {
    let name = text.trim_start_matches(['"', '\'']);
    let name = name.strip_prefix("--").or_else(|| name.strip_prefix('-'));
    name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// The whole text as a shell would be given it.
fn script(first: &Line<'_>, last: &Line<'_>, page: &Page<'_>) -> Arg {
    let end = last.start + last.text.len();
    let text = page.text.get(first.start..end).unwrap_or_default();
    page.arg(text.to_owned(), first.start, end)
}

/// The arguments that kubelite makes of a line.
fn arguments(line: &Line<'_>, page: &Page<'_>) -> Vec<Arg> {
    let all = line.glyphs();
    let mut rest: &[Glyph] = trim(&all);
    let mut args = Vec::new();
    loop {
        let (part, tail) =
            split_once(rest, ' ').map_or((rest, None), |(part, tail)| (part, Some(tail)));
        let (start, end) = match (part.first(), part.last(), tail.and_then(<[_]>::first)) {
            (Some(first), Some(last), _) => (first.start, last.end),
            // Between two blanks stands an empty argument.
            (.., Some(next)) => (next.start - 1, next.start - 1),
            _ => return args,
        };
        let bare: Vec<Glyph> =
            part.iter().filter(|glyph| !matches!(glyph.c, '"' | '\'')).copied().collect();
        let text = text(&bare);
        args.push(match text.find('$') {
            Some(_) => {
                let why = "kubelite fills in variables of its snap".to_owned();
                page.unresolved(text, start, end, why)
            }
            None => page.arg(text, start, end),
        });
        let Some(tail) = tail else { return args };
        rest = tail;
    }
}
