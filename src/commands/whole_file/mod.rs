//! A file that appears under its name only when it is whole.
//!
//! Until then it has no name at all where the file system can do that, so that nothing is left
//! behind however the run ends; elsewhere it has a hidden one, which nobody else can have laid out.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, openat};

/// A file being written.
pub(super) struct WholeFile {
    path: PathBuf,
    file: File,
    draft: Draft,
}

/// What the file is before it has its name.
enum Draft {
    /// It has no name yet.
    Nameless,
    /// It has this one.
    Named(PathBuf),
    /// A device or a pipe, which takes what it gets.
    Direct,
}

impl WholeFile {
    /// Begins a file, and gives the writer to write it with.
    pub(super) fn begin(path: &Path) -> anyhow::Result<(Self, BufWriter<File>)> {
        let whole = Self::open(path).with_context(|| path.display().to_string())?;
        let writer = whole.file.try_clone().with_context(|| path.display().to_string())?;
        Ok((whole, BufWriter::with_capacity(1 << 16, writer)))
    }

    /// Writes a file in one go.
    pub(super) fn write(
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let (file, mut writer) = Self::begin(path)?;
        let written = write(&mut writer).and_then(|()| writer.flush());
        written.with_context(|| path.display().to_string())?;
        file.finish()
    }

    fn open(path: &Path) -> anyhow::Result<Self> {
        // What a link leads to is replaced, not the link.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let there = std::fs::metadata(&path).ok();
        if path.file_name().is_none() || there.as_ref().is_some_and(std::fs::Metadata::is_dir) {
            bail!("not a file name");
        }
        if there.as_ref().is_some_and(|there| !there.is_file()) {
            let file = OpenOptions::new().write(true).open(&path)?;
            return Ok(Self { path, file, draft: Draft::Direct });
        }
        let (file, draft) = match nameless(&path) {
            Some(file) => (file, Draft::Nameless),
            None => {
                let draft = draft_name(&path);
                (OpenOptions::new().write(true).create_new(true).open(&draft)?, Draft::Named(draft))
            }
        };
        let whole = Self { path, file, draft };
        if let Some(there) = there {
            whole.file.set_permissions(there.permissions())?;
        }
        Ok(whole)
    }

    /// Gives the file its name. What is written must have been flushed.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        self.name().with_context(|| self.path.display().to_string())
    }

    fn name(&mut self) -> io::Result<()> {
        if matches!(self.draft, Draft::Direct) {
            return Ok(());
        }
        self.file.sync_all()?;
        if matches!(self.draft, Draft::Nameless) {
            let draft = draft_name(&self.path);
            linkat(CWD, of_file(&self.file), CWD, &draft, AtFlags::SYMLINK_FOLLOW)?;
            self.draft = Draft::Named(draft);
        }
        if let Draft::Named(draft) = &self.draft {
            std::fs::rename(draft, &self.path)?;
        }
        Ok(())
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // After a rename there is nothing left to remove; before it the draft must not stay.
        if let Draft::Named(draft) = &self.draft {
            let _ = std::fs::remove_file(draft);
        }
    }
}

/// A file without a name on the file system that `path` is on; none where that cannot be had.
fn nameless(path: &Path) -> Option<File> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(0o666);
    let file = File::from(openat(CWD, folder.unwrap_or(Path::new(".")), flags, mode).ok()?);
    // It gets its name through /proc, which a container may lack.
    of_file(&file).exists().then_some(file)
}

fn of_file(file: &File) -> PathBuf {
    use std::os::fd::AsRawFd;
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

/// A hidden name beside `path` that is free.
fn draft_name(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = |n| path.with_file_name(format!(".{name}.{}.{n}.tmp", std::process::id()));
    (0..=u32::MAX)
        .map(draft)
        .find(|draft| draft.symlink_metadata().is_err())
        .expect("a number is free")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::{Draft, OpenOptions, WholeFile, draft_name};

    fn names(folder: &std::path::Path) -> Vec<String> {
        let names = fs::read_dir(folder).expect("listed").map(|entry| entry.expect("an entry"));
        names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_file_that_is_given_up_leaves_nothing_and_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report");
        fs::write(&path, "old").expect("written");
        let (file, mut writer) = WholeFile::begin(&path).expect("begun");
        writer.write_all(b"half").and_then(|()| writer.flush()).expect("written");
        drop((file, writer));
        assert_eq!(fs::read_to_string(&path).expect("there"), "old");
        assert_eq!(names(folder.path()), ["report"]);
    }

    #[test]
    fn a_file_takes_the_mode_of_the_one_it_replaces_and_a_link_stays_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report");
        fs::write(&path, "old").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
        let link = folder.path().join("link");
        symlink("report", &link).expect("linked");
        let (file, mut writer) = WholeFile::begin(&link).expect("begun");
        writer.write_all(b"new").and_then(|()| writer.flush()).expect("written");
        file.finish().expect("named");
        assert_eq!(fs::read_to_string(&path).expect("there"), "new");
        assert!(link.symlink_metadata().expect("there").is_symlink());
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o640);
        assert_eq!(names(folder.path()).len(), 2);
    }

    #[test]
    fn a_device_is_written_to_and_never_replaced() {
        let (file, mut writer) = WholeFile::begin("/dev/null".as_ref()).expect("begun");
        assert!(matches!(file.draft, Draft::Direct));
        writer.write_all(b"gone").and_then(|()| writer.flush()).expect("written");
        file.finish().expect("done");
        assert!(!fs::metadata("/dev/null").expect("there").is_file());
    }

    #[test]
    fn a_draft_with_a_name_is_renamed_or_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report");
        let begin = || {
            let draft = draft_name(&path);
            let file = OpenOptions::new().write(true).create_new(true).open(&draft);
            WholeFile { path: path.clone(), file: file.expect("begun"), draft: Draft::Named(draft) }
        };
        drop(begin());
        assert!(names(folder.path()).is_empty());
        // Somebody has laid a link where the draft would be.
        symlink("/etc/passwd", draft_name(&path)).expect("linked");
        begin().finish().expect("named");
        assert!(path.symlink_metadata().expect("there").is_file());
    }
}
