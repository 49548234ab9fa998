//! What the server refuses in a file that its flags name is refused for every rule, and keeps it from starting.

use std::path::Path;

use serde_json::Value;

use crate::files::{write, write_token_keys};
use crate::live::Proc;
use crate::program::{plimsoll, result, status};

/// What a server of 1.31 and later needs to start.
const BASE: [&str; 5] = [
    "kube-apiserver",
    "--etcd-servers=https://127.0.0.1:2379",
    "--service-account-issuer=https://kubernetes.default.svc",
    "--service-account-key-file=/pki/sa.pub",
    "--service-account-signing-key-file=/pki/sa.key",
];

const KUBECONFIG: &str = "clusters: [{name: a, cluster: {server: 'https://a'}}]
contexts: [{name: a, context: {cluster: a}}]
current-context: a
";

const AUTHENTICATION: &str = "apiVersion: apiserver.config.k8s.io/v1beta1
kind: AuthenticationConfiguration
jwt:
- issuer: {url: 'https://id.example', audiences: [k8s]}
  claimMappings:
    username: {claim: sub, prefix: 'oidc:'}
    groups: {claim: groups, prefix: 'oidc:'}
anonymous: {enabled: false}
";

/// The report on a server of a minor with these flags, whose files are below a folder.
fn below(root: &Path, minor: &str, args: &[&str]) -> Value {
    write_token_keys(root, "pki/sa.pub", "pki/sa.key");
    let folder = root.display().to_string();
    let options = ["check", "--format=json", "--benchmark=hardening", "--root", &folder];
    let version = ["--kubernetes-version", minor, "--"];
    plimsoll(options.iter().chain(&version).chain(&BASE).chain(args)).json()
}

/// The report on a server with an admission configuration that says this of a plugin.
fn with_plugin(name: &str, configuration: &str, args: &[&str]) -> Value {
    let root = tempfile::tempdir().expect("a folder");
    let config = format!(
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\n\
         plugins:\n- name: {name}\n  {configuration}\n"
    );
    write(root.path(), "etc/a.yaml", &config);
    write(root.path(), "etc/k.yaml", KUBECONFIG);
    let config = ["--admission-control-config-file=/etc/a.yaml"];
    below(root.path(), "1.34", &[&config, args].concat())
}

#[test]
fn a_refused_authentication_configuration_is_an_error_for_every_rule_that_rests_on_it() {
    let root = tempfile::tempdir().expect("a folder");
    write(root.path(), "etc/a.yaml", AUTHENTICATION);
    let flag = "--authentication-config=/etc/a.yaml";
    let rules = ["anonymous-access", "authn-jwt-config"];
    // The gate of the section is off in 1.31 and on in 1.32.
    let report = below(root.path(), "1.31", &[flag]);
    assert_eq!(rules.map(|rule| status(&report, rule)), ["error", "error"]);
    assert_eq!(status(&report, "server-starts"), "fail");
    let report = below(root.path(), "1.32", &[flag]);
    assert_eq!(rules.map(|rule| status(&report, rule)), ["pass", "pass"]);
    assert_eq!(status(&report, "server-starts"), "pass");
    let gate = "--feature-gates=AnonymousAuthConfigurableEndpoints=true";
    let report = below(root.path(), "1.31", &[flag, gate]);
    assert_eq!(rules.map(|rule| status(&report, rule)), ["pass", "pass"]);
}

#[test]
fn the_files_of_a_process_are_refused_for_every_rule() {
    let table = Proc::new();
    let line = [&BASE[..], &["--authentication-config=/etc/a.yaml", ""]].concat().join("\0");
    table.add(9, 1, 0, Some("/kube-apiserver"), line.as_bytes());
    write(&table.folder(9), "root/etc/a.yaml", AUTHENTICATION);
    let proc = table.path();
    let options = ["check", "--format=json", "--benchmark=hardening", "--proc", &proc];
    let version = ["--component=kube-apiserver", "--kubernetes-version=1.31"];
    let report = plimsoll(options.iter().chain(&version)).json();
    assert_eq!(status(&report, "authn-jwt-config"), "error");
    assert_eq!(status(&report, "server-starts"), "fail");
}

