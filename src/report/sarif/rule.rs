//! What the rules say, with their reasons: the page that a reader of an alert sees.

use std::collections::HashMap;

use serde::Serialize;

use super::Text;
use crate::report::marked::marked;
use crate::report::quotable;
use crate::result::Severity;
use crate::rule::{self, Benchmark};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule<'r> {
    id: &'r str,
    name: &'r str,
    short_description: Text<String>,
    full_description: Text<String>,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<&'r str>,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Properties {
    tags: Vec<String>,
    precision: &'static str,
    security_severity: &'static str,
}

/// GitHub takes no more of each.
const LONGEST: usize = 1024;
const TAGS: usize = 20;

/// The rules by their indexes.
pub(super) fn rules<'r>(
    indexes: &HashMap<String, usize>,
    benchmarks: &[&'r Benchmark],
) -> Vec<Rule<'r>> {
    let mut slots: Vec<Option<Rule<'r>>> = indexes.iter().map(|_| None).collect();
    let controls = benchmarks.iter().flat_map(|benchmark| benchmark.controls());
    for (_, control) in controls {
        let Some(index) = indexes.get(&*quotable(&control.entry.id)) else { continue };
        if let Some(slot @ None) = slots.get_mut(*index) {
            *slot = Some(described(control.entry.rule(), benchmarks));
        }
    }
    // Every result is of a control of these benchmarks, so no index is left without its rule.
    slots.into_iter().flatten().collect()
}

fn described<'r>(rule: &'r rule::Rule, benchmarks: &[&Benchmark]) -> Rule<'r> {
    let demand = &rule.demand;
    let parts = [
        ("What to do", &*demand.remediation),
        ("Why", &*rule.rationale),
        ("What changes when you follow it", &*rule.impact),
    ];
    let text = parts.map(|(title, text)| format!("{title}: {}", quotable(text)));
    let markdown = parts.map(|(title, text)| format!("**{title}.** {}", marked(&quotable(text))));
    Rule {
        id: &demand.id,
        name: &demand.id,
        short_description: Text { text: cut(&quotable(&demand.title)) },
        full_description: Text { text: cut(&quotable(&rule.rationale)) },
        help: Help { text: text.join("\n\n"), markdown: markdown.join("\n\n") },
        help_uri: rule.references.iter().map(String::as_str).find(|uri| is_address(uri)),
        default_configuration: Configuration { level: level(demand.severity) },
        properties: Properties {
            tags: tags(rule, benchmarks),
            precision: "high",
            security_severity: security_severity(demand.severity),
        },
    }
}

/// What an alert can be found by: the component and the controls.
fn tags(rule: &rule::Rule, benchmarks: &[&Benchmark]) -> Vec<String> {
    let fixed = ["security", "kubernetes", rule.demand.component.name()].map(str::to_owned);
    let controls = benchmarks.iter().flat_map(|benchmark| {
        benchmark
            .controls()
            .filter(|(_, control)| control.entry.id == rule.demand.id)
            .map(|(_, control)| quotable(&format!("{}/{}", benchmark.id, control.number)).into())
    });
    fixed.into_iter().chain(controls).take(TAGS).collect()
}

fn is_address(uri: &str) -> bool {
    uri.starts_with("https://") && uri.bytes().all(|byte| byte.is_ascii_graphic())
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// How a failure is shown.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The middle of GitHub's range of the same name; there is none for what is good to know.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.1",
    }
}
