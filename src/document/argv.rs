//! Arguments given directly, program name first.

use super::program::{Start, find};
use super::{Format, Found};
use crate::command_line::{Arg, CommandLine};

/// The command line that the arguments start, if they start a component.
pub fn read(words: &[String]) -> Option<Found> {
    let args: Vec<Arg> =
        words.iter().enumerate().map(|(at, text)| Arg::given(at, text.clone())).collect();
    let Start { component, program, args } = find(&args, None)?;
    let line = CommandLine::of_words(component, program, args);
    Some(Found { document: 0, format: Format::Argv, line, diagnostics: Vec::new() })
}
