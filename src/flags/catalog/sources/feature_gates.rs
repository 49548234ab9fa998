//! The table of feature gates, as Rust.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Count;
use super::fixture::GateFact;
use super::history::changes;
use super::listed::{by_name, import_of_lives, life};
use super::releases::Releases;
use super::written::{begin, import, width, words};

/// The file of the table.
pub(super) fn table(releases: &Releases) -> String {
    let gates = by_name(releases, |fixture| fixture.gates.iter().collect());
    let width = width(gates.keys().map(String::as_str));
    let mut rows = String::new();
    for (name, facts) in &gates {
        let history: Vec<String> = gate_history(facts, releases)
            .iter()
            .map(|(from, (stage, default))| format!("({from}, {stage}, {default})"))
            .collect();
        let (name, life) = (format!("{name:?},"), life(facts, releases));
        let _ = writeln!(rows, "    gate({name:width$} {life:13} &[{}]),", history.join(", "));
    }
    let used = words(&rows, &["LOCKED_OFF", "LOCKED_ON", "OFF", "ON"]);
    let mut spec = import(
        "super::super::gate_spec::Stage",
        &words(&rows, &["Alpha", "Beta", "Deprecated", "Stable"]),
    );
    let names = ["GateSpec", "gate"].map(str::to_owned);
    spec += &import("super::super::gate_spec", &names.into_iter().chain(used).collect());
    let mut text = begin("The feature gates of kube-apiserver.");
    text += &import_of_lives(&rows);
    text += &spec;
    text +=
        "\n/// Ordered by name. Columns: name, life span, stage and default from a release on.\n";
    text += "pub(in super::super) const GATES: &[GateSpec] = &[\n";
    text + &rows + "];\n"
}

/// What holds of a gate from a release on. What a list leaves out had changed by then: help texts
/// hide stable gates, so that a gate that is missing has become stable.
fn gate_history(
    facts: &BTreeMap<Count, &GateFact>,
    releases: &Releases,
) -> Vec<(Count, (&'static str, &'static str))> {
    let mut before = None;
    let mut entries = Vec::new();
    for (release, fact) in facts {
        let from = before.and_then(|before| releases.after(before)).unwrap_or(*release);
        entries.push((from, (stage(&fact.stage), default(fact))));
        before = Some(*release);
    }
    changes(entries)
}

fn stage(text: &str) -> &'static str {
    match text {
        "ALPHA" => "Alpha",
        "BETA" => "Beta",
        "GA" => "Stable",
        "DEPRECATED" => "Deprecated",
        _ => panic!("not a stage: {text:?}"),
    }
}

const fn default(fact: &GateFact) -> &'static str {
    match (fact.on, fact.locked) {
        (true, false) => "ON",
        (false, false) => "OFF",
        (true, true) => "LOCKED_ON",
        (false, true) => "LOCKED_OFF",
    }
}
