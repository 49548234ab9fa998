//! How command lines are carried, by name.

/// How a command line was carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A Pod, also one in a list.
    Pod,
    /// A pod template in a Deployment, DaemonSet, StatefulSet, Job or the like.
    Workload,
    /// kubeadm's configuration, in a file, a ConfigMap or a Cluster API object.
    Kubeadm,
    /// A kind cluster with patches of kubeadm's configuration.
    Kind,
    /// k3s' configuration.
    K3s,
    /// RKE's cluster definition.
    Rke1,
    /// RKE2's configuration.
    Rke2,
    /// k0s' configuration.
    K0s,
    /// A Talos machine configuration, or talhelper's.
    Talos,
    /// A kops cluster.
    Kops,
    /// Kubespray's variables.
    Kubespray,
    /// OpenShift's configuration of the API server.
    Openshift,
    /// A Gardener Shoot.
    Gardener,
    /// An aks-engine cluster definition.
    AksEngine,
    /// A systemd unit.
    Systemd,
    /// A file of variables, such as `/etc/kubernetes/apiserver`.
    EnvironmentFile,
    /// A file of arguments, one a line, as MicroK8s has them.
    ArgsFile,
    /// A Docker Compose file.
    Compose,
    /// supervisord's configuration.
    Supervisord,
    /// Command lines as one would type them.
    Script,
    /// Text that `ps` printed.
    Ps,
    /// Log lines that quote a command line.
    Journal,
    /// The arguments of a process.
    Cmdline,
    /// Arguments behind `--`.
    Argv,
}

impl Format {
    /// The formats that a text can be asked to be read as.
    pub const OF_TEXTS: [Self; 23] = [
        Self::Pod,
        Self::Workload,
        Self::Kubeadm,
        Self::Kind,
        Self::K3s,
        Self::Rke1,
        Self::Rke2,
        Self::K0s,
        Self::Talos,
        Self::Kops,
        Self::Kubespray,
        Self::Openshift,
        Self::Gardener,
        Self::AksEngine,
        Self::Systemd,
        Self::EnvironmentFile,
        Self::ArgsFile,
        Self::Compose,
        Self::Supervisord,
        Self::Script,
        Self::Ps,
        Self::Journal,
        Self::Cmdline,
    ];

    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pod => "pod",
            Self::Workload => "workload",
            Self::Kubeadm => "kubeadm",
            Self::Kind => "kind",
            Self::K3s => "k3s",
            Self::Rke1 => "rke1",
            Self::Rke2 => "rke2",
            Self::K0s => "k0s",
            Self::Talos => "talos",
            Self::Kops => "kops",
            Self::Kubespray => "kubespray",
            Self::Openshift => "openshift",
            Self::Gardener => "gardener",
            Self::AksEngine => "aks-engine",
            Self::Systemd => "systemd",
            Self::EnvironmentFile => "environment-file",
            Self::ArgsFile => "args-file",
            Self::Compose => "compose",
            Self::Supervisord => "supervisord",
            Self::Script => "script",
            Self::Ps => "ps",
            Self::Journal => "journal",
            Self::Cmdline => "cmdline",
            Self::Argv => "argv",
        }
    }
}
