//! `ocsf` against the framework's own schema where that can be had, and by hand everywhere.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::shape::{Kind, Shape, assert_shape, list};
use super::{hostile_as_shown, mixed, published};
use crate::schema::assert_valid;

const EVENT: Shape = &[
    ("activity_id", Kind::Number),
    ("activity_name", Kind::Text),
    ("category_uid", Kind::Number),
    ("category_name", Kind::Text),
    ("class_uid", Kind::Number),
    ("class_name", Kind::Text),
    ("type_uid", Kind::Number),
    ("time", Kind::Number),
    ("severity_id", Kind::Number),
    ("severity", Kind::Text),
    ("status_id", Kind::Number),
    ("status", Kind::Text),
    ("message", Kind::Text),
    ("comment?", Kind::Text),
    ("metadata", Kind::Map),
    ("finding_info", Kind::Map),
    ("compliance", Kind::Map),
    ("resources", Kind::List),
    ("remediation", Kind::Map),
    ("unmapped?", Kind::Map),
];

const COMPLIANCE: Shape = &[
    ("control?", Kind::Text),
    ("requirements?", Kind::List),
    ("standards", Kind::List),
    ("status_id", Kind::Number),
    ("status", Kind::Text),
    ("status_code", Kind::Text),
    ("status_details?", Kind::List),
];

const RESOURCE: Shape = &[
    ("uid", Kind::Text),
    ("name", Kind::Text),
    ("type", Kind::Text),
    ("version?", Kind::Text),
    ("hostname?", Kind::Text),
];

fn events() -> Vec<Value> {
    mixed().json("ocsf").as_array().expect("an array").clone()
}

/// What every control was, in plimsoll's words.
pub(super) fn statuses() -> Vec<&'static str> {
    let of_controls =
        events().into_iter().filter(|event| event["compliance"]["control"].is_string());
    of_controls
        .map(|event| match event["compliance"]["status_id"].as_i64() {
            Some(3) if event["status_id"] == 3 => "waived",
            Some(3) => "fail",
            Some(1) => "pass",
            Some(2) => "manual",
            Some(0) if event["compliance"]["status_code"] == "unknown" => "unknown",
            Some(0) => "error",
            Some(99) => "not_applicable",
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn events_are_what_the_published_schema_says() {
    let Some(schema) = published("ocsf-compliance-finding.json") else { return };
    for event in events() {
        assert_valid(&schema, &event);
    }
}

#[test]
fn events_have_the_fields_of_the_class_and_no_other() {
    let report = mixed().json("json");
    let time: jiff::Timestamp =
        report["generated_at"].as_str().expect("text").parse().expect("time");
    for event in events() {
        assert_shape(&event, EVENT);
        assert_shape(&event["compliance"], COMPLIANCE);
        assert_shape(&event["finding_info"], &[("uid", Kind::Text), ("title", Kind::Text)]);
        assert_shape(&event["metadata"], &[("version", Kind::Text), ("product", Kind::Map)]);
        assert_shape(&event["remediation"], &[("desc", Kind::Text)]);
        for resource in list(&event, "resources") {
            assert_shape(resource, RESOURCE);
        }
        let numbers = ["category_uid", "class_uid", "activity_id", "type_uid"];
        assert_eq!(
            numbers.map(|name| event[name].clone()),
            [2, 2003, 1, 200_301].map(|n| json!(n))
        );
        assert_eq!(event["time"], time.as_millisecond());
        let severities = ["Unknown", "Informational", "Low", "Medium", "High", "Critical"];
        assert_eq!(event["severity"], severities[number(&event["severity_id"])]);
        let states = ["Unknown", "New", "In Progress", "Suppressed", "Resolved"];
        assert_eq!(event["status"], states[number(&event["status_id"])]);
    }
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().expect("a number")).expect("small")
}

#[test]
fn it_is_an_array_with_an_event_on_each_line() {
    let text = mixed().text("ocsf");
    assert_eq!(text.lines().count(), events().len() + 2);
    for line in text.lines().filter(|line| !matches!(*line, "[" | "]")) {
        let event: Value = serde_json::from_str(line.trim_end_matches(',')).expect("an event");
        assert!(event.is_object());
    }
}

#[test]
fn no_two_events_have_one_name_and_no_name_has_a_process_id() {
    let events = events();
    let names: BTreeSet<&str> =
        events.iter().filter_map(|event| event["finding_info"]["uid"].as_str()).collect();
    assert_eq!(names.len(), events.len());
    assert!(!mixed().text("ocsf").contains("4242"));
    let unread = events.iter().filter(|event| event["compliance"]["control"].is_null()).count();
    assert_eq!(unread, list(&mixed().json("json"), "errors").len());
}

#[test]
fn waivers_known_failures_and_hostile_text_are_there() {
    let events = events();
    let suppressed = events.iter().find(|event| event["status_id"] == 3).expect("a waiver");
    let comment = suppressed["comment"].as_str().expect("why");
    assert!(comment.contains(&hostile_as_shown()), "{comment}");
    assert_eq!(suppressed["unmapped"]["waiver_expires"], "2999-12-31");
    assert!(events.iter().any(|event| event["unmapped"]["baseline"] == "true"));
    assert!(events.iter().any(|event| {
        event["resources"][0]["uid"]
            .as_str()
            .is_some_and(|uid| uid.contains("we\"ird <b>&]]> é😀.yaml"))
    }));
}
