//! Kustomize: a kustomization lists files of objects and the patches that change them.
//!
//! What the patches do is not followed: every control of an object that one is for is unknown. Source:
//! kustomize `api/types/kustomization.go`, `api/types/patch.go`.

use std::sync::Arc;

use super::container::open;
use crate::command_line::{Location, Mark, Span};
use crate::document::Found;
use crate::document::carrier::Carrier;
use crate::document::neighbours::Neighbours;
use crate::yaml::{self, Document, Node};

/// Where a kustomization lists its patches.
const LISTS: [&str; 3] = ["patches", "patchesStrategicMerge", "patchesJson6902"];

/// The longest kustomization that is read, in bytes, as much of the files of its patches, and the most of
/// those: beyond, any object may be changed. All of it is read for every file that it lists.
const LONGEST: usize = 64 << 10;
const MOST: usize = 64;

/// The object that a patch is for; nothing stands for any.
struct Aim {
    kind: Option<String>,
    name: Option<String>,
    /// Where the kustomization lists the patch.
    place: Location,
}

/// Leaves open what the patches of a kustomization beside a text may change in it.
pub(super) fn apply(
    found: &mut [Found],
    documents: &[Document],
    path: &str,
    neighbours: &dyn Neighbours,
) {
    if found.is_empty() {
        return;
    }
    let Some((name, text)) = neighbours.kustomization() else { return };
    let file = path.rsplit('/').next().unwrap_or(path);
    let aims = match &text {
        Ok(text) => aims(text, &name, file, neighbours),
        Err(_) => return,
    };
    for one in found {
        let root = documents.binary_search_by_key(&one.document, |document| document.index);
        let root = root.ok().and_then(|at| documents.get(at)).map(|document| &document.root);
        let text = |path: &[&str]| root.and_then(|root| root.at(path)).and_then(Node::as_str);
        let (kind, own) = (text(&["kind"]), text(&["metadata", "name"]));
        let is_for = |wanted: &Option<String>, value: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| value.is_none_or(|value| wanted == value))
        };
        for aim in &aims {
            if is_for(&aim.kind, kind) && is_for(&aim.name, own) {
                let why =
                    format!("a patch of {name} may set it: check what kustomize build prints");
                open(one, why, aim.place.clone());
            }
        }
    }
}

/// The objects that the patches of a kustomization are for; none if it does not list the file.
fn aims(text: &str, name: &Arc<str>, file: &str, neighbours: &dyn Neighbours) -> Vec<Aim> {
    let carrier = Carrier::new(text, name);
    if !text.contains("patches") || !text.contains(file) {
        return Vec::new();
    }
    let start = Mark::new(0, 1, 1);
    let any =
        || Aim { kind: None, name: None, place: carrier.location(Span { start, end: start }) };
    if text.len() > LONGEST {
        return vec![any()];
    }
    let Some(Ok(document)) = yaml::parse(text).into_iter().next() else { return Vec::new() };
    let list = |key: &str| document.root.get(key).and_then(Node::items).unwrap_or_default();
    let lists_file = ["resources", "bases"].iter().flat_map(|key| list(key)).any(|resource| {
        resource.as_str().is_some_and(|path| path.trim_start_matches("./") == file)
    });
    if !lists_file {
        return Vec::new();
    }
    let patches: Vec<&Node> = LISTS.iter().flat_map(|key| list(key)).collect();
    if patches.len() > MOST {
        return vec![any()];
    }
    let mut left = LONGEST;
    patches.into_iter().flat_map(|item| of(item, &carrier, neighbours, &mut left)).collect()
}

/// What one patch is for: its target, or the object that it is a part of. `left` is how many bytes of patches
/// are still read.
fn of(
    item: &Node,
    carrier: &Carrier<'_>,
    neighbours: &dyn Neighbours,
    left: &mut usize,
) -> Vec<Aim> {
    let place = || carrier.location(item.span);
    if let Some(target) = item.get("target") {
        // A name is an expression that a whole name matches.
        let text = |key: &str| target.get(key).and_then(Node::as_str).map(str::to_owned);
        let plain = |name: &String| {
            name.bytes().all(|it| it.is_ascii_alphanumeric() || b"-.".contains(&it))
        };
        return vec![Aim { kind: text("kind"), name: text("name").filter(plain), place: place() }];
    }
    let written =
        item.get("patch").or(item.get("path")).unwrap_or(item).as_str().unwrap_or_default();
    let from_file = neighbours.file(written).map(|(_, text)| text);
    let text = match from_file {
        Some(Ok(text)) => text,
        None if written.contains('\n') => written.to_owned(),
        // Nobody knows what is in it.
        Some(Err(_)) | None => return vec![Aim { kind: None, name: None, place: place() }],
    };
    let Some(rest) = left.checked_sub(text.len()) else {
        return vec![Aim { kind: None, name: None, place: place() }];
    };
    *left = rest;
    let aim = |document: &Document| {
        let text = |path: &[&str]| document.root.at(path).and_then(Node::as_str).map(str::to_owned);
        Aim { kind: text(&["kind"]), name: text(&["metadata", "name"]), place: place() }
    };
    let documents = yaml::parse(&text);
    if documents.len() > MOST || documents.iter().any(Result::is_err) {
        return vec![Aim { kind: None, name: None, place: place() }];
    }
    documents.iter().flatten().map(aim).collect()
}
