//! Installers and operators that build on kubeadm and take flags as a map or a list: EKS Anywhere, Kamaji,
//! KubeOne and KubeKey.
//!
//! Each sets flags of its own beside those that kubeadm sets; they are not known here. Source: the types
//! and the documentation of each.

use super::declared::Declared;
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::{Format, Found};
use crate::version::Minor;
use crate::yaml::{Node, Value};

struct Installer {
    name: &'static str,
    /// How `apiVersion` begins, and `kind`.
    api: &'static str,
    kind: &'static str,
    version: &'static [&'static str],
    /// Where a component's flags stand.
    sections: &'static [(Component, &'static [&'static str])],
    /// Where its feature gates stand, if they have a place of their own.
    gates: &'static [(Component, &'static [&'static str])],
}

const INSTALLERS: [Installer; 5] = [
    Installer {
        name: "EKS Anywhere",
        api: "anywhere.eks.amazonaws.com/",
        kind: "Cluster",
        version: &["spec", "kubernetesVersion"],
        sections: &[(
            Component::KubeApiserver,
            &["spec", "controlPlaneConfiguration", "apiServerExtraArgs"],
        )],
        gates: &[],
    },
    Installer {
        name: "Kamaji",
        api: "kamaji.clastix.io/",
        kind: "TenantControlPlane",
        version: &["spec", "kubernetes", "version"],
        sections: &[
            (
                Component::KubeApiserver,
                &["spec", "controlPlane", "deployment", "extraArgs", "apiServer"],
            ),
            (
                Component::KubeControllerManager,
                &["spec", "controlPlane", "deployment", "extraArgs", "controllerManager"],
            ),
            (
                Component::KubeScheduler,
                &["spec", "controlPlane", "deployment", "extraArgs", "scheduler"],
            ),
        ],
        gates: &[],
    },
    Installer {
        name: "Kamaji",
        api: "controlplane.cluster.x-k8s.io/",
        kind: "KamajiControlPlane",
        version: &["spec", "version"],
        sections: &[
            (Component::KubeApiserver, &["spec", "apiServer", "extraArgs"]),
            (Component::KubeControllerManager, &["spec", "controllerManager", "extraArgs"]),
            (Component::KubeScheduler, &["spec", "scheduler", "extraArgs"]),
        ],
        gates: &[],
    },
    Installer {
        name: "KubeOne",
        api: "kubeone.k8c.io/",
        kind: "KubeOneCluster",
        version: &["versions", "kubernetes"],
        sections: &[
            (Component::KubeApiserver, &["controlPlaneComponents", "apiServer", "flags"]),
            (
                Component::KubeControllerManager,
                &["controlPlaneComponents", "controllerManager", "flags"],
            ),
            (Component::KubeScheduler, &["controlPlaneComponents", "scheduler", "flags"]),
        ],
        gates: &[
            (Component::KubeApiserver, &["controlPlaneComponents", "apiServer", "featureGates"]),
            (
                Component::KubeControllerManager,
                &["controlPlaneComponents", "controllerManager", "featureGates"],
            ),
            (Component::KubeScheduler, &["controlPlaneComponents", "scheduler", "featureGates"]),
        ],
    },
    Installer {
        name: "KubeKey",
        api: "kubekey.kubesphere.io/",
        kind: "Cluster",
        version: &["spec", "kubernetes", "version"],
        sections: &[(Component::KubeApiserver, &["spec", "kubernetes", "apiserverArgs"])],
        gates: &[],
    },
];

/// The command lines in one document.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
    let (api, kind) = (text("apiVersion"), text("kind"));
    let known = INSTALLERS.iter().find(|it| api.starts_with(it.api) && kind == it.kind);
    let Some(installer) = known else { return Vec::new() };
    let version = root.at(installer.version).and_then(Node::as_str);
    let version: Option<Minor> = version.and_then(|text| text.parse().ok());
    let name = match root.at(&["metadata", "name"]).and_then(Node::as_str) {
        Some(name) => format!("{kind} {name}"),
        None => kind.to_owned(),
    };
    let own = |places: &[(Component, &[&str])], component: Component| {
        let place = places.iter().find(|(of, _)| *of == component)?;
        root.at(place.1)
    };
    let line = |component: Component| {
        let args = own(installer.sections, component);
        let gates = own(installer.gates, component);
        let mut declared = Declared::new(carrier, component, args.or(gates)?);
        if let Some(gates) = gates {
            declared.typed("feature-gates", gates);
        }
        if let Some(args) = args {
            flags(&mut declared, args, installer.name);
        }
        declared.open(&format!("{} and kubeadm set other flags by themselves", installer.name));
        let line = declared.finish(name.clone()).carried(version, Vec::new());
        Some(Found { document, format: Format::Kubeadm, line, diagnostics: Vec::new() })
    };
    Component::ALL.into_iter().filter_map(line).collect()
}

/// A map of names and values, or a list of arguments, with or without dashes.
fn flags(declared: &mut Declared<'_>, args: &Node, who: &str) {
    match &args.value {
        Value::Mapping(entries) => {
            for (name, value) in entries {
                if let Some(name) = name.as_str() {
                    declared.flag(name, value, Some(who));
                }
            }
        }
        Value::Sequence(items) => {
            for item in items {
                match item.as_str() {
                    Some(text) if text.starts_with('-') => declared.argument(text, item),
                    Some(text) if !text.is_empty() => declared.argument(format!("--{text}"), item),
                    _ => {}
                }
            }
        }
        Value::Scalar(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::command_line::Location;
    use crate::component::Component;
    use crate::document::{Format, read};

    const CLUSTERS: &str = include_str!("../../../fixtures/documents/installers/clusters.yaml");

    #[test]
    fn maps_and_lists_of_flags_are_read() {
        let path: Arc<str> = "clusters.yaml".into();
        let found = read(CLUSTERS, &path).found;
        let seen: Vec<_> = found
            .iter()
            .map(|found| {
                assert_eq!(found.format, Format::Kubeadm);
                let args = &found.line.args;
                assert!(args[0].text.is_empty());
                let last = args.last().expect("an argument");
                let Location::Text { span, .. } = &last.location else { panic!("no text") };
                let minor = found.line.version.map(|version| version.minor.minor);
                (found.line.component, last.text.as_str(), span.start.line(), minor)
            })
            .collect();
        assert_eq!(
            seen,
            [
                (Component::KubeApiserver, "--profiling=false", 7, Some(31)),
                (Component::KubeApiserver, "--v=2", 17, Some(30)),
                (Component::KubeScheduler, "--profiling=false", 18, Some(30)),
                (Component::KubeApiserver, "--profiling=false", 28, Some(32)),
                (Component::KubeApiserver, "--audit-log-maxage=30", 38, Some(24)),
            ]
        );
        let gates = &found[3].line.args[1];
        assert_eq!(gates.text, "--feature-gates=ContextualLogging=true");
    }
}
