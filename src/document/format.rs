//! How command lines are carried: the formats by name, and how each of them has a flag.
//!
//! What is known of each format is one row in `catalog/rows.rs`.

use std::borrow::Cow;

use crate::component::Component;

/// The formats and the list of them, which would otherwise be written twice.
macro_rules! formats {
    ($($(#[$doc:meta])* $format:ident,)+) => {
        /// How a command line was carried.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Format {
            $($(#[$doc])* $format,)+
        }

        impl Format {
            /// Every format, in the order in which their readers are tried.
            pub const ALL: [Self; [$(stringify!($format)),+].len()] = [$(Self::$format),+];
        }
    };
}

formats! {
    /// A Pod, also one in a list.
    Pod,
    /// A pod template in a Deployment, DaemonSet, StatefulSet, Job or the like.
    Workload,
    /// kubeadm's configuration, in a file, a ConfigMap, a Cluster API object or that of an installer.
    Kubeadm,
    /// A kind cluster with patches of kubeadm's configuration.
    Kind,
    /// k3s' configuration.
    K3s,
    /// RKE2's configuration.
    Rke2,
    /// k0s' configuration.
    K0s,
    /// A Talos machine configuration, or talhelper's.
    Talos,
    /// OpenShift's configuration of the API server.
    Openshift,
    /// RKE's cluster definition.
    Rke1,
    /// A kops cluster.
    Kops,
    /// Kubespray's variables.
    Kubespray,
    /// A Gardener Shoot.
    Gardener,
    /// An aks-engine cluster definition.
    AksEngine,
    /// A Docker Compose file.
    Compose,
    /// The arguments of a process.
    Cmdline,
    /// supervisord's configuration.
    Supervisord,
    /// A systemd unit.
    Systemd,
    /// Log lines that quote a command line.
    Journal,
    /// Text that `ps` printed.
    Ps,
    /// A file of variables, such as `/etc/kubernetes/apiserver`.
    EnvironmentFile,
    /// A file of arguments, one a line, as MicroK8s has them.
    ArgsFile,
    /// Command lines as one would type them.
    Script,
    /// Arguments behind `--`.
    Argv,
}

/// How a format has the arguments of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arguments {
    /// As items of a YAML list. Several may share a line.
    Items,
    /// As words of a text. Several may share a line.
    Words,
    /// As settings, each with a place of its own; written like this, with `{flag}` and `{value}`.
    Settings(&'static str),
}

impl Arguments {
    /// A flag as the format has it.
    pub fn written(self, flag: &str, value: &str) -> String {
        match self {
            Self::Items => ["- --", flag, "=", value].concat(),
            Self::Words => ["--", flag, "=", value].concat(),
            Self::Settings(pattern) => filled(pattern, flag, value).into_owned(),
        }
    }

    /// Whether one line may hold several of them.
    pub const fn share_lines(self) -> bool {
        matches!(self, Self::Items | Self::Words)
    }
}

/// A text that may differ from component to component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wording {
    /// The same for all of them.
    Same(&'static str),
    /// One for each, in the order of [`Component::ALL`].
    Each([&'static str; Component::ALL.len()]),
}

impl Wording {
    /// The text for a component.
    pub(super) const fn of(&self, component: Component) -> &'static str {
        match self {
            Self::Same(text) => text,
            Self::Each([apiserver, etcd, controller_manager, scheduler, kubelet]) => {
                match component {
                    Component::KubeApiserver => apiserver,
                    Component::Etcd => etcd,
                    Component::KubeControllerManager => controller_manager,
                    Component::KubeScheduler => scheduler,
                    Component::Kubelet => kubelet,
                }
            }
        }
    }
}

/// A pattern with `{flag}` and `{value}` put in. The value comes last, because it may hold anything.
pub(super) fn filled<'p>(pattern: &'p str, flag: &str, value: &str) -> Cow<'p, str> {
    if pattern.contains("{flag}") {
        pattern.replace("{flag}", flag).replacen("{value}", value, 1).into()
    } else {
        pattern.into()
    }
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Wording, filled};
    use crate::component::Component;

    #[test]
    fn a_value_that_looks_like_a_pattern_stays_as_it_is() {
        let pair = Arguments::Settings("{flag}: \"{value}\"");
        assert_eq!(pair.written("v", "{flag}{value}"), "v: \"{flag}{value}\"");
        assert_eq!(Arguments::Items.written("v", "{value}"), "- --v={value}");
        assert_eq!(filled("ExecStart", "v", "2"), "ExecStart");
    }

    #[test]
    fn each_component_has_its_own_words() {
        let names = Wording::Each(Component::ALL.map(Component::name));
        for component in Component::ALL {
            assert_eq!(names.of(component), component.name());
            assert_eq!(Wording::Same("x").of(component), "x");
        }
    }
}
