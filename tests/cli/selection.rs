//! What a run was asked to check, and what none of it was about.

use crate::program::{manifest, plimsoll, run};

/// An input that was named and of which nothing was judged is no pass.
#[test]
fn a_target_that_no_selected_control_is_about_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let pod = |image: &str, program: &str| {
        format!(
            "kind: Pod\nspec:\n  containers:\n  - name: x\n    image: {image}\n    \
             command: [{program}, --profiling=false]\n"
        )
    };
    let server = pod("registry.k8s.io/kube-apiserver:v1.34.2", "kube-apiserver");
    let etcd = pod("registry.k8s.io/etcd:3.6.4-0", "etcd").replace(", --profiling=false", "");
    std::fs::write(folder.path().join("a.yaml"), &server).expect("written");
    std::fs::write(folder.path().join("etcd.yaml"), &etcd).expect("written");
    let check = |inputs: &[&str]| {
        let words = ["check", "--benchmark=cis-1.12", "--only=1.2.15"];
        run(words.iter().chain(inputs), None, folder.path())
    };
    let named = check(&["a.yaml", "etcd.yaml"]);
    assert_eq!(named.status, 2);
    assert!(
        named.stderr.contains("etcd.yaml: no selected control is about etcd"),
        "{}",
        named.stderr
    );
    let in_folder = check(&["."]);
    assert_eq!(in_folder.status, 0, "{}", in_folder.stderr);
    assert!(in_folder.stderr.contains("nothing was checked in 1 target"), "{}", in_folder.stderr);
    let both = format!("{server}---\n{etcd}");
    std::fs::write(folder.path().join("both.yaml"), both).expect("written");
    assert_eq!(check(&["both.yaml"]).status, 0, "something was judged in it");
}

#[test]
fn a_version_that_is_no_release_of_any_target_is_an_error() {
    for (version, program, status) in [
        ("2.0", "kube-apiserver", 2),
        ("3.5", "kube-apiserver", 2),
        ("3.5", "kubelet", 2),
        ("3.5", "etcd", 0),
        ("1.34", "kube-apiserver", 0),
    ] {
        let words = ["check", "--fail-on=never", "--kubernetes-version", version, "--", program];
        let outcome = plimsoll(words);
        assert_eq!(outcome.status, status, "{version} {program}: {}", outcome.stderr);
        let said = outcome.stderr.contains(&format!("--kubernetes-version {version} is not"));
        assert_eq!(said, status == 2, "{version} {program}: {}", outcome.stderr);
    }
}

/// Two manifests whose editions have the number 1.2.15 for different rules.
fn two_editions() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("m")).expect("made");
    for (name, minor) in [("a", 34), ("b", 20)] {
        let image = format!("registry.k8s.io/kube-apiserver:v1.{minor}.1");
        let text = manifest(&image, "    command: [kube-apiserver, --profiling=true]\n");
        std::fs::write(folder.path().join(format!("m/{name}.yaml")), text).expect("written");
    }
    folder
}

#[test]
fn a_number_that_means_two_rules_in_one_run_is_said_with_both_and_skips_none() {
    let folder = two_editions();
    let both = ["cis-1.12:1.2.15 (profiling)", "cis-1.20:1.2.15 ("];
    for (words, status) in [
        // Both are checked: nothing is lost.
        (&["--only=1.2.15", "m"][..], 1),
        (&["--skip=1.2.15", "m"], 2),
        (&["--skip=1.2.15", "m/b.yaml"], 1),
        (&["--only=cis-1.12:1.2.15", "m"], 1),
        (&["--only=cis-1.12:1.2.15,cis-1.20:1.2.15", "--fail-on=never", "m"], 0),
        (&["--only=profiling", "m"], 1),
        // A section holds other rules in another edition, and is the same section.
        (&["--only=1.2", "m"], 1),
    ] {
        let outcome = run(["check"].iter().chain(words), None, folder.path());
        assert_eq!(outcome.status, status, "{words:?}: {}", outcome.stderr);
        let says = both.iter().all(|name| outcome.stderr.contains(name));
        let is_bare = words.contains(&"m") && words.iter().any(|word| word.ends_with("=1.2.15"));
        assert_eq!(says, is_bare && !words[0].contains(':'), "{words:?}: {}", outcome.stderr);
    }
    // Of benchmarks that are chosen it is known before anything is read.
    let words = ["check", "--benchmark=cis-1.12,hardening", "--skip=1.1", "m"];
    let outcome = run(words, None, folder.path());
    assert_eq!((outcome.status, &*outcome.stdout), (2, ""), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("hardening:1.1 ("), "{}", outcome.stderr);
}

