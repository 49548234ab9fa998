//! Waivers and baselines: what stops a failure from counting, and what does not.

use std::fs;
use std::path::Path;

use clap::ValueEnum;
use plimsoll::report::Format;
use serde_json::Value;

use crate::program::{Outcome, fixture, manifest, result, run};

/// A folder with a manifest that fails `profiling` by its default.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "pod.yaml", &pod(""));
    folder
}

fn pod(flags: &str) -> String {
    let image = "registry.k8s.io/kube-apiserver:v1.34.0";
    manifest(image, &format!("    command:\n    - kube-apiserver\n{flags}"))
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("written");
}

/// Checks `pod.yaml` by one rule.
fn check(folder: &Path, options: &[&str]) -> Outcome {
    let words = ["check", "--format=json", "--only=profiling"];
    run(words.iter().chain(options).chain(["pod.yaml"].iter()), None, folder)
}

fn profiling(outcome: &Outcome) -> Value {
    result(&outcome.json(), "profiling").clone()
}

#[test]
fn a_waived_failure_is_no_finding_and_stays_visible() {
    let folder = folder();
    write(
        folder.path(),
        "w.toml",
        "[[waiver]]\nrule = \"profiling\"\nreason = \"we profile\"\nowner = \"us\"\nexpires = 2999-01-01\n",
    );
    assert_eq!(check(folder.path(), &[]).status, 1);
    let outcome = check(folder.path(), &["--waivers=w.toml"]);
    assert_eq!(outcome.status, 0);
    let waived = profiling(&outcome);
    assert_eq!(waived["status"], "fail");
    let waiver =
        serde_json::json!({"reason": "we profile", "owner": "us", "expires": "2999-01-01"});
    assert_eq!(waived["waiver"], waiver);
    let report = outcome.json();
    assert_eq!((&report["summary"]["waived"], &report["summary"]["fail"]), (&1.into(), &0.into()));
    assert_eq!(report["waivers"][0]["covers"], 1);
    assert_eq!(report["waivers"][0]["unused"], false);
}

/// Each waiver with whether it covers the failure, and what the result says of it if not.
#[test]
fn a_waiver_holds_where_and_while_it_says() {
    let cases = [
        ("rule = \"profiling\"", true, ""),
        ("control = \"1.2.15\"", true, ""),
        ("control = \"1.2.15\"\nbenchmark = \"cis-1.12\"", true, ""),
        ("control = \"1.2.15\"\nbenchmark = \"cis-1.11\"", false, ""),
        ("control = \"1.2.16\"", false, ""),
        ("rule = \"profiling\"\npath = \"pod.yaml\"", true, ""),
        ("rule = \"profiling\"\npath = \"./*.yaml\"", true, ""),
        ("rule = \"profiling\"\npath = \"**/pod.*\"", true, ""),
        ("rule = \"profiling\"\npath = \"other/*\"", false, ""),
        ("rule = \"profiling\"\npath = \"other//.././pod.yaml\"", true, ""),
        ("rule = \"profiling\"\ncomponent = \"kube-apiserver\"", true, ""),
        ("rule = \"profiling\"\ncomponent = \"etcd\"", false, ""),
        ("rule = \"profiling\"\nhost = \"*\"", true, ""),
        ("rule = \"profiling\"\nhost = \"no-such-machine\"", false, ""),
        ("rule = \"profiling\"\nvalue = \"true\"", true, ""),
        ("rule = \"profiling\"\nvalue = \"false\"", false, "holds while --profiling is \"false\""),
        ("rule = \"profiling\"\nexpires = 2020-02-29", false, "expired after 2020-02-29"),
    ];
    for (demand, holds, because) in cases {
        let folder = folder();
        write(folder.path(), "w.toml", &format!("[[waiver]]\nreason = \"r\"\n{demand}\n"));
        let outcome = check(folder.path(), &["--waivers=w.toml"]);
        let result = profiling(&outcome);
        assert_eq!(
            (outcome.status, result["waiver"].is_object()),
            (i32::from(!holds), holds),
            "{demand}"
        );
        let said = result["lapsed_waiver"]["because"].as_str().unwrap_or_default();
        assert!(
            said.starts_with(because) && said.is_empty() == because.is_empty(),
            "{demand}: {said}"
        );
    }
}

#[test]
fn the_last_day_still_counts_and_the_day_after_does_not() {
    let folder = folder();
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    for (day, status) in [(today, 0), (today.yesterday().expect("a day"), 1)] {
        let text = format!("[[waiver]]\nrule = \"profiling\"\nreason = \"r\"\nexpires = {day}\n");
        write(folder.path(), "w.toml", &text);
        assert_eq!(check(folder.path(), &["--waivers=w.toml"]).status, status, "{day}");
    }
}

