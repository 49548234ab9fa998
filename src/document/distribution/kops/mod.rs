//! kops' clusters: typed fields whose names are not the flags'.
//!
//! kops fills in what is not set, by the cluster's version and cloud, and puts its own value in the place
//! of some that are; what it makes of those is not known here. Source: kops
//! `pkg/apis/kops/v1alpha2/componentconfig.go` (the tags `flag`), `pkg/flagbuilder/build_flags.go`,
//! `pkg/model/components/apiserver.go`.

mod added;
mod fields;

use super::added::{add, replaces};
use super::declared::{Declared, plain, unrendered};
use crate::command_line::{Arg, Certainty, CommandLine, Variable};
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::{Format, Found};
use crate::version::Minor;
use crate::yaml::Node;

const BY: &str = "kops";
const OTHERS: &str = "kops fills in the rest";
const REPLACED: &str = "kops puts its own value in its place";

/// The command lines in one document.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let text = |path: &[&str]| root.at(path).and_then(Node::as_str);
    let api = text(&["apiVersion"]).unwrap_or_default();
    let own = api.starts_with("kops.k8s.io/") || api.starts_with("kops/");
    let spec = root.get("spec").filter(|_| own && text(&["kind"]) == Some("Cluster"));
    let Some(spec) = spec else { return Vec::new() };
    let version = text(&["spec", "kubernetesVersion"]).and_then(|text| text.parse().ok());
    let name = match text(&["metadata", "name"]) {
        Some(name) => format!("kops Cluster {name}"),
        None => "kops Cluster".to_owned(),
    };
    let cluster = Cluster { spec, carrier, version, name };
    let mut lines = vec![cluster.api_server()];
    for (key, component, fields) in [
        ("kubeControllerManager", Component::KubeControllerManager, fields::CONTROLLER_MANAGER),
        ("kubeScheduler", Component::KubeScheduler, fields::SCHEDULER),
        ("kubelet", Component::Kubelet, fields::KUBELET),
        ("controlPlaneKubelet", Component::Kubelet, fields::KUBELET),
        ("masterKubelet", Component::Kubelet, fields::KUBELET),
    ] {
        lines.extend(cluster.section(key, component, fields));
    }
    lines.extend(cluster.etcd());
    let found = |line| Found { document, format: Format::Kops, line, diagnostics: Vec::new() };
    lines.into_iter().map(found).collect()
}

struct Cluster<'c> {
    spec: &'c Node<'c>,
    carrier: &'c Carrier<'c>,
    version: Option<Minor>,
    name: String,
}

