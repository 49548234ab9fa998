//! A row of the table of feature gates.

use super::life::Life;
use super::release::Count;

/// A gate's maturity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Off unless asked for.
    Alpha,
    /// Mature enough to be on in most cases.
    Beta,
    /// Part of Kubernetes.
    Stable,
    /// On its way out.
    Deprecated,
}

/// A gate's default, and whether it may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GateDefault {
    /// The value without a setting.
    pub on: bool,
    /// Whether the other value is refused.
    pub locked: bool,
}

pub(super) const ON: GateDefault = GateDefault { on: true, locked: false };
pub(super) const OFF: GateDefault = GateDefault { on: false, locked: false };
pub(super) const LOCKED_ON: GateDefault = GateDefault { on: true, locked: true };
pub(super) const LOCKED_OFF: GateDefault = GateDefault { on: false, locked: true };

/// One gate.
#[derive(Clone, Copy, Debug)]
pub struct GateSpec {
    /// Its name.
    pub name: &'static str,
    /// The releases that list it.
    pub life: Life,
    pub(super) history: &'static [(Count, Stage, GateDefault)],
}

pub(super) const fn gate(
    name: &'static str,
    life: Life,
    history: &'static [(Count, Stage, GateDefault)],
) -> GateSpec {
    GateSpec { name, life, history }
}
