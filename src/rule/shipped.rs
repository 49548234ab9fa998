//! The packs in the binary.

/// The packs of rules: path below `rules/`, text.
pub(super) const PACKS: &[(&str, &str)] = &[
    ("server.toml", include_str!("../../rules/server.toml")),
    ("authentication.toml", include_str!("../../rules/authentication.toml")),
    ("tokens.toml", include_str!("../../rules/tokens.toml")),
    ("front-proxy.toml", include_str!("../../rules/front-proxy.toml")),
    ("authorization.toml", include_str!("../../rules/authorization.toml")),
    ("admission.toml", include_str!("../../rules/admission.toml")),
    ("features.toml", include_str!("../../rules/features.toml")),
    ("audit-log.toml", include_str!("../../rules/audit-log.toml")),
    ("transport.toml", include_str!("../../rules/transport.toml")),
    ("etcd-client.toml", include_str!("../../rules/etcd-client.toml")),
    ("certificates.toml", include_str!("../../rules/certificates.toml")),
    ("encryption.toml", include_str!("../../rules/encryption.toml")),
    ("environment.toml", include_str!("../../rules/environment.toml")),
    ("requests.toml", include_str!("../../rules/requests.toml")),
    ("etcd.toml", include_str!("../../rules/etcd.toml")),
    ("controller-manager.toml", include_str!("../../rules/controller-manager.toml")),
    ("scheduler.toml", include_str!("../../rules/scheduler.toml")),
    ("kubelet.toml", include_str!("../../rules/kubelet.toml")),
    ("control-plane-files.toml", include_str!("../../rules/control-plane-files.toml")),
    ("node-files.toml", include_str!("../../rules/node-files.toml")),
    ("file-modes.toml", include_str!("../../rules/file-modes.toml")),
    ("host.toml", include_str!("../../rules/host.toml")),
    ("drift.toml", include_str!("../../rules/drift.toml")),
    ("policies.toml", include_str!("../../rules/policies.toml")),
];

/// The packs of one benchmark each. The editions of a benchmark stand in the order in which they were
/// published.
pub(super) const BENCHMARKS: &[(&str, &str)] = &[
    ("benchmarks/cis-1.3.toml", include_str!("../../rules/benchmarks/cis-1.3.toml")),
    ("benchmarks/cis-1.4.toml", include_str!("../../rules/benchmarks/cis-1.4.toml")),
    ("benchmarks/cis-1.5.toml", include_str!("../../rules/benchmarks/cis-1.5.toml")),
    ("benchmarks/cis-1.6.toml", include_str!("../../rules/benchmarks/cis-1.6.toml")),
    ("benchmarks/cis-1.20.toml", include_str!("../../rules/benchmarks/cis-1.20.toml")),
    ("benchmarks/cis-1.23.toml", include_str!("../../rules/benchmarks/cis-1.23.toml")),
    ("benchmarks/cis-1.24.toml", include_str!("../../rules/benchmarks/cis-1.24.toml")),
    ("benchmarks/cis-1.7.toml", include_str!("../../rules/benchmarks/cis-1.7.toml")),
    ("benchmarks/cis-1.8.toml", include_str!("../../rules/benchmarks/cis-1.8.toml")),
    ("benchmarks/cis-1.9.toml", include_str!("../../rules/benchmarks/cis-1.9.toml")),
    ("benchmarks/cis-1.10.toml", include_str!("../../rules/benchmarks/cis-1.10.toml")),
    ("benchmarks/cis-1.11.toml", include_str!("../../rules/benchmarks/cis-1.11.toml")),
    ("benchmarks/cis-1.12.toml", include_str!("../../rules/benchmarks/cis-1.12.toml")),
    ("benchmarks/cis-2.0.toml", include_str!("../../rules/benchmarks/cis-2.0.toml")),
    ("benchmarks/apiserver-2020.toml", include_str!("../../rules/benchmarks/apiserver-2020.toml")),
    ("benchmarks/stig.toml", include_str!("../../rules/benchmarks/stig.toml")),
    ("benchmarks/nsa-cisa.toml", include_str!("../../rules/benchmarks/nsa-cisa.toml")),
    ("benchmarks/drift.toml", include_str!("../../rules/benchmarks/drift.toml")),
    ("benchmarks/hardening.toml", include_str!("../../rules/benchmarks/hardening.toml")),
];

/// The JSON Schema of a pack.
pub const SCHEMA: &str = include_str!("../../rules/pack.schema.json");

/// Every pack in the binary: its path below `rules/`, and its text.
pub fn shipped() -> impl Iterator<Item = (&'static str, &'static str)> {
    PACKS.iter().chain(BENCHMARKS).copied()
}
