//! The files that flags name: below `--root`, through mounts, and of running processes.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::Value;

use crate::generated::{Authority, NOW, Wish};
use crate::live::{Proc, start, words};
use crate::program::{manifest, plimsoll};

const ENCRYPTION: &str = "--encryption-provider-config=/etc/kubernetes/enc/config.yaml";

fn encryption(resource: &str) -> String {
    format!(
        "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n\
         - resources: [{resource}]\n  providers:\n  - aescbc: {{keys: [{{name: a, secret: MDEyMzQ1Njc4OWFiY2RlZg==}}]}}\n\
         - resources: ['*.']\n  providers: [{{identity: {{}}}}]\n"
    )
}

pub(crate) fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("written");
}

/// Writes the keys with which a server verifies and signs tokens.
pub(crate) fn write_token_keys(root: &Path, public: &str, private: &str) {
    let keys = Authority::new("tokens", NOW).sign(&Wish::named("tokens"));
    write(root, public, &keys.public);
    write(root, private, &keys.key);
}

/// The result of one rule by the hardening benchmark.
pub(crate) fn check(args: &[&str], rule: &str) -> (i32, Value) {
    let mut all = vec!["check", "--format", "json", "--benchmark", "hardening", "--only", rule];
    all.extend(args);
    let outcome = plimsoll(all);
    let report = outcome.json();
    let result = report["targets"][0]["results"][0].clone();
    assert_eq!(result["rule"], rule, "{}", outcome.stderr);
    (outcome.status, result)
}

#[test]
fn a_file_decides_and_is_pointed_at() {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().display().to_string();
    let argv =
        ["--root", &folder, "--kubernetes-version", "1.34", "--", "kube-apiserver", ENCRYPTION];
    write(root.path(), "etc/kubernetes/enc/config.yaml", &encryption("configmaps"));
    let (status, result) = check(&argv, "encryption-provider-config");
    assert_eq!((status, result["status"].as_str()), (1, Some("fail")), "{result}");
    let evidence = &result["evidence"][0];
    assert_eq!(evidence["origin"], "file");
    assert_eq!(evidence["location"]["line"], 8);
    let path = evidence["location"]["path"].as_str().expect("a path");
    let line = fs::read_to_string(path).expect("the file").lines().nth(7).map(str::to_owned);
    assert!(line.expect("line 8").contains("identity"));
    // The file changes, and the verdict with it.
    write(root.path(), "etc/kubernetes/enc/config.yaml", &encryption("secrets"));
    let (status, result) = check(&argv, "encryption-provider-config");
    assert_eq!((status, result["status"].as_str()), (0, Some("pass")), "{result}");
    // A file that the server refuses is no answer.
    write(root.path(), "etc/kubernetes/enc/config.yaml", "a: [");
    let (status, result) = check(&argv, "encryption-provider-config");
    assert_eq!((status, result["status"].as_str()), (2, Some("error")), "{result}");
    let text =
        plimsoll(["check", "--only", "encryption-provider-config"].iter().chain(&argv)).stdout;
    assert!(!text.contains("MDEyMzQ1"), "key material is never printed: {text}");
}

