//! Texts within documents: files that cloud-init, Ignition and others write, and manifests in strings.

use std::fs;

use crate::program::{Outcome, run};

const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: s, namespace: kube-system}
spec:
  containers:
  - name: s
    image: registry.k8s.io/kube-apiserver:v1.33.2
    command:
    - kube-apiserver
    - --authorization-mode=AlwaysAllow
";
/// The same in base64.
const ENCODED: &str = "YXBpVmVyc2lvbjogdjEKa2luZDogUG9kCm1ldGFkYXRhOiB7bmFtZTogcywgbmFtZXNwYWNlOiBrdWJlLXN5c3RlbX0Kc3BlYzoKICBjb250YWluZXJzOgogIC0gbmFtZTogcwogICAgaW1hZ2U6IHJlZ2lzdHJ5Lms4cy5pby9rdWJlLWFwaXNlcnZlcjp2MS4zMy4yCiAgICBjb21tYW5kOgogICAgLSBrdWJlLWFwaXNlcnZlcgogICAgLSAtLWF1dGhvcml6YXRpb24tbW9kZT1BbHdheXNBbGxvdwo=";
const UNIT: &str = "[Service]\nExecStart=/usr/bin/kubelet --anonymous-auth=true --kubeconfig=/k\n";

/// The text with its lines indented.
fn indented(text: &str, by: usize) -> String {
    let margin = " ".repeat(by);
    text.lines().flat_map(|line| [&*margin, line, "\n"]).collect()
}

/// Checks a file that lies in a folder.
fn check(text: &str, rule: &str) -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("m")).expect("made");
    fs::write(folder.path().join("m/x.yaml"), text).expect("written");
    run(["check", "--format=json", "--only", rule, "m"], None, folder.path())
}

/// The line of the only failure.
fn failure(text: &str, rule: &str) -> u64 {
    let outcome = check(text, rule);
    assert_eq!(outcome.status, 1, "{text}\n{}{}", outcome.stdout, outcome.stderr);
    let report = outcome.json();
    let targets = report["targets"].as_array().expect("targets");
    assert_eq!(targets.len(), 1, "{text}\n{}", outcome.stdout);
    let result = &targets[0]["results"][0];
    assert_eq!(result["status"], "fail");
    result["evidence"][0]["location"]["line"].as_u64().expect("a line")
}

#[test]
fn a_pod_in_the_string_of_any_object_is_judged_at_its_own_line() {
    let pod = indented(POD, 4);
    for (text, line) in [
        (
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m}}\ndata:\n  kube-apiserver.yaml: |\n{pod}"
            ),
            15,
        ),
        (
            format!(
                "apiVersion: v1\nkind: Secret\nmetadata: {{name: m}}\nstringData:\n  a.yaml: |\n{pod}"
            ),
            15,
        ),
        (
            format!(
                "#cloud-config\nwrite_files:\n- path: /etc/kubernetes/manifests/a.yaml\n  content: |\n{pod}"
            ),
            14,
        ),
        (
            format!(
                "variant: fcos\nversion: 1.5.0\nstorage:\n  files:\n  - path: /a\n    contents:\n      inline: |\n{}",
                indented(POD, 8)
            ),
            17,
        ),
        (
            format!(
                "kind: KubeadmConfig\napiVersion: bootstrap.cluster.x-k8s.io/v1beta1\nspec:\n  files:\n  - path: /a\n    content: |\n{}",
                indented(POD, 6)
            ),
            16,
        ),
        (
            format!(
                "apiVersion: example.org/v1\nkind: Thing\nspec:\n  deep:\n  - text: |\n{}",
                indented(POD, 6)
            ),
            15,
        ),
    ] {
        assert_eq!(failure(&text, "authz-not-always-allow"), line, "{text}");
    }
}

#[test]
fn encoded_contents_are_decoded_and_have_the_place_of_their_string() {
    let url = format!("data:text/plain;charset=utf-8;base64,{ENCODED}");
    for (text, line) in [
        (format!("apiVersion: v1\nkind: Secret\ndata:\n  a.yaml: {ENCODED}\n"), 4),
        (format!("apiVersion: v1\nkind: ConfigMap\nbinaryData:\n  a.yaml: {ENCODED}\n"), 4),
        (
            format!(
                "#cloud-config\nwrite_files:\n- path: /a.yaml\n  encoding: b64\n  content: {ENCODED}\n"
            ),
            5,
        ),
        (
            format!(
                "{{\"ignition\": {{\"version\": \"3.4.0\"}},\n\"storage\": {{\"files\": [{{\"path\": \"/a\",\n\"contents\": {{\"source\": \"{url}\"}}}}]}}}}\n"
            ),
            3,
        ),
        (
            format!(
                "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nspec:\n  config:\n    ignition: {{version: 3.2.0}}\n    storage:\n      files:\n      - path: /a\n        contents:\n          source: {url}\n"
            ),
            10,
        ),
    ] {
        assert_eq!(failure(&text, "authz-not-always-allow"), line, "{text}");
    }
}

