//! Facts in words, credentials left out.

use std::fmt;

use crate::credential::hide;
use crate::flags::admission::PluginFact;
use crate::flags::authorization::MODE;
use crate::flags::value::Value;
use crate::flags::{Effective, Flags, Setting};
use crate::version::Minor;

/// A flag's name with its dashes.
pub(super) struct Named<'n>(pub(super) &'n str);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--{}", self.0)
    }
}

/// What a flag is set to, or that it is not.
pub(super) fn flag(name: &str, value: &Value, setting: Option<&Setting>, flags: &Flags) -> String {
    let left_out = flags.left_out(name).map(|left_out| {
        let minor = flags.minor();
        let word = if left_out.written { "counts as left out" } else { "left out" };
        let field = format!("{} {word}", left_out.field);
        if value.is_empty() {
            format!("{field} ({minor})")
        } else {
            format!("{field}, default {value} ({minor})")
        }
    });
    match setting {
        None if left_out.is_some() => left_out.unwrap_or_default(),
        None if value.is_empty() => {
            format!("{} not set ({})", Named(name), flags.minor())
        }
        None => format!("{} not set, default {value} ({})", Named(name), flags.minor()),
        Some(setting) => {
            let occurrences = match flags.effective(name) {
                Effective::Set { settings, .. } => {
                    settings.iter().filter(|other| other.name == setting.name).count()
                }
                _ => 1,
            };
            let accumulated = matches!(value, Value::List(_) | Value::Map(_)) && occurrences > 1;
            let text = if accumulated {
                format!("{} is {} in all", Named(name), hide(&value.to_string()))
            } else {
                setting.shown()
            };
            if occurrences > 1 && !accumulated {
                format!("{text}, the last of {occurrences}")
            } else if let Some(printed) = read_differently(setting, value) {
                format!("{text}, which is {printed}")
            } else {
                text
            }
        }
    }
}

/// What the server makes of the text, if the reader might not expect it.
fn read_differently(setting: &Setting, value: &Value) -> Option<String> {
    if !matches!(value, Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Duration(_)) {
        return None;
    }
    Some(value.to_string()).filter(|printed| setting.value != *printed)
}

/// Whether a plugin runs, and why.
pub(super) fn plugin(name: &str, on: bool, fact: &PluginFact<'_>, minor: Minor) -> String {
    match (fact.setting, on) {
        (Some(setting), true) => format!("{name} enabled by {}", setting.shown()),
        (Some(setting), false) if fact.flag == "admission-control" => {
            format!("{name} left out by {}", setting.shown())
        }
        (Some(setting), false) => format!("{name} disabled by {}", setting.shown()),
        (None, true) => format!("{name} on by default ({minor})"),
        (None, false) => format!("{name} not enabled, off by default ({minor})"),
    }
}

/// The chain of authorizers, and why.
pub(super) fn chain(modes: &[String], settings: &[&Setting], minor: Minor) -> String {
    match settings {
        [] => format!("{} not set, default {} ({minor})", Named(MODE), modes.join(",")),
        [one] if one.value.is_empty() => {
            format!("{} is empty, completed to {} ({minor})", Named(MODE), modes.join(","))
        }
        [one] => one.shown(),
        _ => format!("{} is {} in all", Named(MODE), modes.join(",")),
    }
}

/// What is asked, then the facts.
pub(super) fn with_facts(what: &str, facts: &str) -> String {
    match (what.is_empty(), facts.is_empty()) {
        (true, _) => facts.to_owned(),
        (false, true) => what.to_owned(),
        (false, false) => format!("{what}: {facts}"),
    }
}
