//! Compliance findings of the Open Cybersecurity Schema Framework, class 2003 of version 1.5.
//!
//! An array with one event a line, a result each. What a run finds is told anew each time, so the
//! activity is always `Create`; what is the same from run to run has the same `finding_info.uid`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use super::finished::{RuleResult, Target};
use super::lasting::{self, Names};
use super::{Closing, Failure, Opening, Renderer};
use crate::digest::half_fingerprint;
use crate::result::{Severity, Status};

/// A value and the number that the framework has for it.
type Named = (u8, &'static str);

#[derive(Serialize)]
struct Event<'a> {
    activity_id: u8,
    activity_name: &'static str,
    category_uid: u8,
    category_name: &'static str,
    class_uid: u16,
    class_name: &'static str,
    type_uid: u32,
    time: i64,
    severity_id: u8,
    severity: &'static str,
    status_id: u8,
    status: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    metadata: Metadata,
    finding_info: FindingInfo<'a>,
    compliance: Compliance<'a>,
    resources: Vec<Resource<'a>>,
    remediation: Remediation<'a>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    unmapped: Map<String, Value>,
}

#[derive(Serialize)]
struct Metadata {
    version: &'static str,
    product: Product,
}

#[derive(Serialize)]
struct Product {
    name: &'static str,
    vendor_name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct FindingInfo<'a> {
    uid: String,
    title: &'a str,
}

#[derive(Serialize)]
struct Compliance<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    control: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    requirements: Vec<&'a str>,
    standards: Vec<&'a str>,
    status_id: u8,
    status: &'static str,
    status_code: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    status_details: Vec<String>,
}

#[derive(Serialize)]
struct Resource<'a> {
    uid: &'a str,
    name: &'a str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<&'a str>,
}

#[derive(Serialize)]
struct Remediation<'a> {
    desc: &'a str,
}

/// What events have in common, whatever they are about.
struct About<'a> {
    severity: Named,
    state: Named,
    message: &'a str,
    uid: String,
    title: &'a str,
    remediation: &'a str,
}

/// An array being written, an event on each line.
pub(super) struct Ocsf<'w> {
    out: Box<dyn Write + Send + 'w>,
    time: i64,
    host: Option<String>,
    names: Names,
    uids: Names,
    first: bool,
}

impl<'w> Ocsf<'w> {
    pub(super) fn begin(
        mut out: Box<dyn Write + Send + 'w>,
        opening: &Opening,
    ) -> io::Result<Self> {
        out.write_all(b"[")?;
        Ok(Self {
            out,
            time: opening.generated_at.as_millisecond(),
            host: opening.host.clone(),
            names: Names::of(opening),
            uids: Names::default(),
            first: true,
        })
    }

    fn event<'a>(
        &mut self,
        about: &About<'a>,
        compliance: Compliance<'a>,
        resource: Resource<'a>,
        result: Option<(&Target<'_>, &RuleResult<'_>)>,
    ) -> io::Result<()> {
        let event = Event {
            activity_id: 1,
            activity_name: "Create",
            category_uid: 2,
            category_name: "Findings",
            class_uid: 2003,
            class_name: "Compliance Finding",
            type_uid: 200_301,
            time: self.time,
            severity_id: about.severity.0,
            severity: about.severity.1,
            status_id: about.state.0,
            status: about.state.1,
            message: about.message,
            comment: result.and_then(|(_, result)| result.acceptance()),
            metadata: Metadata {
                version: "1.5.0",
                product: Product {
                    name: "plimsoll",
                    vendor_name: "plimsoll",
                    version: env!("CARGO_PKG_VERSION"),
                },
            },
            finding_info: FindingInfo { uid: self.uids.claim(&about.uid), title: about.title },
            compliance,
            resources: vec![resource],
            remediation: Remediation { desc: about.remediation },
            unmapped: result.map(|(target, it)| unmapped(target, it)).unwrap_or_default(),
        };
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        serde_json::to_writer(&mut self.out, &event)?;
        Ok(())
    }
}