impl Cluster<'_> {
    fn finish(&self, mut declared: Declared<'_>, name: String) -> CommandLine {
        declared.open(OTHERS);
        declared.finish(name).carried(self.version, Vec::new())
    }

    fn api_server(&self) -> CommandLine {
        let section = self.spec.get("kubeAPIServer");
        let place = section.unwrap_or(self.spec);
        let mut declared = Declared::new(self.carrier, Component::KubeApiserver, place);
        if let Some(section) = section {
            self.typed(&mut declared, section, fields::API_SERVER, added::API_SERVER);
        }
        // This one decides, not the API server's own field.
        let allowed = self.spec.at(&["authorization", "alwaysAllow"]);
        if let Some(allowed) = allowed.filter(|it| it.scalar().is_none()) {
            declared.forget("authorization-mode");
            declared.value("authorization-mode", "AlwaysAllow", allowed);
        }
        add(&mut declared, added::API_SERVER, self);
        self.finish(declared, self.name.clone())
    }

    fn section(
        &self,
        key: &str,
        component: Component,
        fields: &[(&str, &str)],
    ) -> Option<CommandLine> {
        let section = self.spec.get(key)?;
        let mut declared = Declared::new(self.carrier, component, section);
        self.typed(&mut declared, section, fields, &[]);
        if let Some(election) = section.get("leaderElection") {
            self.typed(&mut declared, election, fields::LEADER_ELECTION, &[]);
        }
        let name = match key {
            "controlPlaneKubelet" | "masterKubelet" => format!("{}, {key}", self.name),
            _ => self.name.clone(),
        };
        Some(self.finish(declared, name))
    }

    /// etcd's flags are variables that etcd-manager hands on.
    fn etcd(&self) -> Vec<CommandLine> {
        let clusters = self.spec.get("etcdClusters").and_then(Node::items).unwrap_or_default();
        let line = |cluster: &Node| {
            let entries = cluster.at(&["manager", "env"])?;
            let name = cluster.get("name").and_then(Node::as_str).unwrap_or_default();
            let name = format!("{}, etcd {name}", self.name);
            let declared = Declared::new(self.carrier, Component::Etcd, entries);
            let mut line = self.finish(declared, name);
            line.version = None;
            line.environment =
                entries.items()?.iter().filter_map(|entry| self.variable(entry)).collect();
            Some(line)
        };
        clusters.iter().filter_map(line).collect()
    }

    fn variable(&self, entry: &Node) -> Option<Variable> {
        let name = entry.get("name")?.as_str()?.to_owned();
        let value = entry.get("value")?;
        let text = plain(value);
        let certainty = if unrendered(&text) {
            Certainty::Unresolved("a template that was not rendered fills it in".to_owned())
        } else {
            Certainty::Known
        };
        let location = self.carrier.location(value.span);
        Some(Variable { name, value: Arg { text, location, certainty, added_by: None } })
    }

    /// Declares the fields of a section that are set; kops' own value wins over some of them.
    fn typed(
        &self,
        declared: &mut Declared<'_>,
        section: &Node,
        fields: &[(&str, &str)],
        own: &[added::Row],
    ) {
        for (field, flag) in fields {
            let Some(value) = section.get(field) else { continue };
            let text = plain(value);
            // What is its own zero is left out, as an empty text and list are.
            let zero = fields::ZERO_IS_UNSET.contains(flag) && text == "0";
            if zero {
                continue;
            }
            match value.items() {
                _ if replaces(own, self, flag, &text) => {
                    declared.uncertain(flag, text, value, REPLACED);
                }
                Some(items) if fields::REPEATED.contains(flag) => {
                    for item in items {
                        declared.value(flag, plain(item), item);
                    }
                }
                _ => declared.typed(flag, value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::command_line::{Certainty, CommandLine, Location};
    use crate::component::Component;
    use crate::document::{Format, read};

    const CLUSTER: &str = include_str!("../../../../fixtures/documents/kops/cluster.yaml");

    fn lines() -> Vec<CommandLine> {
        let path: Arc<str> = "cluster.yaml".into();
        let found = read(CLUSTER, &path).found;
        assert!(found.iter().all(|found| found.format == Format::Kops));
        found.into_iter().map(|found| found.line).collect()
    }

    fn arg<'l>(line: &'l CommandLine, text: &str) -> (&'l Certainty, usize, &'l str) {
        let arg = line.args.iter().find(|arg| arg.text == text);
        let arg = arg.unwrap_or_else(|| panic!("no {text}: {:?}", line.args));
        let Location::Text { span, .. } = &arg.location else { panic!("no text") };
        (&arg.certainty, span.start.line(), arg.added_by.unwrap_or_default())
    }

    #[test]
    fn fields_have_the_flags_that_their_tags_name() {
        let lines = lines();
        let api = &lines[0];
        assert_eq!(api.component, Component::KubeApiserver);
        assert_eq!(api.version.map(|version| version.minor.minor), Some(32));
        assert!(api.args[0].text.is_empty());
        let known = &Certainty::Known;
        assert_eq!(arg(api, "--audit-log-maxbackup=10"), (known, 9, ""));
        assert_eq!(
            arg(
                api,
                "--feature-gates=ContextualLogging=true,StructuredAuthenticationConfiguration=false"
            ),
            (known, 11, "")
        );
        assert_eq!(arg(api, "--oidc-required-claim=hd=b"), (known, 14, ""));
        assert_eq!(arg(api, "--authorization-mode=AlwaysAllow"), (known, 19, ""));
        assert_eq!(arg(api, "--secure-port=443"), (known, 8, "kops"));
        // kops itself sets this one.
        assert!(matches!(arg(api, "--anonymous-auth=true"), (Certainty::Unresolved(_), 8, "")));
        assert!(!api.args.iter().any(|arg| arg.text.starts_with("--v=")));
    }

    #[test]
    fn the_other_components_have_theirs() {
        let lines = lines();
        let manager = lines.iter().find(|line| line.component == Component::KubeControllerManager);
        assert_eq!(arg(manager.expect("one"), "--leader-elect=true").1, 21);
        let kubelet = lines.iter().find(|line| line.component == Component::Kubelet);
        assert_eq!(arg(kubelet.expect("one"), "--read-only-port=0").1, 23);
        let etcd = lines.iter().find(|line| line.component == Component::Etcd).expect("one");
        assert_eq!(etcd.environment[0].name, "ETCD_AUTO_TLS");
        assert_eq!(etcd.environment[0].value.text, "true");
    }
}
