//! Pods, lists of them, and workloads with a pod template.

use super::carrier::Carrier;
use super::environment::shared;
use super::start::{Container, Signs, Start, in_container};
use super::variables::{self, Variables};
use super::{Format, Found, image, mounts};
use crate::command_line::{Arg, Certainty, CommandLine, Location, Variable};
use crate::yaml::{Node, ScalarKind, Value};

/// Where kinds other than Pod keep their pod template's `spec`.
const TEMPLATES: [(&str, &[&str]); 8] = [
    ("Deployment", &["spec", "template"]),
    ("DaemonSet", &["spec", "template"]),
    ("StatefulSet", &["spec", "template"]),
    ("ReplicaSet", &["spec", "template"]),
    ("ReplicationController", &["spec", "template"]),
    ("Job", &["spec", "template"]),
    ("CronJob", &["spec", "jobTemplate", "spec", "template"]),
    ("PodTemplate", &["template"]),
];

/// Why an argument with the marks of a template is not known.
const TEMPLATE: &str = "a template that was not rendered fills in the rest";

/// The command lines in one document.
pub(super) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let mut found = Vec::new();
    object(root, None, carrier, document, &mut found);
    found
}

fn object(
    node: &Node,
    kind_in_list: Option<&str>,
    carrier: &Carrier<'_>,
    document: usize,
    out: &mut Vec<Found>,
) {
    let Some(kind) = node.get("kind").and_then(Node::as_str).or(kind_in_list) else {
        return;
    };
    if let Some(items) = node.get("items").and_then(Node::items) {
        // The items of a PodList may leave their kind out; those of a List may not.
        let item_kind = kind.strip_suffix("List").filter(|kind| !kind.is_empty());
        for item in items {
            object(item, item_kind, carrier, document, out);
        }
        return;
    }
    let (pod, format) = if kind == "Pod" {
        (Some(node), Format::Pod)
    } else {
        let path = TEMPLATES.iter().find(|(known, _)| *known == kind).map(|(_, path)| *path);
        (path.and_then(|path| node.at(path)), Format::Workload)
    };
    if let Some(pod) = pod.and_then(|pod| pod.get("spec")) {
        spec(pod, (&object_name(node, kind), format), (carrier, document), out);
    }
}

/// Whether an object of this kind has its pod spec where [`read`] looks for it.
pub(super) fn is_known(kind: &str) -> bool {
    kind == "Pod" || TEMPLATES.iter().any(|(known, _)| *known == kind)
}

