//! Stretches of releases.

use super::Release;

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
pub(super) const fn since(first: Release) -> Life {
    Life { first, last: None }
}

/// From `first` to `last`, both included.
pub(super) const fn span(first: Release, last: Release) -> Life {
    Life { first, last: Some(last) }
}

/// The entry of a history that holds in a release: the last that began by then, else the first.
pub(super) fn at<T: Copy>(history: &[(Release, T)], release: Release) -> Option<T> {
    let current = history.iter().rev().find(|(from, _)| *from <= release);
    current.or(history.first()).map(|(_, value)| *value)
}
