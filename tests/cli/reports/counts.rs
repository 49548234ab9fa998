//! The same counts in every format, derived from what each of them lists.

use std::collections::BTreeMap;

use super::html::markup;
use super::{kube_bench_json, mixed, ocsf, oscal, policyreport, prometheus};

/// How many results there are of each status; a waived failure counts as waived alone.
type Counts = BTreeMap<&'static str, usize>;

fn expected() -> Counts {
    let summary = &mixed().json("json")["summary"];
    ["pass", "fail", "manual", "unknown", "not_applicable", "error", "waived"]
        .into_iter()
        .map(|status| {
            (status, usize::try_from(summary[status].as_u64().expect("a count")).expect("few"))
        })
        .collect()
}

/// Nothing counted yet.
fn none() -> Counts {
    expected().into_keys().map(|status| (status, 0)).collect()
}

/// The same counts from a list of statuses, each in the summary's word.
fn counted(statuses: impl IntoIterator<Item = &'static str>) -> Counts {
    let mut counts = none();
    for status in statuses {
        *counts.entry(status).or_default() += 1;
    }
    counts
}

#[test]
fn kube_bench_json_lists_what_json_counts() {
    assert_eq!(counted(kube_bench_json::statuses()), expected());
}

#[test]
fn ocsf_lists_what_json_counts() {
    assert_eq!(counted(ocsf::statuses()), expected());
}

#[test]
fn oscal_lists_what_json_counts() {
    assert_eq!(counted(oscal::statuses()), expected());
}

#[test]
fn policy_reports_list_what_json_counts() {
    for format in policyreport::FORMATS {
        let statuses = policyreport::statuses(format);
        let statuses: Vec<&str> = statuses.iter().map(String::as_str).collect();
        let expected = expected();
        let counts = expected
            .keys()
            .map(|status| (*status, statuses.iter().filter(|found| *found == status).count()));
        assert_eq!(counts.collect::<Counts>(), expected, "{format}");
        assert_eq!(statuses.len(), expected.values().sum::<usize>(), "{format}");
    }
}

#[test]
fn prometheus_counts_what_json_counts() {
    let expected = expected().into_iter().map(|(status, count)| (status.to_owned(), count));
    assert_eq!(prometheus::counts(), expected.collect());
}

#[test]
fn json_lists_what_it_counts() {
    let mut counts = none();
    for (_, result) in mixed().results() {
        let status = match result["status"].as_str().expect("a status") {
            "fail" if result["waiver"].is_object() => "waived",
            "not-applicable" => "not_applicable",
            status => status,
        };
        *counts.get_mut(status).expect(status) += 1;
    }
    assert_eq!(counts, expected());
}

#[test]
fn sarif_lists_what_it_counts() {
    let mut counts = none();
    let log = mixed().json("sarif");
    for result in log["runs"][0]["results"].as_array().expect("results") {
        let status = match result["kind"].as_str().expect("a kind") {
            "fail" if result["suppressions"] != serde_json::json!([]) => "waived",
            "notApplicable" => "not_applicable",
            "review" => "manual",
            // Neither is decided; the properties tell them apart.
            "open" if result["properties"]["status"] == "unknown" => "unknown",
            "open" => "error",
            kind => kind,
        };
        // A result stands for all controls that it answers.
        let controls = result["properties"]["controls"].as_array().expect("controls").len();
        *counts.get_mut(status).expect(status) += controls;
    }
    assert_eq!(counts, expected());
}

#[test]
fn junit_lists_what_it_counts() {
    let mut counts = none();
    let text = mixed().text("junit");
    let report = roxmltree::Document::parse(&text).expect("XML");
    let cases = report.descendants().filter(|node| node.has_tag_name("testcase"));
    for case in cases.filter(|case| !super::junit::is_input(case)) {
        let Some(outcome) = case.first_element_child() else {
            *counts.get_mut("pass").expect("known") += 1;
            continue;
        };
        let message = outcome.attribute("message").expect("a message");
        let status = match (outcome.tag_name().name(), message.split_once(": ")) {
            ("failure", _) | ("skipped", Some(("in the baseline", _))) => "fail",
            ("skipped", Some(("not applicable", _))) => "not_applicable",
            ("skipped", Some((why, _))) => why,
            (name, _) => name,
        };
        *counts.get_mut(status).expect(status) += 1;
    }
    assert_eq!(counts, expected());
}

