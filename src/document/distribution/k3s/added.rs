//! What k3s and RKE2 pass to the API server by themselves.
//!
//! Sources: k3s `pkg/daemons/control/server.go`, `deps/deps.go`, `pkg/etcd/etcd.go` in several releases;
//! RKE2 `pkg/cli/defaults/defaults.go`, `pkg/executor/staticpod/staticpod.go`, `pkg/rke2/psa.go`. What
//! differs between releases, or between the two where they cannot be told apart, has no value here.

use super::conditions::{
    encrypts, has_audit_log, has_default_pod_security, has_own_audit_policy, has_own_etcd,
    has_secret_audit_policy, has_uncertain_audit_log, is_either, is_k3s, is_rke2, list, loopback,
    may_encrypt, may_have_cis_profile, server_folder, text,
};
use super::{Cluster, Distribution};
use crate::document::distribution::added::{self, Added};
use crate::version::Minor;

/// k3s or RKE2, whose files are those of the server's folder.
pub(super) struct K3s;

impl added::Distribution for K3s {
    type Basis<'a> = Cluster<'a>;

    fn name(cluster: &Cluster<'_>) -> &'static str {
        cluster.distribution.name()
    }

    fn release(cluster: &Cluster<'_>) -> Option<Minor> {
        cluster.version
    }

    fn folder(cluster: &Cluster<'_>) -> Option<String> {
        server_folder(cluster)
    }
}

pub(super) type Row = Added<K3s>;

/// What comes before the entries, so that one that names the flag adds to it: from 1.22 on RKE2 has
/// NodeRestriction there; before, the last entry replaced all others.
pub(super) const BEFORE_ENTRIES: &[Row] = &[
    Row::text("enable-admission-plugins", "NodeRestriction").since(&[(22, 0)]).when(is_rke2),
    Row::text("enable-admission-plugins", "NodeRestriction")
        .unless(&["enable-admission-plugins"])
        .when(is_rke2),
    Row::filled_in("enable-admission-plugins")
        .beside(&["enable-admission-plugins"])
        .when(is_either),
];

pub(super) const API_SERVER: &[Row] = &[
    Row::text("allow-privileged", "true"),
    Row::text("profiling", "false"),
    Row::text("storage-backend", "etcd3"),
    Row::text("insecure-port", "0"),
    Row::text("requestheader-allowed-names", "system:auth-proxy"),
    Row::text("requestheader-extra-headers-prefix", "X-Remote-Extra-"),
    Row::text("requestheader-group-headers", "X-Remote-Group"),
    Row::text("requestheader-username-headers", "X-Remote-User"),
    Row::text("authorization-mode", "Node,RBAC").unless(&["authorization-config"]),
    Row::filled_in("anonymous-auth").beside(&["authentication-config"]),
    Row::text("anonymous-auth", "false"),
    Row::file("cert-dir", "tls/temporary-certs"),
    Row::file("client-ca-file", "tls/client-ca.crt"),
    Row::file("kubelet-certificate-authority", "tls/server-ca.crt"),
    Row::file("kubelet-client-certificate", "tls/client-kube-apiserver.crt"),
    Row::file("kubelet-client-key", "tls/client-kube-apiserver.key"),
    Row::file("proxy-client-cert-file", "tls/client-auth-proxy.crt"),
    Row::file("proxy-client-key-file", "tls/client-auth-proxy.key"),
    Row::file("requestheader-client-ca-file", "tls/request-header-ca.crt"),
    Row::file("service-account-key-file", "tls/service.key"),
    Row::file("tls-cert-file", "tls/serving-kube-apiserver.crt"),
    Row::file("tls-private-key-file", "tls/serving-kube-apiserver.key"),
    Row::computed("service-account-issuer", issuer),
    Row::computed("api-audiences", audiences),
    Row::computed("service-cluster-ip-range", |cluster| {
        list(&cluster.settings, "service-cidr", "10.43.0.0/16")
    }),
    Row::computed("service-node-port-range", |cluster| {
        text(&cluster.settings, "service-node-port-range", "30000-32767")
    }),
    Row::computed("advertise-address", |cluster| {
        cluster.settings.text("advertise-address").map(str::to_owned)
    }),
    // The signing key moved when keys could be rotated; the others came at different times.
    Row::filled_in("service-account-signing-key-file"),
    Row::filled_in("enable-bootstrap-token-auth"),
    Row::filled_in("enable-aggregator-routing"),
    Row::filled_in("egress-selector-config-file"),
    Row::filled_in("tls-cipher-suites"),
    Row::computed("bind-address", loopback).when(is_k3s),
    Row::text("bind-address", "0.0.0.0").when(is_rke2),
    Row::filled_in("bind-address"),
    Row::computed("secure-port", port_behind_supervisor).when(is_k3s),
    Row::text("secure-port", "6443").when(is_rke2),
    Row::filled_in("secure-port"),
    Row::text("kubelet-preferred-address-types", "InternalIP,ExternalIP,Hostname").when(is_rke2),
    Row::filled_in("kubelet-preferred-address-types"),
    Row::text("etcd-servers", "https://127.0.0.1:2379").when(has_own_etcd),
    Row::filled_in("etcd-servers"),
    Row::file("etcd-cafile", "tls/etcd/server-ca.crt").when(has_own_etcd),
    Row::filled_in("etcd-cafile"),
    Row::file("etcd-certfile", "tls/etcd/client.crt").when(has_own_etcd),
    Row::filled_in("etcd-certfile"),
    Row::file("etcd-keyfile", "tls/etcd/client.key").when(has_own_etcd),
    Row::filled_in("etcd-keyfile"),
    Row::file("encryption-provider-config", "cred/encryption-config.json").when(encrypts),
    Row::filled_in("encryption-provider-config").when(may_encrypt),
    Row::filled_in("encryption-provider-config-automatic-reload").when(may_encrypt),
    Row::text("enable-admission-plugins", "NodeRestriction").when(is_k3s),
    Row::text("enable-admission-plugins", "NodeRestriction")
        .unless(&["enable-admission-plugins"])
        .when(is_either),
    // Before 1.25 pod security was not configured by a file.
    Row::text("admission-control-config-file", "/etc/rancher/rke2/rke2-pss.yaml")
        .since(&[(25, 0)])
        .when(|cluster| has_default_pod_security(cluster) && cluster.version.is_some()),
    Row::filled_in("admission-control-config-file")
        .when(|cluster| has_default_pod_security(cluster) || is_either(cluster)),
    Row::filled_in("audit-policy-file").when(has_secret_audit_policy),
    // Since when is not known.
    Row::filled_in("service-account-extend-token-expiration").when(may_have_cis_profile),
    Row::filled_in("audit-policy-file").when(has_uncertain_audit_log),
    Row::filled_in("audit-log-maxage").when(has_uncertain_audit_log),
    Row::text("audit-log-maxage", "30").when(has_audit_log),
    Row::filled_in("audit-log-maxbackup").when(has_uncertain_audit_log),
    Row::text("audit-log-maxbackup", "10").when(has_audit_log),
    Row::filled_in("audit-log-maxsize").when(has_uncertain_audit_log),
    Row::text("audit-log-maxsize", "100").when(has_audit_log),
    Row::filled_in("audit-log-path").when(has_uncertain_audit_log),
    Row::file("audit-log-path", "logs/audit.log").when(has_audit_log),
    Row::text("audit-policy-file", "/etc/rancher/rke2/audit-policy.yaml")
        .when(has_own_audit_policy),
];

fn issuer(cluster: &Cluster<'_>) -> Option<String> {
    let domain = text(&cluster.settings, "cluster-domain", "cluster.local");
    domain.map(|domain| format!("https://kubernetes.default.svc.{domain}"))
}

fn audiences(cluster: &Cluster<'_>) -> Option<String> {
    let program = match cluster.distribution {
        Distribution::K3s => "k3s",
        Distribution::Rke2 => "rke2",
        Distribution::Either => return None,
    };
    issuer(cluster).map(|issuer| format!("{issuer},{program}"))
}

/// k3s itself listens on its port, the API server on the next one.
fn port_behind_supervisor(cluster: &Cluster<'_>) -> Option<String> {
    let port = match cluster.settings.text("https-listen-port") {
        Some(port) => port.parse::<u16>().ok().and_then(|port| port.checked_add(1)),
        None => Some(6444),
    };
    port.map(|port| port.to_string())
}
