//! Events of the YAML parser → trees, one per document.
//!
//! The parser leaves aliases, merge keys and duplicate keys to its caller. Aliases are copied here
//! under a budget, so that a few lines cannot become a billion nodes.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, ScanError};

use super::{Node, Scalar, Value, block};
use crate::command_line::{Mark, Span};

/// Nodes that aliases may add to one document before it is refused.
const ALIAS_BUDGET: usize = 100_000;

/// Nesting beyond which a document is refused; the parser's own limit, held for aliases too.
const DEPTH_LIMIT: usize = 255;

/// A text that is not YAML, or that no reader should expand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {message}", at.line, at.column)]
pub struct Error {
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// Where the reader noticed.
    pub at: Mark,
}

/// One document of a stream.
#[derive(Debug, PartialEq, Eq)]
pub struct Document {
    /// Its number in the stream, from 0; empty documents count.
    pub index: usize,
    /// The tree.
    pub root: Node,
    /// Keys written twice in one mapping: the first place and the last, which wins.
    pub duplicates: Vec<(String, Span, Span)>,
}

/// Reads every document of `text`. A broken one does not hide those behind it.
pub fn parse(text: &str) -> Vec<Result<Document, Error>> {
    match block::parse(text) {
        Some(document) => vec![Ok(document)],
        None => parse_any(text),
    }
}

/// Reads every document of a text in whatever style.
pub(super) fn parse_any(text: &str) -> Vec<Result<Document, Error>> {
    let options = granit_parser::options! { emit_comments: false };
    let mut builder = Builder {
        parser: Parser::new_from_str_with_options(text, options),
        anchors: HashMap::new(),
        duplicates: Vec::new(),
        budget: ALIAS_BUDGET,
    };
    let mut documents = Vec::new();
    let mut index = 0;
    loop {
        match builder.document(index) {
            Ok(Some(document)) => documents.push(Ok(document)),
            Ok(None) => return documents,
            Err(error) => {
                documents.push(Err(error));
                if !matches!(builder.parser.proceed_next_document(), Ok(true)) {
                    return documents;
                }
            }
        }
        index += 1;
    }
}

struct Anchored {
    node: Node,
    size: usize,
    depth: usize,
}

struct Built {
    node: Node,
    size: usize,
    depth: usize,
}

struct Builder<'t> {
    parser: Parser<'t, granit_parser::StrInput<'t>>,
    anchors: HashMap<usize, Anchored>,
    duplicates: Vec<(String, Span, Span)>,
    budget: usize,
}

impl<'t> Builder<'t> {
    fn next(&mut self) -> Result<Option<(Event<'t>, granit_parser::Span)>, Error> {
        self.parser.next().transpose().map_err(|error| scan_error(&error))
    }

    fn document(&mut self, index: usize) -> Result<Option<Document>, Error> {
        self.anchors.clear();
        self.duplicates.clear();
        self.budget = ALIAS_BUDGET;
        loop {
            let Some((event, span)) = self.next()? else {
                return Ok(None);
            };
            match event {
                Event::StreamEnd => return Ok(None),
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
                event => {
                    let root = self.node(event, span, 0)?.node;
                    let duplicates = std::mem::take(&mut self.duplicates);
                    return Ok(Some(Document { index, root, duplicates }));
                }
            }
        }
    }

