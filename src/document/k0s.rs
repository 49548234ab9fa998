//! k0s: its ClusterConfig, alone, in k0sctl's Cluster and in the control planes of k0smotron.
//!
//! `extraArgs` replace what k0s sets, `rawArgs` come behind them, etcd's addresses last. Sources: k0s
//! `pkg/component/controller/{apiserver,controllermanager,scheduler,etcd}.go`,
//! `pkg/apis/k0s/v1beta1/featuregates.go`.

use super::carrier::Carrier;
use super::declared::{Declared, unrendered};
use super::{Format, Found};
use crate::command_line::CommandLine;
use crate::component::Component;
use crate::version::Minor;
use crate::yaml::{Node, Value};

const BY: &str = "k0s";

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

/// What an object says of a cluster.
struct Cluster<'a> {
    carrier: &'a Carrier<'a>,
    /// ClusterConfig's `spec`, or where it would be.
    spec: &'a Node,
    version: Option<Minor>,
    name: String,
    /// Arguments of k0s itself.
    flags: Vec<&'a str>,
    /// The object in the cluster, which says nothing of the API server and of etcd.
    dynamic: bool,
    /// k0smotron runs etcd elsewhere.
    hosted: bool,
}

/// The command lines in one document.
pub(super) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let Some(cluster) = cluster(root, carrier) else { return Vec::new() };
    let mut lines = Vec::new();
    if !cluster.dynamic {
        lines.push(api_server(&cluster));
        lines.extend(etcd(&cluster));
    }
    lines.push(controller_manager(&cluster));
    lines.push(scheduler(&cluster));
    let found = |line| Found { document, format: Format::K0s, line, diagnostics: Vec::new() };
    lines.into_iter().map(found).collect()
}

fn cluster<'a>(root: &'a Node, carrier: &'a Carrier<'a>) -> Option<Cluster<'a>> {
    let text = |path: &[&str]| root.at(path).and_then(Node::as_str);
    let (kind, api) = (text(&["kind"])?, text(&["apiVersion"]).unwrap_or_default());
    let spec = root.at(&["spec", "template", "spec"]).or_else(|| root.get("spec"))?;
    let name = text(&["metadata", "name"]);
    let name = name.map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}"));
    let version = |node: Option<&Node>| node?.as_str()?.parse().ok();
    let plain = Cluster {
        carrier,
        spec,
        version: None,
        name,
        flags: Vec::new(),
        dynamic: false,
        hosted: false,
    };
    let inner = |config: Option<&'a Node>| config.and_then(|it| it.get("spec")).unwrap_or(spec);
    match kind {
        "ClusterConfig" if api.starts_with("k0s.k0sproject.io/") => {
            let dynamic = text(&["metadata", "namespace"]) == Some("kube-system");
            Some(Cluster { dynamic, ..plain })
        }
        "Cluster" if api.starts_with("k0sctl.k0sproject.io/") => {
            let hosts = spec.get("hosts").and_then(Node::items).unwrap_or_default();
            let mut flags: Vec<&str> =
                hosts.iter().flat_map(|it| texts(it.get("installFlags"))).collect();
            // The host's own field is the flag by another name.
            if hosts.iter().any(|host| host.get("dataDir").is_some()) {
                flags.push("--data-dir");
            }
            Some(Cluster {
                spec: inner(spec.at(&["k0s", "config"])),
                version: version(spec.at(&["k0s", "version"])),
                flags,
                ..plain
            })
        }
        "K0sControlPlane" | "K0sControlPlaneTemplate" => Some(Cluster {
            spec: inner(spec.at(&["k0sConfigSpec", "k0s"])),
            version: version(spec.get("version")),
            flags: texts(spec.at(&["k0sConfigSpec", "args"])),
            ..plain
        }),
        "K0smotronControlPlane" | "K0smotronControlPlaneTemplate" => Some(Cluster {
            spec: inner(spec.at(&["k0sConfigSpec", "k0s"]).or_else(|| spec.get("k0sConfig"))),
            version: version(spec.get("version")),
            flags: texts(spec.get("controlPlaneFlags")),
            hosted: true,
            ..plain
        }),
        _ => None,
    }
}

/// The texts of a list.
fn texts(list: Option<&Node>) -> Vec<&str> {
    let items = list.and_then(Node::items).unwrap_or_default();
    items.iter().filter_map(Node::as_str).collect()
}

