//! Talos: machine configurations, patches of them, the separate documents of newer releases, and
//! talhelper's `talconfig.yaml`.
//!
//! Sources: talos `pkg/machinery/config/types/{v1alpha1,k8s}`,
//! `internal/app/machined/pkg/controllers/k8s/control_plane_final.go`; talhelper `pkg/config`.

mod defaults;
mod merge;

use super::declared::{Declared, unrendered};
use crate::command_line::{CommandLine, Mount, MountSource};
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::image;
use crate::document::{Format, Found};
use crate::version::Minor;
use crate::yaml::{self, Node, Value};
use merge::{Section, sections};

/// The sections of a machine configuration, and the separate documents that take their place.
const COMPONENTS: [(Component, &[&str], &str); 5] = [
    (Component::KubeApiserver, &["cluster", "apiServer"], "KubeAPIServerConfig"),
    (Component::Etcd, &["cluster", "etcd"], ""),
    (Component::Kubelet, &["machine", "kubelet"], "KubeletConfig"),
    (
        Component::KubeControllerManager,
        &["cluster", "controllerManager"],
        "KubeControllerManagerConfig",
    ),
    (Component::KubeScheduler, &["cluster", "scheduler"], "KubeSchedulerConfig"),
];

/// A document or a patch, and the text it stands in.
struct Part<'a> {
    root: &'a Node<'a>,
    carrier: &'a Carrier<'a>,
}

/// How much of the configuration an input holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// All of it.
    Whole,
    /// A part; what is not in it may be set all the same. Says why.
    Part(&'static str),
}

/// What is known beside the sections.
struct Machine<'a> {
    parts: Vec<Part<'a>>,
    extent: Extent,
    version: Option<Minor>,
    name: String,
}

/// The command lines in one document.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let text = |key: &str| root.get(key).and_then(Node::as_str);
    let lines = if let Some(kind) = text("kind") {
        match text("apiVersion") {
            Some("v1alpha1") => separate(root, carrier, kind),
            _ => Vec::new(),
        }
    } else if is_talhelper(root) {
        talhelper(root, carrier)
    } else if is_machine_configuration(root) || is_json_patch(root) {
        machine(root, carrier)
    } else {
        Vec::new()
    };
    let found = |line| Found { document, format: Format::Talos, line, diagnostics: Vec::new() };
    lines.into_iter().map(found).collect()
}

/// Whether all keys are those of a machine configuration, and one is of interest here.
fn is_machine_configuration(root: &Node) -> bool {
    let Value::Mapping(entries) = &root.value else { return false };
    let known = ["version", "debug", "persist", "machine", "cluster", "$patch"];
    entries.iter().all(|(key, _)| key.as_str().is_some_and(|key| known.contains(&key)))
        && COMPONENTS.iter().any(|(_, path, _)| {
            matches!(root.at(path).map(|it| &it.value), Some(Value::Mapping(_)))
        })
}

/// Whether it is a list of operations of RFC 6902 on the arguments.
fn is_json_patch(root: &Node) -> bool {
    let paths = root.items().unwrap_or_default().iter().filter_map(|item| item.get("path"));
    paths.filter_map(Node::as_str).any(|path| merge::pointed(path).is_some())
}

fn is_talhelper(root: &Node) -> bool {
    root.get("nodes").and_then(Node::items).is_some()
        && root.get("clusterName").is_some()
        && ["talosVersion", "kubernetesVersion", "endpoint"]
            .iter()
            .any(|key| root.get(key).is_some())
}

/// A machine configuration or a patch of one.
fn machine(root: &Node, carrier: &Carrier<'_>) -> Vec<CommandLine> {
    let kind = root.at(&["machine", "type"]).and_then(Node::as_str);
    let whole = root.get("version").is_some() && kind.is_some() && root.get("cluster").is_some();
    let (extent, name) = if whole {
        (Extent::Whole, "Talos machine configuration")
    } else {
        (Extent::Part("it is a patch: Talos and other patches set the rest"), "Talos patch")
    };
    let version = kubelet_version(root);
    let parts = vec![Part { root, carrier }];
    let machine = Machine { parts, extent, version, name: name.to_owned() };
    let runs = |component| match component {
        Component::Kubelet => !machine.sections(component).is_empty(),
        // A worker has no control plane.
        _ if kind == Some("worker") => false,
        _ if !machine.sections(component).is_empty() => true,
        // A separate document in the same text may be where the component is configured.
        _ => extent == Extent::Whole && !machine.has_document(component),
    };
    machine.lines(runs)
}

fn kubelet_version(root: &Node) -> Option<Minor> {
    root.at(&["machine", "kubelet", "image"]).and_then(Node::as_str).and_then(image::minor)
}

/// A document of its own for one component, which may be a patch as well.
fn separate(root: &Node, carrier: &Carrier<'_>, kind: &str) -> Vec<CommandLine> {
    let known = COMPONENTS.iter().find(|(_, _, own)| *own == kind);
    let Some((component, ..)) = known else { return Vec::new() };
    // The rest of the configuration stands in the documents around it.
    let whole = carrier.text.lines().any(|line| line.starts_with("machine:"));
    let extent = if whole {
        Extent::Whole
    } else {
        Extent::Part("it may be a patch: Talos and other documents set the rest")
    };
    let name = kind.to_owned();
    let machine = Machine { parts: vec![Part { root, carrier }], extent, version: None, name };
    let section = Section { node: root, carrier };
    vec![machine.line(*component, &[section])]
}

