//! The files that configure components: one table a kind, and what lies above and below them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::read_flags;
use crate::command_line::{Arg, Certainty, CommandLine, Location};
use crate::component::Component::{self, Etcd, KubeScheduler, Kubelet};
use crate::flags::catalog::Catalog;
use crate::flags::{Effective, Flags};
use crate::source::Files;

/// Reads a command line beside files; `minor` is the component's own.
fn read(component: Component, minor: &str, args: &str, files: &[(&str, &str)]) -> Flags {
    let line = CommandLine::given(component, args.split_whitespace().map(str::to_owned));
    let files: BTreeMap<String, String> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    read_flags(&line, minor.parse().expect("a minor"), &Files::given(files))
}

/// What the flag comes to, in one line.
fn shown(flags: &Flags, name: &str) -> String {
    match flags.effective(name) {
        Effective::Set { value, settings } => {
            let last = settings.last().map(|setting| setting.location.to_string());
            format!("{value} at {}", last.unwrap_or_default())
        }
        Effective::Default { value } => format!("{value} by default"),
        Effective::DefaultNotKnown => "not known".to_owned(),
        Effective::Unresolved { why, .. } => format!("unresolved: {why}"),
        Effective::Broken { setting, why, .. } => format!("broken at {}: {why}", setting.location),
        Effective::Absent { .. } => "absent".to_owned(),
    }
}

/// The flag in 1.34 with this text as the file's, header apart.
fn kubelet(body: &str, name: &str) -> String {
    shown(&read(Kubelet, "1.34", "--config=/c/k.yaml", &[("/c/k.yaml", &kubelet_file(body))]), name)
}

fn kubelet_file(body: &str) -> String {
    format!("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{body}")
}

fn scheduler_file(version: &str, body: &str) -> String {
    format!(
        "apiVersion: kubescheduler.config.k8s.io/{version}\nkind: KubeSchedulerConfiguration\n{body}"
    )
}

/// A few lines that stand for a billion values.
pub(super) fn bomb() -> String {
    let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (from, to) in "abcdefgh".chars().zip("bcdefghi".chars()) {
        let many = vec![format!("*{from}"); 10].join(", ");
        let _ = writeln!(text, "{to}: &{to} [{many}]");
    }
    text
}

#[test]
fn every_flag_that_the_kubelets_file_can_set_has_its_field() {
    let catalog = Catalog::of(Kubelet);
    let newest = catalog.newest().to_string();
    let flags = read(Kubelet, &newest, "--config=/k.yaml", &[("/k.yaml", &kubelet_file(""))]);
    let alive = catalog.flags.iter().filter(|spec| spec.life.covers(flags.release));
    let without: Vec<&str> = alive
        .filter(|spec| spec.group == Some("config") && flags.left_out(spec.name).is_none())
        .map(|spec| spec.name)
        .collect();
    assert_eq!(without, [""; 0], "no field");
}

#[test]
fn the_kubelets_fields_are_its_flags() {
    for (body, name, expected) in [
        ("authentication: {anonymous: {enabled: true}}", "anonymous-auth", "true at /c/k.yaml:3"),
        ("authorization: {mode: AlwaysAllow}", "authorization-mode", "AlwaysAllow at /c/k.yaml:3"),
        ("tlsCertFile: pki/k.crt", "tls-cert-file", "/c/pki/k.crt at /c/k.yaml:3"),
        (
            "tlsCipherSuites: [A]",
            "tls-cipher-suites",
            "broken at /c/k.yaml:3: \"A\" is not a cipher suite of 1.34",
        ),
        ("tlsMinVersion: VersionTLS12", "tls-min-version", "VersionTLS12 at /c/k.yaml:3"),
        (
            "tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]",
            "tls-cipher-suites",
            "[TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256] at /c/k.yaml:3",
        ),
        ("eventRecordQPS: 0", "event-qps", "0 at /c/k.yaml:3"),
        ("readOnlyPort: 0x10", "read-only-port", "16 at /c/k.yaml:3"),
        ("readOnlyPort: 010", "read-only-port", "8 at /c/k.yaml:3"),
        ("evictionHard: {a: 1Gi, b: 5%}", "eviction-hard", "a<1Gi,b<5% at /c/k.yaml:3"),
        ("seccompDefault: yes", "seccomp-default", "true at /c/k.yaml:3"),
        (
            "a: &x true\nenableDebuggingHandlers: *x",
            "enable-debugging-handlers",
            "true at /c/k.yaml:3",
        ),
        ("runOnce: true", "runonce", "broken at /c/k.yaml:3: is refused since 1.32"),
        ("readOnlyPort: 1\nreadOnlyPort: 2", "read-only-port", "2 at /c/k.yaml:4"),
        ("readOnlyPort: 1\n---\nreadOnlyPort: 2", "read-only-port", "1 at /c/k.yaml:3"),
        ("reservedMemory: []", "reserved-memory", "unresolved: reservedMemory is not read"),
    ] {
        assert_eq!(kubelet(body, name), expected, "{body}");
    }
    let json = r#"{"kind":"KubeletConfiguration","apiVersion":"kubelet.config.k8s.io/v1beta1","readOnlyPort":7}"#;
    let flags = read(Kubelet, "1.34", "--config=/k", &[("/k", json)]);
    assert_eq!(shown(&flags, "read-only-port"), "7 at /k:1");
}

