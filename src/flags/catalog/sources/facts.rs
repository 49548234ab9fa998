//! From facts in JSON, a file a release, to the fixtures.
//!
//! A file `COMPONENT/RELEASE.json` is an object: `flags`, a list of objects with `name`, `type`,
//! `default`, `deprecated`, `shorthand` and `section`; for etcd `ignored_flags`; for kube-apiserver
//! `admission_plugins`, `authorization_modes`, `tls_ciphers`, `tls_versions` and `feature_gates`;
//! `uncertain`, a list of flags and remarks; and `obtained_by`, in words.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::corrections::Corrections;
use super::fixture::Source;
use super::releases::{self, count};
use super::{path, read};
use crate::component::Component;

/// The fixtures that a folder of facts makes, each with its path in the repository. Releases older
/// than the oldest fixture are left out.
pub(super) fn fixtures(folder: &Path) -> Vec<(String, String)> {
    let corrections = Corrections::read(&read(&path("fixtures/components/corrections.tsv")));
    let mut fixtures = Vec::new();
    for component in Component::ALL.map(|component| component.to_string()) {
        let oldest = *releases::files(&component).keys().next().expect("a fixture");
        let entries = fs::read_dir(folder.join(&component)).expect("a folder of a component");
        for file in entries.map(|entry| entry.expect("an entry").path()) {
            let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            if !stem.contains('.') || count(&component, stem) < oldest {
                continue;
            }
            let facts: Value = serde_json::from_str(&read(&file)).expect("JSON");
            let lines = lines(&component, stem, &facts);
            let text = corrections.apply(&component, stem, lines);
            fixtures.push((format!("fixtures/components/{component}/{stem}.tsv"), text));
        }
    }
    let unused = corrections.unused();
    assert!(unused.is_empty(), "corrections of what the facts do not say: {unused:#?}");
    fixtures.sort();
    fixtures
}

/// The facts of a release, each a line of columns.
fn lines(component: &str, release: &str, facts: &Value) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    let mut add = |columns: &[&str]| {
        lines.push(columns.iter().map(ToString::to_string).collect::<Vec<_>>());
    };
    add(&["source", source(facts).word()]);
    for flag in items(&facts["flags"]) {
        let default = shown_default(component, flag);
        let [name, go_type, letter, group] =
            ["name", "type", "shorthand", "section"].map(|key| flag[key].as_str());
        let mark = if flag["deprecated"] == true { "deprecated" } else { "-" };
        let (name, go_type) = (name.expect("a name"), go_type.unwrap_or("?"));
        let default = default.as_deref().unwrap_or("?");
        add(&["flag", name, go_type, default, mark, letter.unwrap_or("-"), group.unwrap_or("-")]);
    }
    for name in texts(&facts["ignored_flags"]) {
        add(&["ignored", name]);
    }
    for remark in texts(&facts["uncertain"]) {
        match uncertain_flag(remark) {
            Some(name) => add(&["uncertain", name]),
            None => println!("{component} {release}, for by-hand.tsv or corrections.tsv: {remark}"),
        }
    }
    let plugins = &facts["admission_plugins"];
    let on = plugins["default_on"].as_array();
    for name in texts(&plugins["all_ordered"]) {
        let state = on.map_or("?", |on| if on.iter().any(|n| n == name) { "on" } else { "off" });
        add(&["plugin", name, state]);
    }
    for name in texts(&facts["authorization_modes"]) {
        add(&["mode", name]);
    }
    for safety in ["secure", "insecure"] {
        for name in texts(&facts["tls_ciphers"][safety]) {
            add(&["cipher", name, safety]);
        }
    }
    for name in texts(&facts["tls_versions"]) {
        add(&["tls", name]);
    }
    for (name, gate) in facts["feature_gates"].as_object().into_iter().flatten() {
        let state = if gate["default"] == true { "on" } else { "off" };
        let locked = gate["locked"].as_bool();
        let locked = locked.map_or("?", |locked| if locked { "locked" } else { "-" });
        add(&["gate", name, gate["stage"].as_str().expect("a stage"), state, locked]);
    }
    lines
}

