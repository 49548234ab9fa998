//! Servers that a shell starts: in a pod's script, and of wrappers that run.

use serde_json::Value;

use crate::live::{Proc, of_pid};
use crate::program::{manifest, plimsoll, plimsoll_reading};

const IMAGE: &str = "registry.k8s.io/kube-apiserver:v1.34.0";

/// Checks a pod on standard input.
fn check(container: &str) -> (Value, i32) {
    let outcome =
        plimsoll_reading(["check", "--format=json", "-"], manifest(IMAGE, container).as_bytes());
    (outcome.json(), outcome.status)
}

/// A script's statuses of a rule, one for each target.
fn statuses(script: &str, rule: &str) -> Vec<String> {
    let lines = script.replace('\n', "\n      ");
    let env = "    env: [{name: P, value: 'false'}]\n";
    let (report, _) =
        check(&format!("{env}    command: [sh, -c]\n    args:\n    - |\n      {lines}\n"));
    of_all(&report, rule)
}

fn of_all(report: &Value, rule: &str) -> Vec<String> {
    let targets = report["targets"].as_array().expect("targets").iter();
    targets.map(|target| crate::live::status(target, rule).to_owned()).collect()
}

#[test]
fn every_server_that_a_script_may_start_is_judged() {
    let branch = "if [ -f /etc/hard ]; then\n  exec kube-apiserver --profiling=false\nfi\n\
                  exec kube-apiserver --profiling=true";
    assert_eq!(statuses(branch, "profiling"), ["pass", "fail"]);
    let document = "cat >/e <<EOF\nkube-apiserver --profiling=false\nEOF\n\
                    exec kube-apiserver --profiling=true";
    assert_eq!(statuses(document, "profiling"), ["fail"]);
    let version = "kube-apiserver --version\nexec kube-apiserver --token-auth-file=/x";
    assert_eq!(statuses(version, "token-auth-file"), ["fail"]);
}

#[test]
fn the_servers_of_a_script_are_told_apart() {
    let container = "    command: [sh, -c, 'kube-apiserver --v=1 || kube-apiserver --v=2']\n";
    let (report, _) = check(container);
    let of = |index: usize| &report["targets"][index];
    assert_eq!(
        (&of(0)["id"], &of(1)["id"]),
        (&"kube-apiserver@stdin".into(), &"kube-apiserver@stdin, command 2".into())
    );
    let fingerprint = |index: usize| &of(index)["results"][0]["fingerprint"];
    assert_ne!(fingerprint(0), fingerprint(1));
}

#[test]
fn a_variable_that_a_script_changes_is_not_what_the_container_says() {
    for (change, expected) in [
        (":", "pass"),
        ("P=true", "fail"),
        ("export P=true", "fail"),
        ("read P </etc/p", "unknown"),
        (". /etc/env.sh", "unknown"),
        ("unset P", "unknown"),
    ] {
        let script = format!("{change}\nexec kube-apiserver --profiling=\"$P\"");
        assert_eq!(statuses(&script, "profiling"), [expected], "{script}");
    }
    let looped = "for P in true; do kube-apiserver --profiling=$P; done";
    assert_eq!(statuses(looped, "profiling"), ["unknown"]);
    // What splits may be any flag.
    assert_eq!(statuses("kube-apiserver --v=$X", "token-auth-file"), ["unknown"]);
    assert_eq!(statuses("kube-apiserver --v=\"$X\"", "token-auth-file"), ["pass"]);
}

#[test]
fn null_is_an_empty_text_and_a_value_that_is_no_string_refuses_the_pod() {
    let base = "kube-apiserver, --etcd-servers=https://e:1, --service-account-issuer=https://k, \
                --service-account-key-file=/p, --service-account-signing-key-file=/k";
    let starts = |container: &str| of_all(&check(container).0, "server-starts");
    for null in ["null", "", "~", "''"] {
        let items = base.replace(", ", "\n    - ");
        let block = format!("    command:\n    - {items}\n    - {null}\n    - --profiling=false\n");
        assert_eq!(starts(&block), ["pass"], "{block}");
    }
    assert_eq!(starts(&format!("    command: [{base}, null, --v=2]\n")), ["pass"]);
    for (value, expected) in
        [("'false'", "pass"), ("false", "error"), ("1", "error"), ("null", "error")]
    {
        let env = format!("    env: [{{name: P, value: {value}}}]\n");
        let (report, _) = check(&format!("{env}    command: [{base}, --profiling=$(P)]\n"));
        assert_eq!(of_all(&report, "profiling"), [expected], "{value}");
        // A pod is refused for a variable that nothing uses too.
        let unused = starts(&format!("{env}    command: [{base}]\n"));
        let refused = ["false", "1"].contains(&value);
        assert_eq!(unused, [if refused { "fail" } else { "pass" }], "{value}");
    }
}

