//! Structural checks: the fields of an object, all of them and no other.

use std::collections::BTreeSet;

use serde_json::Value;

/// What a value has to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Text,
    Number,
    Bool,
    List,
    Map,
}

/// The fields of an object in their order; those with a question mark may be left out.
pub(super) type Shape<'s> = &'s [(&'s str, Kind)];

/// Holds that an object has these fields and no other.
pub(super) fn assert_shape(value: &Value, shape: Shape) {
    let object = value.as_object().expect("an object");
    let known: BTreeSet<&str> = shape.iter().map(|(name, _)| name.trim_end_matches('?')).collect();
    let unknown: Vec<&String> = object.keys().filter(|key| !known.contains(key.as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    for (name, kind) in shape {
        let field = object.get(name.trim_end_matches('?'));
        let fits = match (field, kind) {
            (None, _) => name.ends_with('?'),
            (Some(value), Kind::Text) => value.is_string(),
            (Some(value), Kind::Number) => value.is_i64(),
            (Some(value), Kind::Bool) => value.is_boolean(),
            (Some(value), Kind::List) => value.is_array(),
            (Some(value), Kind::Map) => value.is_object(),
        };
        assert!(fits, "{name} is {field:?}, not {kind:?}");
    }
}

/// A field that is a list.
pub(super) fn list<'v>(value: &'v Value, field: &str) -> &'v Vec<Value> {
    value[field].as_array().expect(field)
}
