//! What the objects that carry k0s' configuration say of a cluster.

use crate::command_line::CommandLine;
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::distribution::declared::{Declared, unrendered};
use crate::version::Minor;
use crate::yaml::Node;

/// What an object says of a cluster.
pub(super) struct Cluster<'a> {
    pub(super) carrier: &'a Carrier<'a>,
    /// ClusterConfig's `spec`, or where it would be.
    pub(super) spec: &'a Node<'a>,
    pub(super) version: Option<Minor>,
    pub(super) name: String,
    /// Arguments of k0s itself.
    pub(super) flags: Vec<&'a str>,
    /// The object in the cluster, which says nothing of the API server and of etcd.
    pub(super) dynamic: bool,
    /// k0smotron runs etcd elsewhere.
    pub(super) hosted: bool,
}

/// The cluster of an object, if it is one of k0s.
pub(super) fn cluster<'a>(root: &'a Node<'a>, carrier: &'a Carrier<'a>) -> Option<Cluster<'a>> {
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
    let inner = |config: Option<&'a Node<'a>>| config.and_then(|it| it.get("spec")).unwrap_or(spec);
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
pub(super) fn texts<'n>(list: Option<&'n Node<'_>>) -> Vec<&'n str> {
    let items = list.and_then(Node::items).unwrap_or_default();
    items.iter().filter_map(Node::as_str).collect()
}

impl<'a> Cluster<'a> {
    pub(super) fn at(&self, path: &[&str]) -> Option<&'a Node<'a>> {
        self.spec.at(path)
    }

    /// A scalar's text; `None` if a template fills it in.
    pub(super) fn text(&self, path: &[&str], default: &str) -> Option<String> {
        let text = self.at(path).and_then(Node::as_str).unwrap_or(default);
        (!unrendered(text)).then(|| text.to_owned())
    }

    pub(super) fn declared(&self, component: Component, section: &[&str]) -> Declared<'a> {
        let section = self.at(section);
        let args = section.and_then(|section| section.get("extraArgs"));
        Declared::new(self.carrier, component, args.or(section).unwrap_or(self.spec))
    }

    /// Feature gates of all components, or of those that are named.
    pub(super) fn feature_gates(&self, declared: &mut Declared<'_>, component: Component) {
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

    pub(super) fn line(&self, declared: Declared<'_>) -> CommandLine {
        declared.finish(self.name.clone()).carried(self.version, Vec::new())
    }
}
