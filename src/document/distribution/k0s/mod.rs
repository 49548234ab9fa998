//! k0s: its ClusterConfig, alone, in k0sctl's Cluster and in the control planes of k0smotron.
//!
//! `extraArgs` replace what k0s sets, `rawArgs` come behind them, etcd's addresses last. Sources: k0s
//! `pkg/component/controller/{apiserver,controllermanager,scheduler,etcd}.go`,
//! `pkg/apis/k0s/v1beta1/featuregates.go`.

mod added;
mod cluster;
mod lines;

#[cfg(test)]
mod tests;

use crate::document::carrier::Carrier;
use crate::document::{Format, Found};
use crate::yaml::Node;
use cluster::cluster;
use lines::{api_server, controller_manager, etcd, scheduler};

const BY: &str = "k0s";

/// The command lines in one document.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let Some(cluster) = cluster(root, carrier) else { return Vec::new() };
    let mut lines = Vec::new();
    if !cluster.dynamic {
        lines.push(api_server(&cluster));
        lines.extend(etcd(&cluster));
    }
    lines.push(controller_manager(&cluster));
    lines.push(scheduler(&cluster));
    let found = |line| Found { document, format: Format::K0s, line, diagnostics: Vec::new() };
    lines.into_iter().map(found).collect()
}
