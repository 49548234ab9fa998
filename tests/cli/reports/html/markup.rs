//! The page as a text: well-formed whatever it quotes, and in need of nothing else.

use std::collections::BTreeMap;
use std::fs;

use roxmltree::{Document, Node};

use super::super::{HOSTILE, mixed};
use crate::program::run;

/// An element with its attributes and all text within it.
#[derive(Debug)]
pub(in crate::reports) struct Element {
    name: String,
    pub(in crate::reports) attributes: BTreeMap<String, String>,
    text: String,
}

impl Element {
    fn of(node: Node<'_, '_>) -> Self {
        let attributes = node.attributes().map(|it| (it.name().to_owned(), it.value().to_owned()));
        let texts = node.descendants().filter(Node::is_text).filter_map(|text| text.text());
        Self {
            name: node.tag_name().name().to_owned(),
            attributes: attributes.collect(),
            text: texts.collect(),
        }
    }

    fn is(&self, name: &str, attribute: &str, value: &str) -> bool {
        self.name == name && self.attributes.get(attribute).is_some_and(|own| own == value)
    }
}

/// The page without its style and script, which are no markup.
fn without_own_texts(page: &str) -> String {
    let mut rest = page.to_owned();
    for name in ["style", "script"] {
        let (before, behind) = rest.split_once(&format!("<{name}>")).expect("one");
        let (_, behind) = behind.split_once(&format!("</{name}>")).expect("its end");
        rest = format!("{before}{behind}");
    }
    rest
}

/// The elements of a page, each in the order of its start. What is no well-formed XML fails the test.
fn elements(page: &str) -> Vec<Element> {
    let page = without_own_texts(page);
    let page = page.strip_prefix("<!DOCTYPE html>\n").expect("a page");
    let document = Document::parse(page).expect("well-formed");
    document.descendants().filter(Node::is_element).map(Element::of).collect()
}

/// The elements that stand for results.
pub(in crate::reports) fn results() -> Vec<Element> {
    let is_result = |element: &Element| {
        element.name == "details" && element.attributes.contains_key("data-status")
    };
    elements(&mixed().text("html")).into_iter().filter(is_result).collect()
}

#[test]
fn hostile_text_arrives_as_text() {
    let shown = HOSTILE.replace('\u{1b}', "\\u{1b}").replace('\u{202e}', "\\u{202e}");
    let elements = elements(&mixed().text("html"));
    let holds = |name: &str, class: &str, text: &str| {
        elements.iter().any(|element| element.is(name, "class", class) && element.text == text)
    };
    assert!(holds("code", "value", &shown), "a value");
    assert!(holds("code", "value", &format!("/etc/{shown}\nsecond line")), "its lines");
    assert!(holds("code", "value", &"x😀".repeat(2048)), "in full");
    let quoted = |name: &str| {
        elements.iter().any(|element| element.name == name && element.text.contains(&shown))
    };
    assert!(quoted("h2"), "the name of a target");
    assert!(quoted("dd"), "the reason of a waiver");
    let failure = |element: &Element| element.name == "li" && element.text.contains("broken.yaml");
    assert!(elements.iter().any(failure), "what could not be checked");
}

#[test]
fn only_the_page_s_own_script_and_style_may_run() {
    let page = mixed().text("html");
    let elements = elements(&page);
    let policy = elements
        .iter()
        .find(|element| element.is("meta", "http-equiv", "Content-Security-Policy"))
        .expect("a policy");
    assert!(policy.attributes["content"].starts_with("default-src 'none'; style-src 'sha256-"));
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("<style").count(), 1);
    for Element { name, attributes, .. } in &elements {
        for (attribute, value) in attributes {
            assert!(!attribute.starts_with("on") && attribute != "style", "{name} {attribute}");
            assert_ne!(attribute, "src", "{name}");
            let is_plain = ["#", "https://", "http://"].iter().any(|from| value.starts_with(from));
            assert!(attribute != "href" || is_plain || value == "data:,", "{name} {value}");
        }
    }
}

