//! RKE, the engine before RKE2: `cluster.yml`, also as Rancher exports it.
//!
//! What a release adds stands in data that is not part of the configuration, so all that is not written
//! is not known. Source: rancher/rke `types/rke_types.go`, `cluster/plan.go`.

use super::declared::{Declared, unrendered};
use crate::command_line::{CommandLine, Mount, MountSource};
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::{Format, Found};
use crate::version::Minor;
use crate::yaml::{Node, Value};

/// The services, as RKE and as Rancher's API spell them.
const SERVICES: [(&str, &str, Component); 5] = [
    ("kube-api", "kubeApi", Component::KubeApiserver),
    ("etcd", "etcd", Component::Etcd),
    ("kubelet", "kubelet", Component::Kubelet),
    ("kube-controller", "kubeController", Component::KubeControllerManager),
    ("scheduler", "scheduler", Component::KubeScheduler),
];

/// The command lines in one document.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let config = root.get("rancher_kubernetes_engine_config").unwrap_or(root);
    let Some(services) = config.get("services").filter(|_| root.get("kind").is_none()) else {
        return Vec::new();
    };
    if services.get("kube-api").or_else(|| services.get("kubeApi")).is_none() {
        return Vec::new();
    }
    let version = field(config, "kubernetes_version", "kubernetesVersion").and_then(Node::as_str);
    let version = version.and_then(|text| text.parse().ok());
    let found = |line| Found { document, format: Format::Rke1, line, diagnostics: Vec::new() };
    let lines = SERVICES.iter().filter_map(|(name, other, component)| {
        let service = field(services, name, other)?;
        Some(line(service, carrier, *component, version))
    });
    lines.map(found).collect()
}

fn field<'a>(node: &'a Node<'a>, name: &str, other: &str) -> Option<&'a Node<'a>> {
    node.get(name).or_else(|| node.get(other))
}

fn line(
    service: &Node,
    carrier: &Carrier<'_>,
    component: Component,
    version: Option<Minor>,
) -> CommandLine {
    let args = field(service, "extra_args", "extraArgs");
    let mut declared = Declared::new(carrier, component, args.unwrap_or(service));
    declared.open("RKE sets the rest, each release in its own way");
    for args in [args, field(service, "extra_args_array", "extraArgsArray")].into_iter().flatten() {
        let Value::Mapping(entries) = &args.value else { continue };
        for (key, value) in entries {
            let Some(name) = key.as_str() else { continue };
            match value.items() {
                Some(items) => items.iter().for_each(|item| declared.flag(name, item, None)),
                None => declared.flag(name, value, None),
            }
        }
    }
    declared.finish("RKE cluster".to_owned()).carried(version, binds(service))
}

/// `extra_binds: [host:container:options]`.
fn binds(service: &Node) -> Vec<Mount> {
    let binds = field(service, "extra_binds", "extraBinds").and_then(Node::items);
    let one = |bind: &Node| {
        let mut parts = bind.as_str().filter(|text| !unrendered(text))?.split(':');
        let (host, path) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        Some(Mount { path, source: MountSource::Host(host) })
    };
    binds.unwrap_or_default().iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use crate::component::Component;
    use crate::document::distribution::samples::{args, effective, found, of};

    const CLUSTER: &str = include_str!("../../../fixtures/documents/rke1/cluster.yml");

    #[test]
    fn written_arguments_are_known_and_nothing_else() {
        let found = found(CLUSTER);
        let server = of(&found, Component::KubeApiserver);
        assert_eq!(server.line.version.map(|it| it.minor.minor), Some(24));
        let written = ("--audit-log-maxage=30".into(), "30", 7, None);
        assert_eq!(args(CLUSTER, server, &["audit-log-maxage"]), [written]);
        assert_eq!(effective(server, "1.24", "service-account-issuer"), "https://a,https://b");
        assert_eq!(effective(server, "1.24", "profiling"), "not known");
        assert_eq!(server.line.mounts[0].path, "/audit");
        assert!(found.iter().all(|it| it.line.component != Component::KubeScheduler));
    }

    #[test]
    fn rancher_exports_it_in_a_wrapper() {
        let indented = CLUSTER.replace('\n', "\n  ");
        let text = format!("rancher_kubernetes_engine_config:\n  {indented}\n");
        assert_eq!(found(&text).len(), 2);
        assert!(found("services: {kube-apiserver: {image: x, command: sleep 1}}\n").is_empty());
    }
}
