//! A value as a rule's author writes it, before it has a flag's kind.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value of TOML.
///
/// The digest in the binary names the variant before the value, which `toml::Value` cannot be read from.
/// serde derives the functions for the digest as inherent ones (`remote = "Self"`); the trait chooses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub enum Literal {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// A string.
    Text(String),
    /// A date, a time, or both, as TOML writes it.
    Datetime(String),
    /// A list.
    List(Vec<Literal>),
    /// A table, such as the one that names a parameter.
    Table(BTreeMap<String, Literal>),
}

impl Literal {
    /// TOML's word for its type.
    pub fn type_str(&self) -> &'static str {
        match self {
            Self::Bool(_) => "boolean",
            Self::Integer(_) => "integer",
            Self::Float(_) => "float",
            Self::Text(_) => "string",
            Self::Datetime(_) => "datetime",
            Self::List(_) => "array",
            Self::Table(_) => "table",
        }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Serialize for Literal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Literal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return toml::Value::deserialize(deserializer).map(Self::from);
        }
        Self::deserialize(deserializer)
    }
}

impl From<toml::Value> for Literal {
    fn from(value: toml::Value) -> Self {
        match value {
            toml::Value::Boolean(on) => Self::Bool(on),
            toml::Value::Integer(number) => Self::Integer(number),
            toml::Value::Float(number) => Self::Float(number),
            toml::Value::String(text) => Self::Text(text),
            toml::Value::Datetime(time) => Self::Datetime(time.to_string()),
            toml::Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            toml::Value::Table(entries) => {
                let entries = entries.into_iter().map(|(key, value)| (key, value.into()));
                Self::Table(entries.collect())
            }
        }
    }
}

impl fmt::Display for Literal {
    /// As TOML writes it. Fingerprints rest on this text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(on) => write!(f, "{on}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{}", toml::Value::Float(*number)),
            Self::Text(text) => write!(f, "{}", toml::Value::String(text.clone())),
            Self::Datetime(time) => f.write_str(time),
            Self::List(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if at == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Self::Table(entries) => {
                f.write_str("{")?;
                for (at, (key, value)) in entries.iter().enumerate() {
                    write!(f, "{} {key} = {value}", if at == 0 { "" } else { "," })?;
                }
                f.write_str(" }")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Literal;

    #[test]
    fn a_literal_is_printed_as_toml_prints_it_and_survives_the_digest() {
        for text in [
            "true",
            "-7",
            "1.0",
            "\"600\"",
            "\"a \\\"b\\\"\"",
            "[]",
            "[\"kms-v2\", \"aescbc\"]",
            "1979-05-27T07:32:00Z",
            "{ parameter = \"days\" }",
        ] {
            let table: toml::Table = toml::from_str(&format!("a = {text}")).expect(text);
            let literal = Literal::from(table["a"].clone());
            assert_eq!(literal.to_string(), table["a"].to_string(), "{text}");
            let digested = postcard::to_allocvec(&literal).expect("written");
            assert_eq!(postcard::from_bytes(&digested), Ok(literal), "{text}");
        }
    }
}