#[test]
fn a_root_may_be_copies_of_some_of_the_node_s_folders_and_is_never_guessed() {
    let root = tempfile::tempdir().expect("a folder");
    write(root.path(), "copy/enc/config.yaml", &encryption("secrets"));
    write(root.path(), "disk/etc/kubernetes/enc/config.yaml", &encryption("configmaps"));
    let at = |name: &str| root.path().join(name).display().to_string();
    let copy = format!("/etc/kubernetes={}", at("copy"));
    let (disk, enc) = (at("disk"), format!("/etc/kubernetes/enc/={}", at("copy/enc")));
    let other = format!("/srv={}", at("disk"));
    for (roots, status) in [
        (&[&copy][..], "pass"),
        (&[&enc, &other], "pass"),
        // The longer path lies over the shorter one, in any order.
        (&[&copy, &disk], "pass"),
        (&[&disk, &copy], "pass"),
        (&[&disk], "fail"),
        (&[&other], "unknown"),
        // Without etc in it, it is still the node's root.
        (&[&at("copy")], "error"),
    ] {
        let mut argv: Vec<&str> = roots.iter().flat_map(|root| ["--root", root]).collect();
        argv.extend(["--", "kube-apiserver", ENCRYPTION]);
        let result = check(&argv, "encryption-provider-config").1;
        assert_eq!(result["status"], status, "{roots:?}: {result}");
    }
    for (root, why) in [
        (at("copy/enc/config.yaml"), "it is no folder"),
        (at("missing"), "there is no such folder"),
        (format!("etc={}", at("copy")), "is no path of the node"),
        (format!("/etc/../x={}", at("copy")), "is no path of the node"),
        ("/etc/kubernetes=".to_owned(), "the folder is missing"),
    ] {
        let outcome = plimsoll(["check", "--root", &root, "--", "kube-apiserver"]);
        assert_eq!((outcome.status, &*outcome.stdout), (2, ""), "{root}");
        assert!(outcome.stderr.contains(why), "{root}: {}", outcome.stderr);
    }
}

#[test]
fn a_container_sees_its_mounts() {
    let root = tempfile::tempdir().expect("a folder");
    write(root.path(), "etc/x", "");
    write(root.path(), "srv/enc/config.yaml", &encryption("secrets"));
    let mut pod = manifest(
        "registry.k8s.io/kube-apiserver:v1.34.0",
        "    command: [kube-apiserver, --encryption-provider-config=/enc/config.yaml, --audit-policy-file=/policy/p.yaml]\n",
    );
    pod.push_str("    volumeMounts:\n    - {name: enc, mountPath: /enc}\n    - {name: policy, mountPath: /policy}\n");
    pod.push_str("  volumes:\n  - {name: enc, hostPath: {path: /srv/enc}}\n  - {name: policy, configMap: {name: p}}\n");
    write(root.path(), "pod.yaml", &pod);
    let (folder, pod) = (root.path().display().to_string(), root.path().join("pod.yaml"));
    let pod = pod.display().to_string();
    let args = ["--root", &folder, &pod];
    assert_eq!(check(&args, "encryption-provider-config").1["status"], "pass");
    let result = check(&args, "audit-policy-content").1;
    assert_eq!(result["status"], "unknown");
    let message = result["message"].as_str().expect("a message");
    assert!(message.contains("in the volume policy, a configMap"), "{message}");
    // Without the files the answer is where it would be.
    let result = check(&[&pod], "encryption-provider-config").1;
    assert_eq!(result["status"], "unknown");
    let message = result["message"].as_str().expect("a message");
    assert!(message.contains("/srv/enc/config.yaml is not part of this input"), "{message}");
}

#[test]
fn a_link_out_of_the_root_leads_nowhere() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "outside.yaml", &encryption("secrets"));
    let root = folder.path().join("root");
    fs::create_dir_all(root.join("etc/kubernetes/enc")).expect("made");
    let link = root.join("etc/kubernetes/enc/config.yaml");
    symlink(folder.path().join("outside.yaml"), &link).expect("linked");
    let root = root.display().to_string();
    let argv = ["--root", &root, "--", "kube-apiserver", ENCRYPTION];
    let (status, result) = check(&argv, "encryption-provider-config");
    assert_eq!((status, result["status"].as_str()), (2, Some("error")), "{result}");
    assert!(result["message"].as_str().expect("said").contains("does not exist"), "{result}");
}

