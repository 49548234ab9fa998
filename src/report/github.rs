//! Workflow commands that GitHub turns into annotations, and a line that counts.
//!
//! A step gets ten annotations of each level, those it prints first. So the graver half of a level is
//! printed as it comes and the other half held back to the end; the counts stand before the least,
//! where they are still among the first notices. Findings are annotated, and what could not be
//! determined or read; the rest is counted.

use std::io::{self, Write};

use super::address::plain;
use super::finished::{Location, RuleResult, Target, headline};
use super::grouped::{Group, Groups};
use super::text::shorten;
use super::{Closing, Renderer, printable};
use crate::result::{Severity, Status};

/// A report being written.
pub(super) struct Github<'w> {
    out: Box<dyn Write + Send + 'w>,
    groups: Groups,
    /// Commands that wait for graver ones, with their turn.
    held: Vec<(Turn, String)>,
}

/// When a command is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    AtOnce,
    High,
    Undetermined,
    Low,
    Info,
}

/// No more commands than this wait; those behind them are printed at once.
const HELD: usize = 10_000;

impl<'w> Github<'w> {
    pub(super) fn new(out: Box<dyn Write + Send + 'w>) -> Self {
        Self { out, groups: Groups::default(), held: Vec::new() }
    }

    /// Prints what waited for this turn.
    fn release(&mut self, turn: Turn) -> io::Result<()> {
        for (_, command) in self.held.iter().filter(|(held, _)| *held == turn) {
            writeln!(self.out, "{command}")?;
        }
        Ok(())
    }
}

impl Renderer for Github<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        if let Some(warning) = target.warning() {
            let said = data(&shorten(&format!("{}: {warning}", headline(target))));
            writeln!(self.out, "::warning title=Warning::{said}")?;
        }
        for group in self.groups.of(target) {
            let result = group.result();
            if !result.is_finding() && result.status != Status::Error {
                continue;
            }
            let command = annotation(target, &group);
            let turn = turn(result);
            if turn == Turn::AtOnce || self.held.len() >= HELD {
                writeln!(self.out, "{command}")?;
            } else {
                self.held.push((turn, command));
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        for error in &closing.errors {
            // What could not be read need not be a file, so the message alone says what it was.
            let message = data(&shorten(&error.to_string()));
            writeln!(self.out, "::error title=Not checked::{message}")?;
        }
        self.release(Turn::High)?;
        self.release(Turn::Undetermined)?;
        let name = env!("CARGO_PKG_NAME");
        writeln!(self.out, "::notice title={name}::{}", data(&closing.summary.to_string()))?;
        self.release(Turn::Low)?;
        self.release(Turn::Info)?;
        self.out.flush()
    }
}

fn annotation(target: &Target<'_>, group: &Group<'_, '_>) -> String {
    let result = group.result();
    let title = property(&printable(&result.title));
    let place = place(target, result);
    // A process has no place to be shown at.
    let of = if place.is_empty() { format!(", {}", target.id) } else { String::new() };
    let message = data(&format!("{}{of}", message(group)));
    format!("::{} {place}title={title}::{message}", level(result))
}

/// The flag's own region, as properties with a comma behind each.
fn place(target: &Target<'_>, result: &RuleResult<'_>) -> String {
    match (result.location(), &target.source.path) {
        (Some(Location::Text { path, line, column, end_line, end_column }), _) => {
            let file = property(plain(path));
            // GitHub takes columns within one line only, and the last is the last one marked.
            let last = (*end_column).saturating_sub(1).max(*column);
            let columns = if line == end_line {
                format!("col={column},endColumn={last},")
            } else {
                String::new()
            };
            format!("file={file},line={line},endLine={end_line},{columns}")
        }
        (_, Some(path)) => format!("file={},", property(plain(path))),
        _ => String::new(),
    }
}

fn message(group: &Group<'_, '_>) -> String {
    let result = group.result();
    let undecided = match result.status {
        Status::Error => "could not be determined: ",
        Status::Unknown => "not known: ",
        _ => "",
    };
    let facts = shorten(&result.message);
    let todo = match &result.fix {
        Some(fix) => format!("Here: {}", shorten(fix)),
        None => result.remediation.clone().into_owned(),
    };
    let lapsed = result.lapsed_waiver.as_ref();
    let lapsed = lapsed.map(|lapsed| format!("\nIts waiver {}.", lapsed.because));
    let controls = group.controls().join(", ");
    let (lapsed, severity) = (lapsed.unwrap_or_default(), result.severity.name());
    format!("{undecided}{facts}\n{todo}{lapsed}\n{severity}, {controls}")
}

fn turn(result: &RuleResult<'_>) -> Turn {
    match result.severity {
        _ if result.status == Status::Error => Turn::Undetermined,
        Severity::Critical | Severity::Medium => Turn::AtOnce,
        Severity::High => Turn::High,
        Severity::Low => Turn::Low,
        Severity::Info => Turn::Info,
    }
}

fn level(result: &RuleResult<'_>) -> &'static str {
    match result.severity {
        _ if result.status == Status::Error => "error",
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    }
}

/// Text behind a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text in a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
