//! What a run was asked to check, and what none of it was about.

use crate::program::{plimsoll, run};

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