#[test]
fn the_files_of_a_process_are_those_it_sees() {
    // A real process, whose root is that of the machine.
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "enc.yaml", &encryption("secrets"));
    let path = folder.path().join("enc.yaml").display().to_string();
    let argument = format!("--encryption-provider-config={path}");
    let server = start(folder.path(), "kube-apiserver", "kube-apiserver", &words(&[&argument]));
    let pid = server.pid().to_string();
    assert_eq!(check(&["--pid", &pid], "encryption-provider-config").1["status"], "pass");
    write(folder.path(), "enc.yaml", &encryption("configmaps"));
    assert_eq!(check(&["--pid", &pid], "encryption-provider-config").1["status"], "fail");
    // One with a root of its own.
    let table = Proc::new();
    let line = format!("kube-apiserver\0{ENCRYPTION}\0");
    table.add(9, 1, 0, Some("/kube-apiserver"), line.as_bytes());
    write(&table.folder(9), "root/etc/kubernetes/enc/config.yaml", &encryption("secrets"));
    let proc = table.path();
    let args = ["--proc", &proc, "--component", "kube-apiserver"];
    let result = check(&args, "encryption-provider-config").1;
    assert_eq!(result["status"], "pass", "{result}");
    assert_eq!(result["evidence"][0]["location"]["path"], "/etc/kubernetes/enc/config.yaml");
    fs::remove_file(table.folder(9).join("root/etc/kubernetes/enc/config.yaml")).expect("removed");
    assert_eq!(check(&args, "encryption-provider-config").1["status"], "error");
}

#[test]
fn anonymous_requests_under_always_allow_are_critical() {
    let root = tempfile::tempdir().expect("a folder");
    let chain = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\n\
                 authorizers:\n- {type: RBAC, name: rbac}\n- {type: AlwaysAllow, name: alwaysallow}\n";
    write(root.path(), "etc/chain.yaml", chain);
    let folder = root.path().display().to_string();
    let argv = [
        "--root",
        &folder,
        "--kubernetes-version=1.34",
        "--",
        "kube-apiserver",
        "--authorization-config=/etc/chain.yaml",
    ];
    let result = check(&argv, "anonymous-not-always-allowed").1;
    assert_eq!((&result["status"], &result["severity"]), (&"fail".into(), &"critical".into()));
    assert_eq!(check(&argv, "authz-not-always-allow").1["status"], "fail");
}

#[test]
fn probes_may_be_anonymous_by_the_hardening_pack_and_not_by_cis() {
    let root = tempfile::tempdir().expect("a folder");
    let config = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n\
                  anonymous:\n  enabled: true\n  conditions: [{path: /livez}]\n";
    write(root.path(), "etc/authn.yaml", config);
    let folder = root.path().display().to_string();
    let argv = [
        "--root",
        &folder,
        "--kubernetes-version=1.34",
        "--",
        "kube-apiserver",
        "--authentication-config=/etc/authn.yaml",
    ];
    assert_eq!(check(&argv, "anonymous-access").1["status"], "pass");
    let mut cis = vec!["check", "--only", "1.2.1", "--benchmark", "cis-1.12"];
    cis.extend(argv);
    let text = plimsoll(cis).stdout;
    assert!(text.contains("fail    1.2.1") && text.contains("let in to /livez"), "{text}");
}

#[test]
fn a_file_of_the_node_that_is_not_mounted_is_not_the_servers() {
    let root = tempfile::tempdir().expect("a folder");
    write(root.path(), "etc/kubernetes/enc/config.yaml", &encryption("secrets"));
    let flag = format!("    command: [kube-apiserver, {ENCRYPTION}]\n");
    let pod = manifest("registry.k8s.io/kube-apiserver:v1.34.0", &flag);
    let kubeadm = "apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\n\
                   kubernetesVersion: v1.34.0\napiServer:\n  extraArgs:\n    \
                   encryption-provider-config: /etc/kubernetes/enc/config.yaml\n";
    let mounted = format!(
        "{kubeadm}  extraVolumes: [{{name: e, hostPath: /etc/kubernetes/enc, mountPath: /etc/kubernetes/enc}}]\n"
    );
    let folder = root.path().display().to_string();
    for (text, status) in [(pod.as_str(), "unknown"), (kubeadm, "unknown"), (&mounted, "pass")] {
        write(root.path(), "input.yaml", text);
        let input = root.path().join("input.yaml").display().to_string();
        let result = check(&["--root", &folder, &input], "encryption-provider-config").1;
        assert_eq!(result["status"], status, "{text}{result}");
    }
}

