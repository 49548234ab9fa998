//! The keys of k3s' configuration, merged over its files.
//!
//! Source: k3s `pkg/configfilearg/parser.go`: files in order; a later key replaces an earlier one unless
//! it is written `key+`, which appends.

use crate::command_line::Location;
use crate::document::carrier::Carrier;
use crate::document::distribution::declared::unrendered;
use crate::yaml::{Node, ScalarKind, Value};

/// A value and the text it stands in.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) node: &'a Node<'a>,
    pub(super) carrier: &'a Carrier<'a>,
}

impl Item<'_> {
    pub(super) fn location(&self) -> Location {
        self.carrier.location(self.node.span)
    }

    /// The flag that the item names, if it is an entry such as `--name=value` or `name+=value`.
    pub(super) fn flag(&self) -> Option<&str> {
        let text = self.node.as_str()?;
        let text = text.strip_prefix("--").unwrap_or(text);
        let name = text.split('=').next().unwrap_or_default();
        Some(name.trim_end_matches(['-', '+']))
    }
}

/// The keys with their values in order.
#[derive(Clone)]
pub(super) struct Settings<'a> {
    /// The first document: what is set nowhere would be written there.
    pub(super) root: Item<'a>,
    /// Whether a key adds to one that must stand in another file.
    pub(super) is_part: bool,
    keys: Vec<Key<'a>>,
}

#[derive(Clone)]
struct Key<'a> {
    name: String,
    /// The last value given for it.
    place: Item<'a>,
    items: Vec<Item<'a>>,
}

impl<'a> Settings<'a> {
    pub(super) fn new(root: &'a Node<'a>, carrier: &'a Carrier<'a>) -> Self {
        Self { root: Item { node: root, carrier }, is_part: false, keys: Vec::new() }
    }

    /// The keys of one file, merged over those of the files before.
    pub(super) fn add(&mut self, root: &'a Node<'a>, carrier: &'a Carrier<'a>) {
        let Value::Mapping(entries) = &root.value else { return };
        for (key, value) in entries {
            if let Some(key) = key.as_str() {
                self.set(key, Item { node: value, carrier });
            }
        }
    }

    /// One key, `key+` appended.
    pub(super) fn set(&mut self, key: &str, value: Item<'a>) {
        let (name, appends) = match key.strip_suffix('+') {
            Some(name) => (name, true),
            None => (key, false),
        };
        let one = |node| Item { node, carrier: value.carrier };
        let items = match &value.node.value {
            Value::Sequence(items) => items.iter().map(one).collect(),
            Value::Scalar(scalar) if scalar.kind() == ScalarKind::Null => Vec::new(),
            Value::Scalar(_) | Value::Mapping(_) => vec![value],
        };
        match self.keys.iter_mut().find(|known| known.name == name) {
            Some(known) => {
                known.place = value;
                if appends {
                    known.items.extend(items);
                } else {
                    known.items = items;
                }
            }
            None => {
                self.is_part |= appends;
                self.keys.push(Key { name: name.to_owned(), place: value, items });
            }
        }
    }

    fn key(&self, name: &str) -> Option<&Key<'a>> {
        self.keys.iter().find(|key| key.name == name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.key(name).is_some()
    }

    pub(super) fn items(&self, name: &str) -> &[Item<'a>] {
        self.key(name).map(|key| key.items.as_slice()).unwrap_or_default()
    }

    /// Where a value of the key stands, or would stand.
    pub(super) fn place(&self, name: &str) -> Item<'a> {
        self.key(name).map_or(self.root, |key| key.place)
    }

    /// The last value, as the command line takes it for a key that is no list.
    pub(super) fn item(&self, name: &str) -> Option<Item<'a>> {
        let item = self.items(name).last()?;
        item.node.as_str().filter(|text| !text.is_empty()).map(|_| *item)
    }

    /// Its text. An unrendered template is a text too.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.item(name)?.node.as_str()
    }

    /// A switch; `None` if a template decides it.
    pub(super) fn switch(&self, name: &str) -> Option<bool> {
        match self.text(name) {
            None => Some(false),
            Some(text) if unrendered(text) => None,
            Some(text) => Some(matches!(text, "1" | "t" | "T" | "true" | "True" | "TRUE")),
        }
    }
}
