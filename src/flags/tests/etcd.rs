//! What etcd refuses, by release.

use super::super::Flags;
use super::servers::{codes, read, since};
use crate::command_line::{Arg, CommandLine, Location, Variable};
use crate::component::Component::Etcd;
use crate::version::Minor;

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
fn a_proxy_advertises_nothing_and_serves_no_peers() {
    let listen = "--listen-client-urls=http://127.0.0.1:2379";
    let cluster = "--initial-cluster=a=http://1.2.3.4:2380";
    let discovery = "--discovery=https://d/x";
    let peers = "--listen-peer-urls=https://127.0.0.1:2380";
    let missing: &[&str] = &["missing-flag"];
    since(
        Etcd,
        &[
            ("3.4", "3.5", &["--proxy=on", listen, cluster], &[]),
            ("2.3", "3.5", &["--proxy=readonly", listen, cluster], &[]),
            ("", "3.5", &["--proxy=off", listen, cluster], missing),
            ("3.4", "3.5", &[discovery, listen], &[]),
            ("3.5", "3.6", &[discovery, listen], missing),
            ("", "3.5", &[discovery, "--discovery-fallback=exit", listen], missing),
            ("", "3.5", &["--proxy=on", peers, cluster], &[]),
            ("", "3.5", &[peers, cluster], missing),
            ("", "3.5", &["--proxy=on", "--peer-cert-file=/c", cluster], missing),
        ],
    );
}

#[test]
fn a_proxy_may_be_asked_for_by_a_variable() {
    for (mode, starts) in [("on", true), ("readonly", true), ("off", false)] {
        let listen = "--listen-client-urls=http://127.0.0.1:2379".to_owned();
        let mut line = CommandLine::given(Etcd, [listen]);
        let value = Arg::written(mode.to_owned(), Location::Argv { argument: 0 });
        line.environment.push(Variable { name: "ETCD_PROXY".to_owned(), value });
        let flags = Flags::read(&line, Minor { major: 3, minor: 5 });
        assert_eq!(flags.starts(), starts, "{mode}: {:?}", flags.diagnostics);
    }
}

#[test]
fn a_certificate_without_its_key_is_refused_where_it_is_to_serve() {
    let client = ["--advertise-client-urls=http://a:1", "--cert-file=/x"];
    let missing: &[&str] = &["missing-flag"];
    since(
        Etcd,
        &[
            ("3.4", "3.6", &["--cert-file=/x"], &[]),
            ("", "3.6", &["--key-file=/x"], &[]),
            ("", "3.6", &[client[0], client[1], "--listen-client-urls=http://127.0.0.1:1"], &[]),
            (
                "",
                "3.6",
                &[client[0], client[1], "--listen-client-urls=https://127.0.0.1:1"],
                missing,
            ),
            ("", "3.6", &[client[1], "--listen-metrics-urls=https://127.0.0.1:2"], missing),
            ("", "3.6", &["--peer-cert-file=/x"], missing),
        ],
    );
}

#[test]
fn an_empty_list_of_urls_changes_nothing_since_3_4() {
    let bad: &[&str] = &["bad-value"];
    since(
        Etcd,
        &[
            ("3.4", "3.6", &["--listen-metrics-urls="], &[]),
            ("3.4", "3.3", &["--advertise-client-urls="], bad),
            ("3.4", "3.3", &["--listen-peer-urls="], bad),
            ("3.3", "3.4", &["--listen-metrics-urls="], &[]),
        ],
    );
    assert_eq!(codes(&read(Etcd, "3.6", &["--listen-client-urls="])), ["missing-flag"]);
    let value = |args: &[&str]| {
        let flags = read(Etcd, "3.6", args);
        flags.value("advertise-client-urls").map(ToString::to_string)
    };
    let empty = "--advertise-client-urls=";
    assert_eq!(value(&[empty]).as_deref(), Some("[http://localhost:2379]"));
    let given = "--advertise-client-urls=http://a:1";
    assert_eq!(value(&[given, empty]).as_deref(), Some("[http://a:1]"));
}

#[test]
fn the_path_of_a_socket_is_no_url_up_to_3_4() {
    let bad: &[&str] = &["bad-value"];
    let listen = |url: &str| format!("--listen-peer-urls={url}");
    since(
        Etcd,
        &[
            ("3.5", "3.4", &[&listen("unix:///var/run/etcd.sock")], bad),
            ("3.6", "3.3", &[&listen("http://127.0.0.1:1,unix://a/etcd.sock:1")], bad),
            ("3.5", "3.4", &[&listen("unix://localhost")], bad),
            ("3.5", "3.4", &[&listen("unix://localhost:m0")], &[]),
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
        assert!(flags.diagnostics.iter().any(|d| d.code.name() == "prints-and-ends"), "{help}");
    }
}