/// A server of a minor whose encryption configuration has these resources and this provider.
fn encrypted_by(minor: &str, more: &[&str], resources: &str, provider: &str) -> [Value; 2] {
    let root = tempfile::tempdir().expect("a folder");
    let text = format!(
        "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n\
         - resources: [{resources}]\n  providers: [{{{provider}}}]\n"
    );
    write(root.path(), "etc/kubernetes/enc/config.yaml", &text);
    let folder = root.path().display().to_string();
    let mut argv =
        vec!["--root", &folder, "--kubernetes-version", minor, "--", "kube-apiserver", ENCRYPTION];
    argv.extend(more);
    ["encryption-provider-config", "server-starts"].map(|rule| check(&argv, rule).1)
}

#[test]
fn encryption_is_what_the_server_of_that_minor_makes_of_the_file() {
    const BOX: &str =
        "secretbox: {keys: [{name: a, secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}";
    const V1: &str = "kms: {name: a, endpoint: 'unix:///x'}";
    const V2: &str = "kms: {apiVersion: v2, name: a, endpoint: 'unix:///x'}";
    let on_v1 = "--feature-gates=KMSv1=true";
    let on_v2 = "--feature-gates=KMSv2=true";
    for (minor, more, resources, provider, status, words) in [
        ("1.27", "", "'*.*'", BOX, "pass", "secrets are written with secretbox"),
        ("1.26", "", "'*.*'", BOX, "fail", "no entry names secrets"),
        ("1.20", "", "'*.'", BOX, "fail", "no entry names secrets"),
        ("1.34", "", "secrets", V2, "pass", "kms-v2"),
        ("1.34", "", "secrets", V1, "error", "kms-v1 needs the feature gate KMSv1 in 1.34"),
        ("1.34", on_v1, "secrets", V1, "pass", "kms-v1"),
        ("1.27", "", "secrets", V1, "pass", "kms-v1"),
        ("1.26", "", "secrets", V2, "error", "kms-v2 needs the feature gate KMSv2 in 1.26"),
        ("1.26", on_v2, "secrets", V2, "pass", "kms-v2"),
        ("1.34", "", "secrets, events.events.k8s.io", BOX, "error", "is stored as events"),
    ] {
        let more: Vec<&str> = [more].into_iter().filter(|flag| !flag.is_empty()).collect();
        let [result, starts] = encrypted_by(minor, &more, resources, provider);
        let case = format!("{minor} {more:?} {resources} {provider}: {result}");
        assert_eq!(result["status"], status, "{case}");
        assert!(result["message"].as_str().is_some_and(|text| text.contains(words)), "{case}");
        let message = starts["message"].as_str().expect("a message");
        let refused =
            message.contains(&format!("{}: ", ENCRYPTION.split('=').next().unwrap_or("")));
        assert_eq!(refused, status == "error", "{case}: {message}");
    }
}

/// A server that starts.
const SERVER: [&str; 5] = [
    "kube-apiserver",
    "--etcd-servers=https://a:1",
    "--service-account-issuer=https://k",
    "--service-account-key-file=/a",
    "--service-account-signing-key-file=/b",
];

