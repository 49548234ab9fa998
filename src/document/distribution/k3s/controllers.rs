//! What k3s and RKE2 pass on to the controller manager, the scheduler and etcd by themselves.

use super::defaults::{Defaults, list};
use super::{Cluster, Distribution};

pub(super) fn controller_manager(cluster: &Cluster<'_>) -> Defaults {
    let mut defaults = Defaults::of(cluster);
    common(&mut defaults, cluster);
    defaults.known(&[("allocate-node-cidrs", "true"), ("use-service-account-credentials", "true")]);
    defaults.files(
        cluster,
        &[("kubeconfig", "cred/controller.kubeconfig"), ("root-ca-file", "tls/server-ca.crt")],
    );
    defaults.one("cluster-cidr", list(&cluster.settings, "cluster-cidr", "10.42.0.0/16"));
    defaults.filled_in(&[
        "service-cluster-ip-range",
        "service-account-private-key-file",
        "controllers",
        "configure-cloud-routes",
    ]);
    if cluster.distribution != Distribution::K3s {
        defaults.filled_in(&["terminated-pod-gc-threshold"]);
    }
    defaults
}

pub(super) fn scheduler(cluster: &Cluster<'_>) -> Defaults {
    let mut defaults = Defaults::of(cluster);
    common(&mut defaults, cluster);
    defaults.files(cluster, &[("kubeconfig", "cred/scheduler.kubeconfig")]);
    defaults
}

/// What controller manager and scheduler have in common.
fn common(defaults: &mut Defaults, cluster: &Cluster<'_>) {
    let range = list(&cluster.settings, "service-cidr", "");
    let six = range.is_none_or(|range| range.contains(':'));
    defaults.one("bind-address", (!six).then(|| "127.0.0.1".to_owned()));
    defaults.known(&[("profiling", "false")]);
    defaults.filled_in(&[
        "secure-port",
        "port",
        "address",
        "leader-elect",
        "authentication-kubeconfig",
        "authorization-kubeconfig",
        "tls-cert-file",
        "tls-private-key-file",
    ]);
}

/// k3s writes these into etcd's configuration file.
pub(super) fn etcd(cluster: &Cluster<'_>) -> Defaults {
    let mut defaults = Defaults::of(cluster);
    defaults.known(&[("client-cert-auth", "true"), ("peer-client-cert-auth", "true")]);
    defaults.files(
        cluster,
        &[
            ("data-dir", "db/etcd"),
            ("cert-file", "tls/etcd/server-client.crt"),
            ("key-file", "tls/etcd/server-client.key"),
            ("trusted-ca-file", "tls/etcd/server-ca.crt"),
            ("peer-cert-file", "tls/etcd/peer-server-client.crt"),
            ("peer-key-file", "tls/etcd/peer-server-client.key"),
            ("peer-trusted-ca-file", "tls/etcd/peer-ca.crt"),
        ],
    );
    defaults.filled_in(&[
        "name",
        "listen-client-urls",
        "advertise-client-urls",
        "listen-peer-urls",
        "initial-advertise-peer-urls",
        "initial-cluster",
        "listen-metrics-urls",
    ]);
    defaults
}
