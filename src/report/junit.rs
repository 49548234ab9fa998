//! JUnit XML as GitLab, Jenkins and Azure Pipelines read it: a suite a target, a case a control.
//!
//! GitLab passes over a second case of one class and name, and Jenkins takes what stands before the
//! last dot of a class for its package: so a class is the target and the benchmark, with no dot but
//! the one between them, and a second target of that name is numbered. What a person has to decide,
//! what does not apply and what is accepted is skipped, with the reason.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::address::plain;
use super::finished::{Location, RuleResult, Target, headline};
use super::xml::escaped;
use super::{Closing, Opening, Renderer};
use crate::result::Status;

/// A report being written. The counts stand before what is counted, so the suites are held back.
pub(super) struct Junit<'w> {
    out: Box<dyn Write + Send + 'w>,
    opening: Opening,
    suites: String,
    /// The sums of all suites.
    sums: Counts,
    /// How many targets of one name there were.
    names: HashMap<String, usize>,
}

/// What the attributes of a suite count.
#[derive(Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// What a case holds: an element with its message, or none for one that passes.
struct Outcome {
    element: &'static str,
    kind: &'static str,
    message: String,
}

impl<'w> Junit<'w> {
    pub(super) fn new(out: Box<dyn Write + Send + 'w>, opening: &Opening) -> Self {
        let (opening, suites, names) = (opening.clone(), String::new(), HashMap::new());
        Self { out, opening, suites, sums: Counts::default(), names }
    }

    /// A name that no other target of the report has, without a dot.
    fn name(&mut self, target: &Target<'_>) -> String {
        let name = target.id.replace('.', "_");
        let count = self.names.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 { name } else { format!("{name} ({count})") }
    }

    fn suite(&mut self, name: &str, counts: Counts, said: &str, cases: &str) {
        let Counts { tests, failures, errors, skipped } = counts;
        self.sums.tests += tests;
        self.sums.failures += failures;
        self.sums.errors += errors;
        let host = self.opening.host.as_deref();
        let host = host.map(|host| format!(" hostname=\"{}\"", escaped(host))).unwrap_or_default();
        let _ = writeln!(
            self.suites,
            "<testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" \
             skipped=\"{skipped}\" time=\"0\" timestamp=\"{}\"{host}>\n{cases}{said}</testsuite>",
            escaped(name),
            // Without a zone, as the format has it: the time is UTC.
            self.opening.generated_at.strftime("%Y-%m-%dT%H:%M:%S"),
        );
    }
}

impl Renderer for Junit<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        let class = self.name(target);
        let mut counts = Counts::default();
        let mut cases = String::new();
        for result in &target.results {
            let outcome = outcome(result);
            counts.add(outcome.as_ref());
            case(&mut cases, &class, target, result, outcome.as_ref());
        }
        let mut said = String::new();
        for diagnostic in &target.diagnostics {
            let place = diagnostic.location.as_ref().map(|place| format!("  {place}"));
            let (level, place) = (diagnostic.severity.name(), place.unwrap_or_default());
            let _ = writeln!(said, "{level}: {}{place}", diagnostic.message);
        }
        if !said.is_empty() {
            said = format!("<system-out>{}</system-out>\n", escaped(&said));
        }
        self.suite(&headline(target), counts, &said, &cases);
        Ok(())
    }

    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        if !closing.errors.is_empty() {
            let mut cases = String::new();
            for error in &closing.errors {
                let message = escaped(&error.message);
                let _ = writeln!(
                    cases,
                    "<testcase name=\"{}\" classname=\"inputs.{}\" time=\"0\">\
                     <error message=\"{message}\" type=\"input\">{message}</error></testcase>",
                    escaped(&error.source),
                    escaped(&error.source.replace('.', "_")),
                );
            }
            let errors = closing.errors.len();
            let counts = Counts { tests: errors, errors, ..Counts::default() };
            self.suite("Inputs that could not be checked", counts, "", &cases);
        }
        let Counts { tests, failures, errors, .. } = self.sums;
        write!(
            self.out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" \
             tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"0\">\n{}</testsuites>\n",
            env!("CARGO_PKG_NAME"),
            self.suites,
        )?;
        self.out.flush()
    }
}