impl Renderer for Ocsf<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        let name = self.names.target(target);
        let host = self.host.clone().filter(|_| target.source.kind == "process");
        for result in &target.results {
            // The fingerprint is the rule's and the server's; one rule serves several controls, and
            // nothing but their names tells the servers of two machines apart.
            let parts = [&result.benchmark, &result.control, name.as_str()].join("\0");
            let uid = format!("{}-{}", result.fingerprint, half_fingerprint(&parts));
            let about = About {
                severity: severity(result),
                state: state(result),
                message: &result.message,
                uid,
                title: &result.title,
                remediation: &result.remediation,
            };
            let resource = Resource {
                uid: &name,
                name: target.name.as_deref().unwrap_or(target.component.name()),
                r#type: target.component.name(),
                version: Some(&target.kubernetes_version.minor),
                hostname: host.as_deref(),
            };
            self.event(&about, compliance(result), resource, Some((target, result)))?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        for failure in &closing.errors {
            self.unread(failure)?;
        }
        self.out.write_all(b"\n]\n")?;
        self.out.flush()
    }
}

impl Ocsf<'_> {
    /// An input that could not be checked is a finding without a control.
    fn unread(&mut self, failure: &Failure) -> io::Result<()> {
        let about = About {
            severity: (1, "Informational"),
            state: (1, "New"),
            message: &failure.message,
            uid: format!("input-{}", half_fingerprint(&failure.source)),
            title: "The input could not be checked",
            remediation: "Correct or leave out the input.",
        };
        let compliance = Compliance {
            control: None,
            requirements: Vec::new(),
            standards: vec!["plimsoll"],
            status_id: 0,
            status: "Unknown",
            status_code: "unread",
            status_details: Vec::new(),
        };
        let (uid, name) = (failure.source.as_str(), failure.source.as_str());
        let resource = Resource { uid, name, r#type: "input", version: None, hostname: None };
        self.event(&about, compliance, resource, None)
    }
}

/// How grave it is that something fails; what does not fail is for information.
fn severity(result: &RuleResult<'_>) -> Named {
    match (result.status, result.severity) {
        (Status::Pass | Status::NotApplicable, _) | (_, Severity::Info) => (1, "Informational"),
        (_, Severity::Low) => (2, "Low"),
        (_, Severity::Medium) => (3, "Medium"),
        (_, Severity::High) => (4, "High"),
        (_, Severity::Critical) => (5, "Critical"),
    }
}

/// Where the work on a finding stands. A known failure is being worked on; what passes is done.
fn state(result: &RuleResult<'_>) -> Named {
    match result.status {
        Status::Fail if result.waiver.is_some() => (3, "Suppressed"),
        Status::Fail if result.baseline => (2, "In Progress"),
        Status::Pass | Status::NotApplicable => (4, "Resolved"),
        Status::Fail | Status::Manual | Status::Unknown | Status::Error => (1, "New"),
    }
}

fn compliance<'a>(result: &'a RuleResult<'_>) -> Compliance<'a> {
    // The framework has no words of its own for an error and for what does not apply.
    let (status_id, status) = match result.status {
        Status::Pass => (1, "Pass"),
        Status::Manual => (2, "Warning"),
        Status::Fail => (3, "Fail"),
        Status::Unknown | Status::Error => (0, "Unknown"),
        Status::NotApplicable => (99, "Not Applicable"),
    };
    Compliance {
        control: Some(&result.control),
        requirements: vec![&result.rule],
        standards: vec![&result.benchmark_title],
        status_id,
        status,
        status_code: result.status.name(),
        status_details: result.evidence.iter().filter_map(lasting::fact).collect(),
    }
}

/// What the class has no field for.
fn unmapped(target: &Target<'_>, result: &RuleResult<'_>) -> Map<String, Value> {
    let waiver = result.waiver.as_ref();
    let fields = [
        ("benchmark", Some(result.benchmark.to_string())),
        ("fingerprint", Some(result.fingerprint.to_string())),
        ("section", Some(format!("{} {}", result.section, result.section_title))),
        ("level", result.level.map(|level| level.to_string())),
        ("place", result.location().map(lasting::place)),
        ("fix", result.fix.as_ref().map(ToString::to_string)),
        ("waiver_owner", waiver.and_then(|waiver| Some(waiver.owner.as_ref()?.to_string()))),
        ("waiver_expires", waiver.and_then(|waiver| waiver.expires.clone())),
        ("baseline", result.baseline.then(|| "true".to_owned())),
        ("uid", target.user()),
        ("warning", target.warning()),
    ];
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
    fields.map(|(name, value)| (name.to_owned(), Value::String(value))).collect()
}
