//! Which flags name certificates and keys.

/// What a server reads out of the file that a flag names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The certificate it shows, the first of the file.
    Pair,
    /// The authorities it trusts, every certificate of the file.
    Authorities,
    /// The private key that belongs to a certificate, or signs.
    PrivateKey,
    /// Keys that signatures are verified with.
    VerifyingKeys,
}

impl Purpose {
    /// What such a file holds.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pair => "a certificate with a key of its own",
            Self::Authorities => "the certificates of authorities",
            Self::PrivateKey => "a private key",
            Self::VerifyingKeys => "keys that verify signatures",
        }
    }
}

/// Certificates with the flags that name their keys.
const PAIRS: &[(&str, &str)] = &[
    // Every Kubernetes server.
    ("tls-cert-file", "tls-private-key-file"),
    // kube-apiserver.
    ("kubelet-client-certificate", "kubelet-client-key"),
    ("etcd-certfile", "etcd-keyfile"),
    ("proxy-client-cert-file", "proxy-client-key-file"),
    // etcd.
    ("cert-file", "key-file"),
    ("peer-cert-file", "peer-key-file"),
    ("client-cert-file", "client-key-file"),
    ("peer-client-cert-file", "peer-client-key-file"),
    // kube-controller-manager.
    ("cluster-signing-cert-file", "cluster-signing-key-file"),
];

const AUTHORITIES: &[&str] = &[
    "client-ca-file",
    "requestheader-client-ca-file",
    "etcd-cafile",
    "kubelet-certificate-authority",
    "oidc-ca-file",
    "peer-ca-file",
    "root-ca-file",
    "trusted-ca-file",
    "peer-trusted-ca-file",
];

const PRIVATE_KEYS: &[&str] =
    &["service-account-signing-key-file", "service-account-private-key-file"];

/// What the file is for that a flag names; `None` if it is neither certificate nor key.
pub fn purpose(flag: &str) -> Option<Purpose> {
    if PAIRS.iter().any(|(certificate, _)| *certificate == flag) {
        return Some(Purpose::Pair);
    }
    if AUTHORITIES.contains(&flag) {
        return Some(Purpose::Authorities);
    }
    if PRIVATE_KEYS.contains(&flag) || PAIRS.iter().any(|(_, key)| *key == flag) {
        return Some(Purpose::PrivateKey);
    }
    (flag == "service-account-key-file").then_some(Purpose::VerifyingKeys)
}

/// The flag that names the key of a certificate.
pub fn key_flag_of(certificate: &str) -> Option<&'static str> {
    PAIRS.iter().find(|(flag, _)| *flag == certificate).map(|(_, key)| *key)
}