#[test]
fn a_waiver_of_no_use_is_told_unless_the_run_was_narrowed() {
    let folder = folder();
    write(
        folder.path(),
        "w.toml",
        "[[waiver]]\nrule = \"basic-auth-file\"\nreason = \"r\"\n\n\
         [[waiver]]\nrule = \"profiling\"\nreason = \"old\"\nexpires = 2020-01-01\n",
    );
    let outcome = run(["check", "--waivers=w.toml", "pod.yaml"], None, folder.path());
    let unused = "w.toml:1: the waiver of basic-auth-file is unused";
    assert!(outcome.stdout.contains(unused), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("w.toml:5: the waiver of profiling expired after 2020-01-01"));
    assert!(outcome.stdout.contains("Its waiver expired after 2020-01-01: old"));
    // A run that leaves the rule out knows nothing of it.
    let outcome = check(folder.path(), &["--waivers=w.toml"]);
    assert_eq!(outcome.json()["waivers"][0]["unused"], false);
    let outcome =
        run(["check", "--format=json", "--waivers=w.toml", "pod.yaml"], None, folder.path());
    assert!(outcome.stderr.contains(unused), "{}", outcome.stderr);
}

#[test]
fn mistakes_in_waivers_are_shown_at_the_words_and_end_the_run() {
    let folder = fixture("waivers/invalid");
    let mut seen = 0;
    for entry in fs::read_dir(&folder).expect("listed") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let options = ["check", "--waivers", &name, "--", "kube-apiserver"];
        let outcome = run(options, None, &folder);
        assert_eq!((outcome.status, &*outcome.stdout), (2, ""), "{name}");
        let expected = path.with_extension("stderr");
        if std::env::var_os("PLIMSOLL_BLESS").is_some() {
            fs::write(&expected, &outcome.stderr).expect("written");
        }
        assert_eq!(outcome.stderr, fs::read_to_string(&expected).expect("there"), "{name}");
        seen += 1;
    }
    assert!(seen >= 12, "{seen}");
}

