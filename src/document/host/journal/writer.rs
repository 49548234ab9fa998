//! Who wrote a line of a log: the prefix that syslog, journalctl and container runtimes put before it.
//!
//! The prefix is the only part of a line that its author does not choose, so the message is looked for
//! behind it and nowhere else.

use crate::document::host::page::{Glyph, text};

/// Who wrote a line, as far as the log says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Writer {
    pub(super) host: Option<String>,
    /// The program's name for syslog.
    pub(super) identifier: Option<String>,
    pub(super) pid: Option<String>,
}

/// Names under which k3s and RKE2 log, as programs and as units.
const OWN: [&str; 6] = ["k3s", "k3s-server", "k3s-agent", "rke2", "rke2-server", "rke2-agent"];

impl Writer {
    /// Whether it is k3s or RKE2. A log without names is believed: it holds one program's lines.
    pub(super) fn is_own(&self) -> bool {
        self.identifier.as_deref().is_none_or(is_own)
    }
}

/// Whether a program or a unit is k3s or RKE2.
pub(super) fn is_own(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    OWN.contains(&name.strip_suffix(".service").unwrap_or(name))
}

/// Whether a line names the process that wrote it.
pub(super) fn names_process(line: &str) -> bool {
    split_text(line).0.pid.is_some()
}

/// A line's writer and its message.
pub(super) fn split(line: &[Glyph]) -> (Writer, &[Glyph]) {
    let whole = text(line);
    let (writer, message) = split_text(&whole);
    let before = whole.get(..whole.len() - message.len()).unwrap_or_default().chars().count();
    (writer, line.get(before..).unwrap_or_default())
}

fn split_text(line: &str) -> (Writer, &str) {
    let line = line.trim_start();
    if let Some(split) = of_container(line) {
        return split;
    }
    let (rest, is_stamped) = match behind_stamp(line) {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    for stream in ["stdout F ", "stderr F "] {
        if let Some(message) = rest.strip_prefix(stream) {
            return (Writer::default(), message);
        }
    }
    let Some((first, behind)) = rest.split_once(' ') else { return (Writer::default(), rest) };
    if let Some((identifier, pid)) = program(first).filter(|(_, pid)| is_stamped || pid.is_some()) {
        let writer = Writer { host: None, identifier: Some(identifier), pid };
        return (writer, behind.trim_start());
    }
    let second = behind.split_once(' ').filter(|_| is_stamped);
    if let Some(((identifier, pid), message)) =
        second.and_then(|(second, message)| Some((program(second)?, message)))
    {
        let host = Some(first.to_owned());
        return (Writer { host, identifier: Some(identifier), pid }, message.trim_start());
    }
    (Writer::default(), rest)
}

/// `server-1  | …` of Docker Compose and `[pod/NAME/CONTAINER] …` of `kubectl logs --prefix`.
fn of_container(line: &str) -> Option<(Writer, &str)> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let (name, rest) = match line.strip_prefix("[pod/") {
        Some(pod) => pod.split_once("] ")?,
        None => line.split_once("| ")?,
    };
    let name = name.trim_end();
    let is_name = !name.is_empty() && name.chars().all(plain);
    let rest = behind_stamp(rest).unwrap_or(rest);
    is_name.then(|| (Writer { host: Some(name.to_owned()), ..Writer::default() }, rest))
}

