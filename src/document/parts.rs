//! Files that one server reads together: what each of them sets is merged.

use super::carrier::Carrier;
use super::{Contents, Error, Found, Neighbour, distribution};
use crate::command_line::Arg;
use crate::yaml::{self, Document, Node, ScalarKind};

/// The configuration of a server in several files, in order; `is_part` if there is one before them that is not
/// part of the input. `None` if they are none that are read so.
pub fn read_together(files: &[Neighbour], is_part: bool) -> Option<Contents> {
    merged(files, |roots| distribution::k3s::read_together(roots, is_part))
}

/// What `read` makes of the first document of each file.
pub(super) fn merged(
    files: &[Neighbour],
    read: impl FnOnce(&[(&Node<'_>, Carrier<'_>)]) -> Option<Vec<Found>>,
) -> Option<Contents> {
    let mut contents = Contents::default();
    let mut documents = Vec::new();
    for (path, text) in files {
        let text = text.as_ref().map_err(Clone::clone);
        // One that holds nothing changes nothing.
        match text.and_then(|text| Ok((text, first(text)?))) {
            Ok((text, document)) => {
                documents.extend(document.map(|document| (document, Carrier::new(text, path))));
            }
            Err(message) => contents.errors.push(Error { path: path.clone(), message }),
        }
    }
    let roots: Vec<_> =
        documents.iter().map(|(document, carrier)| (&document.root, carrier.clone())).collect();
    let mut found = read(&roots)?;
    // A server does not start with a file that it cannot read; what is in it may be anything.
    for one in &mut found {
        let location = one.line.program.location.clone();
        let why = |error: &Error| format!("{} cannot be read and may set it", error.path);
        let hidden = contents.errors.iter().map(|error| Arg::hidden(why(error), location.clone()));
        one.line.args.extend(hidden);
    }
    contents.found = found;
    Some(contents)
}

/// The first document of a text, if it has any.
fn first(text: &str) -> Result<Option<Document<'_>>, String> {
    let first = yaml::parse(text).into_iter().next().transpose();
    let first = first.map_err(|error| error.to_string())?;
    Ok(first.filter(|it| it.root.scalar().is_none_or(|it| it.kind() != ScalarKind::Null)))
}
