//! Files of a folder that one server reads together.

use std::ffi::OsStr;
use std::mem;
use std::path::{Path, PathBuf};

use crate::source;

/// How many groups are enough to be read: so a folder takes as much memory as it likes on the disk, and
/// not here.
const ENOUGH: usize = 1024;

/// The files of a folder as a walk brings them: `config.yaml` with the files of `config.yaml.d`, in the
/// order in which k3s reads them, as one group; any other file alone.
#[derive(Default)]
pub(super) struct Groups(Vec<Vec<PathBuf>>);

impl Groups {
    /// Takes the groups, if there are enough of them and this path, the next, belongs to none.
    pub(super) fn enough_before(&mut self, path: &Path) -> Option<Vec<Vec<PathBuf>>> {
        let part = |path: &Path| {
            let name = path.file_name().map(OsStr::as_encoded_bytes);
            name.is_some_and(|name| name.starts_with(b"config.yaml")) || main_of(path).is_some()
        };
        (self.0.len() >= ENOUGH && !part(path)).then(|| self.take())
    }

    /// Takes the groups.
    pub(super) fn take(&mut self) -> Vec<Vec<PathBuf>> {
        mem::take(&mut self.0)
    }

    /// Adds the next path.
    pub(super) fn add(&mut self, path: PathBuf) {
        let main = main_of(&path);
        // By its name it comes close behind its file.
        let known = main.as_ref().and_then(|main| {
            self.0.iter_mut().rev().find(|group| {
                group.first().is_some_and(|first| {
                    first == main || main_of(first).is_some_and(|other| other == *main)
                })
            })
        });
        match known {
            Some(group) => group.push(path),
            None => self.0.push(vec![path]),
        }
    }
}

/// A file that was named, with the drop-ins that k3s or RKE2 reads after it: those beside it in the folder
/// of its name and `.d`.
pub(super) fn with_drop_ins(path: &Path) -> Vec<PathBuf> {
    let mut folder = path.as_os_str().to_owned();
    folder.push(".d");
    let folder = PathBuf::from(folder);
    if !is_yaml(path) || !folder.is_dir() {
        return vec![path.to_owned()];
    }
    // What cannot be listed is an error where it is read.
    let drop_ins = source::walk(&folder).map(|path| path.unwrap_or_else(|_| folder.clone()));
    let own =
        drop_ins.filter(|path| path.parent() == Some(&folder) && is_yaml(path) || *path == folder);
    [path.to_owned()].into_iter().chain(own).collect()
}

/// Whether the file that these drop-ins are read after is there and not among them.
pub(super) fn lack_their_file(paths: &[PathBuf]) -> bool {
    paths.first().and_then(|first| main_of(first)).is_some_and(|main| main.exists())
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    })
}

/// Whether a file is read behind another.
pub(super) fn is_part(path: &Path) -> bool {
    main_of(path).is_some()
}

/// The file that a file of `config.yaml.d` is read after.
fn main_of(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| folder.ends_with("config.yaml.d"))?;
    is_yaml(path).then(|| folder.with_file_name("config.yaml"))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{ENOUGH, Groups};

    #[test]
    fn drop_ins_go_with_their_file() {
        let paths = ["a/config.yaml", "a/config.yaml.d/1.yaml", "a/config.yaml.d/2.YML"];
        let others = ["a/config.yaml.d/notes.txt", "b/config.yaml", "c/config.yaml.d/1.yaml"];
        let more = ["c/config.yaml.d/2.yaml"];
        let mut groups = Groups::default();
        paths.iter().chain(&others).chain(&more).for_each(|path| groups.add(PathBuf::from(path)));
        let lengths: Vec<usize> = groups.take().iter().map(Vec::len).collect();
        assert_eq!(lengths, [3, 1, 1, 2]);
    }

    #[test]
    fn many_files_are_taken_in_parts_and_no_group_is_torn() {
        let mut groups = Groups::default();
        let mut parts = Vec::new();
        let drop_ins = (0..ENOUGH).map(|number| format!("f/config.yaml.d/{number:05}.yaml"));
        let before = (0..ENOUGH).map(|number| format!("f/a{number:05}"));
        let last = ["f/config.yaml.old".to_owned(), "f/z".to_owned()];
        let main = ["f/config.yaml".to_owned()];
        for path in before.chain(main).chain(drop_ins).chain(last) {
            let path = PathBuf::from(path);
            parts.extend(groups.enough_before(&path));
            groups.add(path);
        }
        parts.push(groups.take());
        let lengths: Vec<usize> = parts.iter().map(Vec::len).collect();
        assert_eq!(lengths, [ENOUGH + 2, 1]);
        assert_eq!(parts[0][ENOUGH].len(), ENOUGH + 1, "the file and all its drop-ins");
    }
}
