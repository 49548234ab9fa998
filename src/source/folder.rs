//! The files below a folder, in a stable order.

use std::ffi::OsStr;
use std::fs::Metadata;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::Error;

/// The files below a folder, depth first and by name. Left out are hidden files and folders, and
/// folders that a `.gitignore` names; links are followed, but into no folder that is being walked
/// already.
#[derive(Debug)]
pub struct Walk {
    /// The folders that were left out because a `.gitignore` names them.
    pub ignored: Vec<PathBuf>,
    /// Folders not to walk: below which folder, and by which name, or by which path `./…` from it.
    ignore: Vec<(PathBuf, PathBuf)>,
    /// Where it begins, until then.
    start: Option<PathBuf>,
    /// The folders between the start and here.
    above: Vec<Folder>,
    /// How many files and folders are still looked at.
    left: usize,
}

/// The most files and folders that are looked at below one. Two links in each of forty folders, both to
/// the next, are more paths than can be walked.
const WALK_LENGTH: usize = 1_000_000;

/// A folder that is being walked.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// By device and inode.
    identity: (u64, u64),
    /// What is still to be visited in it.
    names: Names,
}

/// Names in order, one behind the other: ten thousand of them take as little room as they can.
#[derive(Debug, Default)]
struct Names {
    bytes: Vec<u8>,
    /// Where each begins and ends, and whether the folder says that it is a file, the next one last.
    places: Vec<(u32, u32, bool)>,
}

impl Names {
    fn read(folder: &Path) -> io::Result<Self> {
        let mut names = Self::default();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            if !name.as_encoded_bytes().starts_with(b".") {
                let start = names.bytes.len();
                names.bytes.extend_from_slice(name.as_encoded_bytes());
                let place = |at: usize| u32::try_from(at).map_err(io::Error::other);
                let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
                names.places.push((place(start)?, place(names.bytes.len())?, is_file));
            }
        }
        let bytes = &names.bytes;
        names.places.sort_unstable_by(|a, b| of(bytes, *b).cmp(of(bytes, *a)));
        Ok(names)
    }

    /// The next name, and whether it is known to be a file's.
    fn next(&mut self) -> Option<(&OsStr, bool)> {
        let place = self.places.pop()?;
        Some((OsStr::from_bytes(of(&self.bytes, place)), place.2))
    }
}

fn of(bytes: &[u8], (start, end, _): (u32, u32, bool)) -> &[u8] {
    bytes.get(start as usize..end as usize).unwrap_or_default()
}

/// Walks a folder.
pub fn walk(folder: &Path) -> Walk {
    let (ignored, ignore, above) = (Vec::new(), Vec::new(), Vec::new());
    Walk { ignored, ignore, start: Some(folder.to_owned()), above, left: WALK_LENGTH }
}

impl Iterator for Walk {
    type Item = Result<PathBuf, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (path, is_file) = self.next_path()?;
            let Some(left) = self.left.checked_sub(1) else {
                self.above.clear();
                return Some(Err(Error::TooMany(path)));
            };
            self.left = left;
            if is_file {
                return Some(Ok(path));
            }
            match std::fs::metadata(&path) {
                Ok(found) if found.is_dir() && self.is_ignored(&path) => self.ignored.push(path),
                Ok(found) if found.is_dir() => {
                    if let Err(error) = self.enter(path, &found) {
                        return Some(Err(error));
                    }
                }
                // Sockets, pipes and devices are not files that anybody writes flags into.
                Ok(found) if !found.is_file() => {}
                Ok(_) => return Some(Ok(path)),
                Err(cause) => return Some(Err(Error::Io { path, cause })),
            }
        }
    }
}

impl Walk {
    /// Whether a `.gitignore` above names the folder. A name holds at any depth, a path from there.
    fn is_ignored(&self, folder: &Path) -> bool {
        self.ignore.iter().any(|(above, what)| {
            folder.strip_prefix(above).is_ok_and(|below| match what.strip_prefix(".") {
                Ok(path) => below == path,
                Err(_) => below.file_name() == Some(what.as_os_str()),
            })
        })
    }

