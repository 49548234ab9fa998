//! Through which file, folder or link on the way somebody else can change a file.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, Stat, lstat};

use super::outsider::{Outsider, is_trusted, is_unmapped, writer};

/// The kernel follows no more links on one way, `MAXSYMLINKS` in `include/linux/namei.h`.
const MOST_LINKS: usize = 40;

/// How somebody besides root and the user who runs plimsoll can change a file.
#[derive(Debug)]
pub struct Exposure {
    /// Who can.
    pub who: Outsider,
    /// What lets them: the file, a link to it, or a folder on the way.
    pub place: PathBuf,
    /// The permission bits of `place`.
    pub mode: u32,
}

/// How somebody else can change the file at `path`, or put another in its place: by the file, by every
/// folder on the way and by every link, whose own folders are on the way too. `None` also where the way
/// cannot be followed: then the file cannot be read either.
pub fn exposure(path: &Path) -> Option<Exposure> {
    let mut at = PathBuf::from("/");
    let mut rest: VecDeque<OsString> = parts(&std::path::absolute(path).ok()?);
    let mut links = 0;
    let top = lstat(&at).ok()?;
    if let Some(who) = exposed(&top) {
        return Some(Exposure { who, place: at, mode: top.st_mode & 0o7777 });
    }
    while let Some(name) = rest.pop_front() {
        if name == ".." {
            at.pop();
            continue;
        }
        let next = at.join(&name);
        let stat = lstat(&next).ok()?;
        if let Some(who) = exposed(&stat) {
            return Some(Exposure { who, place: next, mode: stat.st_mode & 0o7777 });
        }
        if FileType::from_raw_mode(stat.st_mode) != FileType::Symlink {
            at = next;
            continue;
        }
        links += 1;
        if links > MOST_LINKS {
            return None;
        }
        let target = std::fs::read_link(&next).ok()?;
        if target.is_absolute() {
            at = PathBuf::from("/");
        }
        let mut way = parts(&target);
        way.append(&mut rest);
        rest = way;
    }
    None
}

/// The names of a path; `..` is one, because it leads up from where a link has led.
fn parts(path: &Path) -> VecDeque<OsString> {
    let names = path.as_os_str().as_bytes().split(|byte| *byte == b'/');
    let names = names.filter(|name| !name.is_empty() && *name != b".");
    names.map(|name| OsStr::from_bytes(name).to_owned()).collect()
}

fn exposed(stat: &Stat) -> Option<Outsider> {
    let kind = FileType::from_raw_mode(stat.st_mode);
    let foreign = !is_trusted(stat.st_uid);
    let is_folder = kind == FileType::Directory;
    if foreign && !(is_folder && is_unmapped(stat.st_uid)) {
        return Some(Outsider::Owner(stat.st_uid));
    }
    // The mode of a link means nothing, and in a sticky folder such as /tmp nobody can put away the
    // files of others.
    let sticky = is_folder && stat.st_mode & 0o1000 != 0;
    if kind == FileType::Symlink || sticky { None } else { writer(stat) }
}
