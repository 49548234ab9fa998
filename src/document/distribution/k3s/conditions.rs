//! The parts of a configuration on which the flags of k3s and RKE2 depend.

use super::settings::Settings;
use super::{Cluster, Distribution};
use crate::document::distribution::declared::unrendered;

pub(super) fn is_k3s(cluster: &Cluster<'_>) -> bool {
    cluster.distribution == Distribution::K3s
}

pub(super) fn is_rke2(cluster: &Cluster<'_>) -> bool {
    cluster.distribution == Distribution::Rke2
}

pub(super) fn is_either(cluster: &Cluster<'_>) -> bool {
    cluster.distribution == Distribution::Either
}

/// The folder of the server's own files, if it is known.
pub(super) fn server_folder(cluster: &Cluster<'_>) -> Option<String> {
    let folder = match (cluster.settings.text("data-dir"), cluster.distribution) {
        (Some(folder), _) if unrendered(folder) => return None,
        (Some(folder), _) => folder.trim_end_matches('/'),
        (None, Distribution::K3s) => "/var/lib/rancher/k3s",
        (None, Distribution::Rke2) => "/var/lib/rancher/rke2",
        (None, Distribution::Either) => return None,
    };
    Some(format!("{folder}/server"))
}

/// A key's text, or the default without it; nothing if a template fills it in.
pub(super) fn text(settings: &Settings<'_>, key: &str, default: &str) -> Option<String> {
    let text = settings.text(key).unwrap_or(default);
    (!unrendered(text)).then(|| text.to_owned())
}

/// A list's texts joined by commas.
pub(super) fn list(settings: &Settings<'_>, key: &str, default: &str) -> Option<String> {
    let texts: Vec<&str> =
        settings.items(key).iter().filter_map(|item| item.node.as_str()).collect();
    let joined = if texts.is_empty() { default.to_owned() } else { texts.join(",") };
    (!unrendered(&joined)).then_some(joined)
}

/// The address of a listener that only the machine itself reaches, if it is certain that it is IPv4.
pub(super) fn loopback(cluster: &Cluster<'_>) -> Option<String> {
    let range = list(&cluster.settings, "service-cidr", "");
    let six = range.is_none_or(|range| range.contains(':'));
    (!six).then(|| "127.0.0.1".to_owned())
}

/// Whether the server runs its own etcd, where that is certain.
pub(super) fn has_own_etcd(cluster: &Cluster<'_>) -> bool {
    let settings = &cluster.settings;
    let elsewhere =
        settings.has("datastore-endpoint") || settings.switch("disable-etcd") != Some(false);
    let runs = match cluster.distribution {
        Distribution::Rke2 => true,
        Distribution::K3s | Distribution::Either => settings.switch("cluster-init") == Some(true),
    };
    runs && !elsewhere
}

/// RKE2 always encrypts secrets, k3s when it is told to.
pub(super) fn encrypts(cluster: &Cluster<'_>) -> bool {
    is_rke2(cluster) || cluster.settings.switch("secrets-encryption") == Some(true)
}

/// Whether secrets may be encrypted, for all that can be seen.
pub(super) fn may_encrypt(cluster: &Cluster<'_>) -> bool {
    !(is_k3s(cluster) && cluster.settings.switch("secrets-encryption") == Some(false))
}

/// Whether RKE2 names its own file for pod security: the user names none.
pub(super) fn has_default_pod_security(cluster: &Cluster<'_>) -> bool {
    is_rke2(cluster) && cluster.settings.item("pod-security-admission-config-file").is_none()
}

fn profile<'a>(cluster: &Cluster<'a>) -> &'a str {
    cluster.settings.text("profile").unwrap_or_default()
}

fn names_audit_policy(cluster: &Cluster<'_>) -> bool {
    cluster.settings.item("audit-policy-file").is_some()
}

/// Whether the audit policy is in a Secret: Cluster API has it there, and names the file by itself.
pub(super) fn has_secret_audit_policy(cluster: &Cluster<'_>) -> bool {
    let listed = !cluster.settings.items("audit-policy-file").is_empty();
    is_rke2(cluster) && !names_audit_policy(cluster) && listed
}

fn has_audit_policy(cluster: &Cluster<'_>) -> bool {
    names_audit_policy(cluster) || has_secret_audit_policy(cluster)
}

/// Whether RKE2 follows a CIS profile.
fn has_cis_profile(cluster: &Cluster<'_>) -> bool {
    is_rke2(cluster) && profile(cluster).starts_with("cis")
}

/// Whether RKE2 may follow a CIS profile.
pub(super) fn may_have_cis_profile(cluster: &Cluster<'_>) -> bool {
    has_cis_profile(cluster) || (is_rke2(cluster) && unrendered(profile(cluster)))
}

/// Whether a template decides if there is an audit log.
pub(super) fn has_uncertain_audit_log(cluster: &Cluster<'_>) -> bool {
    is_rke2(cluster) && unrendered(profile(cluster)) && !has_audit_policy(cluster)
}

/// With a CIS profile or an audit policy RKE2 keeps an audit log.
pub(super) fn has_audit_log(cluster: &Cluster<'_>) -> bool {
    has_cis_profile(cluster) || (is_rke2(cluster) && has_audit_policy(cluster))
}

/// Whether RKE2 writes the audit policy itself.
pub(super) fn has_own_audit_policy(cluster: &Cluster<'_>) -> bool {
    has_cis_profile(cluster) && !has_audit_policy(cluster)
}
