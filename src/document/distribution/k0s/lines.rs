//! The arguments of each component.

use super::BY;
use super::cluster::{Cluster, texts};
use crate::command_line::CommandLine;
use crate::component::Component;
use crate::document::distribution::declared::{Declared, unrendered};
use crate::version::Minor;
use crate::yaml::{Node, Value};

/// Releases before this one are not known to set what they set today.
const KNOWN_SINCE: Minor = Minor::kubernetes(26);

/// Flags of the API server that an empty value leaves to k0s.
const FILLED_IF_EMPTY: [&str; 7] = [
    "allow-privileged",
    "anonymous-auth",
    "requestheader-extra-headers-prefix",
    "requestheader-group-headers",
    "requestheader-username-headers",
    "secure-port",
    "tls-cipher-suites",
];

/// A map of names and values; an empty value of a flag in `filled` counts as none.
fn extra_args(declared: &mut Declared<'_>, section: Option<&Node>, filled: &[&str]) {
    let args = section.and_then(|section| section.get("extraArgs"));
    let Some(Value::Mapping(entries)) = args.map(|args| &args.value) else { return };
    for (key, value) in entries {
        let empty = value.as_str() == Some("");
        if let Some(name) = key.as_str().filter(|name| !(empty && filled.contains(name))) {
            declared.flag(name, value, Some(BY));
        }
    }
}

fn raw_args(declared: &mut Declared<'_>, section: Option<&Node>) {
    let list = section.and_then(|section| section.get("rawArgs")).and_then(Node::items);
    for item in list.unwrap_or_default() {
        if let Some(text) = item.as_str() {
            declared.argument(text, item);
        }
    }
}

pub(super) fn api_server(cluster: &Cluster<'_>) -> CommandLine {
    let section = cluster.at(&["api"]);
    let mut declared = cluster.declared(Component::KubeApiserver, &["api"]);
    extra_args(&mut declared, section, &FILLED_IF_EMPTY);
    cluster.feature_gates(&mut declared, Component::KubeApiserver);
    let address = cluster.at(&["api", "address"]).and_then(Node::as_str);
    let address = address.filter(|address| !unrendered(address));
    let port = cluster.text(&["api", "port"], "6443");
    let dual = cluster.at(&["network", "dualStack", "enabled"]).and_then(Node::as_str);
    let services = cluster.text(&["network", "serviceCIDR"], "10.96.0.0/12");
    declared.defaults(
        BY,
        &[
            ("advertise-address", address),
            ("secure-port", port.as_deref()),
            ("service-cluster-ip-range", services.as_deref().filter(|_| dual.is_none())),
            ("authorization-mode", Some("Node,RBAC")),
            ("enable-admission-plugins", Some("NodeRestriction")),
            ("allow-privileged", Some("true")),
            ("profiling", Some("false")),
            ("enable-bootstrap-token-auth", Some("true")),
            ("insecure-port", Some("0")),
            ("kubelet-preferred-address-types", Some("InternalIP,ExternalIP,Hostname")),
            ("requestheader-allowed-names", Some("front-proxy-client")),
            ("requestheader-extra-headers-prefix", Some("X-Remote-Extra-")),
            ("requestheader-group-headers", Some("X-Remote-Group")),
            ("requestheader-username-headers", Some("X-Remote-User")),
            ("api-audiences", None),
            ("egress-selector-config-file", None),
            ("tls-cipher-suites", None),
            ("v", None),
        ],
    );
    let known = cluster.version.is_none_or(|version| version >= KNOWN_SINCE);
    let since = |value| known.then_some(value);
    declared.defaults(
        BY,
        &[
            ("anonymous-auth", since("false")),
            ("tls-min-version", since("VersionTLS12")),
            ("service-account-issuer", since("https://kubernetes.default.svc")),
            ("service-account-jwks-uri", since("https://kubernetes.default.svc/openid/v1/jwks")),
        ],
    );
    if cluster.at(&["api", "externalAddress"]).is_some() {
        declared.defaults(BY, &[("endpoint-reconciler-type", None)]);
    }
    match cluster.at(&["api", "onlyBindToAddress"]).and_then(Node::as_str) {
        None | Some("false") => {}
        Some(_) => declared.defaults(BY, &[("bind-address", address)]),
    }
    cluster.files(
        &mut declared,
        &[
            ("client-ca-file", "pki/ca.crt"),
            ("kubelet-certificate-authority", "pki/ca.crt"),
            ("kubelet-client-certificate", "pki/apiserver-kubelet-client.crt"),
            ("kubelet-client-key", "pki/apiserver-kubelet-client.key"),
            ("proxy-client-cert-file", "pki/front-proxy-client.crt"),
            ("proxy-client-key-file", "pki/front-proxy-client.key"),
            ("requestheader-client-ca-file", "pki/front-proxy-ca.crt"),
            ("service-account-key-file", "pki/sa.pub"),
            ("service-account-signing-key-file", "pki/sa.key"),
            ("tls-cert-file", "pki/server.crt"),
            ("tls-private-key-file", "pki/server.key"),
        ],
    );
    raw_args(&mut declared, section);
    storage(&mut declared, cluster);
    cluster.line(declared)
}