#[test]
fn what_the_kubelets_file_leaves_out_has_the_defaults_of_the_api() {
    for (name, expected) in [
        ("anonymous-auth", "false by default"),
        ("authentication-token-webhook", "true by default"),
        ("authorization-mode", "Webhook by default"),
        ("read-only-port", "0 by default"),
        ("rotate-certificates", "false by default"),
        ("streaming-connection-idle-timeout", "4h0m0s by default"),
        ("event-qps", "50 by default"),
        ("pod-max-pids", "-1 by default"),
        ("eviction-hard", "not known"),
    ] {
        assert_eq!(kubelet("", name), expected, "{name}");
        assert_eq!(
            kubelet("authentication:\nauthorization: ~\nreadOnlyPort: null", name),
            expected
        );
    }
    for body in [
        "streamingConnectionIdleTimeout: 0s\nport: 0",
        "# streamingConnectionIdleTimeout: 1s\n# port: 1",
    ] {
        assert_eq!(kubelet(body, "streaming-connection-idle-timeout"), "4h0m0s by default");
        assert_eq!(kubelet(body, "port"), "10250 by default");
    }
}

#[test]
fn what_the_kubelet_refuses_is_refused_at_its_place() {
    let file = kubelet_file;
    for (text, place) in [
        (String::new(), "/k:1: /k: is empty"),
        ("# nothing".to_owned(), "/k:1: /k: is empty"),
        ("[1]".to_owned(), "/k:1: /k: is no object with fields"),
        ("{a: [".to_owned(), "/k:1: /k: "),
        (bomb(), ": /k: its aliases expand"),
        (file("").replace("v1beta1", "v1"), "/k:1: /k: there is no KubeletConfiguration"),
        (file("").replace("KubeletC", "KubeProxyC"), "/k:2: /k: is a KubeProxyConfiguration"),
        ("kind: KubeletConfiguration\n".to_owned(), "/k:1: /k: has no apiVersion"),
        (file("readOnlyPort: '0'"), "/k:3: /k: readOnlyPort is not a whole number"),
        (file("readOnlyPort: 99999999999"), "/k:3: /k: readOnlyPort: "),
        (file("authentication: {anonymous: {enabled: 'no'}}"), "/k:3: /k: enabled is not true or"),
        (file("authentication: [x]"), "/k:3: /k: is no object"),
        (file("syncFrequency: 60"), "/k:3: /k: syncFrequency is not a string"),
        (file("syncFrequency: soon"), "/k:3: /k: syncFrequency: "),
        (file("address: here"), "/k:3: /k: address: "),
        (file("tlsCipherSuites: A,B"), "/k:3: /k: tlsCipherSuites is not a list"),
        (file("featureGates: {A: 1}"), "/k:3: /k: A is not true or false"),
        (file("systemReserved: {cpu: 1}"), "/k:3: /k: cpu is not a string"),
    ] {
        let flags = read(Kubelet, "1.34", "--config=/k --read-only-port=0", &[("/k", &text)]);
        let found = shown(&flags, "anonymous-auth");
        assert!(found.starts_with("broken at /k:") && found.contains(place), "{text}\n{found}");
        assert!(!flags.starts(), "{text}");
        assert_eq!(shown(&flags, "read-only-port"), "0 at argument 2", "{text}");
        assert_eq!(shown(&flags, "hostname-override"), " by default", "{text}");
    }
}

