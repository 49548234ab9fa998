//! Reading an open file to its end while nobody writes to it.
//!
//! A file that is replaced by another stays whole in the hands of who has it open. One that is
//! written to in place may be half of the old and half of the new, which nobody ever wrote.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

/// Why there is no text.
#[derive(Debug)]
pub(super) enum Error {
    /// The file system says no.
    Io(io::Error),
    /// It is a folder, a pipe or a device.
    NotAFile,
    /// There is more than the limit.
    TooLarge,
    /// It was written to in the meantime.
    Changed,
}

/// Opens a file for reading. What turns out to be a FIFO or a device does not hold up the run.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

/// The bytes of an open regular file, if they are at most `limit`.
pub(super) fn read(file: &File, limit: u64) -> Result<Vec<u8>, Error> {
    read_through(file, file, limit)
}

/// As [`read`], by way of `from`.
fn read_through(file: &File, from: impl Read, limit: u64) -> Result<Vec<u8>, Error> {
    let before = state(file)?;
    // What is as long as it says needs no look at what follows; files of `/proc` say nothing.
    let most = if before.size > 0 { before.size.min(limit + 1) } else { limit + 1 };
    // Room for all of it: no copy is left behind of what may be a private key.
    let mut bytes = Vec::with_capacity(usize::try_from(before.size.min(most)).unwrap_or_default());
    from.take(most).read_to_end(&mut bytes).map_err(Error::Io)?;
    if bytes.len() as u64 > limit {
        return Err(Error::TooLarge);
    }
    if state(file)? != before {
        return Err(Error::Changed);
    }
    Ok(bytes)
}

/// What changes when a file is written to.
#[derive(PartialEq)]
struct State {
    size: u64,
    modified: (i64, i64),
}

fn state(file: &File) -> Result<State, Error> {
    let metadata = file.metadata().map_err(Error::Io)?;
    if !metadata.is_file() {
        return Err(Error::NotAFile);
    }
    let modified = (metadata.mtime(), metadata.mtime_nsec());
    Ok(State { size: metadata.len(), modified })
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::{self, Read};

    use super::{Error, read_through};

    /// A reader that does something to the file before it gives the rest of it.
    struct Disturbed<'f, F>(&'f File, Option<F>);

    impl<F: FnOnce()> Read for Disturbed<'_, F> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let half = into.len().min(4);
            let read = self.0.read(&mut into[..half]);
            if let Some(disturb) = self.1.take() {
                disturb();
            }
            read
        }
    }

    #[test]
    fn a_file_that_is_written_to_while_it_is_read_is_an_error_and_one_that_is_replaced_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.yaml");
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        let read = |disturb: &dyn Fn()| {
            fs::write(&path, "the old text").expect("written");
            let file = File::options().read(true).write(true).open(&path).expect("opened");
            file.set_modified(long_ago).expect("set");
            read_through(&file, Disturbed(&file, Some(disturb)), 100)
        };
        assert_eq!(read(&|| ()).expect("undisturbed"), b"the old text");
        let written = read(&|| fs::write(&path, "the new text").expect("written"));
        assert!(matches!(written, Err(Error::Changed)), "{written:?}");
        let cut = read(&|| {
            let file = File::options().write(true).open(&path).expect("opened");
            file.set_len(6).and_then(|()| file.set_modified(long_ago)).expect("cut");
        });
        assert!(matches!(cut, Err(Error::Changed)), "{cut:?}");
        let replaced = read(&|| {
            fs::write(folder.path().join("b"), "another").expect("written");
            fs::rename(folder.path().join("b"), &path).expect("renamed");
        });
        assert_eq!(replaced.expect("whole"), b"the old text");
        let removed = read(&|| fs::remove_file(&path).expect("removed"));
        assert_eq!(removed.expect("whole"), b"the old text");
    }
}