impl<'a> Cluster<'a> {
    fn at(&self, path: &[&str]) -> Option<&'a Node> {
        self.spec.at(path)
    }

    /// A scalar's text; `None` if a template fills it in.
    fn text(&self, path: &[&str], default: &str) -> Option<String> {
        let text = self.at(path).and_then(Node::as_str).unwrap_or(default);
        (!unrendered(text)).then(|| text.to_owned())
    }

    fn declared(&self, component: Component, section: &[&str]) -> Declared<'a> {
        let section = self.at(section);
        let args = section.and_then(|section| section.get("extraArgs"));
        Declared::new(self.carrier, component, args.or(section).unwrap_or(self.spec))
    }

    /// Files below k0s' folder, whose paths are known unless it was moved.
    fn files(&self, declared: &mut Declared<'_>, files: &[(&str, &str)]) {
        let moved = self.flags.iter().any(|flag| flag.starts_with("--data-dir"));
        for (flag, file) in files {
            let path = format!("/var/lib/k0s/{file}");
            declared.defaults(BY, &[(flag, (!moved).then_some(path.as_str()))]);
        }
    }

    /// Feature gates of all components, or of those that are named.
    fn feature_gates(&self, declared: &mut Declared<'_>, component: Component) {
        let gates = self.at(&["featureGates"]).and_then(Node::items).unwrap_or_default();
        for gate in gates {
            let components = texts(gate.get("components"));
            let name = gate.get("name").and_then(Node::as_str);
            let enabled = gate.get("enabled").and_then(Node::as_str).unwrap_or("false");
            if let Some(name) = name
                && (components.is_empty() || components.contains(&component.name()))
            {
                declared.value("feature-gates", format!("{name}={enabled}"), gate);
            }
        }
    }

    fn line(&self, declared: Declared<'_>) -> CommandLine {
        declared.finish(self.name.clone()).carried(self.version, Vec::new())
    }
}

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

fn api_server(cluster: &Cluster<'_>) -> CommandLine {
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

fn etcd(cluster: &Cluster<'_>) -> Option<CommandLine> {
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

fn controller_manager(cluster: &Cluster<'_>) -> CommandLine {
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

fn scheduler(cluster: &Cluster<'_>) -> CommandLine {
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

#[cfg(test)]
mod tests {
    use super::super::samples::{args, effective, found, of};
    use crate::component::Component;

    const ALONE: &str = include_str!("../../fixtures/documents/k0s/k0s.yaml");
    const K0SCTL: &str = include_str!("../../fixtures/documents/k0s/k0sctl.yaml");
    const CLUSTER_API: &str = include_str!("../../fixtures/documents/k0s/k0scontrolplane.yaml");

    #[test]
    fn extra_and_raw_arguments_replace_what_k0s_sets() {
        let found = found(ALONE);
        let server = of(&found, Component::KubeApiserver);
        assert_eq!(
            args(ALONE, server, &["audit-log-path", "tls-min-version", "etcd-servers"]),
            [
                ("--tls-min-version=VersionTLS12".into(), "", 8, Some("k0s")),
                ("--audit-log-path=/var/log/audit.log".into(), "/var/log/audit.log", 8, None),
                (
                    "--tls-min-version=VersionTLS13".into(),
                    "--tls-min-version=VersionTLS13",
                    12,
                    None
                ),
                (
                    "--etcd-servers=https://elsewhere:2379".into(),
                    "\"--etcd-servers=https://elsewhere:2379\"",
                    13,
                    None
                ),
                ("--etcd-servers=https://127.0.0.1:2379".into(), "", 8, Some("k0s")),
            ]
        );
        for (flag, expected) in [
            ("anonymous-auth", "false"),
            ("request-timeout", "broken"),
            ("advertise-address", "10.0.0.5"),
            ("tls-min-version", "VersionTLS13"),
            ("feature-gates", ":AllBeta=true"),
            ("audit-policy-file", "default"),
            ("tls-cipher-suites", "not known"),
        ] {
            assert_eq!(effective(server, "1.33", flag), expected, "{flag}");
        }
        let manager = of(&found, Component::KubeControllerManager);
        assert_eq!(effective(manager, "1.33", "profiling"), "true");
        assert_eq!(effective(manager, "1.33", "feature-gates"), "default");
        let etcd = of(&found, Component::Etcd);
        assert_eq!(effective(etcd, "3.5", "client-cert-auth"), "true");
        assert_eq!(effective(etcd, "3.5", "quota-backend-bytes"), "1");
    }

    #[test]
    fn k0sctl_knows_the_version_and_moves_files() {
        let found = found(K0SCTL);
        let server = of(&found, Component::KubeApiserver);
        assert_eq!(server.line.version.map(|it| it.minor.minor), Some(31));
        assert_eq!(effective(server, "1.31", "client-ca-file"), "not known");
        assert_eq!(effective(server, "1.31", "etcd-cafile"), "not known");
        let scheduler = of(&found, Component::KubeScheduler);
        assert_eq!(effective(scheduler, "1.31", "profiling"), "true");
        assert!(found.iter().all(|it| it.line.component != Component::Etcd));
    }

    #[test]
    fn a_control_plane_of_cluster_api_carries_the_configuration() {
        let found = found(CLUSTER_API);
        let server = of(&found, Component::KubeApiserver);
        let written = ("--anonymous-auth=true".into(), "\"true\"", 13, None);
        assert_eq!(args(CLUSTER_API, server, &["anonymous-auth"]), [written]);
        assert_eq!(effective(server, "1.33", "profiling"), "false");
    }

    #[test]
    fn the_object_in_the_cluster_says_nothing_of_the_api_server() {
        let text = ALONE.replace("{name: k0s}", "{name: k0s, namespace: kube-system}");
        let found = found(&text);
        assert!(found.iter().all(|it| it.line.component != Component::KubeApiserver));
        assert_eq!(found.len(), 2);
    }
}
