//! The flags that kubeadm sets by itself.

use super::BY;
use crate::component::Component;
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
    pub(in crate::document) external: Option<&'a Node>,
    /// `etcd.local`.
    pub(in crate::document) local: Option<&'a Node>,
    /// The minor, if it is known.
    pub(in crate::document) minor: Option<Minor>,
    /// Whether this kubeadm is older than the flags that are known here.
    pub(in crate::document) old: bool,
}

impl<'a> Basis<'a> {
    pub(in crate::document) fn of(root: &'a Node, version: Option<Minor>) -> Self {
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
    /// Whether the minor is known, and older than 1.`minor`.
    fn before(&self, minor: u16) -> bool {
        self.minor.is_some_and(|known| known < Minor::kubernetes(minor))
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
    match component {
        Component::KubeApiserver => api_server(declared, basis),
        Component::KubeControllerManager => controller_manager(declared, basis.folder),
        Component::KubeScheduler => scheduler(declared),
        Component::Etcd => etcd(declared, basis),
        Component::Kubelet => kubelet(declared),
    }
}

fn api_server(declared: &mut Declared<'_>, basis: &Basis<'_>) {
    let pki = |file: &str| format!("{}/{file}", basis.folder);
    let issuer = format!("https://kubernetes.default.svc.{}", basis.domain);
    let files = [
        ("service-account-key-file", "sa.pub"),
        ("client-ca-file", "ca.crt"),
        ("tls-cert-file", "apiserver.crt"),
        ("tls-private-key-file", "apiserver.key"),
        ("kubelet-client-certificate", "apiserver-kubelet-client.crt"),
        ("kubelet-client-key", "apiserver-kubelet-client.key"),
        ("requestheader-client-ca-file", "front-proxy-ca.crt"),
        ("proxy-client-cert-file", "front-proxy-client.crt"),
        ("proxy-client-key-file", "front-proxy-client.key"),
    ];
    for (flag, file) in files {
        declared.defaults(BY, &[(flag, Some(&pki(file)))]);
    }
    declared.defaults(
        BY,
        &[
            ("advertise-address", None),
            ("enable-admission-plugins", Some("NodeRestriction")),
            ("service-cluster-ip-range", basis.services),
            ("enable-bootstrap-token-auth", Some("true")),
            ("secure-port", Some("6443")),
            ("allow-privileged", Some("true")),
            ("kubelet-preferred-address-types", Some("InternalIP,ExternalIP,Hostname")),
            ("requestheader-username-headers", Some("X-Remote-User")),
            ("requestheader-group-headers", Some("X-Remote-Group")),
            ("requestheader-extra-headers-prefix", Some("X-Remote-Extra-")),
            ("requestheader-allowed-names", Some("front-proxy-client")),
        ],
    );
    // The service account's issuer is kubeadm's since 1.20; until then it closed the insecure port.
    if basis.before(20) {
        declared.defaults(BY, &[("insecure-port", Some("0"))]);
    } else {
        let key = pki("sa.key");
        declared.defaults(BY, &[("service-account-issuer", Some(&issuer))]);
        declared.defaults(BY, &[("service-account-signing-key-file", Some(&key))]);
    }
    if !declared.has("authorization-config") {
        declared.defaults(BY, &[("authorization-mode", Some("Node,RBAC"))]);
    }
    match basis.external {
        Some(external) => {
            let endpoints = external.get("endpoints").and_then(Node::items).unwrap_or_default();
            let endpoints: Vec<&str> = endpoints.iter().filter_map(Node::as_str).collect();
            declared.defaults(BY, &[("etcd-servers", Some(&endpoints.join(",")))]);
            for (flag, field) in [
                ("etcd-cafile", "caFile"),
                ("etcd-certfile", "certFile"),
                ("etcd-keyfile", "keyFile"),
            ] {
                if let Some(file) = external.get(field).and_then(Node::as_str) {
                    declared.defaults(BY, &[(flag, Some(file))]);
                }
            }
        }
        None => {
            declared.defaults(BY, &[("etcd-servers", Some("https://127.0.0.1:2379"))]);
            for (flag, file) in [
                ("etcd-cafile", "etcd/ca.crt"),
                ("etcd-certfile", "apiserver-etcd-client.crt"),
                ("etcd-keyfile", "apiserver-etcd-client.key"),
            ] {
                declared.defaults(BY, &[(flag, Some(&pki(file)))]);
            }
        }
    }
}

fn controller_manager(declared: &mut Declared<'_>, folder: &str) {
    let kubeconfig = Some("/etc/kubernetes/controller-manager.conf");
    for (flag, file) in [
        ("client-ca-file", "ca.crt"),
        ("requestheader-client-ca-file", "front-proxy-ca.crt"),
        ("root-ca-file", "ca.crt"),
        ("service-account-private-key-file", "sa.key"),
        ("cluster-signing-cert-file", "ca.crt"),
        ("cluster-signing-key-file", "ca.key"),
    ] {
        declared.defaults(BY, &[(flag, Some(&format!("{folder}/{file}")))]);
    }
    declared.defaults(
        BY,
        &[
            ("bind-address", Some("127.0.0.1")),
            ("leader-elect", Some("true")),
            ("kubeconfig", kubeconfig),
            ("authentication-kubeconfig", kubeconfig),
            ("authorization-kubeconfig", kubeconfig),
            ("use-service-account-credentials", Some("true")),
            ("controllers", Some("*,bootstrapsigner,tokencleaner")),
        ],
    );
}

fn scheduler(declared: &mut Declared<'_>) {
    let kubeconfig = Some("/etc/kubernetes/scheduler.conf");
    declared.defaults(
        BY,
        &[
            ("bind-address", Some("127.0.0.1")),
            ("leader-elect", Some("true")),
            ("kubeconfig", kubeconfig),
            ("authentication-kubeconfig", kubeconfig),
            ("authorization-kubeconfig", kubeconfig),
        ],
    );
}

fn etcd(declared: &mut Declared<'_>, basis: &Basis<'_>) {
    let Basis { local, folder, .. } = basis;
    let data = local.and_then(|local| local.get("dataDir")).and_then(Node::as_str);
    for (flag, file) in [
        ("cert-file", "server.crt"),
        ("key-file", "server.key"),
        ("trusted-ca-file", "ca.crt"),
        ("peer-cert-file", "peer.crt"),
        ("peer-key-file", "peer.key"),
        ("peer-trusted-ca-file", "ca.crt"),
    ] {
        declared.defaults(BY, &[(flag, Some(&format!("{folder}/etcd/{file}")))]);
    }
    declared.defaults(
        BY,
        &[
            ("name", None),
            ("listen-client-urls", None),
            ("advertise-client-urls", None),
            ("listen-peer-urls", None),
            ("initial-advertise-peer-urls", None),
            ("initial-cluster", None),
            ("data-dir", Some(data.unwrap_or("/var/lib/etcd"))),
            ("client-cert-auth", Some("true")),
            ("peer-client-cert-auth", Some("true")),
            ("snapshot-count", Some("10000")),
            ("listen-metrics-urls", Some("http://127.0.0.1:2381")),
        ],
    );
}

pub(in crate::document) fn kubelet(declared: &mut Declared<'_>) {
    declared.defaults(
        BY,
        &[
            ("config", Some("/var/lib/kubelet/config.yaml")),
            ("kubeconfig", Some("/etc/kubernetes/kubelet.conf")),
            ("bootstrap-kubeconfig", Some("/etc/kubernetes/bootstrap-kubelet.conf")),
        ],
    );
}
