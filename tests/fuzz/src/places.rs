//! Places slice the text they are of.

use plimsoll::command_line::{CommandLine, Location, Span};

/// A span begins before it ends, both between two characters, on the line it says.
pub(crate) fn span(span: Span, text: &str) {
    let Span { start, end } = span;
    assert!(text.get(start.offset()..end.offset()).is_some(), "{span:?} slices nothing");
    assert!(start.line() >= 1 && start.column() >= 1 && start.line() <= end.line(), "{span:?}");
}

/// A place in one of these texts slices it.
pub(crate) fn location(location: &Location, texts: &[(&str, &str)]) {
    if let Location::Text { path, span: place } = location {
        let text = texts.iter().find(|(name, _)| **name == **path);
        span(*place, text.unwrap_or_else(|| panic!("{path} is none of the texts")).1);
    }
}

/// Every place of a command line slices its text.
pub(crate) fn line(line: &CommandLine, texts: &[(&str, &str)]) {
    location(&line.program.location, texts);
    for arg in &line.args {
        location(&arg.location, texts);
    }
    for variable in &line.environment {
        location(&variable.value.location, texts);
    }
}
