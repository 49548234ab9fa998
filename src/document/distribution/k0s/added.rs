//! What k0s sets by itself.

use super::BY;
use super::cluster::Cluster;
use crate::document::distribution::added::{Added, Distribution, Releases};
use crate::document::distribution::declared::unrendered;
use crate::version::Minor;
use crate::yaml::Node;

pub(super) struct K0s;

impl Distribution for K0s {
    type Basis<'a> = Cluster<'a>;

    fn name(_: &Cluster<'_>) -> &'static str {
        BY
    }

    fn release(cluster: &Cluster<'_>) -> Option<Minor> {
        cluster.version
    }

    /// Known unless it was moved.
    fn folder(cluster: &Cluster<'_>) -> Option<String> {
        let moved = cluster.flags.iter().any(|flag| flag.starts_with("--data-dir"));
        (!moved).then(|| "/var/lib/k0s".to_owned())
    }
}

type Row = Added<K0s>;

/// Releases before this one are not known to set what they set today.
const KNOWN_SINCE: Releases = &[(26, 0)];

fn address(cluster: &Cluster<'_>) -> Option<String> {
    let address = cluster.at(&["api", "address"]).and_then(Node::as_str);
    address.filter(|address| !unrendered(address)).map(str::to_owned)
}

fn services(cluster: &Cluster<'_>) -> Option<String> {
    let dual = cluster.at(&["network", "dualStack", "enabled"]).and_then(Node::as_str);
    cluster.text(&["network", "serviceCIDR"], "10.96.0.0/12").filter(|_| dual.is_none())
}

fn binds_to_address(cluster: &Cluster<'_>) -> bool {
    let only = cluster.at(&["api", "onlyBindToAddress"]).and_then(Node::as_str);
    only.is_some_and(|only| only != "false")
}

/// Whether k0s runs an etcd of its own.
pub(super) fn has_etcd(cluster: &Cluster<'_>) -> bool {
    let kind = cluster.at(&["storage", "type"]).and_then(Node::as_str).unwrap_or("etcd");
    let single = cluster.flags.iter().any(|flag| flag.starts_with("--single"));
    kind == "etcd"
        && !cluster.hosted
        && !single
        && cluster.at(&["storage", "etcd", "externalCluster"]).is_none()
}

pub(super) const API_SERVER: &[Row] = &[
    Row::computed("advertise-address", address),
    Row::computed("secure-port", |cluster| cluster.text(&["api", "port"], "6443")),
    Row::computed("service-cluster-ip-range", services),
    Row::text("authorization-mode", "Node,RBAC"),
    Row::text("enable-admission-plugins", "NodeRestriction"),
    Row::text("allow-privileged", "true"),
    Row::text("profiling", "false"),
    Row::text("enable-bootstrap-token-auth", "true"),
    Row::text("insecure-port", "0"),
    Row::text("kubelet-preferred-address-types", "InternalIP,ExternalIP,Hostname"),
    Row::text("requestheader-allowed-names", "front-proxy-client"),
    Row::text("requestheader-extra-headers-prefix", "X-Remote-Extra-"),
    Row::text("requestheader-group-headers", "X-Remote-Group"),
    Row::text("requestheader-username-headers", "X-Remote-User"),
    Row::filled_in("api-audiences"),
    Row::filled_in("egress-selector-config-file"),
    Row::filled_in("tls-cipher-suites"),
    Row::filled_in("v"),
    Row::text("anonymous-auth", "false").since(KNOWN_SINCE),
    Row::filled_in("anonymous-auth"),
    Row::text("tls-min-version", "VersionTLS12").since(KNOWN_SINCE),
    Row::filled_in("tls-min-version"),
    Row::text("service-account-issuer", "https://kubernetes.default.svc").since(KNOWN_SINCE),
    Row::filled_in("service-account-issuer"),
    Row::text("service-account-jwks-uri", "https://kubernetes.default.svc/openid/v1/jwks")
        .since(KNOWN_SINCE),
    Row::filled_in("service-account-jwks-uri"),
    Row::filled_in("endpoint-reconciler-type")
        .when(|cluster| cluster.at(&["api", "externalAddress"]).is_some()),
    Row::computed("bind-address", address).when(binds_to_address),
    Row::file("client-ca-file", "pki/ca.crt"),
    Row::file("kubelet-certificate-authority", "pki/ca.crt"),
    Row::file("kubelet-client-certificate", "pki/apiserver-kubelet-client.crt"),
    Row::file("kubelet-client-key", "pki/apiserver-kubelet-client.key"),
    Row::file("proxy-client-cert-file", "pki/front-proxy-client.crt"),
    Row::file("proxy-client-key-file", "pki/front-proxy-client.key"),
    Row::file("requestheader-client-ca-file", "pki/front-proxy-ca.crt"),
    Row::file("service-account-key-file", "pki/sa.pub"),
    Row::file("service-account-signing-key-file", "pki/sa.key"),
    Row::file("tls-cert-file", "pki/server.crt"),
    Row::file("tls-private-key-file", "pki/server.key"),
];

/// How the API server reaches etcd, where that is not one of the user's.
pub(super) const STORAGE: &[Row] = &[
    Row::text("etcd-servers", "https://127.0.0.1:2379").when(has_etcd),
    Row::file("etcd-cafile", "pki/etcd/ca.crt").when(has_etcd),
    Row::file("etcd-certfile", "pki/apiserver-etcd-client.crt").when(has_etcd),
    Row::file("etcd-keyfile", "pki/apiserver-etcd-client.key").when(has_etcd),
    Row::filled_in("etcd-servers"),
    Row::filled_in("etcd-cafile"),
    Row::filled_in("etcd-certfile"),
    Row::filled_in("etcd-keyfile"),
];

pub(super) const ETCD: &[Row] = &[
    Row::text("client-cert-auth", "true"),
    Row::text("peer-client-cert-auth", "true"),
    Row::text("listen-client-urls", "https://127.0.0.1:2379"),
    Row::text("advertise-client-urls", "https://127.0.0.1:2379"),
    Row::text("enable-pprof", "false"),
    Row::filled_in("name"),
    Row::filled_in("listen-peer-urls"),
    Row::filled_in("initial-advertise-peer-urls"),
    Row::filled_in("initial-cluster"),
    Row::filled_in("initial-cluster-state"),
    Row::filled_in("tls-min-version"),
    Row::filled_in("cipher-suites"),
    Row::filled_in("auth-token"),
    Row::filled_in("log-level"),
    Row::file("data-dir", "etcd"),
    Row::file("trusted-ca-file", "pki/etcd/ca.crt"),
    Row::file("cert-file", "pki/etcd/server.crt"),
    Row::file("key-file", "pki/etcd/server.key"),
    Row::file("peer-trusted-ca-file", "pki/etcd/ca.crt"),
    Row::file("peer-cert-file", "pki/etcd/peer.crt"),
    Row::file("peer-key-file", "pki/etcd/peer.key"),
];

pub(super) const CONTROLLER_MANAGER: &[Row] = &[
    Row::text("bind-address", "127.0.0.1"),
    Row::text("profiling", "false"),
    Row::text("use-service-account-credentials", "true"),
    Row::text("allocate-node-cidrs", "true"),
    Row::text("cluster-name", "k0s"),
    Row::text("controllers", "*,bootstrapsigner,tokencleaner"),
    Row::filled_in("leader-elect"),
    Row::filled_in("cluster-cidr"),
    Row::filled_in("service-cluster-ip-range"),
    Row::filled_in("terminated-pod-gc-threshold"),
    Row::filled_in("v"),
    Row::file("kubeconfig", "pki/ccm.conf"),
    Row::file("authentication-kubeconfig", "pki/ccm.conf"),
    Row::file("authorization-kubeconfig", "pki/ccm.conf"),
    Row::file("client-ca-file", "pki/ca.crt"),
    Row::file("cluster-signing-cert-file", "pki/ca.crt"),
    Row::file("cluster-signing-key-file", "pki/ca.key"),
    Row::file("requestheader-client-ca-file", "pki/front-proxy-ca.crt"),
    Row::file("root-ca-file", "pki/ca.crt"),
    Row::file("service-account-private-key-file", "pki/sa.key"),
];

pub(super) const SCHEDULER: &[Row] = &[
    Row::text("bind-address", "127.0.0.1"),
    Row::text("profiling", "false"),
    Row::filled_in("leader-elect"),
    Row::filled_in("v"),
    Row::file("kubeconfig", "pki/scheduler.conf"),
    Row::file("authentication-kubeconfig", "pki/scheduler.conf"),
    Row::file("authorization-kubeconfig", "pki/scheduler.conf"),
];
