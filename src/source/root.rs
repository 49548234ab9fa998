//! A folder that is taken for `/`: nothing outside it is opened, whatever links point there.
//!
//! The kernel resolves every link inside the folder (`openat2` with `RESOLVE_IN_ROOT`), as it would
//! for a process that has the folder for its root. Nothing but regular files is read, so that a FIFO
//! or a device cannot hold up the run.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
use rustix::io::Errno;

use super::file::SIZE_LIMIT;

/// A folder that is taken for `/`.
#[derive(Clone, Debug)]
pub struct Root {
    folder: PathBuf,
    /// Set where the folder is laid out like this folder of the node.
    laid_out_like: Option<&'static str>,
}

/// Modes and owners of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// Permission bits, `setuid` and the like included.
    pub mode: u32,
    /// The owner.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// Why a file below a root cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none.
    #[error("does not exist")]
    Missing,
    /// The file system says no.
    #[error("{0}")]
    Io(io::Error),
    /// Reading it could block or never end.
    #[error("is not a regular file")]
    NotAFile,
    /// See [`SIZE_LIMIT`].
    #[error("is larger than {} MiB, the most that is read", SIZE_LIMIT >> 20)]
    TooLarge,
}

/// Where Kubernetes keeps its own files on a node.
const KUBERNETES: &str = "/etc/kubernetes";

impl Root {
    /// The folder as `/`. One without an `etc` is taken for a copy of `/etc/kubernetes`.
    pub fn new(folder: PathBuf) -> Self {
        let whole = folder.join("etc").exists() || folder == Path::new("/");
        Self { folder, laid_out_like: (!whole).then_some(KUBERNETES) }
    }

    /// The root of a running process, by its folder in `/proc`.
    pub fn of_process(folder: &Path) -> Self {
        Self { folder: folder.join("root"), laid_out_like: None }
    }

    /// What a file below it is called outside.
    pub fn shown(&self, path: &str) -> String {
        self.folder.join(self.inner(path)).display().to_string()
    }

