//! Which component a program is by its name, also with a version, an architecture or a packager's mark.

use crate::component::Component;

/// Architectures that builds carry in their names.
const ARCHITECTURES: [&str; 6] = ["amd64", "arm64", "arm", "ppc64le", "s390x", "riscv64"];

/// The last part of a path.
pub(in crate::document) fn basename(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The component that a program of this name is: `kube-apiserver`, `kube-apiserver-v1.30.1`,
/// `kube-apiserver-linux-amd64`, `.kube-apiserver-wrapped` as NixOS calls it.
pub(in crate::document) fn component_named(name: &str) -> Option<Component> {
    let wrapped = name.strip_prefix('.').and_then(|name| name.strip_suffix("-wrapped"));
    let name = wrapped.unwrap_or(name);
    Component::ALL.into_iter().find(|component| {
        name.strip_prefix(component.name()).is_some_and(|tail| tail.is_empty() || is_build(tail))
    })
}

/// Whether what follows a program's name only tells which build it is.
fn is_build(tail: &str) -> bool {
    let Some(build) = tail.strip_prefix(['-', '_', '.', '@']) else { return false };
    matches!(build, "bin" | "exe" | "real" | "orig")
        || ARCHITECTURES.contains(&build.strip_prefix("linux-").unwrap_or(build))
        || is_version(build)
}

/// `v1`, `1.30`, `v1.30.1-rke2r1`, but no ordinal such as the `0` of `etcd-0`, which names a pod.
fn is_version(text: &str) -> bool {
    let number = text.strip_prefix('v').unwrap_or(text);
    let marked = number.len() < text.len() || number.contains('.');
    marked
        && number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_alphanumeric() || "._+~-".contains(c))
}

/// The components that hyperkube knows by their long or short name.
pub(super) fn hyperkube_server(name: &str) -> Option<Component> {
    match name {
        "apiserver" => Some(Component::KubeApiserver),
        "controller-manager" => Some(Component::KubeControllerManager),
        "scheduler" => Some(Component::KubeScheduler),
        _ => Component::from_name(name).filter(|component| *component != Component::Etcd),
    }
}

/// Programs that start nothing of what their arguments mention.
const BYSTANDERS: &str = " \
    : [ [[ . alias apk apt apt-get awk base64 basename brew cat cd chattr chcon chgrp chmod chown cmp \
    containerd coredns cp crictl ctr curl cut date declare diff dig dirname dnf dpkg echo egrep etcdctl \
    etcdutl exit export false fgrep file fuser gawk getcap getent git go grep groupadd gunzip gzip \
    hash head help helm id info install ip iptables journalctl jq kill killall ldd less let ln local \
    logger ls lsof make man md5sum mkdir mkfifo modprobe more mount mv nano nc netstat oc openssl passwd \
    pause pgrep pidof ping pip pkill podman-compose printf ps pwd read readlink readonly realpath \
    restorecon return rg rm rpm rsync scp sed semanage service set setcap sha256sum shift sleep snap \
    sort source ss ssh stat strings strip sysctl systemctl tail tar tee test top touch tr true \
    type ufw ulimit umask umount uniq unset unzip update-rc.d useradd usermod vi view vim wait wc wget \
    whereis which yq yum zypper kubeadm kubectl kube-proxy kube-rbac-proxy ";

/// Whether a program of this name is known to start no component.
pub(super) fn is_bystander(name: &str) -> bool {
    !name.is_empty() && BYSTANDERS.split_ascii_whitespace().any(|known| known == name)
}

#[cfg(test)]
mod tests {
    use super::component_named;
    use crate::component::Component;

    #[test]
    fn a_version_or_an_architecture_changes_no_program() {
        for name in [
            "kube-apiserver",
            "kube-apiserver-v1.30.1",
            "kube-apiserver-1.30",
            "kube-apiserver_1.30.1+k3s1",
            "kube-apiserver-v2",
            "kube-apiserver.real",
            "kube-apiserver-amd64",
            "kube-apiserver-linux-arm64",
            ".kube-apiserver-wrapped",
        ] {
            assert_eq!(component_named(name), Some(Component::KubeApiserver), "{name}");
        }
        for name in [
            "kube-apiserver-healthcheck",
            "kube-apiserver-network-proxy",
            "kube-apiserver.yaml",
            "karmada-apiserver",
            "apiserver-network-proxy",
            "kube-scheduler-simulator",
            "etcd-backup",
            "etcd-metrics",
            "etcd-0",
            "kubelet-wrapper",
            "",
        ] {
            assert_eq!(component_named(name), None, "{name}");
        }
    }
}
