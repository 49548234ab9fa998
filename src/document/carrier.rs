//! The text that carries a document, for turning spans into places.
//!
//! YAML often carries YAML in a string: a config map's value, a patch. A place in such an inner text is
//! given as the place in the outer one, so that a finding points at the line in the file.

use std::sync::Arc;

use crate::command_line::{Location, Mark, Span};
use crate::yaml::Node;

/// A text, perhaps one within another.
#[derive(Clone)]
pub(super) struct Carrier<'t> {
    pub(super) text: &'t str,
    pub(super) path: &'t Arc<str>,
    within: Within,
}

/// How places in the text become places in the file.
#[derive(Clone)]
enum Within {
    /// They are the same.
    File,
    /// The text is a literal block: its lines stand in the file, indented. The file's offsets of
    /// their first characters, the line number of the first, and the indentation.
    Block { starts: Arc<[usize]>, line: usize, indent: usize },
    /// The text was quoted or folded: all of it is one place.
    Somewhere(Span),
}

impl<'t> Carrier<'t> {
    /// A file's text.
    pub(super) fn new(text: &'t str, path: &'t Arc<str>) -> Self {
        Self { text, path, within: Within::File }
    }

    /// The text that a scalar of this one holds.
    pub(super) fn inner<'i>(&'i self, scalar: &'i Node) -> Option<Carrier<'i>> {
        let text = scalar.as_str()?;
        let span = self.file_span(scalar.span);
        let literal = scalar.scalar().is_some_and(|scalar| scalar.block);
        let within = match &self.within {
            Within::File if literal => {
                block(self.text, span, text).unwrap_or(Within::Somewhere(span))
            }
            _ => Within::Somewhere(span),
        };
        Some(Carrier { text, path: self.path, within })
    }

    /// The place of a span of this text.
    pub(super) fn location(&self, span: Span) -> Location {
        Location::Text { path: self.path.clone(), span: self.file_span(span) }
    }

    fn file_span(&self, span: Span) -> Span {
        Span { start: self.file_mark(span.start, true), end: self.file_mark(span.end, false) }
    }

    fn file_mark(&self, mark: Mark, start: bool) -> Mark {
        match &self.within {
            Within::File => mark,
            Within::Somewhere(span) if start => span.start,
            Within::Somewhere(span) => span.end,
            Within::Block { starts, line, indent } => {
                let row = mark.line().saturating_sub(1);
                let first = starts.get(row).or(starts.last()).copied().unwrap_or_default();
                // Bytes from the start of the inner line to the mark.
                let before = self.text.get(..mark.offset()).unwrap_or_default();
                let bytes = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
                Mark::new(first + bytes, line + row, mark.column() + indent)
            }
        }
    }
}

/// The lines of a literal block in the file. `None` if they are not the block's text, as in a folded
/// block, whose lines were joined.
fn block(file: &str, span: Span, text: &str) -> Option<Within> {
    let indent = span.start.column().saturating_sub(1);
    let mut at = span.start.offset().checked_sub(indent)?;
    let mut starts = Vec::new();
    for line in text.lines() {
        let rest = file.get(at..)?;
        let whole = rest.lines().next()?;
        let written = whole.get(indent.min(whole.len())..)?;
        if written != line {
            return None;
        }
        starts.push(at + indent.min(whole.len()));
        at += rest.find('\n').map_or(rest.len(), |end| end + 1);
    }
    Some(Within::Block { starts: starts.into(), line: span.start.line(), indent })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Carrier;
    use crate::command_line::Location;
    use crate::yaml::parse;

    /// The line, and the text at the place, of an inner value.
    fn place(file: &str, key: &str) -> (usize, String) {
        let path: Arc<str> = "f".into();
        let carrier = Carrier::new(file, &path);
        let outer = parse(file).remove(0).expect("YAML").root;
        let scalar = outer.get("in").expect("there");
        let inner = carrier.inner(scalar).expect("a text");
        let document = parse(inner.text).remove(0).expect("YAML").root;
        let value = document.get(key).expect("there");
        let Location::Text { span, .. } = inner.location(value.span) else { panic!("no text") };
        (span.start.line(), file[span.start.offset()..span.end.offset()].to_owned())
    }

    #[test]
    fn places_in_a_literal_block_are_places_in_the_file() {
        let file = "# é\nin: |-\n    a: é\n\n    # c\n    b: \"x y\"\nnext: 1\n";
        assert_eq!(place(file, "a"), (3, "é".to_owned()));
        assert_eq!(place(file, "b"), (6, "\"x y\"".to_owned()));
        assert_eq!(place(&file.replace('\n', "\r\n"), "b"), (6, "\"x y\"".to_owned()));
    }

    #[test]
    fn places_in_a_quoted_or_folded_text_are_all_of_it() {
        assert_eq!(place("in: \"a: 1\\nb: 2\"\n", "b"), (1, "\"a: 1\\nb: 2\"".to_owned()));
        assert_eq!(place("in: >\n  {a: 1,\n  b: 2}\n", "b").0, 2);
    }
}
