//! `check --against`: what runs beside what is written.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::live::Proc;
use crate::program::{Outcome, manifest, run};

const IMAGE: &str = "registry.k8s.io/kube-apiserver:v1.34.0";

fn write(folder: &Path, name: &str, args: &str) {
    let env = "    env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]\n";
    let text = manifest(IMAGE, &format!("    command: [{args}]\n{env}"));
    fs::write(folder.join(name), text).expect("written");
}

/// Checks a kube-apiserver that runs with these arguments against `manifests`.
fn check(folder: &Path, running: &str) -> Outcome {
    let table = Proc::new();
    let cmdline: Vec<u8> = running.split(' ').flat_map(|word| word.bytes().chain([0])).collect();
    table.add(10, 1, 0, Some("/usr/bin/kube-apiserver"), &cmdline);
    let proc = format!("--proc={}", table.path());
    let words = ["check", "--benchmark=drift", "--against=manifests", "--format=json", &proc];
    // Releases up to 1.17 took words besides flags.
    run(words.iter().chain(&["--kubernetes-version=1.34"]), None, folder)
}

fn drift(report: &Value) -> &Value {
    let results = report["targets"][0]["results"].as_array().expect("results");
    results.iter().find(|r| r["rule"] == "apiserver-as-written").expect("the rule")
}

#[test]
fn a_manifest_that_was_edited_and_not_taken_up_is_a_finding_with_both_places() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("manifests")).expect("made");
    let write = |args: &str| write(folder.path(), "manifests/kube-apiserver.yaml", args);
    let line = "kube-apiserver --etcd-servers=https://127.0.0.1:2379 --profiling=true";
    write("kube-apiserver, --profiling, \"--etcd_servers=https://127.0.0.1:2379\"");
    let outcome = check(folder.path(), line);
    let report = outcome.json();
    assert_eq!(drift(&report)["status"], "pass", "{}", drift(&report));
    write("kube-apiserver, \"--etcd-servers=https://127.0.0.1:2379\", --profiling=false");
    let outcome = check(folder.path(), line);
    assert_eq!(outcome.status, 1);
    let report = outcome.json();
    let result = drift(&report);
    assert_eq!(result["status"], "fail");
    let evidence = &result["evidence"];
    assert_eq!((&evidence[0]["value"], &evidence[1]["value"]), (&"true".into(), &"false".into()));
    assert_eq!(evidence[0]["location"], serde_json::json!({"pid": 10, "argument": 2}));
    assert_eq!(evidence[1]["location"]["path"], "manifests/kube-apiserver.yaml");
    assert_eq!(evidence[1]["location"]["line"], 9);
}

#[test]
fn what_cannot_be_compared_is_never_a_pass() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("manifests")).expect("made");
    let line = "kube-apiserver --profiling=false --advertise-address=10.0.0.7";
    // Filled in where the manifest is used.
    write(
        folder.path(),
        "manifests/a.yaml",
        "kube-apiserver, --profiling=false, --advertise-address=$(POD_IP)",
    );
    let report = check(folder.path(), line).json();
    assert_eq!(drift(&report)["status"], "unknown", "{}", drift(&report));
    // Two of them, and none says which.
    write(folder.path(), "manifests/b.yaml", "kube-apiserver, --profiling=false");
    let report = check(folder.path(), line).json();
    assert_eq!(drift(&report)["status"], "unknown");
    // One of another component, which does not run.
    fs::remove_file(folder.path().join("manifests/a.yaml")).expect("removed");
    write(folder.path(), "manifests/b.yaml", "etcd, --data-dir=/var/lib/etcd");
    let outcome = check(folder.path(), line);
    assert_eq!((outcome.status, &drift(&outcome.json())["status"]), (2, &"unknown".into()));
    assert!(outcome.stderr.contains("etcd is written there, and none runs here"));
    // None that can be read.
    fs::write(
        folder.path().join("manifests/b.yaml"),
        "kind: Pod\nspec: {containers: [{command: [etcd",
    )
    .expect("written");
    assert_eq!(check(folder.path(), line).status, 2);
}

