//! What every kind of file must survive: nothing, garbage, bombs, other kinds.

use super::admission::AdmissionConfiguration;
use super::audit_policy::AuditPolicy;
use super::authentication::AuthenticationConfiguration;
use super::authorization::AuthorizationConfiguration;
use super::encryption::EncryptionConfiguration;
use super::tests::bomb;
use super::{egress, kubeconfig};
use crate::source::{Files, NamedBytes};
use crate::version::Minor;

const MINOR: Minor = Minor { major: 1, minor: 34 };

type Decode = fn(&NamedBytes) -> Result<(), super::Problem>;

struct Kind {
    name: &'static str,
    decode: Decode,
    /// A file of this kind that the server takes.
    valid: &'static str,
}

const KINDS: [Kind; 7] = [
    Kind {
        name: "admission",
        decode: |file| AdmissionConfiguration::read(file, MINOR, "/a").map(|_| ()),
        valid: "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\n\
                plugins:\n- name: EventRateLimit\n  path: limits.yaml\n",
    },
    Kind {
        name: "audit",
        decode: |file| AuditPolicy::read(file, MINOR).map(|_| ()),
        valid: "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\n\
                rules:\n- level: Metadata\n  resources: [{group: '', resources: [secrets]}]\n",
    },
    Kind {
        name: "authentication",
        decode: |file| AuthenticationConfiguration::read(file, MINOR).map(|_| ()),
        valid: "apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AuthenticationConfiguration\n\
                anonymous: {enabled: true, conditions: [{path: /livez}]}\n\
                jwt:\n- issuer: {url: 'https://issuer', audiences: [a]}\n  \
                claimMappings: {username: {claim: sub, prefix: 'p:'}}\n",
    },
    Kind {
        name: "authorization",
        decode: |file| AuthorizationConfiguration::read(file, MINOR).map(|_| ()),
        valid: "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\n\
                authorizers:\n- {type: Node, name: node}\n- {type: RBAC, name: rbac}\n",
    },
    Kind {
        name: "encryption",
        decode: |file| EncryptionConfiguration::read(file, MINOR).map(|_| ()),
        valid: "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n\
                resources:\n- resources: [secrets]\n  providers:\n  - identity: {}\n",
    },
    Kind {
        name: "egress",
        decode: |file| egress::unprotected(file, MINOR).map(|_| ()),
        valid: "apiVersion: apiserver.k8s.io/v1beta1\nkind: EgressSelectorConfiguration\n\
                egressSelections:\n- name: cluster\n  connection: {proxyProtocol: Direct}\n",
    },
    Kind {
        name: "kubeconfig",
        decode: |file| kubeconfig::check(file, "/f", &Files::elsewhere(), false),
        valid: "apiVersion: v1\nkind: Config\ncurrent-context: c\n\
                clusters: [{name: k, cluster: {server: 'https://h'}}]\n\
                users: [{name: u, user: {}}]\n\
                contexts: [{name: c, context: {cluster: k, user: u}}]\n",
    },
];

fn decode(kind: &Kind, bytes: &[u8]) -> Result<(), super::Problem> {
    (kind.decode)(&NamedBytes { name: "/f".into(), bytes: bytes.to_vec() })
}

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
    for kind in KINDS {
        for (what, bytes) in &texts {
            let problem = decode(&kind, bytes).expect_err(&format!("{}: {what}", kind.name));
            assert!(!problem.message.is_empty(), "{}: {what}", kind.name);
        }
    }
}

/// Every prefix of a valid file, and every file with one byte changed, is an answer or a problem.
#[test]
fn a_broken_file_of_any_kind_ends_no_run() {
    for kind in KINDS {
        let valid = kind.valid.as_bytes();
        decode(&kind, valid).unwrap_or_else(|problem| panic!("{}: {problem:?}", kind.name));
        for end in 0..valid.len() {
            let _ = decode(&kind, &valid[..end]);
            for byte in [b'[', b'&', b'"', 0x80] {
                let mut changed = valid.to_vec();
                changed[end] = byte;
                let _ = decode(&kind, &changed);
            }
        }
    }
}
