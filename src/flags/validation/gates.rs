//! Feature gates: unknown ones, locked ones, values that are no booleans, gates that need another.

use super::super::catalog::Release;
use super::super::catalog::feature_gates::{GateStanding, nearest};
use super::super::feature_gates::{FLAG, Gate, UNLISTED, gate, set, standing_of};
use super::Flags;
use crate::component::Component;
use crate::diagnostic::Diagnostic;
use crate::spelling::suggestion;

/// The first release known to hold gates to what they depend on.
const DEPENDENCIES_SINCE: Release = Release::kubernetes(36);

/// The only component that Kubernetes' servers register; a gate may name it.
const KUBE: &str = "kube";

pub(super) fn validate(flags: &mut Flags) {
    let gates = set(flags);
    let minor = flags.gate_release().minor();
    let mut problems: Vec<(&'static str, String)> = Vec::new();
    let mut unlisted: Vec<String> = Vec::new();
    for gate in &gates {
        let name = &gate.name;
        if !["", KUBE].contains(&gate.component.as_str()) {
            let component = &gate.component;
            let message = format!("--{FLAG}: there is no component {component:?} to set gates of");
            problems.push(("bad-value", message));
            continue;
        }
        let on = match &gate.value {
            Ok(on) => *on,
            Err(why) => {
                problems.push(("bad-value", format!("--{FLAG}: {name} {why}")));
                continue;
            }
        };
        let near = || suggestion(nearest(name, flags.gate_release()));
        match standing_of(flags, name) {
            GateStanding::Known(_, default) if default.locked && default.on != on => {
                let fixed = default.on;
                problems.push((
                    "locked-gate",
                    format!("--{FLAG}: {name} is locked to {fixed} in {minor}"),
                ));
            }
            GateStanding::Unknown => problems.push((
                "unknown-gate",
                format!("--{FLAG}: {name} is not a feature gate of {minor}{}", near()),
            )),
            GateStanding::Unlisted => {
                let program = flags.catalog.component;
                unlisted.push(format!(
                    "--{FLAG}: whether {program} {minor} has the gate {name} is not known{}",
                    near()
                ));
            }
            GateStanding::Known(..) => {}
        }
    }
    let plain = gates.iter().any(|gate| gate.component.is_empty());
    if plain && gates.iter().any(|gate| gate.component == KUBE) {
        let message = format!("--{FLAG}: gates with and without the prefix kube: cannot be mixed");
        problems.push(("bad-value", message));
    }
    let all = |name: &str| gates.iter().rev().find(|gate| gate.name == name).map(|g| &g.value);
    // Alpha gates need beta gates: 1.36 refuses to switch the one group on and the other off.
    if flags.gate_release() >= DEPENDENCIES_SINCE
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
    for message in unlisted {
        let location = flags.last(FLAG).map(|setting| setting.location.clone());
        flags.diagnostics.push(Diagnostic::warning(UNLISTED, message, location));
    }
    if flags.catalog.component == Component::KubeApiserver {
        dependencies(flags);
    }
}

/// Gates of kube-apiserver that it holds to another one, and the first and last minor of
/// Kubernetes that does.
///
/// Source: `pkg/controlplane/apiserver/options/validation.go`.
const NEEDS: [(&str, &str, u16, u16); 3] = [
    ("AuthorizeNodeWithSelectors", "AuthorizeWithSelectors", 31, 33),
    ("DRAControlPlaneController", "DynamicResourceAllocation", 31, 31),
    ("UnknownVersionInteroperabilityProxy", "StorageVersionAPI", 28, 32),
];

fn dependencies(flags: &mut Flags) {
    for (name, needed, first, last) in NEEDS {
        let [first, last] = [first, last].map(Release::kubernetes);
        let lives = (first..=last).contains(&flags.release);
        let is =
            |name: &str, wanted| matches!(gate(flags, name), Gate::Is { on, .. } if on == wanted);
        if lives && is(name, true) && is(needed, false) {
            let message = format!("--{FLAG}: {name} needs {needed}");
            flags.refuse(FLAG, "gate-dependency", message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{apiserver, codes, read};
    use crate::component::Component;
    use crate::flags::feature_gates::UNLISTED;

    #[test]
    fn a_gate_that_no_list_tells_of_is_doubted() {
        let bogus = ["--feature-gates=NodeRestrictin=true"];
        for (component, minor) in [
            (Component::KubeApiserver, "1.20"),
            (Component::KubeApiserver, "1.22"),
            (Component::Kubelet, "1.7"),
            (Component::Kubelet, "1.34"),
            (Component::KubeScheduler, "1.34"),
            (Component::KubeControllerManager, "1.35"),
        ] {
            let flags = read(component, minor, &bogus);
            let doubts = flags.diagnostics.iter().filter(|d| d.code == UNLISTED);
            assert_eq!(doubts.count(), 1, "{component} {minor}");
            assert!(!codes(&flags).contains(&"unknown-gate"), "{component} {minor}");
        }
        for component in [Component::KubeScheduler, Component::KubeControllerManager] {
            assert_eq!(codes(&read(component, "1.36", &bogus)), ["unknown-gate"]);
        }
    }

    #[test]
    fn a_gate_needs_the_gates_it_builds_on() {
        for (minor, args, expected) in [
            ("1.31", "AuthorizeWithSelectors=false", &[][..]),
            ("1.31", "AuthorizeNodeWithSelectors=true", &["gate-dependency"]),
            ("1.32", "AuthorizeWithSelectors=false", &["gate-dependency"]),
            ("1.32", "AuthorizeWithSelectors=false,AuthorizeNodeWithSelectors=false", &[]),
            ("1.34", "AuthorizeWithSelectors=false", &["locked-gate"]),
            ("1.29", "UnknownVersionInteroperabilityProxy=true", &["gate-dependency"]),
            ("1.34", "other:KMSv1=true", &["bad-value"]),
            ("1.34", "kube:KMSv1=true", &[]),
        ] {
            let gates = format!("--feature-gates={args}");
            assert_eq!(codes(&apiserver(minor, &[&gates])), expected, "{minor} {args}");
        }
    }
}
