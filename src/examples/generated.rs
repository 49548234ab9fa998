//! Examples that no rule can bring along: certificates end, and keys are kept secret. They are made
//! anew for every run of the tests.

use std::collections::BTreeMap;

use rcgen::{KeyPair, PKCS_ED25519};

use crate::config_files::pki::generated::{self, Authority, NOW, Rsa, Wish, pem, sec1};
use crate::result::Status;
use crate::rule::Example;

/// The files that the lines below name, by path.
fn files() -> BTreeMap<String, String> {
    let cluster = Authority::new("kubernetes", NOW);
    let front = Authority::new("front-proxy-ca", NOW);
    let (etcd, soon) = (Authority::new("etcd-ca", NOW), Authority::until("soon-ca", NOW, 10));
    let between = front.below("between");
    let weak = Rsa::new(1024, 1);
    let pair = |name: &str| cluster.sign(&Wish::named(name));
    let (good, other, proxy) = (pair("good"), pair("other"), front.sign(&Wish::named("proxy")));
    let chained = between.sign(&Wish::named("proxy"));
    let rsa = Rsa::new(2048, 2);
    let of_rsa = cluster.sign_rsa(&Wish::named("rsa"), &rsa);
    let lasting = |from, until| Wish { from, until, ..Wish::named("x") };
    let hidden = KeyPair::generate().expect("a key");
    let hidden_key = sec1(&hidden, false);
    let hidden = cluster.sign_with(&Wish::named("hidden"), &hidden);
    let masters = Wish { organisations: &["system:masters"], ..Wish::named("kubelet-client") };
    let nodes = Wish { organisations: &["system:nodes"], ..Wish::named("kubelet-client") };
    let ed25519 = KeyPair::generate_for(&PKCS_ED25519).expect("a key");
    let ed25519 = cluster.sign_with(&Wish::named("ed"), &ed25519);
    // Another certificate for the same key, as a CA has whose term was extended.
    let (term, extended) = generated::twice("front-proxy-ca", NOW);
    let files = [
        ("/ca.crt", cluster.certificate()),
        ("/front.crt", front.certificate()),
        ("/etcd.crt", etcd.certificate()),
        ("/both.crt", format!("{}{}", etcd.certificate(), cluster.certificate())),
        ("/soon-ca.crt", format!("{}{}", cluster.certificate(), soon.certificate())),
        ("/weak-ca.crt", weak.certificate(&Wish::named("weak"), NOW, false)),
        ("/term.crt", term),
        ("/extended.crt", extended),
        ("/good.crt", good.certificate.clone()),
        ("/good.key", good.key.clone()),
        ("/good.pub", good.public.clone()),
        ("/copy.crt", format!("subject=good\r\n{}", good.certificate.replace('\n', "\r\n"))),
        ("/all.pem", format!("{}{}", good.key, good.certificate)),
        ("/other.crt", other.certificate),
        ("/other.key", other.key),
        ("/other.pub", other.public),
        ("/two.pub", format!("{}{}", of_rsa.public, good.public)),
        ("/proxy.crt", proxy.certificate.clone()),
        ("/proxy.key", proxy.key),
        ("/chain.crt", format!("{}{}", chained.certificate, between.certificate())),
        ("/chainless.crt", chained.certificate),
        ("/rsa.crt", of_rsa.certificate),
        ("/rsa.key", rsa.pkcs1()),
        ("/rsa8.key", rsa.pkcs8()),
        ("/expired.crt", cluster.sign(&lasting(-30, -1)).certificate),
        ("/soon.crt", cluster.sign(&lasting(-30, 10)).certificate),
        ("/month.crt", cluster.sign(&lasting(-30, 30)).certificate),
        ("/later.crt", cluster.sign(&lasting(1, 365)).certificate),
        ("/weak.crt", cluster.sign_rsa(&Wish::named("weak"), &weak).certificate),
        ("/sha1.crt", rsa.certificate(&Wish::named("sha1"), NOW, true)),
        ("/ed25519.crt", ed25519.certificate),
        ("/ed25519.key", ed25519.key),
        ("/masters.crt", cluster.sign(&masters).certificate),
        ("/nodes.crt", cluster.sign(&nodes).certificate),
        ("/hidden.crt", hidden.certificate),
        ("/hidden.key", hidden_key),
        ("/empty", String::new()),
        ("/garbage.crt", pem("CERTIFICATE", b"no certificate")),
    ];
    files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect()
}

