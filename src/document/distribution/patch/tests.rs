use std::sync::Arc;

use crate::command_line::{Certainty, CommandLine, Location, MountSource};
use crate::component::Component;
use crate::document::{Neighbour, Neighbours, read_beside};

const KUBEADM: &str = "apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
patches: {directory: ./patches}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.33.0
apiServer:
  extraArgs: [{name: v, value: \"1\"}]
";

/// A folder `patches` beside the text.
struct Folder(Vec<(&'static str, &'static str)>);

impl Neighbours for Folder {
    fn folder(&self, path: &str) -> Option<Vec<Neighbour>> {
        let one = |(name, text): &(&str, &str)| -> Neighbour {
            (Arc::from(format!("patches/{name}")), Ok((*text).to_owned()))
        };
        (path.trim_start_matches("./") == "patches").then(|| self.0.iter().map(one).collect())
    }

    fn file(&self, path: &str) -> Option<Neighbour> {
        let own = self.0.iter().find(|(name, _)| *name == path)?;
        Some((Arc::from(own.0), Ok(own.1.to_owned())))
    }

    fn kustomization(&self) -> Option<Neighbour> {
        self.file("kustomization.yaml")
    }
}

fn lines(text: &str, files: Option<Vec<(&'static str, &'static str)>>) -> Vec<CommandLine> {
    let path = "kubeadm.yaml".into();
    let found = match files {
        Some(files) => read_beside(text, &path, None, &Folder(files)),
        None => crate::document::read(text, &path),
    };
    found.found.into_iter().map(|found| found.line).collect()
}

fn server(lines: &[CommandLine], component: Component) -> &CommandLine {
    lines.iter().find(|line| line.component == component).expect("there")
}

/// The API server with one file of patches.
fn patched(name: &'static str, text: &'static str) -> CommandLine {
    server(&lines(KUBEADM, Some(vec![(name, text)])), Component::KubeApiserver).clone()
}

/// Whether anything may be set behind all that is known.
fn is_open(line: &CommandLine) -> bool {
    line.args.last().is_some_and(|last| {
        last.text.is_empty() && matches!(last.certainty, Certainty::Unresolved(_))
    })
}

fn has(line: &CommandLine, text: &str) -> bool {
    line.args.iter().any(|arg| arg.text == text && arg.certainty == Certainty::Known)
}

fn path(line: &CommandLine, text: &str) -> (String, usize) {
    let arg = line.args.iter().find(|arg| arg.text == text).expect("there");
    let Location::Text { path, span } = &arg.location else { panic!("no text") };
    (path.to_string(), span.start.line())
}

#[test]
fn patches_that_are_not_part_of_the_input_may_set_any_flag_of_a_pod() {
    let lines = lines(KUBEADM, None);
    assert_eq!(lines.len(), 4);
    assert!(lines.iter().all(is_open), "{lines:?}");
    for other in ["JoinConfiguration", "InitConfiguration"] {
        let text = KUBEADM.replace("InitConfiguration", other);
        assert!(self::lines(&text, None).iter().all(is_open), "{other}");
    }
    let without = KUBEADM.replace("{directory: ./patches}", "{}");
    assert!(!self::lines(&without, None).iter().any(is_open));
}

#[test]
fn a_json_patch_adds_a_flag_at_its_own_place() {
    let line = patched(
        "kube-apiserver0+json.yaml",
        "- {op: add, path: /spec/containers/0/command/-, value: --profiling=false}\n",
    );
    assert!(!is_open(&line) && has(&line, "--v=1"));
    let place = ("patches/kube-apiserver0+json.yaml".to_owned(), 1);
    assert_eq!(path(&line, "--profiling=false"), place);
}

#[test]
fn a_patch_changes_the_pod_of_its_own_component_alone() {
    let files = vec![
        ("etcd+json.yaml", "- {op: add, path: /spec/containers/0/command/-, value: --v=9}\n"),
        ("corednsdeployment.yaml", "spec: {replicas: 3}\n"),
        ("README.md", "kube-apiserver\n"),
        ("kube-apiserver.txt", "x"),
    ];
    let lines = lines(KUBEADM, Some(files));
    assert!(!lines.iter().any(is_open));
    assert!(has(server(&lines, Component::Etcd), "--v=9"));
    assert!(!has(server(&lines, Component::KubeApiserver), "--v=9"));
}

#[test]
fn a_strategic_patch_replaces_the_command_and_merges_the_rest_by_name() {
    let line = patched(
        "kube-apiserver.yaml",
        "spec:
  containers:
  - name: sidecar
    command: [x]
  - name: kube-apiserver
    image: k8s.io/kube-apiserver:v1.32.9
    command: [kube-apiserver, --authorization-mode=AlwaysAllow]
    env: [{name: GODEBUG, value: x=1}]
    volumeMounts: [{name: a, mountPath: /a}]
  volumes: [{name: a, hostPath: {path: /b}}]
",
    );
    let texts: Vec<&str> = line.args.iter().map(|arg| arg.text.as_str()).collect();
    assert_eq!(texts, ["--authorization-mode=AlwaysAllow"]);
    assert_eq!(line.version.map(|version| version.minor.minor), Some(32));
    assert_eq!(line.environment[0].name, "GODEBUG");
    assert_eq!(line.mounts[0].source, MountSource::Host("/b".to_owned()));
    let adds = patched(
        "kube-apiserver1+strategic.yaml",
        "spec: {containers: [{name: kube-apiserver, args: [--v=3]}]}\n",
    );
    assert!(has(&adds, "--v=1") && has(&adds, "--v=3") && !is_open(&adds));
    let none = patched("kube-apiserver.yaml", "metadata: {annotations: {a: b}}\n");
    assert!(has(&none, "--v=1") && !is_open(&none));
}

#[test]
fn a_merge_patch_replaces_the_container() {
    let line = patched(
        "kube-apiserver+merge.yaml",
        "spec: {containers: [{name: kube-apiserver, command: [kube-apiserver, --v=4]}]}\n",
    );
    assert!(has(&line, "--v=4") && !has(&line, "--v=1"));
    let other = patched("kube-apiserver+merge.yaml", "spec: {containers: []}\n");
    assert!(is_open(&other));
}

#[test]
fn a_patch_that_is_not_followed_leaves_all_open() {
    for (name, text) in [
        (
            "kube-apiserver+json.yaml",
            "- {op: replace, path: /spec/containers/0/command/3, value: --v=2}\n",
        ),
        ("kube-apiserver+json.yaml", "- {op: remove, path: /spec/containers/0/command}\n"),
        ("kube-apiserver+json.yaml", "- {op: replace, path: /spec, value: {}}\n"),
        (
            "kube-apiserver+json.yaml",
            "- {op: copy, from: /spec/x, path: /spec/containers/0/command/-}\n",
        ),
        ("kube-apiserver+json.yaml", "- {op: change, path: /spec/containers/0/command/-}\n"),
        ("kube-apiserver+json.yaml", "\"{{ .Patch }}\"\n"),
        ("kube-apiserver+json.yaml", "- [\n"),
        ("kube-apiserver+other.yaml", "- {op: test, path: /spec, value: {}}\n"),
        ("kube-apiserver.yaml", "{{ .Patch }}\n"),
        ("kube-apiserver.yaml", "spec: {containers: [{name: kube-apiserver, $patch: replace}]}\n"),
        (
            "kube-apiserver.yaml",
            "spec: {containers: [{name: kube-apiserver, command: [/own.sh]}]}\n",
        ),
    ] {
        assert!(is_open(&patched(name, text)), "{name}: {text}");
    }
    let tested = "- {op: test, path: /spec/containers/0/command/3, value: --v=2}\n";
    assert!(!is_open(&patched("kube-apiserver+json.yaml", tested)));
}

/// The folder of a Cluster API object is filled by its own `files`.
#[test]
fn files_of_a_cluster_api_object_are_its_patches() {
    let text = "apiVersion: controlplane.cluster.x-k8s.io/v1beta1
kind: KubeadmControlPlane
metadata: {name: cp}
spec:
  version: v1.33.0
  kubeadmConfigSpec:
    initConfiguration: {patches: {directory: /etc/kubernetes/patches}}
    files:
    - path: /etc/kubernetes/patches/kube-apiserver0+json.yaml
      content: |
        - op: add
          path: /spec/containers/0/command/-
          value: --profiling=false
";
    let read = lines(text, None);
    let api = server(&read, Component::KubeApiserver);
    assert!(!is_open(api));
    assert_eq!(path(api, "--profiling=false"), ("kubeadm.yaml".to_owned(), 13));
    let secret = text.replace("content: |", "contentFrom: {secret: {name: a}}\n      other: |");
    assert!(is_open(server(&lines(&secret, None), Component::KubeApiserver)));
    let elsewhere = text.replace("path: /etc/kubernetes/patches/", "path: /tmp/");
    assert!(lines(&elsewhere, None).iter().all(is_open));
}

const CLASS: &str = "apiVersion: cluster.x-k8s.io/v1beta1
kind: ClusterClass
metadata: {name: q}
spec:
  controlPlane: {ref: {kind: KubeadmControlPlaneTemplate, name: cp}}
  patches:
  - name: p
    definitions:
    - selector: {kind: KubeadmControlPlaneTemplate}
      jsonPatches:
      - op: add
        path: /spec/template/spec/kubeadmConfigSpec/clusterConfiguration/apiServer/extraArgs/v
        value: \"7\"
---
apiVersion: controlplane.cluster.x-k8s.io/v1beta1
kind: KubeadmControlPlaneTemplate
metadata: {name: cp}
spec:
  template:
    spec:
      kubeadmConfigSpec:
        clusterConfiguration:
          apiServer:
            extraArgs: {v: \"1\", profiling: \"false\"}
";

fn api_servers(text: &str) -> Vec<CommandLine> {
    let all = lines(text, None).into_iter();
    all.filter(|line| line.component == Component::KubeApiserver).collect()
}

#[test]
fn the_patches_of_a_class_change_its_template() {
    let [api] = &api_servers(CLASS)[..] else { panic!("one") };
    assert!(has(api, "--v=7") && !has(api, "--v=1") && has(api, "--profiling=false"));
    assert_eq!(path(api, "--v=7").1, 13);
    let whole = CLASS
        .replace("/extraArgs/v\n        value: \"7\"", "\n        value: {extraArgs: {v: \"8\"}}");
    let [api] = &api_servers(&whole)[..] else { panic!("one") };
    assert!(has(api, "--v=8") && !has(api, "--profiling=false"));
    // A template of another name is not the one that is changed.
    let other = api_servers(&CLASS.replace("metadata: {name: cp}", "metadata: {name: other}"));
    assert_eq!(other.len(), 2);
    assert!(has(&other[1], "--v=1"));
}

#[test]
fn what_a_class_does_in_some_clusters_only_is_not_known() {
    for (from, to) in [
        ("- name: p", "- name: p\n    enabledIf: \"{{ .x }}\""),
        ("value: \"7\"", "valueFrom: {variable: v}"),
    ] {
        let lines = api_servers(&CLASS.replace(from, to));
        let v = lines[0].args.iter().rfind(|arg| arg.text.starts_with("--v=")).expect("there");
        assert!(matches!(v.certainty, Certainty::Unresolved(_)), "{to}");
        assert!(has(&lines[0], "--profiling=false"));
    }
    for (from, to) in [
        ("definitions:", "external: {generateExtension: x}\n    definitions:"),
        ("extraArgs/v\n", "extraArgs/0\n"),
        ("clusterConfiguration/apiServer/extraArgs/v\n", "initConfiguration/patches\n"),
        ("op: add", "op: change"),
    ] {
        let text = CLASS.replace(from, to);
        assert!(is_open(&api_servers(&text)[0]) || to.contains("external"), "{to}");
        let hidden = |arg: &crate::command_line::Arg| arg.text.is_empty();
        assert!(api_servers(&text)[0].args.iter().any(hidden), "{to}");
    }
}

#[test]
fn an_object_that_a_patch_of_kustomize_is_for_is_open() {
    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: kube-apiserver}\nspec:\n  \
                       containers:\n  - {name: a, command: [kube-apiserver, --profiling=false]}\n";
    let other = "kind: Pod\nmetadata: {name: other}\nspec: {a: b}\n";
    let own = "kind: Pod\nmetadata: {name: kube-apiserver}\nspec: {a: b}\n";
    for (patches, opens) in [
        ("resources: [kubeadm.yaml]\npatches: [{path: a.yaml}]\n", true),
        ("resources: [./kubeadm.yaml]\npatchesStrategicMerge: [a.yaml]\n", true),
        ("resources: [kubeadm.yaml]\npatches: [{path: b.yaml}]\n", false),
        ("resources: [kubeadm.yaml]\npatches: [{path: gone.yaml}]\n", true),
        ("resources: [other.yaml]\npatches: [{path: a.yaml}]\n", false),
        ("resources: [kubeadm.yaml]\npatches: [{patch: x, target: {kind: Pod}}]\n", true),
        (
            "resources: [kubeadm.yaml]\npatchesJson6902: [{path: x, target: {kind: Pod, name: kube.*}}]\n",
            true,
        ),
        ("resources: [kubeadm.yaml]\npatches: [{patch: x, target: {kind: Deployment}}]\n", false),
        ("resources: [kubeadm.yaml]\n", false),
    ] {
        let files = vec![("kustomization.yaml", patches), ("a.yaml", own), ("b.yaml", other)];
        assert_eq!(is_open(&lines(POD, Some(files))[0]), opens, "{patches}");
    }
}
