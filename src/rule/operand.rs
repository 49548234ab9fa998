//! A value that a rule compares with.

use std::collections::BTreeMap;

use super::Literal;
use crate::flags::kind::Kind;
use crate::flags::value::Value;

/// A value to compare with, perhaps one that a benchmark may change.
#[derive(Clone, Debug, PartialEq)]
pub struct Operand {
    /// The value.
    pub value: Value,
    /// The rule's parameter that it is.
    pub parameter: Option<String>,
    /// The kind that a changed value must be.
    pub kind: Kind,
}

impl Operand {
    pub(super) fn with(&self, parameters: &BTreeMap<String, Literal>) -> Result<Self, String> {
        let changed = self.parameter.as_ref().and_then(|name| parameters.get_key_value(name));
        let Some((name, literal)) = changed else {
            return Ok(self.clone());
        };
        let value =
            read_literal(self.kind, literal).map_err(|why| format!("parameter {name}: {why}"))?;
        Ok(Self { value, ..self.clone() })
    }
}

/// A TOML value as a value of a flag's kind.
pub(super) fn read_literal(kind: Kind, literal: &Literal) -> Result<Value, String> {
    let wrong = |expected: &str| Err(format!("expected {expected}, found {}", literal.type_str()));
    match kind {
        Kind::Bool | Kind::Version => match literal {
            Literal::Bool(on) => Ok(Value::Bool(*on)),
            _ => wrong("a boolean"),
        },
        Kind::Int
        | Kind::Int32
        | Kind::Int64
        | Kind::Uint
        | Kind::Uint64
        | Kind::Level
        | Kind::Severity => match literal {
            Literal::Integer(number) => Ok(Value::Int(*number)),
            _ => wrong("an integer"),
        },
        Kind::Float32 | Kind::Float64 => match literal {
            Literal::Float(number) => Ok(Value::Float(*number)),
            Literal::Integer(number) => {
                number.to_string().parse().map(Value::Float).map_err(|_| "too large".to_owned())
            }
            _ => wrong("a number"),
        },
        Kind::StringSlice | Kind::StringArray | Kind::Int32Slice | Kind::NamedCertKeys => {
            match literal {
                Literal::List(items) => {
                    let texts: Option<Vec<String>> =
                        items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
                    texts.map(Value::List).ok_or_else(|| "expected a list of strings".to_owned())
                }
                _ => wrong("a list of strings"),
            }
        }
        _ => match literal {
            Literal::Text(text) => kind.set(None, text).map_err(|why| format!("{text:?} {why}")),
            _ => wrong("a string"),
        },
    }
}
