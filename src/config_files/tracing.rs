//! TracingConfiguration: where the server sends its traces.
//!
//! Only its kind, and that no field is set twice, are looked at: nothing that a benchmark asks for is in
//! it. Source: apiserver `pkg/server/options/tracing.go`.

use super::quoted::shown;
use super::{Problem, document};
use crate::source::NamedBytes;

const KIND: &str = "TracingConfiguration";

/// Looks whether a file is one.
pub(super) fn read(file: &NamedBytes) -> Result<(), Problem> {
    let document = document(file)?;
    let object = document.any_object()?;
    let kind = object.text("kind")?.ok_or_else(|| object.problem("has no kind"))?;
    if kind.value == KIND {
        return document.duplicate().map_or(Ok(()), Err);
    }
    let message = format!("is a {}, not a {KIND}", shown(&kind.value));
    Err(Problem { message, location: kind.location })
}
