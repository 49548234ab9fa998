use std::sync::Arc;

use super::{Carrier, read_together};
use crate::command_line::{Location, MountSource};
use crate::component::Component;
use crate::document::distribution::samples;
use crate::document::{Format, Found, read};
use crate::flags::Flags;
use crate::version::Minor;
use crate::yaml;

macro_rules! fixture {
    ($path:literal) => {
        include_str!(concat!("../../../../fixtures/documents/", $path))
    };
}

/// The arguments of some flags: text, line, who added them.
fn args(text: &str, found: &Found, flags: &[&str]) -> Vec<(String, usize, Option<&'static str>)> {
    let all = samples::args(text, found, flags).into_iter();
    all.map(|(text, _, line, added_by)| (text, line, added_by)).collect()
}

/// What the server makes of a flag.
fn effective(found: &Found, name: &str) -> String {
    samples::effective(found, "1.33", name)
}

#[test]
fn k3s_merges_its_defaults_with_the_entries() {
    let found = samples::found(fixture!("k3s/config.yaml"));
    let server = samples::of(&found, Component::KubeApiserver);
    assert_eq!(server.format, Format::K3s);
    let names = ["audit-log-path", "audit-log-maxage", "enable-admission-plugins", "profiling"];
    assert_eq!(
        args(fixture!("k3s/config.yaml"), server, &names),
        [
            ("--audit-log-path=/var/log/k3s-audit.log".into(), 6, None),
            ("--audit-log-maxage=30".into(), 7, None),
            ("--enable-admission-plugins=NodeRestriction".into(), 6, Some("k3s")),
            ("--enable-admission-plugins=AlwaysPullImages".into(), 8, None),
            ("--profiling=true".into(), 9, None),
        ]
    );
    for (flag, expected) in [
        ("anonymous-auth", "false"),
        ("authorization-mode", "Node,RBAC"),
        ("service-account-issuer", "https://kubernetes.default.svc.example.internal"),
        ("encryption-provider-config", "/var/lib/rancher/k3s/server/cred/encryption-config.json"),
        ("audit-policy-file", "default"),
        ("etcd-cafile", "not known"),
        ("tls-cipher-suites", "not known"),
    ] {
        assert_eq!(effective(server, flag), expected, "{flag}");
    }
    let manager = samples::of(&found, Component::KubeControllerManager);
    let threshold = ("--terminated-pod-gc-threshold=10".into(), 10, None);
    assert_eq!(
        args(fixture!("k3s/config.yaml"), manager, &["terminated-pod-gc-threshold"]),
        [threshold]
    );
    assert_eq!(effective(manager, "bind-address"), "127.0.0.1");
    assert_eq!(effective(samples::of(&found, Component::KubeScheduler), "profiling"), "false");
    let kubelet = samples::of(&found, Component::Kubelet);
    assert_eq!(effective(kubelet, "protect-kernel-defaults"), "true");
    assert_eq!(effective(kubelet, "read-only-port"), "not known");
    assert!(found.iter().all(|it| it.line.component != Component::Etcd));
}

#[test]
fn a_span_holds_the_entry_as_it_is_written() {
    let text = fixture!("k3s/config.yaml");
    let found = samples::found(text);
    let server = samples::of(&found, Component::KubeApiserver);
    let arg = server.line.args.iter().find(|arg| arg.text == "--audit-log-maxage=30");
    let Location::Text { span, .. } = &arg.expect("there").location else { panic!("no text") };
    assert_eq!(&text[span.start.offset()..span.end.offset()], "--audit-log-maxage=30");
}

#[test]
fn the_insecure_port_is_closed_where_there_is_one() {
    let found = samples::found(fixture!("k3s/config.yaml"));
    let server = samples::of(&found, Component::KubeApiserver);
    let old = Flags::read(&server.line, Minor::kubernetes(19));
    assert_eq!(old.value("insecure-port").map(ToString::to_string).as_deref(), Some("0"));
    let new = Flags::read(&server.line, Minor::kubernetes(33));
    assert!(new.settings.iter().all(|setting| setting.name != "insecure-port"));
}

