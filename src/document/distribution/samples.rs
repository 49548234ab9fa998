//! What tests of formats ask about the command lines they find.

use crate::command_line::Location;
use crate::component::Component;
use crate::document::{Found, is_candidate, read};
use crate::flags::{Effective, Flags};
use crate::version::Minor;

/// The command lines in a text, which must be one that is read at all.
pub(super) fn found(text: &str) -> Vec<Found> {
    assert!(is_candidate(text), "{text}");
    let contents = read(text, &"f".into());
    assert!(contents.errors.is_empty(), "{:?}", contents.errors);
    contents.found
}

/// The first command line of a component.
pub(super) fn of(found: &[Found], component: Component) -> &Found {
    found.iter().find(|it| it.line.component == component).expect("the component")
}

/// The arguments of some flags: the text at their place, its line, and who added them.
pub(super) fn args<'t>(
    text: &'t str,
    found: &Found,
    flags: &[&str],
) -> Vec<(String, &'t str, usize, Option<&'static str>)> {
    let wanted = |text: &str| flags.iter().any(|flag| text.starts_with(&format!("--{flag}=")));
    let shown = found.line.args.iter().filter(|arg| wanted(&arg.text));
    shown
        .map(|arg| {
            let Location::Text { span, .. } = &arg.location else { panic!("no text") };
            let place = &text[span.start.offset()..span.end.offset()];
            let place = if arg.added_by.is_some() { "" } else { place };
            (arg.text.clone(), place, span.start.line(), arg.added_by)
        })
        .collect()
}

/// What a server of a release makes of a flag.
pub(super) fn effective(found: &Found, minor: &str, name: &str) -> String {
    let flags = Flags::read(&found.line, minor.parse::<Minor>().expect("a minor"));
    match flags.effective(name) {
        Effective::Set { value, .. } => {
            value.as_list().map_or_else(|| value.to_string(), |items| items.join(","))
        }
        Effective::Default { .. } => "default".to_owned(),
        Effective::Unresolved { .. } => "not known".to_owned(),
        Effective::Broken { .. } => "broken".to_owned(),
        Effective::DefaultNotKnown | Effective::Absent { .. } => "absent".to_owned(),
    }
}
