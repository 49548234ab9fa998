//! A folder that is taken for `/`: nothing outside it is opened, whatever links point there.

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;

use super::file::SIZE_LIMIT;
use super::user::Reader;

/// A folder that is taken for `/`, or folders that are taken for parts of what is below it.
#[derive(Clone, Debug)]
pub struct Root {
    /// The longer path last: it lies over the others.
    parts: Vec<Part>,
    /// Set where the folder itself may be missing, as in a copy of `/proc`.
    may_lack: bool,
    /// In whose name files are read, if not in that of who runs plimsoll.
    pub(super) reader: Option<Arc<Reader>>,
}

/// A folder that is taken for one of the node's.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The node's path of it, without links, `.`, `..` and a slash at the end: `/` or `/etc/kubernetes`.
    pub(super) at: String,
    folder: PathBuf,
    /// The folder, opened once: whatever its path leads to later is another one.
    opened: Arc<OnceLock<OwnedFd>>,
}

/// What a person says stands for what: `DIR` for `/`, or `/etc/kubernetes=DIR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootPart {
    at: String,
    folder: PathBuf,
}

impl FromStr for RootPart {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (at, folder) = text.split_once('=').unwrap_or(("/", text));
        let names: Vec<&str> = at.split('/').filter(|name| !matches!(*name, "" | ".")).collect();
        if !at.starts_with('/') || names.contains(&"..") {
            return Err(format!("{at:?} is no path of the node: it begins with / and has no .."));
        }
        if folder.is_empty() {
            return Err("the folder is missing".to_owned());
        }
        let as_folder = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        open(folder, as_folder, Mode::empty()).map_err(|errno| match errno {
            Errno::NOTDIR => "it is no folder".to_owned(),
            Errno::NOENT => "there is no such folder".to_owned(),
            errno => io::Error::from(errno).to_string(),
        })?;
        Ok(Self { at: format!("/{}", names.join("/")), folder: folder.into() })
    }
}

/// Why a file below a root cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none.
    #[error("does not exist")]
    Missing,
    /// The folder is a copy of a part of the node, and the file is in another part; or a process
    /// that is only written down has none.
    #[error("is not part of this input")]
    Outside,
    /// It is in the container's image or in a volume that is no folder of the node.
    #[error("is in {0}, which is not part of this input")]
    Elsewhere(String),
    /// The user in whose name it is read could not open it, or that cannot be told; says why.
    #[error("is not read: {0}")]
    Refused(String),
    /// The file system says no.
    #[error("{0}")]
    Io(io::Error),
    /// Reading it could block or never end.
    #[error("is not a regular file")]
    NotAFile,
    /// See [`SIZE_LIMIT`].
    #[error("is larger than {} MiB, the most that is read", SIZE_LIMIT >> 20)]
    TooLarge,
    /// Half of it may be old and half of it new.
    #[error("was written to while it was read: check again")]
    Changed,
    /// Walking it would take too long.
    #[error("holds more files than are looked through")]
    TooMany,
}

impl Root {
    /// The folder as `/`.
    pub fn new(folder: PathBuf) -> Self {
        Self::of_parts(&[RootPart { at: "/".to_owned(), folder }])
    }

    /// Each folder for its part of the node; of two for the same the later one counts.
    pub fn of_parts(said: &[RootPart]) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        for RootPart { at, folder } in said {
            parts.retain(|known| known.at != *at);
            parts.push(Part { at: at.clone(), folder: folder.clone(), opened: Arc::default() });
        }
        parts.sort_by_key(|part| part.at.len());
        Self { parts, may_lack: false, reader: None }
    }

    /// The root of a running process, by its folder in `/proc`. Files are read in the name of `reader`, if
    /// there is one.
    pub fn of_process(folder: &Path, reader: Option<Reader>) -> Self {
        Self { may_lack: true, reader: reader.map(Arc::new), ..Self::new(folder.join("root")) }
    }

    /// Whether files are read in the name of another user, who may be nobody to trust.
    pub fn is_foreign(&self) -> bool {
        self.reader.is_some()
    }

    /// Whether all of the node is here, in one folder.
    pub(super) fn is_whole(&self) -> bool {
        matches!(&self.parts[..], [part] if part.at == "/")
    }

    /// The folder that is taken for exactly this one of the node's.
    pub(super) fn part(&self, at: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.at == at)
    }

    /// Whether a folder of the node is above one that is here.
    pub(super) fn is_above(&self, folder: &str) -> bool {
        self.parts.iter().any(|part| below(&part.at, folder).is_some())
    }

    /// What a file below it is called outside.
    pub fn shown(&self, path: &str) -> String {
        let inner = |part: &Part| below(path, &part.at).map(|inner| part.folder.join(inner));
        let shown = self.parts.iter().rev().find_map(inner);
        shown.map_or_else(|| path.to_owned(), |shown| shown.display().to_string())
    }

    /// The only folder of a root that is whole.
    pub(super) fn folder(&self) -> Result<&OwnedFd, Error> {
        self.part("/").map_or(Err(Error::Outside), |part| self.opened(part))
    }

    pub(super) fn opened<'p>(&self, part: &'p Part) -> Result<&'p OwnedFd, Error> {
        if let Some(folder) = part.opened.get() {
            return Ok(folder);
        }
        // What is no folder is refused here: it would seem to be one in which every file is missing,
        // and a FIFO would wait for its other end.
        let as_folder = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = open(&part.folder, as_folder, Mode::empty()).map_err(|errno| match errno {
            Errno::NOENT if self.may_lack => Error::Outside,
            errno => Error::Io(errno.into()),
        })?;
        Ok(part.opened.get_or_init(|| folder))
    }
}

/// The path below a folder.
fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
    (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_start_matches('/'))
}
