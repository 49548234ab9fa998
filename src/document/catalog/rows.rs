//! The rows.

use super::{Reader, Row};
use crate::document::distribution::{
    aks_engine, gardener, installers, k0s, k3s, kind, kops, kubeadm, kubespray, openshift, patch,
    rke1, talos,
};
use crate::document::format::{Arguments, Format, Wording};
use crate::document::host::{
    args_file, cmdline, compose, environment_file, journal, ps, script, supervisord, systemd,
};
use crate::document::pod;

/// `name: "value"`.
const PAIR: Arguments = Arguments::Settings("{flag}: \"{value}\"");

/// `- name=value`, an item of a list that has a name of its own.
const ENTRY: Arguments = Arguments::Settings("- {flag}={value}");

/// A typed field becomes the flag; how that is called is not known here.
const FIELD: Arguments = Arguments::Settings("--{flag}={value}");

const EXTRA_ARGS_OF_KUBEADM: Wording = Wording::Each([
    "apiServer.extraArgs (v1beta4: - {name: {flag}, value: \"{value}\"})",
    "etcd.local.extraArgs (v1beta4: - {name: {flag}, value: \"{value}\"})",
    "controllerManager.extraArgs (v1beta4: - {name: {flag}, value: \"{value}\"})",
    "scheduler.extraArgs (v1beta4: - {name: {flag}, value: \"{value}\"})",
    "nodeRegistration.kubeletExtraArgs (v1beta4: - {name: {flag}, value: \"{value}\"})",
]);

const ARGS_OF_K3S: Wording = Wording::Each([
    "kube-apiserver-arg",
    "etcd-arg",
    "kube-controller-manager-arg",
    "kube-scheduler-arg",
    "kubelet-arg",
]);

const COMMAND_LINE: Wording = Wording::Same("the command line");

