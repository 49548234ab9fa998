//! What the flags of a component hold by default, each read once: every rule asks in every target.

use std::sync::OnceLock;

use super::FlagSpec;
use super::release::{Count, Release};
use crate::flags::value::Value;

/// The defaults of a component's flags, in the order of the flags; those that nobody asked for are not
/// read.
#[derive(Debug)]
pub(super) struct Defaults(OnceLock<Box<[OnceLock<History>]>>);

/// What a flag holds by default, from a release on; `None` where that is not known. The first counts
/// for older releases too.
type History = Box<[(Count, Option<Value>)]>;

impl Defaults {
    pub(super) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The default of one of `flags`, which are always the same.
    pub(super) fn of(
        &self,
        spec: &FlagSpec,
        release: Release,
        flags: &[FlagSpec],
    ) -> Option<&Value> {
        let all = self.0.get_or_init(|| flags.iter().map(|_| OnceLock::new()).collect());
        let history = all.get(flags.element_offset(spec)?)?.get_or_init(|| history(spec));
        let count = release.count_in(spec.life.family());
        let current = history.iter().rev().find(|(from, _)| *from <= count);
        current.or(history.first())?.1.as_ref()
    }
}

fn history(spec: &FlagSpec) -> History {
    let kinds = spec.kinds.iter().map(|(from, _)| *from);
    let mut releases: Vec<Count> =
        kinds.chain(spec.defaults.iter().map(|(from, _)| *from)).collect();
    releases.sort_unstable();
    releases.dedup();
    let family = spec.life.family();
    let value = |count| {
        let release = Release::counted(family, count);
        spec.kind(release).read_default(spec.default(release)?).into()
    };
    releases.into_iter().map(|count| (count, value(count))).collect()
}

#[cfg(test)]
mod tests {
    use crate::component::Component;
    use crate::flags::catalog::Catalog;

    #[test]
    fn every_default_of_every_release_is_the_one_in_the_table() {
        let mut changes = 0;
        for catalog in Component::ALL.map(Catalog::of) {
            for spec in catalog.flags {
                for release in catalog.releases() {
                    let text = spec.default(release);
                    let read = text.map(|text| spec.kind(release).read_default(text));
                    assert_eq!(catalog.default(spec, release), read.as_ref(), "{}", spec.name);
                }
                changes += spec.defaults.len().saturating_sub(1);
            }
        }
        assert!(changes > 100, "{changes}");
    }
}
