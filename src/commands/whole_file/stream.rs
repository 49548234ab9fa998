//! Outputs that are no files to be replaced: devices, pipes, and what a process has open.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use anyhow::{Context, bail};
use rustix::fs::{
    CWD, FileType, Mode, OFlags, Stat, fcntl_getfl, fcntl_setfl, fstat, major, minor, openat,
};
use rustix::io::Errno;

use super::draft::of_file;
use crate::source::{is_trusted, outsider};

/// For writing, without waiting for a reader.
const WRITE: OFlags =
    OFlags::WRONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// Opens a pipe or device by its name in a folder, where `there` was found. One that another user has made
/// is refused: it could hold up the run, or hand the report to somebody.
pub(super) fn open(folder: &OwnedFd, name: &OsStr, there: &Stat) -> anyhow::Result<File> {
    let around = fstat(folder)?;
    judge(there, &around)?;
    let flags = WRITE | OFlags::NOFOLLOW;
    let file = opened(openat(folder, name, flags, Mode::empty()), there)?;
    // It may have been exchanged before it was opened; what is open cannot be.
    judge(&fstat(&file)?, &around)?;
    waiting(file)
}

fn judge(stat: &Stat, folder: &Stat) -> anyhow::Result<()> {
    let what = match FileType::from_raw_mode(stat.st_mode) {
        FileType::Fifo => "FIFO",
        FileType::CharacterDevice => "device",
        _ => bail!("not a file, a pipe or a terminal"),
    };
    if !is_trusted(stat.st_uid) && !takes_all(stat) {
        bail!("a {what} that belongs to user {}: name a file of your own", stat.st_uid);
    }
    // Who can write to the folder can give one from elsewhere a second name in it.
    if stat.st_nlink > 1 && outsider(folder).is_some() {
        bail!("a {what} with several names: name a file of your own");
    }
    Ok(())
}

/// Opens what a process has open. Whoever opened it has decided who else sees it.
pub(super) fn reopen(file: &OwnedFd, stat: &Stat) -> anyhow::Result<File> {
    if let Some(standard) = standard(stat)? {
        return Ok(standard);
    }
    let kind = FileType::from_raw_mode(stat.st_mode);
    if !matches!(kind, FileType::RegularFile | FileType::Fifo | FileType::CharacterDevice) {
        bail!("not a file, a pipe or a terminal");
    }
    let flags = WRITE | OFlags::APPEND;
    waiting(opened(openat(CWD, of_file(file), flags, Mode::empty()), stat)?)
}

fn opened(file: rustix::io::Result<OwnedFd>, stat: &Stat) -> anyhow::Result<OwnedFd> {
    let is_pipe = FileType::from_raw_mode(stat.st_mode) == FileType::Fifo;
    match file {
        Err(Errno::NXIO) if is_pipe => {
            bail!("nothing reads from this pipe: start its reader first")
        }
        file => Ok(file?),
    }
}

/// The file, with writes that wait for the reader.
fn waiting(file: OwnedFd) -> anyhow::Result<File> {
    fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    Ok(file.into())
}

/// Standard output or standard error, if it is this file: what is printed to it as well comes in order,
/// and sockets, which cannot be opened by name, take it.
fn standard(stat: &Stat) -> anyhow::Result<Option<File>> {
    let (out, error) = (io::stdout(), io::stderr());
    for stream in [out.as_fd(), error.as_fd()] {
        let is_it =
            fstat(stream).is_ok_and(|it| (it.st_dev, it.st_ino) == (stat.st_dev, stat.st_ino));
        if is_it {
            return Ok(Some(stream.try_clone_to_owned().context("a standard stream")?.into()));
        }
    }
    Ok(None)
}

/// Whether it is `/dev/null`, `/dev/zero` or `/dev/full`, which a container without root may show as
/// somebody's: only root can make them.
fn takes_all(stat: &Stat) -> bool {
    let number = (major(stat.st_rdev), minor(stat.st_rdev));
    FileType::from_raw_mode(stat.st_mode) == FileType::CharacterDevice
        && matches!(number, (1, 3 | 5 | 7))
}