#[test]
fn waive_appends_what_the_next_check_takes() {
    let folder = folder();
    let report = check(folder.path(), &[]).stdout;
    write(folder.path(), "report.json", &report);
    write(folder.path(), "w.toml", "# ours\n");
    let waive = |options: &[&str]| {
        let words = ["waive", "--from=report.json", "--waivers=w.toml", "--reason=we profile"];
        run(words.iter().chain(options), None, folder.path())
    };
    let outcome = waive(&["--rule=profiling", "--expires=2999-01-01", "--owner=us", "--pin"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert_eq!(
        fs::read_to_string(folder.path().join("w.toml")).expect("there"),
        "# ours\n\n[[waiver]]\nrule = \"profiling\"\npath = \"pod.yaml\"\nreason = \"we profile\"\n\
         owner = \"us\"\nexpires = 2999-01-01\nvalue = \"true\"\n"
    );
    assert_eq!(check(folder.path(), &["--waivers=w.toml"]).status, 0);
    // The value that was accepted is another one now, if only in its evidence.
    write(folder.path(), "pod.yaml", &pod("    - --profiling=false\n"));
    assert!(check(folder.path(), &["--waivers=w.toml"]).json()["waivers"][0]["unused"] == true);
    let before = fs::read(folder.path().join("w.toml")).expect("there");
    for (options, why) in [
        (&["--rule=profilin"][..], "was not checked in this report"),
        (&["--rule=basic-auth-file"], "was not checked in this report"),
        (&["--rule=profiling", "--path=other/*"], "there is nothing to accept"),
        (&["--rule=profiling", "--expires=2020-01-01"], "is over"),
        (&["--control=1.2.15", "--benchmark=cis-1.11"], "was not checked"),
        (&["--rule=profiling", "--control=1.2.15"], "cannot be used with"),
        (&[], "required"),
    ] {
        let outcome = waive(options);
        assert_eq!(outcome.status, 2, "{options:?}");
        assert!(outcome.stderr.contains(why), "{options:?}: {}", outcome.stderr);
    }
    let words = ["waive", "--from=report.json", "--waivers=w.toml", "--rule=profiling"];
    let outcome = run(words.iter().chain(&["--reason= "]), None, folder.path());
    assert!(outcome.stderr.contains("the reason is empty"), "{}", outcome.stderr);
    assert_eq!(fs::read(folder.path().join("w.toml")).expect("there"), before, "nothing is added");
}

#[test]
fn waive_wants_to_know_which_of_several_targets_is_meant() {
    let folder = folder();
    write(folder.path(), "other.yaml", &pod(""));
    let words = ["check", "--only=profiling", "--output=json=r.json", "pod.yaml", "other.yaml"];
    assert_eq!(run(words, None, folder.path()).status, 1);
    let waive = |options: &[&str]| {
        let words =
            ["waive", "--from=r.json", "--waivers=w.toml", "--reason=r", "--rule=profiling"];
        run(words.iter().chain(options), None, folder.path())
    };
    let outcome = waive(&[]);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("kube-apiserver@other.yaml"), "{}", outcome.stderr);
    assert!(!folder.path().join("w.toml").exists());
    assert_eq!(waive(&["--path=*.yaml"]).status, 0);
    let words = ["check", "--only=profiling", "--waivers=w.toml", "pod.yaml", "other.yaml"];
    assert_eq!(run(words, None, folder.path()).status, 0);
}

#[test]
fn only_what_is_new_counts_beside_a_baseline() {
    let folder = folder();
    write(folder.path(), "old.json", &check(folder.path(), &[]).stdout);
    let known = check(folder.path(), &["--baseline=old.json"]);
    assert_eq!((known.status, &profiling(&known)["baseline"]), (0, &true.into()));
    assert_eq!(known.json()["summary"]["baseline"], 1);
    // Lines before it and another value change nothing.
    write(folder.path(), "pod.yaml", &pod("    - --v=2\n    - --profiling=true\n"));
    assert_eq!(check(folder.path(), &["--baseline=old.json"]).status, 0);
    let words = ["check", "--only=profiling,audit-log-path", "--baseline=old.json", "pod.yaml"];
    assert_eq!(run(words, None, folder.path()).status, 1, "another rule is new");
    // A twin that joins it is new, though nothing but its place tells them apart.
    let twins = format!("{}---\n{}", pod(""), pod(""));
    write(folder.path(), "pod.yaml", &twins);
    let outcome = check(folder.path(), &["--baseline=old.json"]);
    assert_eq!(outcome.status, 1);
    assert_eq!(outcome.json()["summary"]["baseline"], 1);
    write(folder.path(), "twins.json", &outcome.stdout);
    assert_eq!(check(folder.path(), &["--baseline=twins.json"]).status, 0);
}

/// A failure for another reason may be a worse one.
#[test]
fn a_baseline_does_not_know_another_failure_of_the_same_rule() {
    let cases: [(&str, &[&str], &[&str], i32); 6] = [
        ("audit-log-maxage", &["--audit-log-path=/a", "--audit-log-maxage=29"], &[], 1),
        ("audit-log-maxage", &["--audit-log-maxage=29"], &["--v=2", "--audit-log-maxage=29"], 0),
        ("server-starts", &["--no-such=1"], &["--v=2", "--no-such=2"], 0),
        ("server-starts", &["--no-such=1"], &["--no-such=1", "--insecure-port=0"], 1),
        ("server-starts", &["--no-such=1"], &["--nor-such=1"], 1),
        ("authz-not-always-allow", &["--authorization-mode=AlwaysAllow"], &[], 0),
    ];
    for (rule, before, after, status) in cases {
        let folder = tempfile::tempdir().expect("a folder");
        let check = |flags: &[&str], options: &[&str]| {
            let lines = flags.join("\n    - ");
            let lines = if lines.is_empty() { lines } else { format!("    - {lines}\n") };
            write(folder.path(), "pod.yaml", &pod(&lines));
            let only = format!("--only={rule}");
            let words = ["check", "--format=json", &only, "./pod.yaml"];
            run(words.iter().chain(options), None, folder.path())
        };
        write(folder.path(), "old.json", &check(before, &[]).stdout);
        assert_eq!(check(before, &["--baseline=old.json"]).status, 0, "{before:?}");
        let outcome = check(after, &["--baseline=old.json"]);
        assert_eq!(outcome.status, status, "{rule} {before:?} {after:?}: {}", outcome.stdout);
    }
}

#[test]
fn a_baseline_knows_a_file_by_any_spelling_of_its_path() {
    let folder = folder();
    let check = |path: &str, options: &[&str]| {
        let words = ["check", "--format=json", "--only=profiling", path];
        run(words.iter().chain(options), None, folder.path())
    };
    write(folder.path(), "old.json", &check("pod.yaml", &[]).stdout);
    for path in ["./pod.yaml", ".//pod.yaml", "././pod.yaml"] {
        assert_eq!(check(path, &["--baseline=old.json"]).status, 0, "{path}");
    }
}

#[test]
fn a_baseline_does_not_know_what_was_only_waived() {
    let folder = folder();
    write(folder.path(), "w.toml", "[[waiver]]\nrule = \"profiling\"\nreason = \"r\"\n");
    let waived = check(folder.path(), &["--waivers=w.toml"]).stdout;
    write(folder.path(), "old.json", &waived);
    assert_eq!(check(folder.path(), &["--baseline=old.json"]).status, 1);
}

#[test]
fn a_baseline_that_is_none_ends_the_run() {
    let folder = folder();
    for (text, why) in [
        ("", "EOF"),
        ("{\"schema\": \"plimsoll.flags/1\", \"targets\": []}", "plimsoll.flags/1"),
        ("{\"schema\": \"plimsoll.report/1\"}", "missing field"),
    ] {
        write(folder.path(), "old.json", text);
        let outcome = check(folder.path(), &["--baseline=old.json"]);
        assert_eq!((outcome.status, &*outcome.stdout), (2, ""));
        assert!(
            outcome.stderr.contains("old.json") && outcome.stderr.contains(why),
            "{}",
            outcome.stderr
        );
    }
    assert_eq!(check(folder.path(), &["--baseline=no-such.json"]).status, 2);
}

/// In each format as it is written unless more is asked for.
#[test]
fn what_is_waived_is_told_in_every_format() {
    let folder = folder();
    write(folder.path(), "w.toml", "[[waiver]]\nrule = \"profiling\"\nreason = \"r\"\n");
    for format in Format::value_variants() {
        let name = format.to_possible_value().expect("a name").get_name().to_owned();
        let words =
            ["check", "--only=profiling", "--waivers=w.toml", "pod.yaml", "--format", &name];
        let outcome = run(words, None, folder.path());
        assert_eq!(outcome.status, 0, "{name}");
        let told = outcome.stdout.to_lowercase();
        // kube-bench's readers look for its own words, OSCAL has one of its own too.
        let words = ["waive", "marked as skip", "deviation-approved"];
        assert!(words.iter().any(|word| told.contains(word)), "{name}: {told}");
    }
}

#[test]
fn a_baseline_of_another_machine_is_told() {
    let folder = folder();
    let mut report = check(folder.path(), &[]).json();
    report["host"] = "no-such-machine".into();
    write(folder.path(), "old.json", &report.to_string());
    let outcome = check(folder.path(), &["--baseline=old.json"]);
    assert!(outcome.stderr.contains("those of no-such-machine"), "{}", outcome.stderr);
}

#[test]
fn a_waiver_of_a_folder_covers_no_file_outside_it_however_that_is_spelled() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("a/b")).expect("made");
    write(folder.path(), "a/in.yaml", &pod(""));
    write(folder.path(), "a/b/in.yaml", &pod(""));
    std::os::unix::fs::symlink("../a/b", at("a/link")).expect("linked");
    write(
        folder.path(),
        "w.toml",
        "[[waiver]]\nrule = \"profiling\"\nreason = \"r\"\npath = \"a/**\"\n",
    );
    let status = |input: &str| {
        let words = ["check", "-q", "--only=profiling", "--waivers=w.toml", input];
        run(words, None, folder.path()).status
    };
    for (input, expected) in [
        ("a/in.yaml", 0),
        ("./a//b/../in.yaml", 0),
        ("a", 0),
        ("a/../pod.yaml", 1),
        ("a/b/../../pod.yaml", 1),
        ("a/..", 1),
        // The kernel goes up from a/b, where the link leads; nothing but its text is in the waiver.
        ("a/link/../in.yaml", 1),
    ] {
        assert_eq!(status(input), expected, "{input}");
    }
}

