//! `prometheus`, read by the rules of the text exposition format.

use std::collections::{BTreeMap, BTreeSet};

use super::mixed;

/// A sample.
#[derive(Debug)]
struct Sample {
    metric: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

impl Sample {
    fn label(&self, name: &str) -> &str {
        self.labels.get(name).unwrap_or_else(|| panic!("{name} in {self:?}"))
    }
}

fn is_name(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(word)
}

/// The labels of a sample and what stands behind them.
fn labels(text: &str) -> (BTreeMap<String, String>, &str) {
    let mut labels = BTreeMap::new();
    let Some(mut rest) = text.strip_prefix('{') else { return (labels, text) };
    loop {
        let (name, behind) = rest.split_once("=\"").expect("a label");
        assert!(is_name(name), "{name}");
        let mut value = String::new();
        let mut chars = behind.char_indices();
        let end = loop {
            let (at, c) = chars.next().expect("a quote ends the value");
            match c {
                '"' => break at,
                '\\' => value.push(match chars.next().expect("an escape").1 {
                    'n' => '\n',
                    c @ ('\\' | '"') => c,
                    c => panic!("\\{c} is no escape"),
                }),
                c => value.push(c),
            }
        };
        assert!(labels.insert(name.to_owned(), value).is_none(), "{name} stands twice");
        rest = &behind[end + 1..];
        match rest.strip_prefix(',') {
            Some(next) => rest = next,
            None => return (labels, rest.strip_prefix('}').expect("the end of the labels")),
        }
    }
}

/// Every sample. Holds what the format and the collector ask of the text.
fn parse(text: &str) -> Vec<Sample> {
    assert!(text.ends_with('\n'));
    let mut samples: Vec<Sample> = Vec::new();
    let mut open: Option<(String, bool)> = None;
    let mut closed = BTreeSet::new();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').expect("words");
            assert!(!words.is_empty() && !words.contains('\\'));
            assert!(closed.insert(name.to_owned()), "{name} stands twice");
            open = Some((name.to_owned(), false));
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, typed) = open.as_mut().expect("a HELP line");
            assert_eq!(kind, format!("{name} gauge"));
            assert!(!*typed, "{name} has two types");
            *typed = true;
        } else {
            let end = line.find(['{', ' ']).expect("a value");
            let (name, rest) = line.split_at(end);
            assert_eq!(open, Some((name.to_owned(), true)), "{line}");
            assert!(is_name(name) && name.starts_with("plimsoll_"), "{name}");
            let (labels, rest) = labels(rest);
            let value = rest.strip_prefix(' ').expect("a value");
            // A second word would be a time, which the collector refuses.
            let value: f64 = value.parse().expect(value);
            assert!(value.is_finite(), "{line}");
            samples.push(Sample { metric: name.to_owned(), labels, value });
        }
    }
    samples
}

fn samples() -> Vec<Sample> {
    parse(&mixed().text("prometheus"))
}

fn of<'s>(samples: &'s [Sample], metric: &str) -> Vec<&'s Sample> {
    let metric = format!("plimsoll_{metric}");
    samples.iter().filter(|sample| sample.metric == metric).collect()
}

/// The counts by status, all targets together.
pub(super) fn counts() -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for sample in of(&samples(), "controls") {
        let count = format!("{}", sample.value).parse::<usize>().expect("a count");
        *counts.entry(sample.label("status").to_owned()).or_default() += count;
    }
    counts
}

#[test]
fn no_series_stands_twice() {
    let mut seen = BTreeSet::new();
    for sample in samples() {
        assert!(seen.insert((sample.metric.clone(), sample.labels.clone())), "{sample:?}");
    }
}

#[test]
fn a_metric_has_the_same_labels_everywhere() {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for sample in samples() {
        let labels: Vec<String> = sample.labels.keys().cloned().collect();
        assert_eq!(*names.entry(sample.metric).or_insert_with(|| labels.clone()), labels);
    }
}

#[test]
fn the_run_is_told_with_its_time_and_whether_it_was_whole() {
    let samples = samples();
    let single = |name: &str| match of(&samples, name)[..] {
        [sample] if sample.labels.is_empty() => format!("{}", sample.value),
        ref other => panic!("{name}: {other:?}"),
    };
    let report = mixed().json("json");
    let time: jiff::Timestamp =
        report["generated_at"].as_str().expect("text").parse().expect("a time");
    assert_eq!(single("last_run_timestamp_seconds"), time.as_second().to_string());
    assert_eq!(single("run_success"), "0", "broken.yaml cannot be checked");
    assert_eq!(single("unread_inputs"), "1");
    assert_eq!(single("targets"), report["summary"]["targets"].to_string());
    let digests: Vec<&str> =
        of(&samples, "benchmark_info").iter().map(|sample| sample.label("digest")).collect();
    let expected = report["benchmarks"].as_array().expect("benchmarks");
    let expected: Vec<&str> = expected.iter().filter_map(|b| b["digest"].as_str()).collect();
    assert_eq!(digests, expected);
    assert_eq!(of(&samples, "build_info").len(), 1);
}

#[test]
fn each_decided_control_has_one_sample_and_a_waiver_does_not_make_it_pass() {
    let samples = samples();
    let count = |metric: &str, value: &str| {
        of(&samples, metric).iter().filter(|sample| format!("{}", sample.value) == value).count()
    };
    let summary = mixed().json("json")["summary"].clone();
    let [pass, fail, waived, baseline] = ["pass", "fail", "waived", "baseline"]
        .map(|field| usize::try_from(summary[field].as_u64().expect(field)).expect("few"));
    assert_eq!(count("control_pass", "1"), pass);
    assert_eq!(count("control_pass", "0"), fail + waived);
    assert_eq!(count("control_waived", "1"), waived);
    assert_eq!(count("control_waived", "0"), fail);
    let known: f64 = of(&samples, "baseline_failures").iter().map(|sample| sample.value).sum();
    assert_eq!(format!("{known}"), baseline.to_string());
}

#[test]
fn waivers_tell_when_they_end() {
    let samples = samples();
    let ends: Vec<(&str, i64)> = of(&samples, "waiver_expiry_timestamp_seconds")
        .iter()
        .map(|sample| (sample.label("rule"), format!("{}", sample.value).parse().expect("seconds")))
        .collect();
    // 3000-01-01 and 2020-03-01, each at midnight.
    assert_eq!(ends, [("anonymous-auth", 32_503_680_000), ("profiling", 1_583_020_800)]);
}

#[test]
fn targets_have_lasting_names_and_no_label_holds_a_value() {
    let samples = samples();
    let targets: BTreeSet<&str> =
        of(&samples, "controls").iter().map(|sample| sample.label("target")).collect();
    assert!(targets.contains("kube-apiserver@/usr/bin/kube-apiserver"), "{targets:?}");
    assert!(targets.contains("kube-apiserver@manifests/we\"ird <b>&]]> é😀.yaml"), "{targets:?}");
    let text = mixed().text("prometheus");
    for word in ["4242", "alert(1)", "/var/log", "platform"] {
        assert!(!text.contains(word), "{word}");
    }
}
