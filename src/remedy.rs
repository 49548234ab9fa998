//! A remedy in the words of the input: what to write where, so that a flag gets its value.

use crate::command_line::{Arg, Location};
use crate::result::{FlagChange, Verdict};
use crate::target::Target;

/// What to write in this input, if the verdict says which flags to change.
pub fn here(target: &Target, verdict: &Verdict) -> Option<String> {
    if verdict.changes.is_empty() {
        return None;
    }
    let mut text = String::new();
    for change in &verdict.changes {
        let step = step(target, change);
        // There is one, mostly.
        if text.is_empty() {
            text = step;
        } else {
            text.extend(["; ", &step]);
        }
    }
    if let Some(command) = target.format.takes_effect(target.line.component) {
        text.push_str(", then ");
        text.push_str(&command);
    }
    Some(text)
}

fn step(target: &Target, change: &FlagChange) -> String {
    let Some(value) = &change.value else { return taken_out(target, change) };
    let line = &target.line;
    let entry = target.format.arguments().written(&change.flag, value);
    let Some(at) = change.location.as_ref().and_then(line_of) else {
        let place = target.format.place(line.component, &change.flag, value);
        return ["add ", &entry, " to ", &place].concat();
    };
    let variable =
        line.environment.iter().find(|it| Some(&it.value.location) == change.location.as_ref());
    if let Some(variable) = variable {
        return format!("set {} to \"{value}\", line {at}", variable.name);
    }
    let next = separate_value(target, change).map(|value| line_of(&value.location));
    let whole = |at: usize| line.whole_lines.contains(&at);
    match next {
        None if may_be_replaced(target, change, at) => format!("line {at} becomes {entry}"),
        Some(Some(next)) if next == at + 1 && whole(at) && whole(next) => {
            format!("lines {at} and {next} become {entry}")
        }
        _ => format!("set {} in line {at}", entry.trim_start_matches("- ")),
    }
}

fn taken_out(target: &Target, change: &FlagChange) -> String {
    let flag = &change.flag;
    let Some(at) = change.location.as_ref().and_then(line_of) else {
        return format!("take --{flag} out");
    };
    match separate_value(target, change).map(|value| line_of(&value.location)) {
        None => format!("take --{flag} out, line {at}"),
        Some(Some(next)) if next != at => format!("take --{flag} out, lines {at} and {next}"),
        Some(_) => format!("take --{flag} and its value out, line {at}"),
    }
}

fn line_of(location: &Location) -> Option<usize> {
    match location {
        Location::Text { span, .. } => Some(span.start.line()),
        _ => None,
    }
}

/// The argument behind the flag's own, if that holds its value.
fn separate_value<'t>(target: &'t Target, change: &FlagChange) -> Option<&'t Arg> {
    let args = &target.line.args;
    let at = index_of(target, change)?;
    let next = args.get(at + 1)?;
    let bare = |arg: &Arg| arg.text.starts_with('-') && !arg.text.contains('=');
    (bare(args.get(at)?) && !next.text.starts_with('-')).then_some(next)
}

/// Which argument holds the flag. The change's place may go on to the end of the flag's value.
fn index_of(target: &Target, change: &FlagChange) -> Option<usize> {
    let begins = |location: &Location| match location {
        Location::Text { path, span } => Some((path.clone(), span.start)),
        _ => None,
    };
    let place = begins(change.location.as_ref()?)?;
    target.line.args.iter().position(|arg| begins(&arg.location).as_ref() == Some(&place))
}

/// Whether nothing but the flag stands in its line, as far as the input's format can have more there.
fn may_be_replaced(target: &Target, change: &FlagChange, at: usize) -> bool {
    let line = &target.line;
    if target.format.arguments().share_lines() {
        return line.whole_lines.contains(&at);
    }
    let own = index_of(target, change);
    let others = line.args.iter().enumerate().filter(|(at, _)| Some(*at) != own);
    // What the distribution adds by itself stands nowhere.
    let mut written = others.filter(|(_, arg)| arg.added_by.is_none());
    !written.any(|(_, arg)| line_of(&arg.location) == Some(at))
}