#[test]
fn a_wrapper_without_its_server_passes_nothing() {
    let table = Proc::new();
    let script = b"sh\0-c\0sleep 1000; kube-apiserver --profiling=false\0";
    table.add(20, 1, 0, Some("/bin/dash"), script);
    table.add(21, 20, 0, Some("/bin/sleep"), b"sleep\x001000\0");
    for report in [table.check().json(), table.check_by("hardening").json()] {
        let shell = of_pid(&report, 20);
        let results = shell[0]["results"].as_array().expect("results").iter();
        let passed: Vec<_> =
            results.filter(|it| it["status"] == "pass").map(|it| &it["rule"]).collect();
        assert_eq!(passed, [] as [&Value; 0]);
    }
    let report = table.check().json();
    let shell = of_pid(&report, 20);
    assert!(shell[0]["diagnostics"].to_string().contains("no kube-apiserver is seen below it"));
    // Its environment is not the wrapper's either.
    let report = table.check_by("hardening").json();
    assert_eq!(crate::live::status(of_pid(&report, 20)[0], "godebug-apiserver"), "unknown");
}

#[test]
fn a_server_below_wrappers_within_each_other_is_one_target() {
    let table = Proc::new();
    let script = "kube-apiserver --profiling=false; true";
    table.add(1, 0, 0, Some("/sbin/tini"), format!("tini\0--\0sh\0-c\0{script}\0").as_bytes());
    table.add(7, 1, 0, Some("/bin/dash"), format!("sh\0-c\0{script}\0").as_bytes());
    table.add(8, 7, 0, Some("/bin/kube-apiserver"), b"kube-apiserver\0--profiling=false\0");
    let report = table.check().json();
    assert_eq!(report["summary"]["targets"], 1);
    assert_eq!(of_pid(&report, 8).len(), 1);
}

#[test]
fn a_process_that_has_rewritten_its_arguments_is_an_error() {
    for cmdline in [
        &[0; 40][..],
        b"kube-apiserver: serving\0\0\0\0\0\0\0",
        b"kube-apiserver\0\0\0\0\0\0\0\0",
        b"kube-apiserver                  \0",
    ] {
        let table = Proc::new();
        table.add(7, 1, 0, Some("/kube-apiserver"), cmdline);
        let outcome = plimsoll(["check", "--proc", &table.path(), "--pid", "7"]);
        assert_eq!(outcome.status, 2, "{}", String::from_utf8_lossy(cmdline));
        assert!(outcome.stderr.contains("has rewritten its arguments"), "{}", outcome.stderr);
    }
}

#[test]
fn env_changes_what_a_server_and_a_shell_see() {
    let env = "    env: [{name: ETCD_AUTO_TLS, value: 'false'}, {name: P, value: 'false'}, \
               {name: ETCD_CLIENT_CERT_AUTH, value: 'true'}]\n";
    for (command, rule, expected) in [
        ("[etcd]", "etcd-auto-tls", "pass"),
        ("[env, ETCD_AUTO_TLS=true, etcd]", "etcd-auto-tls", "fail"),
        ("[etcd]", "etcd-client-cert-auth", "pass"),
        ("[env, -i, etcd]", "etcd-client-cert-auth", "fail"),
        ("[env, -u, ETCD_CLIENT_CERT_AUTH, etcd]", "etcd-client-cert-auth", "fail"),
        ("[env, GODEBUG=tls10server=1, kube-apiserver]", "godebug-apiserver", "fail"),
        ("[kube-apiserver]", "godebug-apiserver", "pass"),
        ("[sh, -c, '. /e; kube-apiserver']", "godebug-apiserver", "unknown"),
        ("[sh, -c, 'kube-apiserver --profiling=$P']", "profiling", "pass"),
        ("[env, P=true, sh, -c, 'kube-apiserver --profiling=$P']", "profiling", "fail"),
    ] {
        let image = if command.contains("etcd") { "registry.k8s.io/etcd:3.5.0-0" } else { IMAGE };
        let pod = manifest(image, &format!("{env}    command: {command}\n"));
        let only = format!("--only={rule}");
        let words = ["check", "--format=json", "--benchmark=hardening", &only, "-"];
        let report = plimsoll_reading(words, pod.as_bytes()).json();
        assert_eq!(of_all(&report, rule), [expected], "{command}");
    }
}
