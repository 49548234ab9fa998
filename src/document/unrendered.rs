//! Templates that were not rendered, in texts that are no YAML.

use super::Contents;
use crate::command_line::{Arg, Certainty, CommandLine};

/// What begins a part of a template that decides about others.
const CONTROLS: [&str; 6] = ["{%", "<%", "{{ if", "{{if", "{{- if", "{{-if"];

/// Takes back what was read from a template: conditions may leave any argument out, and what is filled in
/// may be any number of them.
pub(super) fn unread(mut contents: Contents, text: &str) -> Contents {
    let controlled = CONTROLS.iter().any(|mark| text.contains(mark));
    if !controlled && !text.contains("{{") {
        return contents;
    }
    for found in &mut contents.found {
        let line = &mut found.line;
        if line.not_followed.is_none() && (controlled || is_filled_in(line)) {
            let why = "it is a template: render it first".to_owned();
            let certainty = Certainty::Unresolved(why.clone());
            line.args = vec![Arg { text: String::new(), certainty, ..line.program.clone() }];
            line.environment.clear();
            line.environment_is_whole = false;
            line.not_followed = Some(why);
        }
    }
    contents
}

fn is_filled_in(line: &CommandLine) -> bool {
    line.args.iter().any(|arg| arg.text.contains("{{"))
}
