//! Events of the YAML parser → trees, one per document.
//!
//! The parser leaves aliases, merge keys and duplicate keys to its caller. Aliases are copied here
//! under a budget, so that a few lines cannot become a billion nodes.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle};

use super::breaks::Breaks;
use super::limits::Limits;
use super::merge::Merging;
use super::{Document, Duplicate, Error, Node, Scalar, Value, tag};
use crate::command_line::{Mark, Span};

/// Reads the documents of `text`, in whatever style, as far as the limits allow.
pub(super) fn parse_within(text: &str, limits: Limits) -> Vec<Result<Document<'static>, Error>> {
    let options = granit_parser::options! { emit_comments: false };
    let breaks = Breaks::of(text);
    let parsed = breaks.as_ref().map_or(text, |breaks| &breaks.text);
    let mut builder = Builder {
        parser: Parser::new_from_str_with_options(parsed, options),
        text,
        breaks: breaks.as_ref(),
        passed: Mark::new(0, 1, 1),
        anchors: HashMap::new(),
        duplicates: Vec::new(),
        left: limits,
    };
    let mut documents = Vec::new();
    let mut broken = 0;
    for index in 0.. {
        match builder.document(index) {
            Ok(None) => break,
            Ok(Some(document)) => documents.push(Ok(document)),
            Err(error) => {
                let at = error.at;
                documents.push(Err(error));
                broken += 1;
                if broken == Limits::BROKEN {
                    documents.push(Err(Limits::broken(at)));
                    break;
                }
                if builder.left.reached
                    || !matches!(builder.parser.proceed_next_document(), Ok(true))
                {
                    break;
                }
            }
        }
    }
    documents
}

struct Anchored {
    node: Node<'static>,
    size: usize,
    depth: usize,
}

struct Built {
    node: Node<'static>,
    size: usize,
    depth: usize,
}

struct Builder<'t> {
    parser: Parser<'t, granit_parser::StrInput<'t>>,
    /// What is read, as in the file.
    text: &'t str,
    /// The line breaks that the parser does not know, if there are any.
    breaks: Option<&'t Breaks>,
    /// The end of the last text in the parser's own.
    passed: Mark,
    anchors: HashMap<usize, Anchored>,
    duplicates: Vec<Duplicate>,
    /// What may still be read.
    left: Limits,
}

impl<'t> Builder<'t> {
    fn next(&mut self) -> Result<Option<(Event<'t>, Span)>, Error> {
        let place = |mark: Mark| self.breaks.map_or(mark, |breaks| breaks.mark(mark));
        let (event, span) = match self.parser.next().transpose() {
            Ok(None) => return Ok(None),
            Ok(Some((event, span))) => (event, convert(span)),
            Err(error) => {
                let message = error.kind().to_string();
                return Err(Error { message, at: place(mark(error.marker())) });
            }
        };
        if let (Some(breaks), Event::Scalar(_, style, ..)) = (self.breaks, &event) {
            // A block's first lines may be empty; its place begins behind them.
            let start = if is_block(*style) { self.passed } else { span.start };
            breaks
                .within_text(Span { start, end: span.end })
                .map_err(|error| Error { at: place(span.start), ..error })?;
        }
        self.passed = span.end;
        Ok(Some((event, Span { start: place(span.start), end: place(span.end) })))
    }

    fn document(&mut self, index: usize) -> Result<Option<Document<'static>>, Error> {
        self.anchors.clear();
        self.duplicates.clear();
        loop {
            let Some((event, span)) = self.next()? else {
                return Ok(None);
            };
            match event {
                Event::StreamEnd => return Ok(None),
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
                event => {
                    self.left.document(span.start)?;
                    let root = self.node(event, span, 0)?.node;
                    let duplicates = std::mem::take(&mut self.duplicates);
                    return Ok(Some(Document { index, root, duplicates }));
                }
            }
        }
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Built, Error> {
        if depth > Limits::DEPTH {
            return Err(Error { message: "nested too deeply".into(), at: span.start });
        }
        self.left.value(span.start)?;
        let (anchor, built) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                // A missing value is reported as the text `~` on no characters at all.
                let missing = style == ScalarStyle::Plain && span.start == span.end;
                let scalar = Scalar {
                    text: if missing { "".into() } else { text.into_owned().into() },
                    plain: style == ScalarStyle::Plain,
                    block: is_block(style),
                };
                if scalar.block && span.start.column() == 1 && span.end != span.start {
                    // The parser takes it for the text; Kubernetes' reader ends the text before it.
                    let message = "the lines of a text block are not indented".to_owned();
                    return Err(Error { message, at: span.start });
                }
                let scalar = tag::resolve(tag.as_deref(), scalar)
                    .map_err(|message| Error { message, at: span.start })?;
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
            self.left.repeat(*size, span.start)?;
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
        if depth + anchored.depth > Limits::DEPTH {
            return Err(error("nested too deeply through aliases"));
        }
        self.left.repeat(anchored.size, span.start)?;
        Ok(Built { node: anchored.node.clone(), size: anchored.size, depth: anchored.depth })
    }

