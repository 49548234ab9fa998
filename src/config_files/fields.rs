//! Fields of a configuration file that stand for flags: tables, and how they are read.
//!
//! Files lie in layers, where a later one overrides an earlier one as a JSON merge patch does: objects
//! are merged, everything else is replaced, and null takes a field away.

use std::collections::BTreeMap;

use super::{Located, Object, Problem, start};
use crate::command_line::Location;
use crate::credential::hide_value;
use crate::flags::catalog::{Release, known};
use crate::flags::kind::Kind;
use crate::flags::own_file::{Fallback, Given, LeftOut, Part};
use crate::flags::value::Value;
use crate::source::NamedBytes;

/// A field that stands for a flag.
pub(super) struct Field {
    /// Its names from the top, with dots between them.
    pub(super) path: &'static str,
    /// The flag.
    pub(super) flag: &'static str,
    /// What stands there.
    pub(super) shape: Shape,
    /// The first release of Kubernetes that has it.
    pub(super) since: Release,
}

pub(super) const fn field(path: &'static str, flag: &'static str, shape: Shape) -> Field {
    Field { path, flag: known(flag), shape, since: Release::kubernetes(0) }
}

impl Field {
    pub(super) const fn since(mut self, minor: u16) -> Self {
        self.since = Release::kubernetes(minor);
        self
    }
}

/// What stands in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A switch.
    Bool,
    /// A whole number.
    Int,
    /// A whole number; 0 is the default.
    Count,
    /// A number; 0 is the default.
    Number,
    /// A time such as `5m`; 0 is the default.
    Time,
    /// A time such as `5m`, 0 included.
    AnyTime,
    /// A text; an empty one is the default.
    Text,
    /// A path, relative to the folder of the first file; an empty one is the default.
    Path,
    /// A list of texts.
    Texts,
    /// Names and texts, merged name by name.
    TextMap,
    /// Signals and quantities, merged signal by signal.
    Thresholds,
    /// Names and switches, merged name by name.
    Switches,
    /// Something that is not laid over the flag here: it is only noticed.
    Noticed,
}

/// Where a field was found.
pub(super) enum FieldSource<'n> {
    /// In this object, under this name, in the layer of this number.
    In(Object<'n>, &'static str, usize),
    /// Nowhere; whether a later layer took it away.
    Nowhere { taken: bool },
}

/// The topmost layer's word on a field.
pub(super) fn find<'n>(
    layers: &[Object<'n>],
    path: &'static str,
) -> Result<FieldSource<'n>, Problem> {
    for (number, layer) in layers.iter().enumerate().rev() {
        match look(*layer, path)? {
            Look::There(object, name) => return Ok(FieldSource::In(object, name, number)),
            Look::Null => return Ok(FieldSource::Nowhere { taken: number > 0 }),
            Look::Silent => {}
        }
    }
    Ok(FieldSource::Nowhere { taken: false })
}

enum Look<'n> {
    There(Object<'n>, &'static str),
    Null,
    Silent,
}

fn look<'n>(object: Object<'n>, path: &'static str) -> Result<Look<'n>, Problem> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    if object.nulls(name) {
        return Ok(Look::Null);
    }
    match rest {
        None if object.has(name) => Ok(Look::There(object, name)),
        None => Ok(Look::Silent),
        Some(rest) => match object.object(name)? {
            Some(inner) => look(inner, rest),
            None => Ok(Look::Silent),
        },
    }
}

