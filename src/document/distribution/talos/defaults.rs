//! What Talos sets where the configuration does not.
//!
//! Source: talos `internal/app/machined/pkg/controllers/k8s/control_plane_final.go`, before that
//! `control_plane_static_pod.go`; `internal/app/machined/pkg/system/services/etcd.go`. What differs
//! between releases has no value here.

use super::Machine;
use crate::component::Component;
use crate::document::distribution::declared::Declared;
use crate::yaml::Node;

const BY: &str = "Talos";

pub(super) fn add(declared: &mut Declared<'_>, component: Component, machine: &Machine<'_>) {
    match component {
        Component::KubeApiserver => api_server(declared, machine),
        Component::KubeControllerManager => controller_manager(declared),
        Component::KubeScheduler => scheduler(declared),
        Component::Etcd => etcd(declared),
        Component::Kubelet => {}
    }
}

fn files(declared: &mut Declared<'_>, folder: &str, files: &[(&str, &str)]) {
    for (flag, file) in files {
        declared.defaults(BY, &[(flag, Some(&format!("{folder}/{file}")))]);
    }
}

fn api_server(declared: &mut Declared<'_>, machine: &Machine<'_>) {
    authorization(declared);
    // With structured authentication the flag is not set.
    let structured = machine.mentions("KubeAuthenticationConfig");
    if structured {
        declared.defaults(BY, &[("authentication-config", None)]);
    }
    let endpoint = machine.text(&["cluster", "controlPlane", "endpoint"]);
    let port = machine.text(&["cluster", "controlPlane", "localAPIServerPort"]);
    let port = port.or_else(|| machine.text(&["apiPort"])).unwrap_or("6443");
    let subnets = machine.parts.iter().find_map(|part| {
        part.root.at(&["cluster", "network", "serviceSubnets"]).and_then(Node::items)
    });
    let services = if subnets.is_none() { Some("10.96.0.0/12") } else { None };
    declared.defaults(
        BY,
        &[
            ("anonymous-auth", (!structured).then_some("false")),
            ("secure-port", Some(port)),
            ("service-account-issuer", endpoint),
            ("api-audiences", endpoint),
            ("service-cluster-ip-range", services),
            ("allow-privileged", Some("true")),
            ("bind-address", Some("0.0.0.0")),
            ("enable-admission-plugins", Some("NodeRestriction")),
            ("enable-bootstrap-token-auth", Some("true")),
            ("profiling", Some("false")),
            ("requestheader-allowed-names", Some("front-proxy-client")),
            ("requestheader-extra-headers-prefix", Some("X-Remote-Extra-")),
            ("requestheader-group-headers", Some("X-Remote-Group")),
            ("requestheader-username-headers", Some("X-Remote-User")),
            ("audit-log-path", Some("/var/log/audit/kube/kube-apiserver.log")),
            ("audit-log-maxage", Some("30")),
            ("audit-log-maxbackup", Some("10")),
            ("audit-log-maxsize", Some("100")),
            ("admission-control-config-file", None),
            ("advertise-address", None),
            ("etcd-servers", None),
            ("kubelet-preferred-address-types", None),
            ("tls-min-version", None),
            ("tls-cipher-suites", None),
        ],
    );
    files(
        declared,
        "/system/config/kubernetes/kube-apiserver",
        &[("audit-policy-file", "auditpolicy.yaml")],
    );
    files(
        declared,
        "/system/secrets/kubernetes/kube-apiserver",
        &[
            ("client-ca-file", "ca.crt"),
            ("requestheader-client-ca-file", "aggregator-ca.crt"),
            ("proxy-client-cert-file", "front-proxy-client.crt"),
            ("proxy-client-key-file", "front-proxy-client.key"),
            ("encryption-provider-config", "encryptionconfig.yaml"),
            ("etcd-cafile", "etcd-client-ca.crt"),
            ("etcd-certfile", "etcd-client.crt"),
            ("etcd-keyfile", "etcd-client.key"),
            ("kubelet-client-certificate", "apiserver-kubelet-client.crt"),
            ("kubelet-client-key", "apiserver-kubelet-client.key"),
            ("service-account-key-file", "service-account.pub"),
            ("service-account-signing-key-file", "service-account.key"),
            ("tls-cert-file", "apiserver.crt"),
            ("tls-private-key-file", "apiserver.key"),
        ],
    );
}

