//! The plain block style in which nearly every manifest is written, read in one pass.
//!
//! The parser proper takes ten times as long, which is most of the time that a folder of manifests
//! takes. What is read here is deliberately little: nested blocks of one-line scalars, in ASCII. At
//! anything else (anchors, tags, flow style but for `{}` and `[]`, text blocks, scalars over several
//! lines, tabs, a second document, a mistake) it gives up, and the parser reads the whole text. Tests hold
//! that whatever is read here the parser reads alike, to the last place.

use std::borrow::Cow;

use super::entries::Entries;
use super::limits::Limits;
use super::{Document, Duplicate, Node, Scalar, Value};
use crate::ascii::is_printable_lines;
use crate::command_line::{Mark, Span};

/// Deeper nests are left to the parser, which counts them.
const DEPTH: usize = 64;

/// Longer texts are left to the parser, which counts their values: there are fewer than bytes.
const LENGTH: usize = 1_000_000;

/// Longer lines are left to the parser, which has a limit for keys.
const WIDTH: usize = 1000;

/// The document in `text`, if it is the only one and all of it is plain block style.
pub(super) fn parse(text: &str) -> Option<Document<'_>> {
    if text.len() > LENGTH || !is_printable_lines(text) {
        return None;
    }
    let mut reader = Reader { text, line: 0, next: 0, row: Row::default(), duplicates: Vec::new() };
    reader.advance()?;
    if reader.row.line > 0 && reader.row.content == "---" && reader.row.indent == 0 {
        reader.advance()?;
    }
    let root = reader.block(0)?;
    // The end of the text is a row without a line.
    (reader.row.line == 0).then_some(Document { index: 0, root, duplicates: reader.duplicates })
}

/// A line that holds more than blanks and comments.
#[derive(Clone, Copy, Debug, Default)]
struct Row<'t> {
    /// Its number, from 1; 0 behind the last.
    line: usize,
    /// Offset of the first character that is no blank, and the blanks before it.
    at: usize,
    indent: usize,
    /// From there to the end of the line.
    content: &'t str,
}

struct Reader<'t> {
    text: &'t str,
    /// The number of the last line looked at.
    line: usize,
    /// Where the line after it begins.
    next: usize,
    /// The line to be read.
    row: Row<'t>,
    duplicates: Vec<Duplicate>,
}

impl<'t> Reader<'t> {
    /// Goes on to the next line that holds something.
    fn advance(&mut self) -> Option<()> {
        loop {
            let rest = self.text.get(self.next..)?;
            if rest.is_empty() {
                // The parser places the end of the text on the line after the last newline.
                let column = self.next - self.text.rfind('\n').map_or(0, |newline| newline + 1);
                self.row = Row { line: 0, at: self.next, indent: column, content: "" };
                return Some(());
            }
            let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            let line = rest.get(..length)?;
            let indent = line.bytes().take_while(|byte| *byte == b' ').count();
            let content = line.get(indent..)?;
            let at = self.next + indent;
            self.line += 1;
            self.next = (self.next + length + 1).min(self.text.len());
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let marker = indent == 0 && (content.starts_with("---") || content.starts_with("..."));
            let first = self.row.line == 0 && content == "---";
            if length > WIDTH || content.starts_with('%') || marker && !first {
                return None;
            }
            self.row = Row { line: self.line, at, indent, content };
            return Some(());
        }
    }

    fn here(&self) -> Mark {
        let line = if self.row.line == 0 { self.end_line() } else { self.row.line };
        Mark::new(self.row.at, line, self.row.indent + 1)
    }

    /// Where the parser lets a list begin that is indented no further than its key: behind the dash,
    /// and behind the blanks and the comment that follow it.
    fn behind_dash(&self) -> Mark {
        let rest = self.row.content.get(1..).unwrap_or_default();
        let content = rest.trim_start_matches(' ');
        let behind = if content.starts_with('#') { "" } else { content };
        self.span(self.row.content.len() - behind.len(), 0).start
    }

    fn end_line(&self) -> usize {
        self.line + usize::from(self.text.ends_with('\n'))
    }

    /// Whether the row begins an item of a list.
    fn is_item(&self) -> bool {
        self.row.content == "-" || self.row.content.starts_with("- ")
    }

