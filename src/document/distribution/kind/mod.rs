//! kind's clusters: patches of kubeadm's configuration, and what kind writes into it.
//!
//! kind generates a kubeadm document for every node, applies the cluster's patches and then the node's,
//! each time the merge patches first. Source: kind `pkg/cluster/internal/kubeadm/config.go`,
//! `pkg/cluster/internal/patch/`, `pkg/cluster/internal/create/actions/config/config.go`.

mod added;
mod patches;

use super::added::{add, settled};
use super::declared::{Declared, plain};
use super::kubeadm::{self, Basis, COMPONENTS};
use super::patch::Section;
use crate::command_line::{Arg, CommandLine, Mount, MountSource};
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::image;
use crate::document::{Format, Found};
use crate::version::Minor;
use crate::yaml::Node;
use patches::{Patches, Text};

const BY: &str = "kind";

/// The command lines in one document.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
    let api = text("apiVersion");
    let own = api.starts_with("kind.x-k8s.io/") || api.starts_with("kind.sigs.k8s.io/");
    if !own || text("kind") != "Cluster" {
        return Vec::new();
    }
    let name = match text("name") {
        "" => "kind Cluster".to_owned(),
        name => format!("kind Cluster {name}"),
    };
    let found = |line| Found { document, format: Format::Kind, line, diagnostics: Vec::new() };
    Cluster { root, carrier, name }.lines().into_iter().map(found).collect()
}

struct Cluster<'c> {
    root: &'c Node<'c>,
    carrier: &'c Carrier<'c>,
    name: String,
}

