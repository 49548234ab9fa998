//! What the input does not decide: it is `unknown`, and can be made to count.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{Outcome, manifest, run};

const IMAGE: &str = "registry.k8s.io/kube-apiserver:v1.34.0";
const OPEN: &str = "    command: [kube-apiserver, --profiling=false]\n";
/// The arguments come from outside: nobody sees them.
const HIDDEN: &str = "    command: [sh, -c, 'exec kube-apiserver \"$@\"']\n";

fn write(folder: &Path, command: &str) {
    fs::write(folder.join("pod.yaml"), manifest(IMAGE, command)).expect("written");
}

fn check(folder: &Path, options: &[&str]) -> Outcome {
    run(["check", "pod.yaml", "--only=profiling"].iter().chain(options), None, folder)
}

fn one(outcome: &Outcome) -> Value {
    outcome.json()["targets"][0]["results"][0].clone()
}

#[test]
fn what_is_unknown_counts_if_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), HIDDEN);
    let silent = check(folder.path(), &["--format=json"]);
    assert_eq!((silent.status, &one(&silent)["status"]), (0, &"unknown".into()));
    assert!(one(&silent)["finding"].is_null());
    let counted =
        |options: &[&str]| check(folder.path(), &[&["--fail-on-unknown"], options].concat());
    let json = counted(&["--format=json"]);
    assert_eq!((json.status, &one(&json)["status"]), (1, &"unknown".into()));
    assert_eq!(one(&json)["finding"], true);
    assert_eq!(json.json()["summary"]["unknown"], 1);
    assert_eq!(counted(&["--fail-on=high"]).status, 0, "it has the severity of its rule");
    for (format, words) in [
        ("text", "  unknown 1.2.15"),
        ("sarif", "\"kind\":\"fail\""),
        ("junit", "<failure message=\"unknown: "),
        ("gitlab", "not known: "),
        ("github", "not known: "),
        ("markdown", "1 finding"),
        ("kube-bench-json", "\"status\":\"FAIL\""),
        ("policyreport", "\"result\":\"fail\""),
        ("html", "data-status=\"unknown\""),
        ("csv", ",unknown,"),
        ("prometheus", "status=\"unknown\"} 1"),
        ("ocsf", "\"status_code\":\"unknown\""),
    ] {
        let outcome = counted(&["--format", format]);
        let text = outcome.stdout.replace("\": ", "\":");
        assert!(text.contains(words), "{format}: {text}");
        assert_eq!(outcome.status, 1, "{format}");
    }
}

#[test]
fn to_hide_a_setting_is_no_way_out_of_a_baseline() {
    let folder = tempfile::tempdir().expect("a folder");
    for (before, was) in [(OPEN, "pass"), ("    command: [kube-apiserver]\n", "fail")] {
        write(folder.path(), before);
        check(folder.path(), &["--output=json=base.json"]);
        write(folder.path(), HIDDEN);
        let outcome = check(folder.path(), &["--baseline=base.json", "--format=json"]);
        assert_eq!(outcome.status, 1, "{was}");
        let message = one(&outcome)["message"].as_str().expect("a message").to_owned();
        assert!(message.ends_with(&format!("(the baseline has {was})")), "{message}");
    }
    // Somebody accepts it, with a reason.
    let from = ["waive", "--from=hidden.json", "--rule=profiling", "--reason=seen", "--waivers=w"];
    check(folder.path(), &["--baseline=base.json", "--output=json=hidden.json"]);
    assert_eq!(run(from, None, folder.path()).status, 0);
    let waived = check(folder.path(), &["--baseline=base.json", "--waivers=w", "--format=json"]);
    assert_eq!((waived.status, &one(&waived)["waiver"]["reason"]), (0, &"seen".into()));
}

#[test]
fn what_was_unknown_in_the_baseline_is_known() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), HIDDEN);
    check(folder.path(), &["--output=json=base.json"]);
    let options = ["--baseline=base.json", "--fail-on-unknown", "--format=json"];
    let outcome = check(folder.path(), &options);
    assert_eq!((outcome.status, &one(&outcome)["baseline"]), (0, &true.into()));
}

/// What comes of two reports of which the later one is changed.
fn changed(change: impl Fn(&mut Value)) -> (i32, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), OPEN);
    let mut report = check(folder.path(), &["--format=json"]).json();
    fs::write(folder.path().join("old.json"), report.to_string()).expect("written");
    change(&mut report);
    fs::write(folder.path().join("new.json"), report.to_string()).expect("written");
    let diff = ["diff", "old.json", "new.json", "--format=json"];
    let outcome = run(diff, None, folder.path());
    (outcome.status, outcome.json()["changes"].clone())
}

#[test]
fn a_comparison_is_not_green_when_something_vanishes_or_is_not_decided_any_more() {
    let length = |changes: &Value, list: &str| changes[list].as_array().expect("a list").len();
    let (status, changes) = changed(|_| {});
    assert_eq!((status, length(&changes, "no_longer_checked")), (0, 0));
    let (status, changes) = changed(|report| report["targets"] = Value::Array(Vec::new()));
    assert_eq!((status, length(&changes, "no_longer_checked")), (2, 1));
    let result = |report: &mut Value, status: &str| {
        report["targets"][0]["results"][0]["status"] = status.into();
    };
    for undecided in ["unknown", "manual", "error"] {
        let (status, changes) = changed(|report| result(report, undecided));
        assert_eq!((status, length(&changes, "broken")), (2, 1), "{undecided}");
    }
    // The same results, and the component does not run any more.
    let (status, changes) = changed(|report| {
        result(report, "not-applicable");
        report["targets"][0]["source"] =
            serde_json::json!({"kind": "process", "format": "cmdline"});
    });
    assert_eq!((status, length(&changes, "no_longer_checked")), (2, 1));
    let (status, _) = changed(|report| result(report, "not-applicable"));
    assert_eq!(status, 0, "another release may not have the flag");
}
