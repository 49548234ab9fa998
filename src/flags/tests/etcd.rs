//! What etcd refuses, by release.

use super::servers::{read, since};
use crate::component::Component::Etcd;

#[test]
fn etcd_refuses_numbers_and_words_out_of_range() {
    let bad: &[&str] = &["bad-value"];
    since(
        Etcd,
        &[
            ("", "3.6", &["--heartbeat-interval=0"], bad),
            ("", "3.6", &["--election-timeout=60000"], bad),
            ("", "3.6", &["--election-timeout=499"], bad),
            ("", "3.6", &["--heartbeat-interval=500"], bad),
            ("", "3.6", &["--heartbeat-interval=1000", "--election-timeout=50000"], &[]),
            ("3.5", "3.6", &["--auto-compaction-mode="], bad),
            ("", "3.5", &["--auto-compaction-mode=hourly"], bad),
            ("", "3.6", &["--compact-hash-check-time=0s"], bad),
            ("", "3.6", &["--compact-hash-check-time=1s"], &[]),
            ("3.4", "3.5", &["--log-level=foo"], bad),
            ("", "3.6", &["--log-level=WARN"], &[]),
            ("", "3.6", &["--log-format=foo"], bad),
            ("3.4", "3.5", &["--logger=capnslog"], bad),
            ("", "3.6", &["--log-outputs=default,/var/log/etcd"], bad),
            ("", "3.6", &["--log-outputs=stderr,/var/log/etcd"], &[]),
            ("", "3.6", &["--enable-log-rotation"], &["missing-flag"]),
            ("", "3.6", &["--enable-log-rotation", "--log-outputs=/var/log/etcd"], &[]),
            ("", "3.6", &["--v2-deprecation=foo"], bad),
            ("3.5", "3.6", &["--v2-deprecation=not-yet"], bad),
            ("3.5", "3.6", &["--discovery-fallback=proxy"], bad),
            ("", "3.5", &["--proxy=maybe"], bad),
        ],
    );
}

#[test]
fn etcd_refuses_tls_versions_that_leave_nothing() {
    let suite = "--cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    let bad: &[&str] = &["bad-value"];
    since(
        Etcd,
        &[
            ("", "3.6", &["--tls-min-version=TLS1.1"], bad),
            ("", "3.6", &["--tls-min-version=VersionTLS13"], bad),
            ("", "3.6", &["--tls-max-version=1.3"], bad),
            ("", "3.6", &["--tls-min-version=TLS1.3", "--tls-max-version=TLS1.2"], bad),
            ("", "3.6", &["--tls-min-version=TLS1.2", "--tls-max-version=TLS1.3"], &[]),
            ("", "3.6", &["--tls-min-version=TLS1.3", suite], &["exclusive-flags"]),
            ("", "3.6", &["--tls-min-version=", suite], &[]),
        ],
    );
}

#[test]
fn etcd_finds_its_cluster_in_one_way() {
    let token = "--discovery-token=b";
    since(
        Etcd,
        &[
            ("", "3.6", &[token], &["missing-flag"]),
            ("", "3.6", &["--discovery-endpoints=http://a:1"], &["missing-flag"]),
            ("", "3.6", &["--discovery-endpoints=http://a:1", token], &[]),
            ("", "3.6", &["--discovery-endpoints=http://a:1,", token], &["bad-value"]),
            (
                "",
                "3.6",
                &["--discovery-endpoints=a", token, "--initial-cluster=x=http://a:1"],
                &["exclusive-flags"],
            ),
            (
                "",
                "3.6",
                &["--discovery-endpoints=a", token, "--discovery-proxy=http://p"],
                &["exclusive-flags"],
            ),
        ],
    );
}

#[test]
fn etcd_listens_at_addresses_and_tells_others_hosts() {
    let advertise = "--advertise-client-urls=http://a:1";
    let bad: &[&str] = &["bad-value"];
    since(
        Etcd,
        &[
            ("3.1", "3.2", &["--listen-client-urls=http://example.com:2379", advertise], bad),
            ("", "3.6", &["--listen-client-urls=http://localhost:2379", advertise], &[]),
            ("", "3.6", &["--listen-client-urls=http://[::1]:2379", advertise], &[]),
            ("", "3.6", &["--listen-client-urls=unix://a.sock:1", advertise], &[]),
            ("", "3.6", &["--listen-client-urls=http://:2379", advertise], bad),
            ("", "3.6", &["--listen-metrics-urls=http://example.com:2381"], bad),
            ("3.3", "3.4", &["--initial-advertise-peer-urls=http://:2380"], bad),
            ("", "3.6", &["--initial-advertise-peer-urls=http://example.com"], bad),
            ("", "3.6", &["--initial-advertise-peer-urls=http://example.com:1/"], bad),
            ("", "3.6", &["--initial-advertise-peer-urls=http://::1:2380"], bad),
        ],
    );
}

#[test]
fn etcd_has_gates_of_its_own() {
    let persist = "--feature-gates=LeaseCheckpointPersist=true";
    let old = "--experimental-enable-lease-checkpoint";
    let old_persist = "--experimental-enable-lease-checkpoint-persist";
    since(
        Etcd,
        &[
            ("", "3.6", &["--feature-gates=Foo=true"], &["unknown-gate"]),
            ("", "3.6", &["--feature-gates=CompactHashCheck"], &["bad-value"]),
            ("", "3.6", &["--feature-gates=CompactHashCheck=maybe"], &["bad-value"]),
            ("", "3.6", &["--feature-gates=CompactHashCheck=true,AllBeta=false"], &[]),
            ("", "3.6", &[persist], &["gate-dependency"]),
            ("", "3.6", &["--feature-gates=AllAlpha=true"], &[]),
            ("", "3.5", &[old_persist], &["gate-dependency"]),
            ("", "3.5", &[old_persist, old], &[]),
            // Its list is not known for certain.
            ("3.7", "3.7", &["--feature-gates=Foo=true"], &[]),
        ],
    );
}

#[test]
fn etcd_prints_help_and_ends() {
    for help in ["-h", "--help", "-help=x"] {
        let flags = read(Etcd, "3.6", &[help, "--auto-tls"]);
        assert!(flags.starts(), "it is no mistake: {:?}", flags.diagnostics);
        assert!(flags.diagnostics.iter().any(|d| d.code == "prints-and-ends"), "{help}");
    }
}
