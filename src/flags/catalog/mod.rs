//! What is known of every flag, by release: its kind, default, life span and deprecation.
//!
//! One file a component. A release is written as one number: the minor for Kubernetes (34 is 1.34),
//! both digits for etcd (35 is 3.5).
//! The tables come from the servers' own registration code (1.20 and later, but 1.22, which is
//! made from its neighbours) and from the reference documentation of each release before that.

pub mod admission_plugins;
mod defaults;
mod etcd;
pub mod feature_gates;
mod index;
mod kube_apiserver;
mod kube_controller_manager;
mod kube_scheduler;
mod kubelet;
pub mod tls;

use defaults::Defaults;
use index::Index;

use super::kind::Kind;
use super::value::Value;
use crate::component::Component;
use crate::version::Minor;

/// A release of a component as the tables count them.
pub type Release = u16;

/// A stretch of releases in which something exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// The first release that has it, or the first of the catalog.
    pub first: Release,
    /// The last release that has it; `None` while the newest still does.
    pub last: Option<Release>,
}

impl Life {
    /// Whether `release` lies in it.
    pub fn covers(self, release: Release) -> bool {
        self.first <= release && self.last.is_none_or(|last| release <= last)
    }
}

/// From `first` to the newest release.
const fn since(first: Release) -> Life {
    Life { first, last: None }
}

/// From `first` to `last`, both included.
const fn span(first: Release, last: Release) -> Life {
    Life { first, last: Some(last) }
}

/// The last release with flags that no source lists; those of 1.22 are no exception, each is in both
/// of its neighbours.
const CONCLUDED_UNTIL: Release = 23;

/// A default that help does not show and that no other source gives.
const UNKNOWN: &str = "\u{0}unknown";

/// One flag.
#[derive(Clone, Copy, Debug)]
pub struct FlagSpec {
    /// Its name without dashes.
    pub name: &'static str,
    /// Its one-letter name.
    pub letter: Option<char>,
    /// The releases that have it.
    pub life: Life,
    /// The flag whose variable it sets, if it is only another name.
    pub shares: Option<&'static str>,
    /// The group of the server's help that lists it.
    pub group: Option<&'static str>,
    /// Whether its value can be a credential, and is never shown.
    pub credential: bool,
    /// When it was called deprecated: from a release, and perhaps to one.
    deprecated: [Option<Life>; 2],
    /// Releases for which its existence is concluded from their neighbours, not read.
    inferred: [Option<(Release, Release)>; 2],
    /// Releases outside its life of which the sources do not tell whether they have it.
    uncertain: Option<(Release, Release)>,
    kinds: &'static [(Release, Kind)],
    defaults: &'static [(Release, &'static str)],
}

const fn flag(
    name: &'static str,
    life: Life,
    kinds: &'static [(Release, Kind)],
    defaults: &'static [(Release, &'static str)],
) -> FlagSpec {
    FlagSpec {
        name,
        letter: None,
        life,
        shares: None,
        group: None,
        credential: false,
        deprecated: [None; 2],
        inferred: [None; 2],
        uncertain: None,
        kinds,
        defaults,
    }
}

impl FlagSpec {
    const fn shorthand(mut self, letter: char) -> Self {
        self.letter = Some(letter);
        self
    }

    const fn deprecated(mut self, since: Release) -> Self {
        let slot = self.deprecated[0].is_some() as usize;
        self.deprecated[slot] = Some(Life { first: since, last: None });
        self
    }

    const fn deprecated_in(mut self, first: Release, last: Release) -> Self {
        let slot = self.deprecated[0].is_some() as usize;
        self.deprecated[slot] = Some(Life { first, last: Some(last) });
        self
    }

    const fn shares(mut self, other: &'static str) -> Self {
        self.shares = Some(other);
        self
    }

    const fn inferred(mut self, from: Release, to: Release) -> Self {
        let slot = self.inferred[0].is_some() as usize;
        self.inferred[slot] = Some((from, to));
        self
    }

    const fn uncertain(mut self, from: Release, to: Release) -> Self {
        self.uncertain = Some((from, to));
        self
    }

    const fn group(mut self, name: &'static str) -> Self {
        self.group = Some(name);
        self
    }

    const fn credential(mut self) -> Self {
        self.credential = true;
        self
    }

    /// Its kind in a release.
    pub fn kind(&self, release: Release) -> Kind {
        at(self.kinds, release).unwrap_or(Kind::Text)
    }

    /// Its default in a release as Go prints it; `None` if it is not known.
    pub fn default(&self, release: Release) -> Option<&'static str> {
        at(self.defaults, release).filter(|text| *text != UNKNOWN)
    }

    /// Whether a release calls it deprecated.
    pub fn is_deprecated(&self, release: Release) -> bool {
        self.deprecated.iter().flatten().any(|life| life.covers(release))
    }

    /// Whether its existence in a release is concluded, not read.
    pub fn is_inferred(&self, release: Release) -> bool {
        self.inferred.iter().flatten().any(|(from, to)| (*from..=*to).contains(&release))
    }

    /// Whether no source lists it for a release, so that what is said of it there is concluded.
    pub fn is_concluded(&self, release: Release) -> bool {
        release <= CONCLUDED_UNTIL && (self.is_inferred(release) || self.is_uncertain(release))
    }

    /// Whether no source tells if a release has it.
    fn is_uncertain(&self, release: Release) -> bool {
        self.uncertain.is_some_and(|(from, to)| (from..=to).contains(&release))
    }
}

