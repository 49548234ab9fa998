//! What a line of a log says: the start of a component, in logrus' words, klog's, or bare.

use super::writer::{self, Writer};
use crate::command_line::{Arg, CommandLine};
use crate::component::Component;
use crate::document::host::page::{Glyph, Line, Page, glyphs, starts_with, text, trim};
use crate::document::host::words::{Quoting, split};
use crate::yaml::{self, Node};

/// A message, and whether its end is there: a terminal may have cut it.
pub(super) struct Message {
    glyphs: Vec<Glyph>,
    closed: bool,
}

/// Who wrote a line, and what it says.
pub(super) fn read(line: Line<'_>) -> (Writer, Message) {
    let (writer, glyphs) = match of_json(line) {
        Some(split) => split,
        None => {
            let glyphs = without_colour(line.glyphs());
            let (writer, rest) = writer::split(&glyphs);
            (writer, rest.to_vec())
        }
    };
    (writer, Message::of(&glyphs))
}

impl Message {
    /// The message within what a logger makes of it.
    fn of(line: &[Glyph]) -> Self {
        let whole = text(line);
        if let Some(before) = before_logrus(&whole) {
            let quoted = line.get(before.chars().count()..).unwrap_or_default();
            let (glyphs, closed) = unescaped(quoted);
            return Self { glyphs, closed };
        }
        let before = before_klog(&whole).unwrap_or_default().chars().count();
        Self { glyphs: line.get(before..).unwrap_or_default().to_vec(), closed: true }
    }

    /// Its text.
    pub(super) fn text(&self) -> String {
        text(&self.glyphs)
    }

    /// The command line that it says is started.
    pub(super) fn running(&self, page: &Page<'_>) -> Option<CommandLine> {
        const WORD: &str = "Running ";
        let Self { glyphs: said, closed } = self;
        if !starts_with(said, WORD) {
            return None;
        }
        let words = split(said.get(WORD.len()..)?, Quoting::None).ok()?;
        let (program, words) = words.split_first()?;
        let component = Component::from_name(&program.text())?;
        if !words.first().is_some_and(|word| word.text().starts_with('-')) {
            return None;
        }
        let program = page.arg(program.text(), program.start, program.end);
        let mut args: Vec<(String, usize, usize)> = Vec::new();
        for word in words {
            let text = word.text();
            match args.last_mut() {
                // Each argument is one flag with its value, so this is what follows a blank in it.
                Some((flag, _, end)) if !text.starts_with("--") && flag.contains('=') => {
                    flag.extend(
                        said.iter().filter(|g| g.start >= *end && g.end <= word.start).map(|g| g.c),
                    );
                    flag.push_str(&text);
                    *end = word.end;
                }
                _ => args.push((text, word.start, word.end)),
            }
        }
        let marked = args
            .last()
            .is_some_and(|(text, ..)| text.ends_with("...") || text.ends_with(['…', '>']));
        let last = args.len().saturating_sub(1);
        let args = args.into_iter().enumerate().map(|(index, (text, start, end))| -> Arg {
            if index == last && (marked || !*closed) {
                let why = "the line was cut here".to_owned();
                return page.unresolved(String::new(), start, end, why);
            }
            page.arg(text, start, end)
        });
        Some(CommandLine::of_words(component, program, args.collect()))
    }
}

