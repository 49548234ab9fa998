//! The structs of OSCAL's assessment results, as far as plimsoll fills them.
//!
//! A list that is empty must be left out.

use serde::Serialize;

/// The name space of properties and facets that are plimsoll's own.
pub(super) const SYSTEM: &str = "urn:plimsoll";

/// A property. Its value has no room around it and no line break, which holds for all that are used.
pub(super) fn property(name: &'static str, value: &str) -> Property {
    Property { name, ns: SYSTEM, value: value.to_owned() }
}

/// The whole document.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Document<'a> {
    pub(super) uuid: String,
    pub(super) metadata: Metadata,
    pub(super) import_ap: Plan,
    pub(super) results: &'a [RunResult],
    pub(super) back_matter: BackMatter,
}

/// What the document is.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Metadata {
    pub(super) title: &'static str,
    pub(super) last_modified: String,
    pub(super) version: String,
    pub(super) oscal_version: &'static str,
}

/// The plan that was followed.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Plan {
    pub(super) href: String,
}

/// What came of one server.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RunResult {
    pub(super) uuid: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) local_definitions: Definitions,
    pub(super) reviewed_controls: Reviewed,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) observations: Vec<Observation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) risks: Vec<Risk>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) findings: Vec<Finding>,
}

/// What a result speaks of.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Definitions {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) components: Vec<Component>,
    pub(super) assessment_assets: Assets,
}

/// What was assessed with.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Assets {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) components: Vec<Component>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) assessment_platforms: Vec<Platform>,
}

/// Where the tool ran.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Platform {
    pub(super) uuid: String,
}

/// A server, or the tool.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Component {
    pub(super) uuid: String,
    pub(super) r#type: &'static str,
    pub(super) title: String,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Property>,
    pub(super) status: State,
}

/// Whether a component runs.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct State {
    pub(super) state: &'static str,
}

/// A name and a value.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) ns: &'static str,
    pub(super) value: String,
}

/// What was looked at.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Reviewed {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) control_selections: Vec<Controls>,
}

/// The controls of a benchmark.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Controls {
    pub(super) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) include_controls: Vec<Selection>,
}

/// A control.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Selection {
    pub(super) control_id: String,
}

/// What was seen.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Observation {
    pub(super) uuid: String,
    pub(super) title: String,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Property>,
    pub(super) methods: [&'static str; 1],
    pub(super) types: [&'static str; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) subjects: Vec<Subject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) relevant_evidence: Vec<Evidence>,
    pub(super) collected: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remarks: Option<String>,
}

/// What it was seen at.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Subject {
    pub(super) subject_uuid: String,
    pub(super) r#type: &'static str,
}

/// A fact and where it stands.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Evidence {
    pub(super) description: String,
}

/// What follows for a control.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Finding {
    pub(super) uuid: String,
    pub(super) title: String,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Property>,
    pub(super) target: FindingTarget,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_observations: Vec<RelatedObservation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_risks: Vec<RelatedRisk>,
}

/// The control and whether it is satisfied.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct FindingTarget {
    pub(super) r#type: &'static str,
    pub(super) target_id: String,
    pub(super) status: Judgement,
}

/// Whether a control is satisfied, and why.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Judgement {
    pub(super) state: &'static str,
    pub(super) reason: &'static str,
}

/// An observation that something rests on.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RelatedObservation {
    pub(super) observation_uuid: String,
}

/// The risk of a finding.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RelatedRisk {
    pub(super) risk_uuid: String,
}

/// What a failure means.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Risk {
    pub(super) uuid: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) statement: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Property>,
    pub(super) status: &'static str,
    pub(super) characterizations: [Characterization; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deadline: Option<String>,
    pub(super) remediations: [Remedy; 1],
    pub(super) related_observations: [RelatedObservation; 1],
}

/// How grave a risk is, and who says so.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Characterization {
    pub(super) origin: Origin,
    pub(super) facets: [Facet; 1],
}

/// Who says something.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Origin {
    pub(super) actors: [Actor; 1],
}

/// The tool.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Actor {
    pub(super) r#type: &'static str,
    pub(super) actor_uuid: String,
}

/// A severity.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Facet {
    pub(super) name: &'static str,
    pub(super) system: &'static str,
    pub(super) value: &'static str,
}

/// What to do.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Remedy {
    pub(super) uuid: String,
    pub(super) lifecycle: &'static str,
    pub(super) title: String,
    pub(super) description: String,
}

/// What the document refers to.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct BackMatter {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) resources: Vec<Resource>,
}

/// A benchmark, or the plan.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Resource {
    pub(super) uuid: String,
    pub(super) title: String,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Property>,
}
