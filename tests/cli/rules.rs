//! `plimsoll rules check` and rule files of one's own.

use std::fs;

use crate::forgery::FORMATS;
use crate::program::{fixture, plimsoll, root, run};

#[test]
fn the_shipped_rules_hold_their_examples() {
    let outcome = plimsoll(["rules", "check"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.starts_with("259 rules, "), "{}", outcome.stdout);
}

/// The build reads folders; a pack that it passed over would be missed by nobody else.
#[test]
fn every_pack_in_the_repository_is_in_the_binary() {
    let mut found = Vec::new();
    for folder in ["rules", "rules/benchmarks"] {
        for entry in fs::read_dir(root().join(folder)).expect("listed") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let below = path.strip_prefix(root().join("rules")).expect("below");
                found.push(below.display().to_string());
            }
        }
    }
    found.sort();
    let library = plimsoll::rule::Library::load(&[]).expect("the shipped packs are valid");
    let rules = library.rules().map(|entry| entry.pack.to_string());
    let benchmarks =
        library.editions().iter().map(|edition| format!("benchmarks/{}.toml", edition.id));
    let mut shipped: Vec<String> = rules.chain(benchmarks).collect();
    shipped.sort();
    shipped.dedup();
    assert_eq!(found, shipped);
}

#[test]
fn a_file_of_ones_own_adds_rules_and_a_benchmark() {
    let own = fixture("packs/valid/house.toml");
    let own = own.to_str().expect("UTF-8");
    assert_eq!(plimsoll(["rules", "check", own]).status, 0);
    let check = |args: &[&str]| {
        let options =
            ["check", "--rules", own, "--benchmark", "house", "--kubernetes-version", "1.34"];
        plimsoll(options.iter().chain(["--", "kube-apiserver"].iter()).chain(args))
    };
    assert_eq!(check(&["--audit-log-maxage=30", "--event-ttl=2h"]).status, 1);
    let outcome = check(&["--audit-log-maxage=365", "--event-ttl=2h"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stdout);
}

#[test]
fn a_profile_is_an_edition_with_changes() {
    let path = fixture("packs/valid/profile.toml");
    let own = path.to_str().expect("UTF-8");
    let listed = |id: &str| plimsoll(["benchmarks", "--rules", own, id]).stdout;
    let (base, profile) = (listed("cis-1.12"), listed("profile"));
    let only = |text: &str, other: &str| -> Vec<String> {
        let gone = text.lines().skip(1).filter(|line| !line.is_empty() && !other.contains(*line));
        gone.map(|line| line.split_whitespace().next().unwrap_or_default().to_owned()).collect()
    };
    let gone = only(&base, &profile);
    assert_eq!(gone.len(), 1 + 13 + 2, "section 5.1, its 13 controls and two more: {gone:?}");
    assert!(gone.contains(&"1.2.29".to_owned()) && gone.contains(&"3.2.2".to_owned()), "{gone:?}");
    assert_eq!(only(&profile, &base), ["7", "7.1"]);
    // What a control does not say again stays: its level and assessment.
    let maxage =
        |text: &str| text.lines().find(|line| line.contains(" 1.2.17 ")).map(str::to_owned);
    assert_eq!(maxage(&base), maxage(&profile));
    let check = |benchmark: &str, days: &str| {
        let args = ["check", "--rules", own, "--benchmark", benchmark, "--only", "1.2.17"];
        let line = [
            "--kubernetes-version",
            "1.34",
            "--",
            "kube-apiserver",
            days,
            "--audit-log-path=/var/log/audit",
        ];
        plimsoll(args.iter().chain(&line)).status
    };
    assert_eq!(check("cis-1.12", "--audit-log-maxage=30"), 0);
    assert_eq!(check("profile", "--audit-log-maxage=30"), 1);
    assert_eq!(check("profile", "--audit-log-maxage=365"), 0);
}

/// Order, inline tables, dotted keys and the four kinds of strings: what is read is the same.
#[test]
fn rules_may_be_written_in_any_toml() {
    let plain = r#"
[[rule]]
id = "own"
component = "kube-apiserver"
title = "Own"
severity = "low"
remediation = "Do it."
require.flag.event-ttl.between = ["1s", { parameter = "longest" }]
parameters.longest = "2h"
rationale = "One \"reason\"."
impact = "None."
pass = [""]
fail = ["--event-ttl=9h"]
"#;
    let reordered = r#"# A comment.
[[rule]]
fail = ['--event-ttl=9h']
"pass" = [ '''''', ]
parameters = { longest = "\u0032h" }
impact = '''
None.'''
rationale = """\
    One "reason"."""
remediation = 'Do it.'
severity='low' # Another one.
title = 'Own'

component = "kube-apiserver"
id = "own"
[rule.require.flag.event-ttl]
between = [
  "1s",
  { parameter = "longest" },
]
"#;
    let inline = r#"rule = [{ parameters.longest = "2h", fail = ["--event-ttl=9h"], pass = [""], \
impact = "None.", rationale = 'One "reason".', remediation = "Do it.", severity = "low", \
require = { flag.event-ttl = { between = ["1s", { parameter = 'longest' }] } }, title = "Own", \
component = "kube-apiserver", id = "own" }]"#
        .replace("\\\n", "");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.toml");
    let explained = [plain, reordered, &inline].map(|text| {
        fs::write(&path, text).expect("written");
        let checked = plimsoll(["rules", "check", path.to_str().expect("UTF-8")]);
        assert_eq!((checked.status, &*checked.stdout), (0, "1 rule, 2 examples\n"), "{text}");
        plimsoll(["explain", "--rules", path.to_str().expect("UTF-8"), "own"]).stdout
    });
    assert!(explained[0].contains("One \"reason\"."), "{}", explained[0]);
    assert_eq!(explained[0], explained[1]);
    assert_eq!(explained[0], explained[2]);
}

