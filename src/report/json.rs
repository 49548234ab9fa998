//! `plimsoll.report/1`: the names are a promise, see `report.schema.json` beside this file.
//!
//! Written a target at a time, one line each, so that a run over any number of files needs no more
//! memory than one.

use std::io::{self, Write};

use serde::Serialize;

use super::location::{Diagnostic, Location, Source, Version};
use super::{Closing, Summary, TargetReport, quotable};
use crate::digest::half_fingerprint;
use crate::evaluate::RuleResult;
use crate::remedy;

/// The name of the format and its number.
const SCHEMA: &str = "plimsoll.report/1";

/// A report being written.
pub struct Json<'w> {
    out: Box<dyn Write + 'w>,
    first: bool,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Target<'r> {
    id: String,
    component: &'static str,
    source: Source,
    kubernetes_version: Version,
    diagnostics: Vec<Diagnostic>,
    results: Vec<Result<'r>>,
}

#[derive(Serialize)]
struct Result<'r> {
    benchmark: &'r str,
    control: &'r str,
    rule: &'r str,
    title: &'r str,
    section: &'r str,
    status: &'static str,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assessment: Option<&'static str>,
    message: String,
    evidence: Vec<Evidence>,
    remediation: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
    fingerprint: String,
}

#[derive(Serialize)]
struct Evidence {
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
}

#[derive(Serialize)]
struct Benchmark<'r> {
    id: &'r str,
    title: &'r str,
    digest: String,
}

#[derive(Serialize)]
struct Failure {
    source: String,
    message: String,
}

#[derive(Serialize)]
struct Counts {
    targets: usize,
    pass: usize,
    fail: usize,
    manual: usize,
    not_applicable: usize,
    error: usize,
    waived: usize,
}

impl<'w> Json<'w> {
    pub(super) fn begin(mut out: Box<dyn Write + 'w>, generated_at: &str) -> io::Result<Self> {
        let tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
        write!(out, "{{\n\"schema\": \"{SCHEMA}\",\n\"tool\": ")?;
        serde_json::to_writer(&mut out, &tool)?;
        write!(out, ",\n\"generated_at\": \"{generated_at}\",\n\"targets\": [")?;
        Ok(Self { out, first: true })
    }

    pub(super) fn target(&mut self, report: &TargetReport<'_>) -> io::Result<()> {
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        let half = half_fingerprint(&report.target.identity);
        let target = Target {
            id: quotable(&report.target.id).into_owned(),
            component: report.target.line.component.name(),
            source: Source::from(report.target),
            kubernetes_version: Version::from(report.target.version),
            diagnostics: report.diagnostics.iter().map(|d| Diagnostic::from(*d)).collect(),
            results: report
                .results
                .iter()
                .map(|result| Result::new(result, report.target, &half))
                .collect(),
        };
        serde_json::to_writer(&mut self.out, &target)?;
        Ok(())
    }

    pub(super) fn finish(mut self, closing: &Closing<'_>) -> io::Result<()> {
        let benchmarks: Vec<Benchmark<'_>> = closing
            .benchmarks
            .iter()
            .map(|benchmark| Benchmark {
                id: &benchmark.id,
                title: &benchmark.title,
                digest: benchmark.digest(),
            })
            .collect();
        let errors: Vec<Failure> = closing
            .failures
            .iter()
            .map(|failure| Failure {
                source: quotable(&failure.source).into_owned(),
                message: quotable(&failure.message).into_owned(),
            })
            .collect();
        write!(self.out, "\n],\n\"errors\": ")?;
        serde_json::to_writer(&mut self.out, &errors)?;
        write!(self.out, ",\n\"benchmarks\": ")?;
        serde_json::to_writer(&mut self.out, &benchmarks)?;
        write!(self.out, ",\n\"summary\": ")?;
        serde_json::to_writer(&mut self.out, &Counts::from(closing.summary))?;
        writeln!(self.out, "\n}}")?;
        self.out.flush()
    }
}

impl From<Summary> for Counts {
    fn from(summary: Summary) -> Self {
        let Summary { targets, pass, fail, manual, not_applicable, error, waived } = summary;
        Self { targets, pass, fail, manual, not_applicable, error, waived }
    }
}

impl<'r> Result<'r> {
    /// `target` is the target's half of the fingerprint.
    fn new(result: &'r RuleResult<'_>, of: &crate::target::Target, target: &str) -> Self {
        let control = result.control;
        let rule = control.demand();
        Self {
            benchmark: &result.benchmark.id,
            control: &control.number,
            rule: &rule.id,
            title: &rule.title,
            section: &result.section.number,
            status: result.verdict.status.name(),
            severity: rule.severity.name(),
            level: control.level,
            assessment: control.assessment.map(crate::rule::Assessment::name),
            message: quotable(&result.verdict.message).into_owned(),
            evidence: result.verdict.evidence.iter().map(Evidence::from).collect(),
            remediation: &rule.remediation,
            fix: remedy::here(of, &result.verdict).map(|fix| quotable(&fix).into_owned()),
            fingerprint: format!("{}{target}", rule.fingerprint),
        }
    }
}

impl From<&crate::result::Evidence> for Evidence {
    fn from(fact: &crate::result::Evidence) -> Self {
        Self {
            flag: (!fact.flag.is_empty()).then(|| fact.flag.clone()),
            value: fact.value.as_deref().map(|value| quotable(value).into_owned()),
            origin: fact.origin.name(),
            location: fact.location.as_ref().map(Location::from),
        }
    }
}
