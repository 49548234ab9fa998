//! For people: grouped by section, one line a control, failures followed by their remedy.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::iter;
use std::mem;

use colored::{Color, Colorize};

use super::finished::{Detail, Location, RuleResult, Target, WaiverRecord, headline, version};
use super::wrap::{wrap, wrap_behind};
use super::{Closing, Look, Renderer, counted, printable, printable_path};
use crate::diagnostic::Level;
use crate::result::Status;

/// The width that remedies are broken at where there is no terminal; results stay on one line then.
const WIDTH: usize = 100;

/// Where a result's text begins.
const INDENT: usize = MARGIN.len();
const MARGIN: &str = "                 ";

/// A report being written.
pub(super) struct Text<'w> {
    out: Box<dyn Write + Send + 'w>,
    look: Look,
    /// Remedies that were broken into lines already, by rule.
    wrapped: HashMap<String, String>,
    /// A line being put together, and what stands before its text.
    buffer: String,
    head: String,
}

impl<'w> Text<'w> {
    pub(super) fn new(out: Box<dyn Write + Send + 'w>, look: Look) -> Self {
        let (buffer, head) = (String::new(), String::new());
        Self { out, look, wrapped: HashMap::new(), buffer, head }
    }

    fn paint<'t>(&self, text: &'t str, color: Color) -> Cow<'t, str> {
        if self.look.color { text.color(color).to_string().into() } else { text.into() }
    }

    fn bold<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.look.color { text.bold().to_string().into() } else { text.into() }
    }

    /// The status in eight columns, one of them empty.
    fn status(&self, result: &RuleResult<'_>) -> Cow<'static, str> {
        let (name, color) = match result.status {
            Status::Fail if result.waiver.is_some() => ("waived  ", Color::Cyan),
            Status::Fail if result.baseline => ("known   ", Color::Magenta),
            Status::Pass => ("pass    ", Color::Green),
            Status::Fail => ("fail    ", Color::Red),
            Status::Error => ("error   ", Color::Red),
            Status::Manual => ("manual  ", Color::Yellow),
            Status::Unknown => ("unknown ", Color::Yellow),
            Status::NotApplicable => ("n/a     ", Color::BrightBlack),
        };
        if self.look.color { name.color(color).to_string().into() } else { name.into() }
    }

    /// Text broken into indented lines.
    fn lines(&self, text: &str) -> String {
        let width = self.look.width.unwrap_or(WIDTH).saturating_sub(INDENT).max(20);
        wrap_behind(MARGIN, text, width)
    }

    /// Text and its place on one line, written at once.
    fn line(
        &mut self,
        head: &str,
        text: &[&str],
        location: Option<&Location<'_>>,
    ) -> io::Result<()> {
        let mut line = mem::take(&mut self.buffer);
        line.clear();
        line.push_str(head);
        line.extend(text.iter().copied());
        if let Some(location) = location {
            line.push_str("  ");
            match location {
                Location::Text { path, line: number, .. }
                    if !self.look.color && self.look.links.is_none() =>
                {
                    line.push_str(&printable_path(path));
                    let _ = write!(line, ":{number}");
                }
                location => line.push_str(&self.place(location)),
            }
        }
        line.push('\n');
        let written = self.out.write_all(line.as_bytes());
        self.buffer = line;
        written
    }

    /// A place, as a link where links are wanted.
    fn place(&self, location: &Location<'_>) -> String {
        let shown = printable_path(&location.to_string()).into_owned();
        let painted = self.paint(&shown, Color::BrightBlack);
        match (&self.look.links, location) {
            (Some(links), Location::Text { path, .. }) => links.link(path, &painted),
            _ => painted.into_owned(),
        }
    }

    /// `head`, then the text behind it and its place, broken at the terminal's width if there is one.
    fn entry(
        &mut self,
        head: &str,
        indent: usize,
        text: &[&str],
        location: Option<&Location<'_>>,
    ) -> io::Result<()> {
        let Some(width) = self.look.width else { return self.line(head, text, location) };
        let place = location.map(|location| (location.to_string(), self.place(location)));
        let text = text.concat();
        let lines = wrap(&text, width.saturating_sub(indent).max(20));
        let last = lines.last().map_or(0, |line| line.chars().count());
        write!(self.out, "{head}")?;
        for (index, line) in lines.iter().enumerate() {
            let indent = if index == 0 { 0 } else { indent };
            let end = if index + 1 < lines.len() { "\n" } else { "" };
            write!(self.out, "{:indent$}{line}{end}", "")?;
        }
        match place {
            Some((plain, shown)) if indent + last + 2 + plain.chars().count() <= width => {
                writeln!(self.out, "  {shown}")
            }
            Some((_, shown)) => writeln!(self.out, "\n{:indent$}{shown}", ""),
            None => writeln!(self.out),
        }
    }

    /// A line in bold type, broken where the terminal ends.
    fn title(&mut self, text: &str) -> io::Result<()> {
        let Some(width) = self.look.width else {
            let text = self.bold(text);
            return writeln!(self.out, "{text}");
        };
        for (index, line) in wrap(text, width.saturating_sub(2).max(20)).iter().enumerate() {
            let line = self.bold(line);
            writeln!(self.out, "{:indent$}{line}", "", indent = if index == 0 { 0 } else { 2 })?;
        }
        Ok(())
    }

    /// Each control would say the same.
    fn absent(&mut self, target: &Target<'_>) -> io::Result<()> {
        if self.look.problems_only {
            return Ok(());
        }
        let controls = counted(target.controls, "control");
        let headline = headline(target);
        let headline = self.bold(&headline);
        writeln!(self.out, "{headline}: {controls} not applicable\n")
    }

    fn result(&mut self, result: &RuleResult<'_>) -> io::Result<()> {
        let mut head = mem::take(&mut self.head);
        head.clear();
        head.extend(["  ", &self.status(result), &result.control, " "]);
        let short = 6_usize.saturating_sub(result.control.len());
        head.extend(iter::repeat_n(' ', short));
        let location = result.location().filter(|_| !result.names_file);
        let message = on_one_line(&result.message);
        let message = shorten(&message);
        self.entry(&head, INDENT, &[&result.title, ": ", &message], location)?;
        self.head = head;
        if let Some(waiver) = &result.waiver {
            let text = waiver.to_string();
            return self.out.write_all(self.lines(&printable(&text)).as_bytes());
        }
        if !result.is_finding() {
            return Ok(());
        }
        if let Some(lapsed) = &result.lapsed_waiver {
            let text = lapsed.to_string();
            self.out.write_all(self.lines(&printable(&text)).as_bytes())?;
        }
        if let Some(lines) = self.wrapped.get(&*result.rule) {
            self.out.write_all(lines.as_bytes())?;
        } else {
            let lines = self.lines(&result.remediation);
            self.out.write_all(lines.as_bytes())?;
            self.wrapped.insert(result.rule.clone().into_owned(), lines);
        }
        if let Some(here) = &result.fix {
            let lines = self.lines(&printable(&["Here: ", here].concat()));
            self.out.write_all(lines.as_bytes())?;
        }
        Ok(())
    }

    /// Waivers that somebody should look at.
    fn waivers(&mut self, waivers: &[WaiverRecord<'_>]) -> io::Result<()> {
        let mut any = false;
        for waiver in waivers {
            if let Some(remark) = waiver.remark() {
                any = true;
                self.entry("  ", 4, &[&printable(&remark)], None)?;
            }
        }
        if any { writeln!(self.out) } else { Ok(()) }
    }
}

impl Renderer for Text<'_> {
    fn detail(&self) -> Detail {
        Detail::Results
    }

    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        if target.source.is_absent() {
            return self.absent(target);
        }
        self.title(&headline(target))?;
        writeln!(self.out, "{}", version(target.component, &target.kubernetes_version))?;
        if !target.diagnostics.is_empty() {
            writeln!(self.out)?;
        }
        for diagnostic in &target.diagnostics {
            let color = match diagnostic.severity {
                Level::Error => Color::Red,
                Level::Warning => Color::Yellow,
                Level::Note => Color::Cyan,
            };
            let level = format!("{:<8}", diagnostic.severity.name());
            let level = self.paint(&level, color);
            let message = on_one_line(&diagnostic.message);
            let location = diagnostic.location.as_ref();
            self.entry(&format!("  {level}"), 10, &[&message], location)?;
        }
        let mut section = None;
        let mut benchmark = None;
        for result in &target.results {
            if self.look.problems_only && !needs_somebody(result.status) {
                continue;
            }
            if benchmark != Some(&result.benchmark) {
                benchmark = Some(&result.benchmark);
                section = None;
                let title = self.bold(&result.benchmark_title);
                writeln!(self.out, "\n{title} ({})", result.benchmark)?;
            }
            if section != Some(&result.section) {
                section = Some(&result.section);
                let title = [&result.section, " ", &result.section_title].concat();
                writeln!(self.out, "\n{}", self.bold(&title))?;
            }
            self.result(result)?;
        }
        writeln!(self.out)
    }

    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        self.waivers(&closing.waivers)?;
        let summary = closing.summary;
        if summary.targets > 0 {
            use Color::{BrightBlack, Cyan, Green, Red, Yellow};
            let colors = [Green, Red, Yellow, Yellow, BrightBlack, Red, Cyan];
            let counts: Vec<String> = summary
                .words()
                .zip(colors)
                .filter_map(|(words, color)| Some(self.paint(&words?, color).into_owned()))
                .collect();
            writeln!(self.out, "{}: {}", counted(summary.targets, "target"), counts.join(", "))?;
            if self.look.problems_only && summary.pass + summary.not_applicable > 0 {
                writeln!(self.out, "--show all lists those that pass or do not apply as well")?;
            }
        }
        self.out.flush()
    }
}

fn needs_somebody(status: Status) -> bool {
    matches!(status, Status::Fail | Status::Manual | Status::Unknown | Status::Error)
}

/// A text of a report on one line. The report has hidden and escaped everything else.
fn on_one_line(text: &str) -> Cow<'_, str> {
    match memchr::memchr(b'\n', text.as_bytes()) {
        Some(_) => printable(text),
        None => text.into(),
    }
}

/// A fact can quote an argument of any length; a line of a report cannot.
pub(super) fn shorten(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 300;
    if text.len() <= LONGEST || text.chars().count() <= LONGEST {
        return text.into();
    }
    let head: String = text.chars().take(LONGEST).collect();
    format!("{head}…").into()
}
