//! Programs that run several components in themselves, where no process of the component is to be seen:
//! k3s, and kubelite of MicroK8s.
//!
//! kubelite's arguments name the files that hold the components' own. k3s hides its arguments, so its
//! configuration on disk is read in their place, and only its log has the whole of them.

use super::host::{Page, list_of};
use super::start::basename;
use super::{Format, Found, read_together};
use crate::command_line::{Arg, Certainty, Location};
use crate::component::Component;
use crate::source::process::Process;
use crate::source::{Files, NamedBytes, Unread};
use std::borrow::Cow;
use std::sync::Arc;

/// A process that runs components in itself.
#[derive(Debug)]
pub struct Embedder {
    /// The process.
    pub pid: u32,
    /// Its executable.
    pub exe: Option<String>,
    program: Program,
}

#[derive(Debug)]
enum Program {
    K3s,
    /// The file of arguments of each component.
    Kubelite(Vec<(Component, String)>),
}

/// The options that give kubelite the files of its components' arguments. Source: microk8s
/// `build-scripts/components/kubernetes/patches` (`cmd/kubelite`).
const KUBELITE: [(&str, Component); 4] = [
    ("--apiserver-args-file", Component::KubeApiserver),
    ("--controller-manager-args-file", Component::KubeControllerManager),
    ("--scheduler-args-file", Component::KubeScheduler),
    ("--kubelet-args-file", Component::Kubelet),
];

/// Where k3s is configured.
const K3S: &str = "/etc/rancher/k3s/config.yaml";

/// What is to be done where k3s cannot be told from outside.
const ITS_LOG: &str = "its log tells: journalctl -u k3s | plimsoll check -";

/// The processes that run components in themselves.
pub fn embedders(processes: &[Process]) -> Vec<Embedder> {
    processes.iter().filter_map(embedder).collect()
}

fn embedder(process: &Process) -> Option<Embedder> {
    let argv = process.argv.as_ref().ok()?;
    let mut words = argv.iter().map(|word| String::from_utf8_lossy(word));
    // k3s rewrites its arguments into one: `/usr/local/bin/k3s server`.
    let first = words.next()?;
    let (first, mode) = match first.split_once(' ') {
        Some((first, rest)) => (first, rest.split(' ').next().map(Cow::from)),
        None => (&*first, words.next()),
    };
    let exe = process.exe.as_ref().map(|exe| exe.display().to_string());
    let program = match basename(exe.as_deref().unwrap_or(first)) {
        "k3s" if mode.as_deref() == Some("server") => Program::K3s,
        "kubelite" => Program::Kubelite(lists(argv)),
        _ => return None,
    };
    Some(Embedder { pid: process.pid, exe, program })
}

/// The lists that kubelite's arguments name, as pflag reads them: behind `=` or in the next word, and the
/// last one counts.
fn lists(argv: &[Vec<u8>]) -> Vec<(Component, String)> {
    let mut words = argv.iter().skip(1).map(|word| String::from_utf8_lossy(word));
    let mut lists: Vec<(Component, String)> = Vec::new();
    while let Some(word) = words.next() {
        let (name, value) = word.split_once('=').unzip();
        let name = name.unwrap_or(&word);
        let Some((_, component)) = KUBELITE.iter().find(|(option, _)| *option == name) else {
            continue;
        };
        let path = value.map(str::to_owned).or_else(|| words.next().map(Cow::into_owned));
        lists.retain(|(other, _)| other != component);
        lists.extend(path.filter(|path| !path.is_empty()).map(|path| (*component, path)));
    }
    lists
}

