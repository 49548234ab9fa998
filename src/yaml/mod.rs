//! YAML and JSON as trees in which every node knows its place.
//!
//! The only module that knows the YAML parser. What Kubernetes makes of a text (which plain words
//! are no strings, that the last of two equal keys wins, merge keys) is decided here, once.

mod block;
mod breaks;
mod document;
mod entries;
mod limits;
mod merge;
mod scalar;
mod tag;
mod tree;

#[cfg(test)]
mod tests;

pub use document::{Document, Duplicate, Error};
pub use scalar::{Scalar, ScalarKind};

use crate::command_line::Span;
use limits::Limits;

/// Reads every document of `text`. A broken one does not hide those behind it.
pub fn parse(text: &str) -> Vec<Result<Document<'_>, Error>> {
    match block::parse(text) {
        Some(document) => vec![Ok(document)],
        None => tree::parse_within(text, Limits::OF_A_TEXT),
    }
}

/// A value and where it was written. A value taken through an alias keeps its anchor's place.
///
/// Most texts of a tree are pieces of the text that was read, and are borrowed from it: a manifest has
/// some hundred and fifty of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node<'t> {
    /// The node's own characters, quotes included.
    pub span: Span,
    /// What stands there.
    pub value: Value<'t>,
}

/// What stands at a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'t> {
    /// A word, number, quoted string or block.
    Scalar(Scalar<'t>),
    /// A list.
    Sequence(Vec<Node<'t>>),
    /// Keys and values in the order written, merge keys resolved, the last of equal keys kept.
    Mapping(Vec<(Node<'t>, Node<'t>)>),
}

impl<'t> Node<'t> {
    /// The value under `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Value::Mapping(entries) = &self.value else {
            return None;
        };
        entries.iter().find(|(k, _)| k.as_str() == Some(key)).map(|(_, value)| value)
    }

    /// The value under a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The items, if this is a sequence.
    pub fn items(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            Value::Scalar(_) | Value::Mapping(_) => None,
        }
    }

    /// The scalar, if this is one.
    pub fn scalar(&self) -> Option<&Scalar<'t>> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// The tree with texts of its own, for what outlives the text that was read.
    pub fn into_owned(self) -> Node<'static> {
        let value = match self.value {
            Value::Scalar(scalar) => Value::Scalar(scalar.into_owned()),
            Value::Sequence(items) => {
                Value::Sequence(items.into_iter().map(Node::into_owned).collect())
            }
            Value::Mapping(entries) => {
                let owned = |(key, value): (Self, Self)| (key.into_owned(), value.into_owned());
                Value::Mapping(entries.into_iter().map(owned).collect())
            }
        };
        Node { span: self.span, value }
    }

    /// The text of a scalar, whatever its kind.
    pub fn as_str(&self) -> Option<&str> {
        self.scalar().map(|scalar| &*scalar.text)
    }
}