/// How the API server reaches etcd; nothing comes behind it.
fn storage(declared: &mut Declared<'_>, cluster: &Cluster<'_>) {
    let external = cluster.at(&["storage", "etcd", "externalCluster"]);
    match (has_etcd(cluster), external) {
        (_, Some(external)) => {
            let endpoints = texts(external.get("endpoints")).join(",");
            declared.value("etcd-servers", endpoints, external);
            for (flag, field) in [
                ("etcd-cafile", "caFile"),
                ("etcd-certfile", "clientCertFile"),
                ("etcd-keyfile", "clientKeyFile"),
                ("etcd-prefix", "etcdPrefix"),
            ] {
                if let Some(value) = external.get(field) {
                    declared.flag(flag, value, Some(BY));
                }
            }
        }
        (true, None) => {
            declared.own(BY, "etcd-servers", Some("https://127.0.0.1:2379"));
            let moved = cluster.flags.iter().any(|flag| flag.starts_with("--data-dir"));
            for (flag, file) in [
                ("etcd-cafile", "etcd/ca.crt"),
                ("etcd-certfile", "apiserver-etcd-client.crt"),
                ("etcd-keyfile", "apiserver-etcd-client.key"),
            ] {
                let path = format!("/var/lib/k0s/pki/{file}");
                declared.own(BY, flag, (!moved).then_some(path.as_str()));
            }
        }
        (false, None) => {
            for flag in ["etcd-servers", "etcd-cafile", "etcd-certfile", "etcd-keyfile"] {
                declared.own(BY, flag, None);
            }
        }
    }
}

/// Whether k0s runs an etcd of its own.
fn has_etcd(cluster: &Cluster<'_>) -> bool {
    let kind = cluster.at(&["storage", "type"]).and_then(Node::as_str).unwrap_or("etcd");
    let single = cluster.flags.iter().any(|flag| flag.starts_with("--single"));
    kind == "etcd"
        && !cluster.hosted
        && !single
        && cluster.at(&["storage", "etcd", "externalCluster"]).is_none()
}

