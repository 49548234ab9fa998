//! JUnit, as its schema, GitLab and Jenkins want it.

use std::collections::HashSet;
use std::process::Command;

use roxmltree::{Document, Node};

use super::places::assert_stands;
use super::{HOSTILE, mixed, schemas};

/// Whether a case stands for an input that could not be checked.
pub(super) fn is_input(case: &Node<'_, '_>) -> bool {
    attribute(case, "classname").starts_with("inputs.")
}

fn attribute<'d>(node: &Node<'d, '_>, name: &str) -> &'d str {
    node.attribute(name).unwrap_or_else(|| panic!("{name} is missing in {node:?}"))
}

fn number(node: &Node<'_, '_>, name: &str) -> usize {
    attribute(node, name).parse().expect(name)
}

fn cases<'d, 'i>(report: &'d Document<'i>) -> Vec<Node<'d, 'i>> {
    report.descendants().filter(|node| node.has_tag_name("testcase")).collect()
}

fn outcomes(suite: &Node<'_, '_>, name: &str) -> usize {
    suite.descendants().filter(|node| node.has_tag_name(name)).count()
}

#[test]
fn counts_are_the_sums_of_what_is_below() {
    let text = mixed().text("junit");
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
    let report = Document::parse(&text).expect("XML");
    let root = report.root_element();
    let mut sums = [0; 3];
    for suite in root.children().filter(Node::is_element) {
        assert_eq!(number(&suite, "tests"), outcomes(&suite, "testcase"));
        assert_eq!(number(&suite, "failures"), outcomes(&suite, "failure"));
        assert_eq!(number(&suite, "errors"), outcomes(&suite, "error"));
        assert_eq!(number(&suite, "skipped"), outcomes(&suite, "skipped"));
        assert_eq!(attribute(&suite, "timestamp").len(), "2026-01-01T00:00:00".len());
        for (sum, name) in sums.iter_mut().zip(["tests", "failures", "errors"]) {
            *sum += number(&suite, name);
        }
    }
    assert_eq!(sums, ["tests", "failures", "errors"].map(|name| number(&root, name)));
    assert!(sums.iter().all(|sum| *sum > 0), "{sums:?}");
}

#[test]
fn no_case_is_passed_over_as_a_duplicate_and_every_outcome_says_why() {
    let text = mixed().text("junit");
    let report = Document::parse(&text).expect("XML");
    let mut seen = HashSet::new();
    for case in cases(&report) {
        let class = attribute(&case, "classname");
        assert!(seen.insert((class, attribute(&case, "name"))), "{case:?}");
        assert_eq!(class.matches('.').count(), 1, "{class}");
        assert_eq!(attribute(&case, "time"), "0");
        if let Some(outcome) = case.first_element_child() {
            let message = attribute(&outcome, "message");
            assert!(!message.is_empty());
            assert!(outcome.text().expect("a body").starts_with(message), "{outcome:?}");
        }
    }
    assert!(seen.len() > 300, "{}", seen.len());
}

#[test]
fn its_lines_are_the_flags_own() {
    let text = mixed().text("junit");
    let report = Document::parse(&text).expect("XML");
    let cases = cases(&report).into_iter().filter(|case| !is_input(case));
    let mut lines = 0;
    // Cases stand in the order of results.
    for (case, (_, result)) in cases.zip(mixed().results()) {
        let control = result["control"].as_str().expect("a number");
        assert!(attribute(&case, "name").starts_with(control), "{case:?}");
        let Some(line) = case.attribute("line") else { continue };
        assert_stands(&result, attribute(&case, "file"), line.parse().expect("a line"));
        lines += 1;
    }
    assert!(lines > 100, "{lines}");
}

#[test]
fn hostile_text_is_data() {
    let text = mixed().text("junit");
    let report = Document::parse(&text).expect("XML");
    let readable = HOSTILE.replace('\u{1b}', "\\u{1b}").replace('\u{202e}', "\\u{202e}");
    let bodies = cases(&report).into_iter().filter_map(|case| case.first_element_child()?.text());
    assert!(bodies.into_iter().any(|body| body.contains(&readable)));
    let said = report.descendants().filter(|node| node.has_tag_name("system-out"));
    assert!(
        said.into_iter().any(|node| node.text().is_some_and(|text| text.contains("is not a flag")))
    );
    assert!(report.descendants().all(|node| !node.has_tag_name("script")));
}

/// The schema is Jenkins' own, which knows neither `file` and `line` of a case nor a message of what
/// is skipped; GitLab and later releases of Jenkins read them.
#[test]
fn but_for_what_it_does_not_know_it_is_what_the_schema_says() {
    let Some(schema) = schemas::path("jenkins-junit.xsd") else { return };
    let text = mixed().text("junit");
    let report = Document::parse(&text).expect("XML");
    let mut known = String::new();
    let mut at = 0;
    for node in report.descendants() {
        let unknown: &[&str] = match node.tag_name().name() {
            "testcase" => &["file", "line"],
            "skipped" => &["message"],
            _ => &[],
        };
        for attribute in node.attributes().filter(|one| unknown.contains(&one.name())) {
            known.push_str(&text[at..attribute.range().start]);
            at = attribute.range().end;
        }
    }
    known.push_str(&text[at..]);
    assert!(known.len() < text.len());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("known.xml");
    std::fs::write(&path, known).expect("written");
    let mut xmllint = Command::new("xmllint");
    xmllint.args(["--noout", "--nonet", "--schema"]).args([&schema, &path]);
    let output = crate::limit::output(&mut xmllint).expect("xmllint, which .ci/schemas installs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
