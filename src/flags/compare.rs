//! Two readings side by side: one command line by two minors, or two command lines.

use std::collections::BTreeSet;

use super::admission::plugin;
use super::answer::Known;
use super::authorization::{self, Chain, authorizers};
use super::catalog::admission_plugins;
use super::catalog::feature_gates::{self as catalog_gates, GateStanding};
use super::feature_gates::{self, gate};
use super::grammar::shown_name;
use super::value::Value;
use super::{Effective, Flags};
use crate::component::Component;
use crate::credential::{HIDDEN, hide_value};
use crate::diagnostic::{Code, Diagnostic, Level};

/// A flag that two readings see differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The flag, without dashes, or an admission plugin, or a feature gate.
    pub name: String,
    /// What each reading makes of it; `None` where it does not exist or is not known.
    pub values: [Option<String>; 2],
}

/// What another minor makes of a command line.
#[derive(Debug)]
pub struct Upgrade {
    /// Whether the other minor takes the command line.
    pub starts: bool,
    /// What the other minor says that the first does not: refusals, and flags it calls deprecated.
    pub diagnostics: Vec<Diagnostic>,
    /// Flags whose effective value differs, because a default or a kind has changed.
    pub flags: Vec<Difference>,
    /// Admission plugins that run in one and not in the other.
    pub plugins: Vec<Difference>,
    /// Feature gates that both have, and that are on in one and off in the other.
    pub gates: Vec<Difference>,
}

/// Compares one command line as two minors read it.
pub fn upgrade(before: &Flags, after: &Flags) -> Upgrade {
    let known = |diagnostic: &Diagnostic| {
        before.diagnostics.iter().any(|other| other.agrees_with(diagnostic))
    };
    let diagnostics = after
        .diagnostics
        .iter()
        .filter(|d| d.level() >= Level::Warning || d.code == Code::DeprecatedFlag)
        .filter(|diagnostic| !known(diagnostic))
        .cloned()
        .collect();
    let both = before.catalog.flags.iter().filter(|spec| {
        spec.shares.is_none() && spec.life.covers(before.release) && spec.life.covers(after.release)
    });
    let flags = both.filter_map(|spec| difference(spec.name, before, after)).collect();
    Upgrade {
        starts: after.starts(),
        diagnostics,
        flags,
        plugins: plugins(before, after),
        gates: gates(before, after),
    }
}

/// Compares the flags that are set in one of two command lines.
pub fn differences(first: &Flags, second: &Flags) -> Vec<Difference> {
    let names: BTreeSet<&str> =
        first.settings.iter().chain(&second.settings).map(|setting| &*setting.name).collect();
    names.into_iter().filter_map(|name| difference(name, first, second)).collect()
}

/// What two readings make of a flag, if that differs.
pub fn difference(name: &str, first: &Flags, second: &Flags) -> Option<Difference> {
    let values = [told(first, name, second), told(second, name, first)];
    let [a, b] = &values;
    // A list that is empty and a text that is empty say the same.
    let empty = |value: &Option<String>| matches!(value.as_deref(), Some("" | "[]"));
    if a == b || (empty(a) && empty(b)) {
        return None;
    }
    let show = |flags: &Flags, value: &Option<String>| {
        value.as_deref().map(|value| shown(flags, name, value))
    };
    let shown_name = if first.catalog.find(name).is_some() { name } else { shown_name(name) };
    Some(Difference { name: shown_name.to_owned(), values: [show(first, a), show(second, b)] })
}

/// Whether a reading knows what the command line sets a flag to. What the file that it names makes of
/// a flag that is not set is another question.
pub fn is_resolved(flags: &Flags, name: &str) -> bool {
    match flags.effective(name) {
        Effective::Unresolved { setting: Some(setting), .. } => setting.name != name,
        Effective::Unresolved { setting: None, .. } => !flags.has_hidden(),
        _ => true,
    }
}

/// The effective value as Go prints it, credentials included: for comparing, not for showing. What
/// another release keeps in another way is told in that way, so that the same text means the same.
fn told(flags: &Flags, name: &str, other: &Flags) -> Option<String> {
    if name == authorization::MODE
        && let Ok(Known { value: Chain::Modes(modes), .. }) = authorizers(flags)
    {
        // From 1.29 on an empty list is completed; what counts is the chain.
        return Some(format!("[{}]", modes.join(",")));
    }
    match flags.effective(name) {
        Effective::Set { .. } | Effective::Default { .. } if name == feature_gates::FLAG => {
            Some(feature_gates::told(flags))
        }
        Effective::Set { value, .. } | Effective::Broken { value: Some(value), .. } => {
            Some(printed(value, flags, name, other))
        }
        Effective::Default { value } => Some(printed(value, flags, name, other)),
        Effective::Broken { setting, .. } => Some(setting.value().to_owned()),
        Effective::Unresolved { why, .. } => Some(why.into_owned()),
        Effective::Absent { setting } => setting.map(|setting| setting.value().to_owned()),
        Effective::DefaultNotKnown => None,
    }
}

/// A value as Go prints it; a text that the other release reads as a list or a map as that prints it.
fn printed(value: &Value, flags: &Flags, name: &str, other: &Flags) -> String {
    let kind = |flags: &Flags| flags.catalog.find(name).map(|spec| spec.kind(flags.release));
    match (value, kind(other)) {
        (Value::Text(text), Some(theirs)) if kind(flags) != Some(theirs) => {
            theirs.read_default(text).to_string()
        }
        _ => value.to_string(),
    }
}

/// A value as it may be shown.
fn shown(flags: &Flags, name: &str, value: &str) -> String {
    // The value of an unknown flag may be a misspelt password.
    let credential = flags.catalog.find(name).is_none_or(|spec| spec.credential);
    if credential && !value.is_empty() {
        return HIDDEN.to_owned();
    }
    flags.value_without_secrets(&hide_value(value)).into_owned()
}

/// The table of gates is that of kube-apiserver; the other components may have gates of their own, so
/// that nothing is said of theirs.
fn gates(before: &Flags, after: &Flags) -> Vec<Difference> {
    if before.catalog.component != Component::KubeApiserver {
        return Vec::new();
    }
    let known = |flags: &Flags, name: &str| {
        matches!(catalog_gates::standing(name, flags.gate_release()), GateStanding::Known(..))
    };
    let state =
        |flags: &Flags, name: &str| gate(flags, name).ok().map(|gate| on_or_off(gate.value));
    catalog_gates::all()
        .iter()
        .filter(|spec| known(before, spec.name) && known(after, spec.name))
        .map(|spec| Difference {
            name: spec.name.to_owned(),
            values: [before, after].map(|flags| state(flags, spec.name)),
        })
        .filter(|Difference { values: [a, b], .. }| a.is_some() && b.is_some() && a != b)
        .collect()
}

fn on_or_off(on: bool) -> String {
    if on { "on" } else { "off" }.to_owned()
}

fn plugins(before: &Flags, after: &Flags) -> Vec<Difference> {
    if before.catalog.component != Component::KubeApiserver {
        return Vec::new();
    }
    let state =
        |flags: &Flags, name: &str| plugin(flags, name).ok().map(|fact| on_or_off(fact.value));
    admission_plugins::all()
        .iter()
        .filter_map(|spec| {
            let values = [before, after].map(|flags| state(flags, spec.name));
            let [a, b] = &values;
            // A plugin that is new and off changes nothing.
            let matters = a != b && (a.as_deref() == Some("on") || b.as_deref() == Some("on"));
            matters.then(|| Difference { name: spec.name.to_owned(), values })
        })
        .collect()
}
