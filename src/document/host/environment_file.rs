//! Files of variables that units and scripts fill into a command line, such as
//! `/etc/kubernetes/apiserver` and `/etc/default/kubelet`.
//!
//! The unit decides which variables are used, in which order, and what else there is: what is not
//! set here may be set there. Source: systemd `src/basic/env-file.c`.

use std::collections::HashMap;

use super::page::{Glyph, Page, text};
use super::unit_environment::Environment;
use super::words::{Quoting, Word, split};
use crate::command_line::{Arg, Certainty, CommandLine, Variable};
use crate::component::Component;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::own_flags::owner;
use crate::document::{Contents, Format, Found};

/// What variables' names begin with, and the component that it tells.
const NAMES: [(&str, Component); 14] = [
    ("KUBE_API_", Component::KubeApiserver),
    ("KUBE_APISERVER", Component::KubeApiserver),
    ("KUBERNETES_API", Component::KubeApiserver),
    ("APISERVER_", Component::KubeApiserver),
    ("KUBE_ETCD_SERVERS", Component::KubeApiserver),
    ("KUBE_SERVICE_ADDRESSES", Component::KubeApiserver),
    ("KUBE_ADMISSION_CONTROL", Component::KubeApiserver),
    ("KUBE_CONTROLLER_MANAGER", Component::KubeControllerManager),
    ("CONTROLLER_MANAGER_", Component::KubeControllerManager),
    ("KUBE_SCHEDULER", Component::KubeScheduler),
    ("SCHEDULER_", Component::KubeScheduler),
    ("ETCD_", Component::Etcd),
    ("KUBELET", Component::Kubelet),
    ("KUBE_KUBELET", Component::Kubelet),
];

/// Variables that only a server of etcd reads; others are meant for its clients too.
const OF_ETCD: [&str; 8] = [
    "ETCD_ADVERTISE_CLIENT_URLS",
    "ETCD_CLIENT_CERT_AUTH",
    "ETCD_DATA_DIR",
    "ETCD_INITIAL_ADVERTISE_PEER_URLS",
    "ETCD_INITIAL_CLUSTER",
    "ETCD_LISTEN_CLIENT_URLS",
    "ETCD_LISTEN_PEER_URLS",
    "ETCD_PEER_CLIENT_CERT_AUTH",
];

/// Variables of `/etc/kubernetes/config`, which every component's unit uses.
const SHARED: [&str; 4] = ["KUBE_LOGTOSTDERR", "KUBE_LOG_LEVEL", "KUBE_ALLOW_PRIV", "KUBE_MASTER"];

/// Why a flag that is not here may be set all the same.
const UNIT: &str = "the unit that uses these variables may give more";

/// A variable with the characters of its value.
#[derive(Default)]
struct Assignment {
    name: String,
    value: Vec<Glyph>,
    /// Where it begins.
    start: usize,
    /// Why it is not known that it counts.
    doubt: Option<String>,
    /// Whether a unit gives it, where a percent sign is special and a dollar sign is not.
    of_unit: bool,
}

impl Assignment {
    /// What is filled in where the variable is read, if anything.
    fn filled_in(&self, text: &str) -> Option<String> {
        let (sign, why) = if self.of_unit {
            ('%', "systemd fills in specifiers")
        } else {
            ('$', "a shell fills in its variables, and systemd leaves them as they stand")
        };
        text.contains(sign).then(|| why.to_owned())
    }
}

/// The command lines that the variables go into; `None` if the text is no such file.
pub(in crate::document) fn read(page: &Page<'_>) -> Option<Contents> {
    let names = NAMES.iter().map(|(name, _)| *name).chain(["ARGS", "OPTS"]);
    if !names.into_iter().any(|name| page.text.contains(name)) {
        return None;
    }
    let (assignments, strays) = assignments(page);
    if assignments.is_empty() || strays.len() > assignments.len() {
        return None;
    }
    let mut found = Vec::new();
    for component in Component::ALL {
        let Some(line) = command_line(component, &assignments, page) else { continue };
        let stray = |(start, end): &(usize, usize)| {
            let message = "this line is no assignment: systemd ignores it".to_owned();
            Diagnostic::new(Code::IgnoredLine, message, Some(page.location(*start, *end)))
        };
        let diagnostics = strays.iter().map(stray).collect();
        let document = found.len();
        found.push(Found { document, format: Format::EnvironmentFile, line, diagnostics });
    }
    (!found.is_empty()).then(|| Contents { found, ..Contents::default() })
}