    fn node(
        &mut self,
        event: Event<'t>,
        at: granit_parser::Span,
        depth: usize,
    ) -> Result<Built, Error> {
        let span = convert(at);
        if depth > DEPTH_LIMIT {
            return Err(Error { message: "nested too deeply".into(), at: span.start });
        }
        let (anchor, built) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                // A missing value is reported as the text `~` on no characters at all.
                let missing = style == ScalarStyle::Plain && span.start == span.end;
                let scalar = Scalar {
                    text: if missing { String::new() } else { text.into_owned() },
                    plain: style == ScalarStyle::Plain,
                    block: matches!(style, ScalarStyle::Literal | ScalarStyle::Folded),
                    tag: tag.map(|tag| tag.suffix().to_owned()),
                };
                (
                    anchor,
                    Built { node: Node { span, value: Value::Scalar(scalar) }, size: 1, depth: 0 },
                )
            }
            Event::SequenceStart(_, anchor, _) => (anchor, self.sequence(span, depth)?),
            Event::MappingStart(_, anchor, _) => (anchor, self.mapping(span, depth)?),
            Event::Alias(anchor) => return self.alias(anchor, span, depth),
            _ => {
                return Err(Error {
                    message: "unexpected end of the document".into(),
                    at: span.start,
                });
            }
        };
        if anchor != 0 {
            let Built { node, size, depth } = &built;
            self.anchors
                .insert(anchor, Anchored { node: node.clone(), size: *size, depth: *depth });
        }
        Ok(built)
    }

    fn alias(&mut self, anchor: usize, span: Span, depth: usize) -> Result<Built, Error> {
        let error = |message: &str| Error { message: message.into(), at: span.start };
        // An anchor is known only when its node is complete: an alias inside it refers to itself.
        let anchored = self
            .anchors
            .get(&anchor)
            .ok_or_else(|| error("an alias refers to what contains it"))?;
        if depth + anchored.depth > DEPTH_LIMIT {
            return Err(error("nested too deeply through aliases"));
        }
        self.budget = self
            .budget
            .checked_sub(anchored.size)
            .ok_or_else(|| error("its aliases expand to more than 100,000 values"))?;
        Ok(Built { node: anchored.node.clone(), size: anchored.size, depth: anchored.depth })
    }

    fn sequence(&mut self, span: Span, depth: usize) -> Result<Built, Error> {
        let (mut items, mut size, mut deepest) = (Vec::new(), 1, 0);
        loop {
            let (event, at) = self.inside(span)?;
            if matches!(event, Event::SequenceEnd) {
                let span = Span { start: span.start, end: convert(at).end };
                let node = Node { span, value: Value::Sequence(items) };
                return Ok(Built { node, size, depth: deepest + 1 });
            }
            let item = self.node(event, at, depth + 1)?;
            size += item.size;
            deepest = deepest.max(item.depth);
            items.push(item.node);
        }
    }

    fn mapping(&mut self, span: Span, depth: usize) -> Result<Built, Error> {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        let mut merged: Vec<(Node, Node)> = Vec::new();
        let (mut size, mut deepest) = (1, 0);
        loop {
            let (event, at) = self.inside(span)?;
            if matches!(event, Event::MappingEnd) {
                let span = Span { start: span.start, end: convert(at).end };
                for (key, value) in merged {
                    if !entries.iter().any(|(k, _)| same_key(k, &key)) {
                        entries.push((key, value));
                    }
                }
                let node = Node { span, value: Value::Mapping(entries) };
                return Ok(Built { node, size, depth: deepest + 1 });
            }
            let key = self.node(event, at, depth + 1)?;
            let (event, at) = self.inside(span)?;
            let value = self.node(event, at, depth + 1)?;
            size += key.size + value.size;
            deepest = deepest.max(key.depth).max(value.depth);
            let is_merge = key.node.scalar().is_some_and(|s| s.plain && s.text == "<<");
            if is_merge && merge(&value.node, &mut merged) {
                continue;
            }
            add(&mut entries, &mut self.duplicates, key.node, value.node);
        }
    }

    fn inside(&mut self, span: Span) -> Result<(Event<'t>, granit_parser::Span), Error> {
        self.next()?.ok_or_else(|| Error { message: "never closed".into(), at: span.start })
    }
}

/// Adds an entry to a mapping. Of two equal keys the last is kept, and both places are noted.
pub(super) fn add(
    entries: &mut Vec<(Node, Node)>,
    duplicates: &mut Vec<(String, Span, Span)>,
    key: Node,
    value: Node,
) {
    if let Some(earlier) = entries.iter().position(|(k, _)| same_key(k, &key)) {
        let (old, _) = entries.remove(earlier);
        let name = key.as_str().unwrap_or_default().to_owned();
        duplicates.push((name, old.span, key.span));
    }
    entries.push((key, value));
}

