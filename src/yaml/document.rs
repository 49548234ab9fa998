//! A document of a stream, and what can be wrong with a text.

use super::Node;
use crate::command_line::{Mark, Span};

/// A text that is not YAML, or that no reader should expand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {message}", at.line(), at.column())]
pub struct Error {
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// Where the reader noticed.
    pub at: Mark,
}

/// One document of a stream.
#[derive(Debug, PartialEq, Eq)]
pub struct Document<'t> {
    /// Its number in the stream, from 0; empty documents count.
    pub index: usize,
    /// The tree.
    pub root: Node<'t>,
    /// Keys that are set twice in one mapping.
    pub duplicates: Vec<Duplicate>,
}

/// A key that is set twice in one mapping. The last one wins; strict decoding refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The key.
    pub key: String,
    /// Its first place.
    pub first: Span,
    /// The place that overrides it.
    pub last: Span,
    /// Whether a merge key brought one of the two in, as is usual where decoding is lenient.
    pub merged: bool,
}
