//! `plimsoll diff`.

use std::io::Write;

use super::accepted::report;
use super::output::Streams;
use super::outputs;
use super::own_inputs::OwnInputs;
use crate::cli::{DiffArgs, DiffFormat};
use crate::exit::ExitStatus;
use crate::kept::diff::{self, Diff};
use crate::report::finished::Report;

pub(super) fn run(args: &DiffArgs, streams: Streams) -> anyhow::Result<ExitStatus> {
    let inputs = OwnInputs::files([&*args.old, &*args.new]);
    let outputs = outputs::begin(&args.output.output, &inputs)?;
    let sides = [report(&args.old)?, report(&args.new)?];
    let [old, new] = &sides;
    let diff = Diff::of(old, new);
    if let Some(format) = args.output.standard(DiffFormat::Text) {
        super::print(|out| write(out, format, &diff, [old, new], streams.color))?;
    }
    for (format, output) in outputs {
        output.write(|out| write(out, format, &diff, [old, new], false))?;
    }
    let worse = if diff.is_worse() { ExitStatus::Findings } else { ExitStatus::Success };
    let whole = if diff.is_incomplete() { ExitStatus::Incomplete } else { ExitStatus::Success };
    Ok(worse.and(whole))
}

fn write(
    out: &mut dyn Write,
    format: DiffFormat,
    diff: &Diff<'_>,
    sides: [&Report; 2],
    color: bool,
) -> std::io::Result<()> {
    match format {
        DiffFormat::Text => diff::text(out, diff, sides, color),
        DiffFormat::Json => diff::json(out, diff, sides),
        DiffFormat::Markdown => diff::markdown(out, diff, sides),
    }
}
