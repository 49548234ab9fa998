//! Certificates and keys below `--root`: verdicts change when a file does.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::generated::{Authority, Rsa, Wish};
use crate::program::{Outcome, plimsoll, result, status};

/// A node with the files of a new cluster.
struct Node {
    folder: tempfile::TempDir,
    authority: Authority,
}

const FLAGS: [&str; 10] = [
    "--tls-cert-file=/etc/kubernetes/pki/apiserver.crt",
    "--tls-private-key-file=/etc/kubernetes/pki/apiserver.key",
    "--client-ca-file=/etc/kubernetes/pki/ca.crt",
    "--service-account-key-file=/etc/kubernetes/pki/sa.pub",
    "--requestheader-client-ca-file=/etc/kubernetes/pki/front-proxy-ca.crt",
    "--requestheader-allowed-names=front-proxy-client",
    "--proxy-client-cert-file=/etc/kubernetes/pki/front-proxy-client.crt",
    "--proxy-client-key-file=/etc/kubernetes/pki/front-proxy-client.key",
    "--etcd-servers=https://127.0.0.1:2379",
    "--etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt",
];

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_secs()).expect("small")
}

impl Node {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("etc/kubernetes/pki/etcd")).expect("made");
        let authority = Authority::new("kubernetes", now());
        let node = Self { folder, authority };
        let front = Authority::new("front-proxy-ca", now());
        let serving = node.authority.sign(&Wish::named("kube-apiserver"));
        let proxy = front.sign(&Wish::named("front-proxy-client"));
        let tokens = node.authority.sign(&Wish::named("tokens"));
        node.write("ca.crt", node.authority.certificate());
        node.write("front-proxy-ca.crt", front.certificate());
        node.write("etcd/ca.crt", Authority::new("etcd-ca", now()).certificate());
        node.write("apiserver.crt", &serving.certificate);
        node.write("apiserver.key", &serving.key);
        node.write("front-proxy-client.crt", &proxy.certificate);
        node.write("front-proxy-client.key", &proxy.key);
        node.write("sa.pub", &tokens.public);
        node
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path().join("etc/kubernetes/pki").join(name), text).expect("written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join("etc/kubernetes/pki").join(name)).expect("read")
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn check(&self, options: &[&str]) -> Outcome {
        let root = self.path().to_str().expect("UTF-8");
        let fixed = ["check", "--benchmark", "hardening", "--root", root];
        let line = ["--", "kube-apiserver"].iter().chain(&FLAGS);
        plimsoll(fixed.iter().chain(options).chain(line))
    }

    fn report(&self) -> Value {
        self.check(&["--kubernetes-version", "1.34", "--format", "json"]).json()
    }

    fn status(&self, rule: &str) -> String {
        status(&self.report(), rule)
    }

    fn message(&self, rule: &str) -> String {
        result(&self.report(), rule)["message"].as_str().expect("a message").to_owned()
    }
}

const PASSING: [&str; 10] = [
    "serving-cert-current",
    "front-proxy-cert-current",
    "client-ca-current",
    "keys-match-certificates",
    "keys-not-shared",
    "front-proxy-cert-named",
    "front-proxy-cert-issuer",
    "etcd-ca-distinct",
    "requestheader-ca-distinct",
    "service-account-key-file",
];

#[test]
fn a_new_cluster_is_in_order_and_without_its_files_nobody_can_tell() {
    let report = Node::new().report();
    for rule in PASSING {
        assert_eq!(status(&report, rule), "pass", "{}", result(&report, rule));
    }
    assert_eq!(status(&report, "kubelet-client-cert-current"), "not-applicable");
    let evidence = &result(&report, "serving-cert-current")["evidence"][0];
    assert_eq!(evidence["origin"], "file");
    assert!(
        evidence["location"]["path"].as_str().expect("a path").ends_with("pki/apiserver.crt"),
        "{evidence}"
    );

    let options = ["check", "--benchmark", "hardening", "--kubernetes-version", "1.34"];
    let line = ["--format", "json", "--", "kube-apiserver"];
    let report = plimsoll(options.iter().chain(&line).chain(&FLAGS)).json();
    for rule in PASSING.into_iter().filter(|rule| *rule != "service-account-key-file") {
        assert_eq!(status(&report, rule), "unknown", "{}", result(&report, rule));
    }
    assert_eq!(status(&report, "service-account-key-file"), "pass");
}

