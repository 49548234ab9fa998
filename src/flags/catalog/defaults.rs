//! What the flags of a component hold by default, each read once: every rule asks in every target.

use std::sync::OnceLock;

use super::{Catalog, FlagSpec, Release};
use crate::flags::value::Value;

/// The most releases that a catalog covers.
const RELEASES: usize = 32;

/// The defaults of one release, in the order of its catalog's flags; those that nobody asked for are
/// not read.
type OfRelease = Box<[OnceLock<Option<Value>>]>;

/// The defaults of every release, in the order of the catalog's releases.
#[derive(Debug)]
pub(super) struct Defaults([OnceLock<OfRelease>; RELEASES]);

impl Defaults {
    pub(super) const fn new() -> Self {
        Self([const { OnceLock::new() }; RELEASES])
    }

    /// The default of a flag of `catalog`, whose defaults these are.
    pub(super) fn of(
        &self,
        spec: &FlagSpec,
        release: Release,
        catalog: &Catalog,
    ) -> Option<&Value> {
        let release_at = catalog.releases.iter().position(|known| *known == release)?;
        let flag_at = catalog.flags.element_offset(spec)?;
        let cells = self.0.get(release_at)?;
        let cells = cells.get_or_init(|| catalog.flags.iter().map(|_| OnceLock::new()).collect());
        let read = || spec.default(release).map(|text| spec.kind(release).read_default(text));
        cells.get(flag_at)?.get_or_init(read).as_ref()
    }
}
