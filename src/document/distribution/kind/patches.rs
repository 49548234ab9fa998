//! The patches of a kind cluster and what they leave of a section's flags.

use std::collections::BTreeSet;

use crate::document::carrier::Carrier;
use crate::document::distribution::declared::Declared;
use crate::document::distribution::kubeadm::extra_args;
use crate::version::Minor;
use crate::yaml::{self, Node, Value};

/// The text of one patch, and what it holds.
pub(super) struct Text<'t> {
    carrier: Carrier<'t>,
    /// Its documents; `None` stands for what could not be read.
    documents: Vec<Option<Node<'t>>>,
    /// The kind and version of the document that a JSON patch is for; a merge patch says them itself.
    json: Option<(&'t str, &'t str)>,
}

/// Where kubeadm's documents keep the flags of a component.
pub(super) struct Section<'s> {
    /// The keys above them.
    pub(super) path: &'s [&'s str],
    /// Their own key.
    pub(super) args: &'s str,
}

/// The patches in the cluster or in one of its nodes, merge patches first.
pub(super) fn texts<'t>(section: &'t Node<'t>, carrier: &'t Carrier<'t>) -> Vec<Text<'t>> {
    let list = |key: &str| section.get(key).and_then(Node::items).unwrap_or_default();
    let mut texts: Vec<Text<'t>> = list("kubeadmConfigPatches")
        .iter()
        .filter_map(|patch| {
            let carrier = carrier.inner(patch)?;
            let documents = documents(&carrier);
            Some(Text { carrier, documents, json: None })
        })
        .collect();
    // The second is v1alpha3's spelling.
    let json = ["kubeadmConfigPatchesJSON6902", "kubeadmConfigPatchesJson6902"].map(list);
    for patch in json.into_iter().flatten() {
        let text = |key: &str| patch.get(key).and_then(Node::as_str).unwrap_or_default();
        let json = Some((text("kind"), text("version")));
        let Some(operations) = patch.get("patch") else { continue };
        if operations.items().is_some() {
            let documents = vec![Some(operations.clone())];
            texts.push(Text { carrier: carrier.clone(), documents, json });
        } else if let Some(carrier) = carrier.inner(operations) {
            let documents = documents(&carrier);
            texts.push(Text { carrier, documents, json });
        }
    }
    texts
}

fn documents<'t>(carrier: &Carrier<'t>) -> Vec<Option<Node<'t>>> {
    let documents = yaml::parse(carrier.text).into_iter();
    documents.map(|document| document.ok().map(|document| document.root)).collect()
}

/// One change of one document, with the text that its places are in.
struct Step<'p> {
    carrier: &'p Carrier<'p>,
    /// The version of kubeadm's configuration that it is for, if it says so.
    dialect: Option<&'p str>,
    change: PatchChange<'p>,
}

enum PatchChange<'p> {
    Merge(&'p Node<'p>),
    Operation(&'p Node<'p>),
    /// It could not be read, and may do anything.
    Unread,
}

/// The changes of one kind of document, in the order in which kind makes them.
pub(super) struct Patches<'p> {
    steps: Vec<Step<'p>>,
    /// The versions of kubeadm's configuration that kind may generate.
    dialects: BTreeSet<&'p str>,
}

impl<'p> Patches<'p> {
    pub(super) fn of(
        everywhere: &'p [Text<'p>],
        here: &'p [Text<'p>],
        kind: &str,
        minor: Option<Minor>,
    ) -> Self {
        let steps: Vec<Step<'p>> =
            everywhere.iter().chain(here).flat_map(|text| steps(text, kind)).collect();
        let known = |to: u16| minor.is_some_and(|minor| minor < Minor::kubernetes(to));
        let dialects = if known(15) {
            BTreeSet::from(["v1beta1"])
        } else if known(23) {
            BTreeSet::from(["v1beta2"])
        } else if known(36) {
            BTreeSet::from(["v1beta3"])
        } else {
            // It depends on kind's own release which of them it generates.
            let stated = steps.iter().filter_map(|step| step.dialect).filter(|_| minor.is_none());
            stated.chain(["v1beta3", "v1beta4"]).collect()
        };
        Self { steps, dialects }
    }

    /// Whether a patch says anything about the flags of a section.
    pub(super) fn touch(&self, section: &Section<'_>) -> bool {
        self.steps.iter().any(|step| match step.change {
            PatchChange::Merge(root) => {
                root.at(section.path).is_some_and(|it| it.get(section.args).is_some())
            }
            PatchChange::Operation(operation) => {
                pointer(operation).is_some_and(|keys| section.below(&keys).is_some())
            }
            PatchChange::Unread => false,
        })
    }

    /// A text that the last merge patch to hold it sets.
    pub(super) fn latest(&self, path: &[&str]) -> Option<&'p str> {
        self.steps.iter().rev().find_map(|step| match step.change {
            PatchChange::Merge(root) => root.at(path).and_then(Node::as_str),
            PatchChange::Operation(_) | PatchChange::Unread => None,
        })
    }

    /// The lists of volumes that the patches leave to a section: a merge patch replaces them.
    pub(super) fn volumes(&self, section: &str) -> Vec<&'p Node<'p>> {
        let lists = self.steps.iter().rev().filter_map(|step| match step.change {
            PatchChange::Merge(root) => root.at(&[section, "extraVolumes"]),
            PatchChange::Operation(_) | PatchChange::Unread => None,
        });
        lists.take(1).collect()
    }

    /// The flags of a section: what kind generates, and the patches after it.
    pub(super) fn declare<'d>(
        &'d self,
        section: &Section<'_>,
        generated: impl Fn() -> Declared<'d>,
    ) -> Declared<'d> {
        let mut readings = self.dialects.iter().map(|dialect| {
            let mut declared = generated();
            let own = |step: &&Step<'_>| step.dialect.is_none_or(|stated| stated == *dialect);
            for step in self.steps.iter().filter(own) {
                declared.within(step.carrier);
                step.apply(section, &mut declared);
            }
            declared
        });
        let mut first = readings.next().unwrap_or_else(&generated);
        for other in readings {
            first.agree(
                &other,
                "it depends on the version of kubeadm's configuration that kind writes",
            );
        }
        first
    }
}