/// Collects what a merge key brings in; an earlier source wins. False if the value cannot be merged.
fn merge(value: &Node, merged: &mut Vec<(Node, Node)>) -> bool {
    match &value.value {
        Value::Mapping(entries) => {
            for (key, value) in entries {
                if !merged.iter().any(|(k, _)| same_key(k, key)) {
                    merged.push((key.clone(), value.clone()));
                }
            }
            true
        }
        Value::Sequence(items) => items.iter().all(|item| merge(item, merged)),
        Value::Scalar(_) => false,
    }
}

fn same_key(a: &Node, b: &Node) -> bool {
    a.as_str().is_some() && a.as_str() == b.as_str()
}

fn convert(span: granit_parser::Span) -> Span {
    Span { start: mark(&span.start), end: mark(&span.end) }
}

fn mark(marker: &granit_parser::Marker) -> Mark {
    Mark {
        // Text input always has byte offsets; the character index is only a fallback in type.
        offset: marker.byte_offset().unwrap_or_else(|| marker.index()),
        line: marker.line(),
        column: marker.col() + 1,
    }
}

fn scan_error(error: &ScanError) -> Error {
    Error { message: error.kind().to_string(), at: mark(error.marker()) }
}

#[cfg(test)]
mod tests {
    use super::{Document, parse};

    fn one(text: &str) -> Document {
        let mut documents = parse(text);
        assert_eq!(documents.len(), 1, "{text}");
        documents.remove(0).expect("a document")
    }

    #[test]
    fn spans_slice_their_own_text() {
        let text = "\u{feff}a: [é, \"b c\"]\r\nd: {e: 'x'}\r\n";
        let document = one(text);
        let b = &document.root.get("a").and_then(|a| a.items()).expect("items")[1];
        assert_eq!(&text[b.span.start.offset..b.span.end.offset], "\"b c\"");
        let x = document.root.at(&["d", "e"]).expect("e");
        assert_eq!((x.span.start.line, x.span.start.column), (2, 8));
    }

    #[test]
    fn the_last_of_two_equal_keys_wins_and_both_are_known() {
        let document = one("a: 1\nb: 2\na: 3\n");
        assert_eq!(document.root.get("a").and_then(|n| n.as_str()), Some("3"));
        let (name, first, last) = &document.duplicates[0];
        assert_eq!((name.as_str(), first.start.line, last.start.line), ("a", 1, 3));
    }

    #[test]
    fn merge_keys_fill_in_what_is_not_written() {
        let document = one("base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3}\n");
        let used = document.root.get("use").expect("use");
        assert_eq!(used.get("x").and_then(|n| n.as_str()), Some("1"));
        assert_eq!(used.get("y").and_then(|n| n.as_str()), Some("3"));
    }

    #[test]
    fn an_alias_bomb_is_an_error_and_not_a_billion_nodes() {
        let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
        for (from, to) in "abcdefgh".chars().zip("bcdefghi".chars()) {
            use std::fmt::Write as _;
            let many = vec![format!("*{from}"); 10].join(", ");
            let _ = writeln!(text, "{to}: &{to} [{many}]");
        }
        let error = parse(&text).remove(0).expect_err("too much");
        assert!(error.message.contains("100,000"), "{error}");
    }

    #[test]
    fn an_alias_of_itself_and_a_deep_nest_are_errors() {
        assert!(parse("a: &a [*a]\n").remove(0).is_err());
        let deep = format!("a: {}{}", "[".repeat(5000), "]".repeat(5000));
        assert!(parse(&deep).remove(0).is_err());
    }

    #[test]
    fn a_broken_document_does_not_hide_the_next() {
        let documents = parse("a: [1\n---\nb: 2\n");
        assert!(documents[0].is_err());
        let second = documents[1].as_ref().expect("the second");
        assert_eq!(second.root.get("b").and_then(|n| n.as_str()), Some("2"));
        assert_eq!(second.root.get("b").map(|n| n.span.start.line), Some(3));
    }

    #[test]
    fn a_long_run_of_comments_is_no_error() {
        let text = format!("a:\n{}  b: 1\n", "  # why\n".repeat(500));
        assert_eq!(one(&text).root.at(&["a", "b"]).and_then(|n| n.as_str()), Some("1"));
    }
}
