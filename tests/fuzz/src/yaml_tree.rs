//! YAML and JSON texts.

use plimsoll::yaml::{self, Node, Value};

use super::{places, text};

/// Reads every document of a text; every node slices it.
pub fn yaml_tree(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let mut last = None;
    for document in yaml::parse(text) {
        match document {
            Ok(document) => {
                assert!(last < Some(document.index), "documents are in order");
                last = Some(document.index);
                node(&document.root, text, 0);
                for duplicate in document.duplicates {
                    places::span(duplicate.first, text);
                    places::span(duplicate.last, text);
                }
            }
            Err(error) => assert!(!error.message.is_empty() && error.at.line() >= 1),
        }
    }
}

fn node(one: &Node, text: &str, depth: usize) {
    assert!(depth <= 256, "deeper than the limit");
    places::span(one.span, text);
    match &one.value {
        Value::Scalar(scalar) => {
            let _ = scalar.kind();
        }
        Value::Sequence(items) => items.iter().for_each(|item| node(item, text, depth + 1)),
        Value::Mapping(entries) => {
            for (key, value) in entries {
                node(key, text, depth + 1);
                node(value, text, depth + 1);
                // Of equal keys one is kept, so that looking one up finds it.
                if let Some(name) = key.as_str() {
                    let found = one.get(name).expect("a key that is there");
                    assert_eq!(found.span, value.span, "{name:?} stands twice");
                }
            }
        }
    }
}
