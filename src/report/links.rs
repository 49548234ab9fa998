//! Links that a terminal opens (OSC 8).

use std::path::PathBuf;

use super::address::encoded;

/// How a file's name becomes a link.
#[derive(Clone, Debug)]
pub struct Links {
    /// The folder that relative names are below.
    pub folder: PathBuf,
}

impl Links {
    /// `shown` as a link to the file at `path`.
    pub(super) fn link(&self, path: &str, shown: &str) -> String {
        let path = self.folder.join(path);
        format!(
            "\u{1b}]8;;file://{}\u{1b}\\{shown}\u{1b}]8;;\u{1b}\\",
            encoded(&path.to_string_lossy())
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Links;

    #[test]
    fn a_link_holds_nothing_that_ends_it() {
        let links = Links { folder: "/folder".into() };
        let link = links.link("a b\u{1b}.yaml", "shown");
        assert_eq!(link, "\u{1b}]8;;file:///folder/a%20b%1B.yaml\u{1b}\\shown\u{1b}]8;;\u{1b}\\");
    }
}
