//! What git ignores: `.gitignore` files, those above the folder up to the repository's root among them,
//! and `.git/info/exclude`.
//!
//! As gitignore(5) says: the last pattern that matches decides, the deepest file first, and nothing
//! below an ignored folder can be taken back. A person's own file of patterns (`core.excludesFile`) is not
//! read: the same folder gives the same report to everybody.

use std::cell::{Cell, OnceCell};
use std::path::{Path, PathBuf};

use super::tracked::Tracked;
use super::wildcard::Wildcard;
use crate::source::read_file;

/// The longest file of patterns that is used, in bytes. Each name is held against each pattern, so a longer
/// one would make a folder slow; nothing is ignored because of it.
const LONGEST: usize = 64 << 10;

/// The patterns of one file.
#[derive(Debug)]
struct Rules {
    /// How much of a path is left out before it is matched: the folder of the file, from the root.
    above: usize,
    /// They are those of this repository itself: the patterns above do not count in it.
    repository: Option<Repository>,
    patterns: Vec<Pattern>,
}

/// A repository whose folder the walk is in.
#[derive(Debug)]
struct Repository {
    index: PathBuf,
    /// Read once something would be ignored; `None` if it cannot be.
    tracked: OnceCell<Option<Tracked>>,
}

#[derive(Debug)]
struct Pattern {
    wildcard: Wildcard,
    /// It takes back what an earlier one ignores.
    negated: bool,
    only_folders: bool,
    /// It has a slash: it is a path from the file's folder, not a name at any depth.
    is_path: bool,
}

/// The patterns that count in a folder, those of the folders above it first.
#[derive(Debug, Default)]
pub(super) struct Gitignore {
    /// The way from the repository's root to where the walk begins, with a slash at its end.
    prefix: Vec<u8>,
    rules: Vec<Rules>,
    /// Whether the walk has entered a folder that a pattern names, for the files in it that are tracked.
    entered: Cell<bool>,
}

impl Gitignore {
    /// The patterns that count above a folder, whose path has no links. Outside of a repository there are
    /// none.
    pub(super) fn above(folder: &Path) -> Self {
        let mut ignore = Self::default();
        let is_root = |folder: &&Path| folder.join(".git").exists();
        let Some(root) = folder.ancestors().skip(1).find(is_root) else { return ignore };
        let mut here = root.to_owned();
        for name in folder.strip_prefix(root).into_iter().flatten() {
            ignore.enter(&here, b"", here == root);
            here.push(name);
            ignore.prefix.extend_from_slice(name.as_encoded_bytes());
            ignore.prefix.push(b'/');
        }
        ignore
    }

    /// How many files count so far, for [`Self::leave`].
    pub(super) fn depth(&self) -> usize {
        self.rules.len()
    }

    /// Takes the patterns in a folder that the walk enters, given by its path and by that from where the
    /// walk begins.
    pub(super) fn enter(&mut self, folder: &Path, inner: &[u8], is_repository: bool) {
        let above = self.prefix.len() + inner.len() + usize::from(!inner.is_empty());
        if is_repository {
            let (own, common) = git_folders(folder);
            let patterns = patterns(&common.join("info/exclude"));
            let repository = Repository { index: own.join("index"), tracked: OnceCell::new() };
            self.rules.push(Rules { above, repository: Some(repository), patterns });
        }
        let patterns = patterns(&folder.join(".gitignore"));
        if !patterns.is_empty() {
            self.rules.push(Rules { above, repository: None, patterns });
        }
    }

    /// Forgets the patterns of folders that the walk has left.
    pub(super) fn leave(&mut self, depth: usize) {
        self.rules.truncate(depth);
    }

    /// Whether git ignores a path, given from where the walk begins. A link to a folder is no folder. What is
    /// tracked is never ignored, or whoever writes the patterns could hide it.
    pub(super) fn ignores(&self, inner: &[u8], is_folder: bool) -> bool {
        if self.rules.is_empty() {
            return false;
        }
        let path = [&self.prefix, inner].concat();
        if !self.is_named(&path, is_folder) && !self.is_in_named(&path) {
            return false;
        }
        let mut outermost = self.rules.iter().rev();
        let own = outermost.find_map(|rules| Some((rules.above, rules.repository.as_ref()?)));
        let tracked = own.is_some_and(|(above, repository)| {
            let path = path.get(above..).unwrap_or_default();
            // Of an index that cannot be read nobody knows what it tracks.
            repository.tracked().is_none_or(|tracked| tracked.has(path, is_folder))
        });
        self.entered.set(self.entered.get() || (tracked && is_folder));
        !tracked
    }

