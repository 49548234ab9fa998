//! What the kubelet refuses, by release.

use super::servers::{codes, read, since};
use crate::component::Component::Kubelet;

/// What every kubelet since 1.24 needs.
const CRI: &str = "--container-runtime-endpoint=unix:///run/containerd/containerd.sock";

#[test]
fn numbers_out_of_range_are_refused() {
    for arg in [
        "--read-only-port=-1",
        "--read-only-port=70000",
        "--port=70000",
        "--port=0",
        "--healthz-port=70000",
        "--max-pods=-1",
        "--event-qps=-1",
        "--event-burst=-1",
        "--kube-api-qps=-1",
        "--kube-api-burst=-1",
        "--registry-qps=-1",
        "--registry-burst=-1",
        "--max-open-files=-1",
        "--pods-per-core=-1",
        "--oom-score-adj=-1001",
        "--image-gc-high-threshold=101",
        "--image-gc-low-threshold=-1",
    ] {
        for minor in ["1.9", "1.20", "1.25", "1.36"] {
            let flags = read(Kubelet, minor, &[arg, CRI]);
            assert_eq!(codes(&flags), ["bad-value"], "{minor} {arg}");
            let refusal = flags.diagnostics.iter().find(|d| d.refuses()).expect("a refusal");
            let name = arg.split('=').next().expect("a name");
            assert!(refusal.message().contains(name), "{}", refusal.message());
            assert!(refusal.location.is_some(), "{arg}");
        }
    }
    for arg in ["--read-only-port=0", "--healthz-port=0", "--event-qps=0", "--oom-score-adj=-999"] {
        assert!(read(Kubelet, "1.36", &[arg]).starts(), "{arg}");
    }
}

#[test]
fn words_that_it_does_not_know_are_refused() {
    let bad: &[&str] = &["bad-value"];
    since(
        Kubelet,
        &[
            ("", "1.12", &["--authorization-mode=Foo"], bad),
            ("", "1.36", &["--authorization-mode=Webhook"], &[]),
            ("", "1.36", &["--authorization-mode=RBAC"], bad),
            ("1.17", "1.18", &["--topology-manager-policy=foo"], bad),
            ("", "1.36", &["--topology-manager-policy=single-numa-node"], &[]),
            ("", "1.36", &["--topology-manager-scope=node"], bad),
            ("", "1.36", &["--hairpin-mode=none"], &[]),
            ("", "1.23", &["--hairpin-mode=foo"], bad),
            ("1.20", "1.36", &["--cpu-manager-policy=foo"], bad),
            ("", "1.36", &["--memory-manager-policy=foo"], bad),
            ("1.11", "1.12", &["--image-gc-high-threshold=70"], bad),
            ("1.11", "1.12", &["--image-gc-low-threshold=85"], bad),
            ("", "1.36", &["--image-gc-high-threshold=81"], &[]),
            ("1.31", "1.32", &["--runonce"], bad),
            ("", "1.36", &["--enforce-node-allocatable=foo"], bad),
            ("", "1.36", &["--enforce-node-allocatable=none,pods"], bad),
            ("1.18", "1.19", &["--enforce-node-allocatable=kube-reserved"], &["missing-flag"]),
            (
                "",
                "1.36",
                &["--enforce-node-allocatable=kube-reserved", "--kube-reserved-cgroup=/k"],
                &[],
            ),
            ("1.31", "1.36", &["--enforce-node-allocatable=pods,pods"], bad),
            (
                "",
                "1.36",
                &[
                    "--enforce-node-allocatable=kube-reserved-compressible,kube-reserved",
                    "--kube-reserved-cgroup=/k",
                ],
                bad,
            ),
            ("", "1.36", &["--cgroups-per-qos=false"], &["exclusive-flags"]),
            ("", "1.36", &["--cgroups-per-qos=false", "--enforce-node-allocatable="], &[]),
            ("", "1.36", &["--system-cgroups=/s"], &["missing-flag"]),
            ("", "1.36", &["--reserved-cpus=0-3,8"], &[]),
            ("", "1.36", &["--reserved-cpus=zero"], bad),
            ("", "1.36", &["--reserved-cpus=0", "--kube-reserved-cgroup=/k"], &["exclusive-flags"]),
            ("", "1.36", &["--exit-on-lock-contention"], &["missing-flag"]),
            ("", "1.36", &["--container-log-max-files=1"], bad),
            ("", "1.36", &["--container-log-max-size=much"], bad),
        ],
    );
}