#[test]
fn every_link_within_the_page_leads_somewhere() {
    let elements = elements(&mixed().text("html"));
    let ids: Vec<&String> = elements.iter().filter_map(|e| e.attributes.get("id")).collect();
    for (at, id) in ids.iter().enumerate() {
        assert!(!ids[..at].contains(id), "{id} is there twice");
    }
    let links = elements.iter().filter_map(|element| element.attributes.get("href"));
    let places: Vec<&str> = links.filter_map(|link| link.strip_prefix('#')).collect();
    assert!(places.contains(&"rule-profiling"));
    for place in places.into_iter().filter(|place| !place.contains('=')) {
        assert!(ids.iter().any(|id| *id == place), "{place}");
    }
}

#[test]
fn the_overview_counts_what_is_listed() {
    let elements = elements(&mixed().text("html"));
    let listed = results();
    let mut counts = 0;
    for element in elements.iter().filter(|element| element.name == "a") {
        let Some((_, filter)) = element.attributes["href"].split_once("#status=") else { continue };
        let (status, rest) = filter.split_once('&').unwrap_or((filter, ""));
        let statuses: Vec<&str> = status.split(',').collect();
        let severity = rest.strip_prefix("severity=");
        let has = |result: &&Element| {
            statuses.contains(&&*result.attributes["data-status"])
                && severity.is_none_or(|severity| result.attributes["data-severity"] == severity)
        };
        if rest.is_empty() || severity.is_some() {
            let words = element.text.split_whitespace();
            let count: usize = words.take(1).collect::<String>().parse().expect("a count");
            assert_eq!(count, listed.iter().filter(has).count(), "{filter}");
            counts += 1;
        }
    }
    assert!(counts > 10, "{counts}");
}

#[test]
fn a_place_is_the_line_that_decides() {
    let elements = elements(&mixed().text("html"));
    let is_place = |element: &&Element| element.is("code", "class", "place");
    let places = elements.iter().filter(is_place).map(|element| &element.text);
    let place = places.filter(|place| place.starts_with("manifests/twins.yaml:")).min();
    let (path, line) = place.expect("a place").split_once(':').expect("a line");
    let text = fs::read_to_string(mixed().folder().join(path)).expect("the file");
    let line: usize = line.parse().expect("a number");
    let written = text.lines().nth(line - 1).expect("the line");
    assert!(written.contains("--") || written.contains("kube-apiserver"), "{written}");
}

#[test]
fn a_pack_of_the_user_s_own_is_quoted_as_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let pack = r#"
[[rule]]
id = "own"
component = "kube-apiserver"
title = "<i>mine</i>"
severity = "low"
remediation = "</dd></dl><script>alert(1)</script>"
require.flag = { profiling = { equals = false } }
rationale = "a & b"
impact = "\"<b>\""
references = ["javascript:alert(1)", "https://example.org/?a&b='<i>'"]
pass = ["--profiling=false"]
fail = ["--profiling"]

[[benchmark]]
id = "mine"
title = "<u>Ours</u> & \"theirs\""
kubernetes = "1.30..1.34"

[[benchmark.section]]
number = "<1>"
title = "</h3>"

[[benchmark.section.control]]
number = "<1>.'1'"
rule = "own"
"#;
    fs::write(folder.path().join("own.toml"), pack).expect("written");
    let words = ["check", "--rules=own.toml", "--benchmark=mine", "--format=html"];
    let outcome =
        run(words.into_iter().chain(["--", "kube-apiserver", "--profiling"]), None, folder.path());
    assert_eq!(outcome.status, 1, "{}", outcome.stderr);
    let elements = elements(&outcome.stdout);
    let has = |name: &str, text: &str| {
        elements.iter().any(|element| element.name == name && element.text.contains(text))
    };
    assert!(has("h3", "</h3>"));
    assert!(has("dd", "</dd></dl><script>alert(1)</script>"));
    assert!(has("span", "<1>.'1'"));
    assert!(has("li", "javascript:alert(1)"));
    let link = |element: &&Element| element.name == "a" && element.text.starts_with("https:");
    let link = elements.iter().find(link).expect("a link");
    assert_eq!(link.attributes["href"], "https://example.org/?a&b='<i>'");
    assert!(elements.iter().any(|e| e.is("section", "data-section", "mine/<1>")));
}