    /// Takes the plain lines of a folder's `.gitignore`; patterns hide files that may matter.
    fn take_gitignore(&mut self, folder: &Path) {
        let Ok(text) = super::read_file(&folder.join(".gitignore")) else { return };
        for line in text.lines().map(str::trim) {
            if line.is_empty()
                || line.starts_with(['#', '!'])
                || line.contains(['*', '?', '[', '\\'])
            {
                continue;
            }
            let what = line.trim_end_matches('/');
            // A line with a slash is a path from here, any other a name at any depth.
            let what = if what.contains('/') {
                Path::new(".").join(what.trim_start_matches('/'))
            } else {
                PathBuf::from(what)
            };
            self.ignore.push((folder.to_owned(), what));
        }
    }

    /// What to visit next, whatever it is, and whether it is known to be a file.
    fn next_path(&mut self) -> Option<(PathBuf, bool)> {
        if let Some(start) = self.start.take() {
            return Some((start, false));
        }
        while let Some(folder) = self.above.last_mut() {
            if let Some((name, is_file)) = folder.names.next() {
                return Some((folder.path.join(name), is_file));
            }
            self.above.pop();
        }
        None
    }

    fn enter(&mut self, path: PathBuf, found: &Metadata) -> Result<(), Error> {
        let identity = (found.dev(), found.ino());
        if self.above.iter().any(|folder| folder.identity == identity) {
            return Ok(());
        }
        self.take_gitignore(&path);
        match Names::read(&path) {
            Ok(names) => self.above.push(Folder { path, identity, names }),
            Err(cause) => return Err(Error::Io { path, cause }),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::{Error, Walk, walk};

    #[test]
    fn files_come_in_order_without_hidden_ones_and_loops_end() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |name: &str| root.path().join(name);
        std::fs::create_dir_all(at("b/c")).expect("made");
        std::fs::create_dir(at(".git")).expect("made");
        for name in ["b/c/2", "b/1", "a", ".git/x", ".hidden"] {
            std::fs::write(at(name), "").expect("written");
        }
        symlink(root.path(), at("b/loop")).expect("linked");
        symlink(at("a"), at("z")).expect("linked");
        let found: Vec<_> = walk(root.path()).map(|path| path.expect("readable")).collect();
        assert_eq!(found, [at("a"), at("b/1"), at("b/c/2"), at("z")]);
    }

    #[test]
    fn folders_that_git_ignores_are_left_out_and_told() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |name: &str| root.path().join(name);
        for name in ["a/build", "build", "docs/out", "out", "sub/vendor"] {
            std::fs::create_dir_all(at(name)).expect("made");
            std::fs::write(at(name).join("f"), "").expect("written");
        }
        std::fs::write(at(".gitignore"), "# c\nbuild/\n/out\n*.log\n!keep\nsub/vendor/\n")
            .expect("written");
        std::fs::write(at("a/f"), "").expect("written");
        let mut walk = walk(root.path());
        let found: Vec<_> = walk.by_ref().map(|path| path.expect("readable")).collect();
        assert_eq!(found, [at("a/f"), at("docs/out/f")]);
        assert_eq!(walk.ignored, [at("a/build"), at("build"), at("out"), at("sub/vendor")]);
        // Named, it is walked.
        assert_eq!(super::walk(&at("build")).count(), 1);
    }

    #[test]
    fn links_that_never_end_are_an_error_behind_what_was_found() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |name: String| root.path().join(name);
        for depth in 0..30 {
            std::fs::create_dir(at(format!("{depth}"))).expect("made");
            std::fs::write(at(format!("{depth}/f")), "").expect("written");
        }
        for depth in 0..29 {
            for name in ["a", "b"] {
                let to = at(format!("{}", depth + 1));
                symlink(to, at(format!("{depth}/{name}"))).expect("linked");
            }
        }
        let found: Vec<_> = Walk { left: 500, ..walk(&at("0".to_owned())) }.collect();
        let (last, first) = found.split_last().expect("found");
        assert!(matches!(last, Err(Error::TooMany(_))), "{last:?}");
        assert!(first.len() > 100 && first.iter().all(Result::is_ok));
    }

    #[test]
    fn a_link_to_nothing_is_an_error_and_the_rest_is_found() {
        let root = tempfile::tempdir().expect("a folder");
        symlink("/nowhere/at/all", root.path().join("a")).expect("linked");
        std::fs::write(root.path().join("b"), "").expect("written");
        let found: Vec<_> = walk(root.path()).collect();
        assert!(found[0].is_err() && found[1].is_ok());
    }
}
