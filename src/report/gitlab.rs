//! GitLab Code Quality: a JSON array of what needs somebody.
//!
//! Each entry is an issue in a merge request, so the array holds findings, results that could not be
//! determined and inputs that could not be checked. What is waived, and a warning about a server, stays
//! visible as information; what passes, or was known before, is no issue. The format
//! demands a path and a line. Where there is no line the first stands for the file as a whole, and a
//! process, which has no file in a repository, goes by the name of its component.

use std::io::{self, Write};

use serde::Serialize;

use super::address::plain;
use super::finished::{Location, RuleResult, Target, headline};
use super::grouped::{Group, Groups};
use super::text::shorten;
use super::{Closing, Failure, Renderer, printable};
use crate::digest::half_fingerprint;
use crate::result::{Severity, Status};

/// A report being written.
pub(super) struct Gitlab<'w> {
    out: Box<dyn Write + Send + 'w>,
    first: bool,
    groups: Groups,
}

#[derive(Serialize)]
struct Issue<'r> {
    #[serde(rename = "type")]
    kind: &'static str,
    check_name: &'r str,
    description: String,
    content: Content,
    categories: [&'static str; 1],
    severity: &'static str,
    fingerprint: &'r str,
    location: IssueLocation<'r>,
}

#[derive(Serialize)]
struct Content {
    body: String,
}

#[derive(Serialize)]
struct IssueLocation<'r> {
    path: &'r str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The file as a whole.
const WHOLE: Lines = Lines { begin: 1, end: 1 };

impl<'w> Gitlab<'w> {
    pub(super) fn begin(mut out: Box<dyn Write + Send + 'w>) -> io::Result<Self> {
        write!(out, "[")?;
        Ok(Self { out, first: true, groups: Groups::default() })
    }

    fn issue(&mut self, issue: &Issue<'_>) -> io::Result<()> {
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        Ok(serde_json::to_writer(&mut self.out, issue)?)
    }
}

impl Gitlab<'_> {
    /// What is to be known of a server whatever its results are.
    fn warning(&mut self, target: &Target<'_>, warning: &str) -> io::Result<()> {
        let path = target.source.path.as_deref().unwrap_or(target.component.name());
        let exe = target.source.exe.as_deref().unwrap_or_default();
        let parts = [target.component.name(), path, exe, warning].join("\0");
        self.issue(&Issue {
            kind: "issue",
            check_name: "warning",
            description: format!("warning: {}", shorten(warning)),
            content: Content { body: format!("{warning}\n\n{}", headline(target)) },
            categories: ["Security"],
            severity: "info",
            fingerprint: &half_fingerprint(&parts),
            location: IssueLocation { path: plain(path), lines: WHOLE },
        })
    }
}

impl Renderer for Gitlab<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        if let Some(warning) = target.warning() {
            self.warning(target, &warning)?;
        }
        for group in self.groups.of(target) {
            let result = group.result();
            let counts = result.is_finding() || result.status == Status::Error;
            if counts || result.waiver.is_some() {
                self.issue(&Issue::of(target, result, &group))?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        for Failure { source, message, .. } in &closing.errors {
            let body = message.clone();
            self.issue(&Issue {
                kind: "issue",
                check_name: "input-not-checked",
                description: format!("not checked: {}", shorten(&printable(message))),
                content: Content { body },
                categories: ["Security"],
                severity: "critical",
                fingerprint: &half_fingerprint(&format!("{source}\0{message}")),
                location: IssueLocation { path: plain(source), lines: WHOLE },
            })?;
        }
        writeln!(self.out, "\n]")?;
        self.out.flush()
    }
}

impl<'r> Issue<'r> {
    fn of(target: &'r Target<'r>, result: &'r RuleResult<'r>, group: &'r Group<'r, 'r>) -> Self {
        let state = match (result.status, &result.waiver) {
            (Status::Error, _) => "could not be determined: ",
            (Status::Unknown, None) => "not known: ",
            (_, Some(_)) => "waived: ",
            (_, None) => "",
        };
        let message = printable(&result.message);
        let message = shorten(&message);
        let controls = group.controls().join(", ");
        let (path, lines) = match (result.location(), &target.source.path) {
            (Some(Location::Text { path, line, end_line, .. }), _) => {
                (&**path, Lines { begin: *line, end: *end_line })
            }
            (_, Some(path)) => (&**path, WHOLE),
            _ => (target.component.name(), WHOLE),
        };
        Self {
            kind: "issue",
            check_name: &result.rule,
            description: format!("{}: {state}{message} ({controls})", result.title),
            content: Content { body: body(target, result) },
            categories: ["Security"],
            severity: if result.waiver.is_some() { "info" } else { severity(result.severity) },
            fingerprint: &group.key,
            location: IssueLocation { path: plain(path), lines },
        }
    }
}

/// What to do, in general and here, and what it is about.
fn body(target: &Target<'_>, result: &RuleResult<'_>) -> String {
    let waiver = result.waiver.as_ref().map(ToString::to_string);
    let lapsed = result.lapsed_waiver.as_ref();
    let lapsed = lapsed.map(|lapsed| format!("Its waiver {}.", lapsed.because));
    let here = result.fix.as_ref().map(|fix| format!("Here: {fix}"));
    let of = Some(headline(target));
    let parts = [waiver, lapsed, Some(result.remediation.clone().into_owned()), here, of];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}
