//! Assessment results of OSCAL 1.1: a `result` for each server, for assessors and their tools.
//!
//! An assessor asks of every control that was reviewed: is it satisfied, what was seen, and what is
//! the risk if not. So each result of plimsoll is an observation. What passes or fails is a finding as
//! well. What a person has to decide and what could not be determined is a finding that is not
//! satisfied, for another reason than a failure: nobody has shown that it is. What does not apply is
//! no finding. A failure is a risk; one that is waived is a risk whose deviation was approved.

mod ids;
mod shape;

use std::collections::HashMap;
use std::io::{self, Write};

use self::ids::{control, title, uuid};
use self::shape::{
    Assets, Characterization, Component, Controls, Definitions, Document, Evidence, Facet, Finding,
    FindingTarget, Metadata, Observation, Origin, Plan, Property, Remedy, Resource, Reviewed, Risk,
    RunResult, Selection, State, Subject, property,
};
use super::finished::{RuleResult, Target};
use super::lasting::{self, Names};
use super::{Closing, Failure, Opening, Renderer, quotable};
use crate::result::Status;

/// What the document is written by.
const OSCAL: &str = "1.1.3";

/// A document being written; results are held back because why a failure matters is told at the end.
pub(super) struct Oscal<'w> {
    out: Box<dyn Write + Send + 'w>,
    time: String,
    names: Names,
    results: Vec<RunResult>,
    /// The rule of each risk, in the order of the risks.
    rules: Vec<String>,
}

impl<'w> Oscal<'w> {
    pub(super) fn new(out: Box<dyn Write + Send + 'w>, opening: &Opening) -> Self {
        let time = opening.generated_at.to_string();
        Self { out, time, names: Names::of(opening), results: Vec::new(), rules: Vec::new() }
    }
}

impl Renderer for Oscal<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        let name = self.names.target(target);
        let mut run = RunResult::new(&name, &self.time);
        let description = target.name.as_deref().unwrap_or(target.component.name());
        let running = !target.source.is_absent();
        let mut props = vec![
            property("version", &target.kubernetes_version.minor),
            property("version-from", &target.kubernetes_version.from),
        ];
        props.extend(target.user().map(|uid| property("uid", &uid)));
        props.extend(target.warnings().map(|warning| property("warning", &warning.message)));
        run.local_definitions.components.push(Component {
            uuid: uuid("component", &[&name]),
            r#type: "software",
            title: title(&name),
            description: description.to_owned(),
            props,
            status: State { state: if running { "operational" } else { "other" } },
        });
        for result in &target.results {
            if result.status == Status::Fail {
                self.rules.push(result.rule.to_string());
            }
            run.add(result, &name, &self.time);
        }
        self.results.push(run);
        Ok(())
    }

    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        if !closing.errors.is_empty() || self.results.is_empty() {
            self.results.push(unread(&closing.errors, &self.time));
        }
        let mut rationales = HashMap::new();
        for benchmark in closing.benchmarks {
            for (_, control) in benchmark.controls() {
                rationales.insert(quotable(&control.demand().id), &control.entry);
            }
        }
        let risks = self.results.iter_mut().flat_map(|result| &mut result.risks);
        for (risk, rule) in risks.zip(&self.rules) {
            if let Some(entry) = rationales.get(rule.as_str()) {
                risk.statement = quotable(&entry.rule().rationale).into_owned();
            }
        }
        let benchmarks = closing.benchmarks.iter().map(|benchmark| Resource {
            uuid: uuid("benchmark", &[&benchmark.id]),
            title: title(&benchmark.title),
            description: format!("The benchmark {}.", quotable(&benchmark.id)),
            props: vec![property("digest", &benchmark.digest())],
        });
        let plan = uuid("plan", &[]);
        // Another run, or a run about others, is another document.
        let about = self.results.iter().map(|result| result.uuid.as_str());
        let about: Vec<&str> = std::iter::once(self.time.as_str()).chain(about).collect();
        let document = Document {
            uuid: uuid("document", &about),
            metadata: Metadata {
                title: "Results of plimsoll check",
                last_modified: self.time.clone(),
                version: self.time.clone(),
                oscal_version: OSCAL,
            },
            import_ap: Plan { href: format!("#{plan}") },
            results: &self.results,
            back_matter: shape::BackMatter {
                resources: std::iter::once(Resource {
                    uuid: plan,
                    title: "Assessment plan".to_owned(),
                    description: "There is no plan but the benchmarks beside this: each of their \
                                  controls is laid against each server that it is about."
                        .to_owned(),
                    props: Vec::new(),
                })
                .chain(benchmarks)
                .collect(),
            },
        };
        let document = HashMap::from([("assessment-results", document)]);
        serde_json::to_writer_pretty(&mut self.out, &document)?;
        writeln!(self.out)?;
        self.out.flush()
    }
}