/// The entry of a history that holds in a release: the last that began by then, else the first.
fn at<T: Copy>(history: &[(Release, T)], release: Release) -> Option<T> {
    let current = history.iter().rev().find(|(from, _)| *from <= release);
    current.or(history.first()).map(|(_, value)| *value)
}

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
    /// The releases covered, oldest first.
    pub releases: &'static [Release],
    /// Every flag of every release, by name.
    pub flags: &'static [FlagSpec],
    index: Index,
    defaults: Defaults,
}

const KUBERNETES: [Release; 32] = {
    let mut releases = [0; 32];
    let (mut index, mut release) = (0, 5);
    while index < releases.len() {
        releases[index] = release;
        index += 1;
        release += 1;
    }
    releases
};

const fn kubernetes(component: Component, flags: &'static [FlagSpec]) -> Catalog {
    Catalog {
        component,
        grammar: Grammar::Pflag,
        releases: &KUBERNETES,
        flags,
        index: Index::of(flags),
        defaults: Defaults::new(),
    }
}

static CATALOGS: [Catalog; 5] = [
    kubernetes(Component::KubeApiserver, kube_apiserver::FLAGS),
    Catalog {
        component: Component::Etcd,
        grammar: Grammar::GoFlag,
        releases: &[23, 30, 31, 32, 33, 34, 35, 36, 37],
        flags: etcd::FLAGS,
        index: Index::of(etcd::FLAGS),
        defaults: Defaults::new(),
    },
    kubernetes(Component::KubeControllerManager, kube_controller_manager::FLAGS),
    kubernetes(Component::KubeScheduler, kube_scheduler::FLAGS),
    kubernetes(Component::Kubelet, kubelet::FLAGS),
];

impl Catalog {
    /// The catalog of a component.
    pub fn of(component: Component) -> &'static Self {
        // The order is that of the components, which a test holds.
        &CATALOGS[component as usize]
    }

    /// Whether a minor counts the component's own releases: etcd's are not Kubernetes'.
    pub fn counts(&self, minor: Minor) -> bool {
        (minor.major == 1) == (self.component != Component::Etcd)
    }

    /// The release of a minor, if the catalog covers it.
    pub fn release(&self, minor: Minor) -> Option<Release> {
        let release = match self.component {
            Component::Etcd => minor.major.checked_mul(10)?.checked_add(minor.minor)?,
            _ => minor.minor,
        };
        let known = self.counts(minor) && (minor.major == 1 || minor.minor < 10);
        (known && self.releases.contains(&release)).then_some(release)
    }

    /// The minor of a release.
    pub fn minor(&self, release: Release) -> Minor {
        match self.component {
            Component::Etcd => Minor { major: release / 10, minor: release % 10 },
            _ => Minor::kubernetes(release),
        }
    }

    /// Whether no source lists the flags of a release, so that they are those of its neighbours.
    pub fn is_unread(&self, release: Release) -> bool {
        match self.component {
            Component::Etcd => false,
            // The page of the kubelet of 1.11 lists four of them.
            Component::Kubelet => [11, 22].contains(&release),
            _ => release == 22,
        }
    }

    /// Whether a release has flags that no source lists.
    pub fn concludes(&self, release: Release) -> bool {
        release <= CONCLUDED_UNTIL && self.flags.iter().any(|spec| spec.is_concluded(release))
    }

    /// The oldest minor covered.
    pub fn oldest(&self) -> Minor {
        self.minor(self.releases.first().copied().unwrap_or_default())
    }

    /// The newest minor covered.
    pub fn newest(&self) -> Minor {
        self.minor(self.newest_release())
    }

    /// The newest release covered.
    pub fn newest_release(&self) -> Release {
        self.releases.last().copied().unwrap_or_default()
    }

    /// Every minor covered, oldest first.
    pub fn minors(&self) -> impl DoubleEndedIterator<Item = Minor> {
        self.releases.iter().map(|release| self.minor(*release))
    }

    /// The release after another one.
    pub fn next(&self, release: Release) -> Option<Release> {
        self.releases.iter().copied().find(|next| *next > release)
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
        match self.component {
            Component::Etcd => release >= 34,
            _ => release >= 16,
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
                    assert!(first.is_none_or(|first| first == spec.life.first), "{}", spec.name);
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
            for release in catalog.releases.iter().filter(|release| **release > CONCLUDED_UNTIL) {
                for spec in catalog.flags {
                    let read = !spec.is_inferred(*release) && !spec.is_uncertain(*release);
                    assert!(read, "--{} of {release}", spec.name);
                }
            }
        }
    }

    #[test]
    fn a_deprecated_flag_at_the_edge_of_the_undocumented_releases_is_uncertain() {
        let catalog = Catalog::of(Component::KubeApiserver);
        assert!(matches!(catalog.standing("etcd-quorum-read", 11), Standing::Uncertain(_)));
        assert!(matches!(catalog.standing("insecure-port", 11), Standing::Known(_)));
        assert!(matches!(catalog.standing("insecure-port", 24), Standing::Elsewhere(_)));
        assert!(matches!(catalog.standing("no-such-flag", 24), Standing::Unknown));
    }

    #[test]
    fn minors_of_etcd_are_its_own() {
        let etcd = Catalog::of(Component::Etcd);
        let minor = |text: &str| text.parse::<Minor>().expect("a minor");
        assert_eq!(etcd.release(minor("3.5")), Some(35));
        assert_eq!(etcd.minor(35), minor("3.5"));
        for text in ["1.34", "3.50", "2.4", "0.35"] {
            assert_eq!(etcd.release(minor(text)), None, "{text}");
        }
        assert_eq!(Catalog::of(Component::Kubelet).release(minor("3.5")), None);
    }
}