#[test]
fn a_baseline_knows_a_file_however_its_path_is_spelled() {
    let folder = folder();
    fs::create_dir(folder.path().join("a")).expect("made");
    let before = check(folder.path(), &[]).stdout;
    write(folder.path(), "before.json", &before);
    for input in ["./pod.yaml", "a/../pod.yaml", ".//pod.yaml"] {
        let words = ["check", "--format=json", "--only=profiling", "--baseline=before.json", input];
        let outcome = run(words, None, folder.path());
        assert_eq!(outcome.status, 0, "{input}: {}", outcome.stderr);
        assert_eq!(outcome.json()["targets"][0]["source"]["path"], input);
    }
}

#[test]
fn a_reason_that_nobody_can_read_is_none() {
    let folder = folder();
    for reason in
        ["", " \\t", "\\u00a0\\u200b", "\\u3164", "\\u115f\\uffa0", "\\u2800", "\\u00ad.", "…"]
    {
        let text = format!("[[waiver]]\nrule = \"profiling\"\nreason = \"{reason}\"\n");
        write(folder.path(), "w.toml", &text);
        let outcome = check(folder.path(), &["--waivers=w.toml"]);
        assert_eq!(outcome.status, 2, "{reason}");
        assert!(
            outcome.stderr.contains("a waiver says why: the reason "),
            "{reason}: {}",
            outcome.stderr
        );
    }
    for reason in ["x", "2027", "理由", "\\u200bok"] {
        let text = format!("[[waiver]]\nrule = \"profiling\"\nreason = \"{reason}\"\n");
        write(folder.path(), "w.toml", &text);
        assert_eq!(check(folder.path(), &["--waivers=w.toml"]).status, 0, "{reason}");
    }
}
