//! `plimsoll rules`, `plimsoll rules check` and `plimsoll rules schema`.

use std::io::Write as _;
use std::path::PathBuf;

use super::output::say;
use crate::cli::{RulesArgs, RulesCommand};
use crate::examples;
use crate::exit::ExitStatus;
use crate::report::{counted, tables};
use crate::rule::{Library, SCHEMA};
use crate::source;

pub(super) fn run(args: &RulesArgs) -> anyhow::Result<ExitStatus> {
    match &args.command {
        Some(RulesCommand::Check { files }) => check(files),
        Some(RulesCommand::Schema) => {
            super::print(|out| out.write_all(SCHEMA.as_bytes()))?;
            Ok(ExitStatus::Success)
        }
        None => {
            let library = super::library(&args.packs)?;
            super::print_text(|out| {
                tables::rules(out, &library.rules().map(|entry| entry.demand()).collect::<Vec<_>>())
            })?;
            Ok(ExitStatus::Success)
        }
    }
}

/// Validates rule files and runs the examples of the rules they hold.
fn check(files: &[PathBuf]) -> anyhow::Result<ExitStatus> {
    let mut status = ExitStatus::Success;
    let mut own = Vec::new();
    for path in files {
        match source::read_pack(path) {
            Ok(text) => own.push((path.display().to_string(), text)),
            Err(error) => {
                say(&error.to_string());
                status = ExitStatus::Incomplete;
            }
        }
    }
    let library = match Library::load(&own) {
        Ok(library) => library,
        Err(problems) => {
            writeln!(std::io::stderr().lock(), "{problems}\n")?;
            return Ok(ExitStatus::Incomplete);
        }
    };
    let (mut rules, mut lines) = (0, 0);
    let asked = |pack: &str| own.is_empty() || own.iter().any(|(path, _)| path == pack);
    for rule in library.rules().filter(|entry| asked(&entry.pack)).map(|entry| entry.rule()) {
        rules += 1;
        lines += rule.examples.len();
        for mismatch in examples::run(rule) {
            say(&mismatch.to_string());
            status = status.and(ExitStatus::Findings);
        }
    }
    super::print(|out| writeln!(out, "{}, {}", counted(rules, "rule"), counted(lines, "example")))?;
    Ok(status)
}
