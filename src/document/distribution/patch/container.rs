//! What a patch of a Pod does to the server in it. kubeadm's Pods have one container, named like the server.

use super::operation::Operation;
use crate::command_line::{ARGUMENT_LIMIT, Arg, CommandLine, Location, Mount, MountSource};
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::environment::{Change, changed};
use crate::document::{Found, image, mounts, pod};
use crate::yaml::{Node, Scalar, Value};

/// Fields of a container that have a bearing on a server.
const FIELDS: [&str; 6] = ["command", "args", "env", "envFrom", "image", "volumeMounts"];

/// How a patch joins what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Containers are merged by their names.
    Strategic,
    /// Lists are replaced as a whole (RFC 7386).
    Merge,
    /// A list of operations (RFC 6902).
    Json,
}

/// Applies one patch.
pub(super) fn patch(one: &mut Found, root: &Node, carrier: &Carrier<'_>, kind: Kind) {
    match kind {
        Kind::Strategic | Kind::Merge => merge(one, root, carrier, kind),
        Kind::Json => match root.items() {
            Some(items) => {
                for item in items {
                    if is_full(&one.line) {
                        return unclear(one, item, carrier, "there are too many changes");
                    }
                    operate(one, item, carrier);
                }
            }
            None => unclear(one, root, carrier, "it is not a list of operations"),
        },
    }
}

/// Whether a line has as much as is read of one.
fn is_full(line: &CommandLine) -> bool {
    line.args.len() + line.environment.len() + line.mounts.len() > ARGUMENT_LIMIT
}

/// Leaves open whatever a patch may change, once.
pub(super) fn open(one: &mut Found, why: String, at: Location) {
    let hidden = Arg::hidden(why, at);
    if one.line.args.last().is_none_or(|last| last.certainty != hidden.certainty) {
        one.line.args.push(hidden);
    }
}

/// Leaves open what a patch does that is not followed here.
fn unclear(one: &mut Found, node: &Node, carrier: &Carrier<'_>, why: &str) {
    let why = format!("a patch in {} may set it: {why}", carrier.path);
    open(one, why, carrier.location(node.span));
}

/// A part of the Pod. In a strategic patch the containers are merged by their names, in a merge patch the
/// list replaces the one there is.
fn merge(one: &mut Found, root: &Node, carrier: &Carrier<'_>, kind: Kind) {
    if is_full(&one.line) {
        return unclear(one, root, carrier, "there are too many changes");
    }
    if !matches!(root.value, Value::Mapping(_)) {
        return unclear(one, root, carrier, "it is not a part of a Pod");
    }
    let Some(spec) = root.get("spec") else { return };
    let Some(containers) = spec.get("containers") else { return };
    if root.get("$patch").or(spec.get("$patch")).is_some() {
        return unclear(one, root, carrier, "it has $patch");
    }
    let component = one.line.component;
    let items = containers.items().unwrap_or_default();
    let is_named = |item: &&Node| item.get("name").and_then(Node::as_str) == Some(component.name());
    let container = items.iter().find(is_named);
    match (kind, container) {
        (_, Some(container)) if container.get("$patch").is_some() => {
            unclear(one, container, carrier, "it has $patch");
        }
        (Kind::Merge, Some(container)) => {
            one.line.mounts = vec![elsewhere()];
            join(one, container, spec, carrier, true);
        }
        (Kind::Merge, None) => {
            unclear(one, containers, carrier, "its containers replace those of the Pod");
        }
        (_, Some(container)) => {
            let whole = container.get("command").is_some();
            join(one, container, spec, carrier, whole);
        }
        (_, None) if items.iter().any(|item| item.get("$patch").is_some()) => {
            unclear(one, containers, carrier, "it has $patch");
        }
        (_, None) => {}
    }
}

/// Where the files of a Pod come from whose volumes are not known.
fn elsewhere() -> Mount {
    let source = MountSource::Other("the Pod that a patch changes".to_owned());
    Mount { path: "/".to_owned(), source }
}

/// Joins a part of the server's container.
fn join(one: &mut Found, container: &Node, spec: &Node, carrier: &Carrier<'_>, whole: bool) {
    let fields = FIELDS.iter().filter_map(|field| Some((*field, container.get(field)?.clone())));
    set(one, fields.collect(), container, carrier, whole);
    if let Some(reference) = container.get("image").and_then(Node::as_str) {
        one.line.version = image::version(reference);
    }
    let mounts = mounts::read(container, spec).into_iter().filter(|mount| mount.path != "/");
    one.line.mounts.splice(..0, mounts);
}