/// Two controls change places, two are new, one gets another assessment; nothing else is said again.
#[test]
fn an_edition_says_what_changed() {
    let text = r#"
[[benchmark]]
id = "next"
title = "Next"
kubernetes = "1.36.."
extends = "cis-1.11"

[[benchmark.section]]
number = "1.2"
control = [
  { number = "1.2.15", was = "1.2.16", rule = "audit-log-path" },
  { number = "1.2.16", was = "1.2.15", rule = "profiling", level = 2 },
  { number = "1.2.3a", rule = "event-ttl" },
  { number = "1.2.29", rule = "tls-cipher-suites", assessment = "automated" },
]

[[benchmark.section]]
number = "1.10"
title = "More"
control = [{ number = "1.10.1", rule = "event-ttl" }]
"#;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.toml");
    fs::write(&path, text).expect("written");
    let own = path.to_str().expect("UTF-8");
    let list = |id: &str| -> Vec<String> {
        let stdout = plimsoll(["benchmarks", "--rules", own, id]).stdout;
        let words = |line: &str| line.split_whitespace().take(5).collect::<Vec<_>>().join(" ");
        stdout.lines().skip(1).filter(|line| !line.is_empty()).map(words).collect()
    };
    let (base, next) = (list("cis-1.11"), list("next"));
    let new: Vec<&String> = next.iter().filter(|line| !base.contains(line)).collect();
    let expected = [
        "1.2.3a level - - event-ttl",
        "1.2.15 level 1 automated audit-log-path",
        "1.2.16 level 2 automated profiling",
        "1.2.29 level 1 automated tls-cipher-suites",
        "1.10 More",
        "1.10.1 level - - event-ttl",
    ];
    assert_eq!(new, expected);
    // What is new stands where its number belongs.
    let place = |number: &str| next.iter().position(|line| line.starts_with(&format!("{number} ")));
    let at = place("1.2.3a").expect("listed");
    assert_eq!((place("1.2.3"), place("1.2.4")), (Some(at - 1), Some(at + 1)));
    let at = place("1.10").expect("listed");
    assert_eq!((place("1.4.2"), place("2")), (Some(at - 1), Some(at + 2)));
    // A control that gets another assessment keeps the suites that 1.11 accepts and 1.12 does not.
    for (id, status) in [("cis-1.11", 0), ("next", 0), ("cis-1.12", 1)] {
        let args = ["check", "--rules", own, "--benchmark", id, "--only", "tls-cipher-suites"];
        let suites = "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,\
                      TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA";
        let line = ["--kubernetes-version", "1.34", "--", "kube-apiserver", suites];
        assert_eq!(plimsoll(args.iter().chain(&line)).status, status, "{id}");
    }
}

