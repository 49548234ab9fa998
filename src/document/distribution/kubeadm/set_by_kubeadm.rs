//! The flags that kubeadm sets by itself.

use super::BY;
use crate::component::Component;
use crate::document::distribution::added::{Added, Distribution, add};
use crate::document::distribution::declared::Declared;
use crate::version::Minor;
use crate::yaml::Node;

/// What kubeadm's own flags depend on.
pub(in crate::document) struct Basis<'a> {
    /// `certificatesDir`.
    pub(in crate::document) folder: &'a str,
    /// `networking.dnsDomain`.
    pub(in crate::document) domain: &'a str,
    /// `networking.serviceSubnet`, if it is known.
    pub(in crate::document) services: Option<&'a str>,
    /// `etcd.external`, or up to v1alpha2 an `etcd` with endpoints.
    pub(in crate::document) external: Option<&'a Node<'a>>,
    /// `etcd.local`.
    pub(in crate::document) local: Option<&'a Node<'a>>,
    /// The minor, if it is known.
    pub(in crate::document) minor: Option<Minor>,
    /// Whether this kubeadm is older than the flags that are known here.
    pub(in crate::document) old: bool,
}

impl<'a> Basis<'a> {
    pub(in crate::document) fn of(root: &'a Node<'a>, version: Option<Minor>) -> Self {
        let text = |path: &[&str]| root.at(path).and_then(Node::as_str);
        let listed = |etcd: &&Node| {
            etcd.get("endpoints").and_then(Node::items).is_some_and(|urls| !urls.is_empty())
        };
        let api = text(&["apiVersion"]).unwrap_or_default();
        Self {
            folder: text(&["certificatesDir"])
                .filter(|folder| !folder.is_empty())
                .unwrap_or("/etc/kubernetes/pki"),
            domain: text(&["networking", "dnsDomain"]).unwrap_or("cluster.local"),
            services: Some(text(&["networking", "serviceSubnet"]).unwrap_or("10.96.0.0/12")),
            external: root.at(&["etcd", "external"]).or(root.get("etcd").filter(listed)),
            local: root.at(&["etcd", "local"]),
            minor: version,
            old: version.map_or(api.contains("/v1alpha"), |minor| minor < FIRST_KNOWN),
        }
    }
}

impl Basis<'_> {
    /// A field of an etcd that kubeadm does not run.
    fn external(&self, field: &str) -> Option<String> {
        Some(self.external?.get(field)?.as_str()?.to_owned())
    }

    fn data(&self) -> &str {
        let data = self.local.and_then(|local| local.get("dataDir")).and_then(Node::as_str);
        data.unwrap_or("/var/lib/etcd")
    }
}

/// kubeadm, whose files are those of `certificatesDir`.
pub(in crate::document) struct Kubeadm;

impl Distribution for Kubeadm {
    type Basis<'a> = Basis<'a>;

