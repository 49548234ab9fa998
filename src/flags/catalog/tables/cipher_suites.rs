//! The cipher suites of kube-apiserver.
//!
//! `PLIMSOLL_BLESS=1 cargo test catalog` writes this file from `fixtures/components/`.

use super::super::life::kubernetes::since;
use super::super::suite_spec::{SuiteSpec, suite};

/// Ordered by name. Columns: name, life span, first release that calls it insecure.
pub(in super::super) const SUITES: &[SuiteSpec] = &[
    suite("TLS_AES_128_GCM_SHA256",                        since(19), None),
    suite("TLS_AES_256_GCM_SHA384",                        since(19), None),
    suite("TLS_CHACHA20_POLY1305_SHA256",                  since(19), None),
    suite("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",          since(11), None),
    suite("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",       since(11), Some(19)),
    suite("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",       since(11), None),
    suite("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",          since(11), None),
    suite("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",       since(11), None),
    suite("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",        since(11), None),
    suite("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", since(19), None),
    suite("TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",              since(11), Some(19)),
    suite("TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",           since(11), Some(22)),
    suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",            since(11), None),
    suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",         since(11), Some(19)),
    suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",         since(11), None),
    suite("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",            since(11), None),
    suite("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",         since(11), None),
    suite("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",          since(11), None),
    suite("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",   since(19), None),
    suite("TLS_ECDHE_RSA_WITH_RC4_128_SHA",                since(11), Some(19)),
    suite("TLS_RSA_WITH_3DES_EDE_CBC_SHA",                 since(11), Some(22)),
    suite("TLS_RSA_WITH_AES_128_CBC_SHA",                  since(11), Some(30)),
    suite("TLS_RSA_WITH_AES_128_CBC_SHA256",               since(11), Some(19)),
    suite("TLS_RSA_WITH_AES_128_GCM_SHA256",               since(11), Some(30)),
    suite("TLS_RSA_WITH_AES_256_CBC_SHA",                  since(11), Some(30)),
    suite("TLS_RSA_WITH_AES_256_GCM_SHA384",               since(11), Some(30)),
    suite("TLS_RSA_WITH_RC4_128_SHA",                      since(11), Some(19)),
];
