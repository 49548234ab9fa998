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
    spans.filter(|span| is_whole(text, span, before)).map(|span| span.start.line()).collect()
}

fn is_whole(text: &str, span: &Span, before: &str) -> bool {
    let blanks = [' ', '\t'];
    let head = text.get(..span.start.offset()).unwrap_or_default().trim_end_matches(blanks);
    let begins = head.strip_suffix(before).is_some_and(|head| {
        let head = head.trim_end_matches(blanks);
        head.is_empty() || head.ends_with('\n')
    });
    let tail = text.get(span.end.offset()..).unwrap_or_default().trim_start_matches(blanks);
    let ends = tail.is_empty() || tail.starts_with(['\n', '\r', '#']);
    begins && ends && span.start.line() == span.end.line()
}
