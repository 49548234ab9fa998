//! Modes and owners of a node's files, through `--root`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::program::{Outcome, plimsoll};

const MANIFEST: &str = "
apiVersion: v1
kind: Pod
metadata: {name: etcd, namespace: kube-system}
spec:
  volumes:
  - {name: data, hostPath: {path: /srv/data}}
  - {name: keys, secret: {secretName: keys}}
  containers:
  - name: etcd
    image: registry.k8s.io/etcd:3.6.4-0
    command: [etcd, --data-dir=/data/etcd, --key-file=/keys/a.key]
    volumeMounts:
    - {name: data, mountPath: /data}
    - {name: keys, mountPath: /keys}
";

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
}

fn status(outcome: &Outcome, rule: &str) -> (String, serde_json::Value) {
    let report = outcome.json();
    let results = report["targets"][0]["results"].as_array().expect("results");
    let result = results.iter().find(|result| result["rule"] == rule).expect(rule);
    (result["status"].as_str().expect("a status").to_owned(), result.clone())
}

#[test]
fn a_path_leads_through_the_mounts_to_the_file_of_the_node() {
    let folder = tempfile::tempdir().expect("a folder");
    let manifests = folder.path().join("etc/kubernetes/manifests");
    let data = folder.path().join("srv/data/etcd");
    for path in [&manifests, &data] {
        fs::create_dir_all(path).expect("made");
    }
    let manifest = manifests.join("etcd.yaml");
    fs::write(&manifest, MANIFEST).expect("written");
    mode(&manifest, 0o600);
    mode(&data, 0o700);
    let check = |rooted: bool| {
        let root = format!("--root={}", folder.path().display());
        let words = ["check", "--format=json", "--benchmark=cis-1.12,hardening"];
        let words = words.iter().map(ToString::to_string).chain(rooted.then_some(root));
        plimsoll(words.chain([manifest.display().to_string()]))
    };
    let outcome = check(true);
    let (found, result) = status(&outcome, "etcd-data-dir-mode");
    assert_eq!(found, "pass", "{result}");
    let fact = &result["evidence"][0];
    assert!(fact["value"].as_str().is_some_and(|value| value.starts_with("700 ")), "{fact}");
    assert_eq!(fact["origin"], "file");
    assert_eq!(fact["flag"], "data-dir");
    assert_eq!(fact["location"]["path"], data.display().to_string());
    assert_eq!(status(&outcome, "file-etcd-manifest-mode").0, "pass");
    let (found, result) = status(&outcome, "etcd-secret-files");
    assert_eq!(found, "unknown", "{result}");
    assert!(result["message"].as_str().expect("text").contains("a secret"), "{result}");

    mode(&data, 0o750);
    let (found, result) = status(&check(true), "etcd-data-dir-mode");
    assert_eq!(found, "fail", "{result}");
    assert!(result["message"].as_str().expect("text").contains("asked for: mode 700"), "{result}");

    let (found, result) = status(&check(false), "etcd-data-dir-mode");
    assert_eq!(found, "unknown", "{result}");
    let message = result["message"].as_str().expect("text");
    assert!(message.contains("stat -L -c '%a' /srv/data/etcd must print 700"), "{message}");
}
