//! Text that `ps`, `pgrep -a` or `systemctl status` printed.
//!
//! They join arguments with blanks, so one that holds a blank cannot be told from two, and they cut
//! lines at the terminal's width.

use super::page::{Line, Page};
use super::stated::is_version;
use super::words::{Quoting, Word, split};
use crate::command_line::{Arg, CommandLine};
use crate::component::Component;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::start::{basename, find};
use crate::document::{Contents, Format, Found};

/// Widths at which lines are cut for want of a wider terminal.
const WIDTHS: [usize; 8] = [80, 100, 120, 132, 160, 200, 240, 256];

/// A line that may show a server.
struct Row {
    words: Vec<Word>,
    /// The index of the command's first word.
    command: usize,
    width: usize,
    /// Whether the line ends where many do, at the terminal's width.
    cut: bool,
}

/// The servers among the processes; `None` if the text is no such list or has none.
pub(in crate::document) fn read(page: &Page<'_>) -> Option<Contents> {
    let rows = rows(page)?;
    let mut started: Vec<(bool, CommandLine)> = Vec::new();
    for row in &rows {
        let words = row.words.get(row.command..).unwrap_or_default();
        let argv = arguments(words, page, row.cut);
        let direct = argv.first().is_some_and(|arg| {
            let first = basename(&arg.text);
            Component::from_name(first).is_some() || first == "hyperkube"
        });
        let Some(start) = find(argv, None).into_iter().next() else { continue };
        // A list of files names servers too.
        let flagged = start.args.iter().any(|arg| arg.text.starts_with('-'));
        if row.command == 0 && !flagged {
            continue;
        }
        let mut line = start.into_line(&[]);
        if let (false, Some(last)) = (direct, words.last()) {
            // Where a shell's script ends is not seen, and that the server runs is not either.
            let why = "ps shows what starts it and not the server itself".to_owned();
            line.args.push(page.unresolved(String::new(), last.start, last.end, why));
            line.only_announced = true;
        }
        started.push((direct, line));
    }
    // A wrapper counts only while the server that it starts is not there to be seen itself.
    let seen: Vec<Component> =
        started.iter().filter(|(direct, _)| *direct).map(|(_, line)| line.component).collect();
    started.retain(|(direct, line)| *direct || !seen.contains(&line.component));
    let lines = started.into_iter().enumerate().map(|(document, (_, line))| {
        let message = "ps joins arguments with blanks and may cut them: quotes and what stands \
                       behind the line's end are not seen"
            .to_owned();
        let place = Some(line.program.location.clone());
        let diagnostics = vec![Diagnostic::new(Code::JoinedArguments, message, place)];
        Found { document, format: Format::Ps, line, diagnostics }
    });
    let found: Vec<Found> = lines.collect();
    (!found.is_empty()).then(|| Contents { found, ..Contents::default() })
}

/// The lines that show a server; `None` unless the text is made of lines that show processes.
fn rows(page: &Page<'_>) -> Option<Vec<Row>> {
    let tells = |line: &Line<'_>| !line.text.trim().is_empty() && !is_version(line.text);
    let lines: Vec<Line<'_>> = page.lines().filter(tells).collect();
    let header = lines.first().and_then(|line| {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        let last = words.len().checked_sub(1)?;
        ["CMD", "COMMAND", "ARGS"].contains(words.last()?).then_some(last)
    });
    let status = lines.iter().any(|line| line.text.trim_start().starts_with("CGroup: /"));
    // Where a line ends in an operator of the shell, the text is a script.
    let shell = |line: &Line<'_>| {
        [" &", " \\", " ;", " |", "&&"].iter().any(|end| line.text.trim_end().ends_with(end))
    };
    if header.is_none() && !status && lines.iter().any(shell) {
        return None;
    }
    let (mut rows, mut processes, mut width, mut widest) = (Vec::new(), 0, 0, 0);
    for line in lines.iter().skip(usize::from(header.is_some())) {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        // What `systemctl status` says around its processes is no process.
        if status && !words.first().is_some_and(|word| word.starts_with(['├', '└', '|', '`'])) {
            continue;
        }
        let Some(command) = header.or_else(|| columns(&words)) else { continue };
        processes += 1;
        let own = line.text.chars().count();
        if own >= width {
            widest = if own == width { widest + 1 } else { 1 };
            width = own;
        }
        let rest = words.get(command..).unwrap_or_default();
        let command = command + rest.iter().take_while(|word| is_art(word)).count();
        if rest.iter().any(|word| word.contains("kube") || word.contains("etcd")) {
            let words = split(&line.glyphs(), Quoting::None).unwrap_or_default();
            rows.push(Row { words, command, width: own, cut: false });
        }
    }
    for row in &mut rows {
        row.cut = row.width == width && widest > 1 || WIDTHS.contains(&row.width);
    }
    let most = status || header.is_some() || processes * 2 > lines.len();
    // A single line without columns is a command line, which a shell would read.
    let alone = lines.len() == 1 && rows.first().is_some_and(|row| row.command == 0);
    (most && !alone).then_some(rows)
}

/// Branches of the tree that `ps f` draws.
fn is_art(word: &str) -> bool {
    word.chars().all(|c| "\\_|`-├└─│".contains(c))
}

/// How many words stand before the command, told by what they look like.
fn columns(words: &[&str]) -> Option<usize> {
    let number = |at: usize| words.get(at).is_some_and(|word| word.parse::<u32>().is_ok());
    let decimal = |at: usize| words.get(at).is_some_and(|word| word.parse::<f32>().is_ok());
    let time = |at: usize| {
        let digits = |c: char| c.is_ascii_digit() || ":-.".contains(c);
        words.get(at).is_some_and(|word| word.contains(':') && word.chars().all(digits))
    };
    let first = *words.first()?;
    // `└─4542 /usr/bin/x`
    let branch = first.trim_start_matches(|c| "├└─│|`-".contains(c));
    let candidates = [
        (7, number(1) && number(2) && number(3) && time(6)),
        (10, number(1) && decimal(2) && decimal(3) && number(4) && number(5) && time(9)),
        (4, number(0) && time(3)),
        (3, number(0) && time(2)),
        (1, number(0)),
        (1, branch != first && branch.parse::<u32>().is_ok()),
        (0, is_command(first, words)),
    ];
    let columns = candidates.iter().find(|(_, fits)| *fits).map(|(columns, _)| *columns)?;
    (columns < words.len()).then_some(columns)
}

/// Whether a line without columns looks like a process: a path, a kernel thread, a server, a search
/// for one.
fn is_command(first: &str, words: &[&str]) -> bool {
    let continued = words.last() == Some(&"\\");
    let known = Component::from_name(first).is_some() || ["grep", "hyperkube"].contains(&first);
    !continued && (known || first.starts_with(['/', '[']))
}

/// The arguments; the last is dropped where the line was cut.
fn arguments(words: &[Word], page: &Page<'_>, cut: bool) -> Vec<Arg> {
    let mut argv: Vec<Arg> = Vec::with_capacity(words.len());
    for (index, word) in words.iter().enumerate() {
        let text = word.text();
        let last = index + 1 == words.len();
        let marked = text.contains('…') || text.ends_with("...") || last && text.ends_with('>');
        if index > 0 && (marked || last && cut) {
            let why = "the line was cut here".to_owned();
            argv.push(page.unresolved(String::new(), word.start, word.end, why));
        } else {
            argv.push(page.arg(text, word.start, word.end));
        }
    }
    argv
}
