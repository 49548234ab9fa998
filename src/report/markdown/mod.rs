//! Markdown for a comment at a pull request or a page behind a workflow.
//!
//! GitHub takes 65,536 characters and refuses a comment that is longer, so the tables are cut, the
//! gravest results stay, and the rest is counted. What passes or does not apply is counted alone.
//! The first line is a comment by which a workflow finds what it wrote before, to replace it.

mod part;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::address::plain;
use super::finished::{Location, RuleResult, Target, WaiverRecord, headline};
use super::grouped::{Group, Groups};
use super::marked::marked;
use super::text::shorten;
use super::{Closing, Renderer, counted};
use crate::result::Status;
use part::Part;

/// The most bytes that are written; there are never more characters than bytes.
const LIMIT: usize = 65_000;

/// What is kept free for what stands around the rows.
const FRAME: usize = 2_000;

/// How much of the limit may be taken by what stands before the tables, and by the remedies.
const SHARE: usize = LIMIT / 4;

/// The most targets whose warnings are kept; no comment has room for more.
const MOST_WARNED: usize = 500;

/// A report being written. Only rows that may be shown are held back.
pub(super) struct Markdown<'w> {
    out: Box<dyn Write + Send + 'w>,
    groups: Groups,
    findings: Part,
    errors: Part,
    waived: Part,
    known: Part,
    manual: Part,
    unknown: Part,
    warnings: Vec<String>,
    /// What to do about findings, by rule.
    remedies: BTreeMap<String, String>,
}

impl<'w> Markdown<'w> {
    pub(super) fn new(out: Box<dyn Write + Send + 'w>) -> Self {
        Self {
            out,
            groups: Groups::default(),
            findings: Part::default(),
            errors: Part::default(),
            waived: Part::default(),
            known: Part::default(),
            manual: Part::default(),
            unknown: Part::default(),
            warnings: Vec::new(),
            remedies: BTreeMap::new(),
        }
    }

    fn add(&mut self, target: &Target<'_>, group: &Group<'_, '_>) {
        let result = group.result();
        let part = match result.status {
            Status::Pass | Status::NotApplicable => return,
            Status::Fail if result.waiver.is_some() => &mut self.waived,
            Status::Fail if result.baseline => &mut self.known,
            Status::Fail => &mut self.findings,
            Status::Manual => &mut self.manual,
            Status::Unknown if result.is_finding() => &mut self.findings,
            Status::Unknown => &mut self.unknown,
            Status::Error => &mut self.errors,
        };
        part.add(result.severity, row(target, group), group.results.len());
        if result.is_finding() && !self.remedies.contains_key(&*result.rule) {
            let (title, text) = (marked(&result.title), marked(&result.remediation));
            self.remedies
                .insert(result.rule.clone().into_owned(), format!("* **{title}.** {text}\n"));
        }
    }

    fn remedies(&self, text: &mut String, limit: usize) {
        if self.remedies.is_empty() {
            return;
        }
        text.push_str("\n<details><summary>What to do</summary>\n\n");
        bounded(text, self.remedies.values().map(String::as_str), limit);
        text.push_str("\n</details>\n");
    }
}

impl Renderer for Markdown<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        if let Some(warning) = target.warning().filter(|_| self.warnings.len() <= MOST_WARNED) {
            let text = shorten(&warning);
            self.warnings.push(format!("* {}: {}\n", marked(&headline(target)), marked(&text)));
        }
        for group in self.groups.of(target) {
            self.add(target, &group);
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        let name = env!("CARGO_PKG_NAME");
        let findings = match self.findings.controls() {
            0 => "no findings".to_owned(),
            count => counted(count, "finding"),
        };
        let mut text = format!("<!-- {name} -->\n### {name}: {findings}\n\n{}\n", closing.summary);
        if !closing.errors.is_empty() {
            text.push_str("\n#### Not checked\n\n");
            let errors = closing.errors.iter();
            let lines = errors.map(|error| format!("* {}\n", marked(&shorten(&error.to_string()))));
            let lines: Vec<String> = lines.collect();
            bounded(&mut text, lines.iter().map(String::as_str), SHARE);
        }
        if !self.warnings.is_empty() {
            text.push_str("\n#### Warnings\n\n");
            bounded(&mut text, self.warnings.iter().map(String::as_str), SHARE);
        }
        let limit = LIMIT - FRAME;
        self.findings.write(&mut text, "Findings", true, limit - SHARE);
        self.errors.write(&mut text, "Could not be determined", true, limit - SHARE);
        self.remedies(&mut text, limit);
        self.waived.write(&mut text, "Waived", false, limit);
        self.known.write(&mut text, "In the baseline", false, limit);
        self.unknown.write(&mut text, "Not known from this input", false, limit);
        self.manual.write(&mut text, "For a person to decide", false, limit);
        let remarks = closing.waivers.iter().filter_map(WaiverRecord::remark);
        let remarks: Vec<String> =
            remarks.map(|remark| format!("* {}\n", marked(&remark))).collect();
        if !remarks.is_empty() {
            text.push_str("\n#### Waivers to look at\n\n");
            bounded(&mut text, remarks.iter().map(String::as_str), limit);
        }
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

/// Writes lines up to a length of the whole text, and counts the others.
fn bounded<'l>(text: &mut String, lines: impl Iterator<Item = &'l str>, limit: usize) {
    let mut left_out = 0;
    for line in lines {
        if left_out == 0 && text.len() + line.len() <= limit {
            text.push_str(line);
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        let _ = writeln!(text, "\nand {left_out} more, which do not fit into a comment");
    }
}

fn row(target: &Target<'_>, group: &Group<'_, '_>) -> String {
    let result = group.result();
    let controls: Vec<String> = group.controls().iter().map(|control| marked(control)).collect();
    let (severity, controls) = (result.severity.name(), controls.join("<br>"));
    let (said, place) = (said(result), marked(&place(target, result)));
    format!("| {severity} | {controls} | {said} | {place} |\n")
}

fn said(result: &RuleResult<'_>) -> String {
    let mut said =
        format!("**{}**<br>{}", marked(&result.title), marked(&shorten(&result.message)));
    let mut line = |text: &str| {
        said.push_str("<br>");
        said.push_str(&marked(&shorten(text)));
    };
    if let Some(fix) = result.fix.as_ref().filter(|_| result.is_finding()) {
        line(&format!("Here: {fix}"));
    }
    if let Some(lapsed) = &result.lapsed_waiver {
        line(&format!("Its waiver {}: {}", lapsed.because, lapsed.waiver.reason));
    }
    if let Some(waiver) = &result.waiver {
        let by = waiver.owner.as_ref().map(|owner| format!(" by {owner}")).unwrap_or_default();
        let until = waiver.expires.as_ref().map(|day| format!(" until {day}")).unwrap_or_default();
        line(&format!("Waived{by}{until}: {}", waiver.reason));
    }
    said
}

fn place(target: &Target<'_>, result: &RuleResult<'_>) -> String {
    match (result.location(), &target.source.path) {
        (Some(Location::Text { path, line, .. }), _) => format!("{}:{line}", plain(path)),
        (_, Some(path)) => plain(path).to_owned(),
        (place, None) => {
            let argument = place.map(|place| format!(", {place}")).unwrap_or_default();
            format!("{}{argument}", target.id)
        }
    }
}
