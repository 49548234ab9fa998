//! What a text is, and the command lines it holds.
//!
//! Formats are told by their content, never by a file's name.

mod argv;
mod candidate;
mod carrier;
mod catalog;
mod distribution;
mod docker;
mod environment;
mod format;
mod host;
mod image;
mod mounts;
mod neighbours;
mod node_program;
mod own_flags;
mod parts;
mod pod;
mod process;
mod start;
mod template;
mod templates;
mod title;
mod unrendered;
mod variables;
mod whole_lines;
mod within;

pub use argv::read as from_argv;
pub use candidate::{is_candidate, is_unit_of_component, names_component};
pub use format::{Arguments, Format};
pub use neighbours::{Neighbour, Neighbours};
pub use node_program::{NodeProgram, node_programs};
pub use parts::read_together;
pub use process::{Server, environment, servers};
pub use start::words as shell_words;
pub use template::{is_template, started_by_template};

use std::sync::Arc;

use crate::command_line::CommandLine;
use crate::diagnostic::{Code, Diagnostic};
use crate::yaml::{self, Node};
use carrier::Carrier;
use catalog::ReadObject;
use distribution::patch;
use host::Page;
use neighbours::Alone;

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

/// The most command lines of one text that are handed on: as many as a run is meant to check at once.
const LINE_LIMIT: usize = 10_000;

/// What is said of a patch that may be one of a server.
const OF_NOBODY: &str = "it is a patch of the arguments of a container; whose it is cannot be told: apply \
                         it first, or name it as kubeadm does, such as kube-apiserver0+json.yaml";

/// The most keys of a document that are told to stand twice.
const DUPLICATES_TOLD: usize = 20;

/// What a YAML document holds: one of the readers knows its kind, or the one of the wanted format.
fn objects(
    root: &Node,
    carrier: &Carrier<'_>,
    document: usize,
    wanted: Option<Format>,
) -> Vec<Found> {
    let by = |read: ReadObject, node: &Node| {
        let mut found = read(node, carrier, document);
        found.retain(|found| wanted.is_none_or(|wanted| found.format == wanted));
        found
    };
    let some = |found: &Vec<Found>| !found.is_empty();
    let first = |node: &Node| catalog::objects().map(|read| by(read, node)).find(some);
    let listed = catalog::lists().map(|read| by(read, root)).find(some);
    let mut found = listed.or_else(|| first(root)).unwrap_or_default();
    // What `kubectl get` prints; the pods and workloads of a list are read with it.
    let list = root.get("kind").and_then(Node::as_str) == Some("List");
    for item in root.get("items").and_then(Node::items).filter(|_| list).unwrap_or_default() {
        found.extend(first(item).unwrap_or_default());
    }
    found
}

/// Reads what a text holds, whatever it is.
pub fn read(text: &str, path: &Arc<str>) -> Contents {
    read_beside(text, path, None, &Alone)
}

/// Reads a text as one format, whatever it looks like: what it holds of others is passed over.
pub fn read_as(text: &str, path: &Arc<str>, format: Format) -> Contents {
    read_beside(text, path, Some(format), &Alone)
}

/// Reads what a text holds, whatever it is or as one format, with what the files beside it change.
pub fn read_beside(
    text: &str,
    path: &Arc<str>,
    format: Option<Format>,
    neighbours: &dyn Neighbours,
) -> Contents {
    let contents = match format {
        Some(format) => read_one(text, path, format, neighbours),
        None => read_any(text, path, neighbours, within::DEPTH),
    };
    whole_lines::note(within_limits(contents, path), text, path)
}

/// Leaves out what a text starts beyond [`LINE_LIMIT`], and says so.
fn within_limits(mut contents: Contents, path: &Arc<str>) -> Contents {
    if contents.found.len() > LINE_LIMIT {
        contents.found.truncate(LINE_LIMIT);
        let message = "it starts more than 10,000 servers: the others are not read".to_owned();
        contents.errors.push(Error { path: path.clone(), message });
        contents.certain = true;
    }
    contents
}

