//! The places of a text within a document, as places in the document.

use std::sync::Arc;

use crate::command_line::Location;
use crate::document::Found;
use crate::document::carrier::Carrier;

/// Gives a command line of the text `name` the places that it has in the document around it.
pub(super) fn move_out(found: &mut Found, name: &Arc<str>, inner: &Carrier<'_>) {
    let move_one = |location: &mut Location| {
        if let Location::Text { path, span } = location
            && path == name
        {
            *location = inner.location(*span);
        }
    };
    let line = &mut found.line;
    move_one(&mut line.program.location);
    line.args.iter_mut().for_each(|arg| move_one(&mut arg.location));
    line.environment.iter_mut().for_each(|variable| move_one(&mut variable.value.location));
    let places = found.diagnostics.iter_mut().filter_map(|it| it.location.as_mut());
    places.for_each(move_one);
}
