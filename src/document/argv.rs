//! Arguments given directly, program name first.

use super::start::find;
use super::{Format, Found};
use crate::command_line::Arg;

/// The command lines that the arguments start: none, if they start no component.
pub fn read(words: &[String]) -> Vec<Found> {
    let args: Vec<Arg> =
        words.iter().enumerate().map(|(at, text)| Arg::given(at, text.clone())).collect();
    let lines = find(args, None).into_iter().map(|start| start.into_line(&[]));
    lines
        .map(|line| Found { document: 0, format: Format::Argv, line, diagnostics: Vec::new() })
        .collect()
}
