//! GitLab Code Quality. No package carries its schema, so what GitLab's documentation and its parser
//! say is held here by hand.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::places::{assert_stands, in_files};
use super::{HOSTILE, mixed};

fn issues() -> Vec<Value> {
    mixed().json("gitlab").as_array().expect("an array").clone()
}

fn fields(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn every_issue_has_what_gitlab_reads() {
    assert!(!mixed().text("gitlab").starts_with('\u{feff}'));
    let of_issue = "type check_name description content categories severity fingerprint location";
    let of_issue: BTreeSet<&str> = of_issue.split(' ').collect();
    let mut fingerprints = HashSet::new();
    for issue in issues() {
        assert_eq!(fields(&issue), of_issue, "{issue}");
        assert_eq!(fields(&issue["location"]), BTreeSet::from(["lines", "path"]), "{issue}");
        assert_eq!(issue["type"], "issue");
        let severity = issue["severity"].as_str().expect("a word");
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity), "{issue}");
        for text in ["check_name", "description", "fingerprint"] {
            let text = issue[text].as_str().expect("a text");
            assert!(!text.is_empty() && !text.contains('\n'), "{issue}");
        }
        assert!(issue["content"]["body"].as_str().is_some_and(|body| !body.is_empty()));
        let path = issue["location"]["path"].as_str().expect("a path");
        assert!(!path.is_empty() && !path.starts_with("./"), "{issue}");
        let lines = &issue["location"]["lines"];
        let line = |name: &str| lines[name].as_u64().expect("a number");
        assert!(1 <= line("begin") && line("begin") <= line("end"), "{issue}");
        assert!(fingerprints.insert(issue["fingerprint"].to_string()), "{issue}");
    }
    assert!(fingerprints.len() > 40, "{}", fingerprints.len());
}

#[test]
fn its_lines_are_the_flags_own() {
    let known = in_files();
    let mut lines = 0;
    for issue in issues() {
        let path = issue["location"]["path"].as_str().expect("a path");
        let line = issue["location"]["lines"]["begin"].as_u64().expect("a line");
        let fingerprint = issue["fingerprint"].as_str().expect("a text");
        let own = known.iter().filter(|(_, result, at, on)| {
            let half = result["fingerprint"].as_str().expect("a text");
            fingerprint.starts_with(half) && at == path && *on == line
        });
        for (_, result, ..) in own {
            assert_stands(result, path, line);
            lines += 1;
        }
    }
    assert!(lines > 40, "{lines}");
}

#[test]
fn hostile_text_is_data() {
    // Messages quote values as Go does, and hide names of flags that may be secrets.
    let part = HOSTILE.split('"').next().expect("a part");
    let hostile = |issue: &Value| issue["description"].as_str().is_some_and(|it| it.contains(part));
    assert!(issues().iter().any(hostile));
    assert!(issues().iter().any(|issue| issue["check_name"] == "input-not-checked"));
}
