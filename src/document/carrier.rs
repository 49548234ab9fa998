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
    /// The text is a literal block: its lines stand in the file, indented. The offset at which each
    /// begins, in the text and in the file; the number of the first, and the indentation. The last is
    /// the file's line behind the block, where the text ends.
    Block { lines: Arc<[(usize, usize)]>, first: usize, indent: usize },
    /// The text was quoted or folded: all of it is one place.
    Somewhere(Span),
}

impl<'t> Carrier<'t> {
    /// A file's text.
    pub(super) fn new(text: &'t str, path: &'t Arc<str>) -> Self {
        Self { text, path, within: Within::File }
    }

    /// The text that a scalar of this one holds.
    pub(super) fn inner<'i>(&'i self, scalar: &'i Node<'i>) -> Option<Carrier<'i>> {
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

    /// A text that a node of this one stands for in another way: all of it is one place.
    pub(super) fn decoded<'i>(&'i self, text: &'i str, node: &Node<'_>) -> Carrier<'i> {
        Carrier { text, path: self.path, within: Within::Somewhere(self.file_span(node.span)) }
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
            Within::Block { lines, first, indent } => {
                // By offsets: a parser may end lines where the file does not.
                let row = lines.partition_point(|(inner, _)| *inner <= mark.offset());
                let row = row.saturating_sub(1);
                let (inner, outer) = lines.get(row).copied().unwrap_or_default();
                let before = mark.offset().saturating_sub(inner);
                let indent = if row + 1 == lines.len() { 0 } else { *indent };
                Mark::new(outer + before, first + row, mark.column() + indent)
            }
        }
    }
}

/// The lines of a literal block in the file. `None` if they are not the block's text, as in a folded
/// block, whose lines were joined.
fn block(file: &str, span: Span, text: &str) -> Option<Within> {
    let indent = span.start.column().saturating_sub(1);
    let mut at = span.start.offset().checked_sub(indent)?;
    let (mut inner, mut lines) = (0, Vec::new());
    for line in text.split_inclusive('\n') {
        let rest = file.get(at..)?;
        let whole = rest.lines().next()?;
        let indent = indent.min(whole.len());
        if whole.get(indent..)? != line.strip_suffix('\n').unwrap_or(line) {
            return None;
        }
        lines.push((inner, at + indent));
        inner += line.len();
        at += rest.find('\n').map_or(rest.len(), |end| end + 1);
    }
    // A text without a newline ends on its last line.
    lines.push((inner + usize::from(!text.ends_with('\n')), at));
    Some(Within::Block { lines: lines.into(), first: span.start.line(), indent })
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

    /// The last value of a block ends where the block does, behind its last line.
    #[test]
    fn a_value_that_ends_with_its_block_begins_before_it_ends() {
        for file in
            ["in: |\n  a:\n    b:\n      c: d\n", "in: |\n  a:\n    b:\n      c: d\nnext: 1\n"]
        {
            for ending in ["\n", "\r\n"] {
                let file = file.replace('\n', ending);
                let (line, text) = place(&file, "a");
                assert_eq!(
                    (line, text.as_str()),
                    (3, format!("b:{ending}      c: d{ending}").as_str())
                );
            }
        }
    }

    #[test]
    fn places_in_a_quoted_or_folded_text_are_all_of_it() {
        assert_eq!(place("in: \"a: 1\\nb: 2\"\n", "b"), (1, "\"a: 1\\nb: 2\"".to_owned()));
        assert_eq!(place("in: >\n  {a: 1,\n  b: 2}\n", "b").0, 2);
    }
}
