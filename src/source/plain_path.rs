//! One name for a file, however its path is spelled.

use std::borrow::Cow;

/// The path without `.`, doubled slashes and `NAME/..`. `None` where a `..` follows a link, or a name that
/// cannot be looked at: the kernel goes up from where the link leads, so the shorter path would be another
/// file's.
pub fn plain_path(path: &str) -> Option<Cow<'_, str>> {
    cleaned(path, |folder| std::fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir()))
}

/// As [`plain_path`], of a pattern of paths, which is taken by its letters alone. `None` where a `..` follows
/// a wildcard.
pub fn plain_pattern(pattern: &str) -> Option<Cow<'_, str>> {
    cleaned(pattern, |folder| {
        let name = folder.rsplit('/').next().unwrap_or_default();
        !name.contains(['*', '?', '['])
    })
}

/// `may_leave` decides whether `..` after the folder, given by its path so far, leads to the folder's parent.
fn cleaned(path: &str, may_leave: impl Fn(&str) -> bool) -> Option<Cow<'_, str>> {
    let is_plain = |part: &str| !matches!(part, "" | "." | "..");
    let rest = path.strip_prefix('/').unwrap_or(path);
    if rest.split('/').all(is_plain) {
        return Some(Cow::Borrowed(path));
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", None) if !root.is_empty() => {}
            ("..", None | Some(&"..")) => parts.push(part),
            ("..", Some(_)) => {
                if !may_leave(&format!("{root}{}", parts.join("/"))) {
                    return None;
                }
                parts.pop();
            }
            (name, _) => parts.push(name),
        }
    }
    Some(Cow::Owned(format!("{root}{}", parts.join("/"))))
}

#[cfg(test)]
mod tests {
    use super::{plain_path, plain_pattern};

    #[test]
    fn a_path_is_cleaned_and_goes_up_from_real_folders_only() {
        let cases = [
            ("a.yaml", "a.yaml"),
            ("././/a/./b.yaml", "a/b.yaml"),
            ("../a.yaml", "../a.yaml"),
            ("src/../a.yaml", "a.yaml"),
            ("src/source/../../../a.yaml", "../a.yaml"),
            ("/etc/../a.yaml", "/a.yaml"),
            ("/../a.yaml", "/a.yaml"),
            (".hidden/a.yaml", ".hidden/a.yaml"),
        ];
        for (path, plain) in cases {
            assert_eq!(plain_path(path).as_deref(), Some(plain), "{path}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink("/etc", folder.path().join("link")).expect("linked");
        for name in ["link", "missing"] {
            let path = folder.path().join(name).join("../a.yaml");
            assert_eq!(plain_path(&path.display().to_string()), None, "{name}");
        }
    }

    #[test]
    fn a_pattern_is_cleaned_unless_it_goes_up_from_a_wildcard() {
        for (pattern, plain) in [
            ("./a/../*.yaml", Some("*.yaml")),
            ("a//b/**", Some("a/b/**")),
            ("**/a.yaml", Some("**/a.yaml")),
            ("../**", Some("../**")),
            ("**/../a.yaml", None),
            ("[ab]/../a.yaml", None),
        ] {
            assert_eq!(plain_pattern(pattern).as_deref(), plain, "{pattern}");
        }
    }
}
