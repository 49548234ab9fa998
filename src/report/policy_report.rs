//! Reports as objects of a cluster: `wgpolicyk8s.io/v1alpha2`, and `openreports.io/v1alpha1`, which
//! took over its shape.
//!
//! Each target is a report of its own in one `List`, so that an object stays far below what a cluster
//! stores, and a server that is checked again replaces its own results and no others. The objects are
//! of the cluster, not of a namespace: a control plane has none.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::finished::{RuleResult, Target};
use super::lasting::{self, Names};
use super::{Closing, Failure, Opening, Renderer};
use crate::digest::half_fingerprint;
use crate::result::Status;
use crate::rule::Assessment;

/// Whose objects to write.
#[derive(Clone, Copy, Debug)]
pub(super) enum Api {
    /// `wgpolicyk8s.io/v1alpha2`.
    PolicyWorkingGroup,
    /// `openreports.io/v1alpha1`.
    OpenReports,
}

impl Api {
    const fn version_and_kind(self) -> (&'static str, &'static str) {
        match self {
            Self::PolicyWorkingGroup => ("wgpolicyk8s.io/v1alpha2", "ClusterPolicyReport"),
            Self::OpenReports => ("openreports.io/v1alpha1", "ClusterReport"),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<Node<'a>>,
    summary: Summary,
    results: Vec<PolicyResult<'a>>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    name: String,
    labels: BTreeMap<&'static str, &'static str>,
    annotations: BTreeMap<&'static str, &'a str>,
}

/// The machine that a server runs on.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    api_version: &'static str,
    kind: &'static str,
    name: &'a str,
}

#[derive(Default, Serialize)]
struct Summary {
    pass: usize,
    fail: usize,
    warn: usize,
    error: usize,
    skip: usize,
}

#[derive(Serialize)]
struct PolicyResult<'a> {
    source: &'static str,
    policy: &'a str,
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    result: Outcome,
    scored: bool,
    message: String,
    timestamp: Timestamp,
    properties: BTreeMap<&'static str, String>,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Pass,
    Fail,
    Warn,
    Error,
    Skip,
}

#[derive(Clone, Copy, Serialize)]
struct Timestamp {
    seconds: i64,
    nanos: i32,
}

/// A list being written, a report on each line.
pub(super) struct PolicyReports<'w> {
    api: Api,
    out: Box<dyn Write + Send + 'w>,
    names: Names,
    host: Option<String>,
    timestamp: Timestamp,
    first: bool,
}

impl<'w> PolicyReports<'w> {
    pub(super) fn begin(
        api: Api,
        mut out: Box<dyn Write + Send + 'w>,
        opening: &Opening,
    ) -> io::Result<Self> {
        write!(out, "{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[")?;
        let seconds = opening.generated_at.as_second();
        let timestamp = Timestamp { seconds, nanos: 0 };
        let (names, host) = (Names::of(opening), opening.host.clone());
        Ok(Self { api, out, names, host, timestamp, first: true })
    }

    /// Writes a report. Its name has to be a subdomain of DNS, which no path is: a digest stands for
    /// the rest.
    fn report(
        &mut self,
        prefix: &str,
        annotations: BTreeMap<&'static str, &str>,
        scope: Option<Node<'_>>,
        results: Vec<PolicyResult<'_>>,
    ) -> io::Result<()> {
        let subject = annotations.get(SUBJECT).copied().unwrap_or_default();
        let name = format!("plimsoll-{prefix}-{}", half_fingerprint(subject));
        let labels = BTreeMap::from([("app.kubernetes.io/managed-by", "plimsoll")]);
        let (api_version, kind) = self.api.version_and_kind();
        let report = Report {
            api_version,
            kind,
            metadata: Metadata { name, labels, annotations },
            scope,
            summary: Summary::of(&results),
            results,
        };
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        serde_json::to_writer(&mut self.out, &report)?;
        Ok(())
    }
}

/// What a report is about, in full.
const SUBJECT: &str = "plimsoll/subject";

