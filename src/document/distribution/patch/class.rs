//! ClusterClasses: their patches change the templates that they refer to.
//!
//! Source: cluster-api `api/core/v1beta1/clusterclass_types.go`.

use std::collections::{BTreeMap, HashMap};

use super::section::{Change, Section};
use crate::command_line::{ARGUMENT_LIMIT, CommandLine, Mount, MountSource};
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::distribution::declared::Declared;
use crate::document::distribution::kubeadm::{COMPONENTS, cluster_api};
use crate::document::{Format, Found};
use crate::yaml::{Document, Node};

/// The templates whose flags are known, and where they keep kubeadm's configuration.
const TEMPLATES: [(&str, &[&str]); 2] = [
    ("KubeadmControlPlaneTemplate", &["spec", "template", "spec", "kubeadmConfigSpec"]),
    ("KubeadmConfigTemplate", &["spec", "template", "spec"]),
];

/// The most templates of one class, and classes of one template, whose patches are followed.
const MOST: usize = 8;

/// One change of a template by a class.
struct Step<'d> {
    /// The kind of template; `None` for all.
    kind: Option<&'d str>,
    change: Change<'d>,
    /// Whether the class makes the change in some of its clusters only.
    sometimes: bool,
}

/// The flags that the patches of a class set in a template which is not part of the text.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    if !is_class(root) {
        return Vec::new();
    }
    let name = root.at(&["metadata", "name"]).and_then(Node::as_str);
    let name = name.map_or("ClusterClass".to_owned(), |name| format!("ClusterClass {name}"));
    let steps = steps(root);
    let (kind, above) = TEMPLATES[0];
    let line = |(section, _, component): (&str, &str, Component)| {
        let path = [above, &["clusterConfiguration", section]].concat();
        let section = Section { path: &path, args: "extraArgs" };
        let own = || steps.iter().filter(|step| step.kind.is_none_or(|it| it == kind));
        let place = own().find_map(|step| step.change.item_in(&section))?;
        let mut declared = Declared::new(carrier, component, place);
        declared.open("it is a patch: the template that it changes is not part of it");
        own().for_each(|step| step.apply(&section, &mut declared, false));
        let elsewhere = MountSource::Other("the template that the patch changes".to_owned());
        let mounts = vec![Mount { path: "/".to_owned(), source: elsewhere }];
        let line = declared.finish(name.clone()).carried(None, mounts);
        Some(found(document, line))
    };
    COMPONENTS.into_iter().filter_map(line).collect()
}

fn found(document: usize, line: CommandLine) -> Found {
    Found { document, format: Format::Kubeadm, line, diagnostics: Vec::new() }
}

