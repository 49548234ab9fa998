//! The names of TLS cipher suites and versions that kube-apiserver accepts, by release.
//!
//! What counts as insecure follows the Go release that the minor was first built with.

use super::tables::cipher_suites::SUITES;
use super::{Life, Release};

/// One cipher suite.
#[derive(Clone, Copy, Debug)]
pub struct SuiteSpec {
    /// Its name.
    pub name: &'static str,
    /// The releases that accept the name.
    pub life: Life,
    /// The first release that lists it as insecure.
    pub insecure_since: Option<Release>,
}

pub(super) const fn suite(
    name: &'static str,
    life: Life,
    insecure_since: Option<Release>,
) -> SuiteSpec {
    SuiteSpec { name, life, insecure_since }
}

/// The names that `--tls-min-version` accepts in a release.
pub fn versions(release: Release) -> &'static [&'static str] {
    let all = &["VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"];
    if release < 16 { &all[..3] } else { all }
}

/// The first release with a list; 1.10, which has the flag, is given the same one.
const LISTED_SINCE: Release = 11;

/// The suites whose names a release accepts.
pub fn suites(release: Release) -> impl Iterator<Item = &'static SuiteSpec> {
    let listed = release.max(LISTED_SINCE);
    SUITES.iter().filter(move |suite| suite.life.covers(listed))
}
