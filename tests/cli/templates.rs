//! Pod specs in objects of other kinds than Kubernetes' own.

use crate::program::run;

const SPEC: &str = "{containers: [{name: a, image: nginx}, {name: s, image: 'k/kube-apiserver:v1.33.2', command: [kube-apiserver, --authorization-mode=AlwaysAllow]}]}";
const RULE: &str = "authz-not-always-allow";

/// The exit status, the names of the targets that fail, and the messages.
fn check(text: &str) -> (i32, Vec<String>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("x.yaml"), text).expect("written");
    let outcome = run(["check", "--format=json", "--only", RULE, "."], None, folder.path());
    let report = outcome.json();
    let fails = |target: &&serde_json::Value| target["results"][0]["status"] == "fail";
    let targets = report["targets"].as_array().expect("targets").clone();
    let name = |target: &serde_json::Value| target["id"].as_str().expect("an id").to_owned();
    (outcome.status, targets.iter().filter(fails).map(name).collect(), outcome.stderr)
}

#[test]
fn a_pod_template_of_any_kind_is_judged() {
    for object in [
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: {{template: {{spec: {SPEC}}}}}\n"
        ),
        format!(
            "apiVersion: apps.kruise.io/v1alpha1\nkind: BroadcastJob\nspec: {{template: {{spec: {SPEC}}}}}\n"
        ),
        format!(
            "apiVersion: example.org/v1\nkind: Thing\nspec: {{podTemplate: {{spec: {SPEC}}}}}\n"
        ),
        format!(
            "apiVersion: example.org/v1\nkind: Thing\nspec: {{jobTemplate: {{spec: {{template: {{spec: {SPEC}}}}}}}}}\n"
        ),
        format!(
            "apiVersion: v1\nkind: Pod\nspec: {}\n",
            SPEC.replace("containers", "ephemeralContainers")
        ),
        format!(
            "apiVersion: example.org/v1\nkind: Thing\nspec: {{pods: [{{apiVersion: v1, kind: Pod, spec: {SPEC}}}]}}\n"
        ),
        format!(
            "apiVersion: v1\nkind: List\nitems:\n- {{kind: Rollout, spec: {{template: {{spec: {SPEC}}}}}}}\n"
        ),
        format!("apiVersion: v1\nkind: List\nitems:\n- {{kind: Pod, spec: {SPEC}}}\n"),
        format!("server:\n  pod: {SPEC}\n"),
    ] {
        let (status, failed, said) = check(&object);
        assert_eq!((status, failed.len()), (1, 1), "{object}\n{said}");
    }
}

#[test]
fn an_object_without_a_kind_is_an_error_that_says_so() {
    for spec in [SPEC.to_owned(), format!("{{template: {{spec: {SPEC}}}}}")] {
        let (status, failed, said) = check(&format!("metadata: {{name: s}}\nspec: {spec}\n"));
        assert_eq!((status, failed.len()), (2, 1), "{said}");
        assert!(said.contains("has no kind"), "{said}");
    }
}