impl RunResult {
    fn new(name: &str, time: &str) -> Self {
        let tool = Component {
            uuid: uuid("tool", &[]),
            r#type: "software",
            title: "plimsoll".to_owned(),
            description: env!("CARGO_PKG_DESCRIPTION").to_owned(),
            props: vec![property("version", env!("CARGO_PKG_VERSION"))],
            status: State { state: "operational" },
        };
        Self {
            uuid: uuid("result", &[name]),
            title: title(name),
            description: format!("The command line of {name} by its benchmarks."),
            start: time.to_owned(),
            end: time.to_owned(),
            local_definitions: Definitions {
                components: Vec::new(),
                assessment_assets: Assets {
                    components: vec![tool],
                    assessment_platforms: vec![shape::Platform { uuid: uuid("platform", &[]) }],
                },
            },
            reviewed_controls: Reviewed { control_selections: Vec::new() },
            observations: Vec::new(),
            risks: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Adds what came of a control.
    fn add(&mut self, result: &RuleResult<'_>, name: &str, time: &str) {
        let id = control(&result.benchmark, &result.control);
        let words = [name, &*result.benchmark, &*result.control];
        self.review(&result.benchmark, &id);
        let observation = observation(result, &words, time);
        let related = observation.uuid.clone();
        self.observations.push(observation);
        let (state, reason) = match result.status {
            Status::Pass => ("satisfied", "pass"),
            Status::Fail => ("not-satisfied", "fail"),
            Status::Manual | Status::Unknown | Status::Error => ("not-satisfied", "other"),
            Status::NotApplicable => return,
        };
        let risk = (result.status == Status::Fail).then(|| risk(result, &words, &related));
        self.findings.push(Finding {
            uuid: uuid("finding", &words),
            title: title(&format!("{} {}", result.control, result.title)),
            description: result.message.to_string(),
            props: properties(result),
            target: FindingTarget {
                r#type: "objective-id",
                target_id: id,
                status: shape::Judgement { state, reason },
            },
            related_observations: vec![shape::RelatedObservation { observation_uuid: related }],
            related_risks: risk
                .iter()
                .map(|risk| shape::RelatedRisk { risk_uuid: risk.uuid.clone() })
                .collect(),
        });
        self.risks.extend(risk);
    }

    /// Notes that a control was looked at.
    fn review(&mut self, benchmark: &str, id: &str) {
        let chosen = Selection { control_id: id.to_owned() };
        let selections = &mut self.reviewed_controls.control_selections;
        match selections.iter_mut().find(|controls| controls.description == benchmark) {
            Some(controls) => controls.include_controls.push(chosen),
            None => selections.push(Controls {
                description: benchmark.to_owned(),
                include_controls: vec![chosen],
            }),
        }
    }
}

fn observation(result: &RuleResult<'_>, words: &[&str], time: &str) -> Observation {
    let evidence = result.evidence.iter().filter_map(|fact| {
        let parts = [lasting::fact(fact), fact.location.as_ref().map(lasting::place)];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| Evidence { description: parts.join(", ") })
    });
    Observation {
        uuid: uuid("observation", words),
        title: title(&format!("{} {}", result.control, result.title)),
        description: result.message.to_string(),
        props: properties(result),
        // plimsoll reads what is configured; it does not try it.
        methods: ["EXAMINE"],
        types: ["control-objective"],
        subjects: words
            .first()
            .map(|name| Subject { subject_uuid: uuid("component", &[name]), r#type: "component" })
            .into_iter()
            .collect(),
        relevant_evidence: evidence.collect(),
        collected: time.to_owned(),
        remarks: result.acceptance(),
    }
}

/// What tells results apart that OSCAL has one word for.
fn properties(result: &RuleResult<'_>) -> Vec<Property> {
    let status = if result.waiver.is_some() { "waived" } else { result.status.name() };
    let mut properties = vec![
        property("status", status),
        property("rule", &result.rule),
        property("fingerprint", &result.fingerprint),
    ];
    properties.extend(result.level.map(|level| property("level", &level.to_string())));
    properties.extend(result.baseline.then(|| property("baseline", "true")));
    properties
}

fn risk(result: &RuleResult<'_>, words: &[&str], observation: &str) -> Risk {
    let until = result.waiver.as_ref().and_then(|waiver| waiver.expires.as_ref());
    let accepted = result.acceptance().map(|text| format!("\n\n{text}")).unwrap_or_default();
    let here = result.fix.as_ref().map(|fix| format!("\n\nHere: {fix}")).unwrap_or_default();
    Risk {
        uuid: uuid("risk", words),
        title: title(&format!("{} {}", result.control, result.title)),
        description: format!("{}{accepted}", result.message),
        // The reasons of the rule take its place once the benchmarks are known.
        statement: result.message.to_string(),
        props: properties(result),
        status: if result.waiver.is_some() { "deviation-approved" } else { "open" },
        characterizations: [Characterization {
            origin: Origin {
                actors: [shape::Actor { r#type: "tool", actor_uuid: uuid("tool", &[]) }],
            },
            facets: [Facet {
                name: "severity",
                system: shape::SYSTEM,
                value: result.severity.name(),
            }],
        }],
        deadline: until.map(|day| format!("{day}T23:59:59Z")),
        remediations: [Remedy {
            uuid: uuid("remediation", words),
            lifecycle: "recommendation",
            title: title(&result.title),
            description: format!("{}{here}", result.remediation),
        }],
        related_observations: [shape::RelatedObservation {
            observation_uuid: observation.to_owned(),
        }],
    }
}

/// Inputs that could not be checked: observations of a result of their own, for no server is known.
fn unread(failures: &[Failure], time: &str) -> RunResult {
    let mut run = RunResult::new("inputs", time);
    "Inputs that could not be checked.".clone_into(&mut run.description);
    run.review("plimsoll", "plimsoll-inputs");
    let mut names = Names::default();
    run.observations = failures
        .iter()
        .map(|failure| Observation {
            uuid: uuid("input", &[&names.claim(&failure.source)]),
            title: title(&failure.source),
            description: failure.message.clone(),
            props: vec![property("status", "unread")],
            methods: ["EXAMINE"],
            types: ["control-objective"],
            subjects: Vec::new(),
            relevant_evidence: Vec::new(),
            collected: time.to_owned(),
            remarks: None,
        })
        .collect();
    run
}