    /// Whether a path is in a folder that a pattern names.
    fn is_in_named(&self, path: &[u8]) -> bool {
        let mut ends = memchr::memchr_iter(b'/', path);
        self.entered.get()
            && ends.any(|end| self.is_named(path.get(..end).unwrap_or_default(), true))
    }

    /// Whether the patterns name a path from the repository's root.
    fn is_named(&self, path: &[u8], is_folder: bool) -> bool {
        for rules in self.rules.iter().rev() {
            let path = path.get(rules.above..).unwrap_or_default();
            let decides = |pattern: &&Pattern| pattern.matches(path, is_folder);
            if let Some(pattern) = rules.patterns.iter().rev().find(decides) {
                return !pattern.negated;
            }
            if rules.repository.is_some() {
                break;
            }
        }
        false
    }
}

/// The patterns in a file, in order.
fn patterns(file: &Path) -> Vec<Pattern> {
    // git does not follow a link here.
    if !std::fs::symlink_metadata(file).is_ok_and(|found| found.is_file()) {
        return Vec::new();
    }
    let text = read_file(file).unwrap_or_default();
    let text = if text.len() > LONGEST { "" } else { &text };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.split('\n').filter_map(Pattern::read).collect()
}

impl Repository {
    fn tracked(&self) -> Option<&Tracked> {
        self.tracked.get_or_init(|| Tracked::of(&self.index)).as_ref()
    }
}

/// The folder of git's own files, and that of those which all work trees of the repository share. In a further
/// work tree `.git` is a file that says where they are.
fn git_folders(root: &Path) -> (PathBuf, PathBuf) {
    let git = root.join(".git");
    let pointed = |folder: &Path, text: &str| folder.join(text.trim());
    let Some(own) = read_file(&git)
        .ok()
        .and_then(|text| text.strip_prefix("gitdir:").map(|rest| pointed(root, rest)))
    else {
        return (git.clone(), git);
    };
    let common = read_file(&own.join("commondir")).ok().map(|text| pointed(&own, &text));
    let common = common.unwrap_or_else(|| own.clone());
    (own, common)
}

impl Pattern {
    /// Reads a line. `None` if it has no pattern, or one that never matches.
    fn read(line: &str) -> Option<Self> {
        let line = without_blanks(line.strip_suffix('\r').unwrap_or(line));
        if line.starts_with('#') {
            return None;
        }
        let (negated, line) = match line.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let (only_folders, line) = match line.strip_suffix('/') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let is_path = line.contains('/');
        let line = line.strip_prefix('/').unwrap_or(line);
        if line.is_empty() {
            return None;
        }
        let wildcard = Wildcard::new(line.as_bytes())?;
        Some(Self { wildcard, negated, only_folders, is_path })
    }

    fn matches(&self, path: &[u8], is_folder: bool) -> bool {
        if self.only_folders && !is_folder {
            return false;
        }
        let name = || path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        self.wildcard.matches(if self.is_path { path } else { name() })
    }
}

