//! kubeadm: ClusterConfiguration of every version, in files, in the `kubeadm-config` ConfigMap and in
//! Cluster API objects; the kubelet's flags in Init- and JoinConfiguration.
//!
//! What kubeadm adds by itself is dropped where `extraArgs` names the same flag, compared by the exact
//! name. Source: kubernetes `cmd/kubeadm/app/phases/controlplane/manifests.go`,
//! `phases/etcd/local.go`, `util/arguments.go`, `apis/kubeadm/*/types.go`.

use super::carrier::Carrier;
use super::declared::Declared;
use super::{Format, Found};
use crate::command_line::{Mount, MountSource};
use crate::component::Component;
use crate::version::Minor;
use crate::yaml::{self, Node, Value};

const BY: &str = "kubeadm";

/// The flags of a component: its section, its name up to v1alpha3, and the component.
pub(super) const COMPONENTS: [(&str, &str, Component); 3] = [
    ("apiServer", "apiServerExtraArgs", Component::KubeApiserver),
    ("controllerManager", "controllerManagerExtraArgs", Component::KubeControllerManager),
    ("scheduler", "schedulerExtraArgs", Component::KubeScheduler),
];

/// The command lines in one document.
pub(super) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
    let (kind, version) = (text("kind"), text("apiVersion"));
    let lines = match kind {
        "ClusterConfiguration" | "MasterConfiguration"
            if version.starts_with("kubeadm.k8s.io/") =>
        {
            cluster(root, carrier, None, kind)
        }
        "InitConfiguration" | "JoinConfiguration" if version.starts_with("kubeadm.k8s.io/") => {
            node(root, carrier, kind)
        }
        "ConfigMap" => return config_map(root, carrier, document),
        "KubeadmControlPlane"
        | "KubeadmControlPlaneTemplate"
        | "KubeadmConfig"
        | "KubeadmConfigTemplate" => cluster_api(root, carrier, kind),
        _ => return Vec::new(),
    };
    let found = |line| Found { document, format: Format::Kubeadm, line, diagnostics: Vec::new() };
    lines.into_iter().map(found).collect()
}

type Line = crate::command_line::CommandLine;

/// The `kubeadm-config` ConfigMap of a running cluster holds the document as a text.
fn config_map(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let Some(value) = root.at(&["data", "ClusterConfiguration"]) else { return Vec::new() };
    let Some(inner) = carrier.inner(value) else { return Vec::new() };
    let documents = yaml::parse(inner.text).into_iter().flatten();
    documents.flat_map(|it| read(&it.root, &inner, document)).collect()
}

/// A KubeadmControlPlane, a KubeadmConfig, or a template of one.
fn cluster_api(root: &Node, carrier: &Carrier<'_>, kind: &str) -> Vec<Line> {
    let spec = root.at(&["spec", "template", "spec"]).or_else(|| root.get("spec"));
    let Some(spec) = spec else { return Vec::new() };
    let version = spec.get("version").or_else(|| root.at(&["spec", "version"]));
    let version = version.and_then(Node::as_str).and_then(|text| text.parse().ok());
    let config = spec.get("kubeadmConfigSpec").unwrap_or(spec);
    let name = root.at(&["metadata", "name"]).and_then(Node::as_str);
    let name = name.map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}"));
    let mut lines = Vec::new();
    if let Some(configuration) = config.get("clusterConfiguration") {
        lines.extend(cluster(configuration, carrier, version, &name));
    }
    for section in ["initConfiguration", "joinConfiguration"] {
        if let Some(part) = config.get(section) {
            let mut more = node(part, carrier, &name);
            for line in &mut more {
                line.version = line.version.or(stated(version));
            }
            lines.append(&mut more);
        }
    }
    lines
}

fn stated(version: Option<Minor>) -> Option<crate::version::KubernetesVersion> {
    let from = crate::version::VersionOrigin::Field;
    version.map(|minor| crate::version::KubernetesVersion { minor, from })
}

/// What kubeadm's own flags depend on.
pub(super) struct Basis<'a> {
    /// `certificatesDir`.
    pub(super) folder: &'a str,
    /// `networking.dnsDomain`.
    pub(super) domain: &'a str,
    /// `networking.serviceSubnet`, if it is known.
    pub(super) services: Option<&'a str>,
    /// `etcd.external`, or up to v1alpha2 an `etcd` with endpoints.
    pub(super) external: Option<&'a Node>,
    /// `etcd.local`.
    pub(super) local: Option<&'a Node>,
    /// The minor, if it is known.
    pub(super) minor: Option<Minor>,
    /// Whether this kubeadm is older than the flags that are known here.
    pub(super) old: bool,
}

