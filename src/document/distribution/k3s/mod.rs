//! k3s and RKE2: `config.yaml` with its `config.yaml.d`, such a map in Ansible variables, Rancher's
//! clusters and the control planes of Cluster API.
//!
//! Both read the same keys; RKE2 has some of its own and adds others flags. Sources: k3s
//! `pkg/configfilearg/parser.go`, `pkg/daemons/control/server.go`; RKE2 `pkg/rke2/rke2_linux.go`;
//! rancher `pkg/apis/provisioning.cattle.io/v1`; cluster-api-provider-rke2, cluster-api-k3s.

mod added;
mod arguments;
mod conditions;
mod controllers;
mod distribution;
mod objects;
mod settings;

#[cfg(test)]
mod tests;

use super::added::settled;
use super::declared::{Declared, unrendered};
use crate::command_line::{CommandLine, Mount, MountSource};
use crate::component::Component;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::carrier::Carrier;
use crate::document::{Format, Found};
use crate::version::Minor;
use crate::yaml::{Node, Value};
use added::K3s;
use arguments::merge;
pub(in crate::document) use distribution::Distribution;
use settings::{Item, Settings};

/// A flag of the API server that another program appends to the entries: by whom, and with which value.
type Appended = (&'static str, &'static str, Option<&'static str>);

/// What is known of a cluster from its configuration.
struct Cluster<'a> {
    distribution: Distribution,
    settings: Settings<'a>,
    version: Option<Minor>,
    /// Whether it is a server whatever its keys say.
    server: bool,
    /// The role of the node that reads it, where it is the configuration of a node that runs.
    role: Option<Role>,
    appended: Vec<Appended>,
    name: String,
}

/// The lists of arguments that only a server has, and the kubelet's.
const ARGS: [(&str, Component); 5] = [
    ("kube-apiserver-arg", Component::KubeApiserver),
    ("etcd-arg", Component::Etcd),
    ("kubelet-arg", Component::Kubelet),
    ("kube-controller-manager-arg", Component::KubeControllerManager),
    ("kube-scheduler-arg", Component::KubeScheduler),
];

/// Keys by which a map is one of k3s or RKE2, beside the lists of arguments.
const MARKS: [&str; 6] = [
    "secrets-encryption",
    "cluster-init",
    "flannel-backend",
    "write-kubeconfig-mode",
    "pod-security-admission-config-file",
    "disable-kube-proxy",
];

/// Keys of which one of each list makes a map one of RKE2 or k3s too.
const FIRST_MARKS: [&str; 2] = ["tls-san", "cni"];
const SECOND_MARKS: [&str; 7] =
    ["token", "server", "profile", "cluster-cidr", "service-cidr", "node-taint", "node-label"];

/// Keys that only a server reads.
const SERVER_KEYS: [&str; 13] = [
    "kube-apiserver-arg",
    "kube-controller-manager-arg",
    "kube-scheduler-arg",
    "etcd-arg",
    "secrets-encryption",
    "cluster-init",
    "flannel-backend",
    "write-kubeconfig-mode",
    "pod-security-admission-config-file",
    "audit-policy-file",
    "disable-kube-proxy",
    "tls-san",
    "cni",
];

/// The command lines in one document.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let clusters = if root.get("kind").is_some() || root.get("apiVersion").is_some() {
        objects::read(root, carrier)
    } else {
        variables(root, carrier)
    };
    clusters.iter().flat_map(|cluster| lines(cluster, document)).collect()
}

