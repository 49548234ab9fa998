//! The names of TLS cipher suites and versions that kube-apiserver accepts, by release.
//!
//! The lists begin with 1.11; 1.10, which has the flags, is given those of 1.11. What counts as
//! insecure follows the Go release that the minor was first built with.

use super::Release;

/// One cipher suite.
#[derive(Clone, Copy, Debug)]
pub struct SuiteSpec {
    /// Its name.
    pub name: &'static str,
    /// The first release that accepts the name.
    pub since: Release,
    /// The first release that lists it as insecure.
    pub insecure_since: Option<Release>,
}

const fn suite(name: &'static str, since: Release, insecure_since: Option<Release>) -> SuiteSpec {
    SuiteSpec { name, since, insecure_since }
}

/// The names that `--tls-min-version` accepts in a release.
pub fn versions(release: Release) -> &'static [&'static str] {
    let all = &["VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"];
    if release < 16 { &all[..3] } else { all }
}

/// The suites whose names a release accepts.
pub fn suites(release: Release) -> impl Iterator<Item = &'static SuiteSpec> {
    SUITES.iter().filter(move |suite| suite.since <= release)
}

/// Ordered by name. Columns: name, first release with it, first release that calls it insecure.
#[rustfmt::skip]
const SUITES: &[SuiteSpec] = &[
    suite("TLS_AES_128_GCM_SHA256",                        19, None),
    suite("TLS_AES_256_GCM_SHA384",                        19, None),
    suite("TLS_CHACHA20_POLY1305_SHA256",                  19, None),
    suite("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",          10, None),
    suite("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",       10, Some(19)),
    suite("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",       10, None),
    suite("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",          10, None),
    suite("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",       10, None),
    suite("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",        10, None),
    suite("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", 19, None),
    suite("TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",              10, Some(19)),
    suite("TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",           10, Some(22)),
    suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",            10, None),
    suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",         10, Some(19)),
    suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",         10, None),
    suite("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",            10, None),
    suite("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",         10, None),
    suite("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",          10, None),
    suite("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",   19, None),
    suite("TLS_ECDHE_RSA_WITH_RC4_128_SHA",                10, Some(19)),
    suite("TLS_RSA_WITH_3DES_EDE_CBC_SHA",                 10, Some(22)),
    suite("TLS_RSA_WITH_AES_128_CBC_SHA",                  10, Some(30)),
    suite("TLS_RSA_WITH_AES_128_CBC_SHA256",               10, Some(19)),
    suite("TLS_RSA_WITH_AES_128_GCM_SHA256",               10, Some(30)),
    suite("TLS_RSA_WITH_AES_256_CBC_SHA",                  10, Some(30)),
    suite("TLS_RSA_WITH_AES_256_GCM_SHA384",               10, Some(30)),
    suite("TLS_RSA_WITH_RC4_128_SHA",                      10, Some(19)),
];
