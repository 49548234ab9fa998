//! kubelite of MicroK8s runs the components in itself. Its arguments name the files that hold the components'
//! own, and whether it runs the control plane.
//!
//! Source: microk8s `build-scripts/components/kubernetes/patches` (`cmd/kubelite`),
//! `microk8s-resources/wrappers/run-kubelite-with-args`.

use std::borrow::Cow;

use super::{Within, text};
use crate::component::Component;
use crate::document::host::{Page, list_of};
use crate::document::{Format, Found};
use crate::source::{Files, Unread};

/// The options that give kubelite the files of its components' arguments.
const LISTS: [(&str, Component); 4] = [
    ("--apiserver-args-file", Component::KubeApiserver),
    ("--controller-manager-args-file", Component::KubeControllerManager),
    ("--scheduler-args-file", Component::KubeScheduler),
    ("--kubelet-args-file", Component::Kubelet),
];

/// Whether a worker's arguments leave the control plane out.
const CONTROL_PLANE: &str = "--start-control-plane";

/// What kubelite's arguments say that it runs.
#[derive(Debug)]
pub(super) struct Kubelite {
    /// The file of arguments of each component, as pflag reads them: behind `=` or in the next word, and the
    /// last one counts.
    lists: Vec<(Component, String)>,
    worker: bool,
}

impl Kubelite {
    pub(super) fn of(argv: &[Vec<u8>]) -> Self {
        let mut words = argv.iter().skip(1).map(|word| String::from_utf8_lossy(word));
        let (mut lists, mut worker) = (Vec::<(Component, String)>::new(), false);
        while let Some(word) = words.next() {
            let (name, value) = word.split_once('=').unzip();
            let name = name.unwrap_or(&word);
            if name == CONTROL_PLANE {
                worker = value.is_some_and(|value| {
                    matches!(value, "false" | "0" | "f" | "F" | "FALSE" | "False")
                });
            }
            let Some((_, component)) = LISTS.iter().find(|(option, _)| *option == name) else {
                continue;
            };
            let path = value.map(str::to_owned).or_else(|| words.next().map(Cow::into_owned));
            lists.retain(|(other, _)| other != component);
            lists.extend(path.filter(|path| !path.is_empty()).map(|path| (*component, path)));
        }
        Self { lists, worker }
    }

    /// The command lines of those of its components that are wanted, by the files it sees.
    pub(super) fn read(&self, files: &Files, wants: impl Fn(Component) -> bool) -> Within {
        let mut within = Within::default();
        let mut unnamed = Vec::new();
        let runs = |component| component == Component::Kubelet || !self.worker;
        for (option, component) in LISTS.into_iter().filter(|(_, it)| runs(*it) && wants(*it)) {
            within.runs.push(component);
            match self.lists.iter().find(|(named, _)| *named == component) {
                Some((_, path)) => match one_list(component, path, files) {
                    Ok(found) => within.found.push(found),
                    Err(why) => within.problems.push(why),
                },
                None => unnamed.push(option),
            }
        }
        if !unnamed.is_empty() {
            within.problems.push(format!(
                "kubelite runs the components in itself, and its arguments name no file of theirs \
                 ({}): check the files in its args folder by name",
                unnamed.join(", ")
            ));
        }
        within
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
