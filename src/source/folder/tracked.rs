//! The files that git tracks, by a repository's index: it ignores none of them, whatever its patterns say.
//!
//! Source: gitformat-index(5).

use std::io;
use std::path::Path;

use crate::source::file::read_whole;

/// The bytes of an entry before the name of its object: times, device, owner, size.
const STAT: usize = 40;

/// The lengths of the name of an object: SHA-1 and SHA-256.
const NAMES: [usize; 2] = [20, 32];

/// The flag of an entry that has further flags.
const EXTENDED: u16 = 0x4000;

/// The paths that a repository tracks, from its root, sorted.
#[derive(Debug, Default)]
pub(super) struct Tracked(Vec<Vec<u8>>);

impl Tracked {
    /// Those of an index; `None` if it cannot be read. Without one nothing is tracked yet.
    pub(super) fn of(index: &Path) -> Option<Self> {
        match read_whole(index) {
            Ok(bytes) => NAMES.into_iter().find_map(|name| read(&bytes, name)).map(Self),
            Err(error) => (error.kind() == io::ErrorKind::NotFound).then(Self::default),
        }
    }

    /// Whether a file is tracked, or a file of a folder.
    pub(super) fn has(&self, path: &[u8], is_folder: bool) -> bool {
        if self.0.binary_search_by(|known| known.as_slice().cmp(path)).is_ok() {
            return true;
        }
        let below = [path, b"/"].concat();
        let at = self.0.partition_point(|known| *known < below);
        is_folder && self.0.get(at).is_some_and(|known| known.starts_with(&below))
    }
}

/// The paths of an index whose objects have names of this length; `None` if it is no such index.
fn read(bytes: &[u8], name: usize) -> Option<Vec<Vec<u8>>> {
    let rest = bytes.strip_prefix(b"DIRC")?;
    let number = |at: usize| Some(u32::from_be_bytes(*rest.get(at..)?.first_chunk()?));
    let (version, count) = (number(0)?, number(4)?);
    if !(2..=4).contains(&version) {
        return None;
    }
    let mut entries = rest.get(8..)?;
    let mut paths: Vec<Vec<u8>> = Vec::new();
    for _ in 0..count {
        let start = entries;
        let flags = u16::from_be_bytes(*entries.get(STAT + name..)?.first_chunk()?);
        let extended = version > 2 && flags & EXTENDED != 0;
        entries = entries.get(STAT + name + if extended { 4 } else { 2 }..)?;
        let before = paths.last().map_or(&[][..], Vec::as_slice);
        let kept = if version == 4 {
            let (dropped, rest) = variable(entries)?;
            entries = rest;
            before.get(..before.len().checked_sub(dropped)?)?
        } else {
            &[]
        };
        let end = memchr::memchr(0, entries)?;
        let path = [kept, entries.get(..end)?].concat();
        // Entries are sorted; several of one path are the sides of a conflict.
        if path.is_empty() || path.as_slice() < before {
            return None;
        }
        entries = entries.get(end + 1..)?;
        if version < 4 {
            // Padded with NULs to eight bytes, one of them being there already.
            let length = start.len() - entries.len();
            entries = entries.get(length.next_multiple_of(8) - length..)?;
        }
        paths.push(path);
    }
    (entries.len() >= name).then_some(paths)
}

/// A number as packs write offsets, and what follows it.
fn variable(mut bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0_usize;
    let mut is_first = true;
    loop {
        let (byte, rest) = bytes.split_first()?;
        bytes = rest;
        number = if is_first { 0 } else { number.checked_add(1)?.checked_mul(128)? };
        number |= usize::from(byte & 0x7f);
        is_first = false;
        if byte & 0x80 == 0 {
            return Some((number, bytes));
        }
    }
}
