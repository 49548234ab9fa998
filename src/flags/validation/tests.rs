//! What is refused, and what becomes of the flag: on command lines of real size.

#![allow(clippy::disallowed_methods, reason = "a test reads the sources of the checks")]

use super::super::catalog::Catalog;
use super::super::{Effective, Flags};
use crate::command_line::CommandLine;
use crate::component::Component;

/// A command line that every release since 1.20 takes.
const BASE: [&str; 9] = [
    "--authorization-mode=Node,RBAC",
    "--etcd-servers=https://127.0.0.1:2379",
    "--service-account-issuer=https://k",
    "--service-account-key-file=a",
    "--service-account-signing-key-file=b",
    "--service-cluster-ip-range=10.96.0.0/12",
    "--tls-cert-file=c",
    "--tls-private-key-file=d",
    "--client-ca-file=e",
];

pub(super) fn read(component: Component, minor: &str, args: &[&str]) -> Flags {
    let line = CommandLine::given(component, args.iter().map(ToString::to_string));
    Flags::read(&line, minor.parse().expect("a minor"))
}

/// kube-apiserver with arguments that replace those of the base.
pub(super) fn apiserver(minor: &str, args: &[&str]) -> Flags {
    let name = |arg: &str| arg.split('=').next().unwrap_or_default().to_owned();
    let kept = BASE.iter().filter(|known| !args.iter().any(|arg| name(arg) == name(known)));
    let all: Vec<&str> = kept.chain(args).copied().collect();
    read(Component::KubeApiserver, minor, &all)
}

pub(super) fn codes(flags: &Flags) -> Vec<&'static str> {
    flags.diagnostics.iter().filter(|d| d.refuses()).map(|d| d.code.name()).collect()
}

#[test]
fn the_base_is_taken_by_every_release_with_its_flags() {
    for minor in 20..=36 {
        let flags = apiserver(&format!("1.{minor}"), &[]);
        assert!(flags.starts(), "1.{minor}: {:?}", flags.diagnostics);
    }
}

#[test]
fn a_flag_that_is_refused_is_broken_and_says_why() {
    for (minor, args, flag, why) in [
        (
            "1.34",
            &["--tls-cipher-suites=TLS_AES_128_GCM_SHA256"][..],
            "tls-cipher-suites",
            "HTTP/2 needs",
        ),
        (
            "1.34",
            &["--tls-min-version=VersionTLS13", "--tls-cipher-suites=NOPE"],
            "tls-cipher-suites",
            "\"NOPE\" is not a cipher suite",
        ),
        ("1.34", &["--secure-port=0"], "secure-port", "0 must lie between"),
        ("1.34", &["--request-timeout=-1s"], "request-timeout", "must not be less than 0"),
        ("1.20", &["--insecure-port=8080"], "insecure-port", "8080 must be 0"),
        (
            "1.34",
            &["--authorization-config=/x", "--authorization-mode=RBAC"],
            "authorization-config",
            "excludes --authorization-mode",
        ),
        (
            "1.34",
            &["--admission-control=A", "--enable-admission-plugins=B"],
            "admission-control",
            "excludes --enable-admission-plugins",
        ),
        ("1.34", &["--peer-ca-file=/x"], "peer-ca-file", "needs the feature gate"),
    ] {
        let flags = apiserver(minor, args);
        assert!(!flags.starts(), "{minor} {args:?}");
        let Effective::Broken { why: told, .. } = flags.effective(flag) else {
            panic!("{minor} {args:?}: {:?}", flags.effective(flag));
        };
        assert!(told.starts_with(why), "{told}");
    }
}

#[test]
fn a_flag_beside_which_another_is_missing_keeps_its_value() {
    let flags = apiserver("1.34", &["--authorization-mode=ABAC"]);
    assert_eq!(codes(&flags), ["missing-flag"]);
    assert!(matches!(flags.effective("authorization-mode"), Effective::Set { .. }));
}

#[test]
fn integers_of_go_1_13_are_read_from_1_16_on() {
    for (minor, text, starts) in [
        ("1.15", "0o36", false),
        ("1.15", "0b11", false),
        ("1.15", "1_000", false),
        ("1.15", "036", true),
        ("1.15", "0x1e", true),
        ("1.17", "0o36", true),
        ("1.17", "0b11", true),
        ("1.17", "1_000", true),
    ] {
        let flags = read(Component::KubeApiserver, minor, &[&format!("--audit-log-maxage={text}")]);
        let bad = codes(&flags).contains(&"bad-value");
        assert_eq!(!bad, starts, "{minor} {text}");
    }
    let etcd = |minor| read(Component::Etcd, minor, &["--snapshot-count=1_000"]);
    assert_eq!(codes(&etcd("3.3")), ["bad-value"]);
    assert!(etcd("3.5").starts());
}

#[test]
fn the_older_name_of_a_flag_stands_for_it_where_it_is_the_only_one() {
    let value = |minor: &str, args: &[&str]| {
        let flags = read(Component::KubeApiserver, minor, args);
        flags.value("encryption-provider-config").map(ToString::to_string)
    };
    let old = ["--experimental-encryption-provider-config=/e"];
    assert_eq!(value("1.12", &old).as_deref(), Some("/e"));
    assert_eq!(value("1.12", &[]).as_deref(), Some(""));
    assert_eq!(value("1.13", &old).as_deref(), Some("/e"));
    assert_eq!(value("1.6", &[]), None);
    let older = read(Component::KubeApiserver, "1.12", &[]);
    let shown = older.value("experimental-encryption-provider-config");
    assert_eq!(shown.map(ToString::to_string).as_deref(), Some(""));
    assert_eq!(value("1.12", &["--encryption-provider-config=/e"]).as_deref(), Some(""));
}

/// Words of values and codes that are also names of flags, or nearly.
const OTHER_WORDS: [&str; 1] = ["debug"];

/// The sources of this module without their tests.
fn sources() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/flags/validation");
    let entries = |folder: &std::path::Path| {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries.map(|entry| entry.expect("an entry").path()).collect::<Vec<_>>()
    };
    let files = entries(&folder).into_iter().chain(entries(&folder.join("etcd")));
    let files = files.filter(|file| file.is_file() && !file.ends_with("tests.rs"));
    let body = |file: std::path::PathBuf| {
        let text = std::fs::read_to_string(&file).expect("a source");
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        (file.display().to_string(), code.to_owned())
    };
    files.map(body).collect()
}

#[test]
fn every_flag_that_a_check_names_is_looked_up_by_the_compiler() {
    let literal = regex_lite::Regex::new(r#"(flag_name!\(\s*)?"([a-z0-9]+(-[a-z0-9]+)*)""#);
    let literal = literal.expect("a pattern");
    let names: Vec<&str> =
        Component::ALL.iter().flat_map(|c| Catalog::of(*c).flags.iter().map(|s| s.name)).collect();
    let mut looked_up = 0;
    for (file, code) in sources() {
        for found in literal.captures_iter(&code) {
            if found.get(1).is_some() {
                looked_up += 1;
                continue;
            }
            let word = &found[2];
            let near = |name: &&&str| {
                **name == word || (word.len() > 10 && strsim::levenshtein(name, word) <= 2)
            };
            let flag = names.iter().find(near).filter(|_| !OTHER_WORDS.contains(&word));
            assert_eq!(flag, None, "{file}: write flag_name!({word:?})");
        }
    }
    assert!(looked_up > 150, "{looked_up}");
}
