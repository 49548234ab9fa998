//! The rules and benchmarks in the binary, as `build.rs` has digested them.
//!
//! The tables say where each lies in the digest, so that a run reads those it needs and no other.

use std::ops::Range;

/// A rule in the binary.
#[derive(Debug)]
pub(super) struct ShippedRule {
    pub(super) id: &'static str,
    /// The name of its component.
    pub(super) component: &'static str,
    /// The path of its pack below `rules/`.
    pub(super) pack: &'static str,
    /// Where its demand lies in the digest.
    demand: Range<usize>,
    /// Where its reasons and examples lie.
    reasons: Range<usize>,
    /// The digest of both, which a run would have to take for every control.
    pub(super) sha256: [u8; 32],
}

/// A benchmark in the binary.
#[derive(Debug)]
pub(super) struct ShippedEdition {
    pub(super) id: &'static str,
    /// The minors it is made for.
    pub(super) kubernetes: &'static str,
    /// The path of its pack below `rules/`.
    pub(super) pack: &'static str,
    sections: Range<usize>,
}

/// The rules, by id.
#[allow(clippy::unreadable_literal, reason = "nobody reads where a rule lies")]
pub(super) static RULES: &[ShippedRule] = &include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The benchmarks; the editions of one stand in the order in which they were published.
#[allow(clippy::unreadable_literal, reason = "nobody reads where a benchmark lies")]
pub(super) static EDITIONS: &[ShippedEdition] = &include!(concat!(env!("OUT_DIR"), "/editions.rs"));

static DIGEST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/digest"));

/// The JSON Schema of a pack.
pub const SCHEMA: &str = include_str!("../../rules/pack.schema.json");

impl ShippedRule {
    /// The digest of its demand.
    pub(super) fn demand(&self) -> &'static [u8] {
        &DIGEST[self.demand.clone()]
    }

    /// The digest of its reasons and examples.
    pub(super) fn reasons(&self) -> &'static [u8] {
        &DIGEST[self.reasons.clone()]
    }
}

impl ShippedEdition {
    /// The digest of its title and sections.
    pub(super) fn sections(&self) -> &'static [u8] {
        &DIGEST[self.sections.clone()]
    }
}
