//! Feature gates: unknown ones, locked ones, values that are no booleans.

use super::super::catalog::feature_gates::{GateStanding, nearest, standing};
use super::super::feature_gates::{FLAG, set};
use super::Flags;
use crate::component::Component;
use crate::spelling::suggestion;

/// The first release known to hold gates to what they depend on.
const DEPENDENCIES_SINCE: u16 = 36;

pub(super) fn validate(flags: &mut Flags) {
    let gates = set(flags);
    let release = flags.gate_release();
    let minor = flags.catalog.minor(release);
    // The table is kube-apiserver's: other components may register gates of their own.
    let complete = flags.catalog.component == Component::KubeApiserver;
    let mut problems: Vec<(&'static str, String)> = Vec::new();
    for gate in &gates {
        let name = &gate.name;
        let on = match &gate.value {
            Ok(on) => *on,
            Err(why) => {
                problems.push(("bad-value", format!("--{FLAG}: {name} {why}")));
                continue;
            }
        };
        match standing(name, release) {
            GateStanding::Known(_, default) if default.locked && default.on != on => {
                let fixed = default.on;
                problems.push((
                    "locked-gate",
                    format!("--{FLAG}: {name} is locked to {fixed} in {minor}"),
                ));
            }
            GateStanding::Unknown if complete => {
                let near = suggestion(nearest(name, release));
                problems.push((
                    "unknown-gate",
                    format!("--{FLAG}: {name} is not a feature gate of {minor}{near}"),
                ));
            }
            GateStanding::Known(..) | GateStanding::Unlisted | GateStanding::Unknown => {}
        }
    }
    let plain = gates.iter().any(|gate| gate.component.is_empty());
    if plain && gates.iter().any(|gate| gate.component == "kube") {
        let message = format!("--{FLAG}: gates with and without the prefix kube: cannot be mixed");
        problems.push(("bad-value", message));
    }
    let all = |name: &str| gates.iter().rev().find(|gate| gate.name == name).map(|g| &g.value);
    // Alpha gates need beta gates: 1.36 refuses to switch the one group on and the other off.
    if release >= DEPENDENCIES_SINCE
        && all("AllAlpha") == Some(&Ok(true))
        && all("AllBeta") == Some(&Ok(false))
    {
        let message =
            format!("--{FLAG}: alpha gates need beta gates that AllBeta=false switches off");
        problems.push(("gate-dependency", message));
    }
    for (code, message) in problems {
        flags.refuse(FLAG, code, message);
    }
}
