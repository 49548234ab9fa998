//! The JSON of kube-bench, for what reads that today.
//!
//! kube-bench looks at one node, so it knows each main section once. Here every target has its own
//! entry in `Controls`, and its name in the entry's `text`: DefectDojo and its like put that text into
//! what they compare, and so keep two servers apart. Nothing that they compare holds a process id, a
//! line or a time; what has such is in `test_info`, behind the remediation.

mod expected;
mod shape;

use std::collections::HashMap;
use std::io::{self, Write};

use self::expected::expected;
use self::shape::{Check, Controls, Group, Overall, State, Totals};
use super::finished::{Location, RuleResult, Target};
use super::lasting::{self, Names};
use super::{Closing, Failure, Opening, Renderer, quotable};
use crate::component::Component;
use crate::result::Status;
use crate::rule::Assessment;

/// A report being written; it is held back because what a control demands is told at the end.
pub(super) struct KubeBench<'w> {
    out: Box<dyn Write + Send + 'w>,
    names: Names,
    controls: Vec<Controls>,
}

impl<'w> KubeBench<'w> {
    pub(super) fn new(out: Box<dyn Write + Send + 'w>, opening: &Opening) -> Self {
        Self { out, names: Names::of(opening), controls: Vec::new() }
    }
}

impl Renderer for KubeBench<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        let name = self.names.target(target);
        let mains = target.results.chunk_by(|a, b| {
            (&a.benchmark, main_section(&a.section)) == (&b.benchmark, main_section(&b.section))
        });
        self.controls.extend(mains.filter_map(|results| controls(target, &name, results)));
        Ok(())
    }

    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        let mut demands = HashMap::new();
        for benchmark in closing.benchmarks {
            for (_, control) in benchmark.controls() {
                if let Some(words) = expected(control.require()) {
                    let number = quotable(&control.number).into_owned();
                    demands.insert((quotable(&benchmark.id).into_owned(), number), words);
                }
            }
        }
        for controls in &mut self.controls {
            for check in controls.tests.iter_mut().flat_map(|group| &mut group.results) {
                let key = (controls.version.clone(), check.test_number.clone());
                if let Some(words) = demands.get(&key) {
                    check.expected_result = quotable(words).into_owned();
                }
            }
        }
        self.controls.extend(unread(&closing.errors));
        let totals = self.controls.iter().map(|controls| controls.totals).sum();
        let overall = Overall { controls: &self.controls, totals };
        serde_json::to_writer(&mut self.out, &overall)?;
        writeln!(self.out)?;
        self.out.flush()
    }
}

/// The results of one main section.
fn controls(target: &Target<'_>, name: &str, results: &[RuleResult<'_>]) -> Option<Controls> {
    let first = results.first()?;
    let groups = results.chunk_by(|a, b| a.section == b.section).filter_map(|results| {
        let RuleResult { section, section_title, .. } = results.first()?;
        let checks = results.iter().map(|result| check(target, result)).collect();
        Some(Group::new(section.to_string(), section_title.to_string(), checks))
    });
    let version = &target.kubernetes_version;
    let controls = Controls {
        id: main_section(&first.section).to_owned(),
        version: first.benchmark.to_string(),
        detected_version: (version.from != "assumed").then(|| version.minor.clone()),
        text: format!("{}: {name}", first.benchmark_title),
        node_type: node_type(target.component, first),
        tests: groups.collect(),
        totals: Totals::default(),
    };
    Some(controls.counted())
}

/// `1` of `1.2`.
fn main_section(number: &str) -> &str {
    number.split('.').next().unwrap_or(number)
}

