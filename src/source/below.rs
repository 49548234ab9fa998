//! What lies below a root: opened, read, listed, walked through.
//!
//! The kernel resolves every link inside the folder (`openat2` with `RESOLVE_IN_ROOT`), as it would
//! for a process that has the folder for its root. Only where it cannot, because the folder is a part of
//! the node, is read in another user's name or the kernel is older than Linux 5.6, `resolve.rs` walks in its
//! place. Nothing but regular files is read, so that a FIFO or a device cannot hold up the run.

use std::fs::File;
use std::os::fd::OwnedFd;

use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
use rustix::io::Errno;

use super::attributes::Attributes;
use super::file::SIZE_LIMIT;
use super::resolve::{End, Reached, Walk};
use super::root::{Error, Root};
use super::steady;
use super::user::{Reader, Wish};

/// How deep folders are walked.
const WALK_DEPTH: usize = 32;

/// How many files are looked through in one folder.
const WALK_LENGTH: usize = 10_000;

/// How often a path is walked again after something on the machine was renamed or mounted meanwhile.
const TRIES: usize = 128;

/// Opens a path that never leads out of a folder. The kernel gives up on a `..` if anything was renamed or
/// mounted while it walked, wherever that was, and asks to be called again: see openat2(2), `EAGAIN`.
fn open_inside(folder: &OwnedFd, path: &str, flags: OFlags) -> rustix::io::Result<OwnedFd> {
    let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    let open = || openat2(folder, path, flags, Mode::empty(), resolve);
    let mut opened = open();
    for _ in 1..TRIES {
        if opened.as_ref().err() != Some(&Errno::AGAIN) {
            break;
        }
        opened = open();
    }
    opened
}

impl Root {
    fn open(&self, path: &str, flags: OFlags) -> Result<OwnedFd, Error> {
        if self.is_whole() {
            let inner = path.trim_start_matches('/');
            let inner = if inner.is_empty() { "." } else { inner };
            match open_inside(self.folder()?, inner, flags | OFlags::CLOEXEC) {
                // Linux before 5.6 has no openat2, nor has valgrind.
                Err(Errno::NOSYS) => {}
                Err(Errno::NOENT | Errno::NOTDIR) => return Err(Error::Missing),
                opened => return opened.map_err(|errno| Error::Io(errno.into())),
            }
        }
        let itself = flags.contains(OFlags::NOFOLLOW);
        let reached = self.reach(path, if itself { End::Itself } else { End::Followed }, None)?;
        if flags.contains(OFlags::PATH) {
            reached.file.try_clone().map(OwnedFd::from).map_err(Error::Io)
        } else {
            reached.open(flags).map(OwnedFd::from)
        }
    }

    fn reach(&self, path: &str, end: End, reader: Option<&Reader>) -> Result<Reached, Error> {
        Walk::new(self, reader).to(path, &[], end).map_err(|stop| stop.error)
    }

    /// Opens what a path leads to, if the one in whose name it is read may read it.
    fn open_for(&self, reader: &Reader, path: &str, flags: OFlags) -> Result<File, Error> {
        let reached = self.reach(path, End::Followed, Some(reader))?;
        let named = (&*reached.path, &reached.attributes);
        if let Some(why) = reader.refuses(Wish::Read, &reached.file, named) {
            return Err(Error::Refused(why));
        }
        // Opening a device can do something.
        if !flags.contains(OFlags::DIRECTORY) && !reached.is_file() {
            return Err(Error::NotAFile);
        }
        reached.open(flags)
    }