/// What a drop-in gives to commands of units that are elsewhere.
pub(super) fn drop_in(environment: &Environment, page: &Page<'_>) -> Vec<Found> {
    let assignment = |(name, value): &(String, Vec<Glyph>)| {
        let start = value.first().map_or(0, |first| first.start);
        let doubt = environment.file_wins(name);
        Assignment { name: name.clone(), value: value.clone(), start, doubt, of_unit: true }
    };
    let variables = environment.assigned();
    let assignments: Vec<Assignment> = variables.iter().map(assignment).collect();
    let lines = Component::ALL.into_iter();
    let lines = lines.filter_map(|component| command_line(component, &assignments, page));
    let found = lines.enumerate().map(|(document, line)| {
        let diagnostics = Vec::new();
        Found { document, format: Format::Systemd, line, diagnostics }
    });
    found.collect()
}

/// What the file gives one component.
fn command_line(
    component: Component,
    assignments: &[Assignment],
    page: &Page<'_>,
) -> Option<CommandLine> {
    let mut lists: Vec<Vec<Arg>> = Vec::new();
    let mut environment: Vec<Variable> = Vec::new();
    let (mut own, mut place) = (false, None);
    // The last assignment of a name counts.
    let numbered = assignments.iter().enumerate();
    let last: HashMap<&str, usize> = numbered.map(|(at, it)| (it.name.as_str(), at)).collect();
    for (index, assignment) in assignments.iter().enumerate() {
        if last.get(assignment.name.as_str()) != Some(&index) {
            continue;
        }
        let args = arguments(assignment, page);
        let flags = args.first().is_some_and(|arg| arg.text.starts_with('-'));
        let shared = SHARED.contains(&assignment.name.as_str()) && component != Component::Etcd;
        let owned = component_of(&assignment.name, &args) == Some(component);
        if owned && !flags && assignment.name.starts_with("ETCD_") {
            environment.push(variable(assignment, page));
            own |= OF_ETCD.contains(&assignment.name.as_str());
        } else if !flags || !(owned || shared) {
            continue;
        } else {
            lists.push(args);
            own |= owned;
        }
        place.get_or_insert(assignment.start);
    }
    let start = place.filter(|_| own)?;
    let open = page.unresolved(String::new(), start, start, UNIT.to_owned());
    let program = page.arg(component.name().to_owned(), start, start);
    let args = [open].into_iter().chain(merged(lists)).collect();
    Some(CommandLine { environment, ..CommandLine::of_words(component, program, args) })
}

/// The arguments of all variables. Of a flag in two of them the unit decides which comes last.
fn merged(lists: Vec<Vec<Arg>>) -> Vec<Arg> {
    let name = |arg: &Arg| {
        let name = arg.text.strip_prefix('-').map(|text| text.trim_start_matches('-'));
        name.and_then(|name| name.split('=').next()).map(|name| name.replace('_', "-"))
    };
    // The first and the last list in which a flag stands.
    let mut standing: HashMap<String, (usize, usize)> = HashMap::new();
    for (index, list) in lists.iter().enumerate() {
        for name in list.iter().filter_map(name) {
            standing.entry(name).or_insert((index, index)).1 = index;
        }
    }
    let mut out = Vec::new();
    for list in lists {
        for mut arg in list {
            let twice = name(&arg)
                .is_some_and(|name| standing.get(&name).is_some_and(|(first, last)| first != last));
            if twice && arg.certainty == Certainty::Known {
                let why = "another variable sets the flag too: the unit decides which one counts";
                arg.certainty = Certainty::Unresolved(why.to_owned());
            }
            out.push(arg);
        }
    }
    out
}

/// The component that a variable belongs to.
fn component_of(name: &str, args: &[Arg]) -> Option<Component> {
    // The API server's file has KUBELET_PORT too, for a flag of its own.
    if args.iter().any(|arg| arg.text.starts_with("--kubelet-port")) {
        return Some(Component::KubeApiserver);
    }
    let named = NAMES.iter().find(|(part, _)| name.starts_with(part));
    let known = named.map(|(_, component)| *component);
    known.or_else(|| owner(args).filter(|_| !SHARED.contains(&name)))
}

