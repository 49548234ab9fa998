//! What no checker can be faster than: this program, started in another mode, reads the same bytes,
//! or parses the same YAML with the same parser, and does nothing with them.

use std::fs;
use std::hint::black_box;
use std::io;
use std::path::Path;

/// How much of the work a floor does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Floor {
    /// The files are read.
    Read,
    /// They are read and parsed as YAML.
    Parse,
}

impl Floor {
    /// The word that asks for it on this program's command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Parse => "parse",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Read, Self::Parse].into_iter().find(|floor| floor.name() == name)
    }

    /// Goes through a file or folder, one file at a time.
    pub(crate) fn go(self, path: &Path) -> io::Result<()> {
        if !path.is_dir() {
            return self.file(path);
        }
        let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_unstable_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.go(&entry.path())?;
            } else if kind.is_symlink() {
                // The executable of a process that is only there on paper leads nowhere.
                black_box(fs::read_link(entry.path())?);
            } else {
                self.file(&entry.path())?;
            }
        }
        Ok(())
    }

    fn file(self, path: &Path) -> io::Result<()> {
        let text = black_box(fs::read_to_string(path)?);
        if self == Self::Parse {
            black_box(plimsoll::yaml::parse(&text));
        }
        Ok(())
    }
}