/// The line that a container with these fields starts. Without a command it is the server itself.
fn started(
    component: Component,
    mut fields: Vec<(&str, Node)>,
    place: &Node,
    carrier: &Carrier<'_>,
) -> Option<CommandLine> {
    let word = |text: &str| {
        let scalar = Scalar { text: text.to_owned().into(), plain: false, block: false };
        Node { span: place.span, value: Value::Scalar(scalar) }
    };
    if !fields.iter().any(|(field, _)| *field == "command") {
        let program = Value::Sequence(vec![word(component.name())]);
        fields.push(("command", Node { span: place.span, value: program }));
    }
    let entries = fields.into_iter().map(|(field, node)| (word(field), node)).collect();
    let container = Node { span: place.span, value: Value::Mapping(entries) };
    let mut lines = pod::container(&container, carrier).into_iter();
    lines.find(|line| line.component == component)
}

/// One operation on the Pod.
fn operate(one: &mut Found, item: &Node, carrier: &Carrier<'_>) {
    let Some(operation) = Operation::of(item) else {
        return unclear(one, item, carrier, "one of its operations is not understood");
    };
    let sets = ["add", "replace"].contains(&operation.name);
    let from = item.get("from").and_then(Node::as_str).unwrap_or_default();
    let value = operation.value.filter(|_| sets);
    match (&operation.path()[..], value) {
        _ if operation.name == "test" => {}
        _ if !from.is_empty() => {
            unclear(one, item, carrier, "it moves or copies a part of the Pod");
        }
        (["spec", "volumes", ..] | ["spec", "containers", "0", "volumeMounts", ..], _) => {
            one.line.mounts.insert(0, elsewhere());
        }
        (["spec", "containers", "0", "command"], Some(words)) if words.items().is_some() => {
            set(one, vec![("command", words.clone())], item, carrier, true);
        }
        (["spec", "containers", "0", "args"], Some(words)) if words.items().is_some() => {
            set(one, vec![("args", words.clone())], item, carrier, false);
        }
        (["spec", "containers", "0", "command" | "args", "-"], Some(word)) => {
            let list = Node { span: word.span, value: Value::Sequence(vec![word.clone()]) };
            set(one, vec![("args", list)], item, carrier, false);
        }
        (["spec", "containers", "0", "env"], Some(list)) if list.items().is_some() => {
            one.line.environment.clear();
            set(one, vec![("env", list.clone())], item, carrier, false);
        }
        (["spec", "containers", "0", "env", "-"], Some(entry)) => {
            let list = Node { span: entry.span, value: Value::Sequence(vec![entry.clone()]) };
            set(one, vec![("env", list)], item, carrier, false);
        }
        (["spec", "containers", "0", "image"], Some(reference)) => {
            one.line.version = reference.as_str().and_then(image::version);
        }
        (["spec", "containers", "0", "command" | "args", _], _) => {
            unclear(one, item, carrier, "it changes a word by its number");
        }
        (
            []
            | ["spec"]
            | ["spec", "containers"]
            | ["spec", "containers", "0"]
            | ["spec", "containers", "0", "command" | "args" | "env" | "envFrom" | "image", ..],
            _,
        ) => unclear(one, item, carrier, "it changes what the arguments are a part of"),
        _ => {}
    }
}

/// Joins fields of the server's container. `whole` if the arguments replace all others.
fn set(
    one: &mut Found,
    fields: Vec<(&str, Node)>,
    item: &Node,
    carrier: &Carrier<'_>,
    whole: bool,
) {
    let Some(line) = started(one.line.component, fields, item, carrier) else {
        return unclear(one, item, carrier, "its command is not understood");
    };
    if whole {
        one.line.args = line.args;
        one.line.program = line.program;
    } else {
        one.line.args.extend(line.args);
    }
    let changes: Vec<_> = line.environment.into_iter().map(Change::Set).collect();
    one.line.environment = changed(std::mem::take(&mut one.line.environment), &changes);
    one.line.environment_is_whole &= line.environment_is_whole;
}
