//! `plimsoll.history/1`: the names are a promise, see `history.schema.json` beside this file.

use std::io::{self, Write};

use serde::Serialize;

use super::{History, Point, Series, SeriesName, StandingChange};
use crate::kept::Standing;

#[derive(Serialize)]
struct Document<'h> {
    schema: &'static str,
    series: Vec<JsonSeries<'h>>,
    changes: Vec<JsonChange<'h>>,
}

#[derive(Serialize)]
struct JsonSeries<'h> {
    benchmark: &'h str,
    title: &'h str,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<&'h str>,
    reports: Vec<JsonPoint<'h>>,
}

#[derive(Serialize)]
struct JsonPoint<'h> {
    generated_at: jiff::Timestamp,
    file: &'h str,
    targets: usize,
    errors: usize,
    pass: usize,
    fail: usize,
    manual: usize,
    unknown: usize,
    not_applicable: usize,
    error: usize,
    waived: usize,
}

#[derive(Serialize)]
struct JsonChange<'h> {
    generated_at: jiff::Timestamp,
    benchmark: &'h str,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<&'h str>,
    control: &'h str,
    rule: &'h str,
    title: &'h str,
    target: &'h str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Standing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Standing>,
}

/// Writes a history for programs.
pub fn write(out: &mut dyn Write, history: &History) -> io::Result<()> {
    let document = Document {
        schema: "plimsoll.history/1",
        series: history.series.iter().map(series).collect(),
        changes: history.changes.iter().map(change).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn series<'h>((name, series): (&'h SeriesName, &'h Series)) -> JsonSeries<'h> {
    JsonSeries {
        benchmark: &name.benchmark,
        title: &series.title,
        host: name.host.as_deref(),
        reports: series.points.iter().map(point).collect(),
    }
}

fn point(point: &Point) -> JsonPoint<'_> {
    let [pass, fail, manual, unknown, not_applicable, error, waived] = point.counts;
    JsonPoint {
        generated_at: point.at,
        file: &point.file,
        targets: point.targets,
        errors: point.errors,
        pass,
        fail,
        manual,
        unknown,
        not_applicable,
        error,
        waived,
    }
}

fn change(change: &StandingChange) -> JsonChange<'_> {
    JsonChange {
        generated_at: change.at,
        benchmark: &change.series.benchmark,
        host: change.series.host.as_deref(),
        control: &change.control,
        rule: &change.rule,
        title: &change.title,
        target: &change.target,
        before: change.before,
        after: change.after,
    }
}
