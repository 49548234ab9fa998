//! Which lines of a text hold one argument and nothing else, so that another can take their place.

use std::sync::Arc;

use super::{Arguments, Contents};
use crate::command_line::{CommandLine, Location, Span};

/// Takes note of them in all that was found in a text.
pub(super) fn note(mut contents: Contents, text: &str, path: &Arc<str>) -> Contents {
    for found in &mut contents.found {
        let item = found.format.arguments() == Arguments::Items;
        found.line.whole_lines = of(&found.line, text, path, if item { "-" } else { "" });
    }
    contents
}

fn of(line: &CommandLine, text: &str, path: &Arc<str>, before: &str) -> Vec<usize> {
    let spans = line.args.iter().filter_map(|arg| match &arg.location {
        Location::Text { path: of, span } if of == path => Some(span),
        _ => None,
    });
    let mut lines = Vec::with_capacity(line.args.len());
    lines.extend(spans.filter(|span| is_whole(text, span, before)).map(|span| span.start.line()));
    lines
}

fn is_whole(text: &str, span: &Span, before: &str) -> bool {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let trimmed =
        |head: &[u8]| head.iter().rposition(|byte| !is_blank(byte)).map_or(0, |at| at + 1);
    let head = text.as_bytes().get(..span.start.offset()).unwrap_or_default();
    let begins = head[..trimmed(head)].strip_suffix(before.as_bytes()).is_some_and(|head| {
        let end = trimmed(head);
        end == 0 || head[end - 1] == b'\n'
    });
    let tail = text.as_bytes().get(span.end.offset()..).unwrap_or_default();
    let behind = tail.iter().find(|byte| !is_blank(byte));
    let ends = behind.is_none_or(|byte| matches!(byte, b'\n' | b'\r' | b'#'));
    begins && ends && span.start.line() == span.end.line()
}
