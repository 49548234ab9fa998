//! `kube-bench-json` as the readers of kube-bench take it apart.

use std::collections::BTreeSet;

use serde_json::Value;

use super::shape::{Kind, Shape, assert_shape, list};
use super::{hostile_as_shown, mixed};

const FORMAT: &str = "kube-bench-json";

const CONTROLS: Shape = &[
    ("id", Kind::Text),
    ("version", Kind::Text),
    ("detected_version?", Kind::Text),
    ("text", Kind::Text),
    ("node_type", Kind::Text),
    ("tests", Kind::List),
    ("total_pass", Kind::Number),
    ("total_fail", Kind::Number),
    ("total_warn", Kind::Number),
    ("total_info", Kind::Number),
];

const GROUP: Shape = &[
    ("section", Kind::Text),
    ("type", Kind::Text),
    ("pass", Kind::Number),
    ("fail", Kind::Number),
    ("warn", Kind::Number),
    ("info", Kind::Number),
    ("desc", Kind::Text),
    ("results", Kind::List),
];

const CHECK: Shape = &[
    ("test_number", Kind::Text),
    ("test_desc", Kind::Text),
    ("audit", Kind::Text),
    ("AuditEnv", Kind::Text),
    ("AuditConfig", Kind::Text),
    ("type", Kind::Text),
    ("remediation", Kind::Text),
    ("test_info", Kind::List),
    ("status", Kind::Text),
    ("actual_value", Kind::Text),
    ("scored", Kind::Bool),
    ("IsMultiple", Kind::Bool),
    ("expected_result", Kind::Text),
    ("reason?", Kind::Text),
];

/// Every result with the entry and the group it stands in.
fn checks(report: &Value) -> Vec<(&Value, &Value, &Value)> {
    let entries = list(report, "Controls").iter();
    let groups = entries.flat_map(|entry| list(entry, "tests").iter().map(move |g| (entry, g)));
    groups
        .flat_map(|(entry, group)| list(group, "results").iter().map(move |c| (entry, group, c)))
        .collect()
}

/// What a result was in plimsoll's words; nothing for an input that could not be checked.
pub(super) fn status(check: &Value) -> Option<&'static str> {
    let reason = check["reason"].as_str().unwrap_or_default();
    Some(match (check["status"].as_str().expect("a status"), check["type"].as_str()) {
        ("PASS", _) => "pass",
        ("FAIL", _) if reason.starts_with("could not be checked: ") => return None,
        ("FAIL", _) if reason.starts_with("could not be determined: ") => "error",
        ("FAIL", _) => "fail",
        ("WARN", Some("manual")) => "manual",
        ("WARN", _) if reason.starts_with("not known: ") => "unknown",
        ("INFO", Some("skip")) => "waived",
        ("INFO", _) => "not_applicable",
        other => panic!("{other:?}"),
    })
}

/// What every result was, in plimsoll's words.
pub(super) fn statuses() -> Vec<&'static str> {
    let report = mixed().json(FORMAT);
    checks(&report).iter().filter_map(|(_, _, check)| status(check)).collect()
}

#[test]
fn it_has_the_fields_of_kube_bench_and_no_other() {
    let report = mixed().json(FORMAT);
    let keys: Vec<&String> = report.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["Controls", "Totals"]);
    for entry in list(&report, "Controls") {
        assert_shape(entry, CONTROLS);
        for group in list(entry, "tests") {
            assert_shape(group, GROUP);
        }
        let kinds = ["master", "etcd", "controlplane", "node", "policies"];
        assert!(kinds.contains(&entry["node_type"].as_str().expect("text")), "{entry}");
    }
    for (_, _, check) in checks(&report) {
        assert_shape(check, CHECK);
        assert!(list(check, "test_info").iter().all(Value::is_string));
        assert_eq!(check["test_info"][0], check["remediation"]);
    }
}

#[test]
fn the_fields_stand_in_the_order_in_which_go_writes_them() {
    let text = mixed().text(FORMAT);
    assert!(text.starts_with("{\"Controls\":[{\"id\":\"0\",\"version\":\"cis-1.12\","), "order");
    assert_eq!(text.lines().count(), 1);
    let check = text.split("{\"test_number\"").nth(1).expect("a result");
    let places: Vec<Option<usize>> = CHECK
        .iter()
        .skip(1)
        .filter(|(name, _)| !name.ends_with('?'))
        .map(|(name, _)| check.find(&format!("\"{name}\":")))
        .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
}

