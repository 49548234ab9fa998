//! Log lines in which k3s and RKE2 say what they run: `Running kube-apiserver --…`.
//!
//! The arguments are joined by one blank, in Go's quoting inside `msg="…"`, perhaps inside the JSON of
//! Docker or of journald. Anybody can write such words into a log, so a line counts only if it is
//! k3s' or RKE2's own and its message begins with them; and a start takes the place of an earlier one
//! only if the same process writes it, or if the program was started again in between.
//! Source: k3s `pkg/daemons/control/server.go`, `pkg/daemons/config/types.go`.

mod message;
mod writer;

use super::page::Page;
use crate::command_line::CommandLine;
use crate::component::Component;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Contents, Format, Found};
use crate::version::{KubernetesVersion, Minor, VersionOrigin};
use writer::Writer;

/// A start that is in force as far as the log goes.
struct Start {
    writer: Writer,
    line: CommandLine,
}

/// What a log says.
#[derive(Default)]
struct Log {
    starts: Vec<Start>,
    /// The release of each process that says so.
    releases: Vec<(Writer, KubernetesVersion)>,
    /// The lines, from 1, that hold such words and are nobody's who may say them.
    foreign: Vec<(usize, usize)>,
}

/// The command lines of a log; `None` if it tells none.
pub(in crate::document) fn read(page: &Page<'_>) -> Option<Contents> {
    if !page.text.contains("Running ") {
        return None;
    }
    // Where lines name their process, one that does not is the rest of somebody's message.
    let is_named = page.lines().any(|line| writer::names_process(line.text));
    let mut log = Log::default();
    for line in page.lines() {
        if !["Running ", "Starting "].iter().any(|word| line.text.contains(word)) {
            continue;
        }
        let (writer, message) = message::read(line);
        let is_own = writer.is_own() && (writer.pid.is_some() || !is_named);
        let started = if is_own { message.running(page) } else { None };
        match started {
            Some(started) => log.start(writer, started),
            None if names_a_start(line.text) => {
                log.foreign.push((line.start, line.start + line.text.len()));
            }
            None => {
                if let Some(minor) = distribution(&message.text()).filter(|_| is_own) {
                    log.restart(writer, minor);
                }
            }
        }
    }
    let found = log.found(page);
    (!found.is_empty()).then(|| Contents { found, ..Contents::default() })
}

impl Log {
    /// A program begins: what it ran before has ended.
    fn restart(&mut self, writer: Writer, minor: Minor) {
        self.starts.retain(|start| !same_program(&start.writer, &writer));
        self.releases.retain(|(known, _)| !same_program(known, &writer));
        self.releases.push((writer, KubernetesVersion { minor, from: VersionOrigin::Field }));
    }

    fn start(&mut self, writer: Writer, mut line: CommandLine) {
        let release = self.releases.iter().find(|(known, _)| *known == writer);
        line.version = release.map(|(_, version)| *version);
        // Without a process id nothing says that it is the same process.
        let replaced = |start: &Start| {
            writer.pid.is_some() && start.writer == writer && start.line.component == line.component
        };
        self.starts.retain(|start| !replaced(start));
        self.starts.push(Start { writer, line });
    }

    fn found(mut self, page: &Page<'_>) -> Vec<Found> {
        self.starts.sort_by_key(|start| start.line.component);
        let names: Vec<Option<String>> =
            self.starts.iter().map(|start| name(start, &self.starts)).collect();
        let warning = foreign(&self.foreign, page);
        let named = self.starts.into_iter().zip(names).enumerate();
        let found = named.map(|(document, (start, name))| {
            let line = CommandLine { name, ..start.line };
            let diagnostics = warning.iter().cloned().collect();
            Found { document, format: Format::Journal, line, diagnostics }
        });
        found.collect()
    }
}

/// Whether two lines are of one program of one host, whichever process it was.
fn same_program(one: &Writer, other: &Writer) -> bool {
    (&one.host, &one.identifier) == (&other.host, &other.identifier)
}

/// The host; with program and process only where the host has several starts of the component, because
/// the process changes whenever the program is started again.
fn name(start: &Start, all: &[Start]) -> Option<String> {
    let Writer { host, identifier, pid } = &start.writer;
    let twins = all
        .iter()
        .filter(|other| other.writer.host == *host && other.line.component == start.line.component);
    let program = identifier.as_ref().filter(|_| twins.count() > 1).map(|identifier| {
        let pid = pid.as_ref().map(|pid| format!("[{pid}]")).unwrap_or_default();
        format!("{identifier}{pid}")
    });
    let parts: Vec<&str> = host.iter().chain(&program).map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// What there is to say about lines that only quote a start.
fn foreign(lines: &[(usize, usize)], page: &Page<'_>) -> Option<Diagnostic> {
    let (start, end) = *lines.first()?;
    let message = match lines.len() {
        1 => "a line of the log quotes the start of a server and is skipped: it is no message of \
              k3s or RKE2 itself"
            .to_owned(),
        count => format!(
            "{count} lines of the log quote the start of a server and are skipped: they are no \
             messages of k3s or RKE2 itself"
        ),
    };
    Some(Diagnostic::new(Code::QuotedStart, message, Some(page.location(start, end))))
}

/// Whether a line holds the words that start a component, whoever says them.
fn names_a_start(line: &str) -> bool {
    let mut parts = line.split("Running ").skip(1);
    parts.any(|part| {
        let (program, rest) = part.split_once(' ').unwrap_or((part, ""));
        Component::from_name(program).is_some() && rest.starts_with('-')
    })
}

/// `Starting k3s v1.30.4+k3s1 (…)`.
fn distribution(message: &str) -> Option<Minor> {
    let names = ["Starting k3s ", "Starting rke2 "];
    let rest = names.iter().find_map(|name| message.strip_prefix(name))?;
    rest.split([' ', '"', '\\']).next()?.parse().ok()
}