impl Cluster<'_> {
    fn lines(&self) -> Vec<CommandLine> {
        let nodes = self.root.get("nodes").and_then(Node::items).unwrap_or_default();
        let role = |node: &Node| node.get("role").and_then(Node::as_str).map(str::to_owned);
        let first = nodes.iter().find(|node| role(node).is_none_or(|role| role == "control-plane"));
        // Without nodes, or without a control plane, kind makes one node that is both.
        let everywhere = patches::texts(self.root, self.carrier);
        let here = first.map(|node| patches::texts(node, self.carrier)).unwrap_or_default();
        let mut lines = self.control_plane(first, &everywhere, &here);
        lines.extend(self.kubelet(first, &everywhere, &here, "InitConfiguration"));
        for node in nodes.iter().filter(|node| first.is_none_or(|first| first.span != node.span)) {
            let here = patches::texts(node, self.carrier);
            lines.extend(self.kubelet(Some(node), &everywhere, &here, "JoinConfiguration"));
        }
        lines
    }

    fn control_plane(
        &self,
        node: Option<&Node>,
        everywhere: &[Text<'_>],
        here: &[Text<'_>],
    ) -> Vec<CommandLine> {
        let minor = version(node);
        let patches = Patches::of(everywhere, here, "ClusterConfiguration", minor);
        let networking = self.root.get("networking");
        let setting = |key: &str| networking.and_then(|it| it.get(key)).and_then(Node::as_str);
        let services = setting("serviceSubnet").or(self.is_ipv4().then_some("10.96.0.0/16"));
        let basis = Basis {
            folder: patches.latest(&["certificatesDir"]).unwrap_or("/etc/kubernetes/pki"),
            domain: patches.latest(&["networking", "dnsDomain"]).unwrap_or("cluster.local"),
            services: patches.latest(&["networking", "serviceSubnet"]).or(services),
            external: None,
            local: None,
            minor,
            old: minor.is_some_and(|minor| minor < Minor::kubernetes(14)),
        };
        let mut lines = Vec::new();
        for (key, _, component) in COMPONENTS {
            let section = Section { path: &[key], args: "extraArgs" };
            let mut declared = patches.declare(&section, || self.generated(component));
            kubeadm::defaults(&mut declared, component, &basis);
            let mounts = mounts(node, &patches.volumes(key));
            lines.push(declared.finish(self.name.clone()).carried(minor, mounts));
        }
        let section = Section { path: &["etcd", "local"], args: "extraArgs" };
        let mut etcd =
            patches.declare(&section, || Declared::new(self.carrier, Component::Etcd, self.root));
        kubeadm::defaults(&mut etcd, Component::Etcd, &basis);
        lines.push(etcd.finish(self.name.clone()).carried(None, mounts(node, &[])));
        // kubeadm in the node applies the patches of a folder that kind knows nothing of.
        let folder = Section { path: &[], args: "patches" };
        let named = ["InitConfiguration", "JoinConfiguration"].into_iter();
        if named.map(|kind| Patches::of(everywhere, here, kind, minor)).any(|it| it.touch(&folder))
        {
            let why = "kubeadm's patches in the container that is kind's node may set it";
            let hidden = Arg::hidden(why.to_owned(), self.carrier.location(self.root.span));
            for line in &mut lines {
                line.args.push(hidden.clone());
            }
        }
        lines
    }

    fn is_ipv4(&self) -> bool {
        let family = self.root.at(&["networking", "ipFamily"]).and_then(Node::as_str);
        family.is_none_or(|family| family == "ipv4")
    }

    /// What kind calls a node, behind the cluster's name: `worker`, `worker2`.
    fn node_name(&self, node: Option<&Node>) -> String {
        let role = |node: &Node| node.get("role").map_or("control-plane".to_owned(), plain);
        let Some(node) = node else { return "control-plane".to_owned() };
        let nodes = self.root.get("nodes").and_then(Node::items).unwrap_or_default();
        let alike = nodes.iter().filter(|other| role(other) == role(node));
        match alike.take_while(|other| other.span != node.span).count() {
            0 => role(node),
            before => format!("{}{}", role(node), before + 1),
        }
    }

    /// What kind writes into `extraArgs` before the patches.
    fn generated(&self, component: Component) -> Declared<'_> {
        let mut declared = Declared::new(self.carrier, component, self.root);
        let settings = self.root.get("runtimeConfig");
        if let Some(settings) = settings.filter(|_| component == Component::KubeApiserver) {
            declared.map("runtime-config", settings);
        }
        // The patches change it as they change what is written.
        for (flag, value) in settled::<added::Kind>(added::generated(component), self, |_| false) {
            declared.own(BY, flag, value.as_deref());
        }
        if let Some(gates) = self.root.get("featureGates") {
            declared.map("feature-gates", gates);
        }
        declared
    }

    /// The kubelet of a node, if a patch says anything about its flags.
    fn kubelet(
        &self,
        node: Option<&Node>,
        everywhere: &[Text<'_>],
        here: &[Text<'_>],
        kind: &str,
    ) -> Option<CommandLine> {
        let minor = version(node);
        let patches = Patches::of(everywhere, here, kind, minor);
        let section = Section { path: &["nodeRegistration"], args: "kubeletExtraArgs" };
        if !patches.touch(&section) {
            return None;
        }
        let place = node.unwrap_or(self.root);
        let mut declared = patches.declare(&section, || {
            let mut declared = Declared::new(self.carrier, Component::Kubelet, place);
            if let Some(labels) = node.and_then(|node| node.get("labels")) {
                declared.map("node-labels", labels);
            }
            declared
        });
        add(&mut declared, added::KUBELET, self);
        let basis = Basis::of(self.root, minor);
        kubeadm::defaults(&mut declared, Component::Kubelet, &basis);
        let name = format!("{}, node {}", self.name, self.node_name(node));
        Some(declared.finish(name).carried(minor, mounts(node, &[])))
    }
}

/// Two hops: from the server's container to kind's node, and from there to the machine.
fn mounts(node: Option<&Node>, volumes: &[&Node]) -> Vec<Mount> {
    let extra = node.and_then(|node| node.get("extraMounts")).and_then(Node::items);
    let outer: Vec<Mount> = extra.unwrap_or_default().iter().filter_map(outer_mount).collect();
    let within = |path: &str| -> MountSource {
        let hops = outer.iter().filter_map(|mount| {
            let below = path.trim_end_matches('/').strip_prefix(mount.path.trim_end_matches('/'));
            below.filter(|rest| rest.is_empty() || rest.starts_with('/')).map(|it| (mount, it))
        });
        match hops.min_by_key(|(_, rest)| rest.len()) {
            Some((Mount { source: MountSource::Host(host), .. }, rest)) => {
                MountSource::Host(format!("{}{rest}", host.trim_end_matches('/')))
            }
            Some((Mount { source: other @ MountSource::Other(_), .. }, _)) => other.clone(),
            None => MountSource::Other("the container that is kind's node".to_owned()),
        }
    };
    let everything = Mount { path: "/".to_owned(), source: within("/") };
    let inner = volumes.iter().flat_map(|extra| kubeadm::volumes(extra)).map(|mount| {
        let source = match &mount.source {
            MountSource::Host(path) => within(path),
            other @ MountSource::Other(_) => other.clone(),
        };
        Mount { path: mount.path, source }
    });
    // kubeadm mounts the folder of certificates by itself, at the same path.
    let pki = "/etc/kubernetes/pki".to_owned();
    let known = Mount { source: within(&pki), path: pki };
    [everything, known].into_iter().chain(inner).collect()
}

fn outer_mount(node: &Node) -> Option<Mount> {
    let text = |key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let (path, host) = (text("containerPath")?, text("hostPath")?);
    let source = if host.starts_with('/') {
        MountSource::Host(host)
    } else {
        MountSource::Other(format!("{host}, beside the folder in which kind was run"))
    };
    Some(Mount { path, source })
}

/// The minor of a node's image.
fn version(node: Option<&Node>) -> Option<Minor> {
    let reference = node?.get("image")?.as_str()?;
    let tag = image::tag(reference).filter(|_| image::base(reference).ends_with("node"))?;
    tag.parse().ok()
}

#[cfg(test)]
mod tests;
