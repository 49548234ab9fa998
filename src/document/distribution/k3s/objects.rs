//! Kubernetes objects that carry k3s' or RKE2's configuration.

use super::settings::{Item, Settings};
use super::{Appended, Cluster, Distribution, is_ours};
use crate::document::carrier::Carrier;
use crate::yaml::Node;

/// Where the control planes of Cluster API keep what `config.yaml` calls by these keys.
/// Sources: cluster-api-provider-rke2 `controlplane/api/v1beta1`, `bootstrap/api/v1beta1`; cluster-api-k3s
/// `bootstrap/api/v1beta2`.
const RKE2_FIELDS: [(&str, &[&str]); 11] = [
    ("kube-apiserver-arg", &["serverConfig", "kubeAPIServer", "extraArgs"]),
    ("kube-controller-manager-arg", &["serverConfig", "kubeControllerManager", "extraArgs"]),
    ("kube-scheduler-arg", &["serverConfig", "kubeScheduler", "extraArgs"]),
    ("etcd-arg", &["serverConfig", "etcd", "customConfig", "extraArgs"]),
    ("cluster-domain", &["serverConfig", "clusterDomain"]),
    ("profile", &["agentConfig", "cisProfile"]),
    ("data-dir", &["agentConfig", "dataDir"]),
    ("kubelet-arg", &["agentConfig", "kubelet", "extraArgs"]),
    // Their values are in Secrets.
    ("audit-policy-file", &["serverConfig", "auditPolicySecret"]),
    ("datastore-endpoint", &["serverConfig", "externalDatastoreSecret"]),
    ("pod-security-admission-config-file", &["agentConfig", "podSecurityAdmissionConfigFile"]),
];
const K3S_FIELDS: [(&str, &[&str]); 7] = [
    ("kube-apiserver-arg", &["kthreesConfigSpec", "serverConfig", "kubeAPIServerArg"]),
    (
        "kube-controller-manager-arg",
        &["kthreesConfigSpec", "serverConfig", "kubeControllerManagerArgs"],
    ),
    ("kube-scheduler-arg", &["kthreesConfigSpec", "serverConfig", "kubeSchedulerArgs"]),
    ("cluster-domain", &["kthreesConfigSpec", "serverConfig", "clusterDomain"]),
    ("https-listen-port", &["kthreesConfigSpec", "serverConfig", "httpsListenPort"]),
    ("service-cidr", &["kthreesConfigSpec", "serverConfig", "serviceCidr"]),
    ("kubelet-arg", &["kthreesConfigSpec", "agentConfig", "kubeletArgs"]),
];

/// What cluster-api-k3s appends. Source: its `pkg/k3s/config.go`.
const BY_CLUSTER_API: [Appended; 2] = [
    ("cluster-api-k3s", "anonymous-auth", Some("true")),
    ("cluster-api-k3s", "tls-cipher-suites", None),
];

/// The clusters in one object.
pub(super) fn read<'a>(root: &'a Node<'a>, carrier: &'a Carrier<'a>) -> Vec<Cluster<'a>> {
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
    let kind = text("kind");
    match kind {
        "Cluster" if text("apiVersion").starts_with("provisioning.cattle.io/") => {
            rancher(root, carrier)
        }
        "RKE2ControlPlane" | "RKE2ControlPlaneTemplate" => {
            control_plane(root, carrier, &RKE2_FIELDS, Distribution::Rke2)
        }
        "KThreesControlPlane" | "KThreesControlPlaneTemplate" => {
            control_plane(root, carrier, &K3S_FIELDS, Distribution::K3s)
        }
        _ => Vec::new(),
    }
}

fn name_of(root: &Node) -> String {
    let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
    match root.at(&["metadata", "name"]).and_then(Node::as_str) {
        Some(name) => format!("{kind} {name}"),
        None => kind.to_owned(),
    }
}

/// A cluster that Rancher sets up: what holds for all machines, and what holds for some.
fn rancher<'a>(root: &'a Node<'a>, carrier: &'a Carrier<'a>) -> Vec<Cluster<'a>> {
    let Some(config) = root.at(&["spec", "rkeConfig"]) else { return Vec::new() };
    let release = root.at(&["spec", "kubernetesVersion"]).and_then(Node::as_str);
    let mut settings = Settings::new(config, carrier);
    if let Some(global) = config.get("machineGlobalConfig") {
        settings.add(global, carrier);
    }
    let cluster = |settings: Settings<'a>, name: String| {
        let own = Cluster::new(settings, None);
        let distribution = release.and_then(Distribution::of_release).unwrap_or(own.distribution);
        let version = release.and_then(|release| release.parse().ok());
        let appended = by_rancher(root);
        Cluster { distribution, version, server: true, appended, name, ..own }
    };
    let mut clusters = vec![cluster(settings.clone(), name_of(root))];
    let selectors = config.get("machineSelectorConfig").and_then(Node::items).unwrap_or_default();
    for (number, selector) in (1..).zip(selectors) {
        let Some(config) = selector.get("config") else { continue };
        let mut alone = Settings::new(config, carrier);
        alone.add(config, carrier);
        if is_ours(&alone) {
            let mut merged = settings.clone();
            merged.add(config, carrier);
            let name = format!("{}, machineSelectorConfig {number}", name_of(root));
            clusters.push(cluster(merged, name));
        }
    }
    clusters
}

/// Rancher's own endpoint and its pod security template are flags whose values it makes itself.
/// Source: rancher `pkg/capr/planner`.
fn by_rancher(root: &Node) -> Vec<Appended> {
    let text = |path: &[&str]| root.at(path).and_then(Node::as_str).unwrap_or_default();
    let mut appended: Vec<Appended> = Vec::new();
    if text(&["spec", "localClusterAuthEndpoint", "enabled"]) == "true" {
        appended.push(("Rancher", "authentication-token-webhook-config-file", None));
    }
    if !text(&["spec", "defaultPodSecurityAdmissionConfigurationTemplateName"]).is_empty() {
        appended.push(("Rancher", "admission-control-config-file", None));
    }
    appended
}

fn control_plane<'a>(
    root: &'a Node<'a>,
    carrier: &'a Carrier<'a>,
    fields: &[(&str, &[&str])],
    distribution: Distribution,
) -> Vec<Cluster<'a>> {
    let spec = root.at(&["spec", "template", "spec"]).or_else(|| root.get("spec"));
    let Some(spec) = spec else { return Vec::new() };
    let mut settings = Settings::new(spec, carrier);
    for (key, path) in fields {
        if let Some(node) = spec.at(path) {
            settings.set(key, Item { node, carrier });
        }
    }
    let version = spec.get("version").or_else(|| spec.at(&["agentConfig", "version"]));
    let version = version.and_then(Node::as_str).and_then(|text| text.parse().ok());
    let appended = match distribution {
        Distribution::K3s => BY_CLUSTER_API.to_vec(),
        Distribution::Rke2 | Distribution::Either => Vec::new(),
    };
    let name = name_of(root);
    vec![Cluster { distribution, settings, version, server: true, role: None, appended, name }]
}