#[test]
fn labels_of_kubernetes_are_refused_unless_they_are_the_kubelets_own() {
    let bad: &[&str] = &["bad-value"];
    let labels = |text: &str| format!("--node-labels={text}");
    let role = labels("node-role.kubernetes.io/worker=");
    since(
        Kubelet,
        &[
            ("1.15", "1.16", &[&labels("kubernetes.io/foo=bar")], bad),
            ("1.15", "1.16", &[&role], bad),
            ("", "1.36", &[&labels("x.k8s.io/foo=bar")], bad),
            ("", "1.36", &[&labels("foo=bar,kubernetes.io/os=linux,node.kubernetes.io/a=b")], &[]),
            ("", "1.36", &[&labels("x.node.kubernetes.io/a=b,notkubernetes.io/a=b,a")], &[]),
            ("1.15", "1.36", &[&labels("a b=c")], bad),
            ("1.15", "1.36", &[&labels("a=b/c")], bad),
            ("1.15", "1.36", &[&labels("Example.com/a=b")], bad),
        ],
    );
}

#[test]
fn a_runtime_is_reached_over_cri_since_dockershim_is_gone() {
    since(
        Kubelet,
        &[
            ("1.23", "1.24", &["--container-runtime=docker", CRI], &["bad-value"]),
            ("", "1.24", &["--container-runtime=remote", CRI], &[]),
            ("", "1.27", &["--container-runtime=remote"], &["removed-flag"]),
            ("1.23", "1.24", &[], &["missing-flag"]),
            ("", "1.26", &["--container-runtime-endpoint="], &["missing-flag"]),
            ("", "1.27", &[], &[]),
            ("", "1.27", &["--container-runtime-endpoint="], &["missing-flag"]),
        ],
    );
}

#[test]
fn flags_behind_a_gate_that_is_off_are_refused() {
    let gated: &[&str] = &["gated-flag"];
    let period_gate = "--feature-gates=CustomCPUCFSQuotaPeriod=true";
    since(
        Kubelet,
        &[
            ("1.18", "1.21", &["--cpu-cfs-quota-period=10ms"], gated),
            ("1.19", "1.20", &["--cpu-cfs-quota-period=10ms"], gated),
            ("1.16", "1.20", &["--cpu-cfs-quota-period=2s"], gated),
            ("", "1.18", &["--cpu-cfs-quota-period=2s", period_gate], &["bad-value"]),
            ("1.25", "1.26", &["--cpu-cfs-quota-period=10us", period_gate, CRI], &["bad-value"]),
            ("", "1.21", &["--cpu-cfs-quota-period=100ms"], &[]),
            ("", "1.24", &["--seccomp-default", CRI], gated),
            (
                "1.27",
                "1.24",
                &["--seccomp-default", "--feature-gates=SeccompDefault=true", CRI],
                &[],
            ),
            ("1.20", "1.23", &["--dynamic-config-dir=/d"], gated),
            (
                "",
                "1.36",
                &[
                    "--rotate-server-certificates",
                    "--feature-gates=RotateKubeletServerCertificate=false",
                ],
                gated,
            ),
        ],
    );
}

#[test]
fn words_are_refused_since_1_11_even_empty_ones() {
    since(
        Kubelet,
        &[
            ("1.10", "1.11", &["word"], &["stray-word"]),
            ("1.10", "1.12", &[""], &["stray-word"]),
            ("", "1.36", &[""], &["stray-word"]),
        ],
    );
}
