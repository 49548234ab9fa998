//! `check --against`: the command lines that are written for the servers of a run.

use std::path::PathBuf;

use super::input::Reader;
use crate::cli::InputArgs;
use crate::command_line::CommandLine;
use crate::component::Component;
use crate::report::Failure;
use crate::target::Target;

/// The benchmark that compares what runs with what is written.
pub(super) const BENCHMARK: &str = "drift";

/// What is written.
#[derive(Default)]
pub(super) struct Written {
    lines: Vec<(CommandLine, String)>,
    /// Whether everything that runs was looked for.
    is_whole: bool,
    /// What could not be read.
    failures: Vec<Failure>,
}

impl Written {
    /// Reads the command lines in files and folders.
    pub(super) fn read(paths: &[PathBuf], input: &InputArgs) -> anyhow::Result<Self> {
        let mut written = Self { is_whole: input.pid.is_none(), ..Self::default() };
        if paths.is_empty() {
            return Ok(written);
        }
        let args = InputArgs {
            inputs: paths.to_vec(),
            argv: Vec::new(),
            pid: None,
            proc: None,
            root: input.root.clone(),
            exclude: input.exclude.clone(),
            no_ignore: input.no_ignore,
            if_any: false,
            input_format: None,
            component: input.component.clone(),
            kubernetes_version: None,
        };
        let mut reader = Reader::new(&args, Component::ALL.to_vec());
        reader.read(&|target| (target.line, target.id), &mut |line| {
            written.lines.push(line);
            Ok(())
        })?;
        written.failures = reader.failures;
        Ok(written)
    }

    /// Gives a target the command line that is written for it.
    pub(super) fn lay_beside(&self, target: &mut Target) {
        if self.lines.is_empty() {
            return;
        }
        let component = target.line.component;
        let of = self.lines.iter().filter(|(line, _)| line.component == component);
        let found: Vec<&(CommandLine, String)> = of.collect();
        target.written = Some(match &found[..] {
            [] => Err(format!("nothing is written for {component} where --against looked")),
            [(line, _)] => Ok(line.clone()),
            several => {
                let ids: Vec<&str> = several.iter().map(|(_, id)| id.as_str()).collect();
                Err(format!("name one with --against: there are {}", ids.join(", ")))
            }
        });
    }

    /// What could not be read, and what is written for a server that is not there; `seen` are those
    /// that there was a target of.
    pub(super) fn failures(&self, seen: &[Component]) -> impl Iterator<Item = Failure> {
        let is_missing = |line: &CommandLine| !seen.contains(&line.component);
        let missing = self.lines.iter().filter(move |(line, _)| self.is_whole && is_missing(line));
        let missing = missing.map(|(line, id)| {
            Failure::new(id, &format!("{} is written there, and none runs here", line.component))
        });
        self.failures.iter().cloned().chain(missing)
    }
}