/// The command lines of a pod's spec, with the name and format of its object.
pub(super) fn spec(
    spec: &Node,
    (name, format): (&str, Format),
    (carrier, document): (&Carrier<'_>, usize),
    out: &mut Vec<Found>,
) {
    for group in ["containers", "initContainers", "ephemeralContainers"] {
        for container in spec.get(group).and_then(Node::items).unwrap_or_default() {
            for mut line in read_container(container, name, carrier) {
                if line.mounts.is_empty() {
                    line.mounts = mounts::read(container, spec);
                }
                out.push(Found { document, format, line, diagnostics: Vec::new() });
            }
        }
    }
}

/// What reports call an object of a kind, if it does not say its kind itself.
pub(super) fn object_name(node: &Node, kind: &str) -> String {
    let kind = node.get("kind").and_then(Node::as_str).unwrap_or(kind);
    let field = |key| node.at(&["metadata", key]).and_then(Node::as_str);
    match (field("namespace"), field("name")) {
        (Some(namespace), Some(name)) => format!("{kind} {namespace}/{name}"),
        (None, Some(name)) => format!("{kind} {name}"),
        _ => kind.to_owned(),
    }
}

/// The lines that a container starts, by itself.
pub(super) fn container(container: &Node, carrier: &Carrier<'_>) -> Vec<CommandLine> {
    read_container(container, "", carrier)
}

fn read_container(container: &Node, pod: &str, carrier: &Carrier<'_>) -> Vec<CommandLine> {
    let reference = container.get("image").and_then(Node::as_str).unwrap_or_default();
    let variables = Variables::of(container);
    let lists: Vec<&Node> =
        ["command", "args"].into_iter().filter_map(|key| container.get(key)).collect();
    let mut argv: Vec<Arg> = Vec::new();
    for list in &lists {
        match list.items() {
            Some(items) => {
                argv.extend(items.iter().map(|item| argument(item, &variables, carrier)));
            }
            None if list.scalar().is_some_and(|scalar| scalar.kind() == ScalarKind::Null) => {}
            None => argv.push(Arg {
                text: String::new(),
                location: carrier.location(list.span),
                certainty: Certainty::Refused(
                    "list is not a list: the kubelet refuses the pod".to_owned(),
                ),
                added_by: None,
            }),
        }
    }
    let entrypoint = container.get("command").and_then(Node::items).is_none_or(<[_]>::is_empty);
    let place = lists.first().copied().or_else(|| container.get("image"));
    let place = place.map(|at| Arg::written(String::new(), carrier.location(at.span)));
    let own_name = container.get("name").and_then(Node::as_str);
    let signs = Signs { reference, name: own_name, place, entrypoint };
    let source = |arg: &Arg| source_of(arg, carrier.text);
    let around = Container {
        image: image::base(reference),
        variables: &variables,
        source: &source,
        changes: None,
        depth: 0,
    };
    let name = match own_name {
        Some(name) => format!("{pod}, container {name}"),
        None => pod.to_owned(),
    };
    let version = image::version(reference);
    let environment = environment(container, &variables, carrier);
    // What `envFrom` brings in is not part of the document.
    let from = container.get("envFrom").filter(|from| !variables::is_null(from));
    let starts = in_container(argv, &signs, &around);
    let environment = shared(&environment, starts.len());
    let line = |start: Start| {
        let line = start.into_line(&environment);
        let any = line.environment.iter().any(|variable| variable.name.is_empty());
        let environment_is_whole = from.is_none() && !any;
        let version = line.version.or(version);
        let args = line.args.into_iter().map(rendered).collect();
        CommandLine { args, environment_is_whole, version, name: Some(name.clone()), ..line }
    };
    starts.into_iter().map(line).collect()
}

/// An argument, not known if something fills it in that neither the kubelet nor a shell does: `${…}` of
/// Terraform, Flux and envsubst.
fn rendered(arg: Arg) -> Arg {
    if arg.certainty != Certainty::Known || !(arg.text.contains("${") || arg.text.contains("%{")) {
        return arg;
    }
    Arg { certainty: Certainty::Unresolved(TEMPLATE.to_owned()), ..arg }
}

/// The container's variables, each with the place of its value.
fn environment(container: &Node, variables: &Variables, carrier: &Carrier<'_>) -> Vec<Variable> {
    let entries = container.get("env").and_then(Node::items).unwrap_or_default();
    let named = |entry: &Node| entry.get("name").and_then(Node::as_str).map(str::to_owned);
    entries
        .iter()
        .filter_map(|entry| {
            let name = named(entry)?;
            let from = variables::value_from(entry);
            let value = match entry.get("value").filter(|_| from.is_none()) {
                Some(value) => argument(value, variables, carrier),
                None => Arg {
                    text: String::new(),
                    location: carrier.location(entry.span),
                    certainty: match from {
                        Some(_) => Certainty::Unresolved(format!("{name} comes from the cluster")),
                        None => Certainty::Known,
                    },
                    added_by: None,
                },
            };
            Some(Variable { name, value })
        })
        .collect()
}

fn argument(item: &Node, variables: &Variables, carrier: &Carrier<'_>) -> Arg {
    let location = carrier.location(item.span);
    let refused = |text: String, why: String| Arg {
        text,
        location: location.clone(),
        certainty: Certainty::Refused(why),
        added_by: None,
    };
    let Value::Scalar(scalar) = &item.value else {
        let written = carrier.text.get(item.span.start.offset()..item.span.end.offset());
        let template = written.is_some_and(|text| text.starts_with("{{"));
        let hint = if template { ": it looks like a template that was not rendered" } else { "" };
        return refused(String::new(), format!("is a list or a mapping, not a string{hint}"));
    };
    let text = match variables::text(item) {
        Ok(text) => text,
        Err(what) => return refused(scalar.text.to_string(), variables::not_a_string(what)),
    };
    let expanded = variables.expand(text);
    if let Some(why) = expanded.refused {
        return refused(expanded.text, format!("is filled in, but {why}"));
    }
    if expanded.too_long {
        let why = "is not read: the container's variables fill in more than 128 KiB".to_owned();
        return refused(scalar.text.to_string(), why);
    }
    let certainty = match expanded.unresolved {
        None if expanded.text.contains("{{") => Certainty::Unresolved(TEMPLATE.to_owned()),
        None => Certainty::Known,
        Some(name) => Certainty::Unresolved(format!("the kubelet fills in $({name})")),
    };
    Arg { text: expanded.text, location, certainty, added_by: None }
}

/// The characters of an argument as they stand in the file.
fn source_of(arg: &Arg, text: &str) -> Option<String> {
    let Location::Text { span, .. } = &arg.location else {
        return None;
    };
    text.get(span.start.offset()..span.end.offset()).map(str::to_owned)
}