    /// The path below the folder.
    fn inner<'p>(&self, path: &'p str) -> &'p str {
        let below = self.laid_out_like.and_then(|like| {
            path.strip_prefix(like).filter(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        below.unwrap_or(path).trim_start_matches('/')
    }

    fn open(&self, path: &str, flags: OFlags) -> Result<OwnedFd, Error> {
        let inner = self.inner(path);
        let inner = if inner.is_empty() { "." } else { inner };
        let folder = File::open(&self.folder).map_err(Error::Io)?;
        let flags = flags | OFlags::CLOEXEC;
        let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
        openat2(&folder, inner, flags, Mode::empty(), resolve).map_err(|errno| match errno {
            Errno::NOENT | Errno::NOTDIR => Error::Missing,
            errno => Error::Io(errno.into()),
        })
    }

    /// The bytes of a regular file.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        // Looked at before it is opened for reading, since opening a device can do something.
        if !self.file(path, OFlags::PATH)?.metadata().map_err(Error::Io)?.is_file() {
            return Err(Error::NotAFile);
        }
        let file = self.file(path, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY)?;
        let metadata = file.metadata().map_err(Error::Io)?;
        if !metadata.is_file() {
            return Err(Error::NotAFile);
        }
        // Room for all of it, so that no copy is left behind of what may be a private key.
        let room = metadata.len().min(SIZE_LIMIT) + 1;
        let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or_default());
        file.take(SIZE_LIMIT + 1).read_to_end(&mut bytes).map_err(Error::Io)?;
        if bytes.len() as u64 > SIZE_LIMIT {
            return Err(Error::TooLarge);
        }
        Ok(bytes)
    }

    /// The names in a folder, sorted.
    pub fn list(&self, path: &str) -> Result<Vec<String>, Error> {
        let folder = self.open(path, OFlags::RDONLY | OFlags::DIRECTORY)?;
        let entries =
            rustix::fs::Dir::read_from(&folder).map_err(|errno| Error::Io(errno.into()))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|errno| Error::Io(errno.into()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name != "." && name != ".." {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// Mode and owner of what a path leads to.
    pub fn attributes(&self, path: &str) -> Result<Attributes, Error> {
        use std::os::unix::fs::MetadataExt;
        let metadata = self.file(path, OFlags::PATH)?.metadata().map_err(Error::Io)?;
        Ok(Attributes {
            mode: metadata.mode() & 0o7777,
            uid: metadata.uid(),
            gid: metadata.gid(),
            is_folder: metadata.is_dir(),
        })
    }

    fn file(&self, path: &str, flags: OFlags) -> Result<File, Error> {
        self.open(path, flags).map(File::from)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::{Error, Root};

    #[test]
    fn nothing_outside_the_root_is_read() {
        let outside = tempfile::tempdir().expect("a folder");
        fs::write(outside.path().join("secret"), "outside").expect("written");
        let folder = outside.path().join("root");
        fs::create_dir_all(folder.join("etc")).expect("made");
        fs::write(folder.join("etc/inside"), "inside").expect("written");
        symlink("../../secret", folder.join("etc/up")).expect("linked");
        symlink(outside.path().join("secret"), folder.join("etc/absolute")).expect("linked");
        symlink("/etc/inside", folder.join("etc/link")).expect("linked");
        symlink("loop", folder.join("etc/loop")).expect("linked");
        let root = Root::new(folder);
        for path in ["/etc/inside", "/etc/link", "/../etc/inside", "/etc/../../etc/inside"] {
            assert_eq!(root.read(path).expect(path), b"inside", "{path}");
        }
        for path in ["/etc/up", "/etc/absolute", "/etc/none", "/etc/inside/x"] {
            assert!(matches!(root.read(path), Err(Error::Missing)), "{path}");
        }
        assert!(matches!(root.read("/etc/loop"), Err(Error::Io(_))));
        assert!(matches!(root.read("/etc"), Err(Error::NotAFile)));
    }

    #[test]
    fn a_fifo_a_device_and_a_giant_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("etc")).expect("made");
        let at = |name: &str| folder.path().join("etc").join(name);
        rustix::fs::mkfifoat(rustix::fs::CWD, at("fifo"), rustix::fs::Mode::RWXU).expect("made");
        fs::File::create(at("giant")).expect("created").set_len(20 << 20).expect("grown");
        let root = Root::new(folder.path().to_owned());
        assert!(matches!(root.read("/etc/fifo"), Err(Error::NotAFile)));
        assert!(matches!(root.read("/etc/giant"), Err(Error::TooLarge)));
        assert!(matches!(Root::new("/".into()).read("/dev/null"), Err(Error::NotAFile)));
    }

    #[test]
    fn attributes_are_those_of_what_a_link_points_to() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("etc")).expect("made");
        let file = folder.path().join("etc/f");
        fs::write(&file, "").expect("written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("set");
        symlink("f", folder.path().join("etc/l")).expect("linked");
        let root = Root::new(folder.path().to_owned());
        assert_eq!(root.attributes("/etc/l").expect("there").mode, 0o640);
        assert!(root.attributes("/etc").expect("there").is_folder);
        assert_eq!(root.list("/etc").expect("listed"), ["f", "l"]);
    }

    #[test]
    fn a_folder_without_etc_is_a_copy_of_etc_kubernetes() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("pki")).expect("made");
        fs::write(folder.path().join("pki/ca.crt"), "ca").expect("written");
        let root = Root::new(folder.path().to_owned());
        assert_eq!(root.read("/etc/kubernetes/pki/ca.crt").expect("there"), b"ca");
        assert!(matches!(root.read("/etc/kubernetespki/ca.crt"), Err(Error::Missing)));
        assert!(root.shown("/etc/kubernetes/pki/ca.crt").ends_with("pki/ca.crt"));
    }
}
