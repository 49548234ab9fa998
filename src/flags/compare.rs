//! Two readings side by side: one command line by two minors, or two command lines.

use std::collections::BTreeSet;

use super::admission::{PluginState, plugin};
use super::authorization::{self, Authorizers};
use super::catalog::admission_plugins;
use super::{Effective, Flags, Setting};
use crate::component::Component;
use crate::credential::hide;
use crate::diagnostic::{Diagnostic, Level};

/// A flag that two readings see differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The flag, without dashes, or an admission plugin.
    pub name: String,
    /// What each reading makes of it; `None` where it does not exist or is not known.
    pub values: [Option<String>; 2],
}

/// What another minor makes of a command line.
#[derive(Debug)]
pub struct Upgrade {
    /// What the other minor says that the first does not: refusals, and flags it calls deprecated.
    pub diagnostics: Vec<Diagnostic>,
    /// Flags whose effective value differs, because a default or a kind has changed.
    pub flags: Vec<Difference>,
    /// Admission plugins that run in one and not in the other.
    pub plugins: Vec<Difference>,
}

/// Compares one command line as two minors read it.
pub fn upgrade(before: &Flags, after: &Flags) -> Upgrade {
    let known = |diagnostic: &Diagnostic| {
        before
            .diagnostics
            .iter()
            .any(|other| other.code == diagnostic.code && other.location == diagnostic.location)
    };
    let diagnostics = after
        .diagnostics
        .iter()
        .filter(|d| d.refuses || d.level == Level::Warning || d.code == "deprecated-flag")
        .filter(|diagnostic| !known(diagnostic))
        .cloned()
        .collect();
    let both = before.catalog.flags.iter().filter(|spec| {
        spec.shares.is_none() && spec.life.covers(before.release) && spec.life.covers(after.release)
    });
    let flags = both.filter_map(|spec| difference(spec.name, before, after)).collect();
    Upgrade { diagnostics, flags, plugins: plugins(before, after) }
}

/// Compares the flags that are set in one of two command lines.
pub fn differences(first: &Flags, second: &Flags) -> Vec<Difference> {
    let names: BTreeSet<&str> = first
        .settings
        .iter()
        .chain(&second.settings)
        .map(|setting| setting.name.as_str())
        .collect();
    names.into_iter().filter_map(|name| difference(name, first, second)).collect()
}

/// What two readings make of a flag, if that differs.
pub fn difference(name: &str, first: &Flags, second: &Flags) -> Option<Difference> {
    let values = [first, second].map(|flags| printed(flags, name));
    let [a, b] = &values;
    // A list that is empty and a text that is empty say the same.
    let empty = |value: &Option<String>| matches!(value.as_deref(), Some("" | "[]"));
    let same = a == b || (empty(a) && empty(b));
    (!same).then(|| Difference { name: name.to_owned(), values })
}

/// Whether a reading knows what the command line sets a flag to. What the file that it names makes of
/// a flag that is not set is another question.
pub fn is_resolved(flags: &Flags, name: &str) -> bool {
    match flags.effective(name) {
        Effective::Unresolved { setting: Some(setting), .. } => setting.name != name,
        Effective::Unresolved { setting: None, .. } => flags.hidden.is_empty(),
        _ => true,
    }
}

/// The effective value as Go prints it, credentials left out.
fn printed(flags: &Flags, name: &str) -> Option<String> {
    if name == authorization::MODE
        && let Authorizers::Modes { modes, .. } = authorization::authorizers(flags)
    {
        // From 1.29 on an empty list is completed; what counts is the chain.
        return Some(format!("[{}]", modes.join(",")));
    }
    let value = match flags.effective(name) {
        Effective::Set { value, .. } => value.clone(),
        Effective::Default { value } => value,
        Effective::Broken { setting, .. } => return Some(setting.shown_value()),
        Effective::Unresolved { why, .. } => return Some(why),
        Effective::Absent { setting } => return setting.map(Setting::shown_value),
        Effective::DefaultNotKnown => return None,
    };
    let credential = flags.catalog.find(name).is_some_and(|spec| spec.credential);
    if credential && !value.is_empty() {
        return Some("***".to_owned());
    }
    Some(hide(&value.to_string()))
}

fn plugins(before: &Flags, after: &Flags) -> Vec<Difference> {
    if before.catalog.component != Component::KubeApiserver {
        return Vec::new();
    }
    let state = |flags: &Flags, name: &str| match plugin(flags, name).state {
        PluginState::On => Some("on".to_owned()),
        PluginState::Off => Some("off".to_owned()),
        PluginState::NotInRelease | PluginState::Unsure(_) | PluginState::Broken(_) => None,
    };
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