#[test]
fn an_edition_that_is_replaced_keeps_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.toml");
    let text = "[[benchmark]]\nid = \"cis-1.6\"\ntitle = \"Ours\"\nkubernetes = \"1.16..1.18\"\n\
                extends = \"cis-1.6\"\nwithout = [\"5.1\"]\n";
    fs::write(&path, text).expect("written");
    let own = path.to_str().expect("UTF-8");
    let list = plimsoll(["benchmarks", "--rules", own]).stdout;
    assert_eq!(list.lines().count(), plimsoll(["benchmarks"]).stdout.lines().count());
    let place = list.lines().position(|line| line.starts_with("cis-1.6 ") && line.contains("Ours"));
    assert_eq!(place, Some(3), "{list}");
}

#[test]
fn an_example_that_gets_another_status_is_a_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = fs::read_to_string(fixture("packs/valid/house.toml")).expect("read");
    fs::write(folder.path().join("own.toml"), text.replace("--event-ttl=1h30m", "--event-ttl=9h"))
        .expect("written");
    let outcome = run(["rules", "check", "own.toml"], None, folder.path());
    assert_eq!(outcome.status, 1);
    assert!(
        outcome.stderr.contains("house-event-ttl: \"--event-ttl=9h\" must get pass, but gets fail"),
        "{}",
        outcome.stderr
    );
}

/// One mistake a file; what is said of it stands in the file of the same name ending in `.stderr`.
#[test]
fn mistakes_are_shown_at_the_words() {
    let folder = fixture("packs/invalid");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("listed")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .filter(|name| !name.ends_with(".stderr"))
        .collect();
    names.sort();
    assert!(names.len() >= 20, "{names:?}");
    for name in names {
        let outcome = run(["rules", "check", &name], None, &folder);
        let expected = folder.join(name.replace(".toml", ".stderr"));
        if std::env::var_os("PLIMSOLL_BLESS").is_some() {
            fs::write(&expected, &outcome.stderr).expect("written");
        }
        assert_eq!(outcome.status, 2, "{name}");
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(outcome.stderr, expected, "{name}");
    }
}

/// A rule of a known name that demands something else decides what its readers believe.
#[test]
fn a_replaced_rule_and_a_replaced_benchmark_are_said_in_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.toml");
    let own = "[[rule]]\nid = \"profiling\"\ncomponent = \"kube-apiserver\"\ntitle = \"Profiling\"\nseverity = \"low\"\n\
               remediation = \"none\"\nrequire.flag.profiling.equals = true\nrationale = \"x\"\nimpact = \"x\"\n\
               pass = [\"\"]\nfail = [\"--profiling=false\"]\n\n\
               [[benchmark]]\nid = \"nsa-cisa\"\ntitle = \"Ours\"\nkubernetes = \"1.20..1.40\"\n\n\
               [[benchmark.section]]\nnumber = \"1\"\ntitle = \"All\"\n\n\
               [[benchmark.section.control]]\nnumber = \"1.1\"\nrule = \"profiling\"\n";
    fs::write(&path, own).expect("written");
    let rules = format!("--rules={}", path.display());
    let argv = ["--", "kube-apiserver", "--profiling=true"];
    for format in FORMATS {
        let words = ["check", "--benchmark=cis-1.12,nsa-cisa", "--only=profiling", &rules];
        let outcome = plimsoll(words.iter().chain(&["--format", format]).chain(&argv));
        for said in ["own.toml replaces the rule profiling", "replaces the benchmark nsa-cisa"] {
            assert!(outcome.stdout.contains(said), "{format}: {}", outcome.stdout);
            assert!(outcome.stderr.contains(said), "{format}: {}", outcome.stderr);
        }
    }
    let words = ["check", "--benchmark=cis-1.12", "--only=audit-log-path", &rules, "--format=json"];
    let report = plimsoll(words.iter().chain(&argv)).json();
    let said = report["targets"][0]["diagnostics"].to_string();
    assert!(!said.contains("replace"), "it concerns no result here: {said}");
}
