//! One file a subcommand: arguments in, exit status out. The only wiring there is.

#![allow(clippy::disallowed_methods, reason = "the stage that talks to the user")]

mod accepted;
mod against;
mod benchmarks;
mod check;
mod destinations;
mod diff;
mod explain;
mod flags;
mod gate;
mod history;
mod input;
mod judging;
mod numbers;
mod output;
mod outputs;
mod own_inputs;
mod progress;
mod rules;
mod selection;
mod unjudged;
mod waive;
mod whole_file;

use std::io::Write;

use anyhow::Context;

use crate::cli::{App, Command, Later, PackArgs};
use crate::exit::ExitStatus;
use crate::report::quotable;
use crate::rule::Library;
use output::Streams;

/// Does what was asked. An error is one that ends the run: usage, or output that cannot be written.
pub fn run(app: App) -> anyhow::Result<ExitStatus> {
    let streams = Streams::new(app.color);
    match app.command {
        Command::Check(Later(args)) => check::run(&args, streams),
        Command::Flags(Later(args)) => flags::run(&args, streams),
        Command::Diff(Later(args)) => diff::run(&args, streams),
        Command::History(Later(args)) => history::run(&args),
        Command::Waive(Later(args)) => waive::run(&args),
        Command::Explain(Later(args)) => explain::run(&args),
        Command::Benchmarks(Later(args)) => benchmarks::run(&args),
        Command::Rules(Later(args)) => rules::run(&args),
    }
}

/// The most replaced rules and benchmarks that are named.
const MOST_SAID: usize = 20;

/// The rules of a run.
fn library(args: &PackArgs) -> anyhow::Result<Library> {
    let mut own = Vec::new();
    for path in &args.files {
        own.push((path.display().to_string(), gate::read(path)?));
    }
    let library = Library::load(&own)
        .map_err(|problems| anyhow::anyhow!("the rules cannot be used\n{problems}"))?;
    let mut replaced = library.replacements().all();
    for replacement in replaced.by_ref().take(MOST_SAID) {
        output::say(&format!("warning: {replacement}"));
    }
    let others = replaced.count();
    if others > 0 {
        output::say(&format!("warning: {others} more rules or benchmarks are replaced"));
    }
    Ok(library)
}

/// Prints to standard output, in one piece.
fn print(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> anyhow::Result<()> {
    let mut text = Vec::new();
    write(&mut text)?;
    let mut out = std::io::stdout().lock();
    out.write_all(&text).and_then(|()| out.flush()).context("standard output")
}

/// Prints text for people in which a foreign rule file may have a say: escaped as every report is.
fn print_text(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> anyhow::Result<()> {
    print(|out| {
        let mut text = Vec::new();
        write(&mut text)?;
        out.extend_from_slice(quotable(&String::from_utf8_lossy(&text)).as_bytes());
        Ok(())
    })
}