#[test]
fn the_kubelet_leaves_out_what_it_does_not_know() {
    let text = kubelet_file(
        "readonlyport: 1\nauthentication: {anonymous: {enable: true}}\nenableSystemLogQuery: true\n",
    );
    let flags = read(Kubelet, "1.34", "--config=/k", &[("/k", &text)]);
    assert!(flags.starts());
    let said: Vec<String> = flags
        .diagnostics
        .iter()
        .filter(|said| said.code.name() == "configuration-file")
        .map(|said| said.location.as_ref().map(ToString::to_string).unwrap_or_default())
        .collect();
    assert_eq!(said, ["/k:3", "/k:4"]);
    assert_eq!(shown(&flags, "anonymous-auth"), "false by default");
    assert_eq!(shown(&flags, "read-only-port"), "0 by default");
    // A field of later releases is none of this one's.
    let old = kubelet_file("registerNode: false");
    let flags = read(Kubelet, "1.21", "--config=/k", &[("/k", &old)]);
    assert_eq!(shown(&flags, "register-node"), "true by default");
}

#[test]
fn drop_ins_override_the_file_and_flags_both() {
    let base = kubelet_file(
        "readOnlyPort: 1\nmaxPods: 1\nauthentication: {anonymous: {enabled: true}, webhook: {enabled: false}}\nfeatureGates: {A: true, B: true, C: true}\nstaticPodPath: p\n",
    );
    let first = kubelet_file("readOnlyPort: 2\nmaxPods: 2\nfeatureGates: {B: false}\n");
    let second = kubelet_file(
        "maxPods: 3\nauthentication: {anonymous: null}\nfeatureGates: {C: null}\ntlsCertFile: t\n",
    );
    let files = [
        ("/k", base.as_str()),
        ("/d/20.conf", second.as_str()),
        ("/d/10.conf", first.as_str()),
        ("/d/30.yaml", "no configuration"),
    ];
    let line = "--config=/k --config-dir=/d --port=4 --feature-gates=A=false";
    let flags = read(Kubelet, "1.34", line, &files);
    for (name, expected) in [
        ("read-only-port", "2 at /d/10.conf:3"),
        ("max-pods", "3 at /d/20.conf:3"),
        ("anonymous-auth", "false by default"),
        ("authentication-token-webhook", "false at /k:5"),
        ("feature-gates", "A=false,B=false at argument 4"),
        ("port", "4 at argument 3"),
        ("pod-manifest-path", "/p at /k:7"),
        ("tls-cert-file", "t at /d/20.conf:6"),
    ] {
        assert_eq!(shown(&flags, name), expected, "{name}");
    }
    // Drop-ins alone lie over the old defaults of the flags; null brings those of the API.
    let flags = read(Kubelet, "1.34", "--config-dir=/d", &files[1..]);
    assert_eq!(shown(&flags, "authorization-mode"), "AlwaysAllow by default");
    assert_eq!(shown(&flags, "anonymous-auth"), "false by default");
    assert_eq!(shown(&flags, "authentication-token-webhook"), "false by default");
    for (text, place) in [
        (kubelet_file("ReadOnlyPort: 0"), "/d/10.conf:3"),
        (kubelet_file("").replace("v1beta1", "v1"), "/d/10.conf:1"),
        (String::new(), "/d/10.conf:1"),
    ] {
        let files = [("/k", base.as_str()), ("/d/10.conf", text.as_str())];
        let flags = read(Kubelet, "1.34", "--config=/k --config-dir=/d", &files);
        let found = shown(&flags, "read-only-port");
        assert!(found.starts_with(&format!("broken at {place}: ")), "{found}");
    }
}

