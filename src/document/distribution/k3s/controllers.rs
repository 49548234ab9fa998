//! What k3s and RKE2 pass on to the controller manager, the scheduler and etcd by themselves.

use super::added::Row;
use super::conditions::{is_k3s, list, loopback};

/// What controller manager and scheduler have in common.
pub(super) const COMMON: &[Row] = &[
    Row::computed("bind-address", loopback),
    Row::text("profiling", "false"),
    Row::filled_in("secure-port"),
    Row::filled_in("port"),
    Row::filled_in("address"),
    Row::filled_in("leader-elect"),
    Row::filled_in("authentication-kubeconfig"),
    Row::filled_in("authorization-kubeconfig"),
    Row::filled_in("tls-cert-file"),
    Row::filled_in("tls-private-key-file"),
];

pub(super) const CONTROLLER_MANAGER: &[Row] = &[
    Row::text("allocate-node-cidrs", "true"),
    Row::text("use-service-account-credentials", "true"),
    Row::file("kubeconfig", "cred/controller.kubeconfig"),
    Row::file("root-ca-file", "tls/server-ca.crt"),
    Row::computed("cluster-cidr", |cluster| {
        list(&cluster.settings, "cluster-cidr", "10.42.0.0/16")
    }),
    Row::filled_in("service-cluster-ip-range"),
    Row::filled_in("service-account-private-key-file"),
    Row::filled_in("controllers"),
    Row::filled_in("configure-cloud-routes"),
    Row::filled_in("terminated-pod-gc-threshold").when(|cluster| !is_k3s(cluster)),
];

pub(super) const SCHEDULER: &[Row] = &[Row::file("kubeconfig", "cred/scheduler.kubeconfig")];

/// k3s writes these into etcd's configuration file.
pub(super) const ETCD: &[Row] = &[
    Row::text("client-cert-auth", "true"),
    Row::text("peer-client-cert-auth", "true"),
    Row::file("data-dir", "db/etcd"),
    Row::file("cert-file", "tls/etcd/server-client.crt"),
    Row::file("key-file", "tls/etcd/server-client.key"),
    Row::file("trusted-ca-file", "tls/etcd/server-ca.crt"),
    Row::file("peer-cert-file", "tls/etcd/peer-server-client.crt"),
    Row::file("peer-key-file", "tls/etcd/peer-server-client.key"),
    Row::file("peer-trusted-ca-file", "tls/etcd/peer-ca.crt"),
    Row::filled_in("name"),
    Row::filled_in("listen-client-urls"),
    Row::filled_in("advertise-client-urls"),
    Row::filled_in("listen-peer-urls"),
    Row::filled_in("initial-advertise-peer-urls"),
    Row::filled_in("initial-cluster"),
    Row::filled_in("listen-metrics-urls"),
];
