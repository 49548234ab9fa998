//! The TOML of packs as it is written, before anything in it was looked at. `build.rs` reads it, too.
//!
//! Enums are tagged by their key, the only form in which spans survive.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::spanned::Spanned;
use crate::rule::{Assessment, Literal};
use crate::severity::Severity;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPack {
    #[serde(default)]
    pub(crate) rule: Vec<RawRule>,
    #[serde(default)]
    pub(crate) benchmark: Vec<RawBenchmark>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawRule {
    pub(crate) id: Spanned<String>,
    pub(crate) component: Spanned<String>,
    pub(crate) title: String,
    pub(crate) severity: Severity,
    pub(crate) rationale: Option<String>,
    pub(crate) impact: Option<String>,
    pub(crate) remediation: String,
    #[serde(default)]
    pub(crate) references: Vec<String>,
    #[serde(default)]
    pub(crate) known_as: BTreeMap<String, Vec<String>>,
    pub(crate) require: RawPredicate,
    #[serde(default)]
    pub(crate) unless: Vec<RawExemption>,
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, Spanned<Literal>>,
    #[serde(default)]
    pub(crate) pass: Vec<String>,
    #[serde(default)]
    pub(crate) fail: Vec<String>,
    #[serde(default)]
    pub(crate) manual: Vec<String>,
    #[serde(default)]
    pub(crate) unknown: Vec<String>,
    #[serde(default)]
    pub(crate) not_applicable: Vec<String>,
    #[serde(default)]
    pub(crate) error: Vec<String>,
    #[serde(default)]
    pub(crate) on: Vec<RawExamples>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawExamples {
    pub(crate) kubernetes: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) environment: Option<BTreeMap<String, String>>,
    pub(crate) written: Option<String>,
    #[serde(default)]
    pub(crate) pass: Vec<String>,
    #[serde(default)]
    pub(crate) fail: Vec<String>,
    #[serde(default)]
    pub(crate) manual: Vec<String>,
    #[serde(default)]
    pub(crate) unknown: Vec<String>,
    #[serde(default)]
    pub(crate) not_applicable: Vec<String>,
    #[serde(default)]
    pub(crate) error: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawExemption {
    pub(crate) when: RawPredicate,
    pub(crate) because: Spanned<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawPredicate {
    Flag(Spanned<BTreeMap<Spanned<String>, RawExpectation>>),
    Admission(RawPlugin),
    Authorizers(RawAuthorizer),
    Gate(Spanned<BTreeMap<Spanned<String>, bool>>),
    Gates(RawGates),
    Abac(RawAbac),
    Anonymous(RawAnonymous),
    Jwt(RawJwt),
    Audit(RawAudit),
    PodSecurity(RawPodSecurity),
    EventRateLimit(RawEventRateLimit),
    ImagePolicy(RawImagePolicy),
    Kubeconfig(RawKubeconfig),
    Egress(RawProtected),
    Encryption(Spanned<BTreeMap<Spanned<String>, Spanned<Literal>>>),
    File(Box<Spanned<RawFile>>),
    Certificate(Spanned<BTreeMap<Spanned<String>, RawCertificate>>),
    Apis(RawApis),
    Environment(Spanned<BTreeMap<Spanned<String>, RawEnvironment>>),
    Server(RawServer),
    Kubernetes(Spanned<String>),
    FileDecides(Spanned<String>),
    PersonDecides(Spanned<String>),
    WhereKnown(Box<RawPredicate>),
    All(Spanned<Vec<RawPredicate>>),
    Any(Spanned<Vec<RawPredicate>>),
    Not(Box<RawPredicate>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawPlugin {
    Enabled(Spanned<String>),
    Disabled(Spanned<String>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawAuthorizer {
    Includes(Spanned<String>),
    Excludes(Spanned<String>),
    WebhooksFail(RawClosed),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawClosed {
    Closed,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawAbac {
    Limited,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawAnonymous {
    Off,
    OnlyPaths(Spanned<Vec<String>>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawJwt {
    Prefixed,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawAudit {
    Records,
    Strict,
    AtLeast(RawRequests),
    AtMost(RawRequests),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRequests {
    pub(crate) level: Spanned<String>,
    pub(crate) requests: Spanned<Vec<Spanned<String>>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawPodSecurity {
    Enforces(Spanned<String>),
    ExemptsOnly(Vec<String>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawEventRateLimit {
    HasLimits,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawImagePolicy {
    FailsClosed,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawKubeconfig {
    Protected(Spanned<String>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawProtected {
    Protected,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawGates {
    NotTurnedOn(Spanned<Vec<Spanned<String>>>),
    NotTurnedOff(Spanned<Vec<Spanned<String>>>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawFile {
    pub(crate) path: Option<Spanned<String>>,
    pub(crate) first_of: Option<Spanned<Vec<Spanned<String>>>>,
    pub(crate) flags: Option<Spanned<Vec<Spanned<String>>>>,
    pub(crate) each: Option<Spanned<String>>,
    pub(crate) folders: Option<Spanned<RawFolders>>,
    pub(crate) mode: Option<Spanned<Literal>>,
    pub(crate) owner: Option<Spanned<String>>,
    pub(crate) above: Option<RawAbove>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawFolders {
    Included,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawAbove {
    NotWritable,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawCertificate {
    Strong,
    ValidFor(Spanned<Literal>),
    MatchesKey(Spanned<String>),
    KeyDiffersFrom(Spanned<Vec<Spanned<String>>>),
    DiffersFrom(Spanned<String>),
    NamedIn(Spanned<String>),
    IssuedBy(Spanned<String>),
    NotInGroup(Spanned<String>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawApis {
    Excludes(RawStage),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawStage {
    Alpha,
    Beta,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawEnvironment {
    Excludes(Spanned<Vec<String>>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawServer {
    Starts,
    AsWritten,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawExpectation {
    Unset,
    Empty,
    NonEmpty,
    Equals(Spanned<Literal>),
    AtLeast(Spanned<Literal>),
    MoreThan(Spanned<Literal>),
    Between(Spanned<Literal>, Spanned<Literal>),
    Only(Spanned<Literal>),
    Schemes(Spanned<Vec<String>>),
    KeepsApart(Spanned<String>),
    DiffersFrom(Spanned<String>),
    MatchesNone(Spanned<Vec<String>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBenchmark {
    pub(crate) id: Spanned<String>,
    pub(crate) title: String,
    pub(crate) kubernetes: Spanned<String>,
    pub(crate) extends: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) without: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) section: Vec<RawSection>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSection {
    pub(crate) number: Spanned<String>,
    pub(crate) title: Option<String>,
    pub(crate) control: Vec<RawControl>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawControl {
    pub(crate) number: Spanned<String>,
    /// Its number in the benchmark that is extended, where that is another one.
    #[serde(default)]
    pub(crate) was: Option<Spanned<String>>,
    pub(crate) rule: Spanned<String>,
    pub(crate) level: Option<Spanned<u8>>,
    pub(crate) assessment: Option<Assessment>,
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, Spanned<Literal>>,
}