    /// The bytes of a regular file.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
        let file = if let Some(reader) = &self.reader {
            self.open_for(reader, path, flags)?
        } else {
            // Looked at before it is opened for reading, since opening a device can do something.
            if !self.file(path, OFlags::PATH)?.metadata().map_err(Error::Io)?.is_file() {
                return Err(Error::NotAFile);
            }
            self.file(path, flags)?
        };
        steady::read(&file, SIZE_LIMIT).map_err(|error| match error {
            steady::Error::Io(cause) => Error::Io(cause),
            steady::Error::NotAFile => Error::NotAFile,
            steady::Error::TooLarge => Error::TooLarge,
            steady::Error::Changed => Error::Changed,
        })
    }

    /// The names in a folder, sorted.
    pub fn list(&self, path: &str) -> Result<Vec<String>, Error> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY;
        let folder = match &self.reader {
            Some(reader) => self.open_for(reader, path, flags)?,
            None => self.file(path, flags)?,
        };
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

    /// The paths below a folder of everything that is no folder itself, each folder's names sorted.
    /// A link to a folder is no folder; `path` may be one only if `through_link` says so.
    pub fn walk(&self, path: &str, through_link: bool) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let flags = OFlags::PATH | OFlags::NOFOLLOW;
        let is_folder =
            through_link || self.file(path, flags)?.metadata().map_err(Error::Io)?.is_dir();
        if is_folder {
            self.walk_into(path, "", 0, &mut found)?;
        }
        Ok(found)
    }

    fn walk_into(
        &self,
        folder: &str,
        below: &str,
        depth: usize,
        found: &mut Vec<String>,
    ) -> Result<(), Error> {
        if depth > WALK_DEPTH || found.len() > WALK_LENGTH {
            return Err(Error::TooMany);
        }
        let names = self.list(&format!("{folder}/{below}"))?;
        for name in names {
            let inner = if below.is_empty() { name } else { format!("{below}/{name}") };
            let flags = OFlags::PATH | OFlags::NOFOLLOW;
            let file = self.file(&format!("{folder}/{inner}"), flags)?;
            if file.metadata().map_err(Error::Io)?.is_dir() {
                self.walk_into(folder, &inner, depth + 1, found)?;
            } else {
                found.push(inner);
            }
        }
        Ok(())
    }

    /// Mode and owner of what a path leads to.
    pub fn attributes(&self, path: &str) -> Result<Attributes, Error> {
        let metadata = self.file(path, OFlags::PATH)?.metadata().map_err(Error::Io)?;
        Ok(Attributes::of(&metadata))
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
        // Neither is a root: nothing is said to be missing there.
        for name in ["fifo", "giant"] {
            let root = Root::new(at(name));
            assert!(matches!(root.read("/etc/kubernetes/x"), Err(Error::Io(_))), "{name}");
            assert!(matches!(root.attributes("/etc/kubernetes/x"), Err(Error::Io(_))), "{name}");
        }
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
    fn a_copy_of_one_folder_is_that_folder_and_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("pki")).expect("made");
        fs::write(folder.path().join("pki/ca.crt"), "ca").expect("written");
        let part = format!("/etc/kubernetes={}", folder.path().display());
        let root = Root::of_parts(&[part.parse().expect("a folder")]);
        assert_eq!(root.read("/etc/kubernetes/pki/ca.crt").expect("there"), b"ca");
        assert!(matches!(root.read("/etc/kubernetes/none"), Err(Error::Missing)));
        for path in ["/etc/kubernetespki/ca.crt", "/etc/passwd", "/var/lib/etcd"] {
            assert!(matches!(root.read(path), Err(Error::Outside)), "{path}");
            assert_eq!(root.shown(path), path);
        }
        assert!(root.shown("/etc/kubernetes/pki/ca.crt").ends_with("pki/ca.crt"));
    }

    #[test]
    fn folders_are_walked_as_go_walks_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join("etc/d").join(name);
        fs::create_dir_all(at("20-inner")).expect("made");
        for name in ["10.conf", "20-inner/a.conf", "30.conf"] {
            fs::write(at(name), "").expect("written");
        }
        symlink("20-inner", at("25-link")).expect("linked");
        symlink("d", folder.path().join("etc/l")).expect("linked");
        let root = Root::new(folder.path().to_owned());
        let all = ["10.conf", "20-inner/a.conf", "25-link", "30.conf"];
        assert_eq!(root.walk("/etc/d", false).expect("walked"), all);
        assert!(root.walk("/etc/l", false).expect("a link").is_empty());
        assert_eq!(root.walk("/etc/l", true).expect("through the link"), all);
        assert!(matches!(root.walk("/etc/none", false), Err(Error::Missing)));
    }
}
