//! Stretches of releases.

use super::release::{Count, Family, Release};

/// A stretch of releases in which something exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    family: Family,
    first: Count,
    /// `None` while the newest release still has it.
    last: Option<Count>,
}

impl Life {
    /// Whether `release` lies in it.
    pub fn covers(self, release: Release) -> bool {
        let count = release.count_in(self.family);
        self.first <= count && self.last.is_none_or(|last| count <= last)
    }

    /// The first release that has it, or the first of the catalog.
    pub const fn first(self) -> Release {
        Release::counted(self.family, self.first)
    }

    /// The last release that has it; `None` while the newest still does.
    pub fn last(self) -> Option<Release> {
        self.last.map(|last| Release::counted(self.family, last))
    }

    pub(super) const fn family(self) -> Family {
        self.family
    }
}

/// Lives as the tables of Kubernetes write them, by its minors.
pub(super) mod kubernetes {
    use super::{Count, Family, Life};

    /// From `first` to the newest release.
    pub(in super::super) const fn since(first: Count) -> Life {
        Life { family: Family::Kubernetes, first, last: None }
    }

    /// From `first` to `last`, both included.
    pub(in super::super) const fn span(first: Count, last: Count) -> Life {
        Life { family: Family::Kubernetes, first, last: Some(last) }
    }
}

/// Lives as the table of etcd writes them, by both digits of a version.
pub(super) mod etcd {
    use super::{Count, Family, Life};

    /// From `first` to the newest release.
    pub(in super::super) const fn since(first: Count) -> Life {
        Life { family: Family::Etcd, first, last: None }
    }

    /// From `first` to `last`, both included.
    pub(in super::super) const fn span(first: Count, last: Count) -> Life {
        Life { family: Family::Etcd, first, last: Some(last) }
    }
}

/// The entry of a history that holds in a release: the last that began by then, else the first.
pub(super) fn at<T: Copy>(history: &[(Count, T)], count: Count) -> Option<T> {
    let current = history.iter().rev().find(|(from, _)| *from <= count);
    current.or(history.first()).map(|(_, value)| *value)
}
