//! What a text is, and the command lines it holds.
//!
//! Formats are told by their content, never by a file's name.

mod argv;
mod carrier;
mod declared;
mod image;
mod k0s;
mod k3s;
mod kubeadm;
mod mounts;
mod openshift;
mod pod;
mod process;
mod program;
mod rke1;
#[cfg(test)]
mod samples;
mod shell;
mod talos;
mod variables;

pub use argv::read as from_argv;
pub use process::{Server, environment, servers};
pub use shell::words as shell_words;

use std::sync::Arc;

use crate::command_line::CommandLine;
use crate::diagnostic::Diagnostic;
use crate::yaml::{self, Node};
use carrier::Carrier;

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
}

/// Words of which one stands in every text that starts a component.
const PROGRAM_WORDS: [&str; 9] = [
    "kube",
    "etcd",
    "apiServer",
    "extraArgs",
    "k0sproject",
    "secrets-encryption",
    "cluster-init",
    "flannel-backend",
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

/// Reads the command lines of a document, whose number in the stream comes last.
type Read = fn(&Node, &Carrier<'_>, usize) -> Vec<Found>;

/// What a YAML document can be; each reads what is its own and leaves the rest.
const OBJECTS: [Read; 7] =
    [pod::read, kubeadm::read, k3s::read, k0s::read, talos::read, openshift::read, rke1::read];

fn objects(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let mut readers = OBJECTS.iter().map(|read| read(root, carrier, document));
    readers.find(|found| !found.is_empty()).unwrap_or_default()
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

/// Reads the YAML or JSON documents of a text.
pub fn read(text: &str, path: &Arc<str>) -> Contents {
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
