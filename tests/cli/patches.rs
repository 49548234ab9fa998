//! Patches and drop-ins: what changes a server beside the file that declares it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{Outcome, run};

const KUBEADM: &str = "apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
patches: {directory: DIRECTORY}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.33.0
";
const PATCH: &str =
    "- op: add\n  path: /spec/containers/0/command/-\n  value: --authorization-mode=AlwaysAllow\n";

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
}

fn check(folder: &Path, args: &[&str]) -> Outcome {
    run(["check", "--format=json"].iter().chain(args), None, folder)
}

/// The status of a rule of the target with this id.
fn status(outcome: &Outcome, id: &str, rule: &str) -> String {
    result(outcome, id, rule)["status"].as_str().expect("a status").to_owned()
}

fn result(outcome: &Outcome, id: &str, rule: &str) -> Value {
    let report = outcome.json();
    let targets = report["targets"].as_array().expect("targets").clone();
    let target = targets.iter().find(|target| target["id"] == id);
    let target = target.unwrap_or_else(|| panic!("no {id}: {}", outcome.stdout));
    let results = target["results"].as_array().expect("results");
    results.iter().find(|result| result["rule"] == rule).expect("the rule").clone()
}

const RULE: &str = "authz-not-always-allow";

#[test]
fn patches_of_kubeadm_count_where_they_are_part_of_the_input() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = KUBEADM.replace("DIRECTORY", "./patches");
    write(folder.path(), &[("k/a.yaml", &text), ("k/patches/kube-apiserver1+json.yaml", PATCH)]);
    let id = "kube-apiserver@k/a.yaml#1";
    let together = check(folder.path(), &["k"]);
    let failed = result(&together, id, RULE);
    assert_eq!(failed["status"], "fail");
    let at = &failed["evidence"][0]["location"];
    assert_eq!(
        (&at["path"], &at["line"]),
        (&"k/patches/kube-apiserver1+json.yaml".into(), &3.into())
    );
    let alone = check(folder.path(), &["k/a.yaml"]);
    assert_eq!(status(&alone, id, RULE), "unknown");
    assert_eq!(status(&alone, id, "profiling"), "unknown");
    let message = result(&alone, id, RULE)["message"].to_string();
    assert!(message.contains("patches in ./patches may set it"), "{message}");
}

#[test]
fn patches_of_kubeadm_count_where_they_are_on_the_node() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = KUBEADM.replace("DIRECTORY", "/etc/kubernetes/patches");
    let patch = "node/etc/kubernetes/patches/kube-apiserver1+json.yaml";
    write(folder.path(), &[("a.yaml", &text), (patch, PATCH)]);
    let id = "kube-apiserver@a.yaml#1";
    assert_eq!(status(&check(folder.path(), &["a.yaml"]), id, RULE), "unknown");
    let on_node = check(folder.path(), &["a.yaml", "--root=node"]);
    assert_eq!(status(&on_node, id, RULE), "fail");
    assert_eq!(result(&on_node, id, RULE)["evidence"][0]["location"]["path"], patch);
}

/// k3s reads the drop-ins beside its file whoever names the file.
#[test]
fn drop_ins_of_k3s_are_read_with_a_file_that_is_named_alone_as_with_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    write(
        folder.path(),
        &[
            ("k3s/config.yaml", "write-kubeconfig-mode: \"0600\"\n"),
            ("k3s/config.yaml.d/10-none.yaml", "# nothing\n"),
            ("k3s/config.yaml.d/15-empty.yaml", ""),
            ("k3s/config.yaml.d/20-x.yaml", "kube-apiserver-arg: [profiling=true]\n"),
        ],
    );
    let id = "kube-apiserver@k3s/config.yaml";
    for input in ["k3s", "k3s/config.yaml"] {
        let outcome = check(folder.path(), &[input, "--component=kube-apiserver"]);
        assert_eq!(outcome.json()["summary"]["targets"], 1, "{input}: {}", outcome.stdout);
        assert_eq!(status(&outcome, id, "profiling"), "fail", "{input}");
    }
    for input in ["k3s/config.yaml.d", "k3s/config.yaml.d/20-x.yaml"] {
        let outcome = check(folder.path(), &[input]);
        let report = outcome.json();
        let id = report["targets"][0]["id"].as_str().expect("a target").to_owned();
        assert_eq!(status(&outcome, &id, "profiling"), "fail", "{input}");
        assert_eq!(status(&outcome, &id, RULE), "unknown", "{input}");
    }
}

#[test]
fn a_drop_in_that_cannot_be_read_is_an_error_and_leaves_the_rest_unknown() {
    let folder = tempfile::tempdir().expect("a folder");
    write(
        folder.path(),
        &[
            ("k3s/config.yaml", "cluster-init: true\n"),
            ("k3s/config.yaml.d/10-a.yaml", "kube-apiserver-arg: [\n"),
        ],
    );
    for input in ["k3s", "k3s/config.yaml"] {
        let outcome = check(folder.path(), &[input]);
        assert_eq!(outcome.status, 2);
        assert!(outcome.stderr.contains("10-a.yaml"), "{}", outcome.stderr);
        assert_eq!(status(&outcome, "kube-apiserver@k3s/config.yaml", RULE), "unknown");
    }
}

#[test]
fn a_patch_of_kustomize_counts_in_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let pod = crate::program::manifest(
        "k8s.io/kube-apiserver:v1.34.0",
        "    command: [kube-apiserver, --profiling=false]\n",
    );
    let kustomization = "resources: [pod.yaml]\npatches:\n- path: a.yaml\n";
    let patch = "apiVersion: v1\nkind: Pod\nmetadata: {name: kube-apiserver}\nspec: {x: y}\n";
    let id = "kube-apiserver@k/pod.yaml";
    write(folder.path(), &[("k/pod.yaml", &pod)]);
    assert_eq!(status(&check(folder.path(), &["k"]), id, "profiling"), "pass");
    write(folder.path(), &[("k/kustomization.yaml", kustomization), ("k/a.yaml", patch)]);
    assert_eq!(status(&check(folder.path(), &["k"]), id, "profiling"), "unknown");
    // Of another object, and one that is too long to be read for every file.
    let other = patch.replace("kube-apiserver", "other");
    write(folder.path(), &[("k/a.yaml", &other)]);
    assert_eq!(status(&check(folder.path(), &["k"]), id, "profiling"), "pass");
    write(folder.path(), &[("k/a.yaml", &format!("{other}# {}\n", "x".repeat(64 << 10)))]);
    assert_eq!(status(&check(folder.path(), &["k"]), id, "profiling"), "unknown");
}
