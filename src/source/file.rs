//! One file, or standard input, as text.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::steady;

/// The largest text that is read, in bytes. The manifests of a control plane are a few kilobytes.
pub const SIZE_LIMIT: u64 = 8 * 1024 * 1024;

/// The largest report of an earlier run that is read, in bytes: one of ten thousand manifests is
/// smaller.
pub const REPORT_LIMIT: u64 = 1024 * 1024 * 1024;

/// The largest file of rules or waivers that is read, in bytes: while it is read each of its bytes
/// takes sixty in memory.
pub const PACK_LIMIT: u64 = 2 * 1024 * 1024;

/// A text that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system says no.
    #[error("{}: {cause}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Reading a pipe or a device could block or never end.
    #[error("{}: not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// See [`SIZE_LIMIT`], [`REPORT_LIMIT`] and [`PACK_LIMIT`].
    #[error("{}: larger than {} MiB, the most that is read", path.display(), limit >> 20)]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most that is read of its kind, in bytes.
        limit: u64,
    },
    /// Half of it may be old and half of it new.
    #[error("{}: it was written to while it was read: check again", .0.display())]
    Changed(PathBuf),
    /// Links can make a small folder endless.
    #[error("{}: holds more than 1,000,000 files and folders: the others are not looked at", .0.display())]
    TooMany(PathBuf),
    /// Kubernetes reads UTF-8 only.
    #[error("{}: line {line}: not UTF-8{hint}", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line of the first byte that is not.
        line: usize,
        /// What it may be instead.
        hint: &'static str,
    },
}

/// Reads a regular file, links followed.
pub fn read_file(path: &Path) -> Result<String, Error> {
    read_at_most(path, SIZE_LIMIT)
}

/// Reads a report that was kept, as [`read_file`] but larger.
pub fn read_report(path: &Path) -> Result<String, Error> {
    read_at_most(path, REPORT_LIMIT)
}

/// Reads a file of rules or waivers, as [`read_file`] but smaller.
pub fn read_pack(path: &Path) -> Result<String, Error> {
    read_at_most(path, PACK_LIMIT)
}

fn read_at_most(path: &Path, limit: u64) -> Result<String, Error> {
    let io = |cause| Error::Io { path: path.to_owned(), cause };
    // Looked at before it is opened, since opening a FIFO waits for its other end.
    if !std::fs::metadata(path).map_err(io)?.is_file() {
        return Err(Error::NotAFile(path.to_owned()));
    }
    let file = steady::open(path).map_err(io)?;
    let bytes = steady::read(&file, limit).map_err(|error| match error {
        steady::Error::Io(cause) => io(cause),
        steady::Error::NotAFile => Error::NotAFile(path.to_owned()),
        steady::Error::TooLarge => Error::TooLarge { path: path.to_owned(), limit },
        steady::Error::Changed => Error::Changed(path.to_owned()),
    })?;
    text(bytes, path)
}

/// The bytes of a file of `/proc`, or of a copy of it, where anything can lie.
pub(super) fn read_whole(path: &Path) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(not_a_file());
    }
    steady::read(&steady::open(path)?, SIZE_LIMIT).map_err(|error| match error {
        steady::Error::Io(cause) => cause,
        steady::Error::NotAFile => not_a_file(),
        steady::Error::TooLarge => too_large(),
        steady::Error::Changed => {
            io::Error::other("it was written to while it was read: check again")
        }
    })
}

fn not_a_file() -> io::Error {
    io::Error::other("not a regular file")
}

/// What is beyond [`SIZE_LIMIT`].
pub(super) fn too_large() -> io::Error {
    io::Error::other(format!("larger than {} MiB, the most that is read", SIZE_LIMIT >> 20))
}

/// Reads standard input to its end.
pub fn read_stdin() -> Result<String, Error> {
    let path = Path::new(super::STDIN);
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(SIZE_LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(|cause| Error::Io { path: path.to_owned(), cause })?;
    if bytes.len() as u64 > SIZE_LIMIT {
        return Err(Error::TooLarge { path: path.to_owned(), limit: SIZE_LIMIT });
    }
    text(bytes, path)
}

/// The most of a file that is looked through for a word, in bytes.
const LOOKED_THROUGH: u64 = 256 << 20;

/// How much of it is looked at at a time, and how much of that once more with the next part.
const PART: usize = 1 << 20;
const OVERLAP: usize = 256;

/// How programs, archives and pictures begin: no server reads one as its configuration.
const BINARIES: [&[u8]; 12] = [
    b"\x7fELF",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\0asm",
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"SQLite format 3\0",
];

/// Whether a part of a file that is no text, or too long for one, has what is looked for. What is not
/// UTF-8 is left out of the parts, and so are zero bytes, which UTF-16 has between letters.
pub fn any_part(path: &Path, mut has: impl FnMut(&str) -> bool) -> io::Result<bool> {
    let mut file = steady::open(path)?.take(LOOKED_THROUGH);
    let mut part = Vec::new();
    loop {
        let is_start = part.is_empty();
        part.drain(..part.len().saturating_sub(OVERLAP));
        let kept = part.len();
        file.by_ref().take(PART as u64).read_to_end(&mut part)?;
        if is_start && BINARIES.iter().any(|begin| part.starts_with(begin)) || part.len() == kept {
            return Ok(false);
        }
        let letters: Vec<u8> = part.iter().copied().filter(|byte| *byte != 0).collect();
        if has(&String::from_utf8_lossy(&letters)) {
            return Ok(true);
        }
    }
}

fn text(bytes: Vec<u8>, path: &Path) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let hint = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "; it looks like UTF-16: save it as UTF-8",
            _ => "",
        };
        let line = bytes.iter().take(good).filter(|byte| **byte == b'\n').count() + 1;
        Error::NotUtf8 { path: path.to_owned(), line, hint }
    })
}

#[cfg(test)]
mod tests {
    use super::{Error, PART, any_part, read_file};

    #[test]
    fn a_word_is_found_in_any_part_of_what_is_no_text() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("f");
        let has = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            any_part(&path, |text| text.contains("kubelet")).expect("readable")
        };
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        assert!(has(b"a\xff kubelet") && has(&wide("kubelet")));
        assert!(!has(b"") && !has(b"\xff kube") && !has(b"\x7fELF kubelet"));
        for at in [PART - 3, PART, PART + 5, 2 * PART - 3] {
            let mut bytes = vec![b'x'; at];
            bytes.extend_from_slice(b"kubelet");
            assert!(has(&bytes), "{at}");
        }
    }

    #[test]
    fn what_is_not_a_small_text_file_is_named_and_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("f");
        std::fs::write(&path, b"a\nb\xff").expect("written");
        let error = read_file(&path).expect_err("not UTF-8");
        assert!(error.to_string().ends_with("f: line 2: not UTF-8"), "{error}");
        std::fs::write(&path, [0xff, 0xfe, 0x61, 0]).expect("written");
        assert!(read_file(&path).expect_err("UTF-16").to_string().contains("UTF-16"));
        assert!(matches!(read_file(folder.path()), Err(Error::NotAFile(_))));
        let large = std::fs::File::create(&path).expect("created");
        large.set_len(20 << 20).expect("grown");
        assert!(matches!(read_file(&path), Err(Error::TooLarge { .. })));
    }
}
