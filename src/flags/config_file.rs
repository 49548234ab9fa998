//! What a configuration file takes out of the flags' hands.
//!
//! etcd reads its file and nothing else. The kubelet's file, and the files of its drop-in folder, fill
//! in what is not set on the command line. The scheduler's file makes it ignore its deprecated flags.
//! Sources: etcd `server/etcdmain/config.go`; kubernetes `cmd/kubelet/app/server.go`,
//! `cmd/kube-scheduler/app/options/options.go`.

use std::borrow::Cow;

use super::catalog::FlagSpec;
use super::catalog::Release;
use super::own_file::FileState;
use super::value::Value;
use super::{Effective, Flags, Setting};
use crate::component::Component;

/// The first release whose `--config` names a configuration: before it named a folder of manifests.
const KUBELET_SINCE: Release = Release::kubernetes(8);

/// The flags that name a component's configuration files.
fn flags_of(component: Component) -> &'static [&'static str] {
    match component {
        Component::Etcd => &["config-file"],
        Component::Kubelet => &["config", "config-dir"],
        Component::KubeScheduler => &["config"],
        Component::KubeApiserver | Component::KubeControllerManager => &[],
    }
}

/// Whether a setting is of a flag that names a component's own file: most command lines have none.
pub(super) fn is_given(component: Component, settings: &[Setting]) -> bool {
    let names = flags_of(component);
    !names.is_empty() && settings.iter().any(|setting| names.contains(&&*setting.name))
}

/// The setting that names a component's own file, if one does or may.
pub(super) fn naming(flags: &Flags) -> Option<&Setting> {
    let too_old = flags.catalog.component == Component::Kubelet && flags.release < KUBELET_SINCE;
    if too_old || !flags.gives_file {
        return None;
    }
    flags_of(flags.catalog.component).iter().find_map(|name| match flags.effective(name) {
        Effective::Set { value: Value::Text(path), settings } => {
            settings.last().filter(|_| !path.is_empty())
        }
        Effective::Unresolved { setting, .. } => setting,
        _ => None,
    })
}

/// What the file makes of a flag, where the command line does not decide about it.
pub(super) fn decides<'f>(flags: &'f Flags, spec: &FlagSpec) -> Option<Effective<'f>> {
    if !flags.gives_file || flags_of(flags.catalog.component).contains(&spec.name) {
        return None;
    }
    let setting = naming(flags)?;
    let path = setting.shown_value();
    let given = flags.is_given_on_line(spec.name);
    let why = match flags.catalog.component {
        Component::Etcd => format!("etcd reads {path} and ignores all other flags and variables"),
        // Flags of other groups have no field in the file.
        Component::Kubelet if !given && matches!(spec.group, Some("config") | None) => {
            format!("not set, and {path} can set it")
        }
        Component::KubeScheduler if spec.group == Some("deprecated") => {
            format!("{path} decides: the flag is ignored beside it")
        }
        Component::KubeScheduler if spec.group == Some("leader election") && !given => {
            format!("not set, and {path} can set it")
        }
        _ => return None,
    };
    match &flags.file {
        FileState::NotRead => {
            Some(Effective::Unresolved { setting: Some(setting), why: why.into() })
        }
        FileState::Unusable { setting, why } => {
            Some(Effective::Broken { setting, why: Cow::Borrowed(why), value: None })
        }
        // The scheduler has deprecated flags that no field stands for.
        FileState::Read { left_out } => {
            let known = left_out.contains_key(spec.name)
                || flags.last(spec.name).is_some_and(|setting| setting.in_file);
            let stays = flags.catalog.component == Component::KubeScheduler && !known;
            stays.then_some(Effective::Unresolved { setting: Some(setting), why: why.into() })
        }
    }
}
