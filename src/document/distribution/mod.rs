//! The configuration of distributions and installers: what is declared flag by flag, and what the
//! distribution adds by itself.

mod aks_engine;
mod declared;
mod gardener;
mod installers;
mod k0s;
pub(super) mod k3s;
mod kind;
mod kops;
mod kubeadm;
mod kubeadm_patch;
mod kubespray;
mod openshift;
mod rke1;
#[cfg(test)]
mod samples;
mod talos;

use super::ReadObject;

/// Each reads what is its own and leaves the rest.
pub(super) const OBJECTS: [ReadObject; 13] = [
    kubeadm::read,
    kubeadm_patch::read,
    kind::read,
    k3s::read,
    k0s::read,
    talos::read,
    openshift::read,
    rke1::read,
    kops::read,
    kubespray::read,
    gardener::read,
    aks_engine::read,
    installers::read,
];
