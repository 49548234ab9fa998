//! Paths that lead through links, folders above, slashes at the end and mounts.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::Value;

use crate::files::{check, write};
use crate::live::{start, words};
use crate::program::{manifest, plimsoll};

const RULE: &str = "audit-events-recorded";

fn policy(level: &str) -> String {
    format!("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{{level: {level}}}]\n")
}

fn link(folder: &Path, path: &str, target: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    symlink(target, path).expect("linked");
}

/// A pod whose API server reads this policy through these mounts: where, and what of the node.
fn pod(policy: &str, mounts: &[(&str, &str)]) -> String {
    let command = format!(
        "    command: [kube-apiserver, --audit-policy-file={policy}, --audit-log-path=/l]\n"
    );
    let mut pod = manifest("registry.k8s.io/kube-apiserver:v1.34.2", &command);
    let numbered = || (1..).zip(mounts);
    let at = numbered().map(|(n, (at, _))| format!("    - {{name: v{n}, {at}}}\n"));
    let host = numbered()
        .map(|(n, (_, host))| format!("  - {{name: v{n}, hostPath: {{path: {host}}}}}\n"));
    pod.push_str("    volumeMounts:\n");
    pod.extend(at);
    pod.push_str("  volumes:\n");
    pod.extend(host);
    pod
}

/// What becomes of the rule for a pod on the node in a folder.
fn judge(node: &Path, policy: &str, mounts: &[(&str, &str)]) -> Value {
    fs::create_dir_all(node.join("etc")).expect("made");
    write(node, "pod.yaml", &pod(policy, mounts));
    let (node, pod) = (node.display().to_string(), node.join("pod.yaml").display().to_string());
    check(&["--root", &node, &pod], RULE).1
}

#[test]
fn a_link_is_followed_before_the_folder_above_it() {
    let node = tempfile::tempdir().expect("a folder");
    link(node.path(), "etc/kubernetes/link", "/srv/real/deep");
    write(node.path(), "srv/real/policy.yaml", &policy("None"));
    write(node.path(), "srv/real/deep/x", "");
    write(node.path(), "etc/kubernetes/policy.yaml", &policy("RequestResponse"));
    let mounts = [("mountPath: /etc/kubernetes", "/etc/kubernetes"), ("mountPath: /srv", "/srv")];
    let path = "/etc/kubernetes/link/../policy.yaml";
    assert_eq!(judge(node.path(), path, &mounts)["status"], "fail");
    assert_eq!(judge(node.path(), path, &mounts[..1])["status"], "unknown");
    // The same without a container, and of a process.
    let root = node.path().display().to_string();
    let flag = format!("--audit-policy-file={path}");
    let argv = ["--root", &root, "--", "kube-apiserver", &flag, "--audit-log-path=/l"];
    assert_eq!(check(&argv, RULE).1["status"], "fail");
    let inside = node.path().join("own");
    write(&inside, "real/policy.yaml", &policy("None"));
    write(&inside, "real/deep/x", "");
    write(&inside, "policy.yaml", &policy("RequestResponse"));
    symlink(inside.join("real/deep"), inside.join("link")).expect("linked");
    let flag = format!("--audit-policy-file={}/link/../policy.yaml", inside.display());
    let args = words(&[&flag, "--audit-log-path=/l"]);
    let server = start(node.path(), "kube-apiserver", "kube-apiserver", &args);
    assert_eq!(check(&["--pid", &server.pid().to_string()], RULE).1["status"], "fail");
}

#[test]
fn a_file_with_a_slash_at_its_end_is_no_file() {
    let node = tempfile::tempdir().expect("a folder");
    write(node.path(), "etc/kubernetes/policy.yaml", &policy("RequestResponse"));
    let path = "/etc/kubernetes/policy.yaml/";
    let mounts = [("mountPath: /etc/kubernetes", "/etc/kubernetes")];
    assert_eq!(judge(node.path(), path.trim_end_matches('/'), &mounts)["status"], "pass");
    assert_eq!(judge(node.path(), path, &mounts)["status"], "error");
    let root = node.path().display().to_string();
    let flag = format!("--audit-policy-file={path}");
    let argv = ["--root", &root, "--", "kube-apiserver", &flag, "--audit-log-path=/l"];
    assert_eq!(check(&argv, RULE).1["status"], "error");
}

