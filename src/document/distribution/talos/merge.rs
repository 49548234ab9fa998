//! `extraArgs` of several patches, and what Talos makes of them.
//!
//! Sources: talos `pkg/argsbuilder/argsbuilder.go`, `control_plane_final.go`, `pkg/system/services/etcd.go`.

use super::COMPONENTS;
use crate::command_line::{Arg, Certainty};
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::distribution::declared::{Declared, unrendered};
use crate::yaml::{Node, Value};

/// A component's section of one document.
pub(super) struct Section<'a> {
    pub(super) node: &'a Node<'a>,
    pub(super) carrier: &'a Carrier<'a>,
}

/// A flag and its values, of which there may be several in newer releases.
pub(super) struct Setting<'a> {
    name: String,
    value: &'a Node<'a>,
    carrier: &'a Carrier<'a>,
}

/// Flags of the API server that Talos sets and lets nobody else set.
const DENIED: [&str; 15] = [
    "etcd-servers",
    "etcd-cafile",
    "etcd-certfile",
    "etcd-keyfile",
    "client-ca-file",
    "requestheader-client-ca-file",
    "proxy-client-cert-file",
    "proxy-client-key-file",
    "encryption-provider-config",
    "kubelet-client-certificate",
    "kubelet-client-key",
    "service-account-key-file",
    "service-account-signing-key-file",
    "tls-cert-file",
    "tls-private-key-file",
];
const DENIED_MANAGER: [&str; 6] = [
    "cluster-signing-cert-file",
    "cluster-signing-key-file",
    "authentication-kubeconfig",
    "authorization-kubeconfig",
    "root-ca-file",
    "service-account-private-key-file",
];
const DENIED_ETCD: [&str; 13] = [
    "name",
    "auto-tls",
    "peer-auto-tls",
    "data-dir",
    "listen-peer-urls",
    "client-cert-auth",
    "cert-file",
    "key-file",
    "trusted-ca-file",
    "peer-client-cert-auth",
    "peer-cert-file",
    "peer-key-file",
    "peer-trusted-ca-file",
];

/// The component that an operation's path leads to, and the flag if it names one.
pub(super) fn pointed(path: &str) -> Option<(Component, Option<String>)> {
    let mut parts = path.strip_prefix('/')?.split('/');
    let head = [parts.next()?, parts.next()?];
    let (component, ..) = COMPONENTS.iter().find(|(_, known, _)| *known == head)?;
    if parts.next()? != "extraArgs" {
        return None;
    }
    let flag = parts.next().map(|flag| flag.replace("~1", "/").replace("~0", "~"));
    Some((*component, flag))
}

/// The sections of a component in a document; an operation's value is one too.
pub(super) fn sections<'a>(
    root: &'a Node<'a>,
    carrier: &'a Carrier<'a>,
    component: Component,
) -> Vec<Section<'a>> {
    if let Some(items) = root.items() {
        let leads = |item: &&Node| {
            let path = item.get("path").and_then(Node::as_str);
            path.and_then(pointed).is_some_and(|(known, _)| known == component)
        };
        return items.iter().filter(leads).map(|node| Section { node, carrier }).collect();
    }
    let own = COMPONENTS.iter().find(|(known, ..)| *known == component);
    let Some((_, path, kind)) = own else { return Vec::new() };
    let node = match root.get("kind").and_then(Node::as_str) {
        Some(own) => (own == *kind).then_some(root),
        None => root.at(path),
    };
    node.into_iter().map(|node| Section { node, carrier }).collect()
}