#[test]
fn the_date_in_a_certificate_decides() {
    let node = Node::new();
    let serving = |from, until| {
        let wish = Wish { from, until, ..Wish::named("kube-apiserver") };
        node.write("apiserver.crt", node.authority.sign(&wish).certificate);
    };
    serving(-300, 31);
    assert_eq!(node.status("serving-cert-current"), "pass");
    serving(-300, 10);
    assert_eq!(node.status("serving-cert-current"), "fail");
    assert!(node.message("serving-cert-current").contains("CN=kube-apiserver expires on 20"));
    serving(-300, -3);
    assert!(node.message("serving-cert-current").contains("CN=kube-apiserver expired on 20"));
    serving(5, 300);
    assert!(node.message("serving-cert-current").contains("CN=kube-apiserver not valid before 20"));
    // The benchmark looks a year ahead for authorities, whatever the rule says.
    let authority = Authority::until("kubernetes", now(), 300);
    node.write("ca.crt", format!("{}{}", node.authority.certificate(), authority.certificate()));
    assert_eq!(node.status("client-ca-current"), "fail");
}

#[test]
fn a_changed_file_changes_what_was_in_order() {
    let node = Node::new();
    let other = node.authority.sign(&Wish::named("other"));
    let key = node.read("apiserver.key");
    node.write("apiserver.key", &other.key);
    assert_eq!(node.status("keys-match-certificates"), "fail");
    // The same key with other line ends, in a bundle with another.
    node.write("sa.pub", format!("{}{}", other.public, key).replace('\n', "\r\n"));
    for rule in ["keys-not-shared", "service-account-key-file"] {
        assert_eq!(node.status(rule), "fail");
        assert!(node.message(rule).contains("hold the same key"), "{}", node.message(rule));
    }
    let bundle = format!("{}{}", node.read("front-proxy-ca.crt"), node.read("ca.crt"));
    node.write("front-proxy-ca.crt", bundle);
    assert_eq!(node.status("requestheader-ca-distinct"), "fail");
    assert_eq!(node.status("etcd-ca-distinct"), "pass");
    node.write("etcd/ca.crt", node.read("ca.crt"));
    assert_eq!(node.status("etcd-ca-distinct"), "fail");
    let stranger = node.authority.sign(&Wish::named("stranger"));
    // Of the same name: without its signature nobody can tell.
    node.write("front-proxy-ca.crt", Authority::new("front-proxy-ca", now()).certificate());
    assert_eq!(node.status("front-proxy-cert-issuer"), "manual");
    node.write("front-proxy-client.crt", stranger.certificate);
    assert_eq!(node.status("front-proxy-cert-issuer"), "fail");
    assert_eq!(node.status("front-proxy-cert-named"), "fail");
    node.write("apiserver.crt", Rsa::new(1024, 1).certificate(&Wish::named("x"), now(), true));
    let message = node.message("serving-cert-current");
    assert!(message.contains("CN=x: RSA 1024, signature SHA-1 with RSA"), "{message}");
}

