//! What a flag holds, and how Go prints it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use super::{csv, duration};

/// A flag's value, by its shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A switch.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number that cannot be negative.
    Uint(u64),
    /// A number with a fraction.
    Float(f64),
    /// A span of time, in nanoseconds.
    Duration(i64),
    /// Text: a path, a name, an address.
    Text(String),
    /// Texts in the order written.
    List(Vec<String>),
    /// Names and values.
    Map(BTreeMap<String, String>),
    /// Signals and quantities (`memory.available<100Mi`).
    Thresholds(BTreeMap<String, String>),
    /// Names and switches (feature gates).
    Switches(BTreeMap<String, bool>),
}

impl Value {
    /// Whether it is an empty text, list or map.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Map(entries) | Self::Thresholds(entries) => entries.is_empty(),
            Self::Switches(entries) => entries.is_empty(),
            Self::Bool(_) | Self::Int(_) | Self::Uint(_) | Self::Float(_) | Self::Duration(_) => {
                false
            }
        }
    }

    /// The value as a whole number; a duration in nanoseconds.
    pub fn as_number(&self) -> Option<i128> {
        match self {
            Self::Int(n) | Self::Duration(n) => Some(i128::from(*n)),
            Self::Uint(n) => Some(i128::from(*n)),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[String]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The items of a list, or the names in a map: what each occurrence of a flag adds to.
    pub(super) fn items(&self) -> Vec<&str> {
        match self {
            Self::List(items) => items.iter().map(String::as_str).collect(),
            Self::Map(entries) | Self::Thresholds(entries) => {
                entries.keys().map(String::as_str).collect()
            }
            Self::Switches(entries) => entries.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The value of a text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Value {
    /// The value as Go's flag packages print it, such as `1m0s`, `[Node,RBAC]` and `a=1,b=2`.
    pub fn printed(&self) -> Cow<'_, str> {
        Cow::Owned(match self {
            Self::Bool(value) => return Cow::Borrowed(if *value { "true" } else { "false" }),
            Self::Text(text) => return Cow::Borrowed(text),
            Self::Int(value) => value.to_string(),
            Self::Uint(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Duration(nanoseconds) => duration::print(*nanoseconds),
            Self::List(items) => ["[", &csv::write(items), "]"].concat(),
            Self::Map(entries) => join(entries, '='),
            Self::Thresholds(entries) => join(entries, '<'),
            Self::Switches(entries) => join(entries, '='),
        })
    }
}

/// See [`Value::printed`].
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.printed())
    }
}

fn join<T: fmt::Display>(entries: &BTreeMap<String, T>, between: char) -> String {
    let mut out = String::new();
    for (name, value) in entries {
        let comma = if out.is_empty() { "" } else { "," };
        let _ = write!(out, "{comma}{name}{between}{value}");
    }
    out
}
