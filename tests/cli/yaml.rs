//! Texts that hide from a reader of YAML 1.2 what Kubernetes reads in them.

use serde_json::Value;

use crate::program::{Outcome, manifest, plimsoll, plimsoll_reading};

const IMAGE: &str = "registry.k8s.io/kube-apiserver:v1.34.2";

/// Checks a manifest on standard input.
fn check(rule: &str, text: &str) -> Outcome {
    plimsoll_reading(["check", "--only", rule, "-"], text.as_bytes())
}

/// The status of a rule of the hardening pack where a flag names this file, and what the server refuses.
fn beside(rule: &str, flag: &str, minor: &str, text: &str) -> (Value, String) {
    let root = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(root.path().join("etc")).expect("a folder");
    std::fs::write(root.path().join("etc/f.yaml"), text).expect("written");
    let argument = format!("--{flag}=/etc/f.yaml");
    let root = root.path().to_str().expect("UTF-8");
    let given =
        ["check", "--benchmark", "hardening", "--only", rule, "--kubernetes-version", minor];
    let rest = ["--format", "json", "--root", root, "--", "kube-apiserver", &argument];
    let target = plimsoll(given.into_iter().chain(rest)).json()["targets"][0].clone();
    assert_eq!(target["results"].as_array().map(Vec::len), Some(1), "{target}");
    (target["results"][0]["status"].clone(), target["diagnostics"].to_string())
}

#[test]
fn a_line_break_of_yaml_1_1_hides_no_argument_in_a_comment() {
    for c in ['\u{85}', '\u{2028}', '\u{2029}'] {
        let command = format!(
            "    command:\n    - kube-apiserver\n    - --profiling=false # ok{c}    - --profiling=true\n"
        );
        let outcome = check("profiling", &manifest(IMAGE, &command));
        assert_eq!(outcome.status, 1, "{c:?}: {}{}", outcome.stdout, outcome.stderr);
        // The line is the one that editors show.
        assert!(outcome.stdout.contains("<stdin>:11"), "{}", outcome.stdout);
    }
}

#[test]
fn a_line_break_of_yaml_1_1_hides_nothing_in_a_configuration() {
    let encryption = "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n\
                      # x\u{2028}- {resources: [secrets], providers: [{identity: {}}]}\n\
                      - resources: [secrets]\n  providers:\n  - secretbox: {keys: [{name: a, secret: \
                      MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}\n";
    let (status, _) =
        beside("encryption-provider-config", "encryption-provider-config", "1.26", encryption);
    assert_eq!(status, "fail");
    let chain = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n\
                 - {type: RBAC, name: rbac} # x\u{2029}- {type: AlwaysAllow, name: alwaysallow}\n";
    assert_eq!(beside("authz-not-always-allow", "authorization-config", "1.34", chain).0, "fail");
}

#[test]
fn base64_hides_no_argument_and_no_key() {
    for command in [
        "    command: [kube-apiserver, --profiling=false, !!binary LS1wcm9maWxpbmc9dHJ1ZQ==]\n",
        "    command: [kube-apiserver, --profiling=false]\n    !!binary Y29tbWFuZA==: [kube-apiserver, \
         --profiling=true]\n",
    ] {
        let outcome = check("profiling", &manifest(IMAGE, command));
        assert_eq!(outcome.status, 1, "{command}: {}{}", outcome.stdout, outcome.stderr);
    }
    let broken = "    command: [kube-apiserver, --profiling=false, !!binary LS1w?]\n";
    let outcome = check("profiling", &manifest(IMAGE, broken));
    assert_eq!(outcome.status, 2, "{}", outcome.stdout);
    assert!(outcome.stderr.contains("!!binary is not followed by base64"), "{}", outcome.stderr);
    let encryption = "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n\
                      - {resources: [!!binary c2VjcmV0cw==], providers: [{identity: {}}]}\n\
                      - resources: [secrets]\n  providers:\n  - secretbox: {keys: [{name: a, secret: \
                      MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}\n";
    let (status, _) =
        beside("encryption-provider-config", "encryption-provider-config", "1.26", encryption);
    assert_eq!(status, "fail");
}

#[test]
fn a_field_that_is_set_twice_is_refused_where_decoding_is_strict() {
    let kind = |kind: &str| format!("apiVersion: apiserver.config.k8s.io/v1\nkind: {kind}\n");
    let cases = [
        (
            "anonymous-access",
            "authentication-config",
            kind("AuthenticationConfiguration")
                + "anonymous: {enabled: true}\nanonymous: {enabled: false}\n",
        ),
        (
            "authz-not-always-allow",
            "authorization-config",
            kind("AuthorizationConfiguration")
                + "authorizers: [{type: AlwaysAllow, name: alwaysallow}]\n\
                   authorizers: [{type: RBAC, name: rbac}]\n",
        ),
        (
            "authz-not-always-allow",
            "authorization-config",
            kind("AuthorizationConfiguration")
                + "authorizers:\n- type: Node\n  !!binary dHlwZQ==: RBAC\n  name: rbac\n",
        ),
        (
            "encryption-provider-config",
            "encryption-provider-config",
            kind("EncryptionConfiguration")
                + "resources: []\nresources:\n- resources: [secrets]\n  providers:\n  - kms: {apiVersion: v2, \
                   name: k, endpoint: unix:///s}\n",
        ),
        (
            "event-rate-limit",
            "admission-control-config-file",
            kind("AdmissionConfiguration") + "plugins: []\nplugins: []\n",
        ),
    ];
    for (rule, flag, text) in cases {
        let (status, refused) = beside(rule, flag, "1.34", &text);
        assert_ne!(status, "pass", "{text}");
        assert!(refused.contains("is set twice"), "{text}: {refused}");
    }
}

#[test]
fn a_prefix_that_begins_like_the_clusters_own_names_keeps_nothing_apart() {
    for (prefix, status) in [("system:", 1), ("s", 1), ("system:x:", 1), ("-", 1), ("oidc:", 0)] {
        let prefix = format!("--oidc-username-prefix={prefix}");
        let outcome = plimsoll([
            "check",
            "--benchmark",
            "hardening",
            "--only",
            "authn-jwt-config",
            "--",
            "kube-apiserver",
            "--oidc-issuer-url=https://i",
            "--oidc-client-id=c",
            &prefix,
        ]);
        assert_eq!(outcome.status, status, "{prefix}: {}", outcome.stdout);
    }
}
