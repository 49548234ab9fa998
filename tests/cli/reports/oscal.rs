//! `oscal` against published models where they can be had, and by hand everywhere.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::shape::{Kind, Shape, assert_shape, list};
use super::{hostile_as_shown, mixed, published};
use crate::schema::assert_valid;

const RESULTS: Shape = &[
    ("uuid", Kind::Text),
    ("metadata", Kind::Map),
    ("import-ap", Kind::Map),
    ("results", Kind::List),
    ("back-matter", Kind::Map),
];

const METADATA: Shape = &[
    ("title", Kind::Text),
    ("last-modified", Kind::Text),
    ("version", Kind::Text),
    ("oscal-version", Kind::Text),
];

const RESULT: Shape = &[
    ("uuid", Kind::Text),
    ("title", Kind::Text),
    ("description", Kind::Text),
    ("start", Kind::Text),
    ("end", Kind::Text),
    ("local-definitions", Kind::Map),
    ("reviewed-controls", Kind::Map),
    ("observations?", Kind::List),
    ("risks?", Kind::List),
    ("findings?", Kind::List),
];

const OBSERVATION: Shape = &[
    ("uuid", Kind::Text),
    ("title", Kind::Text),
    ("description", Kind::Text),
    ("props", Kind::List),
    ("methods", Kind::List),
    ("types", Kind::List),
    ("subjects?", Kind::List),
    ("relevant-evidence?", Kind::List),
    ("collected", Kind::Text),
    ("remarks?", Kind::Text),
];

const FINDING: Shape = &[
    ("uuid", Kind::Text),
    ("title", Kind::Text),
    ("description", Kind::Text),
    ("props", Kind::List),
    ("target", Kind::Map),
    ("related-observations", Kind::List),
    ("related-risks?", Kind::List),
];

const RISK: Shape = &[
    ("uuid", Kind::Text),
    ("title", Kind::Text),
    ("description", Kind::Text),
    ("statement", Kind::Text),
    ("props", Kind::List),
    ("status", Kind::Text),
    ("characterizations", Kind::List),
    ("deadline?", Kind::Text),
    ("remediations", Kind::List),
    ("related-observations", Kind::List),
];

fn document() -> Value {
    mixed().json("oscal")["assessment-results"].clone()
}

/// The members of a list that is left out where it is empty, over all results.
fn all(document: &Value, field: &str) -> Vec<Value> {
    let results = list(document, "results").iter();
    results.filter_map(|result| result[field].as_array()).flatten().cloned().collect()
}

fn property<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    list(value, "props").iter().find(|property| property["name"] == name)?["value"].as_str()
}

/// What every control was, in plimsoll's words.
pub(super) fn statuses() -> Vec<&'static str> {
    let known =
        ["pass", "fail", "manual", "unknown", "not-applicable", "error", "waived", "unread"];
    all(&document(), "observations")
        .iter()
        .map(|observation| property(observation, "status").expect("a status"))
        .map(|status| *known.iter().find(|known| **known == status).expect("known"))
        .filter(|status| *status != "unread")
        .map(|status| if status == "not-applicable" { "not_applicable" } else { status })
        .collect()
}

#[test]
fn the_document_is_what_the_published_models_say() {
    let Some(schema) = published("oscal-assessment-results.json") else { return };
    assert_valid(&schema, &mixed().json("oscal"));
}

#[test]
fn the_document_has_the_fields_of_assessment_results_and_no_other() {
    let document = document();
    assert_shape(&document, RESULTS);
    assert_shape(&document["metadata"], METADATA);
    assert_eq!(document["metadata"]["oscal-version"], "1.1.3");
    assert_eq!(document["metadata"]["last-modified"], mixed().json("json")["generated_at"]);
    for result in list(&document, "results") {
        assert_shape(result, RESULT);
        assert!(!list(&result["reviewed-controls"], "control-selections").is_empty());
    }
    for (field, shape) in [("observations", OBSERVATION), ("findings", FINDING), ("risks", RISK)] {
        let values = all(&document, field);
        assert!(!values.is_empty(), "{field}");
        for value in values {
            assert_shape(&value, shape);
            let title = value["title"].as_str().expect("a title");
            assert!(!title.is_empty() && !title.contains('\n'), "{title:?}");
        }
    }
    let text = mixed().text("oscal");
    assert!(!text.contains("4242"), "the process id");
    assert!(!text.contains(": []") && !text.contains(": null"), "what is empty is left out");
}

