//! What every release has, one line a flag, a gate, a plugin, a suite. `sources` writes these files.

#[rustfmt::skip]
pub(super) mod admission_plugins;
#[rustfmt::skip]
pub(super) mod cipher_suites;
#[rustfmt::skip]
pub(super) mod etcd;
#[rustfmt::skip]
pub(super) mod feature_gates;
#[rustfmt::skip]
pub(super) mod kube_apiserver;
#[rustfmt::skip]
pub(super) mod kube_controller_manager;
#[rustfmt::skip]
pub(super) mod kube_scheduler;
#[rustfmt::skip]
pub(super) mod kubelet;