    fn sequence(&mut self, span: Span, depth: usize) -> Result<Built, Error> {
        let (mut items, mut size, mut deepest) = (Vec::new(), 1, 0);
        loop {
            let (event, at) = self.inside(span)?;
            if matches!(event, Event::SequenceEnd) {
                let span = Span { start: span.start, end: at.end };
                let node = Node { span, value: Value::Sequence(items) };
                return Ok(Built { node, size, depth: deepest + 1 });
            }
            Limits::entry(items.len(), span.start)?;
            let item = self.node(event, at, depth + 1)?;
            size += item.size;
            deepest = deepest.max(item.depth);
            items.push(item.node);
        }
    }

    fn mapping(&mut self, span: Span, depth: usize) -> Result<Built, Error> {
        let mut entries = Merging::default();
        let (mut size, mut deepest) = (1, 0);
        loop {
            let (event, at) = self.inside(span)?;
            if matches!(event, Event::MappingEnd) {
                let span = Span { start: span.start, end: at.end };
                let node = Node { span, value: Value::Mapping(entries.into_list()) };
                return Ok(Built { node, size, depth: deepest + 1 });
            }
            Limits::entry(entries.len(), span.start)?;
            let merges = is_merge(&event);
            let key = self.node(event, at, depth + 1)?;
            // `{{ name }}` is a template's, which readers of documents see by its braces.
            let template =
                self.text.get(span.start.offset()..).is_some_and(|it| it.starts_with("{{"));
            if key.node.scalar().is_none() && !template {
                let message = "a mapping or list is the key of another value".to_owned();
                return Err(Error { message, at: key.node.span.start });
            }
            self.on_one_line(&key.node)?;
            let (event, at) = self.inside(span)?;
            let is_alias = matches!(event, Event::Alias(_));
            let value = self.node(event, at, depth + 1)?;
            size += key.size + value.size;
            deepest = deepest.max(key.depth).max(value.depth);
            if merges {
                let at = key.node.span;
                entries.merge(&value.node, is_alias, at, &mut self.duplicates)?;
            } else {
                entries.add(key.node, value.node, &mut self.duplicates);
            }
        }
    }

    /// Refuses a key that goes on behind its line, as Kubernetes' reader does where no `?` stands
    /// before it: the parser takes such a text for a key, that reader for something else.
    fn on_one_line(&self, key: &Node<'_>) -> Result<(), Error> {
        let Span { start, end } = key.span;
        let before = self.text.get(..start.offset()).unwrap_or_default();
        let behind = self.text.get(end.offset()..).unwrap_or_default();
        let line = behind.trim_start_matches([' ', '\t']);
        let value = line.trim_start();
        let parted = line.len() > value.len() && value.starts_with(':');
        let explicit = || before.trim_end().ends_with('?');
        if (start.line() < end.line() || parted) && !explicit() {
            let message = "a key goes on behind its line".to_owned();
            return Err(Error { message, at: start });
        }
        Ok(())
    }

    fn inside(&mut self, span: Span) -> Result<(Event<'t>, Span), Error> {
        self.next()?.ok_or_else(|| Error { message: "never closed".into(), at: span.start })
    }
}

/// Whether a key merges; one taken through an alias does not.
fn is_merge(event: &Event<'_>) -> bool {
    match event {
        Event::Scalar(text, style, _, tag) => {
            text == "<<" && tag::is_merge(tag.as_deref(), *style == ScalarStyle::Plain)
        }
        _ => false,
    }
}

fn is_block(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
}

fn convert(span: granit_parser::Span) -> Span {
    Span { start: mark(&span.start), end: mark(&span.end) }
}

fn mark(marker: &granit_parser::Marker) -> Mark {
    // Text input always has byte offsets; the character index is only a fallback in type.
    let offset = marker.byte_offset().unwrap_or_else(|| marker.index());
    Mark::new(offset, marker.line(), marker.col() + 1)
}