#[test]
fn a_file_and_a_flag_that_both_speak_of_anonymous_requests_exclude_each_other() {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().display().to_string();
    let starts = |section: &str, flag: &str| {
        let text = format!(
            "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n{section}"
        );
        write(root.path(), "etc/a.yaml", &text);
        write_token_keys(root.path(), "a", "b");
        let mut argv = vec!["--root", &folder, "--kubernetes-version", "1.36", "--"];
        argv.extend(SERVER.into_iter().chain(["--authentication-config=/etc/a.yaml", flag]));
        ["anonymous-access", "server-starts"].map(|rule| check(&argv, rule).1)
    };
    let section = "anonymous: {enabled: true}\n";
    let [anonymous, server] = starts(section, "--anonymous-auth=false");
    assert_eq!(anonymous["status"], "error", "{anonymous}");
    assert_eq!(server["status"], "fail", "{server}");
    let message = server["message"].as_str().expect("a message");
    assert!(message.contains("--anonymous-auth and the same in the file"), "{message}");
    let [anonymous, server] = starts("", "--anonymous-auth=false");
    assert_eq!((&anonymous["status"], &server["status"]), (&"pass".into(), &"pass".into()));
    let [anonymous, server] = starts(section, "--profiling=false");
    assert_eq!((&anonymous["status"], &server["status"]), (&"fail".into(), &"pass".into()));
    // What the server cannot decode keeps it from starting too.
    let [_, server] = starts("anonymus: {}\n", "--profiling=false");
    let message = server["message"].as_str().expect("a message");
    assert!(message.contains("unknown field \"anonymus\""), "{message}");
}

/// Whether a server of a minor takes a file behind a flag.
fn starts_with(minor: &str, flags: &[&str], text: &str) -> String {
    let root = tempfile::tempdir().expect("a folder");
    write(root.path(), "etc/f.yaml", text);
    write_token_keys(root.path(), "a", "b");
    let folder = root.path().display().to_string();
    let mut argv = vec!["--root", &folder, "--kubernetes-version", minor, "--"];
    argv.extend(SERVER.iter().chain(flags));
    let result = check(&argv, "server-starts").1;
    format!("{}: {}", result["status"], result["message"])
}

#[test]
fn what_the_server_refuses_in_its_files_is_told_by_minor() {
    let anonymous = |version: &str| {
        format!(
            "apiVersion: apiserver.config.k8s.io/{version}\nkind: AuthenticationConfiguration\nanonymous: {{enabled: false}}\n"
        )
    };
    let egress = |name: &str| {
        format!(
            "apiVersion: apiserver.k8s.io/v1beta1\nkind: EgressSelectorConfiguration\negressSelections:\n\
             - name: {name}\n  connection: {{proxyProtocol: Direct}}\n"
        )
    };
    let authentication = "--authentication-config=/etc/f.yaml";
    let on = "--feature-gates=StructuredAuthenticationConfiguration=true,AnonymousAuthConfigurableEndpoints=true";
    let cases: [(&str, &[&str], String, &str); 8] = [
        ("1.34", &[authentication], anonymous("v1"), "pass"),
        ("1.31", &[authentication, on], anonymous("v1beta1"), "pass"),
        ("1.31", &[authentication], anonymous("v1beta1"), "needs the feature gate"),
        ("1.30", &[authentication], anonymous("v1beta1"), "unknown field"),
        ("1.34", &["--egress-selector-config-file=/etc/f.yaml"], egress("Cluster"), "pass"),
        ("1.34", &["--egress-selector-config-file=/etc/f.yaml"], egress("foo"), "is no connection"),
        ("1.34", &["--tracing-config-file=/etc/f.yaml"], "kind: Foo\n".into(), "is a Foo"),
        (
            "1.34",
            &["--tracing-config-file=/etc/f.yaml"],
            "apiVersion: apiserver.config.k8s.io/v1beta1\nkind: TracingConfiguration\n".into(),
            "pass",
        ),
    ];
    for (minor, flags, text, expected) in cases {
        let found = starts_with(minor, flags, &text);
        assert!(found.contains(expected), "{minor} {flags:?} {text}\n{found}");
        assert_eq!(found.contains("\"pass\""), expected == "pass", "{found}");
    }
}
