//! A remedy in the words of the input: what to write where, so that a flag gets its value.

use std::borrow::Cow;

use crate::command_line::Location;
use crate::component::Component;
use crate::document::Format;
use crate::result::{Change, Verdict};
use crate::target::Target;

/// What to write in this input, if the verdict says which flags to change.
pub fn here(target: &Target, verdict: &Verdict) -> Option<String> {
    if verdict.changes.is_empty() {
        return None;
    }
    let steps: Vec<String> = verdict.changes.iter().map(|change| step(target, change)).collect();
    let mut text = steps.join("; ");
    if let Some(after) = after(target) {
        text.push_str(", then ");
        text.push_str(&after);
    }
    Some(text)
}

fn step(target: &Target, change: &Change) -> String {
    let component = target.line.component;
    let line = match &change.location {
        Some(Location::Text { span, .. }) => Some(span.start.line),
        _ => None,
    };
    match (&change.value, line) {
        (Some(value), line) => {
            let (entry, place) = written(target.format, component, &change.flag, value);
            match line {
                Some(line) => format!("line {line} becomes {entry}"),
                None => ["add ", &entry, " to ", &place].concat(),
            }
        }
        (None, Some(line)) => format!("take --{} out, line {line}", change.flag),
        (None, None) => format!("take --{} out", change.flag),
    }
}

/// A flag as an input of this format has it, and what it is added to.
fn written(
    format: Format,
    component: Component,
    flag: &str,
    value: &str,
) -> (String, Cow<'static, str>) {
    let argument = |before: &str| [before, "--", flag, "=", value].concat();
    let pair = || [flag, ": \"", value, "\""].concat();
    let section = |names: [&'static str; 5]| {
        let [apiserver, etcd, controller_manager, scheduler, kubelet] = names;
        match component {
            Component::KubeApiserver => apiserver,
            Component::Etcd => etcd,
            Component::KubeControllerManager => controller_manager,
            Component::KubeScheduler => scheduler,
            Component::Kubelet => kubelet,
        }
    };
    match format {
        Format::Pod | Format::Workload => (argument("- "), "the container's arguments".into()),
        Format::Kubeadm | Format::Kind => {
            let place = section([
                "apiServer.extraArgs",
                "etcd.local.extraArgs",
                "controllerManager.extraArgs",
                "scheduler.extraArgs",
                "nodeRegistration.kubeletExtraArgs",
            ]);
            (pair(), format!("{place} (v1beta4: - {{name: {flag}, value: \"{value}\"}})").into())
        }
        Format::K3s | Format::Rke2 => {
            let key = section([
                "kube-apiserver-arg",
                "etcd-arg",
                "kube-controller-manager-arg",
                "kube-scheduler-arg",
                "kubelet-arg",
            ]);
            (format!("- {flag}={value}"), key.into())
        }
        Format::Rke1 => {
            let place = section([
                "services.kube-api.extra_args",
                "services.etcd.extra_args",
                "services.kube-controller.extra_args",
                "services.scheduler.extra_args",
                "services.kubelet.extra_args",
            ]);
            (pair(), place.into())
        }
        Format::K0s => {
            let place = section([
                "spec.api.extraArgs",
                "spec.storage.etcd.extraArgs",
                "spec.controllerManager.extraArgs",
                "spec.scheduler.extraArgs",
                "the kubelet's arguments of the worker profile",
            ]);
            (pair(), place.into())
        }
        Format::Talos => {
            let place = section([
                "cluster.apiServer.extraArgs",
                "cluster.etcd.extraArgs",
                "cluster.controllerManager.extraArgs",
                "cluster.scheduler.extraArgs",
                "machine.kubelet.extraArgs",
            ]);
            (pair(), place.into())
        }
        Format::Openshift => (format!("{flag}: [\"{value}\"]"), "apiServerArguments".into()),
        Format::Kubespray => (
            pair(),
            format!("kube_kubeadm_{}_extra_args", component.name().trim_start_matches("kube-"))
                .into(),
        ),
        Format::AksEngine => (format!("\"--{flag}\": \"{value}\""), "its configuration".into()),
        Format::Kops | Format::Gardener => (argument(""), "the server, by the field for it".into()),
        Format::Systemd => (argument(""), "ExecStart".into()),
        Format::EnvironmentFile => (argument(""), "the variable of its arguments".into()),
        Format::ArgsFile => (argument(""), "a line of its own".into()),
        Format::Compose => (argument("- "), "command".into()),
        Format::Supervisord => (argument(""), "command=".into()),
        Format::Script | Format::Ps | Format::Journal | Format::Cmdline | Format::Argv => {
            (argument(""), "the command line".into())
        }
    }
}

/// What makes a change take effect, where saving the file does not.
fn after(target: &Target) -> Option<String> {
    let component = target.line.component.name();
    match target.format {
        Format::Systemd => {
            Some(format!("systemctl daemon-reload && systemctl restart {component}"))
        }
        Format::EnvironmentFile => Some(format!("systemctl restart {component}")),
        Format::K3s => Some("systemctl restart k3s".to_owned()),
        Format::Rke2 => Some("systemctl restart rke2-server".to_owned()),
        Format::Rke1 => Some("rke up".to_owned()),
        Format::ArgsFile => Some("snap restart microk8s".to_owned()),
        Format::Kubeadm => Some(match target.line.component {
            Component::Etcd => "kubeadm init phase etcd local --config FILE".to_owned(),
            Component::Kubelet => "kubeadm upgrade node phase kubelet-config".to_owned(),
            _ => "kubeadm init phase control-plane all --config FILE".to_owned(),
        }),
        Format::Compose => Some("docker compose up -d".to_owned()),
        Format::Supervisord => Some("supervisorctl update".to_owned()),
        _ => None,
    }
}