impl Counts {
    fn add(&mut self, outcome: Option<&Outcome>) {
        self.tests += 1;
        match outcome.map(|outcome| outcome.element) {
            Some("failure") => self.failures += 1,
            Some("error") => self.errors += 1,
            Some(_) => self.skipped += 1,
            None => {}
        }
    }
}

fn outcome(result: &RuleResult<'_>) -> Option<Outcome> {
    let (element, kind, prefix) = match (result.status, &result.waiver) {
        (Status::Pass, _) => return None,
        (Status::Fail, Some(waiver)) => {
            ("skipped", "waived", format!("waived: {}. ", waiver.reason))
        }
        (Status::Fail, None) if result.baseline => {
            ("skipped", "baseline", "in the baseline: ".to_owned())
        }
        (Status::Fail, None) => ("failure", result.severity.name(), String::new()),
        (Status::Error, _) => ("error", "error", String::new()),
        (Status::Manual, _) => ("skipped", "manual", "manual: ".to_owned()),
        (Status::Unknown, _) if result.is_finding() => {
            ("failure", result.severity.name(), "unknown: ".to_owned())
        }
        (Status::Unknown, _) => ("skipped", "unknown", "unknown: ".to_owned()),
        (Status::NotApplicable, _) => ("skipped", "not-applicable", "not applicable: ".to_owned()),
    };
    Some(Outcome { element, kind, message: format!("{prefix}{}", result.message) })
}

fn case(
    out: &mut String,
    class: &str,
    target: &Target<'_>,
    result: &RuleResult<'_>,
    outcome: Option<&Outcome>,
) {
    let _ = write!(
        out,
        "<testcase name=\"{} {}\" classname=\"{}.{}\" time=\"0\"",
        escaped(&result.control),
        escaped(&result.title),
        escaped(class),
        escaped(&result.benchmark.replace('.', "_")),
    );
    match (result.location(), &target.source.path) {
        (Some(Location::Text { path, line, .. }), _) => {
            let _ = write!(out, " file=\"{}\" line=\"{line}\"", escaped(plain(path)));
        }
        (None, Some(path)) => {
            let _ = write!(out, " file=\"{}\"", escaped(plain(path)));
        }
        _ => {}
    }
    let Some(Outcome { element, kind, message }) = outcome else {
        out.push_str("/>\n");
        return;
    };
    // The schema knows no type of what is skipped; the message says it.
    let kind = if *element == "skipped" { String::new() } else { format!(" type=\"{kind}\"") };
    let _ = writeln!(
        out,
        "><{element} message=\"{}\"{kind}>{}</{element}></testcase>",
        escaped(message),
        escaped(&body(result, message)),
    );
}

/// What GitLab shows of a case: what decided, where, and what to do.
fn body(result: &RuleResult<'_>, message: &str) -> String {
    let mut body = format!("{message}\n");
    let mut line = |text: String| {
        body.push_str(&text);
        body.push('\n');
    };
    if let Some(place) = result.location() {
        line(format!("At: {place}"));
    }
    if let Some(lapsed) = &result.lapsed_waiver {
        line(format!("Its waiver {}: {}", lapsed.because, lapsed.waiver.reason));
    }
    if let Some(waiver) = &result.waiver {
        let by = waiver.owner.as_ref().map(|owner| format!(" by {owner}")).unwrap_or_default();
        let until = waiver.expires.as_ref().map(|day| format!(" until {day}")).unwrap_or_default();
        line(format!("Waived{by}{until}"));
    }
    if matches!(result.status, Status::Fail | Status::Manual | Status::Unknown) {
        line(format!("What to do: {}", result.remediation));
    }
    if let Some(fix) = &result.fix {
        line(format!("Here: {fix}"));
    }
    line(format!("Rule {}, severity {}", result.rule, result.severity.name()));
    body
}
