//! What a feature gate is set to.
//!
//! Later settings of the same gate win; `AllAlpha` and `AllBeta` move the gates of their stage that
//! are not set themselves. From 1.31 on a gate may be written `kube:Name=true`. Source:
//! component-base `featuregate/feature_gate.go` and `version/registry.go`.

use super::catalog::{Release, flag_name};
use std::collections::BTreeMap;

use super::catalog::feature_gates::{GateStanding, Stage, standing};
use super::value::Value;
use super::{Effective, Flags, Setting};
use crate::component::Component;

/// The flag that sets gates.
pub const FLAG: &str = flag_name!("feature-gates");

/// The code of a diagnostic about a gate of which it is not known whether the release has it.
pub const UNLISTED: &str = "unlisted-gate";

/// What a gate is set to, and what decides it.
#[derive(Debug)]
pub enum Gate<'f> {
    /// It has this value.
    Is {
        /// Whether it is on.
        on: bool,
        /// The deciding occurrence; none for the default.
        setting: Option<&'f Setting>,
    },
    /// The release does not know the gate.
    Unknown {
        /// An occurrence that names it all the same.
        setting: Option<&'f Setting>,
    },
    /// It cannot be told; says why.
    Unsure(String),
    /// The flag is refused; says why.
    Broken(&'f Setting, String),
}

/// The first release whose table holds what the scheduler and the controller manager register too.
const CONTROL_PLANE_SINCE: Release = Release::kubernetes(36);

/// What is known of a gate, as the component and its release see it. The table is kube-apiserver's;
/// what is not in it may be a gate that another component registers for itself.
pub(super) fn standing_of(flags: &Flags, name: &str) -> GateStanding {
    let release = flags.gate_release();
    let complete = match flags.catalog.component {
        Component::KubeApiserver => true,
        Component::KubeControllerManager | Component::KubeScheduler => {
            release >= CONTROL_PLANE_SINCE
        }
        Component::Kubelet | Component::Etcd => false,
    };
    match standing(name, release) {
        GateStanding::Unknown if !complete => GateStanding::Unlisted,
        known => known,
    }
}

/// One gate as set: its name, the text of its value and where.
pub(super) struct Set {
    pub(super) component: String,
    pub(super) name: String,
    pub(super) value: Result<bool, String>,
}

/// Every gate that the flag sets, in order.
pub(super) fn set(flags: &Flags) -> Vec<Set> {
    let Effective::Set { value, .. } = flags.effective(FLAG) else {
        return Vec::new();
    };
    let entry = |component: &str, item: &str| {
        let (name, text) = item.split_once('=').map_or((item, None), |(n, t)| (n, Some(t.trim())));
        let value = text.ok_or_else(|| "has no value".to_owned()).and_then(super::scalar::bool);
        Set { component: component.to_owned(), name: name.trim().to_owned(), value }
    };
    match value {
        Value::Switches(gates) => gates
            .iter()
            .map(|(name, on)| Set { component: String::new(), name: name.clone(), value: Ok(*on) })
            .collect(),
        // What the kubelet keeps as one text up to 1.8.
        Value::Text(text) => {
            text.split(',').filter(|item| !item.is_empty()).map(|item| entry("", item)).collect()
        }
        Value::List(items) => items
            .iter()
            .map(|item| item.split_once(':').map_or_else(|| entry("", item), |(c, i)| entry(c, i)))
            .collect(),
        _ => Vec::new(),
    }
}

/// What the flag sets, gate by gate, whatever way the release keeps it: `Name=true,…`. Before 1.31 and
/// behind `kube:` the gates are those of Kubernetes.
pub fn told(flags: &Flags) -> String {
    let mut gates = BTreeMap::new();
    for Set { component, name, value } in set(flags) {
        let name = match &*component {
            "" | "kube" => name,
            other => format!("{other}:{name}"),
        };
        gates.insert(name, value.map_or_else(|why| why, |on| on.to_string()));
    }
    let gates: Vec<String> = gates.iter().map(|(name, value)| format!("{name}={value}")).collect();
    gates.join(",")
}

/// The last occurrence that names a gate; those on the command line come after those in a file.
fn deciding<'f>(flags: &'f Flags, name: &str) -> Option<&'f Setting> {
    let Effective::Set { settings, .. } = flags.effective(FLAG) else { return None };
    settings.iter().rfind(|setting| setting.value.contains(name))
}

/// What the gate called `name` is set to.
pub fn gate<'f>(flags: &'f Flags, name: &str) -> Gate<'f> {
    match flags.effective(FLAG) {
        Effective::Unresolved { why, .. } => return Gate::Unsure(why),
        Effective::Broken { setting, why, .. } => return Gate::Broken(setting, why),
        _ => {}
    }
    let all = set(flags);
    let last = |wanted: &str| {
        all.iter().rev().find(|set| set.name == wanted).and_then(|set| set.value.as_ref().ok())
    };
    let minor = flags.gate_release().minor();
    let known = standing_of(flags, name);
    if let Some(on) = last(name) {
        let setting = deciding(flags, name);
        return match (known, setting) {
            (GateStanding::Known(_, default), Some(setting))
                if default.locked && default.on != *on =>
            {
                Gate::Broken(setting, format!("{name} is locked to {} in {minor}", default.on))
            }
            (GateStanding::Unknown, setting) => Gate::Unknown { setting },
            (GateStanding::Known(..) | GateStanding::Unlisted, setting) => {
                Gate::Is { on: *on, setting }
            }
        };
    }
    let stage_gate = |stage| match stage {
        Stage::Alpha => last("AllAlpha"),
        Stage::Beta => last("AllBeta"),
        Stage::Stable | Stage::Deprecated => None,
    };
    match known {
        GateStanding::Known(stage, default) => {
            match stage_gate(stage).filter(|_| !default.locked) {
                Some(on) => Gate::Is { on: *on, setting: flags.last(FLAG) },
                None => Gate::Is { on: default.on, setting: None },
            }
        }
        GateStanding::Unknown => Gate::Unknown { setting: None },
        GateStanding::Unlisted => {
            Gate::Unsure(format!("the default of {name} in {minor} is not known"))
        }
    }
}
