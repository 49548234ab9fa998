//! The names of TLS cipher suites and versions that kube-apiserver accepts, by release.
//!
//! What counts as insecure follows the Go release that the minor was first built with.

use super::release::Release;
use super::tables::cipher_suites::SUITES;

pub use super::suite_spec::SuiteSpec;

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
