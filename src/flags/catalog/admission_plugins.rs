//! The admission plugins of kube-apiserver by release, and which of them run without a flag.
//!
//! Up to 1.9 the only flag is `--admission-control`, and its default is AlwaysAdmit alone; plugins run
//! in the order in which it names them. Since then the order is the server's own: see [`in_order`].

use super::life::at;
use super::release::{Family, Release};
use super::tables::admission_plugins::{ORDER, PLUGINS};

pub use super::plugin_spec::{ByDefault, PluginSpec};

/// The documentation of 1.7 does not list its plugins: those of 1.8 may exist there.
const NOT_LISTED: Release = Release::kubernetes(7);
const LISTED_AGAIN: Release = Release::kubernetes(8);

impl PluginSpec {
    /// Whether a release has it; 1.7 is given the benefit of the doubt.
    pub fn lives(&self, release: Release) -> bool {
        self.life.covers(release) || (release == NOT_LISTED && self.life.first() == LISTED_AGAIN)
    }

    /// Whether it runs without a flag in a release.
    pub fn default(&self, release: Release) -> ByDefault {
        at(self.history, release.count_in(Family::Kubernetes)).unwrap_or(ByDefault::Unsure)
    }
}

/// The plugin called `name`, whatever releases have it.
pub fn find(name: &str) -> Option<&'static PluginSpec> {
    PLUGINS.binary_search_by(|spec| spec.name.cmp(name)).ok().and_then(|index| PLUGINS.get(index))
}

/// Every plugin of every release, by name.
pub fn all() -> &'static [PluginSpec] {
    PLUGINS
}

/// The first release whose order is its own.
const ORDERED_SINCE: Release = Release::kubernetes(10);

/// The plugins of a release in the order in which it runs them; none up to 1.9, where the flag says.
pub fn in_order(release: Release) -> impl Iterator<Item = &'static PluginSpec> {
    let names = if release < ORDERED_SINCE { &[][..] } else { ORDER };
    names.iter().filter_map(|name| find(name)).filter(move |spec| spec.life.covers(release))
}