/// What a field makes of its flag; nothing where it says no more than the default.
pub(super) fn read(
    field: &Field,
    kind: Kind,
    layers: &[Object<'_>],
    folder: Option<&str>,
) -> Result<Option<Given>, Problem> {
    let FieldSource::In(object, name, layer) = find(layers, field.path)? else { return Ok(None) };
    let given = |value: Result<Value, String>, text: String, location: Location| {
        let text_shown = format!("{}: {text}", field.path);
        let parts = vec![Part { text: text_shown, value: text, location }];
        Ok(Some(Given { flag: field.flag, value, parts }))
    };
    let written = match field.shape {
        Shape::TextMap | Shape::Thresholds | Shape::Switches => return map(field, layers),
        Shape::Noticed => {
            let why = format!("{} is not read", field.path);
            return given(Err(why), "…".to_owned(), object.place(name));
        }
        Shape::Texts => {
            let items: Vec<String> =
                object.texts(name)?.into_iter().map(|item| item.value).collect();
            let text = items.join(",");
            return given(Ok(Value::List(items)), text, object.place(name));
        }
        Shape::Bool => object.bool(name)?.map(printed),
        Shape::Int => object.int(name)?.map(printed),
        Shape::Count => object.int(name)?.filter(|number| number.value != 0).map(printed),
        Shape::Number => object.number(name)?,
        Shape::Text | Shape::Time | Shape::AnyTime => object.text(name)?,
        Shape::Path => object.text(name)?.map(|path| absolute(path, folder, layer)),
    };
    let Some(Located { value: text, location }) = written else { return Ok(None) };
    if text.is_empty() && matches!(field.shape, Shape::Text | Shape::Path) {
        return Ok(None);
    }
    let value = match kind.set(None, &text) {
        Ok(value) => value,
        Err(why) => {
            return Err(Problem {
                message: format!("{}: {:?} {why}", field.path, hide_value(&text)),
                location,
            });
        }
    };
    let zero = match field.shape {
        Shape::Time => value.as_number() == Some(0),
        Shape::Number => matches!(value, Value::Float(number) if number == 0.0),
        _ => false,
    };
    if zero { Ok(None) } else { given(Ok(value), text, location) }
}

/// A field that says no more than its default, in layers that begin with this file.
pub(super) fn left_out(
    field: &Field,
    layers: &[Object<'_>],
    default: Fallback,
    file: &NamedBytes,
) -> Result<LeftOut, Problem> {
    let name = field.path.to_owned();
    Ok(match find(layers, field.path)? {
        FieldSource::In(object, last, _) => {
            LeftOut { field: name, default, written: true, location: object.place(last) }
        }
        FieldSource::Nowhere { .. } => {
            LeftOut { field: name, default, written: false, location: start(&file.name) }
        }
    })
}

fn printed<T: ToString>(read: Located<T>) -> Located<String> {
    Located { value: read.value.to_string(), location: read.location }
}

/// Only the first file's paths begin where it lies.
fn absolute(path: Located<String>, folder: Option<&str>, layer: usize) -> Located<String> {
    let Located { value, location } = path;
    let folder = folder.filter(|_| layer == 0 && !value.is_empty() && !value.starts_with('/'));
    let value = match folder {
        Some(folder) => format!("{}/{value}", folder.trim_end_matches('/')),
        None => value,
    };
    Located { value, location }
}

/// Names and values of all layers.
fn map(field: &Field, layers: &[Object<'_>]) -> Result<Option<Given>, Problem> {
    let mut entries: BTreeMap<String, Located<String>> = BTreeMap::new();
    let mut there = false;
    for layer in layers {
        let (object, name) = match look(*layer, field.path)? {
            Look::There(object, name) => (object, name),
            Look::Null => {
                entries.clear();
                there = false;
                continue;
            }
            Look::Silent => continue,
        };
        let Some(inner) = object.object(name)? else { continue };
        there = true;
        let values: Vec<_> = match field.shape {
            Shape::Switches => {
                let switches = inner.bools_by_name();
                switches.map(|read| read.map(|(key, it)| (key, it.map(printed)))).collect()
            }
            _ => inner.texts_by_name().collect(),
        };
        for value in values {
            let (key, value) = value?;
            entries.remove(key);
            entries.extend(value.map(|value| (key.to_owned(), value)));
        }
    }
    if !there {
        return Ok(None);
    }
    let value = match field.shape {
        Shape::Switches => Value::Switches(
            entries.iter().map(|(name, on)| (name.clone(), on.value == "true")).collect(),
        ),
        shape => {
            let texts = entries.iter().map(|(n, v)| (n.clone(), v.value.clone())).collect();
            if shape == Shape::Thresholds { Value::Thresholds(texts) } else { Value::Map(texts) }
        }
    };
    let part = |(name, entry): (String, Located<String>)| Part {
        text: format!("{}.{name}: {}", field.path, entry.value),
        value: format!("{name}={}", entry.value),
        location: entry.location,
    };
    let parts = entries.into_iter().map(part).collect();
    Ok(Some(Given { flag: field.flag, value: Ok(value), parts }))
}
