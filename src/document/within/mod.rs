//! Texts within a document: the files that cloud-init, Ignition or Cluster API write, the values of a ConfigMap or
//! Secret, and whatever other object carries a manifest or unit as a string.
//!
//! Each is read like a file of its own, and its places become places in the document. A string that a reader has
//! understood already is not read again.

mod content;
mod places;

use std::collections::HashSet;
use std::sync::Arc;

use super::candidate::{is_candidate, names_component};
use super::carrier::Carrier;
use super::{Contents, Error, Format, Found, pod};
use crate::command_line::{Arg, Location};
use crate::yaml::{Document, Node, Value};
use content::{Content, Written};

/// How many texts are read one within the other: a Pod in a file of the user data in an object.
pub(super) const DEPTH: usize = 2;

/// What holds no files: what a server gets, patches of something else, and prose.
const PASSED_OVER: [&str; 19] = [
    "annotations",
    "managedFields",
    "description",
    "containers",
    "initContainers",
    "ephemeralContainers",
    "command",
    "args",
    "openAPIV3Schema",
    "patch",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "kubeadmConfigPatches",
    "kubeadmConfigPatchesJSON6902",
    "jsonPatches",
    "configPatches",
    "strategicPatches",
    "controlPlaneConfigPatches",
];

/// Lists of commands that run when a machine starts.
const COMMANDS: [&str; 4] = ["runcmd", "bootcmd", "preKubeadmCommands", "postKubeadmCommands"];

/// Reads a text like one of a file with that name.
pub(super) type Read<'r> = &'r dyn Fn(&str, &Arc<str>) -> Contents;

/// What the texts within a document hold besides what was found in it.
pub(super) fn read(
    document: &Document<'_>,
    carrier: &Carrier<'_>,
    found: &[Found],
    read: Read<'_>,
) -> Contents {
    let root = &document.root;
    // Workloads hold texts in what is passed over alone.
    if root.get("kind").and_then(Node::as_str).is_some_and(pod::is_known) {
        return Contents::default();
    }
    let mut understood: Vec<usize> = found.iter().flat_map(|one| offsets(one, carrier)).collect();
    understood.sort_unstable();
    let mut reader = Reader {
        carrier,
        document: document.index,
        understood,
        seen: HashSet::new(),
        read,
        out: Contents::default(),
    };
    reader.node(root, &Place::default());
    reader.out
}

/// Where the words of a command line stand.
fn offsets(found: &Found, carrier: &Carrier<'_>) -> Vec<usize> {
    let line = &found.line;
    let words = line.args.iter().chain(line.environment.iter().map(|variable| &variable.value));
    let offset = |location: &Location| match location {
        Location::Text { path, span } if path == carrier.path => Some(span.start.offset()),
        _ => None,
    };
    words.chain([&line.program]).filter_map(|arg| offset(&arg.location)).collect()
}

/// Where a node stands.
#[derive(Clone, Copy, Default)]
struct Place<'n> {
    /// The kind of the object around it.
    kind: &'n str,
    /// Its key, and that of the mapping it stands in.
    key: &'n str,
    above: &'n str,
    /// The path or name of the file that it describes, as the mapping around it says.
    file: Option<&'n str>,
    /// The mapping that it stands in.
    around: Option<&'n Node<'n>>,
    /// Whether it is a command of a list of them.
    is_command: bool,
}

impl<'n> Place<'n> {
    /// A string that stands there.
    fn written(&self, text: &'n str) -> Written<'n> {
        let Self { kind, key, above, around, .. } = *self;
        Written { text, kind, key, above, around }
    }

    /// What the text is called.
    fn name(&self) -> &str {
        self.file.unwrap_or(self.key)
    }

    /// Whether a text of any format is meant for a program: it is a file of the machine, or a command.
    fn is_of_machine(&self) -> bool {
        self.is_command || self.file.is_some_and(|file| file.starts_with('/'))
    }
}

struct Reader<'r, 'c> {
    carrier: &'r Carrier<'c>,
    document: usize,
    /// Where the words stand that a reader has understood, in order.
    understood: Vec<usize>,
    /// Where the texts stand that were read: an alias repeats one.
    seen: HashSet<usize>,
    read: Read<'r>,
    out: Contents,
}

impl Reader<'_, '_> {
    fn node<'n>(&mut self, node: &'n Node<'n>, place: &Place<'n>) {
        match &node.value {
            Value::Mapping(entries) => {
                let named = |key| node.get(key).and_then(Node::as_str);
                let kind = named("kind").unwrap_or(place.kind);
                let is_data = matches!(place.key, "data" | "stringData" | "binaryData");
                let file = if is_data { None } else { named("path").or_else(|| named("name")) };
                for (key, value) in entries {
                    let key = key.as_str().unwrap_or_default();
                    if PASSED_OVER.contains(&key) {
                        continue;
                    }
                    let file = if is_data { None } else { file.or(place.file) };
                    let is_command = COMMANDS.contains(&key);
                    self.node(
                        value,
                        &Place {
                            kind,
                            key,
                            above: place.key,
                            file,
                            around: Some(node),
                            is_command,
                        },
                    );
                }
            }
            Value::Sequence(items) if place.is_command => {
                for item in items {
                    self.command(item, place);
                }
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.node(item, place)),
            Value::Scalar(_) => self.scalar(node, place),
        }
    }

