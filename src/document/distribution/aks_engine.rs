//! aks-engine's cluster definitions: maps of flags, dashes and all.
//!
//! aks-engine overrides some of them without a word, and sets others that are not named. Source:
//! aks-engine `pkg/api/defaults-apiserver.go`.

use super::added::{Added, Distribution, replaces};
use super::declared::Declared;
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::{Format, Found};
use crate::version::Minor;
use crate::yaml::{Node, Value};

const BY: &str = "aks-engine";

const SECTIONS: [(&str, Component); 4] = [
    ("apiServerConfig", Component::KubeApiserver),
    ("controllerManagerConfig", Component::KubeControllerManager),
    ("schedulerConfig", Component::KubeScheduler),
    ("kubeletConfig", Component::Kubelet),
];

/// aks-engine, whose own values are not known here.
struct AksEngine;

impl Distribution for AksEngine {
    type Basis<'a> = ();

    fn name((): &()) -> &'static str {
        BY
    }

    fn release((): &()) -> Option<Minor> {
        None
    }

    fn folder((): &()) -> Option<String> {
        None
    }
}

type Row = Added<AksEngine>;

const API_SERVER: &[Row] = &[
    Row::replaced("admission-control"),
    Row::replaced("advertise-address"),
    Row::replaced("allow-privileged"),
    Row::replaced("audit-log-path"),
    Row::replaced("bind-address"),
    Row::replaced("client-ca-file"),
    Row::replaced("cloud-config"),
    Row::replaced("cloud-provider"),
    Row::replaced("enable-bootstrap-token-auth"),
    Row::replaced("encryption-provider-config"),
    Row::replaced("etcd-cafile"),
    Row::replaced("etcd-certfile"),
    Row::replaced("etcd-keyfile"),
    Row::replaced("etcd-servers"),
    Row::replaced("kubelet-client-certificate"),
    Row::replaced("kubelet-client-key"),
    Row::replaced("repair-malformed-updates"),
    Row::replaced("secure-port"),
    Row::replaced("service-account-key-file"),
    Row::replaced("service-account-lookup"),
    Row::replaced("service-cluster-ip-range"),
    Row::replaced("storage-backend"),
    Row::replaced("tls-cert-file"),
    Row::replaced("tls-private-key-file"),
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
    let text = value.as_str().unwrap_or_default();
    let rows = if component == Component::KubeApiserver { API_SERVER } else { &[] };
    if replaces(rows, &(), bare, text) {
        declared.uncertain(bare, text, value, "aks-engine puts its own value in its place");
    } else if name.starts_with("--") {
        declared.flag(bare, value, Some(BY));
    } else {
        declared.argument(format!("{name}={text}"), value);
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
