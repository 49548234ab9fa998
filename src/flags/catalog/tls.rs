//! The names of TLS cipher suites and versions that kube-apiserver accepts, by release.
//!
//! What counts as insecure follows the Go release that the minor was first built with.

use super::life::Life;
use super::release::{Count, Family, Release};
use super::tables::cipher_suites::SUITES;

/// One cipher suite.
#[derive(Clone, Copy, Debug)]
pub struct SuiteSpec {
    /// Its name.
    pub name: &'static str,
    /// The releases that accept the name.
    pub life: Life,
    /// The first release that lists it as insecure.
    insecure_since: Option<Count>,
}

pub(super) const fn suite(
    name: &'static str,
    life: Life,
    insecure_since: Option<Count>,
) -> SuiteSpec {
    SuiteSpec { name, life, insecure_since }
}

impl SuiteSpec {
    /// Whether a release lists it as insecure.
    pub fn is_insecure(&self, release: Release) -> bool {
        let count = release.count_in(Family::Kubernetes);
        self.insecure_since.is_some_and(|since| since <= count)
    }
}

/// The names that `--tls-min-version` accepts in a release.
pub fn versions(release: Release) -> &'static [&'static str] {
    let all = &["VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"];
    if release < Release::kubernetes(16) { &all[..3] } else { all }
}

/// The first release with a list; 1.10, which has the flag, is given the same one.
const LISTED_SINCE: Release = Release::kubernetes(11);

/// The suites whose names a release accepts.
pub fn suites(release: Release) -> impl Iterator<Item = &'static SuiteSpec> {
    let listed = if release < LISTED_SINCE { LISTED_SINCE } else { release };
    SUITES.iter().filter(move |suite| suite.life.covers(listed))
}
