//! What every kind of file must survive: nothing, garbage, bombs, other kinds.

use super::admission::AdmissionConfiguration;
use super::audit_policy::AuditPolicy;
use super::authentication::AuthenticationConfiguration;
use super::authorization::AuthorizationConfiguration;
use super::encryption::EncryptionConfiguration;
use super::tests::bomb;
use super::{egress, kubeconfig};
use crate::source::NamedBytes;
use crate::version::Minor;

const MINOR: Minor = Minor { major: 1, minor: 34 };

type Decode = fn(&NamedBytes) -> Result<(), super::Problem>;

const KINDS: [(&str, Decode); 7] = [
    ("admission", |file| AdmissionConfiguration::read(file, MINOR, "/a").map(|_| ())),
    ("audit", |file| AuditPolicy::read(file, MINOR).map(|_| ())),
    ("authentication", |file| AuthenticationConfiguration::read(file, MINOR).map(|_| ())),
    ("authorization", |file| AuthorizationConfiguration::read(file, MINOR).map(|_| ())),
    ("encryption", |file| EncryptionConfiguration::read(file, MINOR).map(|_| ())),
    ("egress", |file| egress::unprotected(file, MINOR).map(|_| ())),
    ("kubeconfig", |file| kubeconfig::unprotected(file).map(|_| ())),
];

#[test]
fn no_kind_takes_what_is_none_and_none_ends_the_run() {
    let deep = format!("a: {}", "[".repeat(5000));
    let texts: [(&str, Vec<u8>); 10] = [
        ("nothing", Vec::new()),
        ("blanks", b" \n\n".to_vec()),
        ("a list", b"- 1\n".to_vec()),
        ("a word", b"identity\n".to_vec()),
        ("bytes", vec![0xff, 0xfe, 0, 1]),
        ("NUL", b"kind: \0\n".to_vec()),
        ("a bomb", bomb().into_bytes()),
        ("depth", deep.into_bytes()),
        ("another kind", b"apiVersion: v1\nkind: Pod\n".to_vec()),
        ("a version of the future", b"apiVersion: v99\nkind: EncryptionConfiguration\n".to_vec()),
    ];
    for (kind, decode) in KINDS {
        for (what, bytes) in &texts {
            let file = NamedBytes { name: "/f".into(), bytes: bytes.clone() };
            let problem = decode(&file).expect_err(&format!("{kind}: {what}"));
            assert!(!problem.message.is_empty(), "{kind}: {what}");
        }
    }
}

/// Every prefix of a valid file, and every file with one byte changed, is an answer or a problem.
#[test]
fn a_broken_file_of_any_kind_ends_no_run() {
    const FILE: &str = "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n\
                        resources:\n- resources: [secrets]\n  providers:\n  - identity: {}\n";
    for (_, decode) in KINDS {
        for end in 0..FILE.len() {
            let bytes = FILE.as_bytes().get(..end).unwrap_or_default().to_vec();
            let _ = decode(&NamedBytes { name: "/f".into(), bytes });
            for byte in [b'[', b'&', b'"', 0x80] {
                let mut bytes = FILE.as_bytes().to_vec();
                bytes[end] = byte;
                let _ = decode(&NamedBytes { name: "/f".into(), bytes });
            }
        }
    }
}
