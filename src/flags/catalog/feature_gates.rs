//! The feature gates of kube-apiserver, from 1.10 on.
//!
//! Up to 1.21 the sources are help texts, which hide stable gates and do not tell what is locked;
//! of 1.22 nothing is known but what its neighbours agree on.

use super::release::{Family, Release};
use super::tables::feature_gates::GATES;

pub use super::gate_spec::{GateDefault, GateSpec, Stage};

/// The first release whose gates were read from running code, so that the list is complete.
const COMPLETE_SINCE: Release = Release::kubernetes(23);

/// What is known of a gate in a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateStanding {
    /// It exists.
    Known(Stage, GateDefault),
    /// The release does not know it and refuses it.
    Unknown,
    /// The release's list of gates is not complete, and the gate is not in it.
    Unlisted,
}

/// No source tells the gates of this release.
const NOT_READ: Release = Release::kubernetes(22);

/// What is known of the gate called `name` in a release.
pub fn standing(name: &str, release: Release) -> GateStanding {
    if release == NOT_READ {
        let neighbours = [21, 23].map(|minor| listed(name, Release::kubernetes(minor)));
        return match neighbours {
            [GateStanding::Known(..), after] if neighbours[0] == after => after,
            _ => GateStanding::Unlisted,
        };
    }
    listed(name, release)
}

/// The gate called `name`, of any release.
pub fn find(name: &str) -> Option<&'static GateSpec> {
    GATES.binary_search_by(|spec| spec.name.cmp(name)).ok().and_then(|i| GATES.get(i))
}

fn listed(name: &str, release: Release) -> GateStanding {
    match find(name).filter(|spec| spec.life.covers(release)) {
        Some(spec) => {
            let count = release.count_in(Family::Kubernetes);
            let current = spec.history.iter().rev().find(|(from, ..)| *from <= count);
            current.map_or(GateStanding::Unlisted, |(_, stage, default)| {
                GateStanding::Known(*stage, *default)
            })
        }
        None if release >= COMPLETE_SINCE => GateStanding::Unknown,
        None => GateStanding::Unlisted,
    }
}

/// The gate nearest to a misspelt name in a release.
pub fn nearest(name: &str, release: Release) -> Option<&'static str> {
    let alive = GATES.iter().filter(|gate| gate.life.covers(release)).map(|gate| gate.name);
    crate::spelling::nearest(name, alive)
}

/// Every gate of any release, by name.
pub fn all() -> &'static [GateSpec] {
    GATES
}
