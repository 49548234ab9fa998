//! A folder that is taken for `/`: nothing outside it is opened, whatever links point there.

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;

use super::file::SIZE_LIMIT;
use super::user::Reader;

/// A folder that is taken for `/`.
#[derive(Clone, Debug)]
pub struct Root {
    folder: PathBuf,
    /// Set where the folder is laid out like this folder of the node.
    laid_out_like: Option<&'static str>,
    /// Set where the folder itself may be missing, as in a copy of `/proc`.
    may_lack: bool,
    /// In whose name files are read, if not in that of who runs plimsoll.
    pub(super) reader: Option<Arc<Reader>>,
    /// The folder, opened once: whatever its path leads to later is another one.
    opened: Arc<OnceLock<OwnedFd>>,
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

/// Where Kubernetes keeps its own files on a node.
const KUBERNETES: &str = "/etc/kubernetes";

/// The names on the way to it.
const KUBERNETES_NAMES: [&str; 2] = ["etc", "kubernetes"];

impl Root {
    /// The folder as `/`. One without an `etc` is taken for a copy of `/etc/kubernetes`.
    pub fn new(folder: PathBuf) -> Self {
        let whole = folder.join("etc").exists() || folder == Path::new("/");
        let laid_out_like = (!whole).then_some(KUBERNETES);
        Self { folder, laid_out_like, may_lack: false, reader: None, opened: Arc::default() }
    }

    /// The root of a running process, by its folder in `/proc`. Files are read in the name of `reader`, if
    /// there is one.
    pub fn of_process(folder: &Path, reader: Option<Reader>) -> Self {
        let (folder, reader) = (folder.join("root"), reader.map(Arc::new));
        Self { folder, laid_out_like: None, may_lack: true, reader, opened: Arc::default() }
    }

    /// Whether files are read in the name of another user, who may be nobody to trust.
    pub fn is_foreign(&self) -> bool {
        self.reader.is_some()
    }

    /// The names from the node's root to the folder.
    pub(super) fn names(&self) -> &'static [&'static str] {
        if self.laid_out_like.is_some() { &KUBERNETES_NAMES } else { &[] }
    }

    /// What a file below it is called outside.
    pub fn shown(&self, path: &str) -> String {
        match self.inner(path) {
            Ok(inner) => self.folder.join(inner).display().to_string(),
            Err(_) => path.to_owned(),
        }
    }

    /// The path below the folder.
    fn inner<'p>(&self, path: &'p str) -> Result<&'p str, Error> {
        let below = match self.laid_out_like {
            Some(like) => {
                let rest = path.strip_prefix(like);
                rest.filter(|rest| rest.is_empty() || rest.starts_with('/'))
                    .ok_or(Error::Outside)?
            }
            None => path,
        };
        Ok(below.trim_start_matches('/'))
    }

    pub(super) fn opened(&self) -> Result<&OwnedFd, Error> {
        if let Some(folder) = self.opened.get() {
            return Ok(folder);
        }
        // What is no folder is refused here: it would seem to be one in which every file is missing,
        // and a FIFO would wait for its other end.
        let as_folder = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = open(&self.folder, as_folder, Mode::empty()).map_err(|errno| match errno {
            Errno::NOENT if self.may_lack => Error::Outside,
            errno => Error::Io(errno.into()),
        })?;
        Ok(self.opened.get_or_init(|| folder))
    }
}
