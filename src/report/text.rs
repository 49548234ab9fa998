//! For people: grouped by section, one line a control, failures followed by their remedy.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use colored::{Color, Colorize};

use super::{Closing, Look, Summary, TargetReport, counted, printable};
use crate::command_line::Location;
use crate::component::Component;
use crate::diagnostic::Level;
use crate::evaluate::RuleResult;
use crate::remedy;
use crate::result::Status;
use crate::source::Source;
use crate::target::Target;
use crate::version::VersionOrigin;

/// The width that remedies are broken at; results stay on one line.
const WIDTH: usize = 100;

/// A report being written.
pub struct Text<'w> {
    out: Box<dyn Write + 'w>,
    look: Look,
    /// Remedies that were broken into lines already, by rule.
    wrapped: HashMap<String, String>,
}

impl<'w> Text<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>, look: Look) -> Self {
        Self { out, look, wrapped: HashMap::new() }
    }

    fn paint(&self, text: &str, color: Color) -> String {
        if self.look.color { text.color(color).to_string() } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        if self.look.color { text.bold().to_string() } else { text.to_owned() }
    }

    fn status(&self, status: Status) -> String {
        let color = match status {
            Status::Pass => Color::Green,
            Status::Fail | Status::Error => Color::Red,
            Status::Manual => Color::Yellow,
            Status::NotApplicable => Color::BrightBlack,
        };
        let name = match status {
            Status::NotApplicable => "n/a",
            other => other.name(),
        };
        self.paint(&format!("{name:<6}"), color)
    }

    pub(super) fn target(&mut self, report: &TargetReport<'_>) -> io::Result<()> {
        if report.target.source == Source::Absent {
            return self.absent(report);
        }
        let headline = headline(report.target);
        let headline = self.bold(&headline);
        writeln!(self.out, "{headline}")?;
        writeln!(self.out, "{}", version(report.target))?;
        if !report.diagnostics.is_empty() {
            writeln!(self.out)?;
        }
        for diagnostic in &report.diagnostics {
            let color = match diagnostic.level {
                Level::Error => Color::Red,
                Level::Warning => Color::Yellow,
                Level::Note => Color::Cyan,
            };
            let level = self.paint(&format!("{:<8}", diagnostic.level.name()), color);
            let place = diagnostic.location.as_ref().map(|place| format!("  {place}"));
            let place = place.unwrap_or_default();
            let message = printable(&diagnostic.message);
            writeln!(self.out, "  {level}{message}{}", printable(&place))?;
        }
        let mut section = None;
        let mut benchmark = None;
        for result in &report.results {
            if self.look.problems_only && !needs_somebody(result.verdict.status) {
                continue;
            }
            if benchmark != Some(&result.benchmark.id) {
                benchmark = Some(&result.benchmark.id);
                section = None;
                let title = self.bold(&result.benchmark.title);
                writeln!(self.out, "\n{title} ({})", result.benchmark.id)?;
            }
            if section != Some(&result.section.number) {
                section = Some(&result.section.number);
                let title = format!("{} {}", result.section.number, result.section.title);
                writeln!(self.out, "\n{}", self.bold(&title))?;
            }
            self.result(report.target, result)?;
        }
        writeln!(self.out)
    }

    /// Each control would say the same.
    fn absent(&mut self, report: &TargetReport<'_>) -> io::Result<()> {
        if self.look.problems_only {
            return Ok(());
        }
        let controls = counted(report.results.len(), "control");
        let headline = headline(report.target);
        writeln!(self.out, "{}: {controls} not applicable\n", self.bold(&headline))
    }

    fn result(&mut self, target: &Target, result: &RuleResult<'_>) -> io::Result<()> {
        let verdict = &result.verdict;
        let status = self.status(verdict.status);
        let control = result.control;
        let place = verdict.evidence.iter().find_map(|fact| fact.location.as_ref());
        let place = place.filter(|place| !names_file(&verdict.message, place));
        let place = place.map(|place| format!("  {place}")).unwrap_or_default();
        let place = self.paint(&printable(&place), Color::BrightBlack);
        writeln!(
            self.out,
            "  {status}  {:<6} {}: {}{place}",
            control.number,
            control.demand().title,
            shorten(&printable(&verdict.message)),
        )?;
        if verdict.status == Status::Fail {
            let rule = control.demand();
            if !self.wrapped.contains_key(&rule.id) {
                self.wrapped.insert(rule.id.clone(), indented(&rule.remediation));
            }
            if let Some(lines) = self.wrapped.get(&rule.id) {
                self.out.write_all(lines.as_bytes())?;
            }
            if let Some(here) = remedy::here(target, verdict) {
                self.out.write_all(indented(&printable(&format!("Here: {here}"))).as_bytes())?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self, closing: &Closing<'_>) -> io::Result<()> {
        let Summary { targets, pass, fail, manual, not_applicable, error, waived } =
            closing.summary;
        if targets > 0 {
            let counts = [
                (pass, "pass", Color::Green),
                (fail, "fail", Color::Red),
                (manual, "manual", Color::Yellow),
                (not_applicable, "not applicable", Color::BrightBlack),
                (error, "error", Color::Red),
                (waived, "waived", Color::Cyan),
            ];
            let counts: Vec<String> = counts
                .into_iter()
                .filter(|(count, word, _)| *count > 0 || matches!(*word, "pass" | "fail"))
                .map(|(count, word, color)| self.paint(&format!("{count} {word}"), color))
                .collect();
            writeln!(self.out, "{}: {}", counted(targets, "target"), counts.join(", "))?;
        }
        self.out.flush()
    }
}

/// A remedy in lines below its control's title.
fn indented(text: &str) -> String {
    const INDENT: usize = 17;
    let mut lines = String::new();
    for line in wrap(text, WIDTH - INDENT) {
        let _ = writeln!(lines, "{:INDENT$}{line}", "");
    }
    lines
}

/// Whether a message names the file that is meant as a whole, not a place in it.
fn names_file(message: &str, place: &Location) -> bool {
    match place {
        Location::Text { path, span } => span.start == span.end && message.contains(&**path),
        Location::Process { .. } | Location::Argv { .. } => false,
    }
}

fn needs_somebody(status: Status) -> bool {
    matches!(status, Status::Fail | Status::Manual | Status::Error)
}

/// What the target is and where it was read.
pub(super) fn headline(target: &Target) -> String {
    let component = target.line.component;
    let name = target.line.name.as_deref().map(|name| format!("  ({name})")).unwrap_or_default();
    let place = match &target.source {
        Source::Process { pid, uid, exe } => {
            let uid = uid.map_or_else(|| "unknown user".to_owned(), |uid| format!("uid {uid}"));
            let exe = exe.as_deref().unwrap_or("unreadable executable");
            format!("pid {pid}, {uid}, {exe}")
        }
        Source::File { path } => path.to_string(),
        Source::Stdin => crate::source::STDIN.to_owned(),
        Source::Argv => "command line given".to_owned(),
        Source::Absent => "not running here".to_owned(),
    };
    printable(&format!("{component}  {place}{name}")).into_owned()
}

/// The minor and where it was read.
pub(super) fn version(target: &Target) -> String {
    let from = match target.version.from {
        VersionOrigin::Image => "from the image tag",
        VersionOrigin::Field => "from the document",
        VersionOrigin::Argument => "as given",
        VersionOrigin::Assumed => "assumed",
    };
    let family = match target.line.component {
        Component::Etcd => "etcd",
        _ => "Kubernetes",
    };
    format!("{family} {}, {from}", target.version.minor)
}

/// A fact can quote an argument of any length; a line of a report cannot.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 300;
    if text.len() <= LONGEST || text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST).collect();
    format!("{head}…")
}

/// Words in lines of at most `width` characters, a longer word on a line of its own.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
