//! `plimsoll flags`.

use std::fs;

use crate::program::{fixture, plimsoll};

#[test]
fn real_command_lines_print_as_the_real_server_read_them() {
    let facts = fs::read_to_string(fixture("argv/parse-1.36.jsonl")).expect("facts");
    for fact in facts.lines() {
        let fact: serde_json::Value = serde_json::from_str(fact).expect("JSON");
        let args = fact["args"].as_array().expect("args").iter().map(|a| a.as_str().expect("text"));
        let options = ["flags", "--format", "json", "--kubernetes-version", "1.36", "--"];
        let outcome = plimsoll(options.into_iter().chain(["kube-apiserver"]).chain(args));
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let report = outcome.json();
        let target = &report["targets"][0];
        if fact["ok"] != true {
            assert_eq!(target["starts"], false, "{fact}");
            continue;
        }
        let flags = target["flags"].as_array().expect("flags");
        for (name, value) in fact["set"].as_object().expect("set") {
            let flag = flags.iter().find(|flag| flag["name"] == **name).expect("the flag");
            assert_eq!(flag["origin"], "set");
            match fact["lists"].get(name) {
                Some(items) => assert_eq!(flag["value"], *items, "{name}"),
                None if flag["value"].is_string() => assert_eq!(flag["value"], *value, "{name}"),
                None => assert!(flag["value"].is_object() || flag["value"].is_array(), "{name}"),
            }
        }
    }
}

#[test]
fn every_occurrence_is_shown_with_its_place() {
    let outcome = plimsoll([
        "flags",
        "--kubernetes-version",
        "1.34",
        "--",
        "kube-apiserver",
        "--v=2",
        "--authorization-mode=Node",
        "--authorization-mode",
        "RBAC",
    ]);
    assert_eq!(outcome.status, 0);
    for line in [
        "The server refuses this command line.",
        "--authorization-mode  [Node,RBAC]  (set)",
        "--authorization-mode=Node  argument 2",
        "--authorization-mode RBAC  argument 3",
    ] {
        assert!(outcome.stdout.contains(line), "{line}\n{}", outcome.stdout);
    }
}

#[test]
fn all_flags_come_with_their_defaults() {
    let words = ["flags", "--all", "--format", "json", "--kubernetes-version", "1.36", "--"];
    let report = plimsoll(words.into_iter().chain(["kube-apiserver"])).json();
    let flags = report["targets"][0]["flags"].as_array().expect("flags");
    assert_eq!(flags.len(), 175, "as many as the 1.36 server registers");
    let age = flags.iter().find(|flag| flag["name"] == "audit-log-maxage").expect("it");
    assert_eq!((&age["value"], &age["origin"]), (&"366".into(), &"default".into()));
}
