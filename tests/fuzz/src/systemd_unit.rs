//! Units of systemd with their drop-ins.

use std::sync::Arc;

use plimsoll::document;

use super::{places, text};

/// What ends a unit or drop-in in the bytes; none of them holds one.
const END: char = '\0';

/// Reads a unit with the drop-ins behind it.
pub fn systemd_unit(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let mut parts = text.split(END);
    let unit = parts.next().unwrap_or_default();
    let name: Arc<str> = "etcd.service".into();
    let drop_ins: Vec<(Arc<str>, String)> =
        parts.enumerate().map(|(at, text)| (at.to_string().into(), text.to_owned())).collect();
    let mut texts = vec![(&*name, unit)];
    texts.extend(drop_ins.iter().map(|(name, text)| (&**name, text.as_str())));
    for found in document::read_unit((unit, &name), &drop_ins).found {
        places::line(&found.line, &texts);
        for location in found.diagnostics.iter().filter_map(|said| said.location.as_ref()) {
            places::location(location, &texts);
        }
    }
}
