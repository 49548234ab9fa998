//! The flags of a component by name: every rule asks for one in every target.

use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::FixedState;

use super::FlagSpec;

/// Made when the first name is looked up.
#[derive(Debug)]
pub(super) struct Index(OnceLock<HashMap<&'static str, &'static FlagSpec, FixedState>>);

impl Index {
    pub(super) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The flag of this name among `flags`, which are always the same.
    pub(super) fn find(&self, name: &str, flags: &'static [FlagSpec]) -> Option<&'static FlagSpec> {
        self.0
            .get_or_init(|| flags.iter().map(|spec| (spec.name, spec)).collect())
            .get(name)
            .copied()
    }
}
