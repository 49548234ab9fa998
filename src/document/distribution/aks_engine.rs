//! aks-engine's cluster definitions: maps of flags, dashes and all.
//!
//! aks-engine overrides some of them without a word, and sets others that are not named. Source:
//! aks-engine `pkg/api/defaults-apiserver.go`.

use super::declared::Declared;
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::{Format, Found};
use crate::version::Minor;
use crate::yaml::{Node, Value};

const SECTIONS: [(&str, Component); 4] = [
    ("apiServerConfig", Component::KubeApiserver),
    ("controllerManagerConfig", Component::KubeControllerManager),
    ("schedulerConfig", Component::KubeScheduler),
    ("kubeletConfig", Component::Kubelet),
];

/// Flags of the API server whose values it replaces by its own.
const REPLACED: [&str; 24] = [
    "admission-control",
    "advertise-address",
    "allow-privileged",
    "audit-log-path",
    "bind-address",
    "client-ca-file",
    "cloud-config",
    "cloud-provider",
    "enable-bootstrap-token-auth",
    "encryption-provider-config",
    "etcd-cafile",
    "etcd-certfile",
    "etcd-keyfile",
    "etcd-servers",
    "kubelet-client-certificate",
    "kubelet-client-key",
    "repair-malformed-updates",
    "secure-port",
    "service-account-key-file",
    "service-account-lookup",
    "service-cluster-ip-range",
    "storage-backend",
    "tls-cert-file",
    "tls-private-key-file",
];

/// The command lines in one document.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let Some(profile) = root.at(&["properties", "orchestratorProfile"]) else { return Vec::new() };
    let Some(config) = profile.get("kubernetesConfig") else { return Vec::new() };
    let version = ["orchestratorVersion", "orchestratorRelease"]
        .into_iter()
        .filter_map(|key| profile.get(key).and_then(Node::as_str))
        .find_map(|text| text.parse::<Minor>().ok());
    let line = |(key, component): (&str, Component)| {
        let section = config.get(key)?;
        let Value::Mapping(entries) = &section.value else { return None };
        let mut declared = Declared::new(carrier, component, section);
        for (name, value) in entries {
            let Some(name) = name.as_str() else { continue };
            flag(&mut declared, component, name, value);
        }
        declared.open("aks-engine sets other flags by itself");
        let line = declared.finish("aks-engine cluster".to_owned()).carried(version, Vec::new());
        Some(Found { document, format: Format::AksEngine, line, diagnostics: Vec::new() })
    };
    SECTIONS.into_iter().filter_map(line).collect()
}

fn flag(declared: &mut Declared<'_>, component: Component, name: &str, value: &Node) {
    // An empty text takes the flag away; whether aks-engine sets it again is not known here.
    if value.as_str().is_none_or(str::is_empty) {
        return;
    }
    let bare = name.trim_start_matches('-');
    let replaced = component == Component::KubeApiserver && REPLACED.contains(&bare);
    if replaced {
        let text = value.as_str().unwrap_or_default();
        declared.uncertain(bare, text, value, "aks-engine puts its own value in its place");
    } else if name.starts_with("--") {
        declared.flag(bare, value, Some("aks-engine"));
    } else {
        declared.argument(format!("{name}={}", value.as_str().unwrap_or_default()), value);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::command_line::{Certainty, Location};
    use crate::document::{Format, read};

    const CLUSTER: &str = include_str!("../../../fixtures/documents/aks-engine/cluster.json");

    #[test]
    fn keys_carry_dashes_and_some_values_are_replaced() {
        let path: Arc<str> = "cluster.json".into();
        let found = read(CLUSTER, &path).found;
        let [api, kubelet] = &found[..] else { panic!("two lines") };
        assert_eq!((api.format, kubelet.format), (Format::AksEngine, Format::AksEngine));
        assert_eq!(api.line.version.map(|version| version.minor.minor), Some(23));
        let args = &api.line.args;
        assert!(args[0].text.is_empty());
        assert_eq!((&*args[1].text, &args[1].certainty), ("--profiling=true", &Certainty::Known));
        let Location::Text { span, .. } = &args[1].location else { panic!("no text") };
        assert_eq!(span.start.line(), 8);
        assert_eq!(&CLUSTER[span.start.offset()..span.end.offset()], "\"true\"");
        assert_eq!(args[2].text, "--audit-log-path=/x");
        assert!(matches!(args[2].certainty, Certainty::Unresolved(_)));
        // The empty one is taken away.
        assert_eq!(args.len(), 3);
    }
}
