//! The line breaks of YAML 1.1 that YAML 1.2 no longer has: U+0085, U+2028 and U+2029.
//!
//! Kubernetes' reader ends lines at them, and so comments (goyaml `yamlprivateh.go`, `is_break`); the
//! parser here, editors and reviews do not. The parser gets a text with newlines in their place, and
//! its marks become those of the file, whose lines are the ones that editors count.

use super::Error;
use crate::command_line::{Mark, Span};

const NEXT_LINE: char = '\u{85}';
const SEPARATORS: [char; 2] = ['\u{2028}', '\u{2029}'];

/// One such break.
struct Break {
    /// The offset behind it in the parser's text, and what to add there for the offset in the file.
    after: usize,
    shift: usize,
    /// The line that it begins, as the parser counts, and the characters before it in the file's.
    line: usize,
    column: usize,
    /// Whether a text keeps it as it is: U+2028 and U+2029 are not folded to a blank.
    kept: bool,
}

/// A text without such breaks, for the parser.
pub(super) struct Breaks {
    pub(super) text: String,
    breaks: Vec<Break>,
}

impl Breaks {
    /// `None` if the text has none, as nearly all.
    pub(super) fn of(file: &str) -> Option<Self> {
        let special = |c: char| c == NEXT_LINE || SEPARATORS.contains(&c);
        if file.is_ascii() || !file.contains(special) {
            return None;
        }
        let mut text = String::with_capacity(file.len());
        let mut breaks = Vec::new();
        let (mut line, mut column, mut before) = (1, 0, ' ');
        for (at, c) in file.char_indices() {
            if special(c) {
                // A newline would be one break with the carriage return that it follows.
                text.push_str(if before == '\r' { "\n\n" } else { "\n" });
                line += 1;
                column += 1;
                let after = text.len();
                let shift = at + c.len_utf8() - after;
                breaks.push(Break { after, shift, line, column, kept: c != NEXT_LINE });
            } else {
                text.push(c);
                line += usize::from(c == '\r' || c == '\n' && before != '\r');
                column = if matches!(c, '\r' | '\n') { 0 } else { column + 1 };
            }
            before = c;
        }
        Some(Self { text, breaks })
    }

    /// The parser's mark as one of the file.
    pub(super) fn mark(&self, mark: Mark) -> Mark {
        let passed = self.breaks.partition_point(|it| it.after <= mark.offset());
        match passed.checked_sub(1).and_then(|last| self.breaks.get(last)) {
            None => mark,
            Some(last) => {
                let column = if last.line == mark.line() { last.column } else { 0 };
                let line = mark.line().saturating_sub(passed);
                Mark::new(mark.offset() + last.shift, line, column + mark.column())
            }
        }
    }

    /// Refuses a text with a break that the reader keeps and the parser folds. The places are the
    /// parser's.
    pub(super) fn within_text(&self, span: Span) -> Result<(), Error> {
        let first = self.breaks.partition_point(|it| it.after <= span.start.offset());
        let rest = self.breaks.get(first..).unwrap_or_default().iter();
        let mut inside = rest.take_while(|it| it.after <= span.end.offset());
        match inside.find(|it| it.kept) {
            None => Ok(()),
            Some(_) => Err(Error {
                message:
                    "a line break (U+2028 or U+2029) inside a text, which Kubernetes keeps and \
                          other readers do not: write it as \\u2028 or \\u2029 in double quotes"
                        .to_owned(),
                at: span.start,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::yaml::parse;

    #[test]
    fn a_break_of_yaml_1_1_ends_a_comment() {
        for c in ['\u{85}', '\u{2028}', '\u{2029}'] {
            let text =
                format!("a: é # ok{c}b: é # ok{c}c:\r{c}  - d\r\n  - e # ok{c}  - ü\nf: g\n");
            let document = parse(&text).remove(0).expect("YAML");
            let list = document.root.get("c").and_then(|c| c.items()).expect("a list");
            assert_eq!(list.len(), 3, "{c:?}");
            for (path, value) in [("a", "é"), ("b", "é"), ("f", "g")] {
                let node = document.root.get(path).expect("there");
                assert_eq!(&text[node.span.start.offset()..node.span.end.offset()], value);
            }
            let place = |node: &crate::yaml::Node| {
                let start = node.span.start;
                (start.line(), start.column(), &text[start.offset()..node.span.end.offset()])
            };
            // The parser counts a carriage return alone as the end of a line.
            assert_eq!(place(document.root.get("b").expect("b")), (1, 14, "é"));
            assert_eq!(place(&list[1]), (3, 5, "e"));
            assert_eq!(place(&list[2]), (3, 16, "ü"));
            assert_eq!(place(document.root.get("f").expect("f")), (4, 4, "g"));
        }
    }

    #[test]
    fn a_break_inside_a_text_is_read_as_kubernetes_does_or_refused() {
        for text in ["a: \"b@ c\"", "a: 'b @ c'", "a: b@  c", "a: |\n  b@  c", "a: >@\n@\n  b\n"] {
            for c in ["\u{2028}", "\u{2029}"] {
                let error = parse(&text.replace('@', c)).remove(0).expect_err(text);
                assert!(error.message.contains("inside a text"), "{error}");
            }
            let [with_next_line, with_newline] = ["\u{85}", "\n"].map(|it| text.replace('@', it));
            let next_line = parse(&with_next_line).remove(0).expect(text);
            let newline = parse(&with_newline).remove(0).expect(text);
            let value = |document: &crate::yaml::Document| {
                document.root.get("a").and_then(|a| a.as_str()).map(str::to_owned)
            };
            assert_eq!(value(&next_line), value(&newline), "{text}");
        }
        let escaped = parse("a: \"b\\u2028c\"").remove(0).expect("escaped");
        assert_eq!(escaped.root.get("a").and_then(|a| a.as_str()), Some("b\u{2028}c"));
    }

    #[test]
    fn an_error_is_placed_in_the_file() {
        let error = parse("a: b # é\u{2028}c: [\nd: }\n").remove(0).expect_err("unclosed");
        assert!(error.at.line() <= 3, "{error}");
        let error = parse("# é\u{2028}a: b: c\n").remove(0).expect_err("two colons");
        assert_eq!((error.at.line(), error.at.column()), (1, 9), "{error}");
    }
}