/// How the facts were obtained. New words are read by a person, who says here what they mean.
fn source(facts: &Value) -> Source {
    let words = facts["obtained_by"].as_str().unwrap_or_default();
    if words.ends_with("are hidden from help and may be missing") {
        Source::WithoutHidden
    } else if words.starts_with("not run: flags found in both") {
        Source::Neighbours
    } else {
        let known = [
            "registration code run",
            "generated reference documentation",
            "help text and flag registration source",
        ];
        // A release that nobody ran yet: its predecessor, and what is known to differ.
        let differences = words.ends_with("file plus differences read, not run");
        let complete = differences || known.iter().any(|known| words.starts_with(known));
        assert!(complete, "a source that is not known: {words:?}");
        Source::Complete
    }
}

/// A flag's default as a JSON string; `None` if the source does not show it. Where etcd's help text
/// has code in its place, no value is shown, and nothing at all stands for a number or a time.
fn shown_default(component: &str, flag: &Value) -> Option<String> {
    let text = flag["default"].as_str()?;
    let is_text = ["string", "var"].contains(&flag["type"].as_str().unwrap_or("string"));
    let is_code = text.contains('`') || text.starts_with('\'') || (text.is_empty() && !is_text);
    let shown = component != "etcd" || !is_code;
    shown.then(|| Value::from(text).to_string())
}

/// The flag that a remark begins with, or is.
fn uncertain_flag(remark: &str) -> Option<&str> {
    let is_name = |text: &str| !text.contains(|c: char| !(c.is_ascii_lowercase() || c == '-'));
    let flag = remark.strip_prefix("--").and_then(|rest| rest.split([' ', ':']).next());
    flag.or(Some(remark)).filter(|name| is_name(name))
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    items(list).iter().map(|item| item.as_str().expect("text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_facts_becomes_a_corrected_fixture() {
        let facts = serde_json::json!({
            "obtained_by": "generated reference documentation; some are hidden from help and may be missing",
            "flags": [
                {"name": "v", "type": "Level", "default": "0", "shorthand": "v", "section": "logs"},
                {"name": "port", "type": "int", "default": null, "deprecated": true},
            ],
            "uncertain": ["port", "--v: kept here", "flags were not read again"],
            "admission_plugins": {"all_ordered": ["B", "A"], "default_on": ["A"]},
            "tls_ciphers": {"secure": ["X"], "insecure": []},
            "feature_gates": {"G": {"stage": "BETA", "default": true}},
        });
        let corrections = Corrections::read(
            "# The page writes 0.\nkubelet\t1.9\tflag\tv\tdefault\t\"2\"\nkubelet\t1.8\tflag\tv\tgroup\tx\n",
        );
        let text = corrections.apply("kubelet", "1.9", lines("kubelet", "1.9", &facts));
        let expected = [
            "source\twithout-hidden",
            "# The page writes 0.",
            "flag\tv\tLevel\t\"2\"\t-\tv\tlogs",
            "flag\tport\tint\t?\tdeprecated\t-\t-",
            "uncertain\tport",
            "uncertain\tv",
            "plugin\tB\toff",
            "plugin\tA\ton",
            "cipher\tX\tsecure",
            "gate\tG\tBETA\ton\t?",
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
        assert_eq!(corrections.unused(), ["kubelet 1.8 v"]);
    }

    #[test]
    fn what_help_texts_of_etcd_show_in_place_of_a_value_is_not_a_default() {
        let default = |component: &str, go_type: &str, text: &str| {
            let flag = serde_json::json!({"type": go_type, "default": text});
            shown_default(component, &flag)
        };
        for (go_type, text) in
            [("uint", "` + x + `"), ("string", "' [DEPRECATED]"), ("duration", "")]
        {
            assert_eq!(default("etcd", go_type, text), None, "{text}");
        }
        assert_eq!(default("etcd", "string", "").as_deref(), Some("\"\""));
        assert_eq!(default("kubelet", "string", "''").as_deref(), Some("\"''\""));
    }
}