#[test]
fn what_a_release_does_not_have_is_not_added() {
    let found = samples::found(fixture!("rke2/config.yaml"));
    let old = Flags::read(&samples::of(&found, Component::Etcd).line, "3.0".parse().expect("3.0"));
    assert!(old.diagnostics.iter().all(|it| !it.message().contains("listen-metrics-urls")));
    assert!(old.settings.iter().all(|setting| setting.name != "listen-metrics-urls"));
}

#[test]
fn a_configuration_without_arguments_is_one_of_a_server_too() {
    let found = samples::found("tls-san: [a]\ntoken: t\nprofile: cis\n");
    let server = samples::of(&found, Component::KubeApiserver);
    assert_eq!(effective(server, "audit-log-maxage"), "30");
    assert!(samples::found("tls-san: [a]\n").is_empty());
}

#[test]
fn files_of_one_folder_are_merged_in_order() {
    let path = |name: &str| -> Arc<str> { name.into() };
    let names = [path("config.yaml"), path("10-audit.yaml"), path("20-controller.yml")];
    let texts = [
        fixture!("k3s/config.yaml"),
        fixture!("k3s/config.yaml.d/10-audit.yaml"),
        fixture!("k3s/config.yaml.d/20-controller.yml"),
    ];
    let roots: Vec<_> =
        texts.iter().map(|text| yaml::parse(text).remove(0).expect("YAML").root).collect();
    let files: Vec<_> = (roots.iter().zip(texts).zip(&names))
        .map(|((root, text), name)| (root, Carrier::new(text, name)))
        .collect();
    let found = read_together(&files, false).expect("k3s");
    let server = samples::of(&found, Component::KubeApiserver);
    let backup = server.line.args.iter().find(|arg| arg.text == "--audit-log-maxbackup=10");
    assert_eq!(backup.expect("there").location.to_string(), "10-audit.yaml:1");
    assert_eq!(effective(server, "audit-log-maxage"), "30");
    let manager = samples::of(&found, Component::KubeControllerManager);
    assert_eq!(effective(manager, "terminated-pod-gc-threshold"), "20");
    let other = yaml::parse("kind: Pod\n").remove(0).expect("YAML").root;
    assert!(read_together(&[(&other, Carrier::new("kind: Pod\n", &path("p")))], false).is_none());
}

#[test]
fn a_file_that_adds_to_others_is_a_part() {
    let found = samples::found(fixture!("k3s/config.yaml.d/10-audit.yaml"));
    assert_eq!(found.len(), 1);
    assert_eq!(effective(&found[0], "audit-log-maxbackup"), "10");
    for flag in ["audit-log-path", "anonymous-auth"] {
        assert_eq!(effective(&found[0], flag), "not known", "{flag}");
    }
}

#[test]
fn what_differs_is_not_known_where_it_may_be_either() {
    let found = samples::found(fixture!("k3s/either.yaml"));
    let server = samples::of(&found, Component::KubeApiserver);
    for (flag, expected) in [
        ("anonymous-auth", "false"),
        // RKE2 keeps NodeRestriction beside it, k3s does not.
        ("enable-admission-plugins", "not known"),
        ("encryption-provider-config", "not known"),
        ("client-ca-file", "not known"),
        ("audit-log-path", "default"),
    ] {
        assert_eq!(effective(server, flag), expected, "{flag}");
    }
    assert_eq!(server.diagnostics[0].code.name(), "k3s-or-rke2");
    let hint = read(fixture!("k3s/either.yaml"), &"/etc/rancher/rke2/config.yaml".into());
    assert_eq!(hint.found[0].format, Format::Rke2);
}

