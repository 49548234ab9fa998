//! Kubespray's variables, as they stand in `group_vars`.
//!
//! They fill in a template of kubeadm's configuration. A file seldom holds all of them: what it leaves out
//! may stand in another, and is not known here. Source: kubespray
//! `roles/kubernetes/control-plane/templates/kubeadm-config.v1beta4.yaml.j2`. The kubelet's and etcd's
//! variables lead to their configuration files and are not read.

mod variables;

use super::declared::{Declared, plain, truth, unrendered};
use super::kubeadm::volumes;
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::{Format, Found};
use crate::version::Minor;
use crate::yaml::{Node, ScalarKind, Value};
use variables::{
    API_SERVER, COMPONENTS, CONDITIONAL, CONTROLLER_MANAGER, SCHEDULER, SECURE_SERVING, SWITCHES,
};

const OTHERS: &str = "another file of variables, Kubespray or kubeadm may set it";
const FOLDER: &str = "the folder is a variable that is not set here";

/// Variables without which a file is none of Kubespray's, however its others are called.
fn is_own(name: &str) -> bool {
    let listed = [API_SERVER, CONTROLLER_MANAGER, SCHEDULER].concat();
    listed.iter().any(|(variable, _)| *variable == name && name.starts_with("kube_"))
        || SWITCHES.iter().any(|(switch, ..)| *switch == name)
        || CONDITIONAL.iter().any(|(switch, ..)| *switch == name)
        || name.starts_with("kube_kubeadm_")
}

/// The command lines in one document.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let Value::Mapping(entries) = &root.value else { return Vec::new() };
    let names: Vec<&str> = entries.iter().filter_map(|(key, _)| key.as_str()).collect();
    if names.iter().any(|name| matches!(*name, "apiVersion" | "kind"))
        || !names.iter().any(|name| is_own(name))
    {
        return Vec::new();
    }
    let version = root.get("kube_version").and_then(Node::as_str);
    let version: Option<Minor> = version.and_then(|text| text.parse().ok());
    let line = |(component, beginnings): (Component, &[&str])| {
        let own = |name: &&str| beginnings.iter().any(|beginning| name.starts_with(beginning));
        names.iter().find(|name| own(name))?;
        let mut declared = Declared::new(carrier, component, root);
        let extra = match component {
            Component::KubeApiserver => api_server(&mut declared, root),
            Component::KubeControllerManager => controller_manager(&mut declared, root),
            _ => scheduler(&mut declared, root),
        };
        declared.open(OTHERS);
        let mounts = root.get(extra).map(volumes).unwrap_or_default();
        let line = declared.finish("Kubespray variables".to_owned()).carried(version, mounts);
        Some(Found { document, format: Format::Kubespray, line, diagnostics: Vec::new() })
    };
    COMPONENTS.into_iter().filter_map(line).collect()
}

