//! Cloud providers that were once built in.
//!
//! From 1.29 on they are off by default, with 1.31 gone: there only `external` and nothing are valid.
//! Sources: the reference of the gate DisableCloudProviders, kubernetes `pkg/kubeapiserver/options/cloudprovider.go`, `pkg/kubelet/kubelet.go`,
//! `cmd/kube-controller-manager/app/cloudproviders.go`.

use super::super::feature_gates::gate;
use super::Flags;
use crate::component::Component;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};

const FLAG: &str = flag_name!("cloud-provider");
const OFF: &str = "DisableCloudProviders";
const EXTERNAL: &str = "external";

/// Those that 1.29 and 1.30 still have inside.
const BUILT_IN: [&str; 3] = ["azure", "gce", "vsphere"];

pub(super) fn validate(flags: &mut Flags) {
    let Some(name) = flags.filled(FLAG).filter(|_| flags.release >= Release::kubernetes(29)) else {
        return;
    };
    let component = flags.catalog.component;
    let is =
        |gate_name: &str, wanted| gate(flags, gate_name).is_ok_and(|gate| gate.value == wanted);
    let problem = if name == EXTERNAL {
        let gates = [OFF, "DisableKubeletCloudCredentialProviders"];
        let missing = gates.into_iter().find(|gate| is(gate, false));
        missing
            .filter(|_| component == Component::KubeApiserver)
            .map(|gate| format!("{name} needs the feature gate {gate}"))
    } else if !BUILT_IN.contains(&name) || flags.release > Release::kubernetes(30) {
        Some(format!("{name:?} is not built in: write {EXTERNAL}"))
    } else if is(OFF, true) {
        Some(format!("{name:?} is switched off by the feature gate {OFF}: write {EXTERNAL}"))
    } else {
        None
    };
    if let Some(problem) = problem {
        flags.refuse(FLAG, Code::BadValue, Clause::of_value(problem));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{apiserver, codes, read};
    use crate::component::Component;

    #[test]
    fn built_in_providers_are_refused_once_they_are_switched_off() {
        let gates = "--feature-gates=DisableCloudProviders=false,DisableKubeletCloudCredentialProviders=false";
        for (minor, args, starts) in [
            ("1.28", &["--cloud-provider=gce"][..], true),
            ("1.29", &["--cloud-provider=gce"], false),
            ("1.29", &["--cloud-provider=aws"], false),
            ("1.29", &["--cloud-provider=gce", gates], true),
            ("1.29", &["--cloud-provider=aws", gates], false),
            ("1.29", &["--cloud-provider=external", gates], false),
            ("1.32", &["--cloud-provider=external"], true),
            ("1.32", &["--cloud-provider=vsphere"], false),
        ] {
            let flags = apiserver(minor, args);
            assert_eq!(flags.starts(), starts, "{minor} {args:?}: {:?}", codes(&flags));
        }
        for component in [Component::Kubelet, Component::KubeControllerManager] {
            for minor in ["1.29", "1.34"] {
                let flags = read(component, minor, &["--cloud-provider=gce"]);
                assert_eq!(codes(&flags), ["bad-value"], "{component} {minor}");
            }
        }
    }
}
