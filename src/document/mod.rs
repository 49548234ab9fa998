//! What a text is, and the command lines it holds.
//!
//! Formats are told by their content, never by a file's name.

mod aks_engine;
mod args_file;
mod argv;
mod carrier;
mod cmdline;
mod compose;
mod declared;
mod docker;
mod environment_file;
mod gardener;
mod host;
mod image;
mod installers;
mod journal;
mod k0s;
mod k3s;
mod kind;
mod kops;
mod kubeadm;
mod kubeadm_patch;
mod kubespray;
mod mounts;
mod openshift;
mod page;
mod pod;
mod process;
mod program;
mod ps;
mod rke1;
#[cfg(test)]
mod samples;
mod shell;
mod supervisord;
mod systemd;
mod talos;
mod variables;
mod words;

pub use argv::read as from_argv;
pub use process::{Server, environment, servers};
pub use shell::words as shell_words;

use std::sync::Arc;

use crate::command_line::CommandLine;
use crate::diagnostic::Diagnostic;
use crate::yaml::{self, Node};
use carrier::Carrier;
use page::Page;

/// How a command line was carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A Pod, also one in a list.
    Pod,
    /// A pod template in a Deployment, DaemonSet, StatefulSet, Job or the like.
    Workload,
    /// kubeadm's configuration, in a file, a ConfigMap or a Cluster API object.
    Kubeadm,
    /// A kind cluster with patches of kubeadm's configuration.
    Kind,
    /// k3s' configuration.
    K3s,
    /// RKE's cluster definition.
    Rke1,
    /// RKE2's configuration.
    Rke2,
    /// k0s' configuration.
    K0s,
    /// A Talos machine configuration, or talhelper's.
    Talos,
    /// A kops cluster.
    Kops,
    /// Kubespray's variables.
    Kubespray,
    /// OpenShift's configuration of the API server.
    Openshift,
    /// A Gardener Shoot.
    Gardener,
    /// An aks-engine cluster definition.
    AksEngine,
    /// A systemd unit.
    Systemd,
    /// A file of variables, such as `/etc/kubernetes/apiserver`.
    EnvironmentFile,
    /// A file of arguments, one a line, as MicroK8s has them.
    ArgsFile,
    /// A Docker Compose file.
    Compose,
    /// supervisord's configuration.
    Supervisord,
    /// Text that `ps` printed.
    Ps,
    /// Log lines that quote a command line.
    Journal,
    /// The arguments of a process.
    Cmdline,
    /// Arguments behind `--`.
    Argv,
}

impl Format {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pod => "pod",
            Self::Workload => "workload",
            Self::Kubeadm => "kubeadm",
            Self::Kind => "kind",
            Self::K3s => "k3s",
            Self::Rke1 => "rke1",
            Self::Rke2 => "rke2",
            Self::K0s => "k0s",
            Self::Talos => "talos",
            Self::Kops => "kops",
            Self::Kubespray => "kubespray",
            Self::Openshift => "openshift",
            Self::Gardener => "gardener",
            Self::AksEngine => "aks-engine",
            Self::Systemd => "systemd",
            Self::EnvironmentFile => "environment-file",
            Self::ArgsFile => "args-file",
            Self::Compose => "compose",
            Self::Supervisord => "supervisord",
            Self::Ps => "ps",
            Self::Journal => "journal",
            Self::Cmdline => "cmdline",
            Self::Argv => "argv",
        }
    }
}

/// A command line found in a text.
#[derive(Debug)]
pub struct Found {
    /// The number of its document in the stream, from 0.
    pub document: usize,
    /// How it was carried.
    pub format: Format,
    /// The arguments.
    pub line: CommandLine,
    /// What there is to say about its carrier.
    pub diagnostics: Vec<Diagnostic>,
}

/// A part of a text that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {message}")]
pub struct Error {
    /// The text's name.
    pub path: Arc<str>,
    /// What is wrong and where.
    pub message: String,
}

/// What a text holds.
#[derive(Debug, Default)]
pub struct Contents {
    /// The command lines, in order.
    pub found: Vec<Found>,
    /// The documents that could not be read.
    pub errors: Vec<Error>,
    /// Documents that were read and start no component.
    pub others: usize,
    /// Whether the text is without doubt of a format, so that its errors matter wherever it lies.
    pub certain: bool,
}

/// Words of which one stands in every text that starts a component. The path is that of a JSON patch,
/// which need not name what it patches.
const PROGRAM_WORDS: [&str; 12] = [
    "kube",
    "etcd",
    "KUBE",
    "ETCD",
    "apiServer",
    "extraArgs",
    "k0sproject",
    "secrets-encryption",
    "cluster-init",
    "flannel-backend",
    "/spec/containers/",
    "tls-san",
];

/// Whether a text can hold a command line at all; spares reading those that cannot.
pub fn is_candidate(text: &str) -> bool {
    PROGRAM_WORDS.iter().any(|word| text.contains(word))
}