fn api_server(declared: &mut Declared<'_>, root: &Node) -> &'static str {
    set(declared, root, API_SERVER);
    for (switch, variable, flag) in CONDITIONAL {
        let Some(value) = root.get(variable) else { continue };
        match root.get(switch).map(truth) {
            Some(Some(true)) => one(declared, flag, value),
            Some(None) => declared.uncertain(flag, jinja(value), value, "a template decides on it"),
            Some(Some(false)) | None => {}
        }
    }
    for (switch, flag, folder, file) in SWITCHES {
        let Some(on) = root.get(switch) else { continue };
        let folder = root.get(folder).and_then(Node::as_str);
        match (truth(on), folder.filter(|folder| !unrendered(folder))) {
            (Some(false), _) => {}
            (Some(true), Some(folder)) => declared.value(flag, format!("{folder}/{file}"), on),
            (Some(true), None) => declared.uncertain(flag, "", on, FOLDER),
            (None, _) => declared.uncertain(flag, "", on, "a template decides on it"),
        }
    }
    extra_args(declared, root, "kube_kubeadm_apiserver_extra_args");
    gates(declared, root, "kube_apiserver_feature_gates");
    set(declared, root, SECURE_SERVING);
    set(declared, root, &[("event_ttl_duration", "event-ttl")]);
    for (switch, flag) in [
        ("kube_apiserver_use_authorization_config_file", "authorization-config"),
        ("kube_apiserver_use_authentication_config_file", "authentication-config"),
    ] {
        if let Some(on) = root.get(switch).filter(|on| truth(on) != Some(false)) {
            declared.uncertain(flag, "", on, "Kubespray writes the file and names it");
            if flag == "authorization-config" {
                declared.forget("authorization-mode");
            }
        }
    }
    "apiserver_extra_volumes"
}

fn controller_manager(declared: &mut Declared<'_>, root: &Node) -> &'static str {
    set(declared, root, CONTROLLER_MANAGER);
    set(declared, root, &[("kube_profiling", "profiling")]);
    gates(declared, root, "kube_controller_feature_gates");
    extra_args(declared, root, "kube_kubeadm_controller_extra_args");
    set(declared, root, SECURE_SERVING);
    "controller_manager_extra_volumes"
}

fn scheduler(declared: &mut Declared<'_>, root: &Node) -> &'static str {
    set(declared, root, SCHEDULER);
    gates(declared, root, "kube_scheduler_feature_gates");
    extra_args(declared, root, "kube_kubeadm_scheduler_extra_args");
    "scheduler_extra_volumes"
}

fn set(declared: &mut Declared<'_>, root: &Node, variables: &[(&str, &str)]) {
    for (variable, flag) in variables {
        if let Some(value) = root.get(variable) {
            one(declared, flag, value);
        }
    }
}

/// Ansible prints its values into the template: what is true there is `True`.
fn one(declared: &mut Declared<'_>, flag: &str, value: &Node) {
    match value.scalar() {
        Some(scalar) if scalar.kind() == ScalarKind::Bool => {
            declared.value(flag, jinja(value), value);
        }
        _ => declared.typed(flag, value),
    }
}

fn jinja(value: &Node) -> String {
    match (value.scalar().map(crate::yaml::Scalar::kind), plain(value).as_str()) {
        (Some(ScalarKind::Bool), "true") => "True".to_owned(),
        (Some(ScalarKind::Bool), _) => "False".to_owned(),
        (_, text) => text.to_owned(),
    }
}

/// A component's own gates, or if it has none those of all.
fn gates(declared: &mut Declared<'_>, root: &Node, own: &str) {
    let filled = |key: &str| {
        let gates = root.get(key)?;
        (gates.items().is_none_or(|items| !items.is_empty())).then_some(gates)
    };
    if let Some(gates) = filled(own).or_else(|| filled("kube_feature_gates")) {
        one(declared, "feature-gates", gates);
    }
}

/// A mapping of flags, given behind the others even where it names one of them again.
fn extra_args(declared: &mut Declared<'_>, root: &Node, variable: &str) {
    let Some(args) = root.get(variable) else { return };
    let Value::Mapping(entries) = &args.value else { return };
    for (name, value) in entries {
        if let Some(name) = name.as_str() {
            declared.value(name, jinja(value), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::command_line::{Certainty, CommandLine, Location};
    use crate::component::Component;
    use crate::document::{Format, read};

    const VARIABLES: &str = include_str!("../../../../fixtures/documents/kubespray/hardening.yml");

    fn written(line: &CommandLine) -> Vec<(&str, usize, bool)> {
        let args = line.args.iter().map(|arg| {
            let Location::Text { span, .. } = &arg.location else { panic!("no text") };
            (arg.text.as_str(), span.start.line(), arg.certainty == Certainty::Known)
        });
        args.collect()
    }

    #[test]
    fn variables_are_the_flags_of_the_template() {
        let path: Arc<str> = "hardening.yml".into();
        let found = read(VARIABLES, &path).found;
        assert!(found.iter().all(|found| found.format == Format::Kubespray));
        let [api, manager] = &found[..] else { panic!("two lines") };
        assert_eq!(api.line.version.map(|version| version.minor.minor), Some(33));
        assert_eq!(
            written(&api.line),
            [
                ("", 3, false),
                ("--anonymous-auth=False", 5, true),
                ("--authorization-mode=Node,RBAC", 4, true),
                ("--bind-address={{ ip }}", 6, false),
                ("--profiling=False", 7, true),
                ("--audit-log-path=/var/log/audit.log", 9, true),
                (
                    "--encryption-provider-config=/etc/kubernetes/ssl/secrets_encryption.yaml",
                    14,
                    true
                ),
                ("--kubelet-certificate-authority=/etc/kubernetes/ssl/ca.crt", 15, true),
                ("--profiling=True", 17, true),
                ("--tls-min-version=VersionTLS12", 18, true),
            ]
        );
        assert_eq!(manager.line.component, Component::KubeControllerManager);
        assert_eq!(written(&manager.line)[1], ("--bind-address=127.0.0.1", 19, true));
    }

    #[test]
    fn other_peoples_variables_are_left_alone() {
        for text in ["kube_version: v1.30.0\ntls_min_version: x\n", "authorization_modes: [RBAC]\n"]
        {
            assert!(read(text, &"vars.yml".into()).found.is_empty(), "{text}");
        }
    }
}
