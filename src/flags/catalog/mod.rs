//! What is known of every flag, by release: its kind, default, life span and deprecation.
//!
//! The tables are written by a test, which reads `fixtures/components/`: see `sources`. A release is
//! written as one number: the minor for Kubernetes (34 is 1.34), both digits for etcd (35 is 3.5).
//! The facts come from the servers' own registration code (1.20 and later, but 1.22, which is
//! made from its neighbours) and from the reference documentation of each release before that.

pub mod admission_plugins;
mod constraint;
mod defaults;
pub mod feature_gates;
mod gate_spec;
mod index;
mod life;
mod name;
mod plugin_spec;
mod release;
#[cfg(test)]
mod sources;
mod spec;
mod suite_spec;
mod tables;
pub mod tls;

pub use constraint::Demand;
pub use life::Life;
pub(crate) use name::flag_name;
pub use name::known;
pub use release::Release;
pub use spec::FlagSpec;

use defaults::Defaults;
use index::Index;
use release::{Count, Family};
use tables::{etcd, kube_apiserver, kube_controller_manager, kube_scheduler, kubelet};

use super::value::Value;
use crate::component::Component;
use crate::version::Minor;

/// Whether a release has a flag.
#[derive(Clone, Copy, Debug)]
pub enum Standing {
    /// It has it.
    Known(&'static FlagSpec),
    /// Its documentation does not tell.
    Uncertain(&'static FlagSpec),
    /// Other releases have it, this one has not.
    Elsewhere(&'static FlagSpec),
    /// No release has it.
    Unknown,
}

/// How a program reads its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// spf13/pflag, with underscores for dashes.
    Pflag,
    /// Go's own flag package; `ETCD_` variables stand in for flags that are not given.
    GoFlag,
}

/// All flags of one component.
#[derive(Debug)]
pub struct Catalog {
    /// The component.
    pub component: Component,
    /// How it reads its arguments.
    pub grammar: Grammar,
    /// Whose releases it counts.
    family: Family,
    /// The releases covered, oldest first.
    counts: &'static [Count],
    /// Every flag of every release, by name.
    pub flags: &'static [FlagSpec],
    /// The releases of which no source lists the flags.
    unread: &'static [Count],
    /// The last release with flags that are concluded.
    concluded_until: Release,
    index: Index,
    defaults: Defaults,
}

/// What the tables of a component hold.
#[derive(Clone, Copy)]
struct Table {
    counts: &'static [Count],
    unread: &'static [Count],
    flags: &'static [FlagSpec],
}

/// The table of a module, which a test has written.
macro_rules! table {
    ($of:ident) => {
        Table { counts: $of::RELEASES, unread: $of::UNREAD, flags: $of::FLAGS }
    };
}

const fn catalog(component: Component, grammar: Grammar, table: Table) -> Catalog {
    let Table { counts, unread, flags } = table;
    let family = if matches!(grammar, Grammar::GoFlag) { Family::Etcd } else { Family::Kubernetes };
    Catalog {
        component,
        grammar,
        family,
        counts,
        flags,
        unread,
        concluded_until: Release::counted(family, spec::concluded_until(flags)),
        index: Index::of(flags),
        defaults: Defaults::new(),
    }
}

static CATALOGS: [Catalog; 5] = [
    catalog(Component::KubeApiserver, Grammar::Pflag, table!(kube_apiserver)),
    catalog(Component::Etcd, Grammar::GoFlag, table!(etcd)),
    catalog(Component::KubeControllerManager, Grammar::Pflag, table!(kube_controller_manager)),
    catalog(Component::KubeScheduler, Grammar::Pflag, table!(kube_scheduler)),
    catalog(Component::Kubelet, Grammar::Pflag, table!(kubelet)),
];

impl Catalog {
    /// The catalog of a component.
    pub fn of(component: Component) -> &'static Self {
        // The order is that of the components, which a test holds.
        &CATALOGS[component as usize]
    }

    /// Whether a minor counts the component's own releases: etcd's are not Kubernetes'.
    pub fn counts(&self, minor: Minor) -> bool {
        (minor.major == 1) == (self.family == Family::Kubernetes)
    }

    /// The release of a minor, if the catalog covers it.
    pub fn release(&self, minor: Minor) -> Option<Release> {
        let release = Release::of(minor).filter(|release| release.family() == self.family)?;
        self.counts.contains(&release.count_in(self.family)).then_some(release)
    }

    /// Whether no source lists the flags of a release, so that they are those of its neighbours.
    pub fn is_unread(&self, release: Release) -> bool {
        self.unread.contains(&release.count_in(self.family))
    }

    /// Whether a release has flags that no source lists.
    pub fn concludes(&self, release: Release) -> bool {
        release <= self.concluded_until && self.flags.iter().any(|spec| spec.is_concluded(release))
    }

    /// The releases covered, oldest first.
    pub fn releases(&self) -> impl DoubleEndedIterator<Item = Release> {
        self.counts.iter().map(|count| Release::counted(self.family, *count))
    }

    /// The oldest minor covered.
    pub fn oldest(&self) -> Minor {
        Release::counted(self.family, self.counts[0]).minor()
    }

    /// The newest minor covered.
    pub fn newest(&self) -> Minor {
        self.newest_release().minor()
    }

    /// The newest release covered.
    pub fn newest_release(&self) -> Release {
        Release::counted(self.family, self.counts[self.counts.len() - 1])
    }

    /// Every minor covered, oldest first.
    pub fn minors(&self) -> impl DoubleEndedIterator<Item = Minor> {
        self.releases().map(Release::minor)
    }

    /// The release after another one.
    pub fn next(&self, release: Release) -> Option<Release> {
        self.releases().find(|next| *next > release)
    }

    /// The flag called `name`, whatever releases have it.
    pub fn find(&self, name: &str) -> Option<&'static FlagSpec> {
        self.index.find(name, self.flags)
    }

