//! Feature gates: unknown ones, locked ones, values that are no booleans, gates that need another.

use super::super::Setting;
use super::super::catalog::Release;
use super::super::catalog::feature_gates::{GateStanding, nearest};
use super::super::feature_gates::{FLAG, Set, gate, is_off, is_on, set, standing_of};
use super::Flags;
use crate::command_line::Location;
use crate::component::Component;
use crate::diagnostic::{Clause, Code, Diagnostic};
use crate::spelling::suggestion;

/// The first release known to hold gates to what they depend on.
const DEPENDENCIES_SINCE: Release = Release::kubernetes(36);

/// The only component that Kubernetes' servers register; a gate may name it.
const KUBE: &str = "kube";

pub(super) fn validate(flags: &mut Flags) {
    let (refused, doubted) = problems(flags);
    for Problem { code, clause, location } in refused {
        flags.refuse_at(location, FLAG, code, clause);
    }
    for Problem { code, clause, location } in doubted {
        flags.diagnostics.push(Diagnostic::new(code, clause, location).about(FLAG));
    }
    if flags.catalog.component == Component::KubeApiserver {
        dependencies(flags);
    }
}

/// Something wrong with one gate, at the argument that sets it.
struct Problem {
    code: Code,
    clause: Clause,
    location: Option<Location>,
}

impl Problem {
    fn of(set: &Set<'_>, code: Code, clause: Clause) -> Self {
        let location = set.setting.map(|setting| setting.location.clone());
        Self { code, clause, location }
    }
}

/// What the server refuses, and what it may refuse.
fn problems(flags: &Flags) -> (Vec<Problem>, Vec<Problem>) {
    let gates = set(flags);
    let (mut refused, mut doubted) = (Vec::new(), Vec::new());
    for set in &gates {
        match problem(flags, set) {
            Some(problem) if problem.code == Code::UnlistedGate => doubted.push(problem),
            Some(problem) => refused.push(problem),
            None => {}
        }
    }
    let prefixed = gates.iter().find(|gate| gate.component == KUBE);
    if let Some(prefixed) = prefixed.filter(|_| gates.iter().any(|it| it.component.is_empty())) {
        let clause = Clause::of_value("gates with and without the prefix kube: cannot be mixed");
        refused.push(Problem::of(prefixed, Code::BadValue, clause));
    }
    // Alpha gates need beta gates: 1.36 refuses to switch the one group on and the other off.
    let last = |name: &str| gates.iter().rev().find(|gate| gate.name == name);
    if let (Some(alpha), Some(beta)) = (last("AllAlpha"), last("AllBeta"))
        && flags.gate_release() >= DEPENDENCIES_SINCE
        && (&alpha.value, &beta.value) == (&Ok(true), &Ok(false))
    {
        let why = "alpha gates need beta gates that AllBeta=false switches off";
        refused.push(Problem::of(beta, Code::GateDependency, Clause::of_value(why)));
    }
    (refused, doubted)
}

/// What is wrong with one gate.
fn problem(flags: &Flags, set: &Set<'_>) -> Option<Problem> {
    let (name, component) = (&set.name, &set.component);
    if !["", KUBE].contains(&component.as_str()) {
        let why = format!("there is no component {component:?} to set gates of");
        return Some(Problem::of(set, Code::BadValue, Clause::of_value(why)));
    }
    let on = match &set.value {
        Ok(on) => *on,
        Err(why) => {
            let clause = Clause::of_value(format!("{name} {why}"));
            return Some(Problem::of(set, Code::BadValue, clause));
        }
    };
    let minor = flags.gate_release().minor();
    let near = || suggestion(nearest(name, flags.gate_release()));
    let (code, clause) = match standing_of(flags, name) {
        GateStanding::Known(_, default) if default.locked && default.on != on => {
            let clause = Clause::of_value(format!("{name} is locked to {} in ", default.on));
            (Code::LockedGate, clause.release(minor))
        }
        GateStanding::Known(..) => return None,
        GateStanding::Unknown => {
            let clause = Clause::of_value(format!("{name} is not a feature gate of "));
            (Code::UnknownGate, clause.release(minor).and(&near()))
        }
        GateStanding::Unlisted => {
            let program = flags.catalog.component;
            let clause = Clause::of_value(format!("whether {program} ")).release(minor);
            let clause = clause.and(&format!(" has the gate {name} is not known"));
            (Code::UnlistedGate, clause.and(&near()))
        }
    };
    Some(Problem::of(set, code, clause))
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
        if lives && is_on(flags, name) && is_off(flags, needed) {
            let clause = Clause::of_value(format!("{name} needs {needed}"));
            let setting = [name, needed].into_iter().find_map(|it| gate_setting(flags, it));
            let location = setting.map(|setting| setting.location.clone());
            flags.refuse_at(location, FLAG, Code::GateDependency, clause);
        }
    }
}

/// The occurrence that sets a gate, if one does.
fn gate_setting<'f>(flags: &'f Flags, name: &str) -> Option<&'f Setting> {
    gate(flags, name).ok().and_then(|gate| gate.by.setting())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{apiserver, codes, read};
    use crate::component::Component;
    use crate::diagnostic::Code;

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
            let doubts = flags.diagnostics.iter().filter(|d| d.code == Code::UnlistedGate);
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
