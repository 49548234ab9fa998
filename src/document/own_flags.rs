//! Flags by which a component is known, wherever they stand.

use crate::command_line::Arg;
use crate::component::Component;

/// Flags that only one component has, for telling whose arguments a list holds.
const OWN_FLAGS: [(Component, &[&str]); 5] = [
    (
        Component::KubeApiserver,
        &[
            "admission-control",
            "advertise-address",
            "api-audiences",
            "apiserver-count",
            "audit-log-path",
            "audit-policy-file",
            "disable-admission-plugins",
            "enable-admission-plugins",
            "encryption-provider-config",
            "etcd-cafile",
            "etcd-servers",
            "kubelet-certificate-authority",
            "kubelet-client-certificate",
            "kubelet-preferred-address-types",
            "proxy-client-cert-file",
            "runtime-config",
            "service-account-issuer",
            "service-account-key-file",
            "service-account-signing-key-file",
            "token-auth-file",
        ],
    ),
    (
        Component::Etcd,
        &[
            "advertise-client-urls",
            "auto-compaction-retention",
            "client-cert-auth",
            "initial-advertise-peer-urls",
            "initial-cluster",
            "initial-cluster-state",
            "listen-client-urls",
            "listen-peer-urls",
            "peer-cert-file",
            "peer-client-cert-auth",
            "peer-trusted-ca-file",
            "trusted-ca-file",
        ],
    ),
    (
        Component::KubeControllerManager,
        &[
            "allocate-node-cidrs",
            "cluster-signing-cert-file",
            "cluster-signing-key-file",
            "controllers",
            "node-monitor-grace-period",
            "node-monitor-period",
            "pod-eviction-timeout",
            "root-ca-file",
            "service-account-private-key-file",
            "terminated-pod-gc-threshold",
            "use-service-account-credentials",
        ],
    ),
    (
        Component::KubeScheduler,
        &[
            "algorithm-provider",
            "lock-object-name",
            "policy-config-file",
            "policy-configmap",
            "scheduler-name",
            "use-legacy-policy-config",
        ],
    ),
    (
        Component::Kubelet,
        &[
            "bootstrap-kubeconfig",
            "cgroup-driver",
            "cluster-dns",
            "cluster-domain",
            "cni-bin-dir",
            "container-runtime",
            "container-runtime-endpoint",
            "eviction-hard",
            "fail-swap-on",
            "network-plugin",
            "node-labels",
            "pod-infra-container-image",
            "pod-manifest-path",
            "read-only-port",
            "register-node",
            "rotate-certificates",
            "serialize-image-pulls",
            "streaming-connection-idle-timeout",
        ],
    ),
];

/// Whether a component has a flag that no other has.
fn owns((_, flags): &(Component, &[&str]), word: &str) -> bool {
    let name = word.trim_start_matches('-').split('=').next().unwrap_or_default();
    word.starts_with('-') && flags.contains(&name.replace('_', "-").as_str())
}

/// Whether a flag that only one component has seems to stand in a text.
pub(super) fn names_own_flag(text: &str) -> bool {
    flag_like(text).any(|word| OWN_FLAGS.iter().any(|component| owns(component, word)))
}

/// Whether a flag that only this component has seems to stand in a text.
pub(super) fn names_flag_of(component: Component, text: &str) -> bool {
    let own = OWN_FLAGS.iter().find(|(known, _)| *known == component);
    own.is_some_and(|own| flag_like(text).any(|word| owns(own, word)))
}

/// The words of a text that begin as a flag does.
fn flag_like(text: &str) -> impl Iterator<Item = &str> {
    let part_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    text.split(move |c| !part_of_name(c)).filter(|word| word.starts_with('-'))
}

/// The component to which alone the arguments can belong.
pub(super) fn owner(args: &[Arg]) -> Option<Component> {
    let owns =
        |component: &&(Component, &[&str])| args.iter().any(|arg| owns(component, &arg.text));
    let mut owners = OWN_FLAGS.iter().filter(owns);
    let (component, _) = owners.next()?;
    owners.next().is_none().then_some(*component)
}
