//! What Talos sets where the configuration does not.
//!
//! Source: talos `internal/app/machined/pkg/controllers/k8s/control_plane_final.go`, before that
//! `control_plane_static_pod.go`; `internal/app/machined/pkg/system/services/etcd.go`. What differs
//! between releases has no value here.

use super::Machine;
use crate::component::Component;
use crate::document::distribution::added::{Added, Distribution, add};
use crate::document::distribution::declared::Declared;
use crate::version::Minor;
use crate::yaml::Node;

struct Talos;

/// A server of a machine.
struct Server<'a> {
    component: Component,
    machine: &'a Machine<'a>,
}

impl Distribution for Talos {
    type Basis<'a> = Server<'a>;

    fn name(_: &Server<'_>) -> &'static str {
        "Talos"
    }

    /// What differs between releases has no value here.
    fn release(_: &Server<'_>) -> Option<Minor> {
        None
    }

    /// The folder of its secrets.
    fn folder(server: &Server<'_>) -> Option<String> {
        Some(match server.component {
            Component::Etcd => "/system/secrets/etcd".to_owned(),
            component => format!("/system/secrets/kubernetes/{component}"),
        })
    }
}

type Row = Added<Talos>;

pub(super) fn add_to(declared: &mut Declared<'_>, component: Component, machine: &Machine<'_>) {
    let rows = match component {
        Component::KubeApiserver => API_SERVER,
        Component::KubeControllerManager => CONTROLLER_MANAGER,
        Component::KubeScheduler => SCHEDULER,
        Component::Etcd => ETCD,
        Component::Kubelet => return,
    };
    add(declared, rows, &Server { component, machine });
}

/// With structured authentication the flag for anonymous requests is not set.
fn structured(server: &Server<'_>) -> bool {
    server.machine.mentions("KubeAuthenticationConfig")
}

fn endpoint(server: &Server<'_>) -> Option<String> {
    server.machine.text(&["cluster", "controlPlane", "endpoint"]).map(str::to_owned)
}

fn port(server: &Server<'_>) -> String {
    let port = server.machine.text(&["cluster", "controlPlane", "localAPIServerPort"]);
    port.or_else(|| server.machine.text(&["apiPort"])).unwrap_or("6443").to_owned()
}

fn services(server: &Server<'_>) -> Option<String> {
    let mut subnets = server.machine.parts.iter().filter_map(|part| {
        part.root.at(&["cluster", "network", "serviceSubnets"]).and_then(Node::items)
    });
    subnets.next().is_none().then(|| "10.96.0.0/12".to_owned())
}

/// Flags in `extraArgs` that bring the modes back, which newer releases pass in a file.
const WEBHOOK: &[&str] = &[
    "authorization-webhook-config-file",
    "authorization-webhook-version",
    "authorization-webhook-cache-authorized-ttl",
    "authorization-webhook-cache-unauthorized-ttl",
];

/// The same, and the mode itself.
const MODE_OR_WEBHOOK: &[&str] = &[
    "authorization-mode",
    "authorization-webhook-config-file",
    "authorization-webhook-version",
    "authorization-webhook-cache-authorized-ttl",
    "authorization-webhook-cache-unauthorized-ttl",
];

const API_SERVER: &[Row] = &[
    Row::text("authorization-mode", "Node,RBAC").beside(WEBHOOK).unless(&["authorization-config"]),
    Row::filled_in("authorization-mode").unless(&["authorization-config"]),
    Row::filled_in("authorization-config").unless(MODE_OR_WEBHOOK),
    Row::filled_in("authentication-config").when(structured),
    Row::filled_in("anonymous-auth").when(structured),
    Row::text("anonymous-auth", "false"),
    Row::computed("secure-port", |server| Some(port(server))),
    Row::computed("service-account-issuer", endpoint),
    Row::computed("api-audiences", endpoint),
    Row::computed("service-cluster-ip-range", services),
    Row::text("allow-privileged", "true"),
    Row::text("bind-address", "0.0.0.0"),
    Row::text("enable-admission-plugins", "NodeRestriction"),
    Row::text("enable-bootstrap-token-auth", "true"),
    Row::text("profiling", "false"),
    Row::text("requestheader-allowed-names", "front-proxy-client"),
    Row::text("requestheader-extra-headers-prefix", "X-Remote-Extra-"),
    Row::text("requestheader-group-headers", "X-Remote-Group"),
    Row::text("requestheader-username-headers", "X-Remote-User"),
    Row::text("audit-log-path", "/var/log/audit/kube/kube-apiserver.log"),
    Row::text("audit-log-maxage", "30"),
    Row::text("audit-log-maxbackup", "10"),
    Row::text("audit-log-maxsize", "100"),
    Row::filled_in("admission-control-config-file"),
    Row::filled_in("advertise-address"),
    Row::filled_in("etcd-servers"),
    Row::filled_in("kubelet-preferred-address-types"),
    Row::filled_in("tls-min-version"),
    Row::filled_in("tls-cipher-suites"),
    Row::text("audit-policy-file", "/system/config/kubernetes/kube-apiserver/auditpolicy.yaml"),
    Row::file("client-ca-file", "ca.crt"),
    Row::file("requestheader-client-ca-file", "aggregator-ca.crt"),
    Row::file("proxy-client-cert-file", "front-proxy-client.crt"),
    Row::file("proxy-client-key-file", "front-proxy-client.key"),
    Row::file("encryption-provider-config", "encryptionconfig.yaml"),
    Row::file("etcd-cafile", "etcd-client-ca.crt"),
    Row::file("etcd-certfile", "etcd-client.crt"),
    Row::file("etcd-keyfile", "etcd-client.key"),
    Row::file("kubelet-client-certificate", "apiserver-kubelet-client.crt"),
    Row::file("kubelet-client-key", "apiserver-kubelet-client.key"),
    Row::file("service-account-key-file", "service-account.pub"),
    Row::file("service-account-signing-key-file", "service-account.key"),
    Row::file("tls-cert-file", "apiserver.crt"),
    Row::file("tls-private-key-file", "apiserver.key"),
];

const CONTROLLER_MANAGER: &[Row] = &[
    Row::text("bind-address", "127.0.0.1"),
    Row::text("profiling", "false"),
    Row::text("leader-elect", "true"),
    Row::text("use-service-account-credentials", "true"),
    Row::text("allocate-node-cidrs", "true"),
    Row::text("configure-cloud-routes", "false"),
    Row::filled_in("cluster-cidr"),
    Row::filled_in("service-cluster-ip-range"),
    Row::filled_in("controllers"),
    Row::filled_in("terminated-pod-gc-threshold"),
    Row::filled_in("tls-min-version"),
    Row::filled_in("tls-cipher-suites"),
    Row::file("kubeconfig", "kubeconfig"),
    Row::file("authentication-kubeconfig", "kubeconfig"),
    Row::file("authorization-kubeconfig", "kubeconfig"),
    Row::file("cluster-signing-cert-file", "ca.crt"),
    Row::file("cluster-signing-key-file", "ca.key"),
    Row::file("root-ca-file", "ca.crt"),
    Row::file("service-account-private-key-file", "service-account.key"),
];

const SCHEDULER: &[Row] = &[
    Row::text("bind-address", "127.0.0.1"),
    Row::text("profiling", "false"),
    Row::text("leader-elect", "true"),
    Row::text("authentication-tolerate-lookup-failure", "false"),
    Row::filled_in("config"),
    Row::filled_in("kubeconfig"),
    Row::filled_in("tls-min-version"),
    Row::filled_in("tls-cipher-suites"),
    Row::file("authentication-kubeconfig", "kubeconfig"),
    Row::file("authorization-kubeconfig", "kubeconfig"),
];

const ETCD: &[Row] = &[
    Row::text("client-cert-auth", "true"),
    Row::text("peer-client-cert-auth", "true"),
    Row::text("auto-tls", "false"),
    Row::text("peer-auto-tls", "false"),
    Row::text("data-dir", "/var/lib/etcd"),
    Row::filled_in("name"),
    Row::filled_in("listen-client-urls"),
    Row::filled_in("listen-peer-urls"),
    Row::filled_in("advertise-client-urls"),
    Row::filled_in("initial-advertise-peer-urls"),
    Row::filled_in("initial-cluster"),
    Row::filled_in("initial-cluster-state"),
    Row::filled_in("tls-min-version"),
    Row::filled_in("cipher-suites"),
    Row::file("cert-file", "server.crt"),
    Row::file("key-file", "server.key"),
    Row::file("trusted-ca-file", "ca.crt"),
    Row::file("peer-cert-file", "peer.crt"),
    Row::file("peer-key-file", "peer.key"),
    Row::file("peer-trusted-ca-file", "ca.crt"),
];
