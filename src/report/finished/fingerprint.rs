//! What a result is known by across runs.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::evaluate;
use crate::target::Target;

/// A fingerprint, made when it is asked for: a report for people shows none.
#[derive(Debug)]
pub struct Fingerprint<'r> {
    of: Option<(&'r evaluate::RuleResult<'r>, &'r Target)>,
    text: OnceLock<String>,
}

impl<'r> Fingerprint<'r> {
    pub(super) fn of(result: &'r evaluate::RuleResult<'_>, target: &'r Target) -> Self {
        Self { of: Some((result, target)), text: OnceLock::new() }
    }
}

impl Fingerprint<'_> {
    /// The rule's half and the target's, for who writes one behind the other; the second is empty if the
    /// report was read.
    pub(in crate::report) fn halves(&self) -> [&str; 2] {
        match self.of {
            Some((result, target)) => [result.control.fingerprint(), target.fingerprint()],
            None => [self, ""],
        }
    }
}

impl Deref for Fingerprint<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        let made = || self.of.map(|(result, target)| result.fingerprint(target.fingerprint()));
        self.text.get_or_init(|| made().unwrap_or_default())
    }
}

impl fmt::Display for Fingerprint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl Serialize for Fingerprint<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint<'_> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self { of: None, text: OnceLock::from(text) })
    }
}
