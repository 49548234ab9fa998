//! What the controller manager refuses: controllers that it does not know.
//!
//! Which release has which controller is not in the tables, so a name that any release had is let
//! pass. Sources: kubernetes `cmd/kube-controller-manager/app/controllermanager.go`,
//! `cmd/kube-controller-manager/names/controller_names.go`.

use super::{Flags, leader_election};
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};
use crate::spelling::{nearest, suggestion};

const FLAG: &str = flag_name!("controllers");
/// What controllers are called since 1.28; the older names are still taken.
const SUFFIX: &str = "-controller";
/// The last release all of whose controllers are listed here. What later ones add has the suffix.
const LISTED: Release = Release::kubernetes(31);

/// The names up to 1.27, and those that have never had the suffix.
const SHORT: [&str; 44] = [
    "attachdetach",
    "bootstrapsigner",
    "certificatesigningrequests",
    "cloud-node",
    "cloud-node-lifecycle",
    "clusterrole-aggregation",
    "cronjob",
    "csrapproving",
    "csrcleaner",
    "csrsigning",
    "daemonset",
    "deployment",
    "disruption",
    "endpoint",
    "endpointslice",
    "endpointslicemirroring",
    "ephemeral-volume",
    "garbagecollector",
    "horizontalpodautoscaling",
    "job",
    "legacy-service-account-token-cleaner",
    "namespace",
    "node",
    "nodeipam",
    "nodelifecycle",
    "persistentvolume-binder",
    "persistentvolume-expander",
    "podgc",
    "pv-protection",
    "pvc-protection",
    "replicaset",
    "replicationcontroller",
    "resource-claim-controller",
    "resourcequota",
    "root-ca-cert-publisher",
    "route",
    "service",
    "serviceaccount",
    "serviceaccount-token",
    "statefulset",
    "storage-version-gc",
    "tokencleaner",
    "ttl",
    "ttl-after-finished",
];

/// The names since 1.28, up to [`LISTED`], without their suffix.
const LONG: [&str; 44] = [
    "bootstrap-signer",
    "certificatesigningrequest-approving",
    "certificatesigningrequest-cleaner",
    "certificatesigningrequest-signing",
    "cloud-node-lifecycle",
    "clusterrole-aggregation",
    "cronjob",
    "daemonset",
    "deployment",
    "disruption",
    "endpoints",
    "endpointslice",
    "endpointslice-mirroring",
    "ephemeral-volume",
    "garbage-collector",
    "horizontal-pod-autoscaler",
    "job",
    "legacy-serviceaccount-token-cleaner",
    "namespace",
    "node-ipam",
    "node-lifecycle",
    "node-route",
    "persistentvolume-attach-detach",
    "persistentvolume-binder",
    "persistentvolume-expander",
    "persistentvolume-protection",
    "persistentvolumeclaim-protection",
    "pod-garbage-collector",
    "replicaset",
    "replicationcontroller",
    "resourceclaim",
    "resourcequota",
    "root-ca-certificate-publisher",
    "service-cidr",
    "service-lb",
    "serviceaccount",
    "serviceaccount-token",
    "statefulset",
    "storage-version-migrator",
    "storageversion-garbage-collector",
    "taint-eviction",
    "token-cleaner",
    "ttl",
    "ttl-after-finished",
];

/// Names that some releases had and no list has: two with the suffix, and one that the source itself
/// had misspelt up to 1.7.
const PASSING: [&str; 3] =
    ["resource-claim-controller", "statefuleset", "validatingadmissionpolicy-status-controller"];

pub(super) fn validate(flags: &mut Flags) {
    leader_election::validate(flags);
    for item in flags.items(FLAG).unwrap_or_default().to_vec() {
        let name = item.strip_prefix('-').unwrap_or(&item);
        if item != "*" && !is_known(name, flags.release) {
            let near = suggestion(nearest(name, SHORT));
            let message = Clause::of_value(format!("no release has a controller {name:?}{near}"));
            flags.refuse_item((FLAG, &item), Code::BadValue, message);
        }
    }
}

/// Whether some release has the controller, or this one may have it.
fn is_known(name: &str, release: Release) -> bool {
    if SHORT.contains(&name) || PASSING.contains(&name) {
        return true;
    }
    name.strip_suffix(SUFFIX).is_some_and(|name| LONG.contains(&name) || release > LISTED)
}
