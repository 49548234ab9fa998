//! One flag as a listing shows it, whatever the format.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::credential::{hide_items, hide_value};
use crate::flags::catalog::FlagSpec;
use crate::flags::feature_gates::FLAG as FEATURE_GATES;
use crate::flags::kind::Kind;
use crate::flags::value::Value;
use crate::flags::{Effective, Flags};
use crate::report::finished::Location;
use crate::report::{quotable, quotable_value};

/// A flag.
#[derive(Serialize)]
pub(super) struct Flag<'r> {
    pub(super) name: String,
    pub(super) r#type: &'static str,
    /// What stands between the names and values of a map.
    #[serde(skip)]
    pub(super) between: char,
    pub(super) value: Option<JsonValue>,
    pub(super) origin: &'static str,
    /// Why there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    /// The flag whose value it sets too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) another_name_of: Option<&'static str>,
    /// The group of the server's help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) group: Option<&'static str>,
    pub(super) occurrences: Vec<Occurrence<'r>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) deprecated: bool,
}

/// A value in the shape of its flag.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum JsonValue {
    Scalar(String),
    List(Vec<String>),
    Map(BTreeMap<String, String>),
}

/// One setting of a flag.
#[derive(Serialize)]
pub(super) struct Occurrence<'r> {
    pub(super) text: String,
    pub(super) location: Location<'r>,
}

/// The flags of a target by name; each name counts, also one that shares another's variable.
pub(super) fn rows(flags: &Flags, all: bool) -> Vec<Flag<'_>> {
    let catalog = flags.catalog;
    let known = catalog.flags.iter().filter(|spec| spec.life.covers(flags.release));
    let given = |spec: &FlagSpec| flags.settings.iter().any(|setting| setting.name == spec.name);
    let uncertain = |spec: &FlagSpec| !spec.life.covers(flags.release);
    let mut rows: Vec<Flag<'_>> =
        known.filter(|spec| all || given(spec)).map(|spec| row(flags, spec)).collect();
    let late: Vec<&FlagSpec> = flags.settings.iter().filter_map(|s| s.spec).collect();
    for spec in late.into_iter().filter(|spec| uncertain(spec)) {
        if !rows.iter().any(|row| row.name == spec.name) {
            rows.push(row(flags, spec));
        }
    }
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    rows
}

fn row<'r>(flags: &'r Flags, spec: &FlagSpec) -> Flag<'r> {
    let mut reason = None;
    let (value, origin) = match flags.effective(spec.name) {
        Effective::Set { value, settings } => {
            let in_file = settings.last().is_some_and(|setting| setting.in_file);
            let origin = if in_file { "file" } else { "set" };
            (Some(json_value(flags, spec.name, value)), origin)
        }
        Effective::Default { value } => (Some(json_value(flags, spec.name, value)), "default"),
        Effective::DefaultNotKnown => (None, "default"),
        Effective::Unresolved { why, .. } => {
            reason = Some(quotable(&flags.without_secrets(&why)).into_owned());
            let given = flags.settings.iter().any(|setting| setting.name == spec.name);
            (None, if given { "set" } else { "default" })
        }
        Effective::Broken { setting, value: Some(value), .. } => {
            let origin = if setting.in_file { "file" } else { "set" };
            (Some(json_value(flags, spec.name, value)), origin)
        }
        Effective::Broken { setting, why, .. } => {
            reason = Some(quotable(&flags.without_secrets(&why)).into_owned());
            (None, if setting.name == spec.name { "set" } else { "file" })
        }
        Effective::Absent { .. } => (None, "set"),
    };
    let value = match value {
        Some(_) if spec.credential && origin != "default" => {
            Some(JsonValue::Scalar("***".to_owned()))
        }
        value => value,
    };
    let occurrences = flags.settings.iter().filter(|setting| setting.name == spec.name);
    Flag {
        name: spec.name.to_owned(),
        r#type: spec.kind(flags.release).go_name(),
        between: if spec.kind(flags.release) == Kind::ThresholdMap { '<' } else { '=' },
        value,
        origin,
        reason,
        another_name_of: flags.catalog.shared(spec, flags.release).map(|other| other.name),
        group: spec.group,
        occurrences: occurrences
            .map(|setting| Occurrence {
                text: quotable(&setting.shown()).into_owned(),
                location: Location::from(&setting.location),
            })
            .collect(),
        // It is the flag that is deprecated, not the field of the file.
        deprecated: origin != "file" && spec.is_deprecated(flags.release),
    }
}

fn json_value(flags: &Flags, name: &str, value: &Value) -> JsonValue {
    // The order of a map is not that in which it was written.
    let clean = |text: &str| quotable_value(&flags.value_without_secrets(text)).into_owned();
    // A map is hidden as the list that it was: a password may hold what parts its entries.
    let map = |entries: Vec<String>| {
        let entries = hide_items(&entries);
        let pairs = entries.iter().map(|entry| entry.split_once('=').unwrap_or((entry, "")));
        JsonValue::Map(
            pairs.map(|(name, value)| (clean(name.trim()), clean(value.trim()))).collect(),
        )
    };
    match value {
        // From 1.31 on gates are kept as written, `component:Name=value`, the last one winning.
        Value::List(items) if name == FEATURE_GATES => {
            map(items.iter().map(|it| it.strip_prefix(':').unwrap_or(it).to_owned()).collect())
        }
        Value::List(items) => {
            JsonValue::List(hide_items(items).iter().map(|it| clean(it)).collect())
        }
        Value::Map(entries) | Value::Thresholds(entries) => {
            map(entries.iter().map(|(name, value)| format!("{name}={value}")).collect())
        }
        Value::Switches(entries) => {
            map(entries.iter().map(|(name, on)| format!("{name}={on}")).collect())
        }
        scalar => JsonValue::Scalar(clean(&hide_value(&scalar.printed()))),
    }
}
