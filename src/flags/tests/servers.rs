//! What makes each server special, on single command lines.

use super::super::feature_gates::gate;
use super::super::value::Value;
use super::super::{Effective, Flags};
use crate::command_line::{Arg, CommandLine, Location, Variable};
use crate::component::Component::{
    self, Etcd, KubeApiserver, KubeControllerManager, KubeScheduler, Kubelet,
};
use crate::version::Minor;

pub(super) fn read(component: Component, minor: &str, args: &[&str]) -> Flags {
    let args: Vec<String> = args.iter().map(ToString::to_string).collect();
    let minor: Minor = minor.parse().expect("a minor");
    Flags::read(&CommandLine::given(component, args), minor)
}

pub(super) fn codes(flags: &Flags) -> Vec<&str> {
    flags.diagnostics.iter().filter(|d| d.refuses()).map(|d| d.code.name()).collect()
}

fn value(flags: &Flags, name: &str) -> String {
    flags.value(name).map_or_else(|| "unknown".to_owned(), Value::to_string)
}

#[test]
fn a_gate_that_is_locked_later_is_refused_later() {
    let args = ["--feature-gates=AnonymousAuthConfigurableEndpoints=false"];
    assert!(!codes(&read(KubeApiserver, "1.32", &args)).contains(&"locked-gate"));
    assert!(codes(&read(KubeApiserver, "1.34", &args)).contains(&"locked-gate"));
    let emulated = ["--emulated-version=1.33", args[0]];
    assert!(!codes(&read(KubeApiserver, "1.34", &emulated)).contains(&"locked-gate"));
}

#[test]
fn all_beta_moves_the_beta_gates_that_are_not_set() {
    let on = |args: &[&str], name: &str| {
        gate(&read(KubeApiserver, "1.34", args), name).ok().map(|gate| gate.value)
    };
    let off = ["--feature-gates=AllBeta=false"];
    assert_eq!(on(&[], "APIServerIdentity"), Some(true));
    assert_eq!(on(&off, "APIServerIdentity"), Some(false));
    assert_eq!(
        on(&[off[0], "--feature-gates=APIServerIdentity=true"], "APIServerIdentity"),
        Some(true)
    );
    // Alpha gates and gates that are locked stay where they are.
    assert_eq!(on(&off, "APIServingWithRoutine"), Some(false));
    assert_eq!(on(&off, "APIServerTracing"), Some(true));
    assert_eq!(on(&["--feature-gates=AllAlpha=true"], "APIServingWithRoutine"), Some(true));
}

#[test]
fn an_unknown_gate_is_refused_where_the_list_is_complete() {
    let args = ["--feature-gates=APIServerIdentty=true"];
    assert!(codes(&read(KubeApiserver, "1.34", &args)).contains(&"unknown-gate"));
    assert!(!codes(&read(KubeApiserver, "1.18", &args)).contains(&"unknown-gate"));
}

#[test]
fn etcd_takes_one_dash_or_two_and_no_underscores() {
    let flags = read(Etcd, "3.5", &["-data-dir=/d", "--client-cert-auth", "-name", "n"]);
    assert!(flags.starts(), "{:?}", flags.diagnostics);
    assert_eq!(
        (value(&flags, "data-dir"), value(&flags, "client-cert-auth")),
        ("/d".into(), "true".into())
    );
    assert_eq!(value(&flags, "name"), "n");
    assert!(codes(&read(Etcd, "3.5", &["--data_dir=/d"])).contains(&"unknown-flag"));
    assert!(codes(&read(Etcd, "3.5", &["--auto-tls", "false"])).contains(&"stray-word"));
    let stopped = read(Etcd, "3.5", &["word", "--auto-tls"]);
    assert_eq!(
        (codes(&stopped), value(&stopped, "auto-tls")),
        (vec!["stray-word"], "false".into())
    );
}

#[test]
fn etcds_variables_stand_in_for_flags_and_lose_against_them() {
    let mut line = CommandLine::given(Etcd, ["--name=flag".to_owned()]);
    for (name, text) in [
        ("ETCD_NAME", "env"),
        ("ETCD_PEER_AUTO_TLS", "true"),
        ("ETCD_DATA_DIR", ""),
        ("PATH", "/bin"),
        ("ETCD_UNKNOWN", "x"),
    ] {
        let location = Location::Argv { argument: 0 };
        let value = Arg::written(text.to_owned(), location);
        line.environment.push(Variable { name: name.to_owned(), value });
    }
    let flags = Flags::read(&line, Minor { major: 3, minor: 5 });
    assert!(flags.starts(), "{:?}", flags.diagnostics);
    assert_eq!(value(&flags, "name"), "flag");
    assert_eq!(value(&flags, "peer-auto-tls"), "true");
    assert!(!flags.is_set("data-dir"));
}

#[test]
fn etcds_file_replaces_its_flags() {
    let flags = read(Etcd, "3.5", &["--config-file=/etc/etcd.yaml", "--auto-tls=false"]);
    assert!(matches!(flags.effective("auto-tls"), Effective::Unresolved { .. }));
    assert!(matches!(flags.effective("cert-file"), Effective::Unresolved { .. }));
    assert_eq!(value(&flags, "config-file"), "/etc/etcd.yaml");
}