impl Renderer for PolicyReports<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        let name = self.names.target(target);
        let version = &target.kubernetes_version;
        let (user, warning) = (target.user(), target.warning());
        let mut annotations = BTreeMap::from([
            (SUBJECT, name.as_str()),
            ("plimsoll/version", version.minor.as_str()),
            ("plimsoll/version-from", &*version.from),
        ]);
        let more = [("plimsoll/uid", &user), ("plimsoll/warning", &warning)];
        annotations
            .extend(more.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?))));
        let host = self.host.clone();
        let node = host.as_deref().filter(|_| target.source.kind == "process");
        let scope = node.map(|name| Node { api_version: "v1", kind: "Node", name });
        let results = target.results.iter().map(|result| of(result, self.timestamp)).collect();
        self.report(target.component.name(), annotations, scope, results)
    }

    /// The last report says which inputs could not be checked. It is there even if all could be, to
    /// replace one that says otherwise.
    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        let subject = format!("inputs {}", self.host.as_deref().unwrap_or_default());
        let annotations = BTreeMap::from([(SUBJECT, subject.trim_end())]);
        let timestamp = self.timestamp;
        let results = closing.errors.iter().map(|failure| unread(failure, timestamp)).collect();
        self.report("inputs", annotations, None, results)?;
        writeln!(self.out, "\n]}}")?;
        self.out.flush()
    }
}

impl Summary {
    fn of(results: &[PolicyResult<'_>]) -> Self {
        let mut summary = Self::default();
        for result in results {
            *match result.result {
                Outcome::Pass => &mut summary.pass,
                Outcome::Fail => &mut summary.fail,
                Outcome::Warn => &mut summary.warn,
                Outcome::Error => &mut summary.error,
                Outcome::Skip => &mut summary.skip,
            } += 1;
        }
        summary
    }
}

fn of<'a>(result: &'a RuleResult<'_>, timestamp: Timestamp) -> PolicyResult<'a> {
    PolicyResult {
        source: "plimsoll",
        policy: &result.benchmark,
        rule: &result.control,
        category: Some(format!("{} {}", result.section, result.section_title)),
        severity: Some(result.severity.name()),
        result: match result.status {
            Status::Fail if result.waiver.is_some() => Outcome::Skip,
            Status::Pass => Outcome::Pass,
            Status::Fail => Outcome::Fail,
            Status::Unknown if result.is_finding() => Outcome::Fail,
            Status::Manual | Status::Unknown => Outcome::Warn,
            Status::Error => Outcome::Error,
            Status::NotApplicable => Outcome::Skip,
        },
        scored: result.assessment != Some(Assessment::Manual),
        message: format!("{}: {}", result.title, result.message),
        timestamp,
        properties: properties(result),
    }
}

/// What the shape has no field for. `status` tells the two results apart that are both skipped.
fn properties(result: &RuleResult<'_>) -> BTreeMap<&'static str, String> {
    let waiver = result.waiver.as_ref();
    let lapsed = result.lapsed_waiver.as_ref();
    let status = if waiver.is_some() { "waived" } else { result.status.name() };
    let properties = [
        ("status", Some(status.to_owned())),
        ("rule", Some(result.rule.to_string())),
        ("fingerprint", Some(result.fingerprint.to_string())),
        ("remediation", Some(result.remediation.to_string())),
        ("level", result.level.map(|level| level.to_string())),
        ("place", result.location().map(lasting::place)),
        ("fix", result.fix.as_ref().map(ToString::to_string)),
        ("waiver", waiver.map(|waiver| waiver.reason.to_string())),
        ("waiver-owner", waiver.and_then(|waiver| Some(waiver.owner.as_ref()?.to_string()))),
        ("waiver-expires", waiver.and_then(|waiver| waiver.expires.clone())),
        ("lapsed-waiver", lapsed.map(ToString::to_string)),
        ("baseline", result.baseline.then(|| "true".to_owned())),
    ];
    properties.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn unread(failure: &Failure, timestamp: Timestamp) -> PolicyResult<'_> {
    PolicyResult {
        source: "plimsoll",
        policy: "inputs",
        rule: "readable",
        category: None,
        severity: None,
        result: Outcome::Error,
        scored: true,
        message: format!("could not be checked: {}", failure.message),
        timestamp,
        properties: BTreeMap::from([("input", failure.source.clone())]),
    }
}