/// `k3s[812]:`, with or without a process id.
fn program(word: &str) -> Option<(String, Option<String>)> {
    let word = word.strip_suffix(':')?;
    let (name, pid) = match word.strip_suffix(']').and_then(|word| word.split_once('[')) {
        Some((name, pid)) => (name, Some(pid)),
        None => (word, None),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_./@()".contains(c);
    let good = !name.is_empty() && name.chars().all(is_name);
    let good = good && pid.is_none_or(|pid| pid.bytes().all(|byte| byte.is_ascii_digit()));
    good.then(|| (name.to_owned(), pid.map(str::to_owned)))
}

/// What is behind the time of a line, in the spellings of syslog, journalctl and container runtimes.
fn behind_stamp(line: &str) -> Option<&str> {
    // Seconds since the start, as journalctl and the kernel print them.
    if let Some((seconds, rest)) = line.strip_prefix('[').and_then(|line| line.split_once("] ")) {
        return is_number(seconds.trim()).then_some(rest);
    }
    let (first, rest) = word(line)?;
    if is_number(first) && first.contains('.') || is_date(first) && first.contains('T') {
        return Some(rest);
    }
    let (second, behind) = word(rest)?;
    if is_date(first) && is_time(second) {
        return Some(behind);
    }
    let (third, rest) = word(behind)?;
    if is_name(first) && second.bytes().all(|byte| byte.is_ascii_digit()) && is_time(third) {
        return Some(rest);
    }
    // `Thu 2025-01-02 03:04:05 UTC`
    let whole = is_name(first) && is_date(second) && is_time(third);
    word(rest).filter(|_| whole).map(|(_, rest)| rest)
}

/// The first word, and what is behind the blanks after it.
fn word(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.split_once(' ')?;
    Some((word, rest.trim_start_matches(' ')))
}

/// Of a month or a day of the week.
fn is_name(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn is_date(word: &str) -> bool {
    let mut parts = word.splitn(3, '-');
    let year = parts.next().is_some_and(|year| year.len() == 4 && is_number(year));
    year && parts.next().is_some_and(|month| month.len() == 2 && is_number(month))
}

fn is_time(word: &str) -> bool {
    let mut parts = word.split(':');
    let good = parts.by_ref().take(2).all(|part| part.len() == 2 && is_number(part));
    good && parts.next().is_some_and(|second| second.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{Writer, split_text};

    #[test]
    fn the_writer_of_a_line_is_read_in_every_format() {
        let message = "time=\"x\" level=info msg=\"Running etcd --a: b\"";
        let cases = [
            ("Jan 02 03:04:05 node1 k3s[812]: ", "node1 k3s 812"),
            ("Jan  2 03:04:05 node1 k3s[812]: ", "node1 k3s 812"),
            ("Jan 02 03:04:05.123456 node1 k3s[812]: ", "node1 k3s 812"),
            ("Jan 02 03:04:05 k3s[812]: ", "- k3s 812"),
            ("Jan 02 03:04:05 node1 k3s: ", "node1 k3s -"),
            ("2025-01-02T03:04:05+0000 node1 rke2[7]: ", "node1 rke2 7"),
            ("2025-01-02T03:04:05.123456+00:00 node1 k3s[812]: ", "node1 k3s 812"),
            ("Thu 2025-01-02 03:04:05 UTC node1 k3s[812]: ", "node1 k3s 812"),
            ("Thu 2025-01-02 03:04:05 UTC node1 k3s.service[812]: ", "node1 k3s.service 812"),
            ("1735787045.123456 node1 k3s[812]: ", "node1 k3s 812"),
            ("[   12.345678] node1 k3s[812]: ", "node1 k3s 812"),
            ("Jan 02 03:04:05 node1 sshd[9]: Invalid user ", "node1 sshd 9"),
            ("k3s[812]: ", "- k3s 812"),
            ("", "- - -"),
            ("2025-01-02T03:04:05.678901234Z ", "- - -"),
            ("2025-01-02T03:04:05.678901234Z stderr F ", "- - -"),
            ("2025-01-02 03:04:05 ", "- - -"),
            ("server-1  | ", "server-1 - -"),
            ("server-1  | 2025-01-02T03:04:05.6Z ", "server-1 - -"),
            ("[pod/k3s-0/server] ", "k3s-0/server - -"),
        ];
        for (prefix, expected) in cases {
            let line = format!("{prefix}{message}");
            let (Writer { host, identifier, pid }, rest) = split_text(&line);
            let said = [host, identifier, pid].map(|part| part.unwrap_or_else(|| "-".to_owned()));
            assert_eq!(said.join(" "), expected, "{prefix}");
            assert!(rest.ends_with(message), "{prefix}");
            assert_eq!(rest == message, !prefix.contains("Invalid"), "{prefix}: {rest}");
        }
    }
}
