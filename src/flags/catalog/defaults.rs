//! What the flags of a component hold by default, each read once: every rule asks in every target.

use std::sync::OnceLock;

use super::{Catalog, FlagSpec, Release};
use crate::flags::value::Value;

/// The most releases that a catalog covers.
const RELEASES: usize = 32;

/// The defaults of every release, in the order of the catalog's releases.
#[derive(Debug)]
pub(super) struct Defaults([OnceLock<OfRelease>; RELEASES]);

/// The defaults of one release.
#[derive(Debug)]
pub struct OfRelease {
    release: Release,
    flags: &'static [FlagSpec],
    /// In the order of the flags; those that nobody asked for are not read.
    values: Box<[OnceLock<Option<Value>>]>,
}

impl Defaults {
    pub(super) const fn new() -> Self {
        Self([const { OnceLock::new() }; RELEASES])
    }

    /// Those of a release of `catalog`, whose defaults these are.
    pub(super) fn of(&self, release: Release, catalog: &Catalog) -> &OfRelease {
        let at = catalog.releases.iter().position(|known| *known == release).unwrap_or_default();
        let flags = catalog.flags;
        let values = || flags.iter().map(|_| OnceLock::new()).collect();
        self.0[at].get_or_init(|| OfRelease { release, flags, values: values() })
    }
}

impl OfRelease {
    /// What a flag holds by default; `None` if that is not known.
    pub fn value(&self, spec: &FlagSpec) -> Option<&Value> {
        let cell = self.values.get(self.flags.element_offset(spec)?)?;
        let read = |text| spec.kind(self.release).read_default(text);
        cell.get_or_init(|| spec.default(self.release).map(read)).as_ref()
    }
}