#[test]
fn what_cannot_be_read_is_an_error_and_never_a_verdict() {
    let node = Node::new();
    let path = node.path().join("etc/kubernetes/pki/apiserver.crt");
    let good = node.read("apiserver.crt");
    for text in
        ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n"]
    {
        node.write("apiserver.crt", text);
        assert_eq!(node.status("serving-cert-current"), "error", "{text}");
        assert_eq!(node.status("keys-match-certificates"), "error", "{text}");
    }
    fs::File::create(&path).expect("created").set_len(64 << 20).expect("grown");
    assert_eq!(node.status("serving-cert-current"), "error");
    assert!(node.message("serving-cert-current").contains("MiB"));
    fs::remove_file(&path).expect("removed");
    assert_eq!(node.status("serving-cert-current"), "error");
    assert!(node.message("serving-cert-current").contains("does not exist"));
    assert_eq!(node.check(&["--kubernetes-version", "1.34"]).status, 2);
    // Text before and behind, a chain, and the line ends of another system.
    let chain = format!("Bag Attributes\n{good}{}\n.", node.authority.certificate());
    node.write("apiserver.crt", chain.replace('\n', "\r\n"));
    assert_eq!(node.status("serving-cert-current"), "pass");
    assert_eq!(node.status("keys-match-certificates"), "pass");
}

#[test]
fn keys_and_control_characters_are_never_printed() {
    let node = Node::new();
    let pair = node.authority.sign(&Wish::named("\u{1b}[31mred\u{202e}\n"));
    node.write("apiserver.crt", &pair.certificate);
    node.write("apiserver.key", &pair.key);
    let mut keys = vec![pair.key, node.read("front-proxy-client.key")];
    // Where a key is not expected, and where it cannot be read.
    for name in ["apiserver.key", "sa.pub", "ca.crt", "apiserver.crt"] {
        let broken = keys[0].replace("EC PRIVATE", "PRIVATE").replacen("MIG", "MIH", 1);
        node.write(name, &broken);
        keys.push(broken);
        for format in ["text", "json"] {
            let outcome = node.check(&["--format", format, "-v"]);
            let printed = format!("{}{}", outcome.stdout, outcome.stderr);
            assert!(!printed.contains('\u{1b}') && !printed.contains('\u{202e}'), "{printed}");
            let secret = keys.iter().flat_map(|key| key.lines()).filter(|line| line.len() > 20);
            for line in secret.filter(|line| !line.starts_with('-')) {
                assert!(!printed.contains(&line[..20]), "{line}");
            }
        }
    }
}

/// Whether a component starts with the files of a node, and what is said if it does not.
fn starts(root: &Path, component: &str, args: &[&str]) -> (bool, String) {
    let folder = root.display().to_string();
    let options = ["flags", "--format", "json", "--root", &folder, "--kubernetes-version"];
    let version = if component == "etcd" { "3.6" } else { "1.34" };
    let line = [version, "--", component];
    let report = plimsoll(options.iter().chain(&line).chain(args)).json();
    let target = &report["targets"][0];
    let said = target["diagnostics"].as_array().expect("a list").iter();
    let errors = said.filter(|it| it["severity"] == "error").map(|it| it["message"].to_string());
    (target["starts"] == true, errors.collect::<Vec<_>>().join("\n"))
}

