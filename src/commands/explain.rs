//! `plimsoll explain`.

use std::sync::Arc;

use anyhow::bail;

use super::selection::unknown_benchmark;
use crate::cli::ExplainArgs;
use crate::exit::ExitStatus;
use crate::report::explain;
use crate::rule::{Benchmark, Control, Entry, Library};
use crate::spelling::{nearest, suggestion};

pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<ExitStatus> {
    let library = super::library(&args.packs)?;
    let rules = find(&library, &args.name, args.benchmark.as_deref())?;
    super::print_text(|out| {
        for (index, rule) in rules.iter().enumerate() {
            if index > 0 {
                out.extend_from_slice(b"\n\n");
            }
            explain::rule(out, rule.rule(), &controls(&library, &rule.id))?;
        }
        Ok(())
    })?;
    Ok(ExitStatus::Success)
}

/// The rule of that name, those behind the controls of that number, or those that another
/// catalogue knows by that id.
fn find(library: &Library, name: &str, within: Option<&str>) -> anyhow::Result<Vec<Arc<Entry>>> {
    if let Some(rule) = library.rule(name) {
        return Ok(vec![rule.clone()]);
    }
    let benchmarks: Vec<&Benchmark> = match within {
        Some(id) => match library.benchmark(id) {
            Some(benchmark) => vec![benchmark],
            None => bail!(unknown_benchmark(id, library)),
        },
        None => library.benchmarks().collect(),
    };
    let mut found: Vec<Arc<Entry>> = Vec::new();
    for (_, control) in benchmarks.into_iter().flat_map(Benchmark::controls) {
        if control.number == name && !found.iter().any(|entry| entry.id == control.entry.id) {
            found.push(control.entry.clone());
        }
    }
    if found.is_empty() && within.is_none() {
        found.extend(library.rules().filter(|entry| entry.rule().is_known_as(name)).cloned());
    }
    if found.is_empty() {
        let near = nearest(name, library.rules().map(|entry| &*entry.id));
        bail!("there is no rule or control {name}{}", suggestion(near));
    }
    Ok(found)
}

fn controls<'l>(library: &'l Library, id: &str) -> Vec<(&'l Benchmark, &'l Control)> {
    library
        .benchmarks()
        .flat_map(|benchmark| benchmark.controls().map(move |(_, control)| (benchmark, control)))
        .filter(|(_, control)| control.entry.id == id)
        .collect()
}