#[test]
fn etcd_refuses_what_cannot_work() {
    let urls =
        ["--listen-client-urls=https://0.0.0.0:2379", "--advertise-client-urls=https://a:2379"];
    let pair = ["--cert-file=/c", "--key-file=/k"];
    assert_eq!(codes(&read(Etcd, "3.6", &urls)), ["missing-flag"]);
    assert!(read(Etcd, "3.6", &[&urls[..], &pair].concat()).starts());
    assert!(read(Etcd, "3.6", &[urls[0], urls[1], "--auto-tls"]).starts());
    assert_eq!(
        codes(&read(Etcd, "3.6", &["--listen-client-urls=http://0.0.0.0:2379"])),
        ["missing-flag"]
    );
    assert_eq!(codes(&read(Etcd, "3.6", &["--listen-peer-urls=ftp://a"])), ["bad-value"]);
    assert_eq!(codes(&read(Etcd, "3.6", &["--election-timeout=400"])), ["bad-value"]);
    let both = ["--initial-cluster=a=http://a:2380", "--discovery=http://d/x"];
    assert_eq!(codes(&read(Etcd, "3.6", &both)), ["exclusive-flags"]);
    assert!(read(Etcd, "3.6", &["--force", "--snapshot=1"]).starts(), "known and ignored");
}

/// Command lines, a release that takes them if there is one, another release, and what it refuses.
pub(super) fn since(component: Component, cases: &[(&str, &str, &[&str], &[&str])]) {
    for (before, from, args, expected) in cases {
        if !before.is_empty() {
            let flags = read(component, before, args);
            assert!(flags.starts(), "{before} {args:?} {:?}", flags.diagnostics);
        }
        assert_eq!(codes(&read(component, from, args)), *expected, "{from} {args:?}");
    }
}

#[test]
fn the_kubelets_file_fills_in_what_is_not_set() {
    let with = read(Kubelet, "1.34", &["--config=/c.yaml", "--read-only-port=0"]);
    assert_eq!(value(&with, "read-only-port"), "0");
    assert!(matches!(with.effective("anonymous-auth"), Effective::Unresolved { .. }));
    assert_eq!(value(&with, "hostname-override"), "", "the file has no such field");
    let without = read(Kubelet, "1.34", &[]);
    let legacy = ["anonymous-auth", "authorization-mode", "read-only-port"];
    assert_eq!(legacy.map(|name| value(&without, name)), ["true", "AlwaysAllow", "10255"]);
}

#[test]
fn the_schedulers_file_makes_it_ignore_deprecated_flags() {
    let with = read(KubeScheduler, "1.34", &["--config=/c.yaml", "--profiling=false"]);
    assert!(matches!(with.effective("profiling"), Effective::Unresolved { setting: Some(_), .. }));
    assert_eq!(value(&with, "bind-address"), "0.0.0.0");
    assert_eq!(value(&read(KubeScheduler, "1.34", &["--profiling=false"]), "profiling"), "false");
}

#[test]
fn the_controller_manager_listens_everywhere_by_default() {
    let flags = read(KubeControllerManager, "1.34", &[]);
    assert!(flags.starts(), "{:?}", flags.diagnostics);
    assert_eq!(value(&flags, "bind-address"), "0.0.0.0");
    let refused =
        ["--tls-min-version=TLS1.3", "--secure-port=70000", "--use-service-account-credentials=x"];
    for arg in refused {
        assert_eq!(codes(&read(KubeControllerManager, "1.34", &[arg])), ["bad-value"], "{arg}");
    }
    assert!(read(KubeControllerManager, "1.34", &["--secure-port=0"]).starts());
}

#[test]
fn an_empty_mode_is_always_allow_or_refused_by_minor() {
    use super::super::answer::Known;
    use super::super::authorization::{Chain, authorizers};
    let chain =
        |minor: &str| match authorizers(&read(KubeApiserver, minor, &["--authorization-mode="])) {
            Ok(Known { value: Chain::Modes(modes), .. }) => modes.join(","),
            _ => "refused".to_owned(),
        };
    assert_eq!((chain("1.36"), chain("1.25")), ("AlwaysAllow".into(), "refused".into()));
}

#[test]
fn admission_control_drops_the_defaults() {
    use super::super::admission::plugin;
    let flags = read(KubeApiserver, "1.34", &["--admission-control=NodeRestriction"]);
    let on = |name: &str| plugin(&flags, name).is_ok_and(|it| it.value);
    assert!(on("NodeRestriction") && !on("ServiceAccount") && !on("PodSecurity"));
    assert!(flags.diagnostics.iter().any(|d| d.code.name() == "deprecated-flag"));
}

#[test]
fn another_name_sets_the_same_variable() {
    let port = |args: &[&str]| value(&read(KubeApiserver, "1.16", args), "insecure-port");
    assert_eq!(port(&["--insecure-port=0", "--port=8080"]), "8080");
    assert_eq!(port(&["--port=8080", "--insecure-port=0"]), "0");
    let args = ["--api-audiences=a", "--api-audiences=b", "--service-account-api-audiences=c"];
    assert_eq!(value(&read(KubeApiserver, "1.16", &args), "api-audiences"), "[c]");
}
