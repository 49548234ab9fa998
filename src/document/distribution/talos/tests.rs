use crate::command_line::MountSource;
use crate::component::Component;
use crate::document::Found;
use crate::document::distribution::samples::{args, effective, found, of};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../../fixtures/documents/talos/", $name))
    };
}

#[test]
fn a_machine_configuration_is_joined_with_what_talos_sets() {
    let text = fixture!("controlplane.yaml");
    let found = found(text);
    let server = of(&found, Component::KubeApiserver);
    assert_eq!(
        args(text, server, &["enable-admission-plugins", "authorization-mode", "profiling"]),
        [
            ("--profiling=false".into(), "", 14, Some("Talos")),
            (
                "--enable-admission-plugins=NodeRestriction,AlwaysPullImages".into(),
                "AlwaysPullImages,NodeRestriction",
                14,
                None
            ),
            ("--authorization-mode=Node,RBAC,Webhook".into(), "Webhook", 15, None),
        ]
    );
    for (flag, expected) in [
        ("service-account-issuer", "https://a.example,https://b.example"),
        ("tls-cert-file", "broken"),
        ("audit-log-maxage", "30"),
        ("tls-min-version", "not known"),
        ("authorization-config", "default"),
        ("kubelet-certificate-authority", "default"),
        ("api-audiences", "https://10.0.0.2:6443"),
    ] {
        assert_eq!(effective(server, "1.34", flag), expected, "{flag}");
    }
    assert_eq!(server.line.version.map(|it| it.minor.minor), Some(34));
    assert_eq!(server.line.mounts[0].source, MountSource::Host("/var/lib/audit".into()));
    let scheduler = of(&found, Component::KubeScheduler);
    // The file that Talos gives the scheduler decides.
    assert_eq!(effective(scheduler, "1.34", "profiling"), "not known");
    let etcd = of(&found, Component::Etcd);
    assert_eq!(effective(etcd, "3.6", "client-cert-auth"), "true");
    let kubelet = of(&found, Component::Kubelet);
    assert_eq!(effective(kubelet, "1.34", "rotate-server-certificates"), "true");
    assert_eq!(effective(kubelet, "1.34", "anonymous-auth"), "not known");
    let manager = of(&found, Component::KubeControllerManager);
    assert_eq!(effective(manager, "1.34", "bind-address"), "127.0.0.1");
}

#[test]
fn in_a_patch_what_is_not_set_is_not_known() {
    let found_ = found(fixture!("patch.yaml"));
    assert_eq!(found_.len(), 1);
    let server = of(&found_, Component::KubeApiserver);
    assert_eq!(effective(server, "1.34", "feature-gates"), ":AllBeta=true");
    for flag in ["anonymous-auth", "audit-log-maxage", "profiling"] {
        assert_eq!(effective(server, "1.34", flag), "not known", "{flag}");
    }
    let text = fixture!("patch.json");
    let found = found(text);
    let server = of(&found, Component::KubeApiserver);
    let written = [
        ("--profiling=true".into(), "\"true\"", 2, None),
        ("--anonymous-auth=true".into(), "\"true\"", 3, None),
    ];
    assert_eq!(args(text, server, &["profiling", "anonymous-auth"]), written);
}

#[test]
fn separate_documents_are_read_with_what_stands_beside_them() {
    let text = fixture!("documents.yaml");
    let found_ = found(text);
    let server = of(&found_, Component::KubeApiserver);
    assert_eq!(effective(server, "1.36", "request-timeout"), "1m0s");
    assert_eq!(effective(server, "1.36", "profiling"), "false");
    assert_eq!(effective(server, "1.36", "anonymous-auth"), "not known");
    assert_eq!(server.document, 1);
    let beside = text.replace("type: controlplane\n", "type: controlplane\ncluster: {etcd: {}}\n");
    let servers = found(&beside);
    let is_server = |it: &&Found| it.line.component == Component::KubeApiserver;
    assert_eq!(servers.iter().filter(is_server).count(), 1);
    let alone = found("apiVersion: v1alpha1\nkind: KubeAPIServerConfig\nextraArgs: {v: '2'}\n");
    assert_eq!(effective(&alone[0], "1.36", "profiling"), "not known");
    assert_eq!(effective(&alone[0], "1.36", "v"), "2");
}

#[test]
fn patches_of_talhelper_are_texts_with_places_of_their_own() {
    let text = fixture!("talconfig.yaml");
    let found_ = found(text);
    let server = of(&found_, Component::KubeApiserver);
    let written = ("--request-timeout=60s".into(), "60s", 13, None);
    assert_eq!(args(text, server, &["request-timeout"]), [written]);
    assert_eq!(effective(server, "1.34", "oidc-client-id"), "not known");
    assert_eq!(effective(server, "1.34", "profiling"), "false");
    assert_eq!(server.line.version.map(|it| it.minor.minor), Some(34));
    let elsewhere = text.replace("  patches:\n  - |\n", "  patches:\n  - '@./more.yaml'\n  - |\n");
    let found = found(&elsewhere);
    let server = of(&found, Component::KubeApiserver);
    assert_eq!(effective(server, "1.34", "profiling"), "not known");
}

#[test]
fn a_worker_and_other_maps_have_no_control_plane() {
    let worker = fixture!("controlplane.yaml").replace("type: controlplane", "type: worker");
    let found_ = found(&worker);
    assert_eq!(found_.len(), 1);
    assert_eq!(found_[0].line.component, Component::Kubelet);
    for text in [
        "cluster: {apiServer: {}}\nimage: x\n",
        "cluster: {apiServer: x}\n",
        "- path: /apiServer\n",
    ] {
        assert!(found(text).is_empty(), "{text}");
    }
}