/// A line without the blanks at its end, but for one that a backslash keeps.
fn without_blanks(line: &str) -> &str {
    let trimmed = line.trim_end_matches(' ');
    let backslashes = trimmed.len() - trimmed.trim_end_matches('\\').len();
    let kept = usize::from(backslashes % 2 == 1 && trimmed.len() < line.len());
    line.get(..trimmed.len() + kept).unwrap_or(trimmed)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::io::{self, Write};
    use std::path::Path;
    use std::process::{Command, Stdio};

    use super::super::{Options, Seen, Walk};

    /// The repository that is tried: what lies in it, and what git is told to ignore.
    const FILES: [&str; 34] = [
        "a.yaml",
        "b.log",
        "keep.log",
        "build/x.yaml",
        "build/deep/y.yaml",
        "out/x.yaml",
        "out/keep/y.yaml",
        "sub/out/z.yaml",
        "sub/a.tmp",
        "sub/b.tmp",
        "sub/deep/c.tmp",
        "sub/deep/a.yaml",
        "sub/deep/er/a.yaml",
        "vendor/a.yaml",
        "sub/vendor/a.yaml",
        "x/vendor/a.yaml",
        "doc/frotz/a",
        "a/doc/frotz/a",
        "foo/a/b/bar",
        "foo/bar",
        "foo/x",
        "#hash",
        "!bang",
        "trail ",
        "trail",
        "crlf",
        "class1",
        "classx",
        "class-",
        "secret",
        "sub/secret",
        "ünïcode",
        "star*name",
        "starXname",
    ];

    const ROOT: &str = "\u{feff}*.log\n!keep.log\nbuild/\n/out/*\n!/out/keep\n# comment\n\\#hash\n\\!bang\n\
         trail\\ \ncrlf\r\ndoc/frotz/\nfoo/**/bar\nclass[0-9-]\nstar\\*name\n[invalid\nalso\\\n\
         **/deep/er\nünï*\n/\n!\n   \nvendor\n";

    const SUB: &str = "*.tmp\n!b.tmp\n!vendor\n/deep/*\n!/deep/a.yaml\n";

    fn git(folder: &Path, args: &[&str]) -> Option<String> {
        let mut command = Command::new("git");
        command.args(args).current_dir(folder).stdin(Stdio::null());
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        let output = command.output().ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()
    }

    /// The files that the walk brings, from the start.
    fn walked(start: &Path) -> BTreeSet<String> {
        let (options, nothing) =
            (Options { gitignore: true, ..Options::default() }, Seen::default());
        let walk = Walk::new(start, &options, &nothing);
        let paths = walk.map(|path| path.expect("readable"));
        paths.map(|path| path.strip_prefix(start).expect("below").display().to_string()).collect()
    }

    /// git itself says which files it ignores.
    #[test]
    fn what_is_left_is_what_git_lists() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("there");
        for name in FILES {
            let path = root.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, "").expect("written");
        }
        if git(&root, &["init", "--quiet"]).is_none() {
            let _ = writeln!(io::stderr(), "passed over: there is no git to compare with");
            return;
        }
        fs::write(root.join(".gitignore"), ROOT).expect("written");
        fs::write(root.join("sub/.gitignore"), SUB).expect("written");
        fs::create_dir_all(root.join(".git/info")).expect("made");
        fs::write(root.join(".git/info/exclude"), "secret\n!b.log\n").expect("written");
        for start in [root.clone(), root.join("sub"), root.join("sub/deep"), root.join("out")] {
            let args = ["ls-files", "--others", "--exclude-standard", "-z", "."];
            let listed = git(&start, &args).expect("git lists files");
            let listed: BTreeSet<String> = listed
                .split('\0')
                .filter(|name| !name.is_empty() && !name.ends_with(".gitignore"))
                .map(str::to_owned)
                .collect();
            assert_eq!(walked(&start), listed, "{}", start.display());
        }
        // What is tracked counts, in each version of the index.
        let tracked = ["sub/a.tmp", "build/deep/y.yaml", "vendor/a.yaml", "secret", "a.yaml"];
        let add = [&["add", "--force"], &tracked[..]].concat();
        git(&root, &add).expect("git adds files");
        for version in ["2", "3", "4"] {
            git(&root, &["update-index", "--index-version", version]).expect("written");
            for start in [root.clone(), root.join("sub")] {
                let args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "."];
                let listed = git(&start, &args).expect("git lists files");
                let listed: BTreeSet<String> = listed
                    .split('\0')
                    .filter(|name| !name.is_empty() && !name.ends_with(".gitignore"))
                    .map(str::to_owned)
                    .collect();
                assert_eq!(walked(&start), listed, "{version}: {}", start.display());
            }
        }
        // Of an index that cannot be read nobody knows what it tracks.
        fs::write(root.join(".git/index"), "DIRC").expect("written");
        assert!(walked(&root).contains("x/vendor/a.yaml"));
    }

    #[test]
    fn patterns_end_at_the_repository_and_a_work_tree_has_those_of_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        for name in
            ["outer/.git/info", "outer/inner/.git", "common/info", "common/worktrees/w", "tree"]
        {
            fs::create_dir_all(at(name)).expect("made");
        }
        fs::write(at(".gitignore"), "x\n").expect("written");
        fs::write(at("outer/.gitignore"), "y\n").expect("written");
        fs::write(at("common/info/exclude"), "z\n").expect("written");
        fs::write(at("common/worktrees/w/commondir"), "../..\n").expect("written");
        let pointer = format!("gitdir: {}\n", at("common/worktrees/w").display());
        fs::write(at("tree/.git"), pointer).expect("written");
        for name in ["outer/x", "outer/y", "outer/inner/x", "outer/inner/y", "tree/y", "tree/z"] {
            fs::write(at(name), "").expect("written");
        }
        assert_eq!(walked(&at("outer")), ["inner/x", "inner/y", "x"].map(str::to_owned).into());
        assert_eq!(walked(&at("tree")), ["y"].map(str::to_owned).into());
    }
}