/// A file of each kind: how it is broken, and the flags that name it.
#[test]
fn a_certificate_a_key_or_a_token_that_cannot_be_used_keeps_a_server_from_starting() {
    let node = Node::new();
    let other = node.authority.sign(&Wish::named("other"));
    node.write("other.key", &other.key);
    let signer = node.authority.sign(&Wish::named("signer"));
    node.write("sa.key", &signer.key);
    node.write("none.pem", "");
    node.write("broken.pem", "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n");
    node.write("tokens.csv", "t,\"u,i\n");
    let serving = |key: &str| format!("--tls-private-key-file=/etc/kubernetes/pki/{key}");
    let base = [
        "--etcd-servers=https://a:1",
        "--service-account-issuer=https://k",
        "--service-account-key-file=/etc/kubernetes/pki/sa.pub",
        "--service-account-signing-key-file=/etc/kubernetes/pki/sa.key",
        "--tls-cert-file=/etc/kubernetes/pki/apiserver.crt",
        &serving("apiserver.key"),
    ];
    let with = |more: &[&str]| starts(node.path(), "kube-apiserver", &[&base, more].concat());
    assert_eq!(with(&[]), (true, String::new()));
    let pki = |flag: &str, name: &str| format!("--{flag}=/etc/kubernetes/pki/{name}");
    for (flag, name) in [
        ("tls-private-key-file", "other.key"),
        ("tls-private-key-file", "apiserver.crt"),
        ("tls-cert-file", "apiserver.key"),
        ("tls-cert-file", "broken.pem"),
        ("tls-sni-cert-key", "apiserver.crt,/etc/kubernetes/pki/other.key"),
        ("client-ca-file", "none.pem"),
        ("client-ca-file", "broken.pem"),
        ("client-ca-file", ""),
        ("requestheader-client-ca-file", "sa.pub"),
        ("kubelet-certificate-authority", "missing.crt"),
        ("etcd-cafile", "missing.crt"),
        ("service-account-key-file", "none.pem"),
        ("service-account-signing-key-file", "sa.pub"),
        ("token-auth-file", "tokens.csv"),
        ("token-auth-file", "missing.csv"),
    ] {
        let (starts, why) = with(&[&pki(flag, name)]);
        assert!(!starts && why.contains(&format!("--{flag}")), "{flag} {name}: {why}");
    }
    let oidc = ["--oidc-issuer-url=https://o", "--oidc-client-id=c"];
    let ca = pki("oidc-ca-file", "none.pem");
    assert!(!with(&[&oidc[..], &[&ca]].concat()).0);
    let etcd = [pki("etcd-certfile", "apiserver.crt"), pki("etcd-keyfile", "other.key")];
    assert!(!with(&[&etcd[0], &etcd[1]]).0);
    assert!(with(&[&pki("etcd-cafile", "none.pem")]).0, "etcd's client takes a bundle without any");
}

#[test]
fn etcd_and_the_managers_read_their_files_before_they_serve() {
    let node = Node::new();
    node.write("other.key", &node.authority.sign(&Wish::named("other")).key);
    let kubeconfig =
        "clusters: [{name: c, cluster: {server: 'https://h', certificate-authority: ca.crt}}]
users: [{name: u, user: {client-certificate: apiserver.crt, client-key: apiserver.key}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
current-context: c
";
    node.write("good.conf", kubeconfig);
    node.write("no-context.conf", kubeconfig.replace("current-context: c\n", ""));
    node.write("other-key.conf", kubeconfig.replace("apiserver.key", "other.key"));
    node.write("no-authority.conf", kubeconfig.replace("ca.crt", "none.crt"));
    let pki = |flag: &str, name: &str| format!("--{flag}=/etc/kubernetes/pki/{name}");
    for component in ["kube-controller-manager", "kube-scheduler"] {
        let starts = |args: &[String]| {
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            starts(node.path(), component, &args)
        };
        let good = pki("kubeconfig", "good.conf");
        assert_eq!(starts(std::slice::from_ref(&good)), (true, String::new()));
        for name in ["no-context.conf", "other-key.conf", "no-authority.conf", "missing.conf"] {
            assert!(!starts(&[pki("kubeconfig", name)]).0, "{component} {name}");
            let more = pki("authentication-kubeconfig", name);
            assert!(!starts(&[good.clone(), more.clone()]).0, "{component} {name}");
            let no_port = "--secure-port=0".to_owned();
            assert!(starts(&[good.clone(), more, no_port]).0, "{component} {name}");
        }
        let given = "--master=https://h".to_owned();
        assert!(starts(&[pki("kubeconfig", "no-context.conf"), given]).0, "{component}");
    }
    let etcd = |urls: &str, key: &str| {
        let urls =
            [format!("--listen-client-urls={urls}"), format!("--advertise-client-urls={urls}")];
        let files = [pki("cert-file", "apiserver.crt"), pki("key-file", key)];
        starts(node.path(), "etcd", &[&urls[0], &urls[1], &files[0], &files[1]])
    };
    assert_eq!(etcd("https://127.0.0.1:1", "apiserver.key"), (true, String::new()));
    assert!(!etcd("https://127.0.0.1:1", "other.key").0);
    assert!(etcd("http://127.0.0.1:1", "other.key").0, "nobody reads it");
}