#[test]
fn rke2_adds_audit_and_keeps_node_restriction() {
    let found = samples::found(fixture!("rke2/config.yaml"));
    let server = samples::of(&found, Component::KubeApiserver);
    assert_eq!(server.format, Format::Rke2);
    let policy = ("--audit-policy-file=/etc/rancher/rke2/policy.yaml".into(), 2, None);
    assert_eq!(args(fixture!("rke2/config.yaml"), server, &["audit-policy-file"]), [policy]);
    for (flag, expected) in [
        ("audit-log-maxage", "60"),
        ("audit-log-maxbackup", "10"),
        ("audit-log-path", "/var/lib/rancher/rke2/server/logs/audit.log"),
        ("enable-admission-plugins", "NodeRestriction,AlwaysPullImages"),
        ("encryption-provider-config", "/var/lib/rancher/rke2/server/cred/encryption-config.json"),
        ("etcd-servers", "https://127.0.0.1:2379"),
        ("service-account-extend-token-expiration", "not known"),
        ("admission-control-config-file", "not known"),
    ] {
        assert_eq!(effective(server, flag), expected, "{flag}");
    }
    assert_eq!(server.line.mounts[0].source, MountSource::Host("/srv/audit".into()));
    let etcd = samples::of(&found, Component::Etcd);
    let flags = Flags::read(&etcd.line, "3.6".parse().expect("a version"));
    assert_eq!(flags.value("client-cert-auth").map(ToString::to_string).as_deref(), Some("true"));
    assert_eq!(flags.value("quota-backend-bytes").map(ToString::to_string).as_deref(), Some("1"));
}

#[test]
fn variables_of_ansible_hold_it_one_level_down() {
    let found = samples::found(fixture!("rke2/group_vars.yml"));
    let server = samples::of(&found, Component::KubeApiserver);
    assert_eq!(server.line.name.as_deref(), Some("RKE2, group_rke2_config"));
    assert_eq!(effective(server, "tls-min-version"), "not known");
    assert_eq!(effective(server, "request-timeout"), "1m0s");
    assert_eq!(args(fixture!("rke2/group_vars.yml"), server, &["request-timeout"])[0].1, 6);
}

#[test]
fn rancher_has_settings_for_all_machines_and_for_some() {
    let found = samples::found(fixture!("rke2/cluster.yaml"));
    let servers: Vec<&Found> =
        found.iter().filter(|it| it.line.component == Component::KubeApiserver).collect();
    let shown: Vec<_> = servers.iter().map(|it| effective(it, "v")).collect();
    assert_eq!(shown, ["2", "4"]);
    assert_eq!(servers[0].format, Format::Rke2);
    let version = servers[0].line.version.map(|version| version.minor);
    assert_eq!(version, Some(Minor::kubernetes(30)));
    assert_eq!(
        effective(servers[0], "admission-control-config-file"),
        "/etc/rancher/rke2/rke2-pss.yaml"
    );
}

#[test]
fn what_rancher_adds_by_itself_is_not_known() {
    let template = "  defaultPodSecurityAdmissionConfigurationTemplateName: restricted\n";
    let text = fixture!("rke2/cluster.yaml").replace("spec:\n", &format!("spec:\n{template}"));
    let found = samples::found(&text);
    let server = samples::of(&found, Component::KubeApiserver);
    assert_eq!(effective(server, "admission-control-config-file"), "not known");
}

#[test]
fn control_planes_of_cluster_api_are_read() {
    let found = samples::found(fixture!("rke2/rke2controlplane.yaml"));
    let server = samples::of(&found, Component::KubeApiserver);
    assert_eq!(effective(server, "request-timeout"), "1m0s");
    assert_eq!(effective(server, "audit-policy-file"), "not known");
    assert_eq!(effective(server, "audit-log-maxage"), "30");
    // The provider appends its own argument, which is the last.
    let found = samples::found(fixture!("k3s/kthreescontrolplane.yaml"));
    assert_eq!(effective(samples::of(&found, Component::KubeApiserver), "anonymous-auth"), "true");
}

#[test]
fn an_agent_and_other_maps_start_no_server() {
    let agent = samples::found("server: https://a\ntoken: t\nkubelet-arg: [v=2]\n");
    assert_eq!(agent.len(), 1);
    assert_eq!(agent[0].line.component, Component::Kubelet);
    for text in
        ["profile: cis\nkube: x\n", "kube:\n  disable: [traefik]\n", "- kube-apiserver-arg\n"]
    {
        assert!(samples::found(text).is_empty(), "{text}");
    }
}