#[test]
fn without_a_manifest_to_compare_it_is_unknown() {
    let words = ["check", "--benchmark=drift", "--format=json", "--", "kube-apiserver"];
    let report = crate::program::plimsoll(words).json();
    assert_eq!(drift(&report)["status"], "unknown");
}

#[test]
fn passwords_are_compared_and_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("manifests")).expect("made");
    let line = "kube-apiserver --etcd-servers=https://u:one@127.0.0.1:2379";
    for (password, status) in [("one", "pass"), ("two", "fail")] {
        let args =
            format!("kube-apiserver, \"--etcd-servers=https://u:{password}@127.0.0.1:2379\"");
        write(folder.path(), "manifests/a.yaml", &args);
        let outcome = check(folder.path(), line);
        assert_eq!(drift(&outcome.json())["status"], status, "{password}");
        assert!(!outcome.stdout.contains("u:one") && !outcome.stdout.contains("u:two"));
    }
}

/// What is not known is not the same because it is not known twice.
#[test]
fn what_neither_side_knows_is_no_pass() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("manifests")).expect("made");
    let status = |args: &str| {
        write(folder.path(), "manifests/a.yaml", args);
        write(folder.path(), "b.yaml", args);
        let words =
            ["check", "--benchmark=drift", "--against=manifests", "--format=json", "b.yaml"];
        drift(&run(words, None, folder.path()).json())["status"].clone()
    };
    assert_eq!(status("kube-apiserver, --profiling=false"), "pass");
    assert_eq!(status("kube-apiserver, --advertise-address=$(POD_IP)"), "unknown");
    assert_eq!(status("sh, -c, exec kube-apiserver --profiling=false $EXTRA"), "unknown");
    assert_eq!(status("sh, -c, exec kube-apiserver --profiling=false $(cat /extra)"), "unknown");
}

#[test]
fn a_manifest_that_the_server_would_refuse_is_not_what_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("manifests")).expect("made");
    let whole = ["--etcd-servers=https://127.0.0.1:2379", "--service-account-issuer=https://k"]
        .into_iter()
        .chain([
            "--service-account-key-file=/sa.pub",
            "--service-account-signing-key-file=/sa.key",
        ]);
    let args: Vec<String> = whole.map(|arg| format!("\"{arg}\"")).collect();
    let line = format!("kube-apiserver {}", args.join(" ").replace('"', ""));
    let written = format!("kube-apiserver, {}", args.join(", "));
    write(folder.path(), "manifests/a.yaml", &written);
    assert_eq!(drift(&check(folder.path(), &line).json())["status"], "pass");
    write(folder.path(), "manifests/a.yaml", &format!("{written}, stray"));
    let outcome = check(folder.path(), &line);
    assert_eq!((outcome.status, &drift(&outcome.json())["status"]), (2, &"error".into()));
}

/// The file is the server's own for both sides: what it decides is no difference, and a flag that it replaces is none.
#[test]
fn the_own_file_of_a_component_is_read_and_its_settings_are_not_compared() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join("node/etc")).expect("made");
    fs::create_dir(folder.path().join("manifests")).expect("made");
    fs::write(folder.path().join("node/etc/etcd.yaml"), "name: a\nclient-transport-security: {}\n")
        .expect("written");
    let status = |running: &str, written: &str| {
        let pod = |args: &str| manifest("registry.k8s.io/etcd:3.6.4-0", args);
        let write = |name: &str, args: &str| {
            fs::write(folder.path().join(name), pod(&format!("    command: [{args}]\n")))
        };
        write("manifests/etcd.yaml", written).expect("written");
        write("b.yaml", running).expect("written");
        let words = ["check", "--only=etcd-as-written", "--benchmark=drift", "--root=node"];
        let more = ["--against=manifests", "--format=json", "b.yaml"];
        let report = run(words.iter().chain(&more), None, folder.path()).json();
        report["targets"][0]["results"][0]["status"].clone()
    };
    let own = "etcd, --config-file=/etc/etcd.yaml";
    assert_eq!(status(own, own), "pass");
    assert_eq!(status(&format!("{own}, --name=b"), own), "pass");
    assert_eq!(status("etcd, --name=b", own), "fail");
}
