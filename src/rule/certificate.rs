//! What a rule demands of the certificates and keys that flags name.

use std::collections::BTreeMap;

use super::Literal;
use super::operand::Operand;

/// What is expected of the certificate or key behind a flag.
#[derive(Clone, Debug, PartialEq)]
pub enum CertificateExpectation {
    /// Valid now and for so many days to come: the first certificate of a pair, each of a CA bundle.
    ValidFor(Operand),
    /// The key is long enough, and the signature rests on a digest without collisions.
    Strong,
    /// The private key behind this flag belongs to it.
    MatchesKey(&'static str),
    /// Its key is none of those behind these flags; what is not set is not shared.
    KeyDiffersFrom(Vec<&'static str>),
    /// It shares no authority with the bundle behind this flag; what is not set is not shared.
    DiffersFrom(&'static str),
    /// Its common name is in the list that this flag holds; an empty list accepts all.
    NamedIn(&'static str),
    /// It names an authority of the bundle behind this flag as its issuer; no signature is verified.
    IssuedBy(&'static str),
    /// Its subject has no such organisation, which Kubernetes takes for a group.
    NotInGroup(String),
}

impl CertificateExpectation {
    /// The same with some parameters changed.
    pub(super) fn with(&self, parameters: &BTreeMap<String, Literal>) -> Result<Self, String> {
        Ok(match self {
            Self::ValidFor(days) => Self::ValidFor(days.with(parameters)?),
            other => other.clone(),
        })
    }

    /// The other flags it asks for.
    pub(super) fn flags(&self) -> Vec<&'static str> {
        match self {
            Self::ValidFor(_) | Self::Strong | Self::NotInGroup(_) => Vec::new(),
            Self::MatchesKey(flag)
            | Self::DiffersFrom(flag)
            | Self::NamedIn(flag)
            | Self::IssuedBy(flag) => vec![flag],
            Self::KeyDiffersFrom(flags) => flags.clone(),
        }
    }
}
