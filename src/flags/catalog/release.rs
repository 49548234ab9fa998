//! A release of a program, which knows whose releases it counts.

use std::cmp::Ordering;
use std::fmt;

use crate::version::Minor;

/// A release as a row of a table writes it: the minor of Kubernetes (34 is 1.34), both digits of etcd
/// (35 is 3.5). The file of the table decides which.
pub(super) type Count = u16;

/// A release of Kubernetes or of etcd. Releases of the two do not compare: none is older.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    family: Family,
    count: Count,
}

/// Whose releases are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Kubernetes,
    Etcd,
}

impl Release {
    /// The release 1.`minor` of Kubernetes.
    pub const fn kubernetes(minor: u16) -> Self {
        Self::counted(Family::Kubernetes, minor)
    }

    /// A release of etcd such as 3.5.
    ///
    /// # Panics
    ///
    /// If the minor has two digits: the tables of etcd write one.
    pub const fn etcd(major: u16, minor: u16) -> Self {
        assert!(minor < 10, "the tables of etcd write one digit for the minor");
        Self::counted(Family::Etcd, major * 10 + minor)
    }

    pub(super) const fn counted(family: Family, count: Count) -> Self {
        Self { family, count }
    }

    /// The release of a version, if either program could have it: 1.x is Kubernetes, etcd has others.
    pub(super) fn of(minor: Minor) -> Option<Self> {
        match minor {
            Minor { major: 1, minor } => Some(Self::kubernetes(minor)),
            Minor { major, minor } if major < 100 && minor < 10 => Some(Self::etcd(major, minor)),
            _ => None,
        }
    }

    /// The version of the release.
    pub const fn minor(self) -> Minor {
        match self.family {
            Family::Kubernetes => Minor::kubernetes(self.count),
            Family::Etcd => Minor { major: self.count / 10, minor: self.count % 10 },
        }
    }

    /// The Kubernetes release that is older by some minors, at the least 1.0.
    pub(in crate::flags) const fn minus(self, minors: u16) -> Self {
        Self::counted(self.family, self.count.saturating_sub(minors))
    }

    pub(super) const fn family(self) -> Family {
        self.family
    }

    /// The number that rows of this family write for it.
    pub(super) fn count_in(self, family: Family) -> Count {
        debug_assert_eq!(self.family, family, "{self} is not in this table");
        self.count
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.minor().fmt(f)
    }
}

impl PartialOrd for Release {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        debug_assert_eq!(self.family, other.family, "{self} and {other}");
        (self.family == other.family).then(|| self.count.cmp(&other.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_of_kubernetes_or_of_etcd() {
        let of = |major, minor| Release::of(Minor { major, minor });
        assert_eq!(of(1, 36), Some(Release::kubernetes(36)));
        assert_eq!(of(3, 6), Some(Release::etcd(3, 6)));
        assert_ne!(of(1, 36), of(3, 6));
        for (major, minor) in [(3, 10), (u16::MAX, 1)] {
            assert_eq!(of(major, minor), None, "{major}.{minor}");
        }
        for release in [Release::kubernetes(36), Release::etcd(3, 6)] {
            assert_eq!(Release::of(release.minor()), Some(release));
        }
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "3.6 and 1.36")]
    fn releases_of_two_programs_do_not_compare() {
        let _ = Release::etcd(3, 6) < Release::kubernetes(36);
    }
}