/// Every UUID that something is called by.
fn names(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            into.extend(fields.get("uuid").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| names(value, into));
        }
        Value::Array(items) => items.iter().for_each(|value| names(value, into)),
        _ => {}
    }
}

#[test]
fn what_is_referred_to_is_there() {
    let document = document();
    let mut uuids = Vec::new();
    names(&document, &mut uuids);
    let known: BTreeSet<&str> = uuids.iter().map(String::as_str).collect();
    for uuid in &known {
        let parts: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{uuid}");
        assert_eq!(uuid.as_bytes()[14], b'5', "{uuid}");
    }
    let plan = document["import-ap"]["href"].as_str().expect("a plan");
    assert!(known.contains(plan.trim_start_matches('#')), "{plan}");
    for finding in all(&document, "findings") {
        for related in list(&finding, "related-observations") {
            assert!(known.contains(related["observation-uuid"].as_str().expect("a name")));
        }
    }
    for observation in all(&document, "observations") {
        for subject in observation["subjects"].as_array().into_iter().flatten() {
            assert!(known.contains(subject["subject-uuid"].as_str().expect("a name")));
        }
    }
    for field in ["observations", "findings", "risks"] {
        let values = all(&document, field);
        let distinct: BTreeSet<String> = values.iter().map(|v| v["uuid"].to_string()).collect();
        assert_eq!(distinct.len(), values.len(), "{field}");
    }
}

#[test]
fn findings_say_whether_a_control_is_satisfied_and_failures_are_risks() {
    let document = document();
    let risks: BTreeMap<String, Value> =
        all(&document, "risks").into_iter().map(|risk| (risk["uuid"].to_string(), risk)).collect();
    for finding in all(&document, "findings") {
        let status = &finding["target"]["status"];
        let known = property(&finding, "status").expect("a status");
        let expected = match known {
            "pass" => ("satisfied", "pass"),
            "fail" | "waived" => ("not-satisfied", "fail"),
            "manual" | "unknown" | "error" => ("not-satisfied", "other"),
            other => panic!("{other}"),
        };
        assert_eq!((&status["state"], &status["reason"]), (&expected.0.into(), &expected.1.into()));
        let risk = finding["related-risks"][0]["risk-uuid"].to_string();
        match known {
            "fail" => assert_eq!(risks[&risk]["status"], "open"),
            "waived" => {
                assert_eq!(risks[&risk]["status"], "deviation-approved");
                assert_eq!(risks[&risk]["deadline"], "2999-12-31T23:59:59Z");
                let description = risks[&risk]["description"].as_str().expect("why");
                assert!(description.contains(&hostile_as_shown()), "{description}");
            }
            _ => assert_eq!(risk, "null", "only a failure is a risk"),
        }
    }
    let statement = |rule: &str| {
        let risk = risks.values().find(|risk| property(risk, "rule") == Some(rule));
        risk.expect(rule)["statement"].as_str().expect("a statement").to_owned()
    };
    assert!(statement("profiling").starts_with("Profiles show the inner workings"));
    assert!(statement("anonymous-auth").starts_with("A request without credentials"));
}

#[test]
fn inputs_that_could_not_be_checked_are_observed() {
    let observations = all(&document(), "observations");
    let unread = observations.iter().filter(|o| property(o, "status") == Some("unread"));
    let unread: Vec<&str> = unread.filter_map(|o| o["title"].as_str()).collect();
    assert_eq!(unread, ["manifests/broken.yaml"]);
}
