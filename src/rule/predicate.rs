//! Typed predicates: what a rule demands of flags and of what the server derives from them.

use std::collections::BTreeMap;
use std::slice;

use super::Literal;
use super::file_demand::{FileDemand, FilePlace};
use super::operand::Operand;
use crate::config_files::audit_policy::{Level, Request};
use crate::flags::api_versions::{RUNTIME_CONFIG, Stage};
use crate::version::MinorRange;

use super::certificate::CertificateExpectation;

/// A demand.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// A flag's effective value.
    Flag {
        /// Its name without dashes.
        name: &'static str,
        /// What is expected of it.
        expect: Expectation,
    },
    /// An admission plugin runs, or does not.
    Admission {
        /// The plugin.
        plugin: String,
        /// Whether it must run.
        enabled: bool,
    },
    /// An authorizer is part of the chain, or is not.
    Authorizer {
        /// The mode.
        mode: String,
        /// Whether it must be there.
        included: bool,
    },
    /// No webhook that authorizes is passed over while it cannot be asked.
    WebhooksFailClosed,
    /// No line of the ABAC policy allows everybody everything.
    AbacLimited,
    /// Requests without credentials.
    Anonymous(Anonymous),
    /// Users and groups in tokens of other issuers have a prefix.
    JwtPrefixed,
    /// What the audit policy records.
    Audit(Audit),
    /// Pod Security admission enforces this level by default, or a stricter one.
    PodSecurityEnforces(String),
    /// Only these namespaces are exempt from Pod Security admission, and nobody else is.
    PodSecurityExemptsOnly(Vec<String>),
    /// EventRateLimit has limits.
    EventRateLimited,
    /// ImagePolicyWebhook refuses images while it cannot ask.
    ImagePolicyFailsClosed,
    /// The kubeconfig that this flag names leads to verified TLS.
    KubeconfigProtected(&'static str),
    /// Proxies are reached by verified TLS or a socket.
    EgressProtected,
    /// A feature gate has a value.
    Gate {
        /// The gate.
        name: String,
        /// The value it must have.
        on: bool,
    },
    /// No setting moves any of these feature gates to a value; their defaults are as they are.
    GatesNotTurned {
        /// The gates.
        names: Vec<String>,
        /// The value that none must be set to.
        on: bool,
    },
    /// A resource is encrypted at rest by one of these providers.
    Encryption {
        /// The resource, such as `secrets`.
        resource: String,
        /// The providers, a list of names.
        providers: Operand,
    },
    /// Files have the mode and owner they should.
    File(FileDemand),
    /// The certificate or key behind a flag.
    Certificate {
        /// The flag that names its file.
        flag: &'static str,
        /// What is expected of it.
        expect: CertificateExpectation,
    },
    /// The API versions of a stage are not served.
    ApisExcluded(Stage),
    /// A variable of the environment, a list with commas, has none of these items.
    EnvironmentExcludes {
        /// The variable.
        name: String,
        /// The items.
        items: Vec<String>,
    },
    /// The server takes its command line and serves.
    ServerStarts,
    /// The server runs with the arguments that are written for it.
    ServerAsWritten,
    /// The server is of one of these minors.
    Kubernetes(MinorRange),
    /// A file named by this flag decides. Holds back the answer while the flag is set, and does not
    /// hold while it is not.
    FileDecides(&'static str),
    /// A person decides; says what there is to decide.
    PersonDecides(String),
    /// This holds, where it can be told; where a file or a person would have to tell it decides
    /// nothing.
    WhereKnown(Box<Predicate>),
    /// All of these hold.
    All(Vec<Predicate>),
    /// At least one of these holds.
    Any(Vec<Predicate>),
    /// This does not hold.
    Not(Box<Predicate>),
}

/// What becomes of requests without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anonymous {
    /// They are refused.
    Off,
    /// They are refused, or let in to these paths only.
    OnlyPaths(Vec<String>),
}

/// What an audit policy has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audit {
    /// Record anything at all.
    Records,
    /// Have no field that the server does not know.
    Strict,
    /// Record these requests at this level or a higher one.
    AtLeast(Level, Vec<Request>),
    /// Record these requests at no higher level.
    AtMost(Level, Vec<Request>),
}

/// What is expected of a flag's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// Not given on the command line.
    Unset,
    /// Nothing, or not given.
    Empty,
    /// Something.
    NonEmpty,
    /// This value.
    Equals(Operand),
    /// This number or a larger one.
    AtLeast(Operand),
    /// A larger number than this.
    MoreThan(Operand),
    /// A number from the first to the second.
    Between(Operand, Operand),
    /// A list that names something, and nothing but these.
    Only(Operand),
    /// URLs of these schemes only, and at least one.
    Schemes(Vec<String>),
    /// A prefix such that nothing behind it begins with this text: neither begins with the other.
    KeepsApart(String),
    /// Something else than what the other flag holds.
    DiffersFrom(&'static str),
    /// Regular expressions, none of which matches any of these texts.
    MatchesNone(Vec<String>),
}

