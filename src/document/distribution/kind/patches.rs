//! The patches of a kind cluster and what they leave of a section's flags.

use std::collections::BTreeSet;

use crate::document::carrier::Carrier;
use crate::document::distribution::declared::Declared;
use crate::document::distribution::patch::{Change, Section};
use crate::version::Minor;
use crate::yaml::{self, Node};

/// The text of one patch, and what it holds.
pub(super) struct Text<'t> {
    carrier: Carrier<'t>,
    /// Its documents; `None` stands for what could not be read.
    documents: Vec<Option<Node<'t>>>,
    /// The kind and version of the document that a JSON patch is for; a merge patch says them itself.
    json: Option<(&'t str, &'t str)>,
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
    change: Change<'p>,
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
        self.steps.iter().any(|step| match &step.change {
            Change::Merge(root) => {
                root.at(section.path).is_some_and(|it| it.get(section.args).is_some())
            }
            Change::Operation(operation) => operation.touches(section),
            Change::Unread(_) => false,
        })
    }

    /// A text that the last merge patch to hold it sets.
    pub(super) fn latest(&self, path: &[&str]) -> Option<&'p str> {
        self.steps.iter().rev().find_map(|step| match step.change {
            Change::Merge(root) => root.at(path).and_then(Node::as_str),
            Change::Operation(_) | Change::Unread(_) => None,
        })
    }

    /// The lists of volumes that the patches leave to a section: a merge patch replaces them.
    pub(super) fn volumes(&self, section: &str) -> Vec<&'p Node<'p>> {
        let lists = self.steps.iter().rev().filter_map(|step| match step.change {
            Change::Merge(root) => root.at(&[section, "extraVolumes"]),
            Change::Operation(_) | Change::Unread(_) => None,
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
                step.change.apply(section, &mut declared);
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
            steps.push(step("", Change::Unread("a patch cannot be read")));
            continue;
        };
        let own = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
        match text.json {
            None if own("kind") == kind => {
                steps.push(step(own("apiVersion"), Change::Merge(root)));
            }
            Some((target, version)) if target == kind => match root.items() {
                Some(items) => steps.extend(items.iter().map(|it| step(version, Change::of(it)))),
                None => {
                    steps.push(step(version, Change::Unread("a patch is no list of operations")));
                }
            },
            _ => {}
        }
    }
    steps
}
