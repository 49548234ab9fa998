//! The flags of the API server that kops sets whatever the document says, to the value given here or to
//! one that depends on its release.

use super::{BY, Cluster};
use crate::document::distribution::added::{Added, Distribution};
use crate::version::Minor;
use crate::yaml::{Node, ScalarKind};

pub(super) struct Kops;

impl Distribution for Kops {
    type Basis<'a> = Cluster<'a>;

    fn name(_: &Cluster<'_>) -> &'static str {
        BY
    }

    fn release(cluster: &Cluster<'_>) -> Option<Minor> {
        cluster.version
    }

    fn folder(_: &Cluster<'_>) -> Option<String> {
        None
    }
}

pub(super) type Row = Added<Kops>;

pub(super) const API_SERVER: &[Row] = &[
    Row::text("allow-privileged", "true").wins(),
    Row::text("anonymous-auth", "false").wins().when(authenticates_by_flag),
    Row::replaced("anonymous-auth"),
    Row::text("bind-address", "0.0.0.0").wins(),
    Row::text("secure-port", "443").wins(),
    Row::replaced("authorization-mode"),
    Row::replaced("cloud-provider"),
    Row::replaced("enable-admission-plugins"),
    Row::replaced("etcd-servers"),
    Row::replaced("etcd-servers-overrides"),
    Row::replaced("insecure-port"),
    Row::replaced("requestheader-allowed-names"),
    Row::replaced("requestheader-extra-headers-prefix"),
    Row::replaced("requestheader-group-headers"),
    Row::replaced("requestheader-username-headers"),
    Row::replaced("service-cluster-ip-range"),
];

/// Whether no newer kops leaves the authentication to a file, and `--anonymous-auth` with it.
fn authenticates_by_flag(cluster: &Cluster<'_>) -> bool {
    let set = |node: &Node| node.scalar().is_none_or(|it| it.kind() != ScalarKind::Null);
    let places = [cluster.spec.get("kubeAPIServer"), Some(cluster.spec)].into_iter().flatten();
    let files = places.filter_map(|node| {
        node.get("authenticationConfigFile").or(node.get("authenticationConfig"))
    });
    !files.into_iter().any(set)
}