    /// A command: a text for the shell, or a list of words.
    fn command<'n>(&mut self, node: &'n Node<'n>, place: &Place<'n>) {
        match node.items() {
            Some(words) => {
                let text = content::command(words);
                if names_component(&text) {
                    self.text(&self.carrier.decoded(&text, node), place);
                }
            }
            None => self.scalar(node, place),
        }
    }

    fn scalar<'n>(&mut self, node: &'n Node<'n>, place: &Place<'n>) {
        let Some(text) = node.as_str() else { return };
        let content = content::of(place.written(text));
        let is_text = text.contains('\n') || text.starts_with('{') || place.is_of_machine();
        if matches!(content, Content::AsItIs) && !is_text {
            return;
        }
        let span = node.span.start.offset()..node.span.end.offset();
        let next = self.understood.partition_point(|offset| *offset < span.start);
        let is_understood = self.understood.get(next).is_some_and(|offset| *offset < span.end);
        if is_understood || !self.seen.insert(span.start) {
            return;
        }
        match content {
            Content::AsItIs if is_candidate(text) => {
                if let Some(inner) = self.carrier.inner(node) {
                    self.text(&inner, place);
                }
            }
            Content::Decoded(text) if is_candidate(&text) => {
                self.text(&self.carrier.decoded(&text, node), place);
            }
            Content::AsItIs | Content::Decoded(_) => {}
            Content::Unread(why) => self.unread(node, place, why),
        }
    }

    /// A file whose content cannot be seen matters if its name speaks of a component.
    fn unread(&mut self, node: &Node<'_>, place: &Place<'_>, why: &str) {
        if names_component(place.name()) {
            let line = node.span.start.line();
            self.error(format!("line {line}: the content of {} {why}", place.name()));
        }
    }

    fn error(&mut self, message: String) {
        self.out.errors.push(Error { path: self.carrier.path.clone(), message });
        self.out.certain = true;
    }

    /// A text within the document.
    fn text(&mut self, inner: &Carrier<'_>, place: &Place<'_>) {
        let name: Arc<str> = place.name().into();
        let contents = (self.read)(inner.text, &name);
        let speaks = || names_component(inner.text) || inner.text.contains("kubeadm.k8s.io/");
        let is_meant = contents.certain
            || super::claims_to_be_manifest(inner.text)
            || inner.text.starts_with("#cloud-config");
        if !contents.errors.is_empty() && is_meant && speaks() {
            for error in contents.errors {
                self.error(format!("in the text {name}: {}", error.message));
            }
        }
        let counts = |found: &Found| {
            place.is_of_machine() || inner.text.starts_with("#!") || !is_loose(found.format)
        };
        let dropped_in = place.around.and_then(|unit| unit.get("dropins")?.items());
        let may_change = dropped_in.is_some_and(|drop_ins| !drop_ins.is_empty());
        for mut found in contents.found.into_iter().filter(counts) {
            places::move_out(&mut found, &name, inner);
            if may_change {
                let location = found.line.program.location.clone();
                let why = "the drop-ins of its unit may change it".to_owned();
                found.line.args.push(Arg::hidden(why, location));
            }
            found.document = self.document;
            let line = &mut found.line;
            let above = if place.is_command { place.key } else { &*name };
            line.name = Some(match &line.name {
                Some(own) => format!("{above}: {own}"),
                None => above.to_owned(),
            });
            self.out.found.push(found);
        }
    }
}

/// Whether prose may look like a format.
const fn is_loose(format: Format) -> bool {
    matches!(
        format,
        Format::Script
            | Format::Journal
            | Format::Ps
            | Format::Cmdline
            | Format::EnvironmentFile
            | Format::ArgsFile
    )
}
