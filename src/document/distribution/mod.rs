//! The configuration of distributions and installers: what is declared flag by flag, and what the
//! distribution adds by itself. Each reader leaves alone what is not its own.

mod added;
pub(super) mod aks_engine;
mod declared;
pub(super) mod gardener;
pub(super) mod installers;
pub(super) mod k0s;
pub(super) mod k3s;
pub(super) mod kind;
pub(super) mod kops;
pub(super) mod kubeadm;
pub(super) mod kubespray;
pub(super) mod openshift;
pub(super) mod patch;
pub(super) mod rke1;
#[cfg(test)]
mod samples;
pub(super) mod talos;
