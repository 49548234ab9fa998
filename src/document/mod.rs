//! What a text is, and the command lines it holds.
//!
//! Formats are told by their content, never by a file's name.

mod argv;
mod image;
mod mounts;
mod pod;
mod process;
mod program;
mod shell;
mod variables;

pub use argv::read as from_argv;
pub use process::{Server, environment, servers};
pub use shell::words as shell_words;

use std::sync::Arc;

use crate::command_line::{CommandLine, Location, Span};
use crate::diagnostic::Diagnostic;
use crate::yaml;

/// How a command line was carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A Pod, also one in a list.
    Pod,
    /// A pod template in a Deployment, DaemonSet, StatefulSet, Job or the like.
    Workload,
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
const PROGRAM_WORDS: [&str; 2] = ["kube", "etcd"];

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

/// Reads the YAML or JSON documents of a text.
pub fn read(text: &str, path: &Arc<str>) -> Contents {
    let mut contents = Contents::default();
    for document in yaml::parse(text) {
        match document {
            Ok(document) => {
                let carrier = Carrier { text, path };
                let mut found = pod::read(&document.root, &carrier, document.index);
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

/// The text that carries a document, for turning spans into places.
struct Carrier<'t> {
    text: &'t str,
    path: &'t Arc<str>,
}

impl Carrier<'_> {
    fn location(&self, span: Span) -> Location {
        Location::Text { path: self.path.clone(), span }
    }
}
