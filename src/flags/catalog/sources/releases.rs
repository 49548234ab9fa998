//! The fixtures of a component, release by release.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use super::fixture::{Fixture, Source};
use super::{Count, path, read};

/// All releases of a component.
pub(super) struct Releases {
    /// Every release that it covers, oldest first; a Kubernetes minor without a fixture is one too.
    pub(super) all: Vec<Count>,
    /// What is known of those that have a fixture.
    pub(super) read: BTreeMap<Count, Fixture>,
}

impl Releases {
    /// Reads the fixtures of a component.
    pub(super) fn of(component: &str) -> Self {
        let read: BTreeMap<Count, Fixture> = files(component)
            .into_iter()
            .map(|(release, file)| (release, Fixture::read(&read(&file))))
            .collect();
        let numbers = || read.keys().copied();
        let (oldest, newest) = (numbers().min().expect("one"), numbers().max().expect("one"));
        // Kubernetes leaves no minor out; etcd went from 2.3 to 3.0.
        let all =
            if component == "etcd" { numbers().collect() } else { (oldest..=newest).collect() };
        Self { all, read }
    }

    /// The newest release.
    pub(super) fn newest(&self) -> Count {
        *self.all.last().expect("a release")
    }

    /// The release before another one.
    pub(super) fn before(&self, release: Count) -> Option<Count> {
        self.all.iter().rev().copied().find(|other| *other < release)
    }

    /// The release after another one.
    pub(super) fn after(&self, release: Count) -> Option<Count> {
        self.all.iter().copied().find(|other| *other > release)
    }

    /// The last release before another one whose source lists hidden flags too.
    pub(super) fn last_with_hidden(&self, release: Count) -> Option<Count> {
        let before = self.read.range(..release).rev();
        before.filter(|(_, f)| f.source != Source::WithoutHidden).map(|(count, _)| *count).next()
    }

    /// The releases of which no source lists the flags.
    pub(super) fn unread(&self) -> Vec<Count> {
        let unread = |at: &Count| self.read.get(at).is_none_or(|f| f.source == Source::Neighbours);
        self.all.iter().copied().filter(unread).collect()
    }

    /// The names of every flag of every release, in order.
    pub(super) fn flag_names(&self) -> BTreeSet<&str> {
        self.read.values().flat_map(|fixture| fixture.flags.keys()).map(String::as_str).collect()
    }
}

/// The fixtures of a component by release.
pub(super) fn files(component: &str) -> BTreeMap<Count, PathBuf> {
    let folder = path("fixtures/components").join(component);
    let entries = fs::read_dir(&folder).expect("a folder of fixtures");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let fixtures = files.filter(|file| file.extension().is_some_and(|end| end == "tsv"));
    fixtures
        .map(|file| {
            let release = file.file_stem().and_then(|stem| stem.to_str()).expect("a release");
            (count(component, release), file)
        })
        .collect()
}

/// `1.34` as 34, `3.5` of etcd as 35.
pub(super) fn count(component: &str, release: &str) -> Count {
    let (major, minor) = release.split_once('.').expect("a release such as 1.34");
    let number = |text: &str| text.parse::<Count>().expect("a release such as 1.34");
    if component == "etcd" { number(major) * 10 + number(minor) } else { number(minor) }
}

/// The release of a count, as people write it.
pub(super) fn shown(component: &str, count: Count) -> String {
    if component == "etcd" {
        format!("{}.{}", count / 10, count % 10)
    } else {
        format!("1.{count}")
    }
}
