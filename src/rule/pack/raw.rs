//! The TOML of packs as it is written, before anything in it was looked at.
//!
//! Enums are tagged by their key, the only form in which spans survive.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::result::Severity;
use crate::rule::Assessment;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPack {
    #[serde(default)]
    pub(super) rule: Vec<Spanned<RawRule>>,
    #[serde(default)]
    pub(super) benchmark: Vec<RawBenchmark>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawRule {
    pub(super) id: Spanned<String>,
    pub(super) component: Spanned<String>,
    pub(super) title: String,
    pub(super) severity: Severity,
    pub(super) rationale: Option<String>,
    pub(super) impact: Option<String>,
    pub(super) remediation: String,
    #[serde(default)]
    pub(super) references: Vec<String>,
    #[serde(default)]
    pub(super) known_as: BTreeMap<String, Vec<String>>,
    pub(super) require: RawPredicate,
    #[serde(default)]
    pub(super) unless: Vec<RawExemption>,
    #[serde(default)]
    pub(super) parameters: BTreeMap<String, toml::Value>,
    #[serde(default)]
    pub(super) pass: Vec<String>,
    #[serde(default)]
    pub(super) fail: Vec<String>,
    #[serde(default)]
    pub(super) manual: Vec<String>,
    #[serde(default)]
    pub(super) not_applicable: Vec<String>,
    #[serde(default)]
    pub(super) error: Vec<String>,
    #[serde(default)]
    pub(super) on: Vec<RawExamples>,
}

/// The part of a rule that a check needs.
pub(super) struct RawDemand {
    pub(super) id: Spanned<Cow<'static, str>>,
    pub(super) component: Spanned<Cow<'static, str>>,
    pub(super) title: Cow<'static, str>,
    pub(super) severity: Severity,
    pub(super) remediation: Cow<'static, str>,
    pub(super) predicates: RawPredicates,
}

/// What of it are predicates.
pub(super) struct RawPredicates {
    pub(super) require: RawPredicate,
    pub(super) unless: Vec<RawExemption>,
    pub(super) parameters: BTreeMap<String, toml::Value>,
}

impl RawRule {
    /// What it demands.
    pub(super) fn into_demand(self) -> RawDemand {
        let Self {
            id, component, title, severity, remediation, require, unless, parameters, ..
        } = self;
        let predicates = RawPredicates { require, unless, parameters };
        let owned = |text: Spanned<String>| {
            let span = text.span();
            Spanned::new(span, text.into_inner().into())
        };
        RawDemand {
            id: owned(id),
            component: owned(component),
            title: title.into(),
            severity,
            remediation: remediation.into(),
            predicates,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawExamples {
    pub(super) kubernetes: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) files: BTreeMap<String, String>,
    pub(super) environment: Option<BTreeMap<String, String>>,
    pub(super) written: Option<String>,
    #[serde(default)]
    pub(super) pass: Vec<String>,
    #[serde(default)]
    pub(super) fail: Vec<String>,
    #[serde(default)]
    pub(super) manual: Vec<String>,
    #[serde(default)]
    pub(super) not_applicable: Vec<String>,
    #[serde(default)]
    pub(super) error: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExemption {
    pub(super) when: RawPredicate,
    pub(super) because: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawPredicate {
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
    Encryption(Spanned<BTreeMap<Spanned<String>, Spanned<toml::Value>>>),
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

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawPlugin {
    Enabled(Spanned<String>),
    Disabled(Spanned<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawAuthorizer {
    Includes(Spanned<String>),
    Excludes(Spanned<String>),
    WebhooksFail(RawClosed),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawClosed {
    Closed,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawAbac {
    Limited,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawAnonymous {
    Off,
    OnlyPaths(Spanned<Vec<String>>),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawJwt {
    Prefixed,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawAudit {
    Records,
    Strict,
    AtLeast(RawRequests),
    AtMost(RawRequests),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRequests {
    pub(super) level: Spanned<String>,
    pub(super) requests: Spanned<Vec<Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawPodSecurity {
    Enforces(Spanned<String>),
    ExemptsOnly(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawEventRateLimit {
    HasLimits,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawImagePolicy {
    FailsClosed,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawKubeconfig {
    Protected(Spanned<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawProtected {
    Protected,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawGates {
    NotTurnedOn(Spanned<Vec<Spanned<String>>>),
    NotTurnedOff(Spanned<Vec<Spanned<String>>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawFile {
    pub(super) path: Option<Spanned<String>>,
    pub(super) first_of: Option<Spanned<Vec<Spanned<String>>>>,
    pub(super) flags: Option<Spanned<Vec<Spanned<String>>>>,
    pub(super) each: Option<Spanned<String>>,
    pub(super) folders: Option<Spanned<RawFolders>>,
    pub(super) mode: Option<Spanned<toml::Value>>,
    pub(super) owner: Option<Spanned<String>>,
    pub(super) above: Option<RawAbove>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawFolders {
    Included,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawAbove {
    NotWritable,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawCertificate {
    Strong,
    ValidFor(Spanned<toml::Value>),
    MatchesKey(Spanned<String>),
    KeyDiffersFrom(Spanned<Vec<Spanned<String>>>),
    DiffersFrom(Spanned<String>),
    NamedIn(Spanned<String>),
    IssuedBy(Spanned<String>),
    NotInGroup(Spanned<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawApis {
    Excludes(RawStage),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawStage {
    Alpha,
    Beta,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawEnvironment {
    Excludes(Spanned<Vec<String>>),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawServer {
    Starts,
    AsWritten,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawExpectation {
    Unset,
    Empty,
    NonEmpty,
    Equals(Spanned<toml::Value>),
    AtLeast(Spanned<toml::Value>),
    MoreThan(Spanned<toml::Value>),
    Between(Spanned<toml::Value>, Spanned<toml::Value>),
    Only(Spanned<toml::Value>),
    Schemes(Spanned<Vec<String>>),
    KeepsApart(Spanned<String>),
    DiffersFrom(Spanned<String>),
    MatchesNone(Spanned<Vec<String>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBenchmark {
    pub(super) id: Spanned<String>,
    pub(super) title: String,
    pub(super) kubernetes: Spanned<String>,
    pub(super) extends: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) without: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) section: Vec<RawSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSection {
    pub(super) number: Spanned<String>,
    pub(super) title: Option<String>,
    pub(super) control: Vec<RawControl>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawControl {
    pub(super) number: Spanned<String>,
    pub(super) rule: Spanned<String>,
    pub(super) level: Option<Spanned<u8>>,
    pub(super) assessment: Option<Assessment>,
    #[serde(default)]
    pub(super) parameters: BTreeMap<String, Spanned<toml::Value>>,
}
