//! What a configuration file takes out of the flags' hands.
//!
//! etcd reads its file and nothing else. The kubelet's file fills in what is not set on the command
//! line. The scheduler's file makes it ignore its deprecated flags. Sources: etcd
//! `server/etcdmain/config.go`; kubernetes `cmd/kubelet/app/server.go`,
//! `cmd/kube-scheduler/app/options/options.go`.

use super::catalog::FlagSpec;
use super::value::Value;
use super::{Effective, Flags, Setting};
use crate::component::Component;

/// The flag that names a component's configuration file.
fn flag_of(component: Component) -> Option<&'static str> {
    match component {
        Component::Etcd => Some("config-file"),
        Component::Kubelet | Component::KubeScheduler => Some("config"),
        Component::KubeApiserver | Component::KubeControllerManager => None,
    }
}

/// The setting of the file that decides a flag instead of the command line, and why.
pub(super) fn decides<'f>(flags: &'f Flags, spec: &FlagSpec) -> Option<(&'f Setting, String)> {
    let name = flag_of(flags.catalog.component).filter(|name| *name != spec.name)?;
    if flags.settings.iter().all(|setting| setting.name != name) {
        return None;
    }
    let Effective::Set { value: Value::Text(path), settings } = flags.effective(name) else {
        return None;
    };
    let setting = settings.last().copied().filter(|_| !path.is_empty())?;
    // Up to 1.7 the kubelet's --config names a folder of manifests.
    let is_configuration = flags.catalog.component != Component::Kubelet || flags.release >= 8;
    let why = match flags.catalog.component {
        Component::Etcd => format!("etcd reads {path} and ignores all other flags and variables"),
        Component::Kubelet if is_configuration && !flags.is_given(spec.name) => {
            // Flags of other groups have no field in the file.
            if !matches!(spec.group, Some("config") | None) {
                return None;
            }
            format!("not set, and {path} can set it")
        }
        Component::KubeScheduler if spec.group == Some("deprecated") => {
            format!("{path} decides: the flag is ignored beside it")
        }
        Component::KubeScheduler
            if spec.group == Some("leader election") && !flags.is_given(spec.name) =>
        {
            format!("not set, and {path} can set it")
        }
        _ => return None,
    };
    Some((setting, why))
}
