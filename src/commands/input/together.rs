//! Files of a folder that one server reads together.

use std::path::{Path, PathBuf};

/// `config.yaml` with the files of `config.yaml.d`, in the order in which k3s reads them, as one group;
/// any other file alone.
pub(super) fn groups(paths: Vec<PathBuf>) -> Vec<Vec<PathBuf>> {
    let mut groups: Vec<Vec<PathBuf>> = Vec::new();
    for path in paths {
        let main = main_of(&path);
        let known = main.as_ref().and_then(|main| {
            groups.iter_mut().find(|group| {
                group.first().is_some_and(|first| {
                    first == main || main_of(first).is_some_and(|other| other == *main)
                })
            })
        });
        match known {
            Some(group) => group.push(path),
            None => groups.push(vec![path]),
        }
    }
    groups
}

/// The file that a file of `config.yaml.d` is read after.
fn main_of(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| folder.ends_with("config.yaml.d"))?;
    let yaml = path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    });
    yaml.then(|| folder.with_file_name("config.yaml"))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::groups;

    #[test]
    fn drop_ins_go_with_their_file() {
        let paths = ["a/config.yaml", "a/config.yaml.d/1.yaml", "a/config.yaml.d/2.YML"];
        let others = ["a/config.yaml.d/notes.txt", "b/config.yaml", "c/config.yaml.d/1.yaml"];
        let more = ["c/config.yaml.d/2.yaml"];
        let all = paths.iter().chain(&others).chain(&more).map(PathBuf::from).collect();
        let lengths: Vec<usize> = groups(all).iter().map(Vec::len).collect();
        assert_eq!(lengths, [3, 1, 1, 2]);
    }
}
