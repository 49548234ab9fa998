//! The names in a folder, in order.

use std::ffi::{OsStr, OsString};
use std::fs::FileType;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// What a name is, as the folder says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
    Other,
}

impl Kind {
    fn of(kind: FileType) -> Self {
        match () {
            () if kind.is_file() => Self::File,
            () if kind.is_dir() => Self::Folder,
            () if kind.is_symlink() => Self::Link,
            () => Self::Other,
        }
    }
}

/// Names in order, one behind the other: ten thousand of them take as little room as they can.
#[derive(Debug, Default)]
pub(super) struct Names {
    bytes: Vec<u8>,
    /// Where each begins and ends, the next one last.
    places: Vec<(u32, u32, Kind)>,
    /// Those that begin with a dot, in order; git's own are left out.
    pub(super) hidden: Vec<OsString>,
    /// Whether the folder is the root of a repository.
    pub(super) has_git: bool,
}

impl Names {
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        let mut names = Self::default();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            if name.as_bytes().starts_with(b".") {
                names.note_hidden(name);
                continue;
            }
            let start = names.bytes.len();
            names.bytes.extend_from_slice(name.as_bytes());
            let place = |at: usize| u32::try_from(at).map_err(io::Error::other);
            let kind = entry.file_type().map_or(Kind::Other, Kind::of);
            names.places.push((place(start)?, place(names.bytes.len())?, kind));
        }
        let bytes = &names.bytes;
        names.places.sort_unstable_by(|a, b| of(bytes, *b).cmp(of(bytes, *a)));
        names.hidden.sort_unstable();
        Ok(names)
    }

    fn note_hidden(&mut self, name: OsString) {
        match name.as_bytes() {
            b".git" => self.has_git = true,
            b".gitignore" | b".gitattributes" | b".gitmodules" => {}
            _ => self.hidden.push(name),
        }
    }

    /// The next name, and what it is.
    pub(super) fn next(&mut self) -> Option<(&OsStr, Kind)> {
        let place = self.places.pop()?;
        Some((OsStr::from_bytes(of(&self.bytes, place)), place.2))
    }
}

fn of(bytes: &[u8], (start, end, _): (u32, u32, Kind)) -> &[u8] {
    bytes.get(start as usize..end as usize).unwrap_or_default()
}
