//! k3s or RKE2.

use super::settings::Settings;

/// Which of the two reads the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum Distribution {
    K3s,
    Rke2,
    /// It holds nothing by which they could be told apart.
    Either,
}

impl Distribution {
    /// What it is called.
    pub(in crate::document) const fn name(self) -> &'static str {
        match self {
            Self::K3s => "k3s",
            Self::Rke2 => "RKE2",
            Self::Either => "k3s or RKE2",
        }
    }

    /// By keys that only one of them has.
    pub(super) fn of(settings: &Settings<'_>) -> Self {
        let disabled = settings.items("disable");
        let disables = |wanted: fn(&str) -> bool| {
            disabled
                .iter()
                .filter_map(|item| item.node.as_str())
                .flat_map(|t| t.split(','))
                .any(wanted)
        };
        if RKE2_KEYS.iter().any(|key| settings.has(key)) || disables(|it| it.starts_with("rke2-")) {
            Self::Rke2
        } else if K3S_KEYS.iter().any(|key| settings.has(key))
            || disables(|it| matches!(it.trim(), "traefik" | "servicelb" | "local-storage"))
        {
            Self::K3s
        } else {
            Self::Either
        }
    }

    /// By the suffix of a release: `v1.34.1+k3s1`.
    pub(super) fn of_release(version: &str) -> Option<Self> {
        match version {
            version if version.contains("+rke2") => Some(Self::Rke2),
            version if version.contains("+k3s") => Some(Self::K3s),
            _ => None,
        }
    }
}

/// Source: RKE2 `pkg/cli/cmds/server.go`, `root.go`.
const RKE2_KEYS: [&str; 22] = [
    "profile",
    "cni",
    "ingress-controller",
    "audit-policy-file",
    "pod-security-admission-config-file",
    "enable-servicelb",
    "cloud-provider-name",
    "cloud-provider-config",
    "kubelet-path",
    "control-plane-resource-requests",
    "control-plane-resource-limits",
    "control-plane-probe-configuration",
    "kube-apiserver-image",
    "kube-apiserver-extra-mount",
    "kube-apiserver-extra-env",
    "kube-controller-manager-image",
    "kube-controller-manager-extra-mount",
    "kube-scheduler-image",
    "etcd-image",
    "etcd-extra-mount",
    "pause-image",
    "runtime-image",
];

/// Source: k3s `pkg/cli/cmds/server.go`; RKE2 hides or drops these.
const K3S_KEYS: [&str; 12] = [
    "flannel-backend",
    "flannel-ipv6-masq",
    "flannel-iface",
    "flannel-external-ip",
    "cluster-init",
    "docker",
    "rootless",
    "disable-network-policy",
    "disable-helm-controller",
    "default-local-storage-path",
    "servicelb-namespace",
    "https-listen-port",
];