#[test]
fn what_is_not_known_of_the_kubelet_stays_not_known() {
    let text = kubelet_file("readOnlyPort: 0");
    let files = [("/k", text.as_str())];
    for (minor, line) in [
        ("1.34", "--config=/elsewhere"),
        ("1.34", "--config=/k --config-dir=/elsewhere"),
        ("1.20", "--config=/k --dynamic-config-dir=/dynamic"),
        ("1.9", "--config=/k"),
    ] {
        let found = shown(&read(Kubelet, minor, line, &files), "read-only-port");
        assert!(found.starts_with("unresolved: "), "{minor} {line}: {found}");
    }
    assert_eq!(
        shown(&read(Kubelet, "1.5", "--config=/k", &files), "read-only-port"),
        "10255 by default"
    );
}

#[test]
fn etcds_file_decides_alone() {
    let text = "\
name: 7
Client-Transport-Security: {cert-file: /c, client-cert-auth: yes, cert: /x}
peer-transport-security:
  allowed-cn: [a, b]
listen-client-urls: https://a:2379,https://b:2379
listen-metrics-urls: ''
grpc-keepalive-min-time: 5000000000
cipher-suites: [A, B]
key-file: /k
initial-cluster-token: secret
";
    let line = "--config-file=/e --auto-tls --key-file=/line";
    let flags = read(Etcd, "3.6", line, &[("/e", text)]);
    for (name, expected) in [
        ("name", "7 at /e:1"),
        ("cert-file", "/c at /e:2"),
        ("client-cert-auth", "true at /e:2"),
        ("peer-cert-allowed-cn", "a,b at /e:4"),
        ("peer-cert-file", " by default"),
        ("listen-client-urls", "[https://a:2379,https://b:2379] at /e:5"),
        ("listen-metrics-urls", "[] by default"),
        ("listen-peer-urls", "[http://localhost:2380] by default"),
        ("grpc-keepalive-min-time", "5s at /e:7"),
        ("cipher-suites", "A,B at /e:8"),
        ("key-file", " by default"),
        ("auto-tls", "false by default"),
        ("config-file", "/e at argument 1"),
    ] {
        assert_eq!(shown(&flags, name), expected, "{name}");
    }
    assert!(flags.starts(), "{:?}", flags.diagnostics);
    let ignored: Vec<String> = flags
        .diagnostics
        .iter()
        .filter(|said| said.code.name() == "ignored-flag")
        .map(|said| said.message().into_owned())
        .collect();
    assert_eq!(ignored, ["--auto-tls is ignored: /e decides", "--key-file is ignored: /e decides"]);
    let unknown = flags.diagnostics.iter().filter(|said| said.message().contains("unknown field"));
    assert_eq!(unknown.count(), 2);
    let token = flags.last("initial-cluster-token").expect("set");
    assert!(!token.shown().contains("secret") && !token.shown_value().contains("secret"));
    for text in ["", "# auto-tls: true", "---", "null", "{}"] {
        let flags = read(Etcd, "3.5", "--config-file=/e --auto-tls", &[("/e", text)]);
        assert_eq!(shown(&flags, "auto-tls"), "false by default", "{text}");
    }
}

#[test]
fn what_etcd_refuses_is_refused_at_its_place() {
    for (text, place) in [
        ("listen-client-urls: [https://a:2379]", "/e:1: /e: "),
        ("listen-client-urls: ftp://a", "/e:1: /e: listen-client-urls: "),
        ("name: a\nclient-transport-security: true", "/e:2: /e: is no object"),
        ("client-transport-security: {auto-tls: 'true'}", "/e:1: /e: auto-tls is not true or"),
        ("heartbeat-interval: 100ms", "/e:1: /e: heartbeat-interval is not a whole number"),
        ("- name", "/e:1: /e: is no object"),
        ("name: [", "/e:"),
    ] {
        let flags = read(Etcd, "3.6", "--config-file=/e", &[("/e", text)]);
        let found = shown(&flags, "auto-tls");
        assert!(found.starts_with("broken at ") && found.contains(place), "{text}\n{found}");
        assert!(!flags.starts(), "{text}");
    }
    let bomb = bomb();
    let flags = read(Etcd, "3.6", "--config-file=/e", &[("/e", &bomb)]);
    assert!(shown(&flags, "name").contains("its aliases expand"));
}