/// Rules with what their examples must get.
pub(super) fn examples() -> Vec<(&'static str, Example)> {
    let files = files();
    let mut examples = Vec::new();
    let mut add = |rule: &'static str, status: Status, line: String| {
        let example = Example {
            line,
            minor: None,
            files: files.clone(),
            environment: None,
            written: None,
            status,
        };
        examples.push((rule, example));
    };
    for (rule, flag) in [
        ("serving-cert-current", "tls-cert-file"),
        ("kubelet-client-cert-current", "kubelet-client-certificate"),
        ("etcd-client-cert-current", "etcd-certfile"),
        ("front-proxy-cert-current", "proxy-client-cert-file"),
        ("etcd-cert-current", "cert-file"),
        ("etcd-peer-cert-current", "peer-cert-file"),
        ("kubelet-serving-cert-current", "tls-cert-file"),
    ] {
        let good =
            ["good", "copy", "chain", "rsa", "ed25519", "month"].map(|name| (Status::Pass, name));
        let bad = ["soon", "expired", "later", "weak", "sha1"].map(|name| (Status::Fail, name));
        for (status, name) in good.into_iter().chain(bad).chain([(Status::Error, "garbage")]) {
            add(rule, status, format!("--{flag}=/{name}.crt"));
        }
        add(rule, Status::Error, format!("--{flag}=/empty"));
        add(rule, Status::Unknown, format!("--{flag}=/not-here.crt"));
    }
    for line in LINES.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut words = line.splitn(3, ' ');
        let (Some(rule), Some(status), Some(line)) = (words.next(), words.next(), words.next())
        else {
            panic!("{line}");
        };
        let status = Status::ALL.into_iter().find(|known| known.name() == status).expect(line);
        add(rule, status, line.to_owned());
    }
    examples
}

/// Rule, status and command line.
const LINES: &str = "
client-ca-current pass --client-ca-file=/both.crt
client-ca-current fail --client-ca-file=/soon-ca.crt
client-ca-current fail --client-ca-file=/weak-ca.crt
client-ca-current error --client-ca-file=/good.key

keys-match-certificates pass --tls-cert-file=/good.crt --tls-private-key-file=/good.key
keys-match-certificates pass --tls-cert-file=/all.pem --tls-private-key-file=/all.pem
keys-match-certificates pass --kubelet-client-certificate=/rsa.crt --kubelet-client-key=/rsa.key
keys-match-certificates pass --etcd-certfile=/rsa.crt --etcd-keyfile=/rsa8.key
keys-match-certificates pass --proxy-client-cert-file=/ed25519.crt --proxy-client-key-file=/ed25519.key
keys-match-certificates fail --tls-cert-file=/good.crt --tls-private-key-file=/other.key
keys-match-certificates fail --kubelet-client-certificate=/good.crt --kubelet-client-key=/rsa.key
keys-match-certificates fail --etcd-certfile=/good.crt --etcd-keyfile=/other.key
keys-match-certificates fail --proxy-client-cert-file=/good.crt --proxy-client-key-file=/ed25519.key
keys-match-certificates manual --tls-cert-file=/hidden.crt --tls-private-key-file=/hidden.key
keys-match-certificates error --tls-cert-file=/good.crt --tls-private-key-file=/good.crt
keys-match-certificates error --tls-cert-file=/garbage.crt --tls-private-key-file=/good.key

