//! kubeadm's patches folder: `patches.directory` names it, and each file in it changes the Pod that
//! kubeadm writes for the component at the beginning of the file's name.
//!
//! Source: kubernetes `cmd/kubeadm/app/util/patches/patches.go`.

use std::sync::Arc;

use super::container::{self, Kind, open};
use crate::command_line::{Location, Mark, Span};
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::distribution::declared::unrendered;
use crate::document::neighbours::{Neighbour, Neighbours};
use crate::document::{Format, Found};
use crate::yaml::{self, Document, Node};

/// A file of patches.
struct File<'f> {
    path: Arc<str>,
    /// Where it is declared, if that is not in the file itself.
    at: Option<Location>,
    /// Its text, or why there is none.
    text: Result<Carrier<'f>, String>,
}

/// A folder of patches that a document names.
struct Named<'d> {
    directory: &'d str,
    at: Location,
    /// The number of the only document that is patched; `None` for all of kubeadm's own.
    document: Option<usize>,
    /// The files that the document itself puts there; empty if it puts none there.
    files: Vec<File<'d>>,
}

/// The kinds of kubeadm's own documents that can name a folder, and where.
const OWN: [(&str, &[&[&str]]); 3] = [
    ("InitConfiguration", &[&["patches", "directory"]]),
    ("JoinConfiguration", &[&["patches", "directory"]]),
    (
        "UpgradeConfiguration",
        &[&["apply", "patches", "directory"], &["node", "patches", "directory"]],
    ),
];

/// The most folders and servers of kubeadm's own documents in one text: kubeadm reads one of each kind.
const MOST: usize = 8;

/// Applies the patches that documents of a text name to the servers that the text declares, which come in
/// the order of the documents.
pub(super) fn apply(
    found: &mut [Found],
    documents: &[Document],
    carrier: &Carrier<'_>,
    neighbours: &dyn Neighbours,
) {
    let mut own: Vec<Named<'_>> = Vec::new();
    for document in documents {
        for named in named(document, carrier) {
            if named.document.is_none() {
                let known =
                    own.len() >= MOST || own.iter().any(|it| it.directory == named.directory);
                own.extend((!known).then_some(named));
            } else {
                let from = found.partition_point(|one| one.document < document.index);
                let to = found.partition_point(|one| one.document <= document.index);
                let own = found.get_mut(from..to).unwrap_or_default();
                apply_one(own.iter_mut().collect(), &named, neighbours);
            }
        }
    }
    for named in &own {
        let of_kubeadm = |one: &&mut Found| one.format == Format::Kubeadm;
        apply_one(found.iter_mut().filter(of_kubeadm).collect(), named, neighbours);
    }
}

/// Applies the patches of a folder to servers. They change Pods, so not the kubelet.
fn apply_one(mut found: Vec<&mut Found>, named: &Named<'_>, neighbours: &dyn Neighbours) {
    found.retain(|one| one.line.component != Component::Kubelet);
    let beside = match &named.files[..] {
        [] if found.len() <= MOST => neighbours.folder(named.directory),
        _ => None,
    };
    let beside: Option<Vec<File<'_>>> =
        beside.as_ref().map(|all| all.iter().map(File::of).collect());
    for one in found {
        match (&named.files[..], &beside) {
            ([], Some(files)) => patch(one, files),
            ([], None) => leave_open(one, named),
            (files, _) => patch(one, files),
        }
    }
}

impl<'f> File<'f> {
    fn of((path, text): &'f Neighbour) -> Self {
        let carrier = |text: &'f String| Carrier::new(text, path);
        Self {
            path: path.clone(),
            at: None,
            text: text.as_ref().map(carrier).map_err(Clone::clone),
        }
    }
}

/// The folders that a document names.
fn named<'d>(document: &'d Document, carrier: &'d Carrier<'d>) -> Vec<Named<'d>> {
    let root = &document.root;
    let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
    let one = |above: &'d Node<'d>, path: &[&str]| {
        let node = above.at(path)?;
        let directory = node.as_str().filter(|directory| !directory.is_empty())?;
        let at = carrier.location(node.span);
        Some(Named { directory, at, document: None, files: Vec::new() })
    };
    if let Some((_, paths)) = OWN.iter().find(|(own, _)| *own == kind) {
        return paths.iter().filter_map(|path| one(root, path)).collect();
    }
    let spec = root.at(&["spec", "template", "spec"]).or_else(|| root.get("spec"));
    let Some(spec) = spec.map(|spec| spec.get("kubeadmConfigSpec").unwrap_or(spec)) else {
        return Vec::new();
    };
    let sections = ["initConfiguration", "joinConfiguration"].into_iter();
    let named = sections.filter_map(|section| one(spec, &[section, "patches", "directory"]));
    let mut named: Vec<Named<'_>> = named.collect();
    named.dedup_by(|a, b| a.directory == b.directory);
    for named in &mut named {
        named.document = Some(document.index);
        named.files = written(spec, named.directory, carrier);
    }
    named
}

