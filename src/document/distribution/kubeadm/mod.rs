//! kubeadm: ClusterConfiguration of every version, in files, in the `kubeadm-config` ConfigMap and in
//! Cluster API objects; the kubelet's flags in Init- and JoinConfiguration.
//!
//! What kubeadm adds by itself is dropped where `extraArgs` names the same flag, compared by the exact
//! name. Source: kubernetes `cmd/kubeadm/app/phases/controlplane/manifests.go`,
//! `phases/etcd/local.go`, `util/arguments.go`, `apis/kubeadm/*/types.go`.

mod set_by_kubeadm;

use super::declared::Declared;
use crate::command_line::{Mount, MountSource};
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::{Format, Found};
use crate::version::Minor;
use crate::yaml::{self, Node};

pub(super) use set_by_kubeadm::{Basis, defaults};

pub(super) const BY: &str = "kubeadm";

/// The flags of a component: its section, its name up to v1alpha3, and the component.
pub(super) const COMPONENTS: [(&str, &str, Component); 3] = [
    ("apiServer", "apiServerExtraArgs", Component::KubeApiserver),
    ("controllerManager", "controllerManagerExtraArgs", Component::KubeControllerManager),
    ("scheduler", "schedulerExtraArgs", Component::KubeScheduler),
];

/// The command lines in one document.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
    let (kind, version) = (text("kind"), text("apiVersion"));
    let lines = match kind {
        "ClusterConfiguration" | "MasterConfiguration"
            if version.starts_with("kubeadm.k8s.io/") =>
        {
            cluster(root, carrier, None, kind, &|_, _, _| {})
        }
        "InitConfiguration" | "JoinConfiguration" if version.starts_with("kubeadm.k8s.io/") => {
            node(root, carrier, kind, &|_, _, _| {})
        }
        "ConfigMap" => return config_map(root, carrier, document),
        "KubeadmControlPlane"
        | "KubeadmControlPlaneTemplate"
        | "KubeadmConfig"
        | "KubeadmConfigTemplate" => cluster_api(root, carrier, None),
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

/// What changes the flags of a section behind those that are written: by the keys above them, and their own.
type Changes<'f> = &'f dyn Fn(&[&str], &str, &mut Declared<'_>);

/// A KubeadmControlPlane, a KubeadmConfig, or a template of one, perhaps with changes.
pub(super) fn cluster_api(
    root: &Node,
    carrier: &Carrier<'_>,
    changes: Option<Changes<'_>>,
) -> Vec<Line> {
    let text = |path: &[&str]| root.at(path).and_then(Node::as_str);
    let kind = text(&["kind"]).unwrap_or_default();
    let spec = root.at(&["spec", "template", "spec"]).or_else(|| root.get("spec"));
    let Some(spec) = spec else { return Vec::new() };
    let version = spec.get("version").or_else(|| root.at(&["spec", "version"]));
    let version = version.and_then(Node::as_str).and_then(|text| text.parse().ok());
    let config = spec.get("kubeadmConfigSpec").unwrap_or(spec);
    let name = text(&["metadata", "name"]);
    let name = name.map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}"));
    let mut lines = Vec::new();
    // Without one kubeadm starts a control plane all the same. An object without the version that it has to
    // have may be a part of one.
    let whole = kind == "KubeadmControlPlane" && spec.get("version").is_some();
    let whole = whole || (kind == "KubeadmControlPlaneTemplate" && changes.is_some());
    let changes = changes.unwrap_or(&|_, _, _| {});
    let configuration = config.get("clusterConfiguration").or(whole.then_some(config));
    if let Some(configuration) = configuration {
        let changes = |path: &[&str], args: &str, declared: &mut Declared<'_>| {
            changes(&[&["clusterConfiguration"], path].concat(), args, declared);
        };
        lines.extend(cluster(configuration, carrier, version, &name, &changes));
    }
    for section in ["initConfiguration", "joinConfiguration"] {
        let changes = |path: &[&str], args: &str, declared: &mut Declared<'_>| {
            changes(&[&[section], path].concat(), args, declared);
        };
        let part = config.get(section).unwrap_or(config);
        let mut more = node(part, carrier, &name, &changes);
        for line in &mut more {
            line.version = line.version.or(stated(version));
        }
        lines.append(&mut more);
    }
    lines
}

