//! Arguments given directly, program name first.

use super::program::{Start, find};
use super::{Format, Found};
use crate::command_line::{Arg, Certainty, CommandLine, Location};

/// The command line that the arguments start, if they start a component.
pub fn read(words: &[String]) -> Option<Found> {
    let args: Vec<Arg> = words
        .iter()
        .enumerate()
        .map(|(argument, text)| Arg {
            text: text.clone(),
            location: Location::Argv { argument },
            certainty: Certainty::Known,
        })
        .collect();
    let Start { component, program, args } = find(&args, None)?;
    let line = CommandLine {
        component,
        program,
        args,
        environment: Vec::new(),
        image_minor: None,
        name: None,
    };
    Some(Found { document: 0, format: Format::Argv, line, diagnostics: Vec::new() })
}
