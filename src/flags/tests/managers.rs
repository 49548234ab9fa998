//! What the controller manager and the scheduler refuse, by release.

use super::servers::since;
use crate::component::Component::{KubeApiserver, KubeControllerManager, KubeScheduler};

#[test]
fn controllers_that_no_release_has_are_refused() {
    let bad: &[&str] = &["bad-value"];
    since(
        KubeControllerManager,
        &[
            ("", "1.36", &["--controllers=foo"], bad),
            ("", "1.20", &["--controllers=*,-foo"], bad),
            ("", "1.20", &["--controllers=foo-controller"], bad),
            ("", "1.36", &["--controllers=*,bootstrapsigner,tokencleaner"], &[]),
            ("", "1.36", &["--controllers=*,-bootstrap-signer-controller"], &[]),
            ("", "1.9", &["--controllers=*,-nodeipam,-ttl"], &[]),
            ("1.6", "1.7", &["--controllers=*,-statefuleset"], &[]),
            // What the newest releases added is not listed.
            ("1.36", "1.31", &["--controllers=*,selinux-warning-controller"], bad),
        ],
    );
}

#[test]
fn a_server_without_a_secure_port_looks_at_no_certificate() {
    let suite = "--tls-cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256";
    let missing: &[&str] = &["missing-flag"];
    for component in [KubeControllerManager, KubeScheduler] {
        since(
            component,
            &[
                ("1.13", "1.36", &["--secure-port=0", "--tls-cert-file=/x"], &[]),
                ("1.14", "1.36", &["--secure-port=0", suite], &[]),
                ("", "1.36", &["--secure-port=0", "--tls-min-version=x"], &[]),
                ("", "1.36", &["--tls-cert-file=/x"], missing),
                ("", "1.36", &["--secure-port=1", suite], &["bad-value"]),
            ],
        );
    }
    // It was turned off by default.
    since(KubeControllerManager, &[("1.11", "1.12", &["--tls-cert-file=/x"], missing)]);
}

#[test]
fn a_lease_outlasts_its_renewal_and_its_kind_is_known() {
    let bad: &[&str] = &["bad-value"];
    for component in [KubeControllerManager, KubeScheduler] {
        since(
            component,
            &[
                ("", "1.36", &["--leader-elect-lease-duration=1s"], bad),
                ("", "1.12", &["--leader-elect-renew-deadline=15s"], bad),
                ("", "1.36", &["--leader-elect-renew-deadline=2400ms"], bad),
                ("", "1.36", &["--leader-elect-renew-deadline=2401ms"], &[]),
                ("", "1.36", &["--leader-elect-retry-period=0s"], bad),
                ("", "1.36", &["--leader-elect=false", "--leader-elect-lease-duration=1s"], &[]),
                ("1.23", "1.24", &["--leader-elect-resource-lock=configmaps"], bad),
                ("1.27", "1.28", &["--leader-elect-resource-lock=endpointsleases"], bad),
                ("", "1.36", &["--leader-elect-resource-lock=leases"], &[]),
                ("", "1.20", &["--leader-elect-resource-lock=foo"], bad),
                ("", "1.36", &["--leader-elect-resource-lock=foo", "--leader-elect=false"], &[]),
                ("", "1.36", &["--secure-port=70000"], bad),
                ("", "1.20", &["--port=70000"], bad),
            ],
        );
    }
    since(
        KubeScheduler,
        &[
            ("", "1.36", &["--kube-api-burst=-1"], bad),
            // What stands in the file is not known, and decides.
            ("", "1.36", &["--config=/s.yaml", "--kube-api-burst=-1"], &[]),
        ],
    );
}

#[test]
fn each_component_began_to_refuse_words_at_its_own_time() {
    let word: &[&str] = &["stray-word"];
    since(KubeControllerManager, &[("1.18", "1.19", &["word"], word), ("", "1.36", &[""], &[])]);
    since(KubeScheduler, &[("1.15", "1.20", &["word"], word), ("1.19", "1.20", &[""], &[])]);
    since(KubeApiserver, &[("1.18", "1.19", &["--etcd-servers=http://a:1", "word"], word)]);
}
