//! Processes that have written over their arguments, as those do that set a title.

use super::start::basename;
use crate::command_line::Arg;
use crate::component::Component;

/// The component that a process's first word names, which may be a title: `kube-apiserver: serving`.
pub(super) fn title(first: &str) -> Option<Component> {
    let word = |text: &str| text.split([' ', '\t', ':']).next().unwrap_or_default().to_owned();
    // A folder may have a blank in its name, and a title may hold paths.
    let names =
        [basename(first).to_owned(), basename(&word(first)).to_owned(), word(basename(first))];
    names.iter().find_map(|name| Component::from_name(name))
}

/// How many empty arguments in a row are no arguments: `-v`, the shortest flag, leaves three when each
/// of its bytes is cleared. Two may be meant: a script that gives `"$A" "$B"`.
const CLEARED: usize = 3;

/// Whether a process has written over its arguments, as one does that sets a title.
///
/// The kernel goes on showing as many bytes as there were: what was cleared shows as empty arguments,
/// and a title as a single text, padded with blanks or with nothing.
pub(super) fn is_rewritten(args: &[Arg]) -> bool {
    let Some((first, rest)) = args.split_first() else { return false };
    let empty = |args: &[Arg]| args.iter().all(|arg| arg.text.is_empty());
    let alone = empty(rest) && (first.text.is_empty() || rest.len() > 1);
    let cleared = args.windows(CLEARED).any(empty);
    // One that stands for itself may be meant; that all are nothing but blanks is not.
    let blank = rest.iter().all(|arg| arg.text.trim().is_empty()) && !empty(rest);
    // A title is copied over the start: what was not cleared behind it is what is left of arguments.
    cleared || alone || blank || is_title(&first.text)
}

/// Whether a text is no program that is started without arguments.
fn is_title(text: &str) -> bool {
    let program = basename(text);
    let named = Component::from_name(program).is_some() || program == "hyperkube";
    text.contains(" -") || (text.contains([' ', '\t', ':']) && !named)
}
