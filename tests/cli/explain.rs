//! `plimsoll explain`, `benchmarks` and `rules`.

use crate::program::plimsoll;

#[test]
fn a_rule_is_explained_with_its_controls_and_examples() {
    let outcome = plimsoll(["explain", "anonymous-auth"]);
    assert_eq!(outcome.status, 0);
    for part in [
        "API server rejects anonymous requests",
        "cis-1.12 1.2.1, level 1, manual assessment",
        "apiserver-2020 1.1, level 1, automated assessment",
        "What changes when you follow it",
        "pass            --anonymous_auth=F",
        "fail            (no flags)",
        "--authentication-config",
    ] {
        assert!(outcome.stdout.contains(part), "{part}\n{}", outcome.stdout);
    }
}

#[test]
fn a_control_is_explained_by_its_number() {
    let outcome = plimsoll(["explain", "1.2.15", "--benchmark", "cis-1.12"]);
    assert_eq!(outcome.status, 0);
    assert!(outcome.stdout.starts_with("profiling:"), "{}", outcome.stdout);
}

#[test]
fn what_does_not_exist_is_a_usage_error() {
    for (words, hint) in [
        (vec!["explain", "anonymus-auth"], "did you mean anonymous-auth?"),
        (vec!["explain", "1.2.99"], "no rule or control 1.2.99"),
        (vec!["explain", "1.2.1", "--benchmark", "cis-9"], "there is no benchmark cis-9"),
        (vec!["benchmarks", "cis-9"], "there is no benchmark cis-9"),
    ] {
        let outcome = plimsoll(words);
        assert_eq!(outcome.status, 2);
        assert!(outcome.stderr.contains(hint), "{}", outcome.stderr);
    }
}

#[test]
fn benchmarks_and_rules_are_listed() {
    let list = plimsoll(["benchmarks"]).stdout;
    assert!(list.contains("cis-1.12"), "{list}");
    assert!(list.contains("136 controls") && list.contains("39 controls"), "{list}");
    assert_eq!(list.lines().count(), 14, "{list}");
    let controls = plimsoll(["benchmarks", "cis-1.12"]).stdout;
    assert_eq!(controls.matches(" level ").count(), 136, "{controls}");
    let rules = plimsoll(["rules"]).stdout;
    assert_eq!(rules.lines().count(), 158, "{rules}");
}
