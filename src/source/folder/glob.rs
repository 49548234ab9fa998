//! Patterns of files and folders that a person leaves out.

use std::path::Path;
use std::str::FromStr;

use super::names::Kind;
use super::wildcard::Wildcard;

/// A pattern of paths from where a walk begins, in the language of a `.gitignore`: `*` stops at a slash,
/// `**` does not, and a slash at the end means folders only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    wildcard: Wildcard,
    only_folders: bool,
}

impl Glob {
    pub(super) fn matches(&self, inner: &[u8], path: &Path, kind: Kind) -> bool {
        let is_folder = || match kind {
            Kind::Folder => true,
            Kind::File => false,
            Kind::Link | Kind::Other => path.is_dir(),
        };
        self.wildcard.matches(inner) && (!self.only_folders || is_folder())
    }
}

impl FromStr for Glob {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with('/') {
            return Err("the pattern is relative to the folder: leave out the / at its start");
        }
        let only_folders = text.ends_with('/');
        let parts = text.split('/').filter(|part| !matches!(*part, "" | "."));
        let parts: Vec<&str> = parts.collect();
        if parts.contains(&"..") {
            return Err("the pattern stays below the folder: leave out ..");
        }
        if parts.is_empty() {
            return Err("the pattern is empty");
        }
        let wildcard = Wildcard::new(parts.join("/").as_bytes());
        let wildcard =
            wildcard.ok_or("the pattern ends within a class [\u{2026}] or behind a backslash")?;
        Ok(Self { wildcard, only_folders })
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn patterns_that_cannot_match_are_refused() {
        for text in ["", ".", "/a", "../a", "a/../b", "[a", "a\\"] {
            assert!(text.parse::<Glob>().is_err(), "{text}");
        }
        assert_eq!("./a//b".parse::<Glob>(), "a/b".parse::<Glob>());
    }
}
