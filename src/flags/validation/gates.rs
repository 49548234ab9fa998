//! Feature gates: unknown ones, locked ones, values that are no booleans.

use super::super::catalog::feature_gates::{GateStanding, nearest, standing};
use super::super::feature_gates::{FLAG, set};
use super::Flags;
use crate::spelling::suggestion;

pub(super) fn validate(flags: &mut Flags) {
    let gates = set(flags);
    let minor = flags.minor();
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
        match standing(name, flags.release) {
            GateStanding::Known(_, default) if default.locked && default.on != on => {
                let fixed = default.on;
                problems.push((
                    "locked-gate",
                    format!("--{FLAG}: {name} is locked to {fixed} in {minor}"),
                ));
            }
            GateStanding::Unknown => {
                let near = suggestion(nearest(name, flags.release));
                problems.push((
                    "unknown-gate",
                    format!("--{FLAG}: {name} is not a feature gate of {minor}{near}"),
                ));
            }
            GateStanding::Known(..) | GateStanding::Unlisted => {}
        }
    }
    let plain = gates.iter().any(|gate| gate.component.is_empty());
    if plain && gates.iter().any(|gate| gate.component == "kube") {
        let message = format!("--{FLAG}: gates with and without the prefix kube: cannot be mixed");
        problems.push(("bad-value", message));
    }
    for (code, message) in problems {
        flags.refuse(FLAG, code, message);
    }
}
