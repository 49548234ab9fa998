//! A file before it has its name.
//!
//! It has no name at all where the file system can do that, so that nothing is left behind however the
//! run ends; elsewhere it has a hidden one that was free.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;

use rustix::fs::{
    AtFlags, CWD, Mode, OFlags, Stat, fchmod, fchown, fstat, linkat, openat, renameat, unlinkat,
};
use rustix::io::Errno;
use rustix::process::{Gid, geteuid};

/// What a new file may at most be, before the umask.
const NEW: Mode = Mode::from_raw_mode(0o644);

/// A file being written that will have a name in a folder.
#[derive(Debug)]
pub(super) struct Draft {
    folder: OwnedFd,
    pub(super) file: File,
    /// Its name for now, if it has one.
    name: Option<OsString>,
}

impl Draft {
    /// Begins a file in a folder. It gets the mode of the file that it will replace if `replaced` is
    /// the user's own, else [`NEW`].
    pub(super) fn begin(folder: OwnedFd, replaced: Option<&Stat>) -> io::Result<Self> {
        let draft = match nameless(&folder) {
            Some(file) => Self { folder, file, name: None },
            None => Self::named(folder)?,
        };
        if let Some(replaced) = replaced.filter(|there| there.st_uid == geteuid().as_raw()) {
            take_mode(&draft.file, replaced)?;
        }
        Ok(draft)
    }

    /// Begins a file under a hidden name.
    pub(super) fn named(folder: OwnedFd) -> io::Result<Self> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let (name, file) = first_free(|name| openat(&folder, name, flags, NEW))?;
        Ok(Self { folder, file: file.into(), name: Some(name) })
    }

    /// Gives the file its name, in the place of what has it now.
    pub(super) fn finish(&mut self, name: &OsStr) -> io::Result<()> {
        self.file.sync_all()?;
        if self.name.is_none() {
            let (folder, this) = (self.folder.as_fd(), of_file(&self.file));
            let link = |name: &OsStr| linkat(CWD, &this, folder, name, AtFlags::SYMLINK_FOLLOW);
            self.name = Some(first_free(link)?.0);
        }
        if let Some(draft) = &self.name {
            renameat(&self.folder, draft, &self.folder, name)?;
            self.name = None;
        }
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            let _ = unlinkat(&self.folder, name, AtFlags::empty());
        }
    }
}

/// Gives a file the mode and group of another. Set-id and sticky bits are left out, and so is writing by
/// group and others: in a folder of several users each of them could be meant.
fn take_mode(file: &File, of: &Stat) -> io::Result<()> {
    let mut mode = of.st_mode & 0o755;
    let group = Some(Gid::from_raw(of.st_gid));
    if fstat(file)?.st_gid != of.st_gid && fchown(file, None, group).is_err() {
        // The bits of that group are not for another one: it may do what everybody may.
        mode &= 0o707 | (mode & 0o007) << 3;
    }
    Ok(fchmod(file, Mode::from_raw_mode(mode))?)
}

/// A file without a name on the file system of a folder; none where that cannot be had.
fn nameless(folder: impl AsFd) -> Option<File> {
    let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
    let file = File::from(openat(folder, ".", flags, NEW).ok()?);
    // It gets its name through /proc, which a container may lack.
    of_file(&file).exists().then_some(file)
}

/// The way to an open file through `/proc`.
pub(super) fn of_file(file: impl AsFd) -> PathBuf {
    use std::os::fd::AsRawFd;
    PathBuf::from(format!("/proc/self/fd/{}", file.as_fd().as_raw_fd()))
}

/// Does something with the first hidden name that is free. The name does not contain the file's own,
/// which may be as long as the file system allows.
fn first_free<T>(with: impl Fn(&OsStr) -> rustix::io::Result<T>) -> io::Result<(OsString, T)> {
    let names = (0..=u32::MAX).map(|n| format!(".plimsoll.{}.{n}.tmp", std::process::id()));
    for name in names.map(OsString::from) {
        match with(&name) {
            Err(Errno::EXIST) => {}
            done => return Ok((name, done?)),
        }
    }
    Err(Errno::EXIST.into())
}