/// Newer releases pass a file; a mode or a webhook in `extraArgs` brings the modes back.
fn authorization(declared: &mut Declared<'_>) {
    if declared.has("authorization-mode") || declared.has("authorization-config") {
        return;
    }
    let webhook = [
        "authorization-webhook-config-file",
        "authorization-webhook-version",
        "authorization-webhook-cache-authorized-ttl",
        "authorization-webhook-cache-unauthorized-ttl",
    ];
    if webhook.iter().any(|flag| declared.has(flag)) {
        declared.defaults(BY, &[("authorization-mode", Some("Node,RBAC"))]);
    } else {
        declared.defaults(BY, &[("authorization-mode", None), ("authorization-config", None)]);
    }
}

fn controller_manager(declared: &mut Declared<'_>) {
    declared.defaults(
        BY,
        &[
            ("bind-address", Some("127.0.0.1")),
            ("profiling", Some("false")),
            ("leader-elect", Some("true")),
            ("use-service-account-credentials", Some("true")),
            ("allocate-node-cidrs", Some("true")),
            ("configure-cloud-routes", Some("false")),
            ("cluster-cidr", None),
            ("service-cluster-ip-range", None),
            ("controllers", None),
            ("terminated-pod-gc-threshold", None),
            ("tls-min-version", None),
            ("tls-cipher-suites", None),
        ],
    );
    files(
        declared,
        "/system/secrets/kubernetes/kube-controller-manager",
        &[
            ("kubeconfig", "kubeconfig"),
            ("authentication-kubeconfig", "kubeconfig"),
            ("authorization-kubeconfig", "kubeconfig"),
            ("cluster-signing-cert-file", "ca.crt"),
            ("cluster-signing-key-file", "ca.key"),
            ("root-ca-file", "ca.crt"),
            ("service-account-private-key-file", "service-account.key"),
        ],
    );
}

fn scheduler(declared: &mut Declared<'_>) {
    declared.defaults(
        BY,
        &[
            ("bind-address", Some("127.0.0.1")),
            ("profiling", Some("false")),
            ("leader-elect", Some("true")),
            ("authentication-tolerate-lookup-failure", Some("false")),
            ("config", None),
            ("kubeconfig", None),
            ("tls-min-version", None),
            ("tls-cipher-suites", None),
        ],
    );
    files(
        declared,
        "/system/secrets/kubernetes/kube-scheduler",
        &[("authentication-kubeconfig", "kubeconfig"), ("authorization-kubeconfig", "kubeconfig")],
    );
}

fn etcd(declared: &mut Declared<'_>) {
    declared.defaults(
        BY,
        &[
            ("client-cert-auth", Some("true")),
            ("peer-client-cert-auth", Some("true")),
            ("auto-tls", Some("false")),
            ("peer-auto-tls", Some("false")),
            ("data-dir", Some("/var/lib/etcd")),
            ("name", None),
            ("listen-client-urls", None),
            ("listen-peer-urls", None),
            ("advertise-client-urls", None),
            ("initial-advertise-peer-urls", None),
            ("initial-cluster", None),
            ("initial-cluster-state", None),
            ("tls-min-version", None),
            ("cipher-suites", None),
        ],
    );
    files(
        declared,
        "/system/secrets/etcd",
        &[
            ("cert-file", "server.crt"),
            ("key-file", "server.key"),
            ("trusted-ca-file", "ca.crt"),
            ("peer-cert-file", "peer.crt"),
            ("peer-key-file", "peer.key"),
            ("peer-trusted-ca-file", "ca.crt"),
        ],
    );
}
