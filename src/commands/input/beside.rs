//! The files of the input beside one that is read.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::document::{Neighbour, Neighbours};
use crate::source::{self, Files, Root, Unread};

/// Beside a file of a folder that is checked; on the node that `--root` names.
pub(super) struct Beside<'r> {
    /// The folder in which the file lies, if the folder is part of the input.
    pub(super) folder: Option<&'r Path>,
    /// The folder that stands for the node's `/`, if one was named.
    pub(super) root: Option<&'r Root>,
    /// Finds the kustomization in a folder.
    pub(super) kustomization: &'r dyn Fn(&Path) -> Option<PathBuf>,
}

impl Neighbours for Beside<'_> {
    fn folder(&self, path: &str) -> Option<Vec<Neighbour>> {
        if path.starts_with('/') { self.on_node(path) } else { self.below(Path::new(path)) }
    }

    fn file(&self, path: &str) -> Option<Neighbour> {
        let path = self.inside(Path::new(path)).filter(|path| path.is_file())?;
        Some(read(&path))
    }

    fn kustomization(&self) -> Option<Neighbour> {
        (self.kustomization)(self.folder?).map(|path| read(&path))
    }
}

/// What kustomize looks for in a folder.
const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The kustomization in a folder.
pub(super) fn kustomization(folder: &Path) -> Option<PathBuf> {
    KUSTOMIZATIONS.iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

impl Beside<'_> {
    /// A path below the folder of the file; none that only a way up leads to.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        let stays =
            path.components().all(|it| matches!(it, Component::Normal(_) | Component::CurDir));
        let plain = path.components().filter(|it| matches!(it, Component::Normal(_)));
        stays.then_some(self.folder?.join(plain.collect::<PathBuf>()))
    }

    /// A folder beside the file.
    fn below(&self, path: &Path) -> Option<Vec<Neighbour>> {
        let folder = self.inside(path).filter(|folder| folder.is_dir())?;
        let own = |path: &PathBuf| path.parent() == Some(&folder);
        let paths: Result<Vec<PathBuf>, _> = source::walk(&folder).collect();
        // Of a folder that cannot be listed nobody knows what is in it.
        Some(paths.ok()?.into_iter().filter(own).map(|path| read(&path)).collect())
    }

    /// A folder of the node.
    fn on_node(&self, path: &str) -> Option<Vec<Neighbour>> {
        let files = Files::below(self.root?.clone());
        let paths = files.list(path).ok()?;
        let read = |path: String| {
            let name: Arc<str> =
                self.root.map_or_else(|| path.clone(), |it| it.shown(&path)).into();
            let text = files.read_once(&path).map_err(|unread| match unread {
                Unread::Elsewhere(why) | Unread::Missing(why) | Unread::Failed(why) => why,
            });
            let text = text.and_then(|read| {
                String::from_utf8(read.bytes.clone()).map_err(|_| "it is not UTF-8".to_owned())
            });
            (name, text)
        };
        Some(paths.into_iter().map(read).collect())
    }
}

fn read(path: &Path) -> Neighbour {
    let name: Arc<str> = path.display().to_string().into();
    (name, source::read_file(path).map_err(|error| error.to_string()))
}
