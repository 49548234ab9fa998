//! `plimsoll benchmarks`.

use anyhow::bail;

use super::selection::unknown_benchmark;
use crate::cli::ListArgs;
use crate::exit::ExitStatus;
use crate::report::tables;

pub(super) fn run(args: &ListArgs) -> anyhow::Result<ExitStatus> {
    let library = super::library(&args.packs)?;
    match &args.id {
        None => {
            let benchmarks: Vec<_> = library.benchmarks().collect();
            super::print_text(|out| tables::benchmarks(out, &benchmarks))?;
        }
        Some(id) => match library.benchmark(id) {
            Some(benchmark) => super::print_text(|out| tables::controls(out, benchmark))?,
            None => bail!(unknown_benchmark(id, &library)),
        },
    }
    Ok(ExitStatus::Success)
}
