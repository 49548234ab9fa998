//! What a feature gate is set to.
//!
//! Later settings of the same gate win; `AllAlpha` and `AllBeta` move the gates of their stage that
//! are not set themselves. From 1.31 on a gate may be written `kube:Name=true`. Source:
//! component-base `featuregate/feature_gate.go` and `version/registry.go`.

use super::catalog::{Release, flag_name};
use std::collections::BTreeMap;

use super::answer::{Answer, By, Cause, Gap, Why};
use super::catalog::feature_gates::{GateStanding, Stage, standing};
use super::value::Value;
use super::{Effective, Flags, Setting};
use crate::component::Component;

/// The flag that sets gates.
pub const FLAG: &str = flag_name!("feature-gates");

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

/// One gate as set: its name, what its value says and where.
pub(super) struct Set<'f> {
    pub(super) component: String,
    pub(super) name: String,
    pub(super) value: Result<bool, String>,
    pub(super) setting: Option<&'f Setting>,
}

/// Every gate that the flag sets, in order.
pub(super) fn set(flags: &Flags) -> Vec<Set<'_>> {
    let Effective::Set { value, settings } = flags.effective(FLAG) else {
        return Vec::new();
    };
    let entry = |item: &str| {
        let setting = settings.giving(item);
        let (component, item) = item.split_once(':').unwrap_or(("", item));
        let (name, text) = item.split_once('=').map_or((item, None), |(n, t)| (n, Some(t.trim())));
        let value = text.ok_or_else(|| "has no value".to_owned()).and_then(super::scalar::bool);
        Set { component: component.to_owned(), name: name.trim().to_owned(), value, setting }
    };
    match value {
        Value::Switches(gates) => {
            let gate = |(name, on): (&String, &bool)| Set {
                component: String::new(),
                name: name.clone(),
                value: Ok(*on),
                setting: settings.giving(name),
            };
            gates.iter().map(gate).collect()
        }
        // What the kubelet keeps as one text up to 1.8.
        Value::Text(text) => text.split(',').filter(|item| !item.is_empty()).map(entry).collect(),
        Value::List(items) => items.iter().map(|item| entry(item)).collect(),
        _ => Vec::new(),
    }
}

/// What the flag sets, gate by gate, whatever way the release keeps it: `Name=true,…`. Before 1.31 and
/// behind `kube:` the gates are those of Kubernetes.
pub fn told(flags: &Flags) -> String {
    let mut gates = BTreeMap::new();
    for Set { component, name, value, .. } in set(flags) {
        let name = match &*component {
            "" | "kube" => name,
            other => format!("{other}:{name}"),
        };
        gates.insert(name, value.map_or_else(|why| why, |on| on.to_string()));
    }
    let gates: Vec<String> = gates.iter().map(|(name, value)| format!("{name}={value}")).collect();
    gates.join(",")
}

/// Whether the gate called `name` is on.
pub fn gate<'f>(flags: &'f Flags, name: &str) -> Answer<'f, bool> {
    let by_default = By::default_of(FLAG);
    match flags.answer(FLAG) {
        Err(gap) if gap.names_flag() || gap.why == Why::NoDefault => {}
        Err(gap) if gap.cause == Cause::Unsure => return Err(Gap { by: by_default, ..gap }),
        Err(gap) => return Err(gap),
        Ok(_) => {}
    }
    let all = set(flags);
    let last = |wanted: &str| {
        let set = all.iter().rev().find(|set| set.name == wanted)?;
        set.value.as_ref().ok().map(|on| (*on, By::setting_of(FLAG, set.setting)))
    };
    let minor = flags.gate_release().minor();
    let unknown = || format!("{name} is not a feature gate of {minor}");
    let known = standing_of(flags, name);
    if let Some((on, by)) = last(name) {
        return match known {
            GateStanding::Known(_, default) if default.locked && default.on != on => {
                by.refuses(format!("{name} is locked to {} in {minor}", default.on))
            }
            GateStanding::Unknown => by.lacks(unknown()),
            GateStanding::Known(..) | GateStanding::Unlisted => by.is(on),
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
                Some((on, by)) => by.is(on),
                None => by_default.is(default.on),
            }
        }
        GateStanding::Unknown => by_default.lacks(unknown()),
        GateStanding::Unlisted => {
            by_default.unsure(format!("the default of {name} in {minor} is not known"))
        }
    }
}

/// Whether a gate is known to be on.
pub fn is_on(flags: &Flags, name: &str) -> bool {
    gate(flags, name).is_ok_and(|gate| gate.value)
}

/// Whether a gate is known to be off.
pub fn is_off(flags: &Flags, name: &str) -> bool {
    gate(flags, name).is_ok_and(|gate| !gate.value)
}

/// Whether the release has no gate of this name.
pub fn is_unknown(flags: &Flags, name: &str) -> bool {
    matches!(standing_of(flags, name), GateStanding::Unknown)
}