/// The flags of all sections; a later one replaces an earlier one of the same name.
pub(super) fn settings<'a>(sections: &'a [Section<'a>]) -> Vec<Setting<'a>> {
    let mut settings: Vec<Setting<'a>> = Vec::new();
    for section in sections {
        let text = |key: &str| section.node.get(key).and_then(Node::as_str);
        let flag = text("path").and_then(pointed).and_then(|(_, flag)| flag);
        let removes = text("op") == Some("remove");
        let args = section.node.get("extraArgs").or_else(|| section.node.get("value"));
        let mut set = |name: &str, value: Option<&'a Node<'a>>| {
            settings.retain(|known| known.name != name);
            if let Some(value) = value {
                let carrier = section.carrier;
                settings.push(Setting { name: name.to_owned(), value, carrier });
            }
        };
        match (flag, args.map(|args| (&args.value, args))) {
            (Some(flag), value) => set(&flag, value.map(|(_, node)| node).filter(|_| !removes)),
            (None, Some((Value::Mapping(entries), _))) => {
                for (key, value) in entries {
                    let Some(name) = key.as_str().filter(|name| *name != "$patch") else {
                        continue;
                    };
                    let deleted = value.get("$patch").is_some();
                    set(name, (!deleted).then_some(value));
                }
            }
            (None, _) => {}
        }
    }
    settings
}

/// Passes the flags on as Talos does: some are joined to its own values, some refused.
pub(super) fn pass_on(declared: &mut Declared<'_>, component: Component, settings: &[Setting<'_>]) {
    for setting in settings {
        let name = setting.name.as_str();
        let values: Vec<&Node> = match setting.value.items() {
            Some(items) => items.iter().collect(),
            None => vec![setting.value],
        };
        if is_denied(component, name) {
            let why = "is one that Talos sets itself: it refuses the configuration".to_owned();
            push(declared, setting, setting.value, "", Certainty::Refused(why));
            continue;
        }
        match (component, name) {
            (Component::KubeApiserver, "enable-admission-plugins") => {
                joined(declared, setting, "NodeRestriction", &values);
            }
            (Component::KubeApiserver, "authorization-mode") => {
                joined(declared, setting, "Node,RBAC", &values);
            }
            (Component::KubeApiserver, "feature-gates") => joined(declared, setting, "", &values),
            // Joined to lists that differ between releases.
            (Component::KubeApiserver, "tls-cipher-suites")
            | (Component::KubeControllerManager, "controllers" | "service-cluster-ip-range") => {
                let why = "Talos joins it with its own list".to_owned();
                push(declared, setting, setting.value, "", Certainty::Unresolved(why));
            }
            _ => {
                for value in values {
                    one(declared, setting, value);
                }
            }
        }
    }
}

fn is_denied(component: Component, name: &str) -> bool {
    match component {
        Component::KubeApiserver => DENIED.contains(&name),
        Component::KubeControllerManager => DENIED_MANAGER.contains(&name),
        Component::Etcd => DENIED_ETCD.contains(&name),
        Component::KubeScheduler | Component::Kubelet => false,
    }
}

fn one(declared: &mut Declared<'_>, setting: &Setting<'_>, value: &Node) {
    match value.as_str() {
        Some(text) => push(declared, setting, value, text, certainty(text)),
        None => {
            let why = "is a mapping, not a string".to_owned();
            push(declared, setting, value, "", Certainty::Refused(why));
        }
    }
}

/// Talos' own list and the written one, each element once.
fn joined(declared: &mut Declared<'_>, setting: &Setting<'_>, own: &str, values: &[&Node]) {
    let mut all: Vec<&str> = Vec::new();
    let written = values.iter().filter_map(|value| value.as_str());
    for element in std::iter::once(own).chain(written).flat_map(|list| list.split(',')) {
        let element = element.trim();
        if !element.is_empty() && !all.contains(&element) {
            all.push(element);
        }
    }
    let text = all.join(",");
    let certainty = certainty(&text);
    push(declared, setting, setting.value, &text, certainty);
}

fn certainty(text: &str) -> Certainty {
    if unrendered(text) {
        Certainty::Unresolved("a template that was not rendered fills it in".to_owned())
    } else {
        Certainty::Known
    }
}

fn push(
    declared: &mut Declared<'_>,
    setting: &Setting<'_>,
    place: &Node,
    value: &str,
    certainty: Certainty,
) {
    let location = setting.carrier.location(place.span);
    let text = format!("--{}={value}", setting.name);
    declared.arg(&setting.name, Arg { text, location, certainty, added_by: None });
}