#[test]
fn the_benchmark_before_a_number_is_one_of_the_run() {
    let folder = two_editions();
    for (words, why) in [
        (["--benchmark=auto", "--only=cis-9.9:1.2.15"], "there is no benchmark cis-9.9"),
        (["--benchmark=stig", "--only=cis-1.12:1.2.15"], "cis-1.12 is not checked in this run"),
        (["--benchmark=auto", "--skip=cis-1.12:9.9"], "section 9.9 in cis-1.12"),
    ] {
        let outcome = run(["check", "m"].iter().chain(&words), None, folder.path());
        assert_eq!((outcome.status, &*outcome.stdout), (2, ""), "{words:?}");
        assert!(outcome.stderr.contains(why), "{words:?}: {}", outcome.stderr);
    }
}

#[test]
fn a_waiver_by_a_number_that_means_two_rules_is_refused_with_both() {
    let folder = two_editions();
    for (demand, status) in [
        ("control = \"1.2.15\"", 2),
        ("control = \"1.2.15\"\npath = \"m/a.yaml\"", 1),
        ("control = \"1.2.15\"\nbenchmark = \"cis-1.12\"", 1),
        ("control = \"cis-1.12:1.2.15\"", 1),
        ("rule = \"profiling\"", 1),
    ] {
        let text = format!("[[waiver]]\nreason = \"r\"\n{demand}\n");
        std::fs::write(folder.path().join("w.toml"), text).expect("written");
        let only = "--only=cis-1.12:1.2.15,cis-1.20:1.2.15,profiling";
        let words = ["check", only, "--waivers=w.toml", "m"];
        let outcome = run(words, None, folder.path());
        assert_eq!(outcome.status, status, "{demand}: {}{}", outcome.stdout, outcome.stderr);
        let says = outcome.stderr.contains("w.toml:1: control 1.2.15 means different rules")
            && outcome.stderr.contains("cis-1.12:1.2.15 (profiling)");
        assert_eq!(says, status == 2, "{demand}: {}", outcome.stderr);
    }
}

#[test]
fn waive_writes_rules_and_never_two_waivers_of_one_failure() {
    let folder = two_editions();
    let check = ["check", "--fail-on=never", "--output=json=r.json", "m"];
    assert_eq!(run(check, None, folder.path()).status, 0);
    let waive = |words: &[&str]| {
        let common = ["waive", "--from=r.json", "--waivers=w.toml", "--reason=r"];
        run(common.iter().chain(words), None, folder.path())
    };
    let text = || std::fs::read_to_string(folder.path().join("w.toml")).unwrap_or_default();
    let refused = waive(&["--control=1.1.12"]);
    assert_eq!(refused.status, 2, "{}", refused.stderr);
    for words in [
        &["--control=cis-1.12:1.2.15", "--path=m/a.yaml"][..],
        &["--rule=profiling", "--path=m/b.yaml"],
    ] {
        let outcome = waive(words);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        assert!(outcome.stdout.contains("profiling is waived"), "{}", outcome.stdout);
    }
    let written = text();
    assert_eq!(written.matches("rule = \"profiling\"").count(), 2, "{written}");
    assert!(!written.contains("control"), "{written}");
    for words in [
        &["--rule=profiling", "--path=**"][..],
        &["--control=1.2.15", "--benchmark=cis-1.12"],
        &["--rule=profiling", "--path=m/b.yaml", "--expires=2999-01-01"],
    ] {
        let outcome = waive(words);
        assert_eq!(outcome.status, 2, "{words:?}");
        assert!(outcome.stderr.contains("is there already: change it"), "{}", outcome.stderr);
    }
    assert_eq!(text(), written, "nothing is added");
    // Of two that hold, the first one does.
    let twice = format!("{written}\n[[waiver]]\nrule = \"profiling\"\nreason = \"again\"\n");
    std::fs::write(folder.path().join("w.toml"), twice).expect("written");
    let words = ["check", "--only=profiling", "--waivers=w.toml", "--format=json", "m"];
    let report = run(words, None, folder.path()).json();
    let covers: Vec<_> = (0..3).map(|at| report["waivers"][at]["covers"].as_u64()).collect();
    assert_eq!(covers, [Some(1), Some(1), Some(0)]);
    assert_eq!(report["waivers"][2]["unused"], true);
}
