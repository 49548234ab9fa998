//! `plimsoll.diff/1`: the names are a promise, see `diff.schema.json` beside this file.

use std::io::{self, Write};

use serde::Serialize;

use super::Diff;
use crate::report::finished::Report;

#[derive(Serialize)]
struct Document<'r> {
    schema: &'static str,
    old: Side<'r>,
    new: Side<'r>,
    worse: bool,
    incomplete: bool,
    changes: &'r Diff<'r>,
}

#[derive(Serialize)]
struct Side<'r> {
    generated_at: jiff::Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<&'r str>,
}

/// Writes a comparison for programs.
pub fn write(out: &mut dyn Write, diff: &Diff<'_>, sides: [&Report; 2]) -> io::Result<()> {
    let [old, new] = sides
        .map(|report| Side { generated_at: report.generated_at, host: report.host.as_deref() });
    let (worse, incomplete) = (diff.is_worse(), diff.is_incomplete());
    let schema = "plimsoll.diff/1";
    let document = Document { schema, old, new, worse, incomplete, changes: diff };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