    fn name(_: &Basis<'_>) -> &'static str {
        BY
    }

    fn release(basis: &Basis<'_>) -> Option<Minor> {
        basis.minor
    }

    fn folder(basis: &Basis<'_>) -> Option<String> {
        Some(basis.folder.to_owned())
    }
}

/// The oldest kubeadm whose own flags are those listed here, but for what is said beside them.
const FIRST_KNOWN: Minor = Minor::kubernetes(14);

/// Adds the flags that kubeadm sets by itself.
pub(in crate::document) fn defaults(
    declared: &mut Declared<'_>,
    component: Component,
    basis: &Basis<'_>,
) {
    if basis.old {
        declared.open("kubeadm before 1.14 sets flags by itself that are not known here");
        return;
    }
    let rows = match component {
        Component::KubeApiserver => API_SERVER,
        Component::KubeControllerManager => CONTROLLER_MANAGER,
        Component::KubeScheduler => SCHEDULER,
        Component::Etcd => ETCD,
        Component::Kubelet => KUBELET,
    };
    add(declared, rows, basis);
}

/// Adds the flags of the kubelet, which depend on nothing.
pub(super) fn kubelet(declared: &mut Declared<'_>, root: &Node) {
    add(declared, KUBELET, &Basis::of(root, None));
}

type Row = Added<Kubeadm>;

const API_SERVER: &[Row] = &[
    Row::file("service-account-key-file", "sa.pub"),
    Row::file("client-ca-file", "ca.crt"),
    Row::file("tls-cert-file", "apiserver.crt"),
    Row::file("tls-private-key-file", "apiserver.key"),
    Row::file("kubelet-client-certificate", "apiserver-kubelet-client.crt"),
    Row::file("kubelet-client-key", "apiserver-kubelet-client.key"),
    Row::file("requestheader-client-ca-file", "front-proxy-ca.crt"),
    Row::file("proxy-client-cert-file", "front-proxy-client.crt"),
    Row::file("proxy-client-key-file", "front-proxy-client.key"),
    Row::filled_in("advertise-address"),
    Row::text("enable-admission-plugins", "NodeRestriction"),
    Row::computed("service-cluster-ip-range", |basis| basis.services.map(str::to_owned)),
    Row::text("enable-bootstrap-token-auth", "true"),
    Row::text("secure-port", "6443"),
    Row::text("allow-privileged", "true"),
    Row::text("kubelet-preferred-address-types", "InternalIP,ExternalIP,Hostname"),
    Row::text("requestheader-username-headers", "X-Remote-User"),
    Row::text("requestheader-group-headers", "X-Remote-Group"),
    Row::text("requestheader-extra-headers-prefix", "X-Remote-Extra-"),
    Row::text("requestheader-allowed-names", "front-proxy-client"),
    // The service account's issuer is kubeadm's since 1.20; until then it closed the insecure port.
    Row::text("insecure-port", "0").until(&[(20, 0)]),
    Row::computed("service-account-issuer", |basis| {
        Some(format!("https://kubernetes.default.svc.{}", basis.domain))
    })
    .since(&[(20, 0)]),
    Row::file("service-account-signing-key-file", "sa.key").since(&[(20, 0)]),
    Row::text("authorization-mode", "Node,RBAC").unless(&["authorization-config"]),
    Row::computed("etcd-servers", endpoints).when(|basis| basis.external.is_some()),
    Row::computed("etcd-cafile", |basis| basis.external("caFile"))
        .when(|basis| basis.external("caFile").is_some()),
    Row::computed("etcd-certfile", |basis| basis.external("certFile"))
        .when(|basis| basis.external("certFile").is_some()),
    Row::computed("etcd-keyfile", |basis| basis.external("keyFile"))
        .when(|basis| basis.external("keyFile").is_some()),
    Row::text("etcd-servers", "https://127.0.0.1:2379").when(|basis| basis.external.is_none()),
    Row::file("etcd-cafile", "etcd/ca.crt").when(|basis| basis.external.is_none()),
    Row::file("etcd-certfile", "apiserver-etcd-client.crt").when(|basis| basis.external.is_none()),
    Row::file("etcd-keyfile", "apiserver-etcd-client.key").when(|basis| basis.external.is_none()),
];

/// The addresses of an etcd that kubeadm does not run.
fn endpoints(basis: &Basis<'_>) -> Option<String> {
    let endpoints = basis.external?.get("endpoints").and_then(Node::items).unwrap_or_default();
    let endpoints: Vec<&str> = endpoints.iter().filter_map(Node::as_str).collect();
    Some(endpoints.join(","))
}

const CONTROLLER_MANAGER: &[Row] = &[
    Row::file("client-ca-file", "ca.crt"),
    Row::file("requestheader-client-ca-file", "front-proxy-ca.crt"),
    Row::file("root-ca-file", "ca.crt"),
    Row::file("service-account-private-key-file", "sa.key"),
    Row::file("cluster-signing-cert-file", "ca.crt"),
    Row::file("cluster-signing-key-file", "ca.key"),
    Row::text("bind-address", "127.0.0.1"),
    Row::text("leader-elect", "true"),
    Row::text("kubeconfig", "/etc/kubernetes/controller-manager.conf"),
    Row::text("authentication-kubeconfig", "/etc/kubernetes/controller-manager.conf"),
    Row::text("authorization-kubeconfig", "/etc/kubernetes/controller-manager.conf"),
    Row::text("use-service-account-credentials", "true"),
    Row::text("controllers", "*,bootstrapsigner,tokencleaner"),
];

const SCHEDULER: &[Row] = &[
    Row::text("bind-address", "127.0.0.1"),
    Row::text("leader-elect", "true"),
    Row::text("kubeconfig", "/etc/kubernetes/scheduler.conf"),
    Row::text("authentication-kubeconfig", "/etc/kubernetes/scheduler.conf"),
    Row::text("authorization-kubeconfig", "/etc/kubernetes/scheduler.conf"),
];

const ETCD: &[Row] = &[
    Row::file("cert-file", "etcd/server.crt"),
    Row::file("key-file", "etcd/server.key"),
    Row::file("trusted-ca-file", "etcd/ca.crt"),
    Row::file("peer-cert-file", "etcd/peer.crt"),
    Row::file("peer-key-file", "etcd/peer.key"),
    Row::file("peer-trusted-ca-file", "etcd/ca.crt"),
    Row::filled_in("name"),
    Row::filled_in("listen-client-urls"),
    Row::filled_in("advertise-client-urls"),
    Row::filled_in("listen-peer-urls"),
    Row::filled_in("initial-advertise-peer-urls"),
    Row::filled_in("initial-cluster"),
    Row::computed("data-dir", |basis| Some(basis.data().to_owned())),
    Row::text("client-cert-auth", "true"),
    Row::text("peer-client-cert-auth", "true"),
    Row::text("snapshot-count", "10000"),
    Row::text("listen-metrics-urls", "http://127.0.0.1:2381"),
];

const KUBELET: &[Row] = &[
    Row::text("config", "/var/lib/kubelet/config.yaml"),
    Row::text("kubeconfig", "/etc/kubernetes/kubelet.conf"),
    Row::text("bootstrap-kubeconfig", "/etc/kubernetes/bootstrap-kubelet.conf"),
];
