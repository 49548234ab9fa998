//! KubeSchedulerConfiguration: the file of the scheduler's `--config`.
//!
//! Beside it the deprecated flags are ignored; those of leader election win over it. Decoding is
//! strict, but for v1alpha1. Sources: kubernetes `cmd/kube-scheduler/app/options/options.go`
//! (`ApplyTo`) and `configfile.go`, `staging/src/k8s.io/kube-scheduler/config`,
//! `pkg/scheduler/apis/config`; which minors know a version: KEP-785.

use std::collections::BTreeMap;

use super::fields::{self, Field, Shape, field};
use super::own_file::{file, path, refused};
use super::{ApiVersions, Object, Problem, document};
use crate::flags::Flags;
use crate::flags::catalog::Release;
use crate::flags::own_file::{Fallback, FileValues, Overlay};
use crate::source::{Files, NamedBytes};

/// The first release whose file is of the group that is read here.
const SINCE: Release = Release::kubernetes(12);

const KIND: ApiVersions = ApiVersions {
    kind: "KubeSchedulerConfiguration",
    versions: &[
        ("kubescheduler.config.k8s.io/v1", "1.25.."),
        ("kubescheduler.config.k8s.io/v1beta3", "1.23..1.28"),
        ("kubescheduler.config.k8s.io/v1beta2", "1.22..1.27"),
        ("kubescheduler.config.k8s.io/v1beta1", "1.19..1.22"),
        ("kubescheduler.config.k8s.io/v1alpha2", "1.18..1.18"),
        (LENIENT, "1.12..1.18"),
    ],
};

/// The version that is decoded leniently.
const LENIENT: &str = "kubescheduler.config.k8s.io/v1alpha1";

#[rustfmt::skip]
const FIELDS: &[Field] = &[
    field("enableProfiling",                  "profiling",                       Shape::Bool),
    field("enableContentionProfiling",        "contention-profiling",            Shape::Bool),
    field("clientConnection.kubeconfig",      "kubeconfig",                      Shape::Text),
    field("clientConnection.contentType",     "kube-api-content-type",           Shape::Text),
    field("clientConnection.qps",             "kube-api-qps",                    Shape::Number),
    field("clientConnection.burst",           "kube-api-burst",                  Shape::Count),
    field("leaderElection.leaderElect",       "leader-elect",                    Shape::Bool),
    field("leaderElection.leaseDuration",     "leader-elect-lease-duration",     Shape::Time),
    field("leaderElection.renewDeadline",     "leader-elect-renew-deadline",     Shape::Time),
    field("leaderElection.retryPeriod",       "leader-elect-retry-period",       Shape::Time),
    field("leaderElection.resourceLock",      "leader-elect-resource-lock",      Shape::Text),
    field("leaderElection.resourceName",      "leader-elect-resource-name",      Shape::Text),
    field("leaderElection.resourceNamespace", "leader-elect-resource-namespace", Shape::Text),
];

/// Fields that stand for no flag.
const OTHERS: [&str; 12] = [
    "apiVersion",
    "clientConnection",
    "delayCacheUntilActive",
    "extenders",
    "kind",
    "leaderElection",
    "parallelism",
    "percentageOfNodesToScore",
    "percentageOfPlacementsToScore",
    "podInitialBackoffSeconds",
    "podMaxBackoffSeconds",
    "profiles",
];

/// Fields that the beta versions had too.
const BETA: [&str; 2] = ["healthzBindAddress", "metricsBindAddress"];

/// Fields that v1alpha2 had too.
const ALPHA: [&str; 2] = ["bindTimeoutSeconds", "disablePreemption"];

/// What the scheduler's file makes of its flags.
pub(super) fn overlay(flags: &Flags, files: &Files) -> Result<Overlay, Overlay> {
    let Some(path) = path(flags, "config")?.filter(|_| flags.release >= SINCE) else {
        return Ok(Overlay::Elsewhere);
    };
    decode(flags, &*file(files, path)?).map_err(|problem| refused(problem, files))
}

fn decode(flags: &Flags, file: &NamedBytes) -> Result<Overlay, Problem> {
    let document = document(file)?;
    let object = document.object(&KIND, flags.minor())?;
    let version = object.text("apiVersion")?.map(|version| version.value).unwrap_or_default();
    if version != LENIENT {
        if let Some(problem) = document.duplicate() {
            return Err(problem);
        }
        strict(&object, &version)?;
    }
    let (mut given, mut left_out) = (Vec::new(), BTreeMap::new());
    for field in FIELDS {
        let Some(spec) = flags.catalog.find(field.flag) else { continue };
        match fields::read(field, spec.kind(flags.release), &[object], None)? {
            Some(found) => given.push(found),
            None => {
                let left = fields::left_out(field, &[object], Fallback::Flag, file)?;
                left_out.insert(field.flag, left);
            }
        }
    }
    Ok(Overlay::Read(FileValues { given, left_out, remarks: Vec::new() }))
}

/// Refuses what the version does not know; profiles and extenders are not looked into.
fn strict(object: &Object<'_>, version: &str) -> Result<(), Problem> {
    let mut known: Vec<&str> = OTHERS.to_vec();
    known.extend(["enableProfiling", "enableContentionProfiling"]);
    if version.contains("beta") || version.contains("alpha") {
        known.extend(BETA);
    }
    if version.contains("alpha") {
        known.extend(ALPHA);
    }
    object.only(&known)?;
    for name in ["clientConnection", "leaderElection"] {
        let Some(inner) = object.object(name)? else { continue };
        let prefix = format!("{name}.");
        let mut known: Vec<&str> =
            FIELDS.iter().filter_map(|field| field.path.strip_prefix(prefix.as_str())).collect();
        if name == "clientConnection" {
            known.push("acceptContentTypes");
        }
        inner.only(&known)?;
    }
    Ok(())
}
