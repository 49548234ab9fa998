//! Kinds that hold several values: a setting is laid upon what the settings before it made.

use std::collections::BTreeMap;

use super::super::scalar;
use super::super::value::Value;

pub(super) fn append(earlier: Option<Value>, more: Vec<String>) -> Value {
    let mut items = match earlier {
        Some(Value::List(items)) => items,
        _ => Vec::new(),
    };
    items.extend(more);
    Value::List(items)
}

pub(super) fn merge(earlier: Option<Value>, more: Vec<(String, String)>) -> Value {
    Value::Map(merged(earlier, more))
}

/// As [`merge`], for signals and quantities.
pub(super) fn merge_thresholds(earlier: Option<Value>, more: Vec<(String, String)>) -> Value {
    Value::Thresholds(merged(earlier, more))
}

fn merged(earlier: Option<Value>, more: Vec<(String, String)>) -> BTreeMap<String, String> {
    let mut entries = match earlier {
        Some(Value::Map(entries) | Value::Thresholds(entries)) => entries,
        _ => BTreeMap::new(),
    };
    entries.extend(more);
    entries
}

pub(super) fn split_pairs(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter(|item| !item.is_empty())
}

pub(super) fn not_a_pair() -> String {
    "has an item that is not name=value".to_owned()
}

pub(super) fn pair(item: &str) -> Result<(String, String), String> {
    let (name, value) = item.split_once('=').ok_or_else(not_a_pair)?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

pub(super) fn switches(earlier: Option<Value>, text: &str) -> Result<Value, String> {
    let mut entries = match earlier {
        Some(Value::Switches(entries)) => entries,
        _ => BTreeMap::new(),
    };
    for item in split_pairs(text) {
        let (name, word) = pair(item)?;
        let value = scalar::bool(&word).map_err(|error| format!("sets {name}, which {error}"))?;
        entries.insert(name, value);
    }
    Ok(Value::Switches(entries))
}

/// Keeps `component:Name=bool` texts in the order of their components, as the multimap prints them.
pub(super) fn component_map(earlier: Option<Value>, text: &str) -> Value {
    let mut entries = match earlier {
        Some(Value::List(entries)) => entries,
        _ => Vec::new(),
    };
    for item in split_pairs(text) {
        let (component, gate) = item.split_once(':').unwrap_or(("", item));
        let component = component.trim();
        let is_before = |entry: &String| entry.split(':').next() <= Some(component);
        let at = entries.partition_point(is_before);
        entries.insert(at, format!("{component}:{}", gate.trim()));
    }
    Value::List(entries)
}

pub(super) fn pattern_levels(earlier: Option<Value>, text: &str) -> Result<Value, String> {
    let mut items = Vec::new();
    for item in text.split(',').filter(|item| !item.is_empty()) {
        match item.split_once('=') {
            Some((pattern, level)) if !pattern.is_empty() && scalar::verbosity(level).is_ok() => {
                items.push(format!("{pattern}={level}"));
            }
            _ => return Err("has an item that is not pattern=number".to_owned()),
        }
    }
    let mut all = match earlier {
        Some(Value::Text(earlier)) if !earlier.is_empty() => vec![earlier],
        _ => Vec::new(),
    };
    all.extend(items);
    Ok(Value::Text(all.join(",")))
}