#[test]
fn units_scripts_and_commands_of_a_machine_are_judged() {
    let unit = indented(UNIT, 6);
    let rule = "kubelet-anonymous-auth";
    for text in [
        format!("variant: fcos\nsystemd:\n  units:\n  - name: kubelet.service\n    contents: |\n{unit}"),
        format!("variant: fcos\nsystemd:\n  units:\n  - name: kubelet.service\n    dropins:\n    - name: a.conf\n      contents: |\n{}", indented(UNIT, 8)),
        format!("#cloud-config\nwrite_files:\n- path: /etc/systemd/system/kubelet.service\n  content: |\n{unit}"),
        "#cloud-config\nwrite_files:\n- path: /start\n  content: |\n    #!/bin/sh\n    exec kubelet --anonymous-auth=true\n".to_owned(),
        "#cloud-config\nwrite_files:\n- path: /etc/default/kubelet\n  content: KUBELET_EXTRA_ARGS=--anonymous-auth=true\n".to_owned(),
        "#cloud-config\nruncmd:\n- echo a\n- kubelet --anonymous-auth=true\n".to_owned(),
        "#cloud-config\nbootcmd:\n- [kubelet, --anonymous-auth=true]\n".to_owned(),
        "#cloud-config\nruncmd:\n- [sh, -c, \"sleep 1; kubelet --anonymous-auth=true\"]\n".to_owned(),
    ] {
        failure(&text, rule);
    }
}

#[test]
fn a_text_in_user_data_in_an_object_is_read_too() {
    let cloud = format!(
        "#cloud-config\nwrite_files:\n- path: /etc/kubernetes/manifests/a.yaml\n  content: |\n{}",
        indented(POD, 4)
    );
    let text = format!("kind: Machine\nspec:\n  userData: |\n{}", indented(&cloud, 4));
    failure(&text, "authz-not-always-allow");
}

#[test]
fn content_of_a_component_that_cannot_be_seen_is_an_error() {
    let file = "path: /etc/kubernetes/manifests/kube-apiserver.yaml";
    for (text, why) in [
        (
            format!("#cloud-config\nwrite_files:\n- {file}\n  encoding: gz+b64\n  content: H4sI\n"),
            "compressed",
        ),
        (
            format!("#cloud-config\nwrite_files:\n- {file}\n  encoding: b64\n  content: '%'\n"),
            "decoded",
        ),
        (
            format!(
                "storage:\n  files:\n  - {file}\n    contents: {{source: 'https://a.example/b'}}\n"
            ),
            "elsewhere",
        ),
        (
            format!(
                "#cloud-config\nwrite_files:\n- {file}\n  content: |\n    apiVersion: v1\n    kind: Pod\n    spec: [kube-apiserver\n"
            ),
            "kube-apiserver.yaml",
        ),
    ] {
        let outcome = check(&text, "authz-not-always-allow");
        assert_eq!(outcome.status, 2, "{text}\n{}{}", outcome.stdout, outcome.stderr);
        assert!(outcome.stderr.contains(why), "{text}\n{}", outcome.stderr);
    }
}

#[test]
fn what_kubectl_notes_of_an_object_and_what_prose_quotes_are_no_servers() {
    let noted = format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n{}spec: {{containers: [{{name: a, image: nginx}}]}}\n",
        indented(POD, 6)
    );
    let prose = "apiVersion: v1\nkind: ConfigMap\ndata:\n  notes: |\n    Run it:\n    kube-apiserver --v=2\n";
    for text in [&noted, prose] {
        let outcome = check(text, "authz-not-always-allow");
        assert!(
            outcome.stdout.contains("\"targets\": []")
                || outcome.json()["targets"].as_array().is_some_and(Vec::is_empty),
            "{}",
            outcome.stdout
        );
    }
}

#[test]
fn a_unit_with_drop_ins_beside_it_passes_nothing() {
    let unit = indented(&UNIT.replace("auth=true", "auth=false"), 6);
    let with = |drop_ins: &str| {
        let text = format!(
            "variant: fcos\nsystemd:\n  units:\n  - name: kubelet.service\n    contents: |\n{unit}{drop_ins}"
        );
        let report = check(&text, "kubelet-anonymous-auth").json();
        report["targets"][0]["results"][0]["status"].as_str().expect("a status").to_owned()
    };
    assert_eq!(with(""), "pass");
    assert_eq!(with("    dropins: []\n"), "pass");
    let other =
        "    dropins:\n    - name: a.conf\n      contents: |\n        [Service]\n        Nice=1\n";
    assert_eq!(with(other), "unknown");
}
