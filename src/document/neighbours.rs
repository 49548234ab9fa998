//! The files of the input beside a text, which change what the text declares.

use std::sync::Arc;

/// A file beside a text: its path, and its text or why there is none.
pub type Neighbour = (Arc<str>, Result<String, String>);

/// Where a text finds the files that it names, as far as they are part of the input.
pub trait Neighbours {
    /// The files in a folder by name, without those of folders in it; `None` if the folder is not part of
    /// the input. A path that is not absolute begins in the folder of the text.
    fn folder(&self, path: &str) -> Option<Vec<Neighbour>>;

    /// A file beside the text or below its folder, if it is part of the input.
    fn file(&self, path: &str) -> Option<Neighbour>;

    /// The kustomization in the folder of the text.
    fn kustomization(&self) -> Option<Neighbour>;
}

/// A text that is an input by itself.
pub(super) struct Alone;

impl Neighbours for Alone {
    fn folder(&self, _: &str) -> Option<Vec<Neighbour>> {
        None
    }

    fn file(&self, _: &str) -> Option<Neighbour> {
        None
    }

    fn kustomization(&self) -> Option<Neighbour> {
        None
    }
}
