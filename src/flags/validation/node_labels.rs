//! The kubelet's `--node-labels`: from 1.16 on it refuses those of Kubernetes that are not its own,
//! which 1.13 to 1.15 only warn about.
//!
//! Sources: kubernetes `cmd/kubelet/app/options/options.go` (`ValidateKubeletFlags`),
//! `staging/src/k8s.io/kubelet/pkg/apis/well_known_labels.go`.

use super::super::value::Value;
use super::Flags;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};

const FLAG: &str = flag_name!("node-labels");
const REFUSED_SINCE: Release = Release::kubernetes(16);
/// Labels that are none at all: 1.24 refuses them, when older releases began to is not known.
const CHECKED_SINCE: Release = Release::kubernetes(24);

/// The labels that a kubelet may give itself.
const OWN: [&str; 11] = [
    "beta.kubernetes.io/arch",
    "beta.kubernetes.io/instance-type",
    "beta.kubernetes.io/os",
    "failure-domain.beta.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone",
    "kubernetes.io/arch",
    "kubernetes.io/hostname",
    "kubernetes.io/os",
    "node.kubernetes.io/instance-type",
    "topology.kubernetes.io/region",
    "topology.kubernetes.io/zone",
];

/// Whose labels it may give itself, and those of the domains below.
const OWN_DOMAINS: [&str; 2] = ["kubelet.kubernetes.io", "node.kubernetes.io"];

pub(super) fn validate(flags: &mut Flags) {
    let Some(Value::Map(labels)) = flags.set_to(FLAG) else { return };
    let mut problems = Vec::new();
    for (name, value) in labels {
        if flags.release >= REFUSED_SINCE && is_kubernetes(name) && !is_own(name) {
            let problem = format!("{name} is a label of Kubernetes that a kubelet may not set");
            problems.push((name.clone(), problem));
        }
        if flags.release >= CHECKED_SINCE && !(is_name(name) && is_value(value)) {
            problems.push((name.clone(), format!("{name}={value} is not a label")));
        }
    }
    for (name, problem) in problems {
        flags.refuse_item((FLAG, &name), Code::BadValue, Clause::of_value(problem));
    }
}

/// Whether a name's domain is the given one, or lies below it.
fn is_of(name: &str, domain: &str) -> bool {
    name.split_once('/').is_some_and(|(own, _)| {
        own.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

fn is_kubernetes(name: &str) -> bool {
    is_of(name, "kubernetes.io") || is_of(name, "k8s.io")
}

fn is_own(name: &str) -> bool {
    OWN.contains(&name) || OWN_DOMAINS.iter().any(|domain| is_of(name, domain))
}

/// apimachinery `IsQualifiedName`: a name, perhaps behind a domain.
fn is_name(name: &str) -> bool {
    let (domain, name) = name.split_once('/').map_or((None, name), |(d, n)| (Some(d), n));
    let lower = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let domain_is_good = domain.is_none_or(|domain| {
        domain.len() <= 253
            && domain.split('.').all(|part| {
                let ends = [part.bytes().next(), part.bytes().last()];
                ends.into_iter().all(|end| end.is_some_and(lower))
                    && part.bytes().all(|c| lower(c) || c == b'-')
            })
    });
    domain_is_good && !name.is_empty() && is_value(name)
}

/// apimachinery `IsValidLabelValue`.
fn is_value(value: &str) -> bool {
    let ends = [value.bytes().next(), value.bytes().last()];
    value.len() <= 63
        && ends.into_iter().flatten().all(|end| end.is_ascii_alphanumeric())
        && value.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c))
}
