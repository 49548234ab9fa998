//! The arguments of each component.

use super::BY;
use super::added::{API_SERVER, CONTROLLER_MANAGER, ETCD, K0s, SCHEDULER, STORAGE, has_etcd};
use super::cluster::{Cluster, texts};
use crate::command_line::CommandLine;
use crate::component::Component;
use crate::document::distribution::added::{add, settled};
use crate::document::distribution::declared::Declared;
use crate::yaml::{Node, Value};

/// Flags of the API server that an empty value leaves to k0s.
const FILLED_IF_EMPTY: [&str; 7] = [
    "allow-privileged",
    "anonymous-auth",
    "requestheader-extra-headers-prefix",
    "requestheader-group-headers",
    "requestheader-username-headers",
    "secure-port",
    "tls-cipher-suites",
];

/// A map of names and values; an empty value of a flag in `filled` counts as none.
fn extra_args(declared: &mut Declared<'_>, section: Option<&Node>, filled: &[&str]) {
    let args = section.and_then(|section| section.get("extraArgs"));
    let Some(Value::Mapping(entries)) = args.map(|args| &args.value) else { return };
    for (key, value) in entries {
        let empty = value.as_str() == Some("");
        if let Some(name) = key.as_str().filter(|name| !(empty && filled.contains(name))) {
            declared.flag(name, value, Some(BY));
        }
    }
}

fn raw_args(declared: &mut Declared<'_>, section: Option<&Node>) {
    let list = section.and_then(|section| section.get("rawArgs")).and_then(Node::items);
    for item in list.unwrap_or_default() {
        if let Some(text) = item.as_str() {
            declared.argument(text, item);
        }
    }
}

pub(super) fn api_server(cluster: &Cluster<'_>) -> CommandLine {
    let section = cluster.at(&["api"]);
    let mut declared = cluster.declared(Component::KubeApiserver, &["api"]);
    extra_args(&mut declared, section, &FILLED_IF_EMPTY);
    cluster.feature_gates(&mut declared, Component::KubeApiserver);
    add(&mut declared, API_SERVER, cluster);
    raw_args(&mut declared, section);
    storage(&mut declared, cluster);
    cluster.line(declared)
}

/// How the API server reaches etcd; nothing comes behind it.
fn storage(declared: &mut Declared<'_>, cluster: &Cluster<'_>) {
    let Some(external) = cluster.at(&["storage", "etcd", "externalCluster"]) else {
        for (flag, value) in settled::<K0s>(STORAGE, cluster, |_| false) {
            declared.own(BY, flag, value.as_deref());
        }
        return;
    };
    let endpoints = texts(external.get("endpoints")).join(",");
    declared.value("etcd-servers", endpoints, external);
    for (flag, field) in [
        ("etcd-cafile", "caFile"),
        ("etcd-certfile", "clientCertFile"),
        ("etcd-keyfile", "clientKeyFile"),
        ("etcd-prefix", "etcdPrefix"),
    ] {
        if let Some(value) = external.get(field) {
            declared.flag(flag, value, Some(BY));
        }
    }
}

pub(super) fn etcd(cluster: &Cluster<'_>) -> Option<CommandLine> {
    if !has_etcd(cluster) {
        return None;
    }
    let section = cluster.at(&["storage", "etcd"]);
    let mut declared = cluster.declared(Component::Etcd, &["storage", "etcd"]);
    extra_args(&mut declared, section, &[]);
    raw_args(&mut declared, section);
    add(&mut declared, ETCD, cluster);
    Some(cluster.line(declared))
}

pub(super) fn controller_manager(cluster: &Cluster<'_>) -> CommandLine {
    let section = cluster.at(&["controllerManager"]);
    let mut declared = cluster.declared(Component::KubeControllerManager, &["controllerManager"]);
    if cluster.flags.iter().any(|flag| flag.contains("kube-controller-manager-extra-args")) {
        declared.open("a flag of k0s itself sets more");
    }
    let filled = [
        "allocate-node-cidrs",
        "bind-address",
        "cluster-name",
        "controllers",
        "leader-elect",
        "use-service-account-credentials",
    ];
    extra_args(&mut declared, section, &filled);
    cluster.feature_gates(&mut declared, Component::KubeControllerManager);
    add(&mut declared, CONTROLLER_MANAGER, cluster);
    raw_args(&mut declared, section);
    cluster.line(declared)
}

pub(super) fn scheduler(cluster: &Cluster<'_>) -> CommandLine {
    let section = cluster.at(&["scheduler"]);
    let mut declared = cluster.declared(Component::KubeScheduler, &["scheduler"]);
    extra_args(&mut declared, section, &[]);
    cluster.feature_gates(&mut declared, Component::KubeScheduler);
    add(&mut declared, SCHEDULER, cluster);
    raw_args(&mut declared, section);
    cluster.line(declared)
}