#[test]
fn a_link_in_a_mount_leads_to_another_mount_or_into_the_image() {
    let node = tempfile::tempdir().expect("a folder");
    link(node.path(), "srv/audit/policy.yaml", "/etc/kubernetes/good.yaml");
    link(node.path(), "srv/audit/up.yaml", "../etc/kubernetes/good.yaml");
    write(node.path(), "srv/other/good.yaml", &policy("None"));
    write(node.path(), "etc/kubernetes/good.yaml", &policy("RequestResponse"));
    let audit = ("mountPath: /audit", "/srv/audit");
    for path in ["/audit/policy.yaml", "/audit/up.yaml"] {
        let result =
            judge(node.path(), path, &[audit, ("mountPath: /etc/kubernetes", "/srv/other")]);
        assert_eq!(result["status"], "fail", "{result}");
        let place = result["evidence"][0]["location"]["path"].as_str().expect("a path");
        assert!(place.ends_with("/srv/other/good.yaml"), "{place}");
        let result = judge(node.path(), path, &[audit]);
        assert_eq!(result["status"], "unknown", "{result}");
        let message = result["message"].as_str().expect("a message");
        assert!(
            message.contains("/etc/kubernetes/good.yaml is in the container's image"),
            "{message}"
        );
        let same = ("mountPath: /etc/kubernetes", "/etc/kubernetes");
        assert_eq!(judge(node.path(), path, &[audit, same])["status"], "pass");
    }
}

#[test]
fn a_part_of_a_volume_and_a_mount_within_a_mount_are_found() {
    let node = tempfile::tempdir().expect("a folder");
    write(node.path(), "srv/volume/v2/policy.yaml", &policy("None"));
    link(node.path(), "srv/volume/current", "v2");
    write(node.path(), "srv/good/policy.yaml", &policy("RequestResponse"));
    let part = ("mountPath: /audit, subPath: current", "/srv/volume");
    assert_eq!(judge(node.path(), "/audit/policy.yaml", &[part])["status"], "fail");
    let file = ("mountPath: /p.yaml, subPath: current/policy.yaml", "/srv/volume");
    assert_eq!(judge(node.path(), "/p.yaml", &[file])["status"], "fail");
    let inner = ("mountPath: /audit/deep/inner", "/srv/good");
    let path = "/audit/deep/inner/policy.yaml";
    assert_eq!(judge(node.path(), path, &[part, inner])["status"], "pass");
    let path = "/audit/deep/inner/../../policy.yaml";
    assert_eq!(judge(node.path(), path, &[part, inner])["status"], "fail");
}

#[test]
fn links_in_a_circle_in_a_mount_are_an_error() {
    let node = tempfile::tempdir().expect("a folder");
    link(node.path(), "srv/audit/policy.yaml", "/audit/policy.yaml");
    let audit = [("mountPath: /audit", "/srv/audit")];
    let result = judge(node.path(), "/audit/policy.yaml", &audit);
    assert_eq!(result["status"], "error", "{result}");
}

#[test]
fn in_a_copy_of_etc_kubernetes_links_lead_where_they_lead_on_the_node() {
    let copy = tempfile::tempdir().expect("a folder");
    write(copy.path(), "good.yaml", &policy("RequestResponse"));
    write(copy.path(), "passwd", &policy("RequestResponse"));
    link(copy.path(), "a.yaml", "/etc/kubernetes/good.yaml");
    link(copy.path(), "b.yaml", "/good.yaml");
    let root = format!("/etc/kubernetes={}", copy.path().display());
    let judge = |path: &str| {
        let flag = format!("--audit-policy-file={path}");
        let argv = ["--root", &root, "--", "kube-apiserver", &flag, "--audit-log-path=/l"];
        check(&argv, RULE).1["status"].clone()
    };
    assert_eq!(judge("/etc/kubernetes/a.yaml"), "pass");
    // Both are outside what was copied.
    assert_eq!(judge("/etc/kubernetes/b.yaml"), "unknown");
    assert_eq!(judge("/etc/kubernetes/../passwd"), "unknown");
}

#[test]
fn what_is_written_with_a_link_is_pointed_at_where_it_is() {
    let node = tempfile::tempdir().expect("a folder");
    write(node.path(), "srv/v/policy.yaml", &policy("RequestResponse"));
    link(node.path(), "srv/audit", "/srv/v");
    let audit = [("mountPath: /audit", "/srv/audit")];
    let result = judge(node.path(), "/audit/policy.yaml", &audit);
    let place = result["evidence"][0]["location"]["path"].as_str().expect("a path");
    assert!(fs::read_to_string(place).expect("the file").contains("RequestResponse"));
    assert_eq!(plimsoll(["rules"]).status, 0);
}
