//! A row of the table of admission plugins.

use super::life::Life;
use super::release::Count;

/// Whether a plugin runs when no flag speaks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByDefault {
    /// It runs.
    On,
    /// It does not run.
    Off,
    /// No source tells for this release.
    Unsure,
}

/// One plugin.
#[derive(Clone, Copy, Debug)]
pub struct PluginSpec {
    /// Its name; case matters.
    pub name: &'static str,
    /// The releases that have it.
    pub life: Life,
    pub(super) history: &'static [(Count, ByDefault)],
}

pub(super) const fn plugin(
    name: &'static str,
    life: Life,
    history: &'static [(Count, ByDefault)],
) -> PluginSpec {
    PluginSpec { name, life, history }
}
