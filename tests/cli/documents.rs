//! Formats: every text in `fixtures/documents/FORMAT/`, with what is read from it in `NAME.expect`.
//!
//! A row has a place, what is read, and behind `<-` what stands at the place if that differs.
//! `PLIMSOLL_BLESS=1 cargo test documents` rewrites the expectations.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll::command_line::{Arg, Certainty, Location, Mark, MountSource};
use plimsoll::document::{self, Contents};

use crate::program::fixture;

/// The texts below a folder, without the expectations.
fn texts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.append(&mut texts(&path));
        } else if path.extension().is_none_or(|extension| extension != "expect") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Line and column of a mark, checked against its offset.
fn place(mark: Mark, text: &str) -> String {
    let before = &text[..mark.offset];
    let line = before.matches('\n').count() + 1;
    let column = before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count() + 1;
    assert_eq!((mark.line, mark.column), (line, column), "at byte {}", mark.offset);
    format!("{line}:{column}")
}

fn at(location: &Location, text: &str) -> (String, String) {
    let Location::Text { span, .. } = location else { panic!("no place in a text") };
    let _ = place(span.end, text);
    let slice = &text[span.start.offset..span.end.offset];
    (place(span.start, text), slice.to_owned())
}

fn row(kind: &str, name: &str, arg: &Arg, text: &str, out: &mut String) {
    let (place, written) = at(&arg.location, text);
    let shown = format!("{name}{}", arg.text).escape_debug().to_string().replace("\\\"", "\"");
    write!(out, "{kind} {place} {}", shown.replace("\\'", "'")).expect("a string");
    if let Some(by) = arg.added_by {
        write!(out, " (added by {by})").expect("a string");
    } else if written != arg.text {
        let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut short: String = written.chars().take(60).collect();
        if short != written {
            short.push('…');
        }
        write!(out, " <- {short}").expect("a string");
    }
    match &arg.certainty {
        Certainty::Known => {}
        Certainty::Unresolved(why) => write!(out, " ? {why}").expect("a string"),
        Certainty::Refused(why) => write!(out, " ! {why}").expect("a string"),
    }
    out.push('\n');
}

/// What was read, one row for each part of it.
fn shown(contents: &Contents, text: &str) -> String {
    let mut out = String::new();
    for found in &contents.found {
        let line = &found.line;
        write!(out, "{} by {}", line.component, found.format.name()).expect("a string");
        if let Some(name) = &line.name {
            write!(out, ", {name}").expect("a string");
        }
        if let Some(version) = line.version {
            write!(out, ", {} ({})", version.minor, version.from.name()).expect("a string");
        }
        out.push('\n');
        row("program", "", &line.program, text, &mut out);
        for arg in &line.args {
            row("arg", "", arg, text, &mut out);
        }
        for variable in &line.environment {
            row("variable", &format!("{}=", variable.name), &variable.value, text, &mut out);
        }
        for mount in &line.mounts {
            let source = match &mount.source {
                MountSource::Host(path) => path.clone(),
                MountSource::Other(what) => format!("({what})"),
            };
            writeln!(out, "mount {} = {source}", mount.path).expect("a string");
        }
        for remark in &found.diagnostics {
            let place = remark.location.as_ref().map(|location| at(location, text).0);
            let place = place.unwrap_or_default();
            writeln!(out, "{} {place} {}", remark.level.name(), remark.code).expect("a string");
        }
    }
    for error in &contents.errors {
        writeln!(out, "{error}").expect("a string");
    }
    if contents.found.is_empty() && contents.errors.is_empty() {
        out.push_str("nothing\n");
    }
    out
}

#[test]
fn documents_are_read_with_the_place_of_every_argument() {
    let folder = fixture("documents");
    let mut wrong = Vec::new();
    let all = texts(&folder);
    assert!(all.len() >= 10, "{}", all.len());
    for path in all {
        let text = fs::read_to_string(&path).expect("UTF-8");
        let name = path.strip_prefix(&folder).expect("below it").display().to_string();
        let shown = shown(&document::read(&text, &Arc::from(name.as_str())), &text);
        let expectation = PathBuf::from(format!("{}.expect", path.display()));
        if std::env::var_os("PLIMSOLL_BLESS").is_some() {
            fs::write(&expectation, &shown).expect("written");
        }
        let expected = fs::read_to_string(&expectation).unwrap_or_default();
        if shown != expected {
            wrong.push(format!("{name}: expected\n{expected}\nread\n{shown}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
