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
fn a_rule_is_found_by_the_ids_of_other_catalogues() {
    for id in ["V-242390", "CNTR-K8-000360", "ckv_k8s_68", "AVD-KCV-0001", "KCV-0001", "C-0113"] {
        let outcome = plimsoll(["explain", id]);
        assert_eq!(outcome.status, 0, "{id}");
        assert!(outcome.stdout.starts_with("anonymous-auth:"), "{id}\n{}", outcome.stdout);
        assert!(outcome.stdout.contains("  checkov CKV_K8S_68\n"), "{}", outcome.stdout);
    }
    // One requirement of the STIG is three rules here.
    let outcome = plimsoll(["explain", "V-242382"]);
    for rule in ["authz-not-always-allow:", "authz-node:", "authz-rbac:"] {
        assert!(outcome.stdout.contains(rule), "{rule}\n{}", outcome.stdout);
    }
    // Within a benchmark only its own numbers count.
    assert_eq!(plimsoll(["explain", "V-242390", "--benchmark", "cis-1.12"]).status, 2);
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
    assert_eq!(list.lines().count(), 19, "{list}");
    let controls = plimsoll(["benchmarks", "cis-1.12"]).stdout;
    assert_eq!(controls.matches(" level ").count(), 136, "{controls}");
    let rules = plimsoll(["rules"]).stdout;
    assert_eq!(rules.lines().count(), 259, "{rules}");
}
