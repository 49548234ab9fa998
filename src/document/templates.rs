//! Pod specs in objects of other kinds than Kubernetes' own: Argo's Rollout, OpenKruise's workloads, any custom
//! resource, a chart's values, and objects whose kind is missing.
//!
//! What an object's controller does with its containers is not known here. Whoever writes one means to start it.

use super::carrier::Carrier;
use super::{Error, Format, Found, pod};
use crate::command_line::Location;
use crate::yaml::{Node, Value};

/// What a document holds besides what was found in it, and what is wrong with it.
pub(super) fn read(
    root: &Node,
    carrier: &Carrier<'_>,
    document: usize,
    known: &[Found],
) -> (Vec<Found>, Vec<Error>) {
    let kind = root.get("kind").and_then(Node::as_str).filter(|kind| !kind.is_empty());
    if kind.is_some_and(pod::is_known) {
        return (Vec::new(), Vec::new());
    }
    let mut understood: Vec<usize> = known.iter().filter_map(|one| offset(one, carrier)).collect();
    understood.sort_unstable();
    let mut reader = Reader { carrier, document, understood, found: Vec::new() };
    reader.node(root, root, "");
    let mut found = reader.found;
    // A part of a Pod that is a patch of it has no kind, either: its own container is read with the patch.
    if kind.is_none() && known.iter().any(|one| one.format == Format::Kubeadm) {
        found.retain(|one| known.iter().all(|it| it.line.component != one.line.component));
        return (found, Vec::new());
    }
    let is_object = root.get("spec").is_some() && kind.is_none();
    let starts = found.first().filter(|_| is_object).map(|one| one.line.component);
    let errors = starts.map(|component| Error {
        path: carrier.path.clone(),
        message: format!(
            "line {}: the object that starts {component} has no kind, so that nothing takes it for a Pod: add \
             apiVersion and kind",
            root.span.start.line()
        ),
    });
    (found, errors.into_iter().collect())
}

/// Where a server's program stands.
fn offset(found: &Found, carrier: &Carrier<'_>) -> Option<usize> {
    match &found.line.program.location {
        Location::Text { path, span } if path == carrier.path => Some(span.start.offset()),
        _ => None,
    }
}

struct Reader<'r, 'c> {
    carrier: &'r Carrier<'c>,
    document: usize,
    /// Where the programs stand that a reader has found, in order.
    understood: Vec<usize>,
    found: Vec<Found>,
}

impl Reader<'_, '_> {
    /// A node under a key, within the object that has a kind.
    fn node(&mut self, node: &Node, object: &Node, key: &str) {
        match &node.value {
            Value::Mapping(entries) => {
                let kind = node.get("kind").and_then(Node::as_str);
                let object = if kind.is_some() { node } else { object };
                let (carrier, document) = (self.carrier, self.document);
                if kind.is_some_and(pod::is_known) {
                    if !self.is_understood(node) {
                        self.found.extend(pod::read(node, carrier, document));
                    }
                    return;
                }
                let has_containers = node.get("containers").and_then(Node::items).is_some();
                if has_containers && !self.is_understood(node) {
                    let name = match pod::object_name(object, "") {
                        name if name.is_empty() => key.to_owned(),
                        name => name.trim_start().to_owned(),
                    };
                    let name = (name.as_str(), Format::Workload);
                    pod::spec(node, name, (carrier, document), &mut self.found);
                }
                for (key, value) in entries {
                    self.node(value, object, key.as_str().unwrap_or_default());
                }
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.node(item, object, key)),
            Value::Scalar(_) => {}
        }
    }

    /// Whether a reader has found a server at the node.
    fn is_understood(&self, node: &Node) -> bool {
        let (start, end) = (node.span.start.offset(), node.span.end.offset());
        let next = self.understood.partition_point(|offset| *offset < start);
        self.understood.get(next).is_some_and(|offset| *offset < end)
    }
}