impl<'a> Basis<'a> {
    pub(super) fn of(root: &'a Node, version: Option<Minor>) -> Self {
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
pub(super) fn defaults(declared: &mut Declared<'_>, component: Component, basis: &Basis<'_>) {
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

/// The control plane that a ClusterConfiguration leads to.
pub(super) fn cluster(
    root: &Node,
    carrier: &Carrier<'_>,
    version: Option<Minor>,
    name: &str,
) -> Vec<Line> {
    let own = root.get("kubernetesVersion").and_then(Node::as_str);
    let version = version.or_else(|| own.and_then(|text| text.parse().ok()));
    let basis = Basis::of(root, version);
    let mut lines = Vec::new();
    for (section, flat, component) in COMPONENTS {
        let own = root.get(section);
        let place = own.and_then(|own| own.get("extraArgs")).or(own).or_else(|| root.get(flat));
        let mut declared = Declared::new(carrier, component, place.unwrap_or(root));
        let args = own.and_then(|own| own.get("extraArgs")).or_else(|| root.get(flat));
        // A list of v1alpha1 and v1alpha2.
        let modes = root.get("authorizationModes").filter(|_| section == "apiServer");
        if let Some(modes) = modes {
            declared.list("authorization-mode", modes);
        }
        extra_args(&mut declared, args);
        defaults(&mut declared, component, &basis);
        let extra = own.and_then(|own| own.get("extraVolumes"));
        let extra = extra.or_else(|| root.get(&flat.replace("Args", "Volumes")));
        let mounts = extra.map(volumes).unwrap_or_default();
        lines.push(declared.finish(name.to_owned()).carried(version, mounts));
    }
    if basis.external.is_none() {
        let args = basis.local.and_then(|local| local.get("extraArgs"));
        let args = args.or_else(|| root.at(&["etcd", "extraArgs"]));
        let place = args.or(basis.local).unwrap_or(root);
        let mut declared = Declared::new(carrier, Component::Etcd, place);
        extra_args(&mut declared, args);
        defaults(&mut declared, Component::Etcd, &basis);
        lines.push(declared.finish(name.to_owned()));
    }
    lines
}

/// A map of names and values, or from v1beta4 on a list of them, in which a name may stand twice.
pub(super) fn extra_args(declared: &mut Declared<'_>, args: Option<&Node>) {
    match args.map(|args| &args.value) {
        Some(Value::Mapping(entries)) => {
            for (key, value) in entries {
                if let Some(name) = key.as_str() {
                    declared.flag(name, value, Some(BY));
                }
            }
        }
        Some(Value::Sequence(items)) => {
            for item in items {
                let name = item.get("name").and_then(Node::as_str);
                if let (Some(name), Some(value)) = (name, item.get("value")) {
                    declared.flag(name, value, Some(BY));
                }
            }
        }
        _ => {}
    }
}

/// `extraVolumes`; the folders that kubeadm mounts by itself have the same path on the node.
pub(super) fn volumes(extra: &Node) -> Vec<Mount> {
    let extra = extra.items().unwrap_or_default();
    let one = |volume: &Node| {
        let text = |key: &str| volume.get(key).and_then(Node::as_str).map(str::to_owned);
        Some(Mount { path: text("mountPath")?, source: MountSource::Host(text("hostPath")?) })
    };
    extra.iter().filter_map(one).collect()
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

/// The kubelet of the node that is made or joined.
fn node(root: &Node, carrier: &Carrier<'_>, name: &str) -> Vec<Line> {
    let Some(args) = root.at(&["nodeRegistration", "kubeletExtraArgs"]) else { return Vec::new() };
    let mut declared = Declared::new(carrier, Component::Kubelet, args);
    extra_args(&mut declared, Some(args));
    kubelet(&mut declared);
    vec![declared.finish(name.to_owned())]
}

fn kubelet(declared: &mut Declared<'_>) {
    declared.defaults(
        BY,
        &[
            ("config", Some("/var/lib/kubelet/config.yaml")),
            ("kubeconfig", Some("/etc/kubernetes/kubelet.conf")),
            ("bootstrap-kubeconfig", Some("/etc/kubernetes/bootstrap-kubelet.conf")),
        ],
    );
}
