//! Log lines in which k3s and RKE2 say what they run: `Running kube-apiserver --…`.
//!
//! The arguments are joined by one blank, in Go's quoting inside `msg="…"`, perhaps inside the JSON of
//! Docker or of journald. The last such line of a component is the one in force.
//! Source: k3s `pkg/daemons/control/server.go`, `pkg/daemons/config/types.go`.

use super::page::{Glyph, Line, Page, glyphs, starts_with, text, trim};
use super::words::{Quoting, split};
use crate::command_line::{Arg, CommandLine};
use crate::component::Component;
use crate::document::{Contents, Format, Found};
use crate::version::{KubernetesVersion, Minor, VersionOrigin};
use crate::yaml;

/// The command lines of a log; `None` if it tells none.
pub(super) fn read(page: &Page<'_>) -> Option<Contents> {
    let mut lines: Vec<CommandLine> = Vec::new();
    let mut version = None;
    for line in page.lines() {
        if let Some(minor) = distribution(line.text) {
            let from = VersionOrigin::Field;
            version = Some(KubernetesVersion { minor, from });
        }
        let Some(mut line) = running(line, page) else { continue };
        line.version = version;
        lines.retain(|earlier| earlier.component != line.component);
        lines.push(line);
    }
    lines.sort_by_key(|line| line.component);
    let found = lines.into_iter().enumerate().map(|(document, line)| {
        let diagnostics = Vec::new();
        Found { document, format: Format::Journal, line, diagnostics }
    });
    let found: Vec<Found> = found.collect();
    (!found.is_empty()).then(|| Contents { found, ..Contents::default() })
}

/// `Starting k3s v1.30.4+k3s1 (…)`.
fn distribution(line: &str) -> Option<Minor> {
    let names = ["Starting k3s ", "Starting rke2 "];
    let (_, rest) = names.iter().find_map(|name| line.split_once(name))?;
    rest.split([' ', '"', '\\']).next()?.parse().ok()
}

/// The command line that a line of the log tells.
fn running(line: Line<'_>, page: &Page<'_>) -> Option<CommandLine> {
    const WORD: &str = "Running ";
    if !line.text.contains(WORD) {
        return None;
    }
    let whole = message(line).unwrap_or_else(|| line.glyphs());
    let (inner, mut closed) = quoted(&whole);
    let said = match inner {
        Some(inner) => inner,
        None => {
            let begins = |at: &usize| whole.get(*at..).is_some_and(|it| starts_with(it, WORD));
            let at = (0..whole.len()).find(begins)?;
            let before = text(whole.get(..at)?);
            let prefix = before.is_empty()
                || [": ", "] ", " F ", "msg="].iter().any(|end| before.ends_with(end));
            if !prefix {
                return None;
            }
            closed = true;
            whole.get(at..)?.to_vec()
        }
    };
    if !starts_with(&said, WORD) {
        return None;
    }
    let words = split(said.get(WORD.len()..)?, Quoting::None).ok()?;
    let (program, words) = words.split_first()?;
    let component = Component::from_name(&program.text())?;
    if !words.first().is_some_and(|word| word.text().starts_with('-')) {
        return None;
    }
    let program = page.arg(program.text(), program.start, program.end);
    let mut args: Vec<(String, usize, usize)> = Vec::new();
    for word in words {
        let text = word.text();
        match args.last_mut() {
            // Each argument is one flag with its value, so this is what follows a blank in it.
            Some((flag, _, end)) if !text.starts_with("--") && flag.contains('=') => {
                flag.extend(
                    said.iter().filter(|g| g.start >= *end && g.end <= word.start).map(|g| g.c),
                );
                flag.push_str(&text);
                *end = word.end;
            }
            _ => args.push((text, word.start, word.end)),
        }
    }
    let marked =
        args.last().is_some_and(|(text, ..)| text.ends_with("...") || text.ends_with(['…', '>']));
    let last = args.len().saturating_sub(1);
    let args = args.into_iter().enumerate().map(|(index, (text, start, end))| -> Arg {
        if index == last && (marked || !closed) {
            let why = "the line was cut here".to_owned();
            return page.unresolved(String::new(), start, end, why);
        }
        page.arg(text, start, end)
    });
    Some(CommandLine::of_words(component, program, args.collect()))
}

/// The message in a line of JSON, as journald (`MESSAGE`) and Docker (`log`) write it.
fn message(line: Line<'_>) -> Option<Vec<Glyph>> {
    if !line.text.trim_start().starts_with('{') {
        return None;
    }
    let document = yaml::parse(line.text).into_iter().next()?.ok()?;
    let node = document.root.get("MESSAGE").or_else(|| document.root.get("log"))?;
    let raw = line.text.get(node.span.start.offset()..node.span.end.offset())?;
    let inner = glyphs(raw.strip_prefix('"')?, line.start + node.span.start.offset() + 1);
    Some(trim(&unescaped(&inner).0).to_vec())
}

/// What stands in `msg="…"`, and whether the quote is closed.
fn quoted(glyphs: &[Glyph]) -> (Option<Vec<Glyph>>, bool) {
    const OPENING: &str = "msg=\"";
    let begins = |at: &usize| glyphs.get(*at..).is_some_and(|it| starts_with(it, OPENING));
    let at = (0..glyphs.len()).find(begins);
    let Some(rest) = at.and_then(|at| glyphs.get(at + OPENING.len()..)) else {
        return (None, false);
    };
    let (inner, closed) = unescaped(rest);
    (Some(inner), closed)
}

/// The characters up to the closing quote, escapes of Go and JSON undone, and whether it is there.
fn unescaped(glyphs: &[Glyph]) -> (Vec<Glyph>, bool) {
    let (mut out, mut rest) = (Vec::with_capacity(glyphs.len()), glyphs);
    while let Some((glyph, tail)) = rest.split_first() {
        rest = tail;
        if glyph.c == '"' {
            return (out, true);
        }
        let Some((next, after)) = tail.split_first().filter(|_| glyph.c == '\\') else {
            out.push(*glyph);
            continue;
        };
        rest = after;
        let digits = match next.c {
            'u' => 4,
            'x' => 2,
            _ => 0,
        };
        let code = after.get(..digits).filter(|_| digits > 0);
        let code = code.and_then(|code| u32::from_str_radix(&text(code), 16).ok());
        let (c, end) = match (code.and_then(char::from_u32), next.c) {
            (Some(c), _) => {
                rest = after.get(digits..).unwrap_or_default();
                (c, after.get(digits - 1).map_or(next.end, |last| last.end))
            }
            (None, 'n') => ('\n', next.end),
            (None, 't') => ('\t', next.end),
            (None, 'r') => ('\r', next.end),
            (None, c) => (c, next.end),
        };
        out.push(Glyph { c, start: glyph.start, end });
    }
    (out, false)
}
