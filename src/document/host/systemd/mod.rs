//! Units of systemd and drop-ins, read as systemd reads them.
//!
//! Source: systemd `src/shared/conf-parser.c`, `src/core/load-fragment.c`, `src/basic/env-util.c`;
//! systemd.syntax(7), systemd.service(5), systemd.exec(5).

mod command;

use super::environment_file;
use super::page::{Glyph, LINE_LIMIT, Page, split_once, text, trim};
use super::server;
use super::unit_environment::Environment;
use super::words::{Quoting, Unclosed, split};
use crate::command_line::LENGTH_LIMIT;
use crate::component::Component;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::start::{basename, component_named};
use crate::document::{Contents, Error, Format, Found};

/// The command lines of a unit; `None` if the text is none.
pub(in crate::document) fn read(page: &Page<'_>) -> Option<Contents> {
    let bare = page.lines().map(|line| line.text.trim_start());
    let first = bare.filter(|line| !line.is_empty()).find(|line| !line.starts_with(['#', ';']))?;
    if !first.starts_with('[') {
        return None;
    }
    let mut first = None;
    let mut is_unit = false;
    each_line(page, |line| {
        let section = section(line);
        is_unit |=
            section.as_deref().is_some_and(|it| matches!(it, "Unit" | "Service" | "Install"));
        first.get_or_insert(section.is_some());
    });
    if first != Some(true) || !is_unit {
        return None;
    }
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    let service = Service::of(page, &mut errors);
    let commands = service.commands.iter();
    let commands: Vec<_> = commands
        .flat_map(|value| match command::split(value) {
            Ok(commands) => commands,
            Err(Unclosed(at)) => {
                errors.extend(unclosed(value, at, page));
                Vec::new()
            }
        })
        .collect();
    let mut diagnostics = service.remarks;
    if let (true, Some(second)) = (service.simple, commands.get(1).and_then(|words| words.first()))
    {
        let message = "two ExecStart= are only allowed where Type=oneshot: systemd refuses the \
                       unit; an empty ExecStart= would replace the first";
        let place = Some(page.location(second.start, second.end));
        diagnostics.push(Diagnostic::new(Code::TwoCommands, message.to_owned(), place));
    }
    let meant = component_of_unit(page.path());
    for words in commands {
        let mut own = diagnostics.clone();
        let argv = command::expand(&words, &service.environment, page, &mut own);
        let environment = service.environment.of_etcd(page);
        for line in server::meant_lines(meant, &argv, &environment, page) {
            let (document, diagnostics) = (found.len(), own.clone());
            found.push(Found { document, format: Format::Systemd, line, diagnostics });
        }
    }
    if service.commands.is_empty() {
        found = environment_file::drop_in(&service.environment, page);
    }
    Some(Page::certain(found, errors))
}

/// The component that a unit is meant for by its name: `kube-apiserver.service`, also as an instance.
pub(in crate::document) fn component_of_unit(path: &str) -> Option<Component> {
    let name = basename(path).strip_suffix(".service")?;
    component_named(name.split('@').next().unwrap_or_default())
}

/// Says that a value is ignored, if it would start a component.
fn unclosed(value: &[Glyph], at: usize, page: &Page<'_>) -> Option<Error> {
    let value = text(value);
    Component::ALL.into_iter().any(|component| value.contains(component.name())).then(|| {
        page.error(at, "a quote that is never closed: systemd ignores the whole assignment")
    })
}

