//! One rule at one target.

use serde::Serialize;

use super::Text;
use super::place::Location;
use super::rule::level;
use crate::report::finished::{Evidence, LapsedWaiver, RuleResult, Target, Waiver};
use crate::report::grouped::Group;
use crate::result::{Severity, Status};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Result<'r> {
    rule_id: &'r str,
    rule_index: usize,
    kind: &'static str,
    level: &'static str,
    message: Text<String>,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related>,
    partial_fingerprints: Fingerprints<'r>,
    /// SARIF wants it at all results or at none.
    suppressions: Vec<Suppression<'r>>,
    /// Likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    properties: Properties<'r>,
}

/// GitHub knows an alert again by the line's hash, which need not be one: the same fingerprint,
/// told apart where several targets have it.
#[derive(Serialize)]
struct Fingerprints<'r> {
    #[serde(rename = "primaryLocationLineHash")]
    line: &'r str,
    #[serde(rename = "plimsoll/v1")]
    own: &'r str,
}

#[derive(Serialize)]
struct Related {
    id: usize,
    message: Text<String>,
    #[serde(flatten)]
    location: Location,
}

#[derive(Serialize)]
struct Suppression<'r> {
    kind: &'static str,
    status: &'static str,
    justification: &'r str,
    properties: Acceptance<'r>,
}

#[derive(Serialize)]
struct Acceptance<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<&'r str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'r> {
    status: Status,
    severity: Severity,
    target: &'r str,
    component: &'static str,
    kubernetes_version: &'r str,
    controls: Vec<Answered<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lapsed_waiver: Option<&'r LapsedWaiver<'r>>,
}

#[derive(Serialize)]
struct Answered<'r> {
    benchmark: &'r str,
    control: &'r str,
    section: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u8>,
}

impl<'r> Result<'r> {
    pub(super) fn of(
        target: &'r Target<'r>,
        group: &'r Group<'r, 'r>,
        rule_index: usize,
        has_baseline: bool,
    ) -> Self {
        let one = group.result();
        Self {
            rule_id: &one.rule,
            rule_index,
            kind: kind(one),
            level: if one.counts() { level(one.severity) } else { "none" },
            message: Text { text: message(one) },
            locations: [Location::of(target, one.location())],
            related_locations: related(target, one),
            partial_fingerprints: Fingerprints { line: &group.key, own: &one.fingerprint },
            suppressions: one.waiver.as_deref().into_iter().map(suppression).collect(),
            baseline_state: has_baseline.then(|| baseline_state(one)),
            properties: Properties {
                status: one.status,
                severity: one.severity,
                target: &target.id,
                component: target.component.name(),
                kubernetes_version: &target.kubernetes_version.minor,
                controls: group.results.iter().copied().map(answered).collect(),
                fix: one.fix.as_deref(),
                lapsed_waiver: one.lapsed_waiver.as_deref(),
            },
        }
    }
}

/// A person reviews; what could not be determined stays open.
fn kind(result: &RuleResult<'_>) -> &'static str {
    match result.status {
        _ if result.counts() => "fail",
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::Manual => "review",
        Status::NotApplicable => "notApplicable",
        Status::Unknown | Status::Error => "open",
    }
}

/// A baseline holds failures alone: what passes or does not apply is nothing new.
fn baseline_state(result: &RuleResult<'_>) -> &'static str {
    match result.status {
        Status::Pass | Status::NotApplicable => "unchanged",
        _ if result.baseline => "unchanged",
        _ => "new",
    }
}

/// What decided, and what to write here. Readers take `[text](place)` for a link.
fn message(result: &RuleResult<'_>) -> String {
    let here = result.fix.as_ref().map(|fix| format!(". Here: {fix}")).unwrap_or_default();
    format!("{}{here}", result.message).replace("](", "\\](")
}

/// The facts that stand elsewhere.
fn related(target: &Target<'_>, result: &RuleResult<'_>) -> Vec<Related> {
    let mut others: Vec<Related> = Vec::new();
    for fact in &result.evidence {
        let place = fact.location.as_ref();
        if place.is_none() || place == result.location() {
            continue;
        }
        let location = Location::of(target, place);
        if others.iter().all(|other| other.location != location) {
            let id = others.len() + 1;
            others.push(Related { id, message: Text { text: said(fact) }, location });
        }
    }
    others
}

fn said(fact: &Evidence<'_>) -> String {
    let value = fact.value.as_deref().unwrap_or_default();
    match &fact.flag {
        Some(flag) => format!("--{flag}: {value}"),
        None => format!("{}: {value}", fact.origin.name()),
    }
}

fn suppression<'r>(waiver: &'r Waiver<'r>) -> Suppression<'r> {
    let (owner, expires) = (waiver.owner.as_deref(), waiver.expires.as_deref());
    Suppression {
        kind: "external",
        status: "accepted",
        justification: &waiver.reason,
        properties: Acceptance { owner, expires },
    }
}

fn answered<'r>(result: &'r RuleResult<'r>) -> Answered<'r> {
    Answered {
        benchmark: &result.benchmark,
        control: &result.control,
        section: &result.section,
        level: result.level,
    }
}