/// The kind of node. In the CIS editions sections 3 and 5 are about the cluster, not about a program.
fn node_type(component: Component, result: &RuleResult<'_>) -> &'static str {
    match (main_section(&result.section), component) {
        ("3", _) if result.benchmark.starts_with("cis-") => "controlplane",
        ("5", _) if result.benchmark.starts_with("cis-") => "policies",
        (_, Component::Etcd) => "etcd",
        (_, Component::Kubelet) => "node",
        _ => "master",
    }
}

fn check(target: &Target<'_>, result: &RuleResult<'_>) -> Check {
    // Readers compare the first two reasons letter by letter.
    let (status, kind, reason) = match result.status {
        Status::Fail if result.waiver.is_some() => {
            (State::Info, "skip", Some("Test marked as skip".to_owned()))
        }
        Status::Manual => (State::Warn, "manual", Some("Test marked as a manual test".to_owned())),
        Status::Unknown if result.is_finding() => (State::Fail, "", Some(unknown(result))),
        Status::Unknown => (State::Warn, "", Some(unknown(result))),
        Status::Pass => (State::Pass, "", None),
        Status::Fail => (State::Fail, "", Some(result.message.to_string())),
        // It has no state of its own: kube-bench fails what it could not run.
        Status::Error => {
            (State::Fail, "", Some(format!("could not be determined: {}", result.message)))
        }
        Status::NotApplicable => {
            (State::Info, "", Some(format!("not applicable: {}", result.message)))
        }
    };
    let said = matches!(result.status, Status::Manual | Status::Pass) || result.waiver.is_some();
    let place = result.location().filter(|place| matches!(place, Location::Text { .. }));
    let info = [
        Some(result.remediation.to_string()),
        said.then(|| result.message.to_string()),
        place.map(ToString::to_string),
        result.fix.as_ref().map(ToString::to_string),
        result.acceptance(),
        target.warning().map(|warning| format!("warning: {warning}")),
    ];
    let facts: Vec<String> = result.evidence.iter().filter_map(lasting::fact).collect();
    let assessment = match result.assessment {
        Some(Assessment::Automated) => " (Automated)",
        Some(Assessment::Manual) => " (Manual)",
        None => "",
    };
    Check {
        test_number: result.control.to_string(),
        test_desc: format!("{}{assessment}", result.title),
        audit: audit(target, result),
        audit_env: "",
        audit_config: "",
        r#type: kind,
        remediation: result.remediation.to_string(),
        test_info: info.into_iter().flatten().collect(),
        status,
        actual_value: facts.join(", "),
        scored: result.assessment != Some(Assessment::Manual),
        is_multiple: false,
        expected_result: result.title.to_string(),
        reason,
    }
}

/// The reason of a check that the input does not decide.
fn unknown(result: &RuleResult<'_>) -> String {
    format!("not known: {}", result.message)
}

/// The command that does this check again, as kube-bench shows the one it ran.
fn audit(target: &Target<'_>, result: &RuleResult<'_>) -> String {
    let input = match (&*target.source.kind, target.source.path.as_deref()) {
        ("file", Some(path)) => format!(" {}", shell_word(path)),
        ("process", _) => format!(" --component={}", target.component),
        _ => String::new(),
    };
    let (benchmark, control) = (shell_word(&result.benchmark), shell_word(&result.control));
    format!("plimsoll check --benchmark={benchmark} --only={control}{input}")
}

/// A text as one word of a shell.
fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Inputs that could not be checked, as failures of no benchmark: who reads only the totals must not
/// take them for clean.
fn unread(failures: &[Failure]) -> Option<Controls> {
    if failures.is_empty() {
        return None;
    }
    let checks = failures.iter().map(|failure| Check {
        test_number: "input".to_owned(),
        test_desc: format!("{} can be checked", failure.source),
        audit: String::new(),
        audit_env: "",
        audit_config: "",
        r#type: "",
        remediation: "Correct or leave out the input.".to_owned(),
        test_info: vec!["Correct or leave out the input.".to_owned()],
        status: State::Fail,
        actual_value: String::new(),
        scored: true,
        is_multiple: false,
        expected_result: "the input can be read".to_owned(),
        reason: Some(format!("could not be checked: {}", failure.message)),
    });
    let group = Group::new("0".to_owned(), "Inputs".to_owned(), checks.collect());
    let controls = Controls {
        id: "0".to_owned(),
        version: String::new(),
        detected_version: None,
        text: "Inputs that could not be checked".to_owned(),
        node_type: "master",
        tests: vec![group],
        totals: Totals::default(),
    };
    Some(controls.counted())
}
