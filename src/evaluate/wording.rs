//! Facts in words, credentials left out.

use std::fmt;

use crate::credential::hide_value;
use crate::flags::answer::Known;
use crate::flags::authorization::MODE;
use crate::flags::value::Value;
use crate::flags::{Flags, Occurrences, Setting};
use crate::result::Evidence;

/// A flag's name with its dashes.
pub(super) struct FlagName<'n>(pub(super) &'n str);

impl fmt::Display for FlagName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--{}", self.0)
    }
}

/// What a flag is set to, or that it is not.
pub(super) fn flag(name: &str, value: &Value, settings: Occurrences<'_>, flags: &Flags) -> String {
    flag_of((name, value, &value.printed()), settings, flags)
}

/// The same of a value whose text is at hand.
pub(super) fn flag_of(
    (name, value, printed): (&str, &Value, &str),
    settings: Occurrences<'_>,
    flags: &Flags,
) -> String {
    let Some(setting) = settings.last() else { return not_set(name, printed, value, flags) };
    let occurrences = settings.iter().filter(|other| other.name == setting.name).count();
    if occurrences == 1 {
        if read_differently(setting, value, printed) {
            return [&setting.shown(), ", which is ", printed].concat();
        }
        return setting.shown().into_owned();
    }
    match value {
        Value::List(_) | Value::Map(_) | Value::Thresholds(_) => {
            ["--", name, " is ", &hide_value(printed), " in all"].concat()
        }
        _ => format!("{}, the last of {occurrences}", setting.shown()),
    }
}

fn not_set(name: &str, printed: &str, value: &Value, flags: &Flags) -> String {
    let (dashes, name, words) = match flags.left_out(name) {
        None => ("--", flags.name_here(name), " not set"),
        Some(left_out) if left_out.written => ("", &*left_out.field, " counts as left out"),
        Some(left_out) => ("", &*left_out.field, " left out"),
    };
    let minor = flags.minor_text();
    if value.is_empty() {
        return [dashes, name, words, " (", minor, ")"].concat();
    }
    [dashes, name, words, ", default ", printed, " (", minor, ")"].concat()
}

/// Whether the server makes something of the text that the reader might not expect.
fn read_differently(setting: &Setting, value: &Value, printed: &str) -> bool {
    matches!(value, Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Duration(_))
        && setting.value() != printed
}

/// Whether a plugin runs, and why.
pub(super) fn plugin(name: &str, fact: &Known<'_, bool>, minor: &str) -> String {
    let by = |words: &str, setting: &Setting| [name, words, &setting.shown()].concat();
    match (fact.by.setting(), fact.value) {
        (Some(setting), true) => by(" enabled by ", setting),
        (Some(setting), false) if fact.by.flag == "admission-control" => {
            by(" left out by ", setting)
        }
        (Some(setting), false) => by(" disabled by ", setting),
        (None, true) => [name, " on by default (", minor, ")"].concat(),
        (None, false) => [name, " not enabled, off by default (", minor, ")"].concat(),
    }
}

/// The chain of authorizers, and why.
pub(super) fn chain(modes: &[&str], settings: Occurrences<'_>, minor: &str) -> String {
    let mut given = settings.iter();
    match (given.next(), given.next()) {
        (None, _) => format!("{} not set, default {} ({minor})", FlagName(MODE), modes.join(",")),
        (Some(one), None) if one.value().is_empty() => {
            format!("{} is empty, completed to {} ({minor})", FlagName(MODE), modes.join(","))
        }
        (Some(one), None) => one.shown().into_owned(),
        _ => format!("{} is {} in all", FlagName(MODE), modes.join(",")),
    }
}

/// A verdict's words, and that it rests on a flag which no source lists for the release.
pub(super) fn with_doubt(words: String, facts: &[Evidence], flags: &Flags) -> String {
    let release = flags.release;
    let concluded = flags.concludes
        && facts.iter().any(|fact| {
            flags.catalog.find(&fact.flag).is_some_and(|spec| spec.is_concluded(release))
        });
    if concluded {
        [&words, "; that ", flags.minor_text(), " has the flag is concluded"].concat()
    } else {
        words
    }
}

/// What is asked, then the facts.
pub(super) fn with_facts(what: String, facts: String) -> String {
    match (what.is_empty(), facts.is_empty()) {
        (true, _) => facts,
        (false, true) => what,
        (false, false) => [&*what, ": ", &facts].concat(),
    }
}