/// Reads a text of any format, with the texts within it down to a depth.
fn read_any(text: &str, path: &Arc<str>, neighbours: &dyn Neighbours, depth: usize) -> Contents {
    let page = Page::new(text, path);
    let long = page.long_line();
    let marked = || catalog::marked().find_map(|read| read(&page));
    if let Some(contents) = long.map_or_else(marked, |_| None) {
        return unrendered::unread(contents, text);
    }
    let contents = documents(text, path, None, neighbours, depth);
    // Prose quotes command lines, and a script decides by itself what it runs.
    let quotes = || text.lines().any(|line| line.trim_start().starts_with("```"));
    // A here-document may hold a manifest.
    let manifest = || claims_to_be_manifest(text) && !text.contains("<<");
    if !contents.found.is_empty() || contents.certain || manifest() {
        return contents;
    }
    if text.starts_with("#!") {
        return unrendered::unread(host::script::read(&page).unwrap_or_default(), text);
    }
    if quotes() {
        return contents;
    }
    if let Some(start) = long {
        return too_long(start, &page);
    }
    match catalog::likely().find_map(|read| read(&page)) {
        Some(contents) => unrendered::unread(host::with_stated_version(contents, &page), text),
        None => unknown(contents),
    }
}

fn read_one(text: &str, path: &Arc<str>, format: Format, neighbours: &dyn Neighbours) -> Contents {
    let page = Page::new(text, path);
    let is_it = |contents: &Contents| contents.found.iter().any(|found| found.format == format);
    let short = page.long_line().is_none();
    let marked = catalog::marked().filter(|_| short).filter_map(|read| read(&page));
    let likely = catalog::likely().filter(|_| short).filter_map(|read| read(&page));
    let likely = likely.map(|contents| host::with_stated_version(contents, &page));
    let contents = marked.chain(likely).find(is_it);
    contents.unwrap_or_else(|| documents(text, path, Some(format), neighbours, 0))
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
    match host::systemd::read(&Page::of_files(&text, files)) {
        Some(contents) => whole_lines::note(within_limits(contents, unit.1), unit.0, unit.1),
        None => read(unit.0, unit.1),
    }
}

/// A text with a line of which not all is read.
fn too_long(start: usize, page: &Page<'_>) -> Contents {
    let message = "a line of more than 1 MiB, the most that is read of a text that is no YAML";
    Contents { errors: vec![page.error(start, message)], ..Contents::default() }
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
fn documents(
    text: &str,
    path: &Arc<str>,
    wanted: Option<Format>,
    neighbours: &dyn Neighbours,
    depth: usize,
) -> Contents {
    let mut contents = Contents::default();
    let carrier = Carrier::new(text, path);
    let mut documents = Vec::new();
    for document in yaml::parse(text) {
        match document {
            Ok(document) => {
                let mut found = objects(&document.root, &carrier, document.index, wanted);
                let (mut more, mut errors) =
                    templates::read(&document.root, &carrier, document.index, &found);
                more.retain(|found| wanted.is_none_or(|wanted| found.format == wanted));
                contents.certain |= !errors.is_empty();
                contents.errors.append(&mut errors);
                found.append(&mut more);
                if let Some(depth) = depth.checked_sub(1) {
                    let read = |text: &str, path: &Arc<str>| read_any(text, path, &Alone, depth);
                    let mut inner = within::read(&document, &carrier, &found, &read);
                    contents.errors.append(&mut inner.errors);
                    contents.certain |= inner.certain;
                    found.append(&mut inner.found);
                }
                if found.is_empty() {
                    contents.others += 1;
                    if wanted.is_none() && patch::alone::is_of_nobody(&document.root, text) {
                        contents
                            .errors
                            .push(Error { path: path.clone(), message: OF_NOBODY.to_owned() });
                        contents.certain = true;
                    }
                }
                let repeated = document.duplicates.iter().filter(|it| !it.merged);
                for repeated in repeated.take(DUPLICATES_TOLD) {
                    let at = Some(carrier.location(repeated.last));
                    let message = format!(
                        "the key {:?} stands twice, first on line {}: the last one counts",
                        repeated.key,
                        repeated.first.start.line()
                    );
                    for one in &mut found {
                        let repeated =
                            Diagnostic::new(Code::DuplicateKey, message.clone(), at.clone());
                        one.diagnostics.push(repeated);
                    }
                }
                contents.found.append(&mut found);
                documents.push(document);
            }
            Err(error) => {
                let template = if is_template(text) {
                    "; it looks like a template: render it first"
                } else {
                    ""
                };
                let message = format!("{error}{template}");
                contents.errors.push(Error { path: path.clone(), message });
            }
        }
    }
    patch::apply(&mut contents.found, &documents, &carrier, neighbours);
    contents
}