/// talhelper's configuration: patches in texts, or in files beside it.
fn talhelper(root: &Node, carrier: &Carrier<'_>) -> Vec<CommandLine> {
    let nodes = root.get("nodes").and_then(Node::items).unwrap_or_default();
    let holders = [Some(root), root.get("controlPlane")].into_iter().flatten();
    let on_control_plane = |node: &&Node| {
        node.get("controlPlane").and_then(Node::as_str).is_some_and(|is| is == "true")
    };
    let holders = holders.chain(nodes.iter().filter(on_control_plane));
    let patches: Vec<&Node> = holders
        .filter_map(|holder| holder.get("patches").and_then(Node::items))
        .flatten()
        .collect();
    let elsewhere = patches.iter().filter_map(|patch| patch.as_str()).any(|it| it.starts_with('@'));
    let extent =
        if elsewhere { Extent::Part("patches in other files may set it") } else { Extent::Whole };
    let inner: Vec<Carrier<'_>> = patches.iter().filter_map(|patch| carrier.inner(patch)).collect();
    let mut documents = Vec::new();
    for carrier in &inner {
        for document in yaml::parse(carrier.text).into_iter().flatten() {
            documents.push((document.root, carrier));
        }
    }
    let parts = documents.iter().map(|(root, carrier)| Part { root, carrier });
    let mut parts: Vec<Part<'_>> = parts.collect();
    // What no patch sets would be written in talhelper's own file.
    parts.insert(0, Part { root, carrier });
    let version = root.get("kubernetesVersion").and_then(Node::as_str);
    let version = version.and_then(|text| text.parse().ok());
    let name = root.get("clusterName").and_then(Node::as_str).unwrap_or_default();
    let machine = Machine { parts, extent, version, name: format!("talhelper, {name}") };
    machine.lines(|component| {
        component != Component::Kubelet || !machine.sections(component).is_empty()
    })
}

impl Machine<'_> {
    fn sections(&self, component: Component) -> Vec<Section<'_>> {
        self.parts.iter().flat_map(|part| sections(part.root, part.carrier, component)).collect()
    }

    fn lines(&self, runs: impl Fn(Component) -> bool) -> Vec<CommandLine> {
        let components = COMPONENTS.iter().map(|(component, ..)| *component);
        let wanted = components.filter(|component| runs(*component));
        wanted.map(|component| self.line(component, &self.sections(component))).collect()
    }

    /// A component's arguments from its sections in order.
    fn line(&self, component: Component, sections: &[Section<'_>]) -> CommandLine {
        let settings = merge::settings(sections);
        let place =
            sections.last().map(|it| (it.node.get("extraArgs").unwrap_or(it.node), it.carrier));
        let first = self.parts.first().map(|part| (part.root, part.carrier));
        let Some((place, carrier)) = place.or(first) else {
            return CommandLine::given(component, []);
        };
        let mut declared = Declared::new(carrier, component, place);
        match self.extent {
            // The kubelet's own configuration decides the rest.
            _ if component == Component::Kubelet => declared.open("Talos sets the rest"),
            Extent::Part(why) => declared.open(why),
            Extent::Whole => {}
        }
        merge::pass_on(&mut declared, component, &settings);
        if self.extent == Extent::Whole {
            defaults::add_to(&mut declared, component, self);
        }
        let version = sections.iter().rev().find_map(|section| {
            section.node.get("image").and_then(Node::as_str).and_then(image::minor)
        });
        let mounts = sections.iter().flat_map(volumes).collect();
        declared.finish(self.name.clone()).carried(version.or(self.version), mounts)
    }

    /// A value of the machine configuration; `None` where there is none or a template.
    fn text(&self, path: &[&str]) -> Option<&str> {
        let texts = self.parts.iter().rev().filter_map(|part| part.root.at(path));
        texts.filter_map(Node::as_str).find(|text| !unrendered(text))
    }

    /// Whether a component has a document of its own beside this one.
    fn has_document(&self, component: Component) -> bool {
        let own = COMPONENTS.iter().find(|(known, ..)| *known == component);
        own.is_some_and(|(.., kind)| !kind.is_empty() && self.mentions(kind))
    }

    /// Whether a word stands anywhere in the texts, in a document that is not read here.
    fn mentions(&self, word: &str) -> bool {
        self.parts.iter().any(|part| part.carrier.text.contains(word))
    }
}

fn volumes(section: &Section<'_>) -> Vec<Mount> {
    let volumes = section.node.get("extraVolumes").and_then(Node::items).unwrap_or_default();
    let one = |volume: &Node| {
        let text = |key: &str| volume.get(key).and_then(Node::as_str).map(str::to_owned);
        Some(Mount { path: text("mountPath")?, source: MountSource::Host(text("hostPath")?) })
    };
    volumes.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests;