pub(super) fn etcd(cluster: &Cluster<'_>) -> Option<CommandLine> {
    if !has_etcd(cluster) {
        return None;
    }
    let section = cluster.at(&["storage", "etcd"]);
    let mut declared = cluster.declared(Component::Etcd, &["storage", "etcd"]);
    extra_args(&mut declared, section, &[]);
    raw_args(&mut declared, section);
    declared.defaults(
        BY,
        &[
            ("client-cert-auth", Some("true")),
            ("peer-client-cert-auth", Some("true")),
            ("listen-client-urls", Some("https://127.0.0.1:2379")),
            ("advertise-client-urls", Some("https://127.0.0.1:2379")),
            ("enable-pprof", Some("false")),
            ("name", None),
            ("listen-peer-urls", None),
            ("initial-advertise-peer-urls", None),
            ("initial-cluster", None),
            ("initial-cluster-state", None),
            ("tls-min-version", None),
            ("cipher-suites", None),
            ("auth-token", None),
            ("log-level", None),
        ],
    );
    cluster.files(
        &mut declared,
        &[
            ("data-dir", "etcd"),
            ("trusted-ca-file", "pki/etcd/ca.crt"),
            ("cert-file", "pki/etcd/server.crt"),
            ("key-file", "pki/etcd/server.key"),
            ("peer-trusted-ca-file", "pki/etcd/ca.crt"),
            ("peer-cert-file", "pki/etcd/peer.crt"),
            ("peer-key-file", "pki/etcd/peer.key"),
        ],
    );
    Some(cluster.line(declared))
}

pub(super) fn controller_manager(cluster: &Cluster<'_>) -> CommandLine {
    let section = cluster.at(&["controllerManager"]);
    let mut declared = cluster.declared(Component::KubeControllerManager, &["controllerManager"]);
    if cluster.flags.iter().any(|flag| flag.contains("kube-controller-manager-extra-args")) {
        declared.open("a flag of k0s itself sets more");
    }
    let filled = [
        "allocate-node-cidrs",
        "bind-address",
        "cluster-name",
        "controllers",
        "leader-elect",
        "use-service-account-credentials",
    ];
    extra_args(&mut declared, section, &filled);
    cluster.feature_gates(&mut declared, Component::KubeControllerManager);
    declared.defaults(
        BY,
        &[
            ("bind-address", Some("127.0.0.1")),
            ("profiling", Some("false")),
            ("use-service-account-credentials", Some("true")),
            ("allocate-node-cidrs", Some("true")),
            ("cluster-name", Some("k0s")),
            ("controllers", Some("*,bootstrapsigner,tokencleaner")),
            ("leader-elect", None),
            ("cluster-cidr", None),
            ("service-cluster-ip-range", None),
            ("terminated-pod-gc-threshold", None),
            ("v", None),
        ],
    );
    cluster.files(
        &mut declared,
        &[
            ("kubeconfig", "pki/ccm.conf"),
            ("authentication-kubeconfig", "pki/ccm.conf"),
            ("authorization-kubeconfig", "pki/ccm.conf"),
            ("client-ca-file", "pki/ca.crt"),
            ("cluster-signing-cert-file", "pki/ca.crt"),
            ("cluster-signing-key-file", "pki/ca.key"),
            ("requestheader-client-ca-file", "pki/front-proxy-ca.crt"),
            ("root-ca-file", "pki/ca.crt"),
            ("service-account-private-key-file", "pki/sa.key"),
        ],
    );
    raw_args(&mut declared, section);
    cluster.line(declared)
}

pub(super) fn scheduler(cluster: &Cluster<'_>) -> CommandLine {
    let section = cluster.at(&["scheduler"]);
    let mut declared = cluster.declared(Component::KubeScheduler, &["scheduler"]);
    extra_args(&mut declared, section, &[]);
    cluster.feature_gates(&mut declared, Component::KubeScheduler);
    declared.defaults(
        BY,
        &[
            ("bind-address", Some("127.0.0.1")),
            ("profiling", Some("false")),
            ("leader-elect", None),
            ("v", None),
        ],
    );
    cluster.files(
        &mut declared,
        &[
            ("kubeconfig", "pki/scheduler.conf"),
            ("authentication-kubeconfig", "pki/scheduler.conf"),
            ("authorization-kubeconfig", "pki/scheduler.conf"),
        ],
    );
    raw_args(&mut declared, section);
    cluster.line(declared)
}
