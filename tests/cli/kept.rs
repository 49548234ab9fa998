//! Reports that were kept: two of them compared, a folder of them over time.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::browser::Page;
use crate::program::{Outcome, manifest, run};
use crate::schema::{assert_valid, validator_at};

const IMAGE: &str = "registry.k8s.io/kube-apiserver:v1.34.0";

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("written");
}

/// A pod with these arguments.
fn pod(args: &str) -> String {
    manifest(IMAGE, &format!("    command: [kube-apiserver{args}]\n"))
}

/// Keeps a report of `pod.yaml` by some rules, as if made on a day of January 2026.
fn keep(folder: &Path, name: &str, day: u32, options: &[&str]) {
    let words = ["check", "--format=json"];
    let outcome = run(words.iter().chain(options).chain(["pod.yaml"].iter()), None, folder);
    let mut report = outcome.json();
    report["generated_at"] = format!("2026-01-{day:02}T03:00:00Z").into();
    write(folder, name, &report.to_string());
}

fn diff(folder: &Path, options: &[&str]) -> Outcome {
    run(["diff", "old.json", "new.json"].iter().chain(options), None, folder)
}

/// The rules of a list of changes.
fn rules<'v>(document: &'v Value, list: &str) -> Vec<&'v str> {
    let list = document["changes"][list].as_array().unwrap_or_else(|| panic!("{list}"));
    list.iter().map(|change| change["rule"].as_str().expect("a rule")).collect()
}

const RULES: &str =
    "--only=profiling,audit-log-path,anonymous-auth,audit-log-maxage,authz-not-always-allow";

#[test]
fn a_comparison_tells_new_fixed_unchanged_and_no_longer_checked_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    write(path, "pod.yaml", &pod(", --profiling=false, --anonymous-auth=true"));
    keep(path, "old.json", 1, &[RULES]);
    // A line before it, a failure for a pass, a pass for a failure, a value no server takes.
    let after = pod(", --v=1, --profiling=true, --anonymous-auth=false, --audit-log-maxage=x");
    write(path, "pod.yaml", &format!("# moved\n{after}"));
    keep(path, "new.json", 2, &["--only=profiling,audit-log-path,anonymous-auth,audit-log-maxage"]);
    let outcome = diff(path, &["--format=json"]);
    assert_eq!(outcome.status, 2, "a control cannot be determined any more");
    let document = outcome.json();
    assert_valid(&validator_at("src/kept/diff/diff.schema.json"), &document);
    assert_eq!(rules(&document, "new"), ["profiling"]);
    assert_eq!(rules(&document, "broken"), ["audit-log-maxage"]);
    assert_eq!(rules(&document, "fixed"), ["anonymous-auth"]);
    assert_eq!(rules(&document, "unchanged"), ["audit-log-path"]);
    assert_eq!(rules(&document, "no_longer_checked"), ["authz-not-always-allow"]);
    assert_eq!((&document["worse"], &document["incomplete"]), (&true.into(), &true.into()));
    let text = diff(path, &[]).stdout;
    assert!(text.contains("\nnew\n  kube-apiserver@pod.yaml\n"), "{text}");
    assert!(text.contains("1 new, 1 broken, 1 fixed, 0 waived, 0 changed, 1 no longer checked"));
    let comment = diff(path, &["--format=markdown"]).stdout;
    assert!(comment.starts_with("## plimsoll: New failures\n"), "{comment}");
    assert!(comment.contains("| 1.2.15 |") && comment.contains("pass → fail"), "{comment}");
}

#[test]
fn a_report_that_is_not_worse_is_a_success_whichever_edition_numbers_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    write(path, "pod.yaml", &pod(""));
    keep(path, "old.json", 1, &["--only=profiling", "--benchmark=cis-1.11"]);
    keep(path, "new.json", 2, &["--only=profiling", "--benchmark=cis-1.12,stig"]);
    let outcome = diff(path, &["--format=json"]);
    assert_eq!((outcome.status, rules(&outcome.json(), "unchanged")), (0, vec!["profiling"]));
    // Waived is better than failing, and a waiver that is gone is worse.
    write(path, "w.toml", "[[waiver]]\nrule = \"profiling\"\nreason = \"r\"\n");
    keep(path, "new.json", 2, &["--only=profiling", "--waivers=w.toml"]);
    assert_eq!(rules(&diff(path, &["--format=json"]).json(), "waived"), ["profiling"]);
    fs::rename(path.join("old.json"), path.join("new2.json")).expect("renamed");
    let words = ["diff", "new.json", "new2.json"];
    assert_eq!(run(words, None, path).status, 1);
}