/// The message in a line of JSON, as journald (`MESSAGE`) and Docker (`log`) write it. Of journald's
/// fields those that begin with `_` are the kernel's word: somebody else's line is nobody's here.
fn of_json(line: Line<'_>) -> Option<(Writer, Vec<Glyph>)> {
    if !line.text.trim_start().starts_with('{') {
        return None;
    }
    let document = yaml::parse(line.text).into_iter().next()?.ok()?;
    let root = &document.root;
    let field = |name: &str| root.get(name).and_then(Node::as_str).map(str::to_owned);
    let node = root.get("MESSAGE").or_else(|| root.get("log"))?;
    let raw = line.text.get(node.span.start.offset()..node.span.end.offset())?;
    let inner = glyphs(raw.strip_prefix('"')?, line.start + node.span.start.offset() + 1);
    let unit = field("_SYSTEMD_UNIT");
    let foreign = unit.as_deref().is_some_and(|unit| !writer::is_own(unit))
        || field("_UID").is_some_and(|uid| uid != "0");
    let identifier = field("SYSLOG_IDENTIFIER").or(unit);
    let writer = Writer {
        host: field("_HOSTNAME"),
        identifier: if foreign { Some("?".to_owned()) } else { identifier },
        pid: field("_PID").or_else(|| field("SYSLOG_PID")),
    };
    Some((writer, trim(&unescaped(&inner).0).to_vec()))
}

/// What is before the message in `time="…" level=info msg="…"`.
fn before_logrus(line: &str) -> Option<&str> {
    let rest = match line.strip_prefix("time=\"") {
        Some(time) => time.split_once("\" ")?.1,
        None => line,
    };
    let (level, rest) = rest.strip_prefix("level=")?.split_once(' ')?;
    let message = rest.strip_prefix("msg=\"")?;
    let plain = level.bytes().all(|byte| byte.is_ascii_lowercase());
    line.get(..line.len() - message.len()).filter(|_| plain)
}

/// What is before the message in `I0102 03:04:05.123456       1 server.go:64] …`, and in
/// `INFO[0001] …`, which logrus writes to a terminal.
fn before_klog(line: &str) -> Option<&str> {
    let (before, message) = line.split_once("] ")?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let klog = before.starts_with(['I', 'W', 'E', 'F'])
        && before.get(1..5).is_some_and(digits)
        && before.rsplit_once(':').is_some_and(|(_, line)| digits(line))
        && before.split_whitespace().count() == 4;
    let logrus = before.split_once('[').is_some_and(|(level, seconds)| {
        level.len() == 4 && level.bytes().all(|b| b.is_ascii_uppercase()) && digits(seconds)
    });
    line.get(..line.len() - message.len()).filter(|_| klog || logrus)
}

/// Without the colours that logrus writes to a terminal.
fn without_colour(line: Vec<Glyph>) -> Vec<Glyph> {
    if !line.iter().any(|glyph| glyph.c == '\u{1b}') {
        return line;
    }
    let mut in_escape = false;
    let kept = line.into_iter().filter(|glyph| {
        let was = in_escape;
        in_escape = glyph.c == '\u{1b}' || was && glyph.c != 'm';
        !in_escape && !was
    });
    kept.collect()
}

/// The characters up to the closing quote, escapes of Go and JSON undone, and whether it is there.
fn unescaped(glyphs: &[Glyph]) -> (Vec<Glyph>, bool) {
    let (mut out, mut rest) = (Vec::with_capacity(glyphs.len()), glyphs);
    while let Some((glyph, tail)) = rest.split_first() {
        rest = tail;
        if glyph.c == '"' {
            return (out, true);
        }
        let Some((next, after)) = tail.split_first().filter(|_| glyph.c == '\\') else {
            out.push(*glyph);
            continue;
        };
        rest = after;
        let digits = match next.c {
            'u' => 4,
            'x' => 2,
            _ => 0,
        };
        let code = after.get(..digits).filter(|_| digits > 0);
        let code = code.and_then(|code| u32::from_str_radix(&text(code), 16).ok());
        let (c, end) = match (code.and_then(char::from_u32), next.c) {
            (Some(c), _) => {
                rest = after.get(digits..).unwrap_or_default();
                (c, after.get(digits - 1).map_or(next.end, |last| last.end))
            }
            (None, 'n') => ('\n', next.end),
            (None, 't') => ('\t', next.end),
            (None, 'r') => ('\r', next.end),
            (None, c) => (c, next.end),
        };
        out.push(Glyph { c, start: glyph.start, end });
    }
    (out, false)
}
