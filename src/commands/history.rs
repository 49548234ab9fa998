//! `plimsoll history`.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::accepted::report;
use super::output::say;
use super::outputs;
use super::own_inputs::OwnInputs;
use crate::cli::{HistoryArgs, HistoryFormat};
use crate::exit::ExitStatus;
use crate::kept::history::{self, History};
use crate::report::{finished, printable};
use crate::source;

pub(super) fn run(args: &HistoryArgs) -> anyhow::Result<ExitStatus> {
    let kept = files(args)?;
    let inputs = OwnInputs::files(kept.iter().map(PathBuf::as_path));
    let outputs = outputs::begin(&args.output.output, &inputs)?;
    let mut status = ExitStatus::Success;
    let mut fail = |error: anyhow::Error| {
        say(&format!("{error:#}"));
        status = ExitStatus::Incomplete;
    };
    // First only the times, so that one report at a time is held.
    let mut reports: Vec<(jiff::Timestamp, &Path)> = Vec::new();
    for path in &kept {
        match made(path) {
            Ok(at) => reports.push((at, path)),
            Err(error) => fail(error),
        }
    }
    reports.sort();
    if reports.is_empty() {
        bail!("{}: no report of `plimsoll check --format json`", args.folder.display());
    }
    let mut history = History::default();
    for (_, path) in &reports {
        match report(path) {
            Ok(report) => history.add(&printable(&path.display().to_string()), &report),
            Err(error) => fail(error),
        }
    }
    if let Some(format) = args.output.standard(HistoryFormat::Text) {
        super::print(|out| write(out, format, &history))?;
    }
    for (format, output) in outputs {
        output.write(|out| write(out, format, &history))?;
    }
    Ok(status)
}

/// When a report was made.
fn made(path: &Path) -> anyhow::Result<jiff::Timestamp> {
    let text = source::read_report(path)?;
    finished::made(&text).with_context(|| path.display().to_string())
}

/// The files that reports are looked for in, by name.
fn files(args: &HistoryArgs) -> anyhow::Result<Vec<PathBuf>> {
    let folder = &args.folder;
    let listed = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files = Vec::new();
    for entry in listed {
        let path = entry.with_context(|| folder.display().to_string())?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn write(out: &mut dyn Write, format: HistoryFormat, history: &History) -> std::io::Result<()> {
    match format {
        HistoryFormat::Text => history::text(out, history),
        HistoryFormat::Json => history::json(out, history),
        HistoryFormat::Html => history::html(out, history),
    }
}