/// An issue is what needs somebody, and what is waived: all of it, and nothing else.
#[test]
fn gitlab_lists_every_finding_error_and_waiver() {
    let issues = mixed().json("gitlab");
    let issues = issues.as_array().expect("issues").iter();
    let issues = issues.filter(|issue| issue["check_name"] != "input-not-checked");
    let (mut findings, mut errors, mut waived) = (0, 0, 0);
    for issue in issues {
        let text = issue["description"].as_str().expect("a text");
        let (_, controls) = text.rsplit_once(" (").expect("controls");
        let sum = if text.contains(": could not be determined: ") {
            &mut errors
        } else if text.contains(": waived: ") {
            &mut waived
        } else {
            &mut findings
        };
        *sum += controls.split(", ").count();
    }
    let expected = (expected_findings(), expected()["error"], expected()["waived"]);
    assert_eq!((findings, errors, waived), expected);
}

#[test]
fn github_annotates_every_finding_and_error_and_counts_the_rest() {
    let (mut findings, mut errors) = (0, 0);
    let mut counts = none();
    for command in super::github::commands() {
        if command.title() == "Not checked" {
            continue;
        }
        if command.title() == "plimsoll" {
            counts.extend(summary(&command.message));
            continue;
        }
        let controls = command.controls().len();
        let undecided = command.message.starts_with("could not be determined: ");
        *(if undecided { &mut errors } else { &mut findings }) += controls;
    }
    assert_eq!((findings, errors), (expected_findings(), expected()["error"]));
    assert_eq!(counts, expected());
}

/// `4 targets: 10 pass, 3 fail (2 in the baseline), …`
pub(super) fn summary(text: &str) -> Counts {
    let (_, counts) = text.split_once(": ").expect("counts");
    let mut read = none();
    for count in counts.split(", ") {
        let (number, words) = count.split_once(' ').expect("a count");
        let name = words.split(" (").next().expect("a word").replace(' ', "_");
        *read.get_mut(&*name).expect(words) = number.parse().expect("a number");
    }
    read
}

#[test]
fn markdown_lists_what_it_counts() {
    let page = super::markdown::Page::read(&mixed().text("markdown"));
    let counts = summary(&page.counts);
    assert_eq!(counts, expected());
    let known = expected()["fail"] - expected_findings();
    for (table, count) in [
        ("Findings", expected_findings()),
        ("Could not be determined", counts["error"]),
        ("Waived", counts["waived"]),
        ("In the baseline", known),
        ("Not known from this input", counts["unknown"]),
        ("For a person to decide", counts["manual"]),
    ] {
        let table = &page.tables[table];
        assert_eq!(table.told, count);
        assert_eq!(table.controls().len() + table.left_out, count);
    }
}

#[test]
fn csv_lists_what_it_counts() {
    let mut counts = none();
    for row in super::csv::rows() {
        let status = match (&*row["status"], &*row["accepted"]) {
            ("error", _) if row["control"].is_empty() => continue,
            (_, "waiver") => "waived",
            ("not-applicable", _) => "not_applicable",
            (status, _) => status,
        };
        *counts.get_mut(status).expect(status) += 1;
    }
    assert_eq!(counts, expected());
}

/// The failures that are neither waived nor in the baseline.
fn expected_findings() -> usize {
    let known = mixed().json("json")["summary"]["baseline"].as_u64().expect("a count");
    expected()["fail"] - usize::try_from(known).expect("few")
}

#[test]
fn text_lists_what_it_counts() {
    let text = mixed().text("text");
    let words = [
        ("pass", "pass"),
        ("fail", "fail"),
        ("manual", "manual"),
        ("unknown", "unknown"),
        ("not_applicable", "n/a"),
        ("error", "error"),
        ("waived", "waived"),
    ];
    let lines = |word: &str| {
        text.lines()
            .filter(|line| {
                let mut parts = line.split_whitespace();
                let number = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
                line.starts_with("  ")
                    && parts.next() == Some(word)
                    && parts.next().is_some_and(number)
            })
            .count()
    };
    let mut counts: Counts = words.into_iter().map(|(name, word)| (name, lines(word))).collect();
    *counts.entry("fail").or_default() += lines("known");
    assert_eq!(counts, expected());
}

#[test]
fn html_lists_what_it_counts() {
    let mut counts: Counts = expected().keys().map(|status| (*status, 0)).collect();
    for result in markup::results() {
        let status = match result.attributes["data-status"].as_str() {
            "known" => "fail",
            "not-applicable" => "not_applicable",
            status => status,
        };
        *counts.get_mut(status).expect("a status") += 1;
    }
    assert_eq!(counts, expected());
}
