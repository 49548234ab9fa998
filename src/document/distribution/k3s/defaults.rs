//! What k3s and RKE2 pass on by themselves.
//!
//! Sources: k3s `pkg/daemons/control/server.go`, `deps/deps.go`, `pkg/etcd/etcd.go` in several releases;
//! RKE2 `pkg/cli/defaults/defaults.go`, `pkg/executor/staticpod/staticpod.go`, `pkg/rke2/psa.go`. What
//! differs between releases, or between the two where they cannot be told apart, has no value here.

use super::settings::Settings;
use super::{Cluster, Distribution};
use crate::document::distribution::declared::unrendered;
use crate::version::Minor;

/// Flags that the distribution sets; one without a value is filled in where it cannot be seen.
pub(super) struct Defaults {
    pub(super) by: &'static str,
    pub(super) flags: Vec<(&'static str, Option<String>)>,
}

impl Defaults {
    pub(super) fn of(cluster: &Cluster<'_>) -> Self {
        Self { by: cluster.distribution.name(), flags: Vec::new() }
    }

    pub(super) fn known(&mut self, flags: &[(&'static str, &str)]) {
        self.flags.extend(flags.iter().map(|(name, value)| (*name, Some((*value).to_owned()))));
    }

    pub(super) fn filled_in(&mut self, names: &[&'static str]) {
        self.flags.extend(names.iter().map(|name| (*name, None)));
    }

    pub(super) fn one(&mut self, name: &'static str, value: Option<String>) {
        self.flags.push((name, value));
    }

    pub(super) fn files(&mut self, cluster: &Cluster<'_>, files: &[(&'static str, &str)]) {
        let folder = server_folder(cluster);
        let path = |file: &str| folder.as_ref().map(|folder| format!("{folder}/{file}"));
        self.flags.extend(files.iter().map(|(name, file)| (*name, path(file))));
    }
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

/// A key's text, or what holds without it; nothing if a template fills it in.
fn text(settings: &Settings<'_>, key: &str, default: &str) -> Option<String> {
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

pub(super) fn api_server(cluster: &Cluster<'_>) -> Defaults {
    let (settings, distribution) = (&cluster.settings, cluster.distribution);
    let entries = settings.items("kube-apiserver-arg");
    let names = |flag: &str| entries.iter().any(|item| item.flag() == Some(flag));
    let mut defaults = Defaults::of(cluster);
    defaults.known(&[
        ("allow-privileged", "true"),
        ("profiling", "false"),
        ("storage-backend", "etcd3"),
        ("insecure-port", "0"),
        ("requestheader-allowed-names", "system:auth-proxy"),
        ("requestheader-extra-headers-prefix", "X-Remote-Extra-"),
        ("requestheader-group-headers", "X-Remote-Group"),
        ("requestheader-username-headers", "X-Remote-User"),
    ]);
    if !names("authorization-config") {
        defaults.known(&[("authorization-mode", "Node,RBAC")]);
    }
    if names("authentication-config") {
        defaults.filled_in(&["anonymous-auth"]);
    } else {
        defaults.known(&[("anonymous-auth", "false")]);
    }
    defaults.files(
        cluster,
        &[
            ("cert-dir", "tls/temporary-certs"),
            ("client-ca-file", "tls/client-ca.crt"),
            ("kubelet-certificate-authority", "tls/server-ca.crt"),
            ("kubelet-client-certificate", "tls/client-kube-apiserver.crt"),
            ("kubelet-client-key", "tls/client-kube-apiserver.key"),
            ("proxy-client-cert-file", "tls/client-auth-proxy.crt"),
            ("proxy-client-key-file", "tls/client-auth-proxy.key"),
            ("requestheader-client-ca-file", "tls/request-header-ca.crt"),
            ("service-account-key-file", "tls/service.key"),
            ("tls-cert-file", "tls/serving-kube-apiserver.crt"),
            ("tls-private-key-file", "tls/serving-kube-apiserver.key"),
        ],
    );
    let issuer = text(settings, "cluster-domain", "cluster.local");
    let issuer = issuer.map(|domain| format!("https://kubernetes.default.svc.{domain}"));
    let program = match distribution {
        Distribution::K3s => Some("k3s"),
        Distribution::Rke2 => Some("rke2"),
        Distribution::Either => None,
    };
    let audiences =
        issuer.as_ref().zip(program).map(|(issuer, program)| format!("{issuer},{program}"));
    defaults.one("service-account-issuer", issuer);
    defaults.one("api-audiences", audiences);
    defaults.one("service-cluster-ip-range", list(settings, "service-cidr", "10.43.0.0/16"));
    let ports = text(settings, "service-node-port-range", "30000-32767");
    defaults.one("service-node-port-range", ports);
    defaults.one("advertise-address", settings.text("advertise-address").map(str::to_owned));
    // The signing key moved when keys could be rotated; the others came at different times.
    defaults.filled_in(&[
        "service-account-signing-key-file",
        "enable-bootstrap-token-auth",
        "enable-aggregator-routing",
        "egress-selector-config-file",
        "tls-cipher-suites",
    ]);
    listener(&mut defaults, cluster);
    storage(&mut defaults, cluster);
    encryption(&mut defaults, cluster);
    admission(&mut defaults, cluster);
    if distribution == Distribution::Rke2 {
        audit(&mut defaults, cluster);
    }
    defaults
}

fn listener(defaults: &mut Defaults, cluster: &Cluster<'_>) {
    let settings = &cluster.settings;
    match cluster.distribution {
        Distribution::K3s => {
            let six = list(settings, "service-cidr", "").is_none_or(|range| range.contains(':'));
            defaults.one("bind-address", (!six).then(|| "127.0.0.1".to_owned()));
            let port = match settings.text("https-listen-port") {
                Some(port) => port.parse::<u16>().ok().and_then(|port| port.checked_add(1)),
                None => Some(6444),
            };
            defaults.one("secure-port", port.map(|port| port.to_string()));
            defaults.filled_in(&["kubelet-preferred-address-types"]);
        }
        Distribution::Rke2 => defaults.known(&[
            ("bind-address", "0.0.0.0"),
            ("secure-port", "6443"),
            ("kubelet-preferred-address-types", "InternalIP,ExternalIP,Hostname"),
        ]),
        Distribution::Either => {
            defaults.filled_in(&["bind-address", "secure-port", "kubelet-preferred-address-types"]);
        }
    }
}

/// Whether the server runs its own etcd, where that is certain.
pub(super) fn own_etcd(cluster: &Cluster<'_>) -> bool {
    let settings = &cluster.settings;
    let elsewhere =
        settings.has("datastore-endpoint") || settings.switch("disable-etcd") != Some(false);
    let runs = match cluster.distribution {
        Distribution::Rke2 => true,
        Distribution::K3s | Distribution::Either => settings.switch("cluster-init") == Some(true),
    };
    runs && !elsewhere
}

fn storage(defaults: &mut Defaults, cluster: &Cluster<'_>) {
    if own_etcd(cluster) {
        defaults.known(&[("etcd-servers", "https://127.0.0.1:2379")]);
        defaults.files(
            cluster,
            &[
                ("etcd-cafile", "tls/etcd/server-ca.crt"),
                ("etcd-certfile", "tls/etcd/client.crt"),
                ("etcd-keyfile", "tls/etcd/client.key"),
            ],
        );
    } else {
        defaults.filled_in(&["etcd-servers", "etcd-cafile", "etcd-certfile", "etcd-keyfile"]);
    }
}

/// RKE2 always encrypts secrets, k3s when it is told to.
fn encryption(defaults: &mut Defaults, cluster: &Cluster<'_>) {
    let told = cluster.settings.switch("secrets-encryption");
    match (cluster.distribution, told) {
        (Distribution::K3s, Some(false)) => return,
        (Distribution::Rke2, _) | (_, Some(true)) => {
            let file = [("encryption-provider-config", "cred/encryption-config.json")];
            defaults.files(cluster, &file);
        }
        _ => defaults.filled_in(&["encryption-provider-config"]),
    }
    defaults.filled_in(&["encryption-provider-config-automatic-reload"]);
}

fn admission(defaults: &mut Defaults, cluster: &Cluster<'_>) {
    // RKE2 puts NodeRestriction among the entries, so that another entry adds to it.
    let entries = cluster.settings.items("kube-apiserver-arg");
    let named = entries.iter().any(|item| item.flag() == Some("enable-admission-plugins"));
    match cluster.distribution {
        Distribution::K3s => defaults.known(&[("enable-admission-plugins", "NodeRestriction")]),
        Distribution::Either if !named => {
            defaults.known(&[("enable-admission-plugins", "NodeRestriction")]);
        }
        // Passed on before the entries by the caller.
        Distribution::Either | Distribution::Rke2 => {}
    }
    let file = cluster.settings.item("pod-security-admission-config-file");
    match cluster.distribution {
        // Before 1.25 pod security was not configured by a file.
        Distribution::Rke2 if file.is_none() => {
            let known = cluster.version.is_some_and(|version| version >= Minor::kubernetes(25));
            let path = known.then(|| "/etc/rancher/rke2/rke2-pss.yaml".to_owned());
            defaults.one("admission-control-config-file", path);
        }
        Distribution::Either => defaults.filled_in(&["admission-control-config-file"]),
        Distribution::Rke2 | Distribution::K3s => {}
    }
}

/// With a CIS profile or an audit policy RKE2 keeps an audit log.
fn audit(defaults: &mut Defaults, cluster: &Cluster<'_>) {
    let (settings, folder) = (&cluster.settings, server_folder(cluster));
    let profile = settings.text("profile").unwrap_or_default();
    let named = settings.item("audit-policy-file").is_some();
    // Cluster API has it in a Secret, and names the file by itself.
    let secret = !named && !settings.items("audit-policy-file").is_empty();
    let policy = named || secret;
    if secret {
        defaults.filled_in(&["audit-policy-file"]);
    }
    if unrendered(profile) {
        defaults.filled_in(&["service-account-extend-token-expiration"]);
    }
    if unrendered(profile) && !policy {
        return defaults.filled_in(&[
            "audit-policy-file",
            "audit-log-maxage",
            "audit-log-maxbackup",
            "audit-log-maxsize",
            "audit-log-path",
        ]);
    }
    let cis = profile.starts_with("cis");
    if cis {
        // Since when is not known.
        defaults.filled_in(&["service-account-extend-token-expiration"]);
    }
    if cis || policy {
        defaults.known(&[
            ("audit-log-maxage", "30"),
            ("audit-log-maxbackup", "10"),
            ("audit-log-maxsize", "100"),
        ]);
        defaults.one("audit-log-path", folder.map(|folder| format!("{folder}/logs/audit.log")));
    }
    if cis && !policy {
        defaults.known(&[("audit-policy-file", "/etc/rancher/rke2/audit-policy.yaml")]);
    }
}
