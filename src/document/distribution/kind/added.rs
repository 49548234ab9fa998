//! What kind writes into kubeadm's configuration before the patches.

use super::{BY, Cluster};
use crate::component::Component;
use crate::document::distribution::added::{Added, Distribution};
use crate::version::Minor;

pub(super) struct Kind;

impl Distribution for Kind {
    type Basis<'a> = Cluster<'a>;

    fn name(_: &Cluster<'_>) -> &'static str {
        BY
    }

    /// Each node has its own; what kind writes is the same for all.
    fn release(_: &Cluster<'_>) -> Option<Minor> {
        None
    }

    fn folder(_: &Cluster<'_>) -> Option<String> {
        None
    }
}

type Row = Added<Kind>;

/// The flags that kind writes into the `extraArgs` of a component.
pub(super) fn generated(component: Component) -> &'static [Row] {
    match component {
        Component::KubeApiserver => API_SERVER,
        Component::KubeControllerManager => CONTROLLER_MANAGER,
        Component::KubeScheduler => SCHEDULER,
        Component::Etcd | Component::Kubelet => &[],
    }
}

const API_SERVER: &[Row] =
    &[Row::text("runtime-config", "").when(|cluster| cluster.root.get("runtimeConfig").is_none())];

const CONTROLLER_MANAGER: &[Row] = &[
    Row::text("enable-hostpath-provisioner", "true"),
    Row::filled_in("bind-address").when(|cluster| !cluster.is_ipv4()),
];

const SCHEDULER: &[Row] = &[Row::filled_in("bind-address").when(|cluster| !cluster.is_ipv4())];

/// What kind adds to the kubelet's flags where no patch gives them.
pub(super) const KUBELET: &[Row] = &[Row::filled_in("node-ip"), Row::filled_in("provider-id")];
