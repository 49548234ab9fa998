use crate::component::Component;
use crate::document::distribution::samples::{args, effective, found, of};

const ALONE: &str = include_str!("../../../../fixtures/documents/k0s/k0s.yaml");
const K0SCTL: &str = include_str!("../../../../fixtures/documents/k0s/k0sctl.yaml");
const CLUSTER_API: &str = include_str!("../../../../fixtures/documents/k0s/k0scontrolplane.yaml");

#[test]
fn extra_and_raw_arguments_replace_what_k0s_sets() {
    let found = found(ALONE);
    let server = of(&found, Component::KubeApiserver);
    assert_eq!(
        args(ALONE, server, &["audit-log-path", "tls-min-version", "etcd-servers"]),
        [
            ("--tls-min-version=VersionTLS12".into(), "", 8, Some("k0s")),
            ("--audit-log-path=/var/log/audit.log".into(), "/var/log/audit.log", 8, None),
            ("--tls-min-version=VersionTLS13".into(), "--tls-min-version=VersionTLS13", 12, None),
            (
                "--etcd-servers=https://elsewhere:2379".into(),
                "\"--etcd-servers=https://elsewhere:2379\"",
                13,
                None
            ),
            ("--etcd-servers=https://127.0.0.1:2379".into(), "", 8, Some("k0s")),
        ]
    );
    for (flag, expected) in [
        ("anonymous-auth", "false"),
        ("request-timeout", "broken"),
        ("advertise-address", "10.0.0.5"),
        ("tls-min-version", "VersionTLS13"),
        ("feature-gates", ":AllBeta=true"),
        ("audit-policy-file", "default"),
        ("tls-cipher-suites", "not known"),
    ] {
        assert_eq!(effective(server, "1.33", flag), expected, "{flag}");
    }
    let manager = of(&found, Component::KubeControllerManager);
    assert_eq!(effective(manager, "1.33", "profiling"), "true");
    assert_eq!(effective(manager, "1.33", "feature-gates"), "default");
    let etcd = of(&found, Component::Etcd);
    assert_eq!(effective(etcd, "3.5", "client-cert-auth"), "true");
    assert_eq!(effective(etcd, "3.5", "quota-backend-bytes"), "1");
}

#[test]
fn k0sctl_knows_the_version_and_moves_files() {
    let found = found(K0SCTL);
    let server = of(&found, Component::KubeApiserver);
    assert_eq!(server.line.version.map(|it| it.minor.minor), Some(31));
    assert_eq!(effective(server, "1.31", "client-ca-file"), "not known");
    assert_eq!(effective(server, "1.31", "etcd-cafile"), "not known");
    let scheduler = of(&found, Component::KubeScheduler);
    assert_eq!(effective(scheduler, "1.31", "profiling"), "true");
    assert!(found.iter().all(|it| it.line.component != Component::Etcd));
}

#[test]
fn a_control_plane_of_cluster_api_carries_the_configuration() {
    let found = found(CLUSTER_API);
    let server = of(&found, Component::KubeApiserver);
    let written = ("--anonymous-auth=true".into(), "\"true\"", 13, None);
    assert_eq!(args(CLUSTER_API, server, &["anonymous-auth"]), [written]);
    assert_eq!(effective(server, "1.33", "profiling"), "false");
}

#[test]
fn the_object_in_the_cluster_says_nothing_of_the_api_server() {
    let text = ALONE.replace("{name: k0s}", "{name: k0s, namespace: kube-system}");
    let found = found(&text);
    assert!(found.iter().all(|it| it.line.component != Component::KubeApiserver));
    assert_eq!(found.len(), 2);
}
