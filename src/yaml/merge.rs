//! Merge keys, applied as Kubernetes' reader applies them: where they are written.
//!
//! Source: goyaml.v2/decode.go `merge` and `mapping`. What is written behind a merge key overrides what
//! it brings in, and of several merge keys the last counts. A merge key behind a written one overrides
//! that there; YAML's specification and other readers (goyaml.v3, PyYAML) say the opposite, so a text
//! whose meaning hangs on it is an error. Strict decoding refuses every override.

use super::entries::Entries;
use super::{Duplicate, Error, Node, Value};
use crate::command_line::Span;

/// A mapping while it is read: what is written, and what merge keys have brought in so far.
#[derive(Default)]
pub(super) struct Merging<'t> {
    written: Entries<'t>,
    merged: Entries<'t>,
}

impl<'t> Merging<'t> {
    /// How many entries were written.
    pub(super) fn len(&self) -> usize {
        self.written.len()
    }

    /// Adds an entry that is written.
    pub(super) fn add(&mut self, key: Node<'t>, value: Node<'t>, duplicates: &mut Vec<Duplicate>) {
        if let Some((first, _)) = self.merged.get(&key) {
            duplicates.push(overridden(first, key.span));
        }
        self.written.add_noting(key, value, duplicates);
    }

    /// Merges a value, which is a mapping or a list of mappings, at the place of its key.
    pub(super) fn merge(
        &mut self,
        value: &Node<'t>,
        is_alias: bool,
        at: Span,
        duplicates: &mut Vec<Duplicate>,
    ) -> Result<(), Error> {
        let sources = match &value.value {
            Value::Mapping(_) => std::slice::from_ref(value),
            Value::Sequence(items) if !is_alias => items,
            Value::Sequence(_) | Value::Scalar(_) => return Err(no_mapping(at)),
        };
        // Of the sources in a list the first wins.
        for source in sources.iter().rev() {
            let Value::Mapping(entries) = &source.value else { return Err(no_mapping(at)) };
            for (key, value) in entries {
                self.bring_in(key, value, at, duplicates)?;
            }
        }
        Ok(())
    }

    fn bring_in(
        &mut self,
        key: &Node<'t>,
        value: &Node<'t>,
        at: Span,
        duplicates: &mut Vec<Duplicate>,
    ) -> Result<(), Error> {
        if let Some((first, written)) = self.written.get(key) {
            if !same(written, value) {
                let message = format!(
                    "<< overrides the key {:?} of line {} for Kubernetes and not for other readers \
                     of YAML: write << first",
                    first.as_str().unwrap_or_default(),
                    first.span.start.line()
                );
                return Err(Error { message, at: at.start });
            }
            duplicates.push(overridden(first, at));
        } else if let Some(first) = self.merged.add(key.clone(), value.clone()) {
            duplicates.push(overridden(&first, at));
        }
        Ok(())
    }

    /// The entries.
    pub(super) fn into_list(mut self) -> Vec<(Node<'t>, Node<'t>)> {
        for (key, value) in self.merged.into_list() {
            self.written.fill_in(key, value);
        }
        self.written.into_list()
    }
}

fn overridden(first: &Node<'_>, last: Span) -> Duplicate {
    let key = first.as_str().unwrap_or_default().to_owned();
    Duplicate { key, first: first.span, last, merged: true }
}

fn no_mapping(at: Span) -> Error {
    Error { message: "<< is followed by no mapping, nor a list of mappings".into(), at: at.start }
}

/// Whether two values say the same, wherever they are written.
fn same(one: &Node<'_>, other: &Node<'_>) -> bool {
    match (&one.value, &other.value) {
        (Value::Scalar(one), Value::Scalar(other)) => {
            one.text == other.text && one.kind() == other.kind()
        }
        (Value::Sequence(one), Value::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Mapping(one), Value::Mapping(other)) => {
            let both = |(one, other): (&(Node<'_>, Node<'_>), &(Node<'_>, Node<'_>))| {
                same(&one.0, &other.0) && same(&one.1, &other.1)
            };
            one.len() == other.len() && one.iter().zip(other).all(both)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::yaml::{Document, Error, parse};

    const ANCHORS: &str = "x: &x {k: 1, l: 1}\ny: &y {k: 2, m: 2}\nl: &l [{k: 3}]\n";

    fn read(merging: &str) -> Result<Document<'static>, Error> {
        parse(format!("{ANCHORS}a: {merging}\n").leak()).remove(0)
    }

    #[test]
    fn merge_keys_count_in_the_order_in_which_kubernetes_applies_them() {
        for (merging, expected, overrides) in [
            ("{<<: *x}", "1", 0),
            ("{<<: *x, k: 4}", "4", 1),
            ("{<<: *x, <<: *y}", "2", 1),
            ("{<<: [*x, *y]}", "1", 1),
            ("{<<: [*y, {k: 5}]}", "2", 1),
            ("{k: 1, <<: *x}", "1", 1),
            ("{! '<<': *x}", "1", 0),
            ("{!!merge '<<': *x}", "1", 0),
            ("{k: 4, '<<': *x}", "4", 0),
            ("{k: 4, !!str <<: *x}", "4", 0),
        ] {
            let document = read(merging).expect(merging);
            let value = document.root.at(&["a", "k"]).and_then(|k| k.as_str());
            assert_eq!(value, Some(expected), "{merging}");
            let merged = document.duplicates.iter().filter(|it| it.merged).count();
            assert_eq!(merged, overrides, "{merging}");
        }
    }

    #[test]
    fn a_merge_that_readers_understand_differently_or_not_at_all_is_an_error() {
        for (merging, message) in [
            ("{k: 4, <<: *x}", "<< overrides the key \"k\" of line 4"),
            ("{k: '1', <<: *x}", "write << first"),
            ("{<<: 1}", "no mapping"),
            ("{<<: }", "no mapping"),
            ("{<<: *l}", "no mapping"),
            ("{<<: [[*x]]}", "no mapping"),
            ("{<<: [*x, 1]}", "no mapping"),
        ] {
            let error = read(merging).expect_err(merging);
            assert!(error.message.contains(message), "{merging}: {error}");
        }
    }
}