#[test]
fn counters_count_what_is_listed() {
    let report = mixed().json(FORMAT);
    let count = |checks: &[&Value], state: &str| {
        checks.iter().filter(|check| check["status"] == state).count()
    };
    let mut sums = [0; 4];
    for entry in list(&report, "Controls") {
        let groups = list(entry, "tests");
        let all: Vec<&Value> = groups.iter().flat_map(|group| list(group, "results")).collect();
        for (sum, state) in sums.iter_mut().zip(["pass", "fail", "warn", "info"]) {
            let found = count(&all, &state.to_uppercase());
            assert_eq!(entry[format!("total_{state}")], found, "{}", entry["text"]);
            *sum += found;
            for group in groups {
                let results: Vec<&Value> = list(group, "results").iter().collect();
                assert_eq!(group[state], count(&results, &state.to_uppercase()));
            }
        }
    }
    for (sum, state) in sums.iter().zip(["pass", "fail", "warn", "info"]) {
        assert_eq!(report["Totals"][format!("total_{state}")], *sum, "{state}");
    }
    // An input that could not be checked is a failure to who reads the totals alone.
    let errors = list(&mixed().json("json"), "errors").len();
    let unread = checks(&report).iter().filter(|(_, _, check)| status(check).is_none()).count();
    assert_eq!((errors, unread), (1, 1));
}

#[test]
fn reasons_that_readers_compare_are_letter_by_letter_those_of_kube_bench() {
    let report = mixed().json(FORMAT);
    for (_, _, check) in checks(&report) {
        match check["type"].as_str().expect("a type") {
            "manual" => assert_eq!(check["reason"], "Test marked as a manual test"),
            "skip" => assert_eq!(check["reason"], "Test marked as skip"),
            kind => assert_eq!(kind, ""),
        }
    }
}

/// As a tracker of findings takes it: the title and description that it compares between imports.
fn findings(report: &Value) -> Vec<String> {
    let field = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    checks(report)
        .into_iter()
        .filter(|(_, _, check)| check["status"] == "FAIL")
        .map(|(entry, group, check)| {
            let of_entry = ["id", "text"].map(|name| field(entry, name));
            let of_group = ["section", "desc"].map(|name| field(group, name));
            let names = ["test_number", "test_desc", "audit", "reason", "expected_result"];
            let of_check = names.map(|name| field(check, name));
            let parts = of_entry.into_iter().chain(of_group).chain(of_check);
            parts.chain([field(check, "actual_value")]).collect::<Vec<_>>().join("\n")
        })
        .collect()
}

#[test]
fn two_findings_are_told_apart_and_neither_holds_a_process_id() {
    let report = mixed().json(FORMAT);
    let findings = findings(&report);
    let distinct: BTreeSet<&String> = findings.iter().collect();
    assert_eq!(distinct.len(), findings.len());
    assert!(findings.iter().any(|finding| finding.contains(":/usr/bin/kube-apiserver")));
    assert!(!mixed().text(FORMAT).contains("4242"), "the process id");
    assert!(
        !mixed()
            .text(FORMAT)
            .contains(mixed().json("json")["generated_at"].as_str().expect("a time"))
    );
}

#[test]
fn expected_results_are_in_the_grammar_and_actual_values_are_flags() {
    let report = mixed().json(FORMAT);
    let check = |number: &str| {
        let checks = checks(&report);
        let found = checks.into_iter().find(|(entry, _, check)| {
            check["test_number"] == number
                && entry["text"].as_str().is_some_and(|text| text.ends_with("kubeadm.yaml"))
        });
        found.map(|(_, _, check)| check.clone()).expect(number)
    };
    let modes = check("1.2.6");
    assert_eq!(modes["expected_result"], "'--authorization-mode' does not have 'AlwaysAllow'");
    assert_eq!(modes["actual_value"], "--authorization-mode=[Node,RBAC]");
    assert_eq!(
        modes["audit"],
        "plimsoll check --benchmark=cis-1.12 --only=1.2.6 manifests/kubeadm.yaml"
    );
}

#[test]
fn places_lead_to_the_flag() {
    let report = mixed().json(FORMAT);
    let mut found = 0;
    for (_, _, check) in checks(&report) {
        let actual = check["actual_value"].as_str().expect("text");
        let flag = actual.split_once('=').map(|(flag, _)| flag);
        let flag = flag.filter(|flag| flag.starts_with("--") && !actual.contains(' '));
        let place = list(check, "test_info").iter().filter_map(Value::as_str);
        let mut line = place.filter_map(|place| mixed().line(place));
        if let (Some(flag), Some(line)) = (flag, line.next()) {
            assert!(line.contains(flag), "{flag} is not in {line}");
            found += 1;
        }
    }
    assert!(found > 0);
}

#[test]
fn hostile_text_arrives_as_it_is() {
    let report = mixed().json(FORMAT);
    let holds = |field: &str, text: &str| {
        checks(&report)
            .iter()
            .any(|(_, _, check)| check[field].as_str().is_some_and(|value| value.contains(text)))
    };
    assert!(holds("actual_value", &hostile_as_shown()), "a value");
    assert!(holds("audit", "'manifests/we\"ird <b>&]]> é😀.yaml'"), "a file name");
}