/// Applies the patches of the classes in a text to the templates in it.
pub(in crate::document) fn apply(
    found: &mut Vec<Found>,
    documents: &[Document],
    carrier: &Carrier<'_>,
) {
    let classes: Vec<&Document> = documents.iter().filter(|it| is_class(&it.root)).collect();
    if classes.is_empty() {
        return;
    }
    let read: Vec<Vec<Step<'_>>> = classes.iter().map(|class| steps(&class.root)).collect();
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, class) in classes.iter().enumerate() {
        for name in templates(&class.root) {
            by_name.entry(name).or_default().push(number);
        }
    }
    let mut changed = vec![0_usize; classes.len()];
    let mut replaced: BTreeMap<usize, Vec<CommandLine>> = BTreeMap::new();
    for document in documents {
        let root = &document.root;
        let text = |path: &[&str]| root.at(path).and_then(Node::as_str).unwrap_or_default();
        let template = TEMPLATES.iter().find(|(kind, _)| *kind == text(&["kind"]));
        let numbers = by_name.get(text(&["metadata", "name"]));
        let (Some((kind, above)), Some(numbers)) = (template, numbers) else { continue };
        let mut many = numbers.len() > MOST;
        for number in numbers {
            if let Some(changed) = changed.get_mut(*number) {
                *changed += 1;
                many |= *changed > MOST;
            }
        }
        let own = || numbers.iter().filter_map(|number| read.get(*number)).flatten();
        let changes = |path: &[&str], args: &str, declared: &mut Declared<'_>| {
            if many {
                return declared.may_change("too many classes and templates: patches may set it");
            }
            let path = [*above, path].concat();
            let section = Section { path: &path, args };
            for step in own().filter(|step| step.kind.is_none_or(|own| own == *kind)) {
                step.apply(&section, declared, numbers.len() > 1);
            }
            // Whose folder of patches it sets is not followed.
            let folders = ["initConfiguration", "joinConfiguration"];
            let sets_folder = folders.iter().any(|configuration| {
                let path = [*above, &[configuration]].concat();
                let patches = Section { path: &path, args: "patches" };
                own().any(|step| step.change.item_in(&patches).is_some())
            });
            if sets_folder && args == "extraArgs" {
                declared.may_change("a patch of the ClusterClass names patches of kubeadm");
            }
        };
        replaced.insert(document.index, cluster_api(root, carrier, Some(&changes)));
    }
    // A class is read with its templates.
    let classes = classes.iter().zip(changed).filter(|(_, changed)| *changed > 0);
    replaced.extend(classes.map(|(class, _)| (class.index, Vec::new())));
    let others = std::mem::take(found).into_iter();
    found.extend(others.filter(|one| !replaced.contains_key(&one.document)));
    for (number, lines) in replaced {
        found.extend(lines.into_iter().map(|line| self::found(number, line)));
    }
    found.sort_by_key(|one| one.document);
}

fn is_class(root: &Node) -> bool {
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
    text("kind") == "ClusterClass" && text("apiVersion").starts_with("cluster.x-k8s.io/")
}

/// The names of the templates that a class refers to, each once.
fn templates<'a>(root: &'a Node<'a>) -> Vec<&'a str> {
    /// Where a reference is, by the version of the API.
    const PLACES: [&[&str]; 4] = [
        &["ref", "name"],
        &["templateRef", "name"],
        &["template", "bootstrap", "ref", "name"],
        &["bootstrap", "templateRef", "name"],
    ];
    let workers = root.at(&["spec", "workers", "machineDeployments"]).and_then(Node::items);
    let holders = root.at(&["spec", "controlPlane"]).into_iter().chain(workers.unwrap_or_default());
    let names = holders.flat_map(|it| PLACES.iter().filter_map(|place| it.at(place)?.as_str()));
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The changes that the patches of a class make, in order.
fn steps<'a>(root: &'a Node<'a>) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    for patch in root.at(&["spec", "patches"]).and_then(Node::items).unwrap_or_default() {
        let sometimes = patch.get("enabledIf").is_some();
        if patch.get("external").is_some() {
            let change = Change::Unread("an extension outside the class patches it");
            steps.push(Step { kind: None, change, sometimes });
        }
        for definition in patch.get("definitions").and_then(Node::items).unwrap_or_default() {
            let kind = definition.at(&["selector", "kind"]).and_then(Node::as_str);
            let operations = definition.get("jsonPatches").and_then(Node::items);
            let changes = operations.unwrap_or_default().iter().map(Change::of);
            steps.extend(changes.map(|change| Step { kind, change, sometimes }));
        }
    }
    if steps.len() > ARGUMENT_LIMIT {
        let change = Change::Unread("there are too many patches");
        steps = vec![Step { kind: None, change, sometimes: false }];
    }
    steps
}

impl Step<'_> {
    /// Makes the change, or leaves open what it does where it is not made in every cluster.
    fn apply(&self, section: &Section<'_>, declared: &mut Declared<'_>, sometimes: bool) {
        if self.sometimes || sometimes {
            self.change.apply_sometimes(section, declared);
        } else {
            self.change.apply(section, declared);
        }
    }
}
