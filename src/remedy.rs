//! A remedy in the words of the input: what to write where, so that a flag gets its value.

use std::borrow::Cow;

use crate::command_line::{Arg, Location};
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
    let Some(value) = &change.value else { return taken_out(target, change) };
    let line = &target.line;
    let (entry, place) = written(target.format, line.component, &change.flag, value);
    let Some(at) = change.location.as_ref().and_then(line_of) else {
        return ["add ", &entry, " to ", &place].concat();
    };
    let variable =
        line.environment.iter().find(|it| Some(&it.value.location) == change.location.as_ref());
    if let Some(variable) = variable {
        return format!("set {} to \"{value}\", line {at}", variable.name);
    }
    let next = separate_value(target, change).map(|value| line_of(&value.location));
    let whole = |at: usize| line.whole_lines.contains(&at);
    match next {
        None if may_be_replaced(target, change, at) => format!("line {at} becomes {entry}"),
        Some(Some(next)) if next == at + 1 && whole(at) && whole(next) => {
            format!("lines {at} and {next} become {entry}")
        }
        _ => format!("set {} in line {at}", entry.trim_start_matches("- ")),
    }
}

fn taken_out(target: &Target, change: &Change) -> String {
    let flag = &change.flag;
    let Some(at) = change.location.as_ref().and_then(line_of) else {
        return format!("take --{flag} out");
    };
    match separate_value(target, change).map(|value| line_of(&value.location)) {
        None => format!("take --{flag} out, line {at}"),
        Some(Some(next)) if next != at => format!("take --{flag} out, lines {at} and {next}"),
        Some(_) => format!("take --{flag} and its value out, line {at}"),
    }
}

fn line_of(location: &Location) -> Option<usize> {
    match location {
        Location::Text { span, .. } => Some(span.start.line()),
        _ => None,
    }
}

/// The argument behind the flag's own, if that holds its value.
fn separate_value<'t>(target: &'t Target, change: &Change) -> Option<&'t Arg> {
    let args = &target.line.args;
    let at = index_of(target, change)?;
    let next = args.get(at + 1)?;
    let bare = |arg: &Arg| arg.text.starts_with('-') && !arg.text.contains('=');
    (bare(args.get(at)?) && !next.text.starts_with('-')).then_some(next)
}

/// Which argument holds the flag. The change's place may go on to the end of the flag's value.
fn index_of(target: &Target, change: &Change) -> Option<usize> {
    let begins = |location: &Location| match location {
        Location::Text { path, span } => Some((path.clone(), span.start)),
        _ => None,
    };
    let place = begins(change.location.as_ref()?)?;
    target.line.args.iter().position(|arg| begins(&arg.location).as_ref() == Some(&place))
}

/// Whether nothing but the flag stands in its line, as far as the input's format can have more there.
fn may_be_replaced(target: &Target, change: &Change, at: usize) -> bool {
    let line = &target.line;
    if is_list_of_words(target.format) {
        return line.whole_lines.contains(&at);
    }
    let own = index_of(target, change);
    let others = line.args.iter().enumerate().filter(|(at, _)| Some(*at) != own);
    // What the distribution adds by itself stands nowhere.
    let mut written = others.filter(|(_, arg)| arg.added_by.is_none());
    !written.any(|(_, arg)| line_of(&arg.location) == Some(at))
}

/// Whether an input has arguments as words, which stand in a line one by one or together.
fn is_list_of_words(format: Format) -> bool {
    matches!(
        format,
        Format::Pod
            | Format::Workload
            | Format::Compose
            | Format::Systemd
            | Format::EnvironmentFile
            | Format::ArgsFile
            | Format::Supervisord
            | Format::Script
            | Format::Ps
            | Format::Journal
            | Format::Cmdline
            | Format::Argv
    )
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