fn steps<'p>(text: &'p Text<'p>, kind: &str) -> Vec<Step<'p>> {
    let step = |dialect: &'p str, change| {
        let dialect = dialect.rsplit('/').next().filter(|dialect| !dialect.is_empty());
        Step { carrier: &text.carrier, dialect, change }
    };
    let mut steps = Vec::new();
    for document in &text.documents {
        let Some(root) = document else {
            steps.push(step("", PatchChange::Unread));
            continue;
        };
        let own = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
        match text.json {
            None if own("kind") == kind => {
                steps.push(step(own("apiVersion"), PatchChange::Merge(root)));
            }
            Some((target, version)) if target == kind => {
                let operations = root.items().unwrap_or_default();
                steps.extend(operations.iter().map(|it| step(version, PatchChange::Operation(it))));
            }
            _ => {}
        }
    }
    steps
}

/// The keys of a JSON patch's path.
fn pointer(operation: &Node) -> Option<Vec<String>> {
    let path = operation.get("path")?.as_str()?;
    let keys = path.split('/').skip(1);
    Some(keys.map(|key| key.replace("~1", "/").replace("~0", "~")).collect())
}

impl Section<'_> {
    /// What is left of a path below the flags of the section; `None` if it leads elsewhere.
    fn below<'k>(&self, keys: &'k [String]) -> Option<&'k [String]> {
        let (above, rest) = keys.split_at_checked(self.path.len())?;
        let (own, below) = rest.split_first()?;
        (above.iter().zip(self.path).all(|(a, b)| a == b) && own == self.args).then_some(below)
    }

    /// Whether a path leads to what the flags are a part of.
    fn above(&self, keys: &[String]) -> bool {
        keys.len() <= self.path.len() && keys.iter().zip(self.path).all(|(a, b)| a == b)
    }
}

impl<'p> Step<'p> {
    fn apply(&self, section: &Section<'_>, declared: &mut Declared<'p>) {
        match self.change {
            PatchChange::Merge(root) => {
                if let Some(args) = root.at(section.path).and_then(|it| it.get(section.args)) {
                    merge(args, declared);
                }
            }
            PatchChange::Operation(operation) => operate(operation, section, declared),
            PatchChange::Unread => declared.open("a patch cannot be read and may set it"),
        }
    }
}

/// Applies one operation of a JSON patch.
fn operate(operation: &Node, section: &Section<'_>, declared: &mut Declared<'_>) {
    let Some(keys) = pointer(operation) else { return };
    let name = operation.get("op").and_then(Node::as_str).unwrap_or_default();
    let value = operation.get("value");
    match (name, section.below(&keys), value) {
        ("add" | "replace", Some([]), Some(args)) => {
            declared.forget_all();
            extra_args(declared, Some(args));
        }
        ("remove", Some([]), _) => declared.forget_all(),
        ("add", Some([end]), Some(Node { value: Value::Mapping(_), .. })) if end == "-" => {
            let Some(entry) = value else { return };
            let flag = entry.get("name").and_then(Node::as_str);
            if let (Some(flag), Some(value)) = (flag, entry.get("value")) {
                declared.flag(flag, value, Some("kubeadm"));
            }
        }
        (_, Some([index]), _) if index.bytes().all(|byte| byte.is_ascii_digit()) => {
            declared.open("a patch changes an entry of the list by its number");
        }
        ("add" | "replace", Some([flag]), Some(value)) => {
            declared.forget(flag);
            declared.flag(flag, value, Some("kubeadm"));
        }
        ("remove", Some([flag]), _) => declared.forget(flag),
        ("test", ..) => {}
        (_, None, _) if !section.above(&keys) => {}
        _ => declared.open("a patch changes what the flags are a part of"),
    }
}

/// A merge patch replaces names one by one in a mapping, and a list as a whole. `null` removes.
fn merge(args: &Node, declared: &mut Declared<'_>) {
    match &args.value {
        Value::Mapping(entries) => {
            for (key, value) in entries {
                let Some(name) = key.as_str() else { continue };
                declared.forget(name);
                let null = value.scalar().is_some_and(|it| it.kind() == yaml::ScalarKind::Null);
                if !null {
                    declared.flag(name, value, Some("kubeadm"));
                }
            }
        }
        Value::Sequence(_) => {
            declared.forget_all();
            extra_args(declared, Some(args));
        }
        Value::Scalar(_) => declared.forget_all(),
    }
}