const POD_SECURITY: &str = "configuration: {apiVersion: pod-security.admission.config.k8s.io/v1, \
                            kind: PodSecurityConfiguration, defaults: {enforce: LEVEL}}";
const LIMITS: &str = "configuration: {apiVersion: eventratelimit.admission.k8s.io/v1alpha1, \
                      kind: Configuration, limits: [{type: TYPE, qps: 1, burst: 1}]}";
const IMAGES: &str = "configuration: {imagePolicy: {kubeConfigFile: FILE}}";

#[test]
fn a_refused_configuration_of_a_plugin_keeps_the_server_from_starting() {
    let enable = |name: &str| format!("--enable-admission-plugins={name}");
    for (name, rule, configuration, starts) in [
        (
            "PodSecurity",
            "pod-security-admission-config",
            POD_SECURITY.replace("LEVEL", "baseline"),
            true,
        ),
        (
            "PodSecurity",
            "pod-security-admission-config",
            POD_SECURITY.replace("LEVEL", "baselin"),
            false,
        ),
        ("EventRateLimit", "event-rate-limit", LIMITS.replace("TYPE", "Server"), true),
        ("EventRateLimit", "event-rate-limit", LIMITS.replace("TYPE", "Everybody"), false),
        ("EventRateLimit", "event-rate-limit", "path: missing.yaml".to_owned(), false),
        (
            "ImagePolicyWebhook",
            "image-policy-fails-closed",
            IMAGES.replace("FILE", "/etc/k.yaml"),
            true,
        ),
        ("ImagePolicyWebhook", "image-policy-fails-closed", IMAGES.replace("FILE", "''"), false),
        ("ImagePolicyWebhook", "image-policy-fails-closed", "path: missing.yaml".to_owned(), false),
    ] {
        let report = with_plugin(name, &configuration, &[&enable(name)]);
        let found = [status(&report, "server-starts"), status(&report, rule)];
        let expected = if starts { ["pass", "pass"] } else { ["fail", "error"] };
        assert_eq!(found, expected, "{configuration}");
    }
    // The kubeconfig behind it is read as well.
    let images = IMAGES.replace("FILE", "/etc/a.yaml");
    let report = with_plugin("ImagePolicyWebhook", &images, &[&enable("ImagePolicyWebhook")]);
    assert_eq!(status(&report, "server-starts"), "fail");
    // One that needs a configuration and has none, and one that does not run.
    let limits = LIMITS.replace("TYPE", "Everybody");
    let report = with_plugin("Other", &limits, &[&enable("EventRateLimit")]);
    assert_eq!(status(&report, "server-starts"), "fail");
    let report = with_plugin("EventRateLimit", &limits, &[]);
    assert_eq!(status(&report, "server-starts"), "pass");
}

#[test]
fn every_kind_of_file_that_a_flag_names_is_read_before_the_server_starts() {
    let root = tempfile::tempdir().expect("a folder");
    write(root.path(), "etc/bad", "clusters: [\n");
    let webhook = ["--authorization-mode=Webhook", "--authorization-webhook-config-file=/etc/bad"];
    let abac = ["--authorization-mode=ABAC", "--authorization-policy-file=/etc/bad"];
    for args in [
        &["--authentication-config=/etc/bad"][..],
        &["--authorization-config=/etc/bad"],
        &["--encryption-provider-config=/etc/bad"],
        &["--audit-policy-file=/etc/bad", "--audit-log-path=/a"],
        &["--admission-control-config-file=/etc/bad"],
        &["--egress-selector-config-file=/etc/bad"],
        &["--tracing-config-file=/etc/bad"],
        &["--authentication-token-webhook-config-file=/etc/bad"],
        &["--audit-webhook-config-file=/etc/bad", "--audit-policy-file=/etc/p"],
        &webhook,
        &abac,
    ] {
        let policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n";
        write(root.path(), "etc/p", policy);
        let refused = |args: &[&str]| {
            let report = below(root.path(), "1.34", args);
            let starts = result(&report, "server-starts");
            let message = starts["message"].as_str().expect("a message");
            let names = |arg: &&str| arg.split('=').next().is_some_and(|it| message.contains(it));
            starts["status"] == "fail" && args.iter().any(names)
        };
        assert!(refused(args), "{args:?}");
        // Where the file could be seen and is not there the server does not start either.
        let missing: Vec<String> =
            args.iter().map(|arg| arg.replace("/etc/bad", "/etc/missing")).collect();
        let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
        assert!(refused(&missing), "{missing:?}");
        // Without the files nothing is said of them.
        let options = ["check", "--format=json", "--benchmark=hardening"];
        let version = ["--kubernetes-version=1.34", "--"];
        let report = plimsoll(options.iter().chain(&version).chain(&BASE).chain(args)).json();
        assert_eq!(status(&report, "server-starts"), "pass", "{args:?}");
    }
}

