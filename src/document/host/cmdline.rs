//! A copy of `/proc/PID/cmdline`: arguments that each end in a NUL.

use super::page::Page;
use super::server;
use crate::command_line::Arg;
use crate::document::title::{is_rewritten, title};
use crate::document::{Contents, Format, Found};

/// The command line of a process; `None` if the text is none.
pub(in crate::document) fn read(page: &Page<'_>) -> Option<Contents> {
    memchr::memchr(0, page.text.as_bytes())?;
    let mut argv: Vec<Arg> = Vec::new();
    let mut start = 0;
    // The last NUL ends an argument and begins none.
    let text = page.text.strip_suffix('\n').unwrap_or(page.text);
    for word in text.strip_suffix('\0').unwrap_or(text).split('\0') {
        argv.push(page.arg(word.to_owned(), start, start + word.len()));
        start += word.len() + 1;
    }
    if argv.first().is_some_and(|first| title(&first.text).is_some()) && is_rewritten(&argv) {
        let error = page.error(
            0,
            "the process has rewritten its arguments into one text, which cannot be taken apart",
        );
        return Some(Page::certain(Vec::new(), vec![error]));
    }
    // A NUL can stand in any broken text; arguments begin with a program.
    let found = server::lines(&argv, &[], page).into_iter().enumerate().map(|(document, line)| {
        let diagnostics = Vec::new();
        Found { document, format: Format::Cmdline, line, diagnostics }
    });
    let found: Vec<Found> = found.collect();
    (!found.is_empty()).then(|| Page::certain(found, Vec::new()))
}
