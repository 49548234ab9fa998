//! Arguments given directly, program name first.

use super::start::{basename, component_named, find, only_prints};
use super::{Format, Found};
use crate::command_line::{Arg, CommandLine};

/// The command lines that the arguments start: none, if they start no component. Arguments that only make
/// it print its version are those of a server all the same, because somebody asks for them.
pub fn read(words: &[String]) -> Vec<Found> {
    let args: Vec<Arg> =
        words.iter().enumerate().map(|(at, text)| Arg::given(at, text.clone())).collect();
    let lines = match printer(&args) {
        Some(line) => vec![line],
        None => find(args, None).into_iter().map(|start| start.into_line(&[])).collect(),
    };
    let found = |line| Found { document: 0, format: Format::Argv, line, diagnostics: Vec::new() };
    lines.into_iter().map(found).collect()
}

fn printer(words: &[Arg]) -> Option<CommandLine> {
    let (program, args) = words.split_first()?;
    let component = component_named(basename(&program.text))?;
    let line = || CommandLine::of_words(component, program.clone(), args.to_vec());
    only_prints(component, args).then(line)
}