etcd-keys-match-certificates pass --cert-file=/good.crt --key-file=/good.key
etcd-keys-match-certificates pass --peer-cert-file=/good.crt --peer-key-file=/good.key
etcd-keys-match-certificates fail --cert-file=/good.crt --key-file=/other.key
etcd-keys-match-certificates fail --peer-cert-file=/good.crt --peer-key-file=/other.key
kubelet-key-matches-cert pass --tls-cert-file=/good.crt --tls-private-key-file=/good.key
kubelet-key-matches-cert fail --tls-cert-file=/good.crt --tls-private-key-file=/other.key

keys-not-shared pass --tls-cert-file=/good.crt --etcd-certfile=/other.crt --proxy-client-cert-file=/rsa.crt
keys-not-shared fail --tls-cert-file=/good.crt --etcd-certfile=/copy.crt
keys-not-shared fail --tls-cert-file=/good.crt --etcd-certfile=/other.crt --service-account-key-file=/two.pub
keys-not-shared pass --tls-cert-file=/good.crt --service-account-key-file=/other.pub
keys-not-shared fail --tls-cert-file=/good.crt --service-account-key-file=/good.key
keys-not-shared manual --tls-cert-file=/good.crt --service-account-key-file=/hidden.key
keys-not-shared error --tls-cert-file=/good.crt --service-account-key-file=/empty

service-account-key-file pass --tls-private-key-file=/k --tls-cert-file=/good.crt --service-account-key-file=/other.pub
service-account-key-file fail --tls-private-key-file=/k --tls-cert-file=/good.crt --service-account-key-file=/good.pub
service-account-key-file fail --tls-cert-file=/good.crt --service-account-key-file=/other.pub --service-account-key-file=/two.pub
service-account-key-file fail --tls-cert-file=/good.crt --service-account-key-file=/copy.crt
service-account-key-file pass --tls-cert-file=/good.crt --service-account-key-file=/not-here.pub
service-account-key-file error --tls-cert-file=/good.crt --service-account-key-file=/empty

front-proxy-cert-named pass --requestheader-client-ca-file=/c --proxy-client-cert-file=/proxy.crt --requestheader-allowed-names=a,proxy
front-proxy-cert-named pass --requestheader-client-ca-file=/c --proxy-client-cert-file=/proxy.crt
front-proxy-cert-named fail --requestheader-client-ca-file=/c --proxy-client-cert-file=/good.crt --requestheader-allowed-names=a,proxy
front-proxy-cert-issuer pass --requestheader-client-ca-file=/front.crt --proxy-client-cert-file=/proxy.crt
front-proxy-cert-issuer pass --requestheader-client-ca-file=/front.crt --proxy-client-cert-file=/chain.crt
front-proxy-cert-issuer fail --requestheader-client-ca-file=/front.crt --proxy-client-cert-file=/chainless.crt
front-proxy-cert-issuer fail --requestheader-client-ca-file=/front.crt --proxy-client-cert-file=/good.crt
front-proxy-cert-issuer error --requestheader-client-ca-file=/empty --proxy-client-cert-file=/good.crt

etcd-ca-distinct pass --etcd-cafile=/etcd.crt --client-ca-file=/ca.crt --requestheader-client-ca-file=/front.crt
etcd-ca-distinct fail --etcd-cafile=/both.crt --client-ca-file=/ca.crt --requestheader-client-ca-file=/front.crt
etcd-ca-distinct fail --etcd-cafile=/extended.crt --client-ca-file=/ca.crt --requestheader-client-ca-file=/term.crt
requestheader-ca-distinct pass --requestheader-client-ca-file=/front.crt --client-ca-file=/both.crt
requestheader-ca-distinct fail --requestheader-client-ca-file=/ca.crt --client-ca-file=/both.crt
requestheader-ca-distinct fail --requestheader-client-ca-file=/term.crt --client-ca-file=/extended.crt
requestheader-ca-distinct error --requestheader-client-ca-file=/front.crt --client-ca-file=/garbage.crt

kubelet-client-cert-group pass --kubelet-client-certificate=/nodes.crt
kubelet-client-cert-group fail --kubelet-client-certificate=/masters.crt
";