/// The files that a Cluster API object puts into a folder.
fn written<'d>(spec: &'d Node<'d>, directory: &str, carrier: &'d Carrier<'d>) -> Vec<File<'d>> {
    let directory = directory.trim_end_matches('/');
    let one = |file: &'d Node<'d>| {
        let path = file.get("path")?.as_str()?;
        let (folder, _) = path.rsplit_once('/')?;
        let plain = file.get("encoding").and_then(Node::as_str).is_none_or(str::is_empty);
        let content = file.get("content").filter(|_| plain);
        let text = content.and_then(|content| carrier.inner(content));
        let text = text.ok_or_else(|| "its content is in a Secret or encoded".to_owned());
        let at = Some(carrier.location(file.span));
        (folder.trim_end_matches('/') == directory).then(|| File {
            path: Arc::from(path),
            at,
            text,
        })
    };
    let files = spec.get("files").and_then(Node::items).unwrap_or_default();
    files.iter().filter_map(one).collect()
}

/// The component that a file of a patches folder is for, and how it is joined; `None` if kubeadm passes
/// over the file, or it is for what is no server.
pub(super) fn target(path: &str) -> Option<(Component, Result<Kind, String>)> {
    let file = path.rsplit('/').next()?;
    let (name, extension) = file.rsplit_once('.')?;
    if !["yaml", "json"].contains(&extension) {
        return None;
    }
    let mut all = Component::ALL.into_iter().filter(|component| *component != Component::Kubelet);
    let component = all.find(|component| name.starts_with(component.name()))?;
    let rest = name.strip_prefix(component.name())?;
    let kind = match rest.split_once('+').map(|(_, kind)| kind) {
        None => Ok(Kind::Strategic),
        Some(kind) if kind.starts_with("strategic") => Ok(Kind::Strategic),
        Some(kind) if kind.starts_with("merge") => Ok(Kind::Merge),
        Some(kind) if kind.starts_with("json") => Ok(Kind::Json),
        Some(kind) => Err(format!("{kind:?} is not a type of patch: kubeadm refuses it")),
    };
    Some((component, kind))
}

/// Applies the files of a folder to the Pod of a component, in the order of their names.
fn patch(one: &mut Found, files: &[File<'_>]) {
    let mut files: Vec<&File<'_>> = files.iter().collect();
    files.sort_by_key(|file| file.path.rsplit('/').next().map(str::to_owned));
    for file in files {
        let Some((component, kind)) = target(&file.path) else { continue };
        if component != one.line.component {
            continue;
        }
        match (&file.text, &kind) {
            (Ok(carrier), Ok(kind)) => patch_by(one, carrier, *kind),
            (Err(why), _) | (Ok(_), Err(why)) => {
                let at = file.at.clone().unwrap_or_else(|| one.line.program.location.clone());
                open(one, format!("the patch {} cannot be applied: {why}", file.path), at);
            }
        }
    }
}

/// Applies a text of patches.
fn patch_by(one: &mut Found, carrier: &Carrier<'_>, kind: Kind) {
    if unrendered(carrier.text) {
        let start = Mark::new(0, 1, 1);
        let why = format!("the patch {} is a template: render it first", carrier.path);
        return open(one, why, carrier.location(Span { start, end: start }));
    }
    for document in yaml::parse(carrier.text) {
        match document {
            Ok(document) => container::patch(one, &document.root, carrier, kind),
            Err(error) => {
                let place = Span { start: error.at, end: error.at };
                let message = format!("the patch {} cannot be read: {error}", carrier.path);
                open(one, message, carrier.location(place));
            }
        }
    }
}

/// Leaves open what patches may do that are not part of the input.
fn leave_open(one: &mut Found, named: &Named<'_>) {
    let directory = named.directory;
    let why = format!(
        "patches in {directory} may set it; give them as well, in the folder that is checked or below --root"
    );
    open(one, why, named.at.clone());
}