#[test]
fn the_schedulers_file_replaces_its_deprecated_flags() {
    let body = "enableProfiling: false\nclientConnection: {kubeconfig: /k.conf, qps: 2.5}\n\
                leaderElection: {leaderElect: false, leaseDuration: 0s}\nprofiles: [{x: 1}]\n";
    let text = scheduler_file("v1", body);
    let line = "--config=/s --profiling --kubeconfig=/line --leader-elect --kube-api-burst=3";
    let flags = read(KubeScheduler, "1.34", line, &[("/s", &text)]);
    for (name, expected) in [
        ("profiling", "false at /s:3"),
        ("contention-profiling", "true by default"),
        ("kubeconfig", "/k.conf at /s:4"),
        ("kube-api-qps", "2.5 at /s:4"),
        ("kube-api-burst", "100 by default"),
        ("leader-elect", "true at argument 4"),
        ("leader-elect-lease-duration", "15s by default"),
        ("bind-address", "0.0.0.0 by default"),
    ] {
        assert_eq!(shown(&flags, name), expected, "{name}");
    }
    assert!(flags.starts(), "{:?}", flags.diagnostics);
}

#[test]
fn what_the_scheduler_refuses_is_refused_at_its_place() {
    for (minor, text, place) in [
        ("1.34", scheduler_file("v1beta3", ""), "/s:1: /s: kubescheduler.config.k8s.io/v1beta3"),
        ("1.22", scheduler_file("v1", ""), "/s:1: "),
        ("1.34", scheduler_file("v1", "enableProfilling: false"), "/s:3: /s: unknown field"),
        ("1.34", scheduler_file("v1", "healthzBindAddress: ''"), "/s:3: /s: unknown field"),
        ("1.34", scheduler_file("v1", "leaderElection: {elect: true}"), "/s:3: /s: unknown"),
        ("1.34", scheduler_file("v1", "parallelism: 1\nparallelism: 2"), "is set twice"),
        ("1.34", scheduler_file("v1", "enableProfiling: 'false'"), "is not true or false"),
        ("1.34", String::new(), "/s:1: /s: is empty"),
        ("1.34", bomb(), "its aliases expand"),
        ("1.34", "apiVersion: v1\nkind: Policy\n".to_owned(), "/s:2: /s: is a Policy"),
    ] {
        let flags = read(KubeScheduler, minor, "--config=/s", &[("/s", &text)]);
        let found = shown(&flags, "profiling");
        assert!(found.starts_with("broken at /s:") && found.contains(place), "{text}\n{found}");
        assert!(!flags.starts(), "{text}");
    }
    let lenient = scheduler_file("v1alpha1", "schedulerName: x\nenableProfiling: false\n");
    let flags = read(KubeScheduler, "1.18", "--config=/s", &[("/s", &lenient)]);
    assert_eq!(shown(&flags, "profiling"), "false at /s:4");
}

#[test]
fn an_argument_that_is_not_known_may_override_the_kubelets_file_but_not_etcds() {
    let with_hidden = |component, minor: &str, args: &str, text: &str| {
        let words = args.split_whitespace().map(str::to_owned);
        let mut line = CommandLine::given(component, words);
        let hidden = Arg {
            text: "$EXTRA".to_owned(),
            location: Location::Argv { argument: 1 },
            certainty: Certainty::Unresolved("EXTRA is not known".to_owned()),
            added_by: None,
        };
        line.args.insert(0, hidden);
        let files = BTreeMap::from([("/f".to_owned(), text.to_owned())]);
        read_flags(&line, minor.parse().expect("a minor"), &Files::given(files))
    };
    let text = kubelet_file("readOnlyPort: 0");
    let flags = with_hidden(Kubelet, "1.34", "--config=/f", &text);
    for name in ["read-only-port", "anonymous-auth"] {
        assert!(shown(&flags, name).starts_with("unresolved: "), "{name}");
    }
    let flags = with_hidden(Etcd, "3.6", "--config-file=/f", "name: a");
    assert_eq!(shown(&flags, "name"), "a at /f:1");
    assert_eq!(shown(&flags, "auto-tls"), "false by default");
}
