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
pub fn parse(text: &str) -> Vec<Result<Document, Error>> {
    match block::parse(text) {
        Some(document) => vec![Ok(document)],
        None => tree::parse_within(text, Limits::OF_A_TEXT),
    }
}

/// A value and where it was written. A value taken through an alias keeps its anchor's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The node's own characters, quotes included.
    pub span: Span,
    /// What stands there.
    pub value: Value,
}

/// What stands at a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A word, number, quoted string or block.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order written, merge keys resolved, the last of equal keys kept.
    Mapping(Vec<(Node, Node)>),
}

impl Node {
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
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// The text of a scalar, whatever its kind.
    pub fn as_str(&self) -> Option<&str> {
        self.scalar().map(|scalar| scalar.text.as_str())
    }
}