impl Embedder {
    /// The command lines of those of its components that are wanted, by the files it sees, and the reasons
    /// why others cannot be read.
    pub fn read(
        &self,
        files: &Files,
        wants: impl Fn(Component) -> bool,
    ) -> (Vec<Found>, Vec<String>) {
        match &self.program {
            Program::K3s => self.k3s(files),
            Program::Kubelite(lists) if lists.is_empty() => {
                let options = KUBELITE.map(|(option, _)| option).join(", ");
                let why = format!(
                    "kubelite runs the components in itself, and its arguments name no file of \
                     theirs ({options}): check the files in its args folder by name"
                );
                (Vec::new(), vec![why])
            }
            Program::Kubelite(lists) => {
                let wanted = lists.iter().filter(|(component, _)| wants(*component));
                let read = wanted.map(|(component, path)| one_list(*component, path, files));
                let (good, bad): (Vec<_>, Vec<_>) = read.partition(Result::is_ok);
                (
                    good.into_iter().flatten().collect(),
                    bad.into_iter().filter_map(Result::err).collect(),
                )
            }
        }
    }

    fn k3s(&self, files: &Files) -> (Vec<Found>, Vec<String>) {
        let parts = match files.list(&format!("{K3S}.d")) {
            Ok(parts) => parts,
            Err(Unread::Missing(_)) => Vec::new(),
            Err(Unread::Elsewhere(why) | Unread::Failed(why)) => return (Vec::new(), vec![why]),
        };
        let parts = parts.into_iter().filter(|path| {
            let lower = path.to_ascii_lowercase();
            [".yaml", ".yml"].iter().any(|ending| lower.ends_with(ending))
        });
        let mut texts = Vec::new();
        for path in [K3S.to_owned()].into_iter().chain(parts) {
            match files.read(&path).map(|file| text(&file)) {
                Ok(Ok(text)) => texts.push(text),
                Ok(Err(why)) => return (Vec::new(), vec![why]),
                Err(Unread::Missing(_)) => {}
                Err(Unread::Elsewhere(why) | Unread::Failed(why)) => {
                    return (Vec::new(), vec![why]);
                }
            }
        }
        let Some(mut found) = read_together(&texts).filter(|found| !found.is_empty()) else {
            let why =
                format!("k3s runs the API server in itself and hides its arguments; {ITS_LOG}");
            return (Vec::new(), vec![why]);
        };
        for one in &mut found {
            // Arguments come after the configuration, and the last one counts.
            one.line.args.push(Arg {
                text: String::new(),
                location: Location::Process { pid: self.pid, argument: 0 },
                certainty: Certainty::Unresolved(format!(
                    "k3s hides the arguments it was started with; {ITS_LOG}"
                )),
                added_by: None,
            });
            one.line.name = Some("in k3s, by its configuration on disk".to_owned());
        }
        (found, Vec::new())
    }
}

/// The command line that a file of arguments makes for a component of kubelite.
fn one_list(component: Component, path: &str, files: &Files) -> Result<Found, String> {
    let (text, name) = match files.read(path) {
        Ok(file) => text(&file)?,
        Err(Unread::Elsewhere(why) | Unread::Failed(why) | Unread::Missing(why)) => {
            return Err(why);
        }
    };
    if files.are_foreign()
        && let Some(line) = first_line_without_flag(&text)
    {
        return Err(format!(
            "{name}: line {line} is not a flag. Plimsoll does not show it, because the process \
             that names the file is not root's; check the file by name"
        ));
    }
    let mut line = list_of(component, &Page::new(&text, &name));
    line.name = Some(format!("in kubelite, by {path}"));
    Ok(Found { document: 0, format: Format::ArgsFile, line, diagnostics: Vec::new() })
}

/// The first line of a list that is neither one word that begins as a flag does, nor a comment, nor empty.
fn first_line_without_flag(text: &str) -> Option<usize> {
    let is_flag = |word: &str| {
        let name = word.trim_start_matches(['"', '\'']).strip_prefix("--");
        name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    let fits = |line: &str| {
        let mut words = line.split_whitespace();
        match words.next() {
            None => true,
            Some(first) => first.starts_with('#') || is_flag(first) && words.next().is_none(),
        }
    };
    text.lines().position(|line| !fits(line)).map(|line| line + 1)
}

fn text(file: &NamedBytes) -> Result<(String, Arc<str>), String> {
    match String::from_utf8(file.bytes.clone()) {
        Ok(text) => Ok((text, file.name.clone())),
        Err(_) => Err(format!("{} is not UTF-8", file.name)),
    }
}
