//! SARIF, as its schema and GitHub's code scanning want it.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::places::{assert_stands, in_files};
use super::{HOSTILE, mixed, schemas};
use crate::program::plimsoll;

fn sarif_run() -> Value {
    mixed().json("sarif")["runs"][0].clone()
}

fn results() -> Vec<Value> {
    sarif_run()["results"].as_array().expect("results").clone()
}

/// Fields of an object, which must have no others.
fn assert_fields(value: &Value, required: &[&str], others: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("{value}"));
    for name in required {
        assert!(object.contains_key(*name), "{name} is missing in {value}");
    }
    for name in object.keys() {
        assert!(required.contains(&&**name) || others.contains(&&**name), "{name} in {value}");
    }
}

#[test]
fn it_is_what_the_schema_says() {
    schemas::assert_valid("sarif-2.1.0.json", &mixed().json("sarif"));
    let path = crate::program::fixture("node").display().to_string();
    let words = ["check", "--format=sarif", "--benchmark=hardening,stig", "--root", &path, &path];
    schemas::assert_valid("sarif-2.1.0.json", &plimsoll(words).json());
}

#[test]
fn it_has_what_its_readers_look_for() {
    let log = mixed().json("sarif");
    assert_fields(&log, &["$schema", "version", "runs"], &[]);
    assert_eq!(log["version"], "2.1.0");
    let run = sarif_run();
    let names = ["automationDetails", "columnKind", "originalUriBaseIds", "results", "tool"];
    assert_fields(&run, &names, &["invocations"]);
    for rule in run["tool"]["driver"]["rules"].as_array().expect("rules") {
        for text in ["shortDescription", "fullDescription", "help"] {
            let text = rule[text]["text"].as_str().expect("a text");
            assert!(!text.is_empty(), "{rule}");
        }
        assert!(rule["help"]["markdown"].as_str().expect("markdown").starts_with("**What to do."));
        let tags = rule["properties"]["tags"].as_array().expect("tags");
        assert!((4..=20).contains(&tags.len()) && tags[0] == "security", "{rule}");
        let score = rule["properties"]["security-severity"].as_str().expect("a text");
        let score: f32 = score.parse().expect("a number");
        assert!(0.0 < score && score <= 10.0, "{rule}");
    }
    let rules = &run["tool"]["driver"]["rules"];
    for result in results() {
        let index =
            usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(result["level"] == "none", result["kind"] != "fail", "{result}");
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        assert_eq!(result["locations"].as_array().map(Vec::len), Some(1), "{result}");
    }
}

#[test]
fn no_two_results_have_one_fingerprint() {
    let mut seen = HashSet::new();
    for result in results() {
        let hash = result["partialFingerprints"]["primaryLocationLineHash"].clone();
        assert!(seen.insert(hash.to_string()), "{result}");
    }
    assert!(seen.len() > 100, "{}", seen.len());
}

#[test]
fn a_region_is_the_flags_own_and_an_address_leads_to_its_file() {
    let known = in_files();
    let mut regions = 0;
    for result in results() {
        let place = &result["locations"][0]["physicalLocation"];
        let Some(line) = place["region"]["startLine"].as_u64() else { continue };
        let uri = place["artifactLocation"]["uri"].as_str().expect("an address");
        assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        let path = decoded(uri);
        let own = &result["partialFingerprints"]["plimsoll/v1"];
        let target = &result["properties"]["target"];
        let (_, source, ..) = known
            .iter()
            .find(|(of, source, at, on)| {
                of["id"] == *target && source["fingerprint"] == *own && *at == path && *on == line
            })
            .unwrap_or_else(|| panic!("the JSON report has no {result}"));
        assert_stands(source, &path, line);
        let region = source["evidence"].as_array().expect("evidence").iter();
        let region = region.map(|fact| &fact["location"]).find(|place| place.is_object());
        assert_eq!(place["region"]["startColumn"], region.expect("a place")["column"]);
        regions += 1;
    }
    assert!(regions > 80, "{regions}");
}

/// A path out of an address.
fn decoded(uri: &str) -> String {
    assert!(uri.is_ascii() && !uri.contains(['<', '"', ' ', '&']), "{uri}");
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digits: Vec<u8> = rest.by_ref().take(2).collect();
            let digits = String::from_utf8(digits).expect("digits");
            u8::from_str_radix(&digits, 16).expect("hexadecimal")
        } else {
            byte
        });
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn a_process_has_a_logical_place_and_no_invented_line() {
    let of_process = |result: &&Value| result["properties"]["target"] == "kube-apiserver@pid:4242";
    let results = results();
    let results: Vec<&Value> = results.iter().filter(of_process).collect();
    assert!(!results.is_empty());
    for result in &results {
        assert_fields(&result["locations"][0], &["logicalLocations"], &[]);
    }
    let profiling = results.iter().find(|result| result["ruleId"] == "profiling").expect("one");
    let place = &profiling["locations"][0]["logicalLocations"][0];
    let expected = json!({
        "name": "argument 1",
        "fullyQualifiedName": "kube-apiserver@pid:4242/1",
        "kind": "argument"
    });
    assert_eq!(*place, expected);
}

#[test]
fn waivers_are_suppressions_and_the_baseline_is_a_state() {
    let results = results();
    let waived: Vec<&Value> =
        results.iter().filter(|result| result["suppressions"] != json!([])).collect();
    assert!(!waived.is_empty());
    for result in waived {
        let suppression = &result["suppressions"][0];
        assert_eq!((&suppression["kind"], &result["kind"]), (&json!("external"), &json!("fail")));
        let properties = &suppression["properties"];
        assert_eq!(properties["owner"], "platform | team");
        assert_eq!(properties["expires"], "2999-12-31");
        let reason = suppression["justification"].as_str().expect("a text");
        assert!(reason.starts_with(HOSTILE.split('\u{1b}').next().expect("a part")), "{reason}");
    }
    let state = |wanted: &str| results.iter().filter(|one| one["baselineState"] == wanted).count();
    assert_eq!(state("new") + state("unchanged"), results.len());
    let known = results.iter().filter(|one| one["kind"] == "fail");
    assert_eq!(known.filter(|one| one["baselineState"] == "unchanged").count(), 2);
    // Without a baseline nothing is new and nothing known.
    let plain = plimsoll(["check", "--format=sarif", "fixtures/manifests/kubeadm-1.34.yaml"]);
    assert!(!plain.stdout.contains("baselineState"));
}

#[test]
fn what_could_not_be_checked_is_notified() {
    let invocation = &sarif_run()["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let said = invocation["toolExecutionNotifications"].as_array().expect("a list");
    assert!(said.iter().any(|one| {
        one["descriptor"]["id"] == "input-not-checked"
            && one["message"]["text"].as_str().is_some_and(|text| text.contains("broken.yaml"))
    }));
    assert!(said.iter().any(|one| one["descriptor"]["id"] == "unknown-flag"));
}

/// GitHub would show every pass as an open alert.
#[test]
fn code_scanning_can_be_given_findings_and_errors_alone() {
    let path = "fixtures/manifests/kubeadm-1.34.yaml";
    let words = ["check", "--format=sarif", "--benchmark=cis-1.12", "--show=problems", path];
    let report = plimsoll(words).json();
    let results = report["runs"][0]["results"].as_array().expect("results").clone();
    assert!(results.len() > 10);
    assert!(results.iter().all(|result| result["kind"] == "fail"));
}
