//! What is known of every flag, by release: its kind, default, life span and deprecation.
//!
//! One file a component. A release is written as one number: the minor for Kubernetes (34 is 1.34).
//! The tables come from the servers' own registration code (1.20 and later, but 1.22, which is
//! made from its neighbours) and from the reference documentation of each release before that.

pub mod admission_plugins;
pub mod feature_gates;
mod kube_apiserver;
pub mod tls;

use super::kind::Kind;
use crate::component::Component;
use crate::version::Minor;

/// A release of a component as the tables count them.
pub type Release = u16;

/// The documentation of 1.11 and 1.12 leaves deprecated flags out, and their registration was not
/// read: a deprecated flag that is only known on one side of them may or may not exist there.
const DEPRECATED_NOT_LISTED: std::ops::RangeInclusive<Release> = 11..=12;

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
    /// The first release that calls it deprecated.
    pub deprecated_since: Option<Release>,
    /// The flag whose variable it sets, if it is only another name.
    pub shares: Option<&'static str>,
    /// Releases for which its existence is concluded from its neighbours, not read.
    pub inferred: Option<(Release, Release)>,
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
        deprecated_since: None,
        shares: None,
        inferred: None,
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
        self.deprecated_since = Some(since);
        self
    }

    const fn shares(mut self, other: &'static str) -> Self {
        self.shares = Some(other);
        self
    }

    const fn inferred(mut self, from: Release, to: Release) -> Self {
        self.inferred = Some((from, to));
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
        self.deprecated_since.is_some_and(|since| since <= release)
    }

    /// Whether it is uncertain that a release outside its life span lacks it.
    fn may_exist(&self, release: Release) -> bool {
        let before = *DEPRECATED_NOT_LISTED.start() - 1;
        let after = *DEPRECATED_NOT_LISTED.end() + 1;
        DEPRECATED_NOT_LISTED.contains(&release)
            && ((self.life.last == Some(before) && self.is_deprecated(before))
                || (self.life.first == after && self.is_deprecated(after)))
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

/// All flags of one component.
#[derive(Debug)]
pub struct Catalog {
    /// The component.
    pub component: Component,
    /// The oldest release covered.
    pub oldest: Release,
    /// The newest release covered.
    pub newest: Release,
    /// Every flag of every release, by name.
    pub flags: &'static [FlagSpec],
}

static KUBE_APISERVER: Catalog = Catalog {
    component: Component::KubeApiserver,
    oldest: 5,
    newest: 36,
    flags: kube_apiserver::FLAGS,
};

impl Catalog {
    /// The catalog of a component, if plimsoll has one.
    pub fn of(component: Component) -> Option<&'static Self> {
        match component {
            Component::KubeApiserver => Some(&KUBE_APISERVER),
            Component::Etcd
            | Component::Kubelet
            | Component::KubeControllerManager
            | Component::KubeScheduler => None,
        }
    }

    /// The release of a minor, if the catalog covers it.
    pub fn release(&self, minor: Minor) -> Option<Release> {
        (minor.major == 1 && (self.oldest..=self.newest).contains(&minor.minor))
            .then_some(minor.minor)
    }

    /// The minor of a release.
    pub fn minor(&self, release: Release) -> Minor {
        Minor::kubernetes(release)
    }

    /// Every minor covered, oldest first.
    pub fn minors(&self) -> impl DoubleEndedIterator<Item = Minor> {
        (self.oldest..=self.newest).map(Minor::kubernetes)
    }

    /// The flag called `name`, whatever releases have it.
    pub fn find(&self, name: &str) -> Option<&'static FlagSpec> {
        let index = self.flags.binary_search_by(|spec| spec.name.cmp(name)).ok()?;
        self.flags.get(index)
    }

    /// The flag called `name` as a release sees it.
    pub fn standing(&self, name: &str, release: Release) -> Standing {
        match self.find(name) {
            None => Standing::Unknown,
            Some(spec) if spec.life.covers(release) => Standing::Known(spec),
            Some(spec) if spec.may_exist(release) => Standing::Uncertain(spec),
            Some(spec) => Standing::Elsewhere(spec),
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
            let Some(catalog) = Catalog::of(component) else {
                continue;
            };
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
    fn a_deprecated_flag_at_the_edge_of_the_undocumented_releases_is_uncertain() {
        let catalog = &KUBE_APISERVER;
        assert!(matches!(catalog.standing("etcd-quorum-read", 11), Standing::Uncertain(_)));
        assert!(matches!(catalog.standing("insecure-port", 11), Standing::Known(_)));
        assert!(matches!(catalog.standing("insecure-port", 24), Standing::Elsewhere(_)));
        assert!(matches!(catalog.standing("no-such-flag", 24), Standing::Unknown));
    }
}