/// The words of a value, as systemd makes them of a variable that stands alone.
fn arguments(assignment: &Assignment, page: &Page<'_>) -> Vec<Arg> {
    let words = split(&assignment.value, Quoting::Variable).unwrap_or_default();
    let one = |word: &Word| {
        let text = word.text();
        match assignment.doubt.clone().or_else(|| assignment.filled_in(&text)) {
            Some(why) => page.unresolved(text, word.start, word.end, why),
            None => page.arg(text, word.start, word.end),
        }
    };
    words.iter().map(one).collect()
}

fn variable(assignment: &Assignment, page: &Page<'_>) -> Variable {
    let start = assignment.value.first().map_or(assignment.start, |glyph| glyph.start);
    let end = assignment.value.last().map_or(start, |glyph| glyph.end);
    let text = text(&assignment.value);
    let value = match assignment.doubt.clone().or_else(|| assignment.filled_in(&text)) {
        Some(why) => page.unresolved(text, start, end, why),
        None => page.arg(text, start, end),
    };
    Variable { name: assignment.name.clone(), value }
}

/// The assignments of a file, and the lines that are none.
fn assignments(page: &Page<'_>) -> (Vec<Assignment>, Vec<(usize, usize)>) {
    let all = super::page::glyphs(page.text, 0);
    let mut rest: &[Glyph] = &all;
    let (mut assignments, mut strays) = (Vec::new(), Vec::new());
    while let Some((first, tail)) = rest.split_first() {
        if first.c.is_whitespace() || first.c == '\u{feff}' {
            rest = tail;
            continue;
        }
        let end = rest.iter().position(|glyph| glyph.c == '\n').unwrap_or(rest.len());
        let line = rest.get(..end).unwrap_or_default();
        let after = rest.get(end..).unwrap_or_default();
        if matches!(first.c, '#' | ';') {
            rest = after;
            continue;
        }
        let equals = line.iter().position(|glyph| glyph.c == '=');
        let name = equals.and_then(|at| line.get(..at)).map(text).unwrap_or_default();
        let (name, exported) = match name.trim_end().strip_prefix("export ") {
            Some(name) => (name.trim(), true),
            None => (name.trim_end(), false),
        };
        let Some(at) = equals.filter(|_| is_name(name)) else {
            strays.push((first.start, line.last().map_or(first.end, |last| last.end)));
            rest = after;
            continue;
        };
        let (value, after) = value(rest.get(at + 1..).unwrap_or_default());
        let doubt = exported
            .then(|| "a shell takes a line that begins with export, systemd ignores it".to_owned());
        assignments.push(Assignment {
            name: name.to_owned(),
            value,
            start: first.start,
            doubt,
            of_unit: false,
        });
        rest = after;
    }
    (assignments, strays)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A value without its quotes and continuations, and what follows its line. Only a quote at the
/// beginning, or behind another that is closed, is one.
fn value(glyphs: &[Glyph]) -> (Vec<Glyph>, &[Glyph]) {
    let (mut out, mut rest): (Vec<Glyph>, _) = (Vec::new(), glyphs);
    let (mut quote, mut bare) = (None, false);
    while let Some((glyph, tail)) = rest.split_first() {
        rest = tail;
        match (glyph.c, quote) {
            ('\n', None) => break,
            ('\'' | '"', None) if !bare => quote = Some(glyph.c),
            (c, Some(open)) if c == open => quote = None,
            ('\\', None | Some('"')) => {
                let crlf = tail.first().is_some_and(|next| next.c == '\r');
                let tail = if crlf { tail.get(1..).unwrap_or_default() } else { tail };
                let Some((next, after)) = tail.split_first() else { break };
                rest = after;
                bare |= quote.is_none();
                if next.c == '\n' {
                    continue;
                }
                if quote.is_some() && !matches!(next.c, '"' | '\\' | '`' | '$') {
                    out.push(*glyph);
                }
                out.push(*next);
            }
            (c, None) if c.is_whitespace() && !bare => {}
            ('\r', _) => {}
            _ => {
                bare |= quote.is_none();
                out.push(*glyph);
            }
        }
    }
    if bare && quote.is_none() {
        let end = out.iter().rposition(|glyph| !glyph.c.is_whitespace()).map_or(0, |at| at + 1);
        out.truncate(end);
    }
    (out, rest)
}
