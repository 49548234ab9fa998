//! Container image references: which program they carry, and of which minor.

use crate::component::Component;
use crate::version::{KubernetesVersion, Minor, VersionOrigin};

/// Repositories whose tag is the version of what they hold, or begins with it.
const VERSIONED: [&str; 6] =
    ["hyperkube", "hardened-kubernetes", "hardened-etcd", "kube-", "kubelet", "etcd"];

/// The last part of the repository: `kube-apiserver` of `registry.k8s.io/kube-apiserver:v1.34.0`.
pub(super) fn base(image: &str) -> &str {
    let (repository, _) = split(image);
    repository.rsplit('/').next().unwrap_or_default()
}

/// The minor that the tag tells, if the image is one of Kubernetes' own.
pub(super) fn minor(image: &str) -> Option<Minor> {
    let known = VERSIONED.iter().any(|prefix| base(image).starts_with(prefix));
    let (_, tag) = split(image);
    tag.filter(|_| known)?.parse().ok()
}

/// The release that the tag names, and that it is only a claim where a digest stands beside it: container
/// runtimes pull by the digest and never look at the tag.
pub(super) fn version(image: &str) -> Option<KubernetesVersion> {
    let has_digest = image.contains('@');
    let from = if has_digest { VersionOrigin::TagBesideDigest } else { VersionOrigin::Image };
    minor(image).map(|minor| KubernetesVersion { minor, from })
}

/// The tag.
pub(super) fn tag(image: &str) -> Option<&str> {
    split(image).1
}

/// The program that an image runs by itself, if it is one of Kubernetes' own.
pub(super) fn component(image: &str) -> Option<Component> {
    let base = base(image);
    Component::ALL.into_iter().find(|component| {
        // Upstream publishes some images by architecture too: kube-apiserver-amd64.
        base.strip_prefix(component.name()).is_some_and(|tail| {
            matches!(tail, "" | "-amd64" | "-arm64" | "-arm" | "-ppc64le" | "-s390x")
        })
    })
}

fn split(image: &str) -> (&str, Option<&str>) {
    let name = image.split('@').next().unwrap_or_default();
    match name.rsplit_once(':') {
        // A colon before a slash belongs to a registry's port.
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::{base, minor, version};
    use crate::version::VersionOrigin;

    #[test]
    fn tags_tell_the_minor_in_the_spellings_in_use() {
        let cases = [
            ("registry.k8s.io/kube-apiserver:v1.34.0", Some(34)),
            ("localhost:5000/kube-apiserver-amd64:v1.29.3@sha256:abc", Some(29)),
            ("quay.io/coreos/hyperkube:v1.7.0_coreos.0", Some(7)),
            ("rancher/hardened-kubernetes:v1.30.1-rke2r1-build20240516", Some(30)),
            ("rancher/hardened-etcd:v3.5.13-k3s1-build20240531", Some(5)),
            ("ghcr.io/siderolabs/kube-apiserver:v1.33.1", Some(33)),
            ("registry.k8s.io/etcd:3.5.15-0", Some(5)),
            ("localhost:5000/kube-apiserver", None),
            ("kube-apiserver@sha256:abc", None),
            ("kube-apiserver:9680e782e08a1a1c94c656190011bd02", None),
            ("kube-apiserver:latest", None),
            ("example.com/my-server:1.2.3", None),
        ];
        for (image, expected) in cases {
            assert_eq!(minor(image).map(|m| m.minor), expected, "{image}");
        }
        let from = |image| version(image).map(|version| version.from);
        assert_eq!(from("etcd:3.5.15-0"), Some(VersionOrigin::Image));
        assert_eq!(from("etcd:3.5.15-0@sha256:abc"), Some(VersionOrigin::TagBesideDigest));
        assert_eq!(base("localhost:5000/a/kube-apiserver@sha256:abc"), "kube-apiserver");
    }
}
