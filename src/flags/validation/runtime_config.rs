//! API versions in `--runtime-config`.
//!
//! A version that a built-in group never had in any release is refused as not registered; one that
//! some release had is let pass, since which releases had it is not in the tables. Groups that are
//! not built in are not judged. Source: apiserver `pkg/server/resourceconfig/helpers.go`.

use super::Flags;
use crate::flags::api_versions::RUNTIME_CONFIG;
use crate::flags::value::Value;

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
    let name = RUNTIME_CONFIG;
    let Some(Value::Map(entries)) = flags.set_to(name) else { return };
    let unknown: Vec<String> = entries
        .iter()
        .filter(|(key, _)| {
            let mut parts = key.split('/');
            let (group, version) = (parts.next().unwrap_or_default(), parts.next());
            let known = GROUPS.iter().find(|(known, _)| *known == group);
            matches!((known, version), (Some((_, versions)), Some(v)) if !versions.contains(&v))
        })
        .map(|(key, _)| key.clone())
        .collect();
    for key in unknown {
        let message = format!("--{name}: no release of Kubernetes has the API version {key}");
        flags.refuse(name, "unknown-api", message);
    }
}