/// What is weak in a file must not hide what is refused behind it.
#[test]
fn what_is_behind_the_first_weakness_is_refused_too() {
    let root = tempfile::tempdir().expect("a folder");
    let weak = "{name: a, cluster: {server: 'http://a'}}";
    write(root.path(), "etc/k", &format!("clusters: [{weak}, {{name: b, cluster: {{}}}}]\n"));
    let flag = "--authentication-token-webhook-config-file=/etc/k";
    let report = below(root.path(), "1.34", &[flag]);
    assert_eq!(status(&report, "server-starts"), "fail");
    let open = r#"{"kind": "Policy", "spec": {"user": "*", "resource": "*", "namespace": "*"}}"#;
    write(root.path(), "etc/p", &format!("{open}\nnonsense [\n"));
    let abac = ["--authorization-mode=ABAC", "--authorization-policy-file=/etc/p"];
    let report = below(root.path(), "1.34", &abac);
    assert_eq!(status(&report, "server-starts"), "fail");
}

/// k3s writes this file before it starts the server.
#[test]
fn a_file_that_a_distribution_writes_itself_need_not_be_there_yet() {
    let root = tempfile::tempdir().expect("a folder");
    write(
        root.path(),
        "etc/rancher/k3s/config.yaml",
        "disable: [traefik]\nsecrets-encryption: true\n",
    );
    let folder = root.path().display().to_string();
    let config = root.path().join("etc/rancher/k3s/config.yaml").display().to_string();
    let options = ["check", "--format=json", "--benchmark=hardening", "--root", &folder];
    let version = ["--kubernetes-version=1.34", "--component=kube-apiserver", &config];
    let report = plimsoll(options.iter().chain(&version)).json();
    assert_eq!(result(&report, "encryption-provider-config")["status"], "error");
    assert_eq!(status(&report, "server-starts"), "pass");
}

#[test]
fn a_match_condition_that_cannot_be_judged_is_no_start_that_is_sure() {
    let starts = |expression: &str| {
        let root = tempfile::tempdir().expect("a folder");
        let config = format!(
            "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n\
             - type: Webhook\n  name: w\n  webhook:\n    timeout: 3s\n    authorizedTTL: 5m\n    \
             unauthorizedTTL: 30s\n    subjectAccessReviewVersion: v1\n    \
             matchConditionSubjectAccessReviewVersion: v1\n    failurePolicy: Deny\n    \
             connectionInfo: {{type: KubeConfigFile, kubeConfigFile: /etc/k.yaml}}\n    \
             matchConditions: [{{expression: \"{expression}\"}}]\n"
        );
        write(root.path(), "etc/z.yaml", &config);
        write(root.path(), "etc/k.yaml", KUBECONFIG);
        let report = below(root.path(), "1.34", &["--authorization-config=/etc/z.yaml"]);
        status(&report, "server-starts")
    };
    assert_eq!(starts("has(request.resourceAttributes)"), "pass");
    assert_eq!(starts("request.user.matches('a')"), "unknown");
}