/// Hands on the lines that systemd sees, one by one: comments and empty ones left out, continuations
/// joined by a blank. What goes on for more than [`LINE_LIMIT`] is cut off, which is enough for
/// [`Service`] to refuse it.
fn each_line(page: &Page<'_>, mut take: impl FnMut(&[Glyph])) {
    let mut open: Vec<Glyph> = Vec::new();
    let mut hand_on = |line: &[Glyph]| {
        let bare = trim(line);
        if !bare.is_empty() {
            take(bare);
        }
    };
    for line in page.lines() {
        if line.text.trim_start().starts_with(['#', ';']) {
            continue;
        }
        let glyphs = line.glyphs();
        let blanks = glyphs.iter().take_while(|glyph| matches!(glyph.c, ' ' | '\t')).count();
        if open.len() < LINE_LIMIT {
            open.extend(glyphs.get(blanks..).unwrap_or_default());
        }
        // An escaped backslash escapes nothing.
        let slashes = open.iter().rev().take_while(|glyph| glyph.c == '\\').count();
        if slashes % 2 == 1 {
            open.iter_mut().rev().take(1).for_each(|last| last.c = ' ');
        } else {
            hand_on(&open);
            open.clear();
        }
    }
    hand_on(&open);
}

/// The name of the section that a line begins.
fn section(line: &[Glyph]) -> Option<String> {
    let line = text(line);
    line.strip_prefix('[')?.strip_suffix(']').map(str::to_owned)
}

/// What `[Service]` says about the command.
#[derive(Default)]
struct Service {
    commands: Vec<Vec<Glyph>>,
    environment: Environment,
    /// Not `Type=oneshot`, which may have several commands.
    simple: bool,
    remarks: Vec<Diagnostic>,
    /// How many characters the commands and variables have, and whether that was too many.
    kept: usize,
    overfull: bool,
}

/// The most characters of commands and variables that are kept: twice what a command line may hold.
const KEPT_LIMIT: usize = 2 * LENGTH_LIMIT;

impl Service {
    fn of(page: &Page<'_>, errors: &mut Vec<Error>) -> Self {
        let mut service = Self { simple: true, ..Self::default() };
        let mut inside = false;
        each_line(page, |line| {
            if let Some(name) = section(line) {
                inside = name == "Service";
            } else if inside {
                service.assign(line, page, errors);
            }
        });
        service
    }

    fn assign(&mut self, line: &[Glyph], page: &Page<'_>, errors: &mut Vec<Error>) {
        let Some((key, value)) = split_once(line, '=') else {
            self.ignored(line, page);
            return;
        };
        let (key, value) = (text(trim(key)), trim(value));
        if key == "ExecStart" || key.ends_with("Environment") {
            self.kept += value.len();
        }
        if self.kept > KEPT_LIMIT {
            if !std::mem::replace(&mut self.overfull, true) {
                let at = line.first().map_or(0, |first| first.start);
                let message = "commands and variables of more than 256 KiB, the most that is read";
                errors.push(page.error(at, message));
            }
            return;
        }
        match key.as_str() {
            "ExecStart" if value.is_empty() => self.commands.clear(),
            "ExecStart" => self.commands.push(value.to_vec()),
            "Type" => self.simple = text(value) != "oneshot",
            "EnvironmentFile" => self.environment.file(&text(value)),
            "Environment" | "PassEnvironment" | "UnsetEnvironment" => {
                match split(value, Quoting::Unit) {
                    Ok(words) if key == "Environment" => self.environment.assign(&words),
                    Ok(words) if key == "PassEnvironment" => self.environment.pass(&words),
                    Ok(words) => self.environment.unset(&words),
                    Err(Unclosed(at)) => errors.push(page.error(
                        at,
                        "a quote that is never closed: systemd ignores the whole assignment",
                    )),
                }
            }
            _ if key.starts_with('-') => self.ignored(line, page),
            _ => {}
        }
    }

    /// A line that is no assignment, such as a flag behind a line without its backslash.
    fn ignored(&mut self, line: &[Glyph], page: &Page<'_>) {
        let (Some(first), Some(last)) = (line.first(), line.last()) else { return };
        let message = if first.c == '-' {
            "systemd ignores this line: the line before does not end in a backslash, so nothing \
             here is part of the command"
        } else {
            "systemd ignores this line: it is no assignment"
        };
        let message = message.to_owned();
        let place = Some(page.location(first.start, last.end));
        self.remarks.push(Diagnostic::new(Code::IgnoredLine, message, place));
    }
}