fn stated(version: Option<Minor>) -> Option<crate::version::KubernetesVersion> {
    let from = crate::version::VersionOrigin::Field;
    version.map(|minor| crate::version::KubernetesVersion { minor, from })
}

/// The control plane that a ClusterConfiguration leads to.
fn cluster(
    root: &Node,
    carrier: &Carrier<'_>,
    version: Option<Minor>,
    name: &str,
    changes: Changes<'_>,
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
        declared.extra_args(args, BY);
        // A list of v1alpha1 and v1alpha2.
        let modes = root.get("authorizationModes").filter(|_| section == "apiServer");
        if let Some(modes) = modes.filter(|_| !declared.has("authorization-mode")) {
            declared.uncertain("authorization-mode", "", modes, "kubeadm adds modes of its own");
        }
        changes(&[section], "extraArgs", &mut declared);
        defaults(&mut declared, component, &basis);
        let extra = own.and_then(|own| own.get("extraVolumes"));
        let extra = extra.or_else(|| root.get(&flat.replace("Args", "Volumes")));
        let mounts = extra.map(volumes).into_iter().flatten().chain(own_mounts(&basis)).collect();
        lines.push(declared.finish(name.to_owned()).carried(version, mounts));
    }
    if basis.external.is_none() {
        let args = basis.local.and_then(|local| local.get("extraArgs"));
        let args = args.or_else(|| root.at(&["etcd", "extraArgs"]));
        let place = args.or(basis.local).unwrap_or(root);
        let mut declared = Declared::new(carrier, Component::Etcd, place);
        declared.extra_args(args, BY);
        changes(&["etcd", "local"], "extraArgs", &mut declared);
        defaults(&mut declared, Component::Etcd, &basis);
        let line = declared.finish(name.to_owned());
        lines.push(line.carried(None, own_mounts(&basis).collect()));
    }
    lines
}

/// What kubeadm mounts by itself, at the same path; all else comes with the image. Source: kubernetes
/// `cmd/kubeadm/app/phases/controlplane/volumes.go`, `phases/etcd/local.go`.
fn own_mounts<'b>(basis: &Basis<'b>) -> impl Iterator<Item = Mount> + use<'b> {
    const SAME: [&str; 7] = [
        "/etc/ssl/certs",
        "/etc/ca-certificates",
        "/etc/pki",
        "/usr/share/ca-certificates",
        "/usr/local/share/ca-certificates",
        "/etc/kubernetes/controller-manager.conf",
        "/etc/kubernetes/scheduler.conf",
    ];
    let external = basis.external;
    let files = ["caFile", "certFile", "keyFile"].into_iter();
    let files = files.filter_map(move |field| external?.get(field)?.as_str());
    let data = basis.local.and_then(|local| local.get("dataDir")).and_then(Node::as_str);
    let own = [basis.folder, data.unwrap_or("/var/lib/etcd")];
    let same = own.into_iter().chain(SAME).chain(files).map(Mount::same);
    same.chain([Mount::of_image()])
}

/// `extraVolumes`.
pub(super) fn volumes(extra: &Node) -> Vec<Mount> {
    let extra = extra.items().unwrap_or_default();
    let one = |volume: &Node| {
        let text = |key: &str| volume.get(key).and_then(Node::as_str).map(str::to_owned);
        Some(Mount { path: text("mountPath")?, source: MountSource::Host(text("hostPath")?) })
    };
    extra.iter().filter_map(one).collect()
}

/// The kubelet of the node that is made or joined.
fn node(root: &Node, carrier: &Carrier<'_>, name: &str, changes: Changes<'_>) -> Vec<Line> {
    let args = root.at(&["nodeRegistration", "kubeletExtraArgs"]);
    let mut declared = Declared::new(carrier, Component::Kubelet, args.unwrap_or(root));
    declared.extra_args(args, BY);
    changes(&["nodeRegistration"], "kubeletExtraArgs", &mut declared);
    if args.is_none() && declared.count() == 0 {
        return Vec::new();
    }
    set_by_kubeadm::kubelet(&mut declared, root);
    vec![declared.finish(name.to_owned())]
}

#[cfg(test)]
mod tests;