    /// The list or mapping that begins at the row.
    fn block(&mut self, depth: usize) -> Option<Node<'t>> {
        if self.row.line == 0 || depth > DEPTH {
            return None;
        }
        if self.is_item() { self.sequence(self.here(), depth) } else { self.mapping(depth) }
    }

    fn sequence(&mut self, start: Mark, depth: usize) -> Option<Node<'t>> {
        if depth > DEPTH {
            return None;
        }
        let indent = self.row.indent;
        let mut items = Vec::new();
        while self.row.line > 0 && self.row.indent == indent && self.is_item() {
            if items.len() == Limits::ENTRIES {
                return None;
            }
            let rest = self.row.content.get(1..)?;
            let content = rest.trim_start_matches(' ');
            if content.is_empty() || content.starts_with('#') {
                self.advance()?;
                // Nothing below it would be an item that is null.
                if self.row.line == 0 || self.row.indent <= indent {
                    return None;
                }
                items.push(self.block(depth + 1)?);
                continue;
            }
            let shift = 1 + rest.len() - content.len();
            let Row { line, at, .. } = self.row;
            self.row = Row { line, at: at + shift, indent: indent + shift, content };
            if key(content).is_some() {
                items.push(self.mapping(depth + 1)?);
            } else {
                items.push(self.scalar(content, 0)?);
                self.advance()?;
            }
        }
        self.ends_before(indent)?;
        let span = Span { start, end: self.here() };
        Some(Node { span, value: Value::Sequence(items) })
    }

    fn mapping(&mut self, depth: usize) -> Option<Node<'t>> {
        if depth > DEPTH {
            return None;
        }
        let (start, indent) = (self.here(), self.row.indent);
        let mut entries = Entries::default();
        while self.row.line > 0 && self.row.indent == indent && !self.is_item() {
            // The parser says what is wrong with so many.
            if entries.len() == Limits::ENTRIES {
                return None;
            }
            let content = self.row.content;
            let name = key(content)?;
            let key = self.node(0, name.len(), plain(name));
            let rest = content.get(name.len() + 1..)?;
            let value = rest.trim_start_matches(' ');
            let value = if value.is_empty() || value.starts_with('#') {
                self.advance()?;
                let indentless = self.row.indent == indent && self.is_item();
                // Nothing below it would be a value that is null.
                if self.row.line == 0
                    || self.row.indent < indent
                    || self.row.indent == indent && !indentless
                {
                    return None;
                }
                if indentless {
                    self.sequence(self.behind_dash(), depth + 1)?
                } else {
                    self.block(depth + 1)?
                }
            } else {
                let value = self.scalar(value, content.len() - value.len())?;
                self.advance()?;
                value
            };
            entries.add_noting(key, value, &mut self.duplicates);
        }
        self.ends_before(indent)?;
        let span = Span { start, end: self.here() };
        Some(Node { span, value: Value::Mapping(entries.into_list()) })
    }

    /// A line that is indented further would go on with what was read.
    fn ends_before(&self, indent: usize) -> Option<()> {
        (self.row.line == 0 || self.row.indent <= indent).then_some(())
    }

    /// The scalar, or empty collection, that `text` begins with: the row's content from `from` on.
    fn scalar(&self, text: &'t str, from: usize) -> Option<Node<'t>> {
        let first = text.chars().next()?;
        let (length, value) = match first {
            '"' | '\'' => {
                let inner = text.get(1..)?;
                let length = inner.find(first)?;
                let inner = inner.get(..length)?;
                if first == '"' && inner.contains('\\') {
                    return None;
                }
                let scalar = Scalar { text: Cow::Borrowed(inner), plain: false, block: false };
                (length + 2, Value::Scalar(scalar))
            }
            '{' if text.starts_with("{}") => (2, Value::Mapping(Vec::new())),
            '[' if text.starts_with("[]") => (2, Value::Sequence(Vec::new())),
            _ => {
                let written = before_comment(text).trim_end_matches(' ');
                if colon(written).is_some() || !begins_plain(written) {
                    return None;
                }
                (written.len(), Value::Scalar(plain(written)))
            }
        };
        let rest = text.get(length..)?;
        let comment = rest.trim_start_matches(' ');
        let ends = comment.is_empty() || rest.starts_with(' ') && comment.starts_with('#');
        ends.then(|| Node { span: self.span(from, length), value })
    }

    fn node(&self, from: usize, length: usize, scalar: Scalar<'t>) -> Node<'t> {
        Node { span: self.span(from, length), value: Value::Scalar(scalar) }
    }

    /// The place of some of the row's content.
    fn span(&self, from: usize, length: usize) -> Span {
        let Row { at, line, indent, .. } = self.row;
        let mark = |place: usize| Mark::new(at + place, line, indent + place + 1);
        Span { start: mark(from), end: mark(from + length) }
    }
}

fn plain(text: &str) -> Scalar<'_> {
    Scalar { text: Cow::Borrowed(text), plain: true, block: false }
}

/// Where the colon stands that makes a key of what is before it.
fn colon(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let ends = |at: &usize| bytes.get(at + 1).is_none_or(|next| *next == b' ');
    memchr::memchr_iter(b':', bytes).find(ends)
}

/// What stands before a comment, if there is one.
fn before_comment(text: &str) -> &str {
    let bytes = text.as_bytes();
    let begins = |at: &usize| at.checked_sub(1).is_some_and(|before| bytes[before] == b' ');
    let end = memchr::memchr_iter(b'#', bytes).find(begins);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The plain key that a line begins with.
fn key(content: &str) -> Option<&str> {
    let end = colon(content)?;
    let name = content.get(..end)?;
    let known =
        begins_plain(name) && before_comment(name) == name && !name.ends_with(' ') && name != "<<";
    known.then_some(name)
}

/// Whether a plain scalar can begin like this, whatever it stands in.
fn begins_plain(text: &str) -> bool {
    let mut bytes = text.bytes();
    match (bytes.next(), bytes.next()) {
        (Some(b'-'), Some(next)) => next != b' ',
        (Some(first), _) => first.is_ascii_alphanumeric() || b"/._$(+=<;~^\\".contains(&first),
        (None, _) => false,
    }
}