    /// What one of its flags holds by default in a release; `None` if that is not known.
    pub fn default(&self, spec: &FlagSpec, release: Release) -> Option<&Value> {
        self.defaults.of(spec, release, self.flags)
    }

    /// The flag whose variable another one sets in a release, if that is only another name.
    pub fn shared(&self, spec: &FlagSpec, release: Release) -> Option<&'static FlagSpec> {
        self.find(spec.shares?).filter(|other| other.life.covers(release))
    }

    /// The flag called `name` as a release sees it.
    pub fn standing(&self, name: &str, release: Release) -> Standing {
        match self.find(name) {
            None => Standing::Unknown,
            Some(spec) if spec.is_uncertain(release) => Standing::Uncertain(spec),
            Some(spec) if spec.life.covers(release) => Standing::Known(spec),
            Some(spec) => Standing::Elsewhere(spec),
        }
    }

    /// The other name that alone stands for a flag in a release which does not know it yet.
    pub fn alias(&self, spec: &FlagSpec, release: Release) -> Option<&'static FlagSpec> {
        if spec.life.covers(release) {
            return None;
        }
        let stands =
            |other: &&FlagSpec| other.shares == Some(spec.name) && other.life.covers(release);
        self.index.other_names(self.flags).find(stands)
    }

    /// Whether a release was built with a Go that reads `0b11`, `0o17` and `1_000`, which is 1.13.
    /// Kubernetes changed to it with 1.17, and in late patches of 1.16; etcd with 3.5, and in late
    /// patches of 3.4. What only some patches refuse is let pass.
    pub fn reads_new_literals(&self, release: Release) -> bool {
        match self.family {
            Family::Etcd => release >= Release::etcd(3, 4),
            Family::Kubernetes => release >= Release::kubernetes(16),
        }
    }

    /// The flag with a one-letter name in a release.
    pub fn by_letter(&self, letter: char, release: Release) -> Option<&'static FlagSpec> {
        self.flags.iter().find(|s| s.letter == Some(letter) && s.life.covers(release))
    }

    /// The known name nearest to a misspelt one, among the flags of a release.
    pub fn nearest(&self, name: &str, release: Release) -> Option<&'static str> {
        let alive = self.flags.iter().filter(|s| s.life.covers(release)).map(|s| s.name);
        crate::spelling::nearest(name, alive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ordered_and_histories_begin_with_the_life() {
        for component in Component::ALL {
            let catalog = Catalog::of(component);
            assert_eq!(catalog.component, component);
            assert!(catalog.flags.is_sorted_by(|a, b| a.name < b.name));
            for spec in catalog.flags {
                for first in [spec.kinds.first().map(|k| k.0), spec.defaults.first().map(|d| d.0)] {
                    assert!(first.is_none_or(|first| first == spec.life.first().count_in(catalog.family)), "{}", spec.name);
                }
                assert!(spec.shares.is_some() || !spec.defaults.is_empty(), "{}", spec.name);
                assert!(spec.shares.is_none_or(|other| catalog.find(other).is_some()));
            }
        }
    }

    #[test]
    fn nothing_is_concluded_where_the_quick_answer_says_so() {
        for component in Component::ALL {
            let catalog = Catalog::of(component);
            for release in catalog.releases().filter(|at| *at > catalog.concluded_until) {
                for spec in catalog.flags {
                    assert!(!spec.is_concluded(release), "--{} of {release:?}", spec.name);
                }
            }
        }
    }

    #[test]
    fn a_deprecated_flag_at_the_edge_of_the_undocumented_releases_is_uncertain() {
        let catalog = Catalog::of(Component::KubeApiserver);
        assert!(matches!(
            catalog.standing("etcd-quorum-read", Release::kubernetes(11)),
            Standing::Uncertain(_)
        ));
        assert!(matches!(
            catalog.standing("insecure-port", Release::kubernetes(11)),
            Standing::Known(_)
        ));
        assert!(matches!(
            catalog.standing("insecure-port", Release::kubernetes(24)),
            Standing::Elsewhere(_)
        ));
        assert!(matches!(
            catalog.standing("no-such-flag", Release::kubernetes(24)),
            Standing::Unknown
        ));
    }

    #[test]
    fn minors_of_etcd_are_its_own() {
        let etcd = Catalog::of(Component::Etcd);
        let minor = |text: &str| text.parse::<Minor>().expect("a minor");
        assert_eq!(etcd.release(minor("3.5")), Some(Release::etcd(3, 5)));
        for text in ["1.34", "3.50", "2.4", "0.35"] {
            assert_eq!(etcd.release(minor(text)), None, "{text}");
        }
        assert_eq!(Catalog::of(Component::Kubelet).release(minor("3.5")), None);
    }
}
