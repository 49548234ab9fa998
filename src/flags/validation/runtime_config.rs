//! API versions in `--runtime-config`.
//!
//! A version that a built-in group never had in any release is refused as not registered; one that
//! some release had is let pass, since which releases had it is not in the tables. Groups that are
//! not built in are not judged. Source: apiserver `pkg/server/resourceconfig/helpers.go`.

use super::Flags;
use crate::diagnostic::{Clause, Code};
use crate::flags::api_versions::RUNTIME_CONFIG;
use crate::flags::catalog::{Release, flag_name};
use crate::flags::feature_gates::{is_on, is_unknown};
use crate::flags::value::Value;

/// The gate of priority and fairness.
const PRIORITY: &str = "APIPriorityAndFairness";

/// The built-in groups and every version that any release served.
const GROUPS: [(&str, &[&str]); 20] = [
    ("admissionregistration.k8s.io", &["v1", "v1alpha1", "v1beta1"]),
    ("apps", &["v1", "v1beta1", "v1beta2"]),
    ("authentication.k8s.io", &["v1", "v1alpha1", "v1beta1"]),
    ("authorization.k8s.io", &["v1", "v1beta1"]),
    ("autoscaling", &["v1", "v2", "v2alpha1", "v2beta1", "v2beta2"]),
    ("batch", &["v1", "v1beta1", "v2alpha1"]),
    ("certificates.k8s.io", &["v1", "v1alpha1", "v1beta1"]),
    ("coordination.k8s.io", &["v1", "v1alpha1", "v1alpha2", "v1beta1"]),
    ("discovery.k8s.io", &["v1", "v1alpha1", "v1beta1"]),
    ("events.k8s.io", &["v1", "v1beta1"]),
    ("extensions", &["v1beta1"]),
    ("flowcontrol.apiserver.k8s.io", &["v1", "v1alpha1", "v1beta1", "v1beta2", "v1beta3"]),
    ("internal.apiserver.k8s.io", &["v1alpha1"]),
    ("networking.k8s.io", &["v1", "v1alpha1", "v1beta1"]),
    ("node.k8s.io", &["v1", "v1alpha1", "v1beta1"]),
    ("policy", &["v1", "v1beta1"]),
    ("rbac.authorization.k8s.io", &["v1", "v1alpha1", "v1beta1"]),
    ("resource.k8s.io", &["v1", "v1alpha1", "v1alpha2", "v1alpha3", "v1beta1", "v1beta2"]),
    ("scheduling.k8s.io", &["v1", "v1alpha1", "v1alpha2", "v1beta1"]),
    ("storage.k8s.io", &["v1", "v1alpha1", "v1beta1"]),
];

pub(super) fn validate(flags: &mut Flags) {
    unknown(flags);
    priority_and_fairness(flags);
}

/// Priority and fairness is made of API objects, so their API must not be switched off.
fn priority_and_fairness(flags: &mut Flags) {
    let on = flags.value(flag_name!("enable-priority-and-fairness")) == Some(&Value::Bool(true))
        && (is_on(flags, PRIORITY) || is_unknown(flags, PRIORITY));
    let Some(Value::Map(entries)) = flags.set_to(RUNTIME_CONFIG) else { return };
    // The first of the words that is written decides.
    let words: &[&str] = if flags.release < Release::kubernetes(20) {
        &[]
    } else if flags.release < Release::kubernetes(29) {
        &["api/beta", "api/all"]
    } else if flags.release < Release::kubernetes(30) {
        &["api/all"]
    } else {
        &["flowcontrol.apiserver.k8s.io/v1", "api/ga", "api/all"]
    };
    // Up to 1.29 the version that is looked for first changed with the releases.
    let by_version = flags.release < Release::kubernetes(30)
        && entries.keys().any(|key| {
            key.starts_with("flowcontrol.apiserver.k8s.io/")
                || (flags.release == Release::kubernetes(29)
                    && ["api/beta", "api/ga"].contains(&key.as_str()))
        });
    let decides = words.iter().find_map(|word| {
        let set = entries.get_key_value(*word);
        set.filter(|(_, value)| ["true", "false"].contains(&value.as_str()))
    });
    let Some((key, value)) = decides.filter(|_| on && !by_version) else { return };
    if value == "false" {
        let key = key.clone();
        let message =
            Clause::of_value(format!("{key}=false excludes --enable-priority-and-fairness"));
        flags.refuse_item((RUNTIME_CONFIG, &key), Code::ExclusiveFlags, message);
    }
}

fn unknown(flags: &mut Flags) {
    let name = RUNTIME_CONFIG;
    let Some(Value::Map(entries)) = flags.set_to(name) else { return };
    let unknown: Vec<String> = entries
        .keys()
        .filter(|key| {
            let mut parts = key.split('/');
            let (group, version) = (parts.next().unwrap_or_default(), parts.next());
            let known = GROUPS.iter().find(|(known, _)| *known == group);
            matches!((known, version), (Some((_, versions)), Some(v)) if !versions.contains(&v))
        })
        .cloned()
        .collect();
    for key in unknown {
        let message =
            Clause::of_value(format!("no release of Kubernetes has the API version {key}"));
        flags.refuse_item((name, &key), Code::UnknownApi, message);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{apiserver, codes};

    #[test]
    fn priority_and_fairness_keeps_its_api() {
        let off = "--enable-priority-and-fairness=false";
        for (minor, args, starts) in [
            ("1.34", &["--runtime-config=api/all=false"][..], false),
            ("1.34", &["--runtime-config=flowcontrol.apiserver.k8s.io/v1=false"], false),
            ("1.34", &["--runtime-config=api/ga=false"], false),
            ("1.34", &["--runtime-config=api/beta=false"], true),
            ("1.34", &["--runtime-config=api/all=false,api/ga=true"], true),
            ("1.34", &["--runtime-config=api/all=false", off], true),
            ("1.25", &["--runtime-config=api/beta=false"], false),
            ("1.25", &["--runtime-config=api/ga=false"], true),
            ("1.18", &["--runtime-config=api/all=false"], true),
        ] {
            let flags = apiserver(minor, args);
            assert_eq!(flags.starts(), starts, "{minor} {args:?}: {:?}", codes(&flags));
        }
    }
}
