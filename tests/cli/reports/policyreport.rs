//! `policyreport` and `openreports` by the fields that the definitions in a cluster have.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::shape::{Kind, Shape, assert_shape, list};
use super::{hostile_as_shown, mixed};

pub(super) const FORMATS: [&str; 2] = ["policyreport", "openreports"];

const REPORT: Shape = &[
    ("apiVersion", Kind::Text),
    ("kind", Kind::Text),
    ("metadata", Kind::Map),
    ("scope?", Kind::Map),
    ("summary", Kind::Map),
    ("results", Kind::List),
];

const METADATA: Shape = &[("name", Kind::Text), ("labels", Kind::Map), ("annotations", Kind::Map)];

const SUMMARY: Shape = &[
    ("pass", Kind::Number),
    ("fail", Kind::Number),
    ("warn", Kind::Number),
    ("error", Kind::Number),
    ("skip", Kind::Number),
];

const RESULT: Shape = &[
    ("source", Kind::Text),
    ("policy", Kind::Text),
    ("rule", Kind::Text),
    ("category?", Kind::Text),
    ("severity?", Kind::Text),
    ("result", Kind::Text),
    ("scored", Kind::Bool),
    ("message", Kind::Text),
    ("timestamp", Kind::Map),
    ("properties", Kind::Map),
];

const TIMESTAMP: Shape = &[("seconds", Kind::Number), ("nanos", Kind::Number)];

/// Every result of a format.
fn results(format: &str) -> Vec<Value> {
    let report = mixed().json(format);
    list(&report, "items").iter().flat_map(|item| list(item, "results").clone()).collect()
}

/// What every control was, in plimsoll's words.
pub(super) fn statuses(format: &str) -> Vec<String> {
    let of_controls = results(format).into_iter().filter(|result| result["policy"] != "inputs");
    of_controls
        .map(|result| {
            let status = result["properties"]["status"].as_str().expect("a status");
            let expected = match status {
                "not-applicable" | "waived" => "skip",
                "manual" | "unknown" => "warn",
                status => status,
            };
            assert_eq!(result["result"], expected);
            status.replace('-', "_")
        })
        .collect()
}

/// Whether a text is a subdomain of DNS as RFC 1123 has it.
fn is_subdomain(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_label = |label: &str| {
        !label.is_empty()
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

#[test]
fn they_have_the_fields_of_the_definitions_and_no_other() {
    let apis = [
        ("wgpolicyk8s.io/v1alpha2", "ClusterPolicyReport"),
        ("openreports.io/v1alpha1", "ClusterReport"),
    ];
    for (format, (version, kind)) in FORMATS.into_iter().zip(apis) {
        let reports = mixed().json(format);
        assert_shape(
            &reports,
            &[("apiVersion", Kind::Text), ("kind", Kind::Text), ("items", Kind::List)],
        );
        assert_eq!((&reports["apiVersion"], &reports["kind"]), (&json!("v1"), &json!("List")));
        let mut names = BTreeSet::new();
        for report in list(&reports, "items") {
            assert_shape(report, REPORT);
            assert_eq!(report["apiVersion"], version);
            assert_eq!(report["kind"], kind);
            assert_shape(&report["metadata"], METADATA);
            assert_shape(&report["summary"], SUMMARY);
            let name = report["metadata"]["name"].as_str().expect("a name");
            assert!(is_subdomain(name), "{name}");
            assert!(names.insert(name.to_owned()), "{name} stands twice");
            if let Some(scope) = report.get("scope") {
                assert_eq!((&scope["apiVersion"], &scope["kind"]), (&json!("v1"), &json!("Node")));
            }
        }
    }
}

#[test]
fn results_have_the_fields_of_the_definitions_and_no_other() {
    let report = mixed().json("json");
    let time: jiff::Timestamp =
        report["generated_at"].as_str().expect("text").parse().expect("time");
    for format in FORMATS {
        for result in results(format) {
            assert_shape(&result, RESULT);
            assert_shape(&result["timestamp"], TIMESTAMP);
            assert_eq!(result["timestamp"]["seconds"], time.as_second());
            let words = ["pass", "fail", "warn", "error", "skip"];
            assert!(words.contains(&result["result"].as_str().expect("a word")));
            let severity = result.get("severity").map(|word| word.as_str().expect("a word"));
            let words = ["critical", "high", "medium", "low", "info"];
            assert!(severity.is_none_or(|severity| words.contains(&severity)));
            let properties = result["properties"].as_object().expect("properties");
            assert!(properties.values().all(Value::is_string), "{properties:?}");
        }
    }
}

#[test]
fn summaries_count_what_is_listed() {
    for format in FORMATS {
        let mut unread = 0;
        for report in list(&mixed().json(format), "items") {
            for word in ["pass", "fail", "warn", "error", "skip"] {
                let found = list(report, "results").iter().filter(|r| r["result"] == word).count();
                assert_eq!(report["summary"][word], found);
            }
            let is_unread = |result: &&Value| result["policy"] == "inputs";
            unread += list(report, "results").iter().filter(is_unread).count();
        }
        assert_eq!(unread, list(&mixed().json("json"), "errors").len(), "broken.yaml");
    }
}

#[test]
fn a_waived_failure_says_by_whom_why_and_until_when() {
    let results = results("policyreport");
    let waived = results.iter().find(|result| result["properties"]["status"] == "waived");
    let properties = &waived.expect("a waiver")["properties"];
    assert_eq!(properties["waiver"], hostile_as_shown());
    assert_eq!(properties["waiver-owner"], "platform | team");
    assert_eq!(properties["waiver-expires"], "2999-12-31");
    let has = |field: &str| results.iter().any(|result| result["properties"][field].is_string());
    assert!(has("lapsed-waiver") && has("baseline") && has("fix"));
}

#[test]
fn places_lead_to_the_line_and_hold_no_process_id() {
    let decisive = |known: &Value| {
        let fact = &known["evidence"][0];
        let flag = fact["flag"].as_str().filter(|_| fact["origin"] == "set")?;
        Some((known["fingerprint"].as_str()?.to_owned(), flag.to_owned()))
    };
    let flags: BTreeMap<String, String> =
        mixed().results().iter().filter_map(|(_, known)| decisive(known)).collect();
    let mut found = 0;
    for result in results("openreports") {
        let properties = &result["properties"];
        let line = properties["place"].as_str().and_then(|place| mixed().line(place));
        let flag = properties["fingerprint"].as_str().and_then(|print| flags.get(print));
        if let (Some(line), Some(flag)) = (line, flag) {
            assert!(line.contains(flag), "{flag} is not in {line}");
            found += 1;
        }
    }
    assert!(found > 0);
    for format in FORMATS {
        assert!(!mixed().text(format).contains("4242"));
    }
}