impl Format {
    /// What is known of the format.
    #[allow(clippy::too_many_lines, reason = "it is a table")]
    pub(in crate::document) const fn row(self) -> &'static Row {
        match self {
            Self::Pod => &Row {
                name: "pod",
                words: &[],
                reader: Reader::List(pod::read),
                arguments: Arguments::Items,
                place: Wording::Same("the container's arguments"),
                takes_effect: None,
            },
            Self::Workload => &Row {
                name: "workload",
                words: &[],
                reader: Reader::OfAnother,
                arguments: Arguments::Items,
                place: Wording::Same("the container's arguments"),
                takes_effect: None,
            },
            Self::Kubeadm => &Row {
                name: "kubeadm",
                // A JSON patch need not name what it patches.
                words: &["/spec/containers/"],
                reader: Reader::Object(&[
                    kubeadm::read,
                    installers::read,
                    patch::class::read,
                    patch::alone::read,
                ]),
                arguments: PAIR,
                place: EXTRA_ARGS_OF_KUBEADM,
                takes_effect: Some(Wording::Each([
                    "kubeadm init phase control-plane all --config FILE",
                    "kubeadm init phase etcd local --config FILE",
                    "kubeadm init phase control-plane all --config FILE",
                    "kubeadm init phase control-plane all --config FILE",
                    "kubeadm upgrade node phase kubelet-config",
                ])),
            },
            Self::Kind => &Row {
                name: "kind",
                words: &["kind.x-k8s.io"],
                reader: Reader::Object(&[kind::read]),
                arguments: PAIR,
                place: EXTRA_ARGS_OF_KUBEADM,
                takes_effect: None,
            },
            Self::K3s => &Row {
                name: "k3s",
                words: &[
                    "k3s",
                    "rancher",
                    "rkeConfig",
                    "secrets-encryption",
                    "cluster-init",
                    "flannel-backend",
                    "tls-san",
                    "node-taint",
                    "write-kubeconfig",
                    "disable-cloud-controller",
                    "disable-network-policy",
                ],
                reader: Reader::Object(&[k3s::read]),
                arguments: ENTRY,
                place: ARGS_OF_K3S,
                takes_effect: Some(Wording::Same("systemctl restart k3s")),
            },
            Self::Rke2 => &Row {
                name: "rke2",
                words: &["rke2"],
                reader: Reader::OfAnother,
                arguments: ENTRY,
                place: ARGS_OF_K3S,
                takes_effect: Some(Wording::Same("systemctl restart rke2-server")),
            },
            Self::K0s => &Row {
                name: "k0s",
                words: &["k0sproject"],
                reader: Reader::Object(&[k0s::read]),
                arguments: PAIR,
                place: Wording::Each([
                    "spec.api.extraArgs",
                    "spec.storage.etcd.extraArgs",
                    "spec.controllerManager.extraArgs",
                    "spec.scheduler.extraArgs",
                    "the kubelet's arguments of the worker profile",
                ]),
                takes_effect: None,
            },
            Self::Talos => &Row {
                name: "talos",
                // talhelper's.
                words: &["clusterName"],
                reader: Reader::Object(&[talos::read]),
                arguments: PAIR,
                place: Wording::Each([
                    "cluster.apiServer.extraArgs",
                    "cluster.etcd.extraArgs",
                    "cluster.controllerManager.extraArgs",
                    "cluster.scheduler.extraArgs",
                    "machine.kubelet.extraArgs",
                ]),
                takes_effect: None,
            },
            Self::Openshift => &Row {
                name: "openshift",
                words: &["openshift.io"],
                reader: Reader::Object(&[openshift::read]),
                arguments: Arguments::Settings("{flag}: [\"{value}\"]"),
                place: Wording::Same("apiServerArguments"),
                takes_effect: None,
            },
            Self::Rke1 => &Row {
                name: "rke1",
                words: &[],
                reader: Reader::Object(&[rke1::read]),
                arguments: PAIR,
                place: Wording::Each([
                    "services.kube-api.extra_args",
                    "services.etcd.extra_args",
                    "services.kube-controller.extra_args",
                    "services.scheduler.extra_args",
                    "services.kubelet.extra_args",
                ]),
                takes_effect: Some(Wording::Same("rke up")),
            },
            Self::Kops => &Row {
                name: "kops",
                words: &["kops.k8s.io"],
                reader: Reader::Object(&[kops::read]),
                arguments: FIELD,
                place: Wording::Same("the server, by the field for it"),
                takes_effect: None,
            },
            Self::Kubespray => &Row {
                name: "kubespray",
                words: &[],
                reader: Reader::Object(&[kubespray::read]),
                arguments: PAIR,
                place: Wording::Each([
                    "kube_kubeadm_apiserver_extra_args",
                    "etcd_extra_vars",
                    "kube_kubeadm_controller_extra_args",
                    "kube_kubeadm_scheduler_extra_args",
                    "kubelet_custom_flags",
                ]),
                takes_effect: None,
            },
            Self::Gardener => &Row {
                name: "gardener",
                words: &["gardener.cloud"],
                reader: Reader::Object(&[gardener::read]),
                arguments: FIELD,
                place: Wording::Same("the server, by the field for it"),
                takes_effect: None,
            },
            Self::AksEngine => &Row {
                name: "aks-engine",
                words: &["apimodel", "orchestratorProfile"],
                reader: Reader::Object(&[aks_engine::read]),
                arguments: Arguments::Settings("\"--{flag}\": \"{value}\""),
                place: Wording::Same("its configuration"),
                takes_effect: None,
            },
            Self::Compose => &Row {
                name: "compose",
                words: &[],
                reader: Reader::Object(&[compose::read]),
                arguments: Arguments::Items,
                place: Wording::Same("command"),
                takes_effect: Some(Wording::Same("docker compose up -d")),
            },
            Self::Cmdline => &Row {
                name: "cmdline",
                words: &[],
                reader: Reader::Marked(cmdline::read),
                arguments: Arguments::Words,
                place: COMMAND_LINE,
                takes_effect: None,
            },
            Self::Supervisord => &Row {
                name: "supervisord",
                words: &[],
                reader: Reader::Marked(supervisord::read),
                arguments: Arguments::Words,
                place: Wording::Same("command="),
                takes_effect: Some(Wording::Same("supervisorctl update")),
            },
            Self::Systemd => &Row {
                name: "systemd",
                words: &[],
                reader: Reader::Marked(systemd::read),
                arguments: Arguments::Words,
                place: Wording::Same("ExecStart"),
                takes_effect: Some(Wording::Same(
                    "systemctl daemon-reload && systemctl restart {component}",
                )),
            },
            Self::Journal => &Row {
                name: "journal",
                words: &[],
                reader: Reader::Likely(journal::read),
                arguments: Arguments::Words,
                place: COMMAND_LINE,
                takes_effect: None,
            },
            Self::Ps => &Row {
                name: "ps",
                words: &[],
                reader: Reader::Likely(ps::read),
                arguments: Arguments::Words,
                place: COMMAND_LINE,
                takes_effect: None,
            },
            Self::EnvironmentFile => &Row {
                name: "environment-file",
                words: &[],
                reader: Reader::Likely(environment_file::read),
                arguments: Arguments::Words,
                place: Wording::Same("the variable of its arguments"),
                takes_effect: Some(Wording::Same("systemctl restart {component}")),
            },
            Self::ArgsFile => &Row {
                name: "args-file",
                words: &[],
                reader: Reader::Likely(args_file::read),
                arguments: Arguments::Words,
                place: Wording::Same("a line of its own"),
                takes_effect: Some(Wording::Same("snap restart microk8s")),
            },
            Self::Script => &Row {
                name: "script",
                words: &[],
                reader: Reader::Likely(script::read),
                arguments: Arguments::Words,
                place: COMMAND_LINE,
                takes_effect: None,
            },
            Self::Argv => &Row {
                name: "argv",
                words: &[],
                reader: Reader::NoText,
                arguments: Arguments::Words,
                place: COMMAND_LINE,
                takes_effect: None,
            },
        }
    }
}
