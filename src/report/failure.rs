//! An input that could not be checked.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::quotable;

/// An input that could not be checked, fit to print.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    /// The input.
    pub source: String,
    /// Why.
    pub message: String,
    /// Whether the message names the input itself; a saved report does not have it.
    #[serde(skip)]
    names_source: bool,
}

impl Failure {
    /// The failure of an input, by a message that does not name it.
    pub fn new(source: &str, message: &str) -> Self {
        let (source, message) = (quotable(source).into_owned(), quotable(message).into_owned());
        Self { source, message, names_source: false }
    }

    /// The same, by a message that names it, or the file beside it that is at fault.
    pub fn with_source_in_message(source: &str, message: &str) -> Self {
        Self { names_source: true, ..Self::new(source, message) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, message, names_source } = self;
        if *names_source { f.write_str(message) } else { write!(f, "{source}: {message}") }
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn an_input_is_named_once_whatever_the_message_begins_with() {
        let named = Failure::with_source_in_message("no", "no: not a regular file");
        assert_eq!(named.to_string(), "no: not a regular file");
        let unnamed = Failure::new("no", "no etcd is started in it");
        assert_eq!(unnamed.to_string(), "no: no etcd is started in it");
    }
}