#[cfg(test)]
mod tests {
    use crate::yaml::{Document, Duplicate, parse};

    fn one(text: &str) -> Document<'_> {
        let mut documents = parse(text);
        assert_eq!(documents.len(), 1, "{text}");
        documents.remove(0).expect("a document")
    }

    #[test]
    fn spans_slice_their_own_text() {
        let text = "\u{feff}a: [é, \"b c\"]\r\nd: {e: 'x'}\r\n";
        let document = one(text);
        let b = &document.root.get("a").and_then(|a| a.items()).expect("items")[1];
        assert_eq!(&text[b.span.start.offset()..b.span.end.offset()], "\"b c\"");
        let x = document.root.at(&["d", "e"]).expect("e");
        assert_eq!((x.span.start.line(), x.span.start.column()), (2, 8));
    }

    #[test]
    fn the_last_of_two_equal_keys_wins_and_both_are_known() {
        let document = one("a: 1\nb: 2\na: 3\n");
        assert_eq!(document.root.get("a").and_then(|n| n.as_str()), Some("3"));
        let Duplicate { key, first, last, merged } = &document.duplicates[0];
        assert_eq!((key.as_str(), first.start.line(), last.start.line()), ("a", 1, 3));
        assert!(!merged);
    }

    #[test]
    fn merge_keys_fill_in_what_is_not_written() {
        let document = one("base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3}\n");
        let used = document.root.get("use").expect("use");
        assert_eq!(used.get("x").and_then(|n| n.as_str()), Some("1"));
        assert_eq!(used.get("y").and_then(|n| n.as_str()), Some("3"));
    }

    #[test]
    fn a_mapping_of_many_keys_is_read_as_one_of_few() {
        let keys = |value: u32| (0..4_000).map(move |at| format!("k{at}: {value}\n"));
        let text = keys(1).chain(keys(2)).collect::<String>();
        let document = one(&text);
        assert_eq!(document.duplicates.len(), 4_000);
        let value = |key: &str| document.root.get(key).and_then(|value| value.as_str());
        assert_eq!((value("k0"), value("k3999"), value("k4000")), (Some("2"), Some("2"), None));
        let text = format!("b: &b {{{}}}\nc: {{<<: *b, k1: 2}}\n", "k1: 1, ".repeat(40));
        let merged = one(&text);
        assert_eq!(merged.root.at(&["c", "k1"]).and_then(|n| n.as_str()), Some("2"));
        assert_eq!(merged.duplicates.iter().filter(|it| !it.merged).count(), 39);
    }

    #[test]
    fn a_broken_document_does_not_hide_the_next() {
        let documents = parse("a: [1\n---\nb: 2\n");
        assert!(documents[0].is_err());
        let second = documents[1].as_ref().expect("the second");
        assert_eq!(second.root.get("b").and_then(|n| n.as_str()), Some("2"));
        assert_eq!(second.root.get("b").map(|n| n.span.start.line()), Some(3));
    }

    #[test]
    fn a_list_or_mapping_is_no_key_but_in_a_template() {
        for text in ["? [a]\n: b", "[a]: b", "? {a: b}\n: c", "{[a]: b}"] {
            assert!(parse(text).remove(0).is_err(), "{text}");
        }
        assert!(one("a: {{ b }}\n").root.get("a").is_some_and(|a| a.as_str().is_none()));
    }

    #[test]
    fn a_key_that_goes_on_behind_its_line_is_an_error() {
        for text in ["a\nb: 1", "{\"a\"\n: 1}", "\"a\"\u{2028}: 1", "{\"a\nb\": 1}", "{a\n b: 1}"] {
            assert!(parse(text).iter().any(Result::is_err), "{text:?}");
        }
        for text in
            ["? a\n: 1", "{? a\n: 1}", "{a\n}", "{a\n, b: 1}", "a:\n  : 1", "? \"a\n  b\"\n: 1"]
        {
            assert!(parse(text).iter().all(Result::is_ok), "{text:?}: {:?}", parse(text));
        }
    }

    #[test]
    fn a_long_run_of_comments_is_no_error() {
        let text = format!("a:\n{}  b: 1\n", "  # why\n".repeat(500));
        assert_eq!(one(&text).root.at(&["a", "b"]).and_then(|n| n.as_str()), Some("1"));
    }
}