/// The command lines of several files of one server, in order; `is_part` if other files come before them.
/// `None` if they are not k3s' or RKE2's.
pub(in crate::document) fn read_together(
    files: &[(&Node, Carrier<'_>)],
    is_part: bool,
) -> Option<Vec<Found>> {
    let (root, carrier) = files.first()?;
    let mut settings = Settings::new(root, carrier);
    for (root, carrier) in files {
        if root.get("kind").is_some() || root.get("apiVersion").is_some() {
            return None;
        }
        settings.add(root, carrier);
    }
    // What is appended to is nowhere else.
    settings.is_part = is_part;
    is_ours(&settings).then(|| lines(&Cluster::new(settings, None), 0))
}

/// The command lines of a node that runs in this role, by its files in order: what the role starts, whatever
/// the keys set.
pub(in crate::document) fn read_node(
    files: &[(&Node, Carrier<'_>)],
    distribution: Distribution,
    role: Role,
) -> Option<Vec<Found>> {
    let (root, carrier) = files.first()?;
    let mut settings = Settings::new(root, carrier);
    for (root, carrier) in files {
        settings.add(root, carrier);
    }
    settings.is_part = false;
    let server = role == Role::Server;
    let cluster = Cluster::new(settings, None);
    let found = lines(&Cluster { distribution, server, role: Some(role), ..cluster }, 0);
    (!found.is_empty()).then_some(found)
}

/// What a node of k3s or RKE2 is started as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum Role {
    /// It runs the control plane, and a kubelet.
    Server,
    /// It runs a kubelet.
    Agent,
}

/// Whether a file is one of several, by the name of its folder: `config.yaml.d`.
fn is_drop_in(path: &str) -> bool {
    path.rsplit('/')
        .nth(1)
        .is_some_and(|folder| [".yaml.d", ".yml.d"].iter().any(|end| folder.ends_with(end)))
}

impl<'a> Cluster<'a> {
    fn new(settings: Settings<'a>, beside: Option<&str>) -> Self {
        let distribution = Distribution::of(&settings);
        let name = distribution.name();
        let name = beside.map_or_else(|| name.to_owned(), |beside| format!("{name}, {beside}"));
        let (version, server, role, appended) = (None, false, None, Vec::new());
        Self { distribution, settings, version, server, role, appended, name }
    }
}

fn is_ours(settings: &Settings<'_>) -> bool {
    let any = |keys: &[&str]| keys.iter().any(|key| settings.has(key));
    ARGS.iter().any(|(key, _)| settings.has(key))
        || any(&MARKS)
        || (any(&FIRST_MARKS) && any(&SECOND_MARKS))
}

/// `config.yaml` itself, or variables of Ansible that hold it one level down.
fn variables<'a>(root: &'a Node<'a>, carrier: &'a Carrier<'a>) -> Vec<Cluster<'a>> {
    let whole = |node: &'a Node<'a>| {
        let mut settings = Settings::new(node, carrier);
        settings.add(node, carrier);
        is_ours(&settings).then_some(settings)
    };
    if let Some(mut settings) = whole(root) {
        settings.is_part |= is_drop_in(carrier.path);
        return vec![Cluster::new(settings, None)];
    }
    let Value::Mapping(entries) = &root.value else { return Vec::new() };
    let held = entries.iter().filter_map(|(key, value)| {
        let name = key.as_str().filter(|_| matches!(value.value, Value::Mapping(_)))?;
        Some(Cluster::new(whole(value)?, Some(name)))
    });
    held.collect()
}

/// The components that a server starts; of a node that may be an agent the kubelet alone.
fn lines(cluster: &Cluster<'_>, document: usize) -> Vec<Found> {
    let settings = &cluster.settings;
    let by_keys = || SERVER_KEYS.iter().any(|key| settings.has(key));
    let server = cluster.server || (cluster.role.is_none() && by_keys());
    let runs = |component| match component {
        Component::Kubelet if cluster.role.is_some() => {
            settings.switch("disable-agent") != Some(true)
        }
        Component::Kubelet => settings.has("kubelet-arg"),
        Component::KubeApiserver => server && settings.switch("disable-apiserver") != Some(true),
        Component::KubeControllerManager => {
            server && settings.switch("disable-controller-manager") != Some(true)
        }
        Component::KubeScheduler => server && settings.switch("disable-scheduler") != Some(true),
        Component::Etcd => {
            let named = cluster.role != Some(Role::Agent) && settings.has("etcd-arg");
            named || (server && conditions::has_own_etcd(cluster))
        }
    };
    // A part that names no arguments of a component says nothing of it, unless it names those of none.
    let names_some = ARGS.iter().any(|(key, _)| settings.has(key));
    let by_name = settings.is_part && names_some;
    let wanted = ARGS.iter().filter(
        |(key, component)| {
            if by_name { settings.has(key) } else { runs(*component) }
        },
    );
    wanted
        .map(|(key, component)| Found {
            document,
            format: format(cluster),
            line: line(cluster, key, *component),
            diagnostics: not_told_apart(cluster),
        })
        .collect()
}

/// The path is a hint at the name where the content says nothing.
fn format(cluster: &Cluster<'_>) -> Format {
    match cluster.distribution {
        Distribution::Rke2 => Format::Rke2,
        Distribution::Either if cluster.settings.root.carrier.path.contains("rke2") => Format::Rke2,
        Distribution::K3s | Distribution::Either => Format::K3s,
    }
}

fn not_told_apart(cluster: &Cluster<'_>) -> Vec<Diagnostic> {
    if cluster.distribution != Distribution::Either {
        return Vec::new();
    }
    let message = "it may be read by k3s or by RKE2: flags that only one of them adds, or each in \
                   its own way, are not known"
        .to_owned();
    vec![Diagnostic::new(Code::K3sOrRke2, message, None)]
}

fn line(cluster: &Cluster<'_>, key: &str, component: Component) -> CommandLine {
    let settings = &cluster.settings;
    let Item { node, carrier } = settings.place(key);
    let mut declared = Declared::new(carrier, component, node);
    let by = cluster.distribution.name();
    let rows: &[&[added::Row]] = match component {
        _ if settings.is_part => {
            declared.open("it adds to what other files set");
            &[]
        }
        Component::KubeApiserver => {
            first(&mut declared, cluster);
            &[added::API_SERVER]
        }
        Component::Etcd => &[controllers::ETCD],
        Component::KubeControllerManager => &[controllers::COMMON, controllers::CONTROLLER_MANAGER],
        Component::KubeScheduler => &[controllers::COMMON, controllers::SCHEDULER],
        Component::Kubelet => {
            declared.open(&format!("{by} fills in the rest"));
            &[]
        }
    };
    let entries = settings.items(key);
    let own = rows.iter().flat_map(|rows| settled::<K3s>(rows, cluster, named(entries)));
    merge(&mut declared, (by, own.collect()), entries, cluster.version);
    if component == Component::KubeApiserver {
        for (by, flag, value) in &cluster.appended {
            declared.own(by, flag, *value);
        }
    }
    let mounts = extra_mounts(settings, component);
    declared.finish(cluster.name.clone()).carried(cluster.version, mounts)
}

/// Whether an entry names a flag.
fn named(entries: &[Item<'_>]) -> impl Fn(&str) -> bool {
    |flag| entries.iter().any(|item| item.flag() == Some(flag))
}

/// What RKE2 puts before the arguments: its own keys, and NodeRestriction among the entries.
fn first(declared: &mut Declared<'_>, cluster: &Cluster<'_>) {
    let entries = cluster.settings.items("kube-apiserver-arg");
    for (flag, value) in settled::<K3s>(added::BEFORE_ENTRIES, cluster, named(entries)) {
        declared.own(cluster.distribution.name(), flag, value.as_deref());
    }
    if cluster.distribution != Distribution::Rke2 {
        return;
    }
    for (key, flag) in [
        ("pod-security-admission-config-file", "admission-control-config-file"),
        ("audit-policy-file", "audit-policy-file"),
    ] {
        if let Some(item) = cluster.settings.item(key) {
            arguments::from_key(declared, flag, item);
        }
    }
}

/// RKE2's `…-extra-mount: [source:destination:options]`.
fn extra_mounts(settings: &Settings<'_>, component: Component) -> Vec<Mount> {
    let one = |item: &Item<'_>| {
        let mut parts = item.node.as_str().filter(|text| !unrendered(text))?.split(':');
        let (host, path) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        Some(Mount { path, source: MountSource::Host(host) })
    };
    let key = format!("{}-extra-mount", component.name());
    settings.items(&key).iter().filter_map(one).collect()
}