/// Whether a text means to be a Kubernetes manifest, so that not being readable matters.
pub fn claims_to_be_manifest(text: &str) -> bool {
    let says = |key: &str| {
        text.lines().any(|line| {
            let line = line.trim_start_matches([' ', '\t', '{', ',', '-', '\u{feff}']);
            let line = line.strip_prefix('"').unwrap_or(line);
            line.strip_prefix(key).is_some_and(|rest| rest.starts_with([':', '"', ' ']))
        })
    };
    says("apiVersion") || says("kind")
}

type ReadObject = fn(&Node, &Carrier<'_>, usize) -> Vec<Found>;
type ReadText = fn(&Page<'_>) -> Option<Contents>;

/// What a YAML document can be; each reads what is its own and leaves the rest. The first goes through
/// lists by itself.
const OBJECTS: [ReadObject; 15] = [
    pod::read,
    kubeadm::read,
    kubeadm_patch::read,
    kind::read,
    k3s::read,
    k0s::read,
    talos::read,
    openshift::read,
    rke1::read,
    kops::read,
    kubespray::read,
    gardener::read,
    aks_engine::read,
    installers::read,
    compose::read,
];

/// Formats that no YAML document looks like.
const MARKED: [ReadText; 3] = [cmdline::read, supervisord::read, systemd::read];

/// Formats that are told by what most of their lines are; tried where YAML holds nothing.
const LIKELY: [ReadText; 4] = [journal::read, ps::read, environment_file::read, args_file::read];

fn objects(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let mut readers = OBJECTS.iter().map(|read| read(root, carrier, document));
    let mut found = readers.find(|found| !found.is_empty()).unwrap_or_default();
    // What `kubectl get` prints; the pods and workloads of a list are read with it.
    let [_, others @ ..] = &OBJECTS;
    let list = root.get("kind").and_then(Node::as_str) == Some("List");
    for item in root.get("items").and_then(Node::items).filter(|_| list).unwrap_or_default() {
        let mut own = others.iter().map(|read| read(item, carrier, document));
        found.extend(own.find(|found| !found.is_empty()).unwrap_or_default());
    }
    found
}

/// Reads the files of one server's configuration together, as k3s does: each with its name, in order.
/// `None` if they are none that are read so, or not all can be read.
pub fn read_together(files: &[(String, Arc<str>)]) -> Option<Vec<Found>> {
    let first = |text: &str| yaml::parse(text).into_iter().next()?.ok();
    let documents: Option<Vec<_>> = files.iter().map(|(text, _)| first(text)).collect();
    let documents = documents?;
    let carriers = files.iter().map(|(text, path)| Carrier::new(text, path));
    let read: Vec<_> = documents.iter().map(|document| &document.root).zip(carriers).collect();
    k3s::read_together(&read)
}

/// Reads what a text holds, whatever it is.
pub fn read(text: &str, path: &Arc<str>) -> Contents {
    let page = Page::new(text, path);
    if let Some(contents) = MARKED.iter().find_map(|read| read(&page)) {
        return contents;
    }
    let contents = documents(text, path);
    // Prose quotes command lines, and a script decides by itself what it runs.
    let quotes = || text.lines().any(|line| line.trim_start().starts_with("```"));
    let other = || text.starts_with("#!") || claims_to_be_manifest(text) || quotes();
    if !contents.found.is_empty() || other() {
        return contents;
    }
    LIKELY.iter().find_map(|read| read(&page)).unwrap_or_else(|| unknown(contents))
}

/// Reads a systemd unit with its drop-ins, in the order in which they apply.
pub fn read_unit(unit: (&str, &Arc<str>), drop_ins: &[(Arc<str>, String)]) -> Contents {
    let mut text = unit.0.to_owned();
    let mut files = vec![(0, unit.1)];
    for (path, drop_in) in drop_ins {
        // A continuation and a section end with their file.
        text.push_str("\n\n[]\n");
        files.push((text.len(), path));
        text.push_str(drop_in);
    }
    systemd::read(&Page::of_files(&text, files)).unwrap_or_else(|| read(unit.0, unit.1))
}

/// A text that is no YAML may not have been meant to be.
fn unknown(mut contents: Contents) -> Contents {
    for error in &mut contents.errors {
        error.message =
            format!("it is of no format that plimsoll reads; as YAML: {}", error.message);
    }
    contents
}

/// Reads the YAML or JSON documents of a text.
fn documents(text: &str, path: &Arc<str>) -> Contents {
    let mut contents = Contents::default();
    for document in yaml::parse(text) {
        match document {
            Ok(document) => {
                let carrier = Carrier::new(text, path);
                let mut found = objects(&document.root, &carrier, document.index);
                if found.is_empty() {
                    contents.others += 1;
                }
                for (key, first, last) in &document.duplicates {
                    let at = Some(carrier.location(*last));
                    let message = format!(
                        "the key {key:?} stands twice, first on line {}: the last one counts",
                        first.start.line
                    );
                    for one in &mut found {
                        let repeated =
                            Diagnostic::warning("duplicate-key", message.clone(), at.clone());
                        one.diagnostics.push(repeated);
                    }
                }
                contents.found.append(&mut found);
            }
            Err(error) => {
                let template = if text.contains("{{") || text.contains("{%") {
                    "; it looks like a template: render it first"
                } else {
                    ""
                };
                let message = format!("{error}{template}");
                contents.errors.push(Error { path: path.clone(), message });
            }
        }
    }
    contents
}
