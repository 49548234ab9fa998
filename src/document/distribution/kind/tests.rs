use std::sync::Arc;

use crate::command_line::{Certainty, CommandLine, Location, MountSource};
use crate::component::Component;
use crate::document::{Format, read};

const CLUSTER: &str = include_str!("../../../../fixtures/documents/kind/cluster.yaml");

fn lines(text: &str) -> Vec<CommandLine> {
    let path: Arc<str> = "kind.yaml".into();
    let found = read(text, &path).found;
    assert!(found.iter().all(|found| found.format == Format::Kind));
    found.into_iter().map(|found| found.line).collect()
}

/// An argument's text, line, characters in the file, and who added it.
fn arg<'t>(line: &CommandLine, flag: &str, text: &'t str) -> (String, usize, &'t str, &'t str) {
    let start = format!("--{flag}=");
    let mut all = line.args.iter().filter(|arg| arg.text.starts_with(&start));
    let arg = all.next().unwrap_or_else(|| panic!("no {flag}"));
    assert!(all.next().is_none(), "{flag} twice");
    let Location::Text { span, .. } = &arg.location else { panic!("no text") };
    let written =
        if arg.added_by.is_some() { "" } else { &text[span.start.offset()..span.end.offset()] };
    (arg.text.clone(), span.start.line(), written, arg.added_by.unwrap_or_default())
}

#[test]
fn patches_are_applied_in_kinds_order_and_keep_their_places() {
    let lines = lines(CLUSTER);
    let api = &lines[0];
    assert_eq!(api.component, Component::KubeApiserver);
    assert_eq!(api.version.map(|version| version.minor.minor), Some(31));
    let of = |flag: &str| arg(api, flag, CLUSTER);
    assert_eq!(of("profiling"), ("--profiling=false".into(), 13, "\"false\"", ""));
    assert_eq!(of("audit-log-path"), ("--audit-log-path=-".into(), 43, "\"-\"", ""));
    assert_eq!(of("anonymous-auth"), ("--anonymous-auth=false".into(), 27, "\"false\"", ""));
    assert_eq!(of("runtime-config").0, "--runtime-config=api/alpha=false");
    let gates = of("feature-gates");
    assert_eq!(
        gates.0,
        "--feature-gates=ContextualLogging=false,StructuredAuthenticationConfiguration=true"
    );
    assert_eq!(gates.1, 5);
    assert_eq!(of("authorization-mode").3, "kubeadm");
    let manager = &lines[1];
    assert_eq!(arg(manager, "profiling", CLUSTER).1, 30);
    assert_eq!(arg(manager, "enable-hostpath-provisioner", CLUSTER).3, "kind");
}

#[test]
fn mounts_lead_through_the_node_to_the_machine() {
    let lines = lines(CLUSTER);
    let source = |path: &str| {
        let mount = lines[0].mounts.iter().find(|mount| mount.path == path).expect("a mount");
        mount.source.clone()
    };
    assert_eq!(source("/policies"), MountSource::Host("/srv/audit/v1".into()));
    assert!(matches!(source("/"), MountSource::Other(_)));
}

#[test]
fn the_kubelet_of_another_node_has_its_own_flags() {
    let lines = lines(CLUSTER);
    let kubelets: Vec<&CommandLine> =
        lines.iter().filter(|line| line.component == Component::Kubelet).collect();
    assert_eq!(kubelets.len(), 1);
    assert_eq!(kubelets[0].name.as_deref(), Some("kind Cluster demo, node worker"));
    assert_eq!(arg(kubelets[0], "read-only-port", CLUSTER).1, 19);
}

#[test]
fn without_a_version_only_what_every_reading_says_is_known() {
    let patch = |dialect: &str, args: &str| {
        format!(
            "- |\n  kind: ClusterConfiguration\n  apiVersion: kubeadm.k8s.io/{dialect}\n  \
             apiServer: {{extraArgs: {args}}}\n"
        )
    };
    let text = format!(
        "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nkubeadmConfigPatches:\n{}{}",
        patch("v1beta3", "{profiling: 'false', anonymous-auth: 'false'}"),
        patch("v1beta4", "[{name: profiling, value: 'false'}]"),
    );
    let lines = lines(&text);
    let certainty = |flag: &str| {
        let start = format!("--{flag}=");
        lines[0].args.iter().find(|arg| arg.text.starts_with(&start)).map(|arg| &arg.certainty)
    };
    assert_eq!(certainty("profiling"), Some(&Certainty::Known));
    assert!(matches!(certainty("anonymous-auth"), Some(Certainty::Unresolved(_))));
}

#[test]
fn a_patch_that_is_no_yaml_leaves_everything_open() {
    let text =
        "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nkubeadmConfigPatches:\n- 'a: ['\n";
    let lines = lines(text);
    // Behind all that is known: it may have changed that as well.
    let last = lines[0].args.last().expect("there");
    assert!(last.text.is_empty() && matches!(last.certainty, Certainty::Unresolved(_)));
}

#[test]
fn a_json_patch_that_is_no_list_of_operations_leaves_everything_open() {
    for patch in ["\"{{ .Patch }}\"", "'a: b'", "'- {op: put, path: /apiServer/extraArgs/v}'"] {
        let text = format!(
            "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nkubeadmConfigPatchesJSON6902:\n\
             - {{group: kubeadm.k8s.io, version: v1beta3, kind: ClusterConfiguration, patch: {patch}}}\n"
        );
        let lines = lines(&text);
        let last = lines[0].args.last().expect("there");
        assert!(matches!(last.certainty, Certainty::Unresolved(_)), "{patch}");
    }
}

#[test]
fn a_folder_of_patches_in_the_node_leaves_everything_open() {
    let text = "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nkubeadmConfigPatches:\n- |\n  \
                kind: InitConfiguration\n  patches: {directory: /patches}\n";
    for line in lines(text) {
        let last = line.args.last().expect("there");
        assert!(matches!(last.certainty, Certainty::Unresolved(_)), "{}", line.component);
    }
}
