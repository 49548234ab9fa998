//! The place that an output's path leads to, found name by name from opened folders.
//!
//! Nobody can exchange a folder that is open. So what is judged here is what is written to later: by its
//! name in the folder that was found, never by the path again.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, PROC_SUPER_MAGIC, Stat, fstat, fstatfs, openat,
    readlinkat, statat,
};
use rustix::io::Errno;

use crate::source::{is_trusted, outsider};

/// The kernel follows no more links on one way, `MAXSYMLINKS` in `include/linux/namei.h`.
const MOST_LINKS: usize = 40;

/// Where an output goes.
#[derive(Debug)]
pub(in crate::commands) struct OutputPlace {
    /// As the user named it.
    pub(super) path: PathBuf,
    pub(super) at: At,
}

#[derive(Debug)]
pub(super) enum At {
    /// A name in a folder.
    Name { folder: OwnedFd, name: OsString, there: Option<Stat> },
    /// A file that a process has open, reached through `/proc`: it has no name to replace.
    Open { file: OwnedFd, stat: Stat },
}

/// What a file is known by, whatever its name: device and inode.
pub(in crate::commands) type Identity = (u64, u64);

impl OutputPlace {
    /// Finds where a path leads. A link is followed only if nobody but root and the user who runs
    /// plimsoll can have put it there: another could lead the report into any file.
    pub(in crate::commands) fn find(path: &Path) -> anyhow::Result<Self> {
        let at = find(path).with_context(|| path.display().to_string())?;
        Ok(Self { path: path.to_owned(), at })
    }

    /// As the user named it.
    pub(in crate::commands) fn path(&self) -> &Path {
        &self.path
    }

    /// The regular file that would be replaced.
    pub(in crate::commands) fn replaces(&self) -> Option<Identity> {
        match &self.at {
            At::Name { there: Some(there), .. } | At::Open { stat: there, .. } => {
                let kind = FileType::from_raw_mode(there.st_mode);
                (kind == FileType::RegularFile).then_some((there.st_dev, there.st_ino))
            }
            At::Name { there: None, .. } => None,
        }
    }

    /// Whether two paths lead to the same name.
    pub(in crate::commands) fn is_same(&self, other: &Self) -> bool {
        match (&self.at, &other.at) {
            (At::Name { folder, name, .. }, At::Name { folder: beside, name: also, .. }) => {
                let same = |a: Stat, b: Stat| (a.st_dev, a.st_ino) == (b.st_dev, b.st_ino);
                name == also
                    && fstat(folder).ok().zip(fstat(beside).ok()).is_some_and(|(a, b)| same(a, b))
            }
            _ => false,
        }
    }

    /// Whether it is a pipe, a device or what a process has open, and not a file or the name of a new one.
    pub(in crate::commands) fn is_stream(&self) -> bool {
        match &self.at {
            At::Name { there, .. } => there.is_some() && self.replaces().is_none(),
            At::Open { .. } => true,
        }
    }

    /// Whether another user has put the file here, in a folder that is not that user's own.
    pub(in crate::commands) fn is_planted(&self) -> bool {
        let At::Name { folder, there: Some(there), .. } = &self.at else { return false };
        let keeper = fstat(folder).ok().map(|folder| folder.st_uid);
        !is_trusted(there.st_uid) && keeper != Some(there.st_uid)
    }
}

fn find(path: &Path) -> anyhow::Result<At> {
    let mut walk = Walk::begin(path)?;
    loop {
        let name = walk.rest.pop_front().context("not a file name")?;
        let is_last = walk.rest.is_empty();
        if name == ".." {
            walk.enter(&name)?;
            continue;
        }
        let stat = match statat(&walk.folder, &name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => stat,
            Err(Errno::NOENT) if is_last && !walk.wants_folder => {
                return Ok(At::Name { folder: walk.folder, name, there: None });
            }
            Err(error) => return Err(error.into()),
        };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Symlink => {
                if let Some(open) = walk.follow(&name, &stat)? {
                    return Ok(open);
                }
            }
            FileType::Directory if !is_last => walk.enter(&name)?,
            FileType::Directory => bail!("not a file name"),
            _ if is_last && !walk.wants_folder => {
                return Ok(At::Name { folder: walk.folder, name, there: Some(stat) });
            }
            _ => return Err(Errno::NOTDIR.into()),
        }
    }
}

/// A path that is being followed.
struct Walk {
    folder: OwnedFd,
    /// The names that are still to be looked up.
    rest: VecDeque<OsString>,
    /// Whether what the last of them leads to has to be a folder, by a slash behind it.
    wants_folder: bool,
    links: usize,
}

impl Walk {
    fn begin(path: &Path) -> anyhow::Result<Self> {
        let folder = open_folder(CWD, if path.is_absolute() { "/" } else { "." }.as_ref())?;
        let wants_folder = path.as_os_str().as_bytes().ends_with(b"/");
        Ok(Self { folder, rest: names(path), wants_folder, links: 0 })
    }

    fn enter(&mut self, name: &OsStr) -> anyhow::Result<()> {
        self.folder = open_folder(&self.folder, name)?;
        Ok(())
    }

    /// Follows a link; gives the file that it leads to if that has no name.
    fn follow(&mut self, name: &OsStr, link: &Stat) -> anyhow::Result<Option<At>> {
        let shown = Path::new(name).display();
        if !is_trusted(link.st_uid) {
            let owner = link.st_uid;
            bail!("{shown} is a link that user {owner} has put there: name the file it leads to");
        }
        // Who can write to the folder can give a link from elsewhere a second name in it.
        if link.st_nlink > 1 && outsider(&fstat(&self.folder)?).is_some() {
            bail!("{shown} is a link with several names: name the file it leads to");
        }
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(Errno::LOOP.into());
        }
        // Links of /proc lead to what a process has open, whatever their text says.
        if fstatfs(&self.folder)?.f_type == PROC_SUPER_MAGIC {
            return self.follow_in_proc(name);
        }
        let target = readlinkat(&self.folder, name, Vec::new())?;
        let target = Path::new(OsStr::from_bytes(target.as_bytes()));
        if self.rest.is_empty() {
            self.wants_folder |= target.as_os_str().as_bytes().ends_with(b"/");
        }
        if target.is_absolute() {
            self.folder = open_folder(CWD, "/".as_ref())?;
        }
        let mut way = names(target);
        way.append(&mut self.rest);
        self.rest = way;
        Ok(None)
    }

    fn follow_in_proc(&mut self, name: &OsStr) -> anyhow::Result<Option<At>> {
        let flags = OFlags::PATH | OFlags::CLOEXEC;
        let file = openat(&self.folder, name, flags, Mode::empty())?;
        let stat = fstat(&file)?;
        if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
            self.folder = file;
            return Ok(None);
        }
        if !self.rest.is_empty() || self.wants_folder {
            return Err(Errno::NOTDIR.into());
        }
        Ok(Some(At::Open { file, stat }))
    }
}

fn open_folder(folder: impl std::os::fd::AsFd, name: &OsStr) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(folder, name, flags, Mode::empty())
}

/// The names of a path; `..` is one, because it leads up from where a link has led.
fn names(path: &Path) -> VecDeque<OsString> {
    let names = path.as_os_str().as_bytes().split(|byte| *byte == b'/');
    let names = names.filter(|name| !name.is_empty() && *name != b".");
    names.map(|name| OsStr::from_bytes(name).to_owned()).collect()
}