impl Predicate {
    /// The predicates it is made of; none if it speaks of one thing.
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::All(list) | Self::Any(list) => list,
            Self::Not(part) | Self::WhereKnown(part) => slice::from_ref(part),
            _ => &[],
        }
    }

    /// Whether the answer can differ between releases. It cannot where no flag is asked for: then one
    /// release answers for all that a server may be of.
    pub fn asks_release(&self) -> bool {
        match self {
            Self::PersonDecides(_) => false,
            Self::File(FileDemand { place, .. }) => matches!(place, FilePlace::Flags(_)),
            Self::All(_) | Self::Any(_) | Self::Not(_) | Self::WhereKnown(_) => {
                self.parts().iter().any(Self::asks_release)
            }
            _ => true,
        }
    }

    /// The same with its parts changed.
    fn map_parts(&self, change: impl Fn(&Self) -> Result<Self, String>) -> Result<Self, String> {
        let all = |list: &[Self]| list.iter().map(&change).collect::<Result<Vec<_>, _>>();
        Ok(match self {
            Self::All(list) => Self::All(all(list)?),
            Self::Any(list) => Self::Any(all(list)?),
            Self::Not(part) => Self::Not(Box::new(change(part)?)),
            Self::WhereKnown(part) => Self::WhereKnown(Box::new(change(part)?)),
            single => single.clone(),
        })
    }

    /// The same demand with some parameters changed. The error names a value of the wrong kind.
    pub fn with(&self, parameters: &BTreeMap<String, Literal>) -> Result<Self, String> {
        Ok(match self {
            Self::Flag { name, expect } => Self::Flag { name, expect: expect.with(parameters)? },
            Self::Encryption { resource, providers } => Self::Encryption {
                resource: resource.clone(),
                providers: providers.with(parameters)?,
            },
            Self::File(demand) => Self::File(demand.with(parameters)?),
            Self::Certificate { flag, expect } => {
                Self::Certificate { flag, expect: expect.with(parameters)? }
            }
            other => other.map_parts(|part| part.with(parameters))?,
        })
    }

    /// The flags it asks for, in order of mention.
    pub fn flags(&self) -> Vec<&'static str> {
        match self {
            Self::Flag { name, .. } | Self::FileDecides(name) => vec![name],
            Self::Admission { .. } => {
                vec!["enable-admission-plugins", "disable-admission-plugins", "admission-control"]
            }
            Self::Authorizer { .. } => vec!["authorization-mode", "authorization-config"],
            Self::WebhooksFailClosed => vec!["authorization-config", "authorization-mode"],
            Self::AbacLimited => vec!["authorization-policy-file"],
            Self::Anonymous(_) => vec!["anonymous-auth", "authentication-config"],
            Self::JwtPrefixed => vec!["authentication-config"],
            Self::Audit(_) => vec!["audit-policy-file"],
            Self::PodSecurityEnforces(_)
            | Self::PodSecurityExemptsOnly(_)
            | Self::EventRateLimited
            | Self::ImagePolicyFailsClosed => vec!["admission-control-config-file"],
            Self::KubeconfigProtected(flag) => vec![flag],
            Self::EgressProtected => vec!["egress-selector-config-file"],
            Self::Gate { .. } | Self::GatesNotTurned { .. } => vec!["feature-gates"],
            Self::Encryption { .. } => vec!["encryption-provider-config"],
            Self::File(demand) => demand.flags(),
            Self::ApisExcluded(_) => vec![RUNTIME_CONFIG],
            Self::Certificate { flag, expect } => {
                [*flag].into_iter().chain(expect.flags()).collect()
            }
            Self::ServerStarts
            | Self::ServerAsWritten
            | Self::EnvironmentExcludes { .. }
            | Self::Kubernetes(_)
            | Self::PersonDecides(_) => Vec::new(),
            Self::All(_) | Self::Any(_) | Self::Not(_) | Self::WhereKnown(_) => {
                self.parts().iter().flat_map(Self::flags).collect()
            }
        }
    }
}

impl Expectation {
    fn with(&self, parameters: &BTreeMap<String, Literal>) -> Result<Self, String> {
        Ok(match self {
            Self::Equals(operand) => Self::Equals(operand.with(parameters)?),
            Self::AtLeast(operand) => Self::AtLeast(operand.with(parameters)?),
            Self::MoreThan(operand) => Self::MoreThan(operand.with(parameters)?),
            Self::Between(a, b) => Self::Between(a.with(parameters)?, b.with(parameters)?),
            Self::Only(operand) => Self::Only(operand.with(parameters)?),
            other => other.clone(),
        })
    }
}