#[test]
fn what_could_be_checked_and_now_cannot_is_never_a_success() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    write(path, "pod.yaml", &pod(""));
    keep(path, "old.json", 1, &["--only=profiling"]);
    write(
        path,
        "pod.yaml",
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{command: [kube-apiserver",
    );
    keep(path, "new.json", 2, &["--only=profiling"]);
    let outcome = diff(path, &["--format=json"]);
    assert_eq!(outcome.status, 2);
    let document = outcome.json();
    assert_eq!(document["changes"]["new_errors"], serde_json::json!(["pod.yaml"]));
    assert_eq!(rules(&document, "no_longer_checked"), ["profiling"]);
    assert_eq!(run(["diff", "old.json", "no-such.json"], None, path).status, 2);
}

#[test]
fn a_history_counts_each_report_and_says_when_a_control_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::create_dir(path.join("kept")).expect("made");
    let two = "--only=profiling,audit-log-path";
    write(path, "pod.yaml", &pod(""));
    // Written out of order: the time in the report counts, not the name.
    keep(path, "kept/c.json", 1, &[two]);
    keep(path, "kept/a.json", 2, &[two]);
    write(path, "pod.yaml", &pod(", --profiling=false"));
    keep(path, "kept/b.json", 3, &[two]);
    keep(path, "kept/d.json", 4, &["--only=profiling"]);
    write(path, "kept/.hidden.json", "not a report");
    write(path, "kept/notes.txt", "not a report");
    let outcome = run(["history", "kept", "--format=json"], None, path);
    assert_eq!((outcome.status, &*outcome.stderr), (0, ""));
    let document = outcome.json();
    assert_valid(&validator_at("src/kept/history/history.schema.json"), &document);
    let reports = document["series"][0]["reports"].as_array().expect("reports");
    let counts: Vec<_> = reports.iter().map(|r| (r["pass"].as_u64(), r["fail"].as_u64())).collect();
    let expected = [(0, 2), (0, 2), (1, 1), (1, 0)].map(|(p, f)| (Some(p), Some(f)));
    assert_eq!(counts, expected);
    let changes: Vec<String> = document["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|c| format!("{} {} {} {}", c["generated_at"], c["rule"], c["before"], c["after"]))
        .collect();
    assert_eq!(
        changes,
        [
            "\"2026-01-03T03:00:00Z\" \"profiling\" \"fail\" \"pass\"",
            "\"2026-01-04T03:00:00Z\" \"audit-log-path\" \"fail\" null",
        ]
    );
    let text = run(["history", "kept"], None, path).stdout;
    assert!(text.contains("2026-01-03T03:00:00Z        1       1       1"), "{text}");
    assert!(text.contains("API server profiling endpoints off: fail → pass"), "{text}");
}

#[test]
fn a_history_leaves_out_what_is_no_report_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::create_dir(path.join("kept")).expect("made");
    write(path, "kept/half.json", "{\"schema\": \"plimsoll.report/1\", ");
    let outcome = run(["history", "kept"], None, path);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("kept: no report"), "{}", outcome.stderr);
    write(path, "pod.yaml", &pod(""));
    keep(path, "kept/whole.json", 1, &["--only=profiling"]);
    let outcome = run(["history", "kept"], None, path);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("half.json") && outcome.stdout.contains("2026-01-01"));
    assert_eq!(run(["history", "no-such"], None, path).status, 2);
}

/// Two reports of which one control changes between, and the page of their history.
fn page(folder: &Path) -> String {
    fs::create_dir(folder.join("kept")).expect("made");
    let name = "<b>&amp;\"'.yaml";
    for (day, args) in [(1, ""), (2, ", --profiling=false")] {
        write(folder, name, &pod(args));
        let words = ["check", "--format=json", "--only=profiling,audit-log-path", name];
        let mut report = run(words, None, folder).json();
        report["generated_at"] = format!("2026-01-{day:02}T03:00:00Z").into();
        write(folder, &format!("kept/{day}.json"), &report.to_string());
    }
    let outcome =
        run(["history", "kept", "--format=html", "--output=html=page.html"], None, folder);
    assert_eq!((outcome.status, &*outcome.stdout), (0, ""));
    fs::read_to_string(folder.join("page.html")).expect("there")
}

#[test]
fn the_page_of_a_history_draws_each_report_and_tells_each_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = page(folder.path());
    let text = text.strip_prefix("<!DOCTYPE html>\n").expect("a page");
    let document = roxmltree::Document::parse(text).expect("well-formed");
    let bars = |class: &str| {
        let rects = document.descendants().filter(|node| node.has_tag_name("rect"));
        let of_class = rects.filter(|node| node.attribute("class") == Some(class));
        of_class.map(|node| node.attribute("height").expect("a height")).collect::<Vec<_>>()
    };
    assert_eq!((bars("fail"), bars("pass")), (vec!["2", "1"], vec!["1"]));
    let rows = document.descendants().filter(|node| node.has_tag_name("tr"));
    let rows: Vec<String> = rows
        .map(|row| row.descendants().filter_map(|node| node.text()).collect::<Vec<_>>().join("|"))
        .collect();
    let change = rows.iter().find(|row| row.contains("fail → pass")).expect("the change");
    assert!(change.contains("2026-01-02T03:00:00Z") && change.contains("1.2.15"), "{change}");
    assert!(change.ends_with("kube-apiserver@<b>&amp;\"'.yaml"), "{change}");
}

#[test]
fn the_page_of_a_history_fits_the_window_and_loads_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    page(folder.path());
    let Some(mut page) = Page::open(&folder.path().join("page.html")) else { return };
    for width in [400, 1400] {
        for theme in ["light", "dark"] {
            page.show_as(width, theme, "screen");
            let root = "document.documentElement";
            let fits = page.value(&format!("{root}.scrollWidth <= {root}.clientWidth"));
            assert_eq!(fits, true, "{width} {theme}");
        }
    }
    let height = page.value("document.querySelector('rect.fail').getBoundingClientRect().height");
    assert!(height.as_f64().expect("a number") > 20.0, "{height}");
    assert_eq!(page.complaints(), [""; 0]);
}
