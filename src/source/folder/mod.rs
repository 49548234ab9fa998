//! The files below a folder, in a stable order.

mod gitignore;
mod glob;
mod names;
mod tracked;
mod wildcard;

use std::collections::HashSet;
use std::collections::vec_deque::VecDeque;
use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::Error;
use gitignore::Gitignore;
pub use glob::Glob;
use names::{Kind, Names};

/// What a walk leaves out besides hidden files and folders.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Files and folders that are left out, by their paths from where the walk begins.
    pub exclude: Vec<Glob>,
    /// What git ignores is left out.
    pub gitignore: bool,
    /// A file comes once, however many links lead to it.
    pub once: bool,
}

/// What was left out, and why.
#[derive(Debug, Default)]
pub struct LeftOut {
    /// Because of `.gitignore`, or of another of git's files of patterns.
    pub ignored: Vec<PathBuf>,
    /// Because of [`Options::exclude`].
    pub excluded: Vec<PathBuf>,
    /// Because its name begins with a dot; git's own files are not listed.
    pub hidden: Vec<PathBuf>,
    /// Files and folders that came under another path.
    pub repeated: Vec<PathBuf>,
    /// Whether one of these came before the walk.
    pub came_before: bool,
}

/// Files and folders that came already, by device and inode.
#[derive(Debug, Default)]
pub struct Seen(HashSet<(u64, u64)>);

impl Seen {
    /// Takes note of a file, links followed. False if it came already and means the same under this path. One
    /// that cannot be looked at is always new: whoever reads it says why.
    pub fn is_new(&mut self, path: &Path) -> bool {
        let Ok(found) = std::fs::metadata(path) else { return true };
        let is_link = || path.is_symlink();
        let kind = |is_link| if is_link { Kind::Link } else { Kind::File };
        self.0.insert(identity(&found)) || is_read_with_another(path, kind(is_link()))
    }

    /// Takes note of what came in a walk.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

/// The files below a folder, depth first and by name. Links are followed, but into no folder that is being
/// walked already.
///
/// Where a file comes only once, a link to what lies below the same folder waits until the rest is done:
/// what comes twice is shown by its own path, beside which its drop-ins lie.
#[derive(Debug)]
pub struct Walk<'s> {
    /// What is left out.
    pub left_out: LeftOut,
    /// What came in this walk, where files come once.
    pub seen: Seen,
    before: &'s Seen,
    options: Options,
    start: PathBuf,
    /// The path of the start without links, if that is needed.
    real_start: Option<PathBuf>,
    gitignore: Gitignore,
    has_begun: bool,
    /// The folders between the start and here.
    above: Vec<Folder>,
    /// The links that wait for the rest.
    links: VecDeque<PathBuf>,
    /// Whether only the links are left.
    only_links: bool,
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
    /// How many files of patterns count outside of it.
    depth: usize,
    /// What is still to be visited in it.
    names: Names,
}

fn identity(found: &Metadata) -> (u64, u64) {
    (found.dev(), found.ino())
}

/// Walks a folder; nothing but hidden files is left out.
pub fn walk(folder: &Path) -> Walk<'static> {
    static NOTHING: LazyLock<Seen> = LazyLock::new(Seen::default);
    Walk::new(folder, &Options::default(), &NOTHING)
}

impl Iterator for Walk<'_> {
    type Item = Result<PathBuf, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (path, kind) = self.next_path()?;
            let Some(left) = self.left.checked_sub(1) else {
                self.above.clear();
                self.links.clear();
                return Some(Err(Error::TooMany(path)));
            };
            self.left = left;
            if self.leaves_out(&path, kind) || self.waits(&path, kind) {
                continue;
            }
            if kind == Kind::File && !self.options.once {
                return Some(Ok(path));
            }
            match std::fs::metadata(&path) {
                Ok(found) if found.is_dir() => {
                    if let Err(error) = self.enter(path, kind, &found) {
                        return Some(Err(error));
                    }
                }
                // Sockets, pipes and devices are not files that anybody writes flags into.
                Ok(found) if !found.is_file() => {}
                Ok(found) if self.is_new(&path, kind, &found) => return Some(Ok(path)),
                Ok(_) => self.left_out.repeated.push(path),
                Err(cause) => return Some(Err(Error::Io { path, cause })),
            }
        }
    }
}

impl<'s> Walk<'s> {
    /// Walks a folder. What came before does not come again, where files come once.
    pub fn new(folder: &Path, options: &Options, before: &'s Seen) -> Self {
        let looks_around = options.gitignore || options.once;
        let real_start = looks_around.then(|| std::fs::canonicalize(folder).ok()).flatten();
        let above = real_start.as_deref().filter(|_| options.gitignore).map(Gitignore::above);
        Self {
            left_out: LeftOut::default(),
            seen: Seen::default(),
            before,
            options: options.clone(),
            start: folder.to_owned(),
            real_start,
            gitignore: above.unwrap_or_default(),
            has_begun: false,
            above: Vec::new(),
            links: VecDeque::new(),
            only_links: false,
            left: WALK_LENGTH,
        }
    }

    /// What to visit next, whatever it is.
    fn next_path(&mut self) -> Option<(PathBuf, Kind)> {
        if !self.has_begun {
            self.has_begun = true;
            return Some((self.start.clone(), Kind::Other));
        }
        while let Some(folder) = self.above.last_mut() {
            if let Some((name, kind)) = folder.names.next() {
                return Some((folder.path.join(name), kind));
            }
            self.gitignore.leave(folder.depth);
            self.above.pop();
        }
        self.only_links = true;
        Some((self.links.pop_front()?, Kind::Link))
    }

    /// Whether an option names it, or git ignores it.
    fn leaves_out(&mut self, path: &Path, kind: Kind) -> bool {
        let inner = inner(&self.start, path);
        // Links were looked at when they came.
        if inner.is_empty() || self.only_links && self.above.is_empty() {
            return false;
        }
        if self.options.exclude.iter().any(|glob| glob.matches(inner, path, kind)) {
            self.left_out.excluded.push(path.to_owned());
        } else if self.gitignore.ignores(inner, kind == Kind::Folder) {
            self.left_out.ignored.push(path.to_owned());
        } else {
            return false;
        }
        true
    }

    /// Whether a link waits until the rest is done.
    fn waits(&mut self, path: &Path, kind: Kind) -> bool {
        let may_wait = self.options.once && kind == Kind::Link && !self.only_links;
        let leads_within = |start: &Path| {
            std::fs::canonicalize(path).is_ok_and(|target| target.starts_with(start))
        };
        let waits = may_wait
            && self.real_start.as_deref().is_some_and(leads_within)
            && !is_read_with_another(path, kind);
        if waits {
            self.links.push_back(path.to_owned());
        }
        waits
    }

    /// Whether a file did not come yet.
    fn is_new(&mut self, path: &Path, kind: Kind, found: &Metadata) -> bool {
        if !self.options.once {
            return true;
        }
        let came_before = self.before.0.contains(&identity(found));
        let is_first = self.seen.0.insert(identity(found)) && !came_before;
        if is_first || is_read_with_another(path, kind) {
            return true;
        }
        self.left_out.came_before |= came_before;
        false
    }

    fn enter(&mut self, path: PathBuf, kind: Kind, found: &Metadata) -> Result<(), Error> {
        let identity = identity(found);
        let is_above = self.above.iter().any(|folder| folder.identity == identity);
        if is_above || !self.is_new(&path, kind, found) {
            if self.options.once {
                self.left_out.repeated.push(path);
            }
            return Ok(());
        }
        let names = match Names::read(&path) {
            Ok(names) => names,
            Err(cause) => return Err(Error::Io { path, cause }),
        };
        self.left_out.hidden.extend(names.hidden.iter().map(|name| path.join(name)));
        let depth = self.gitignore.depth();
        if self.options.gitignore {
            let inner = inner(&self.start, &path);
            self.gitignore.enter(&path, inner, names.has_git);
        }
        self.above.push(Folder { path, identity, depth, names });
        Ok(())
    }
}

/// The path from where a walk begins.
fn inner<'p>(start: &Path, path: &'p Path) -> &'p [u8] {
    path.strip_prefix(start).map_or(b"", |inner| inner.as_os_str().as_bytes())
}

/// Whether a file is read together with another: one in `X.d` beside `X`, or a link `X` beside `X.d`. Under
/// another path it means something else.
fn is_read_with_another(path: &Path, kind: Kind) -> bool {
    let is_part = |folder: &Path| folder.extension().is_some_and(|it| it == "d");
    let beside = |folder: &Path| folder.with_extension("").exists();
    let part = [Some(path), path.parent()].into_iter().flatten().find(|path| is_part(path));
    if part.is_some_and(beside) {
        return true;
    }
    let mut drop_ins = path.as_os_str().to_owned();
    drop_ins.push(".d");
    kind == Kind::Link && Path::new(&drop_ins).is_dir()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::{Error, Glob, Options, Seen, Walk, walk};

    fn found(walk: &mut Walk<'_>) -> Vec<std::path::PathBuf> {
        walk.map(|path| path.expect("readable")).collect()
    }

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
    fn what_git_ignores_is_left_out_and_listed() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |name: &str| root.path().join(name);
        for name in ["a/build", "build", "docs/out", "out", "sub/vendor"] {
            std::fs::create_dir_all(at(name)).expect("made");
            std::fs::write(at(name).join("f"), "").expect("written");
        }
        std::fs::write(at(".gitignore"), "# c\nbuild/\n/out\n*.log\n!keep\nsub/vendor/\n")
            .expect("written");
        std::fs::write(at("a/f"), "").expect("written");
        std::fs::write(at("a/f.log"), "").expect("written");
        let options = Options { gitignore: true, ..Options::default() };
        let nothing = Seen::default();
        let mut walk = Walk::new(root.path(), &options, &nothing);
        assert_eq!(found(&mut walk), [at("a/f"), at("docs/out/f")]);
        let ignored = [at("a/build"), at("a/f.log"), at("build"), at("out"), at("sub/vendor")];
        assert_eq!(walk.left_out.ignored, ignored);
        assert_eq!(found(&mut super::walk(root.path())).len(), 7, "without the option");
        // Named, it is walked.
        assert_eq!(Walk::new(&at("build"), &options, &nothing).count(), 1);
    }

    #[test]
    fn what_an_option_names_is_left_out_by_its_path() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |name: &str| root.path().join(name);
        for name in ["charts/a", "x/charts/b", "x/c.yaml", "d.yaml", "e/f/g"] {
            std::fs::create_dir_all(at(name).parent().expect("a folder")).expect("made");
            std::fs::write(at(name), "").expect("written");
        }
        for (globs, left) in [
            (&["charts"][..], &["d.yaml", "e/f/g", "x/c.yaml", "x/charts/b"][..]),
            (&["./charts/", "e/**"], &["d.yaml", "x/c.yaml", "x/charts/b"]),
            (&["**/charts"], &["d.yaml", "e/f/g", "x/c.yaml"]),
            (&["*.yaml"], &["charts/a", "e/f/g", "x/c.yaml", "x/charts/b"]),
            (&["**/*.yaml", "d.yaml/"], &["charts/a", "e/f/g", "x/charts/b"]),
            (&["d.yaml/"], &["charts/a", "d.yaml", "e/f/g", "x/c.yaml", "x/charts/b"]),
        ] {
            let exclude =
                globs.iter().map(|glob| glob.parse::<Glob>().expect("a pattern")).collect();
            let (options, nothing) = (Options { exclude, ..Options::default() }, Seen::default());
            let mut walk = Walk::new(root.path(), &options, &nothing);
            let left: Vec<_> = left.iter().map(|name| at(name)).collect();
            assert_eq!(found(&mut walk), left, "{globs:?}");
            assert_eq!(walk.left_out.excluded.is_empty(), left.len() == 5, "{globs:?}");
        }
    }

    #[test]
    fn a_file_comes_once_under_its_own_path() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |name: &str| root.path().join(name);
        for name in ["b/x", "b/x.d/1", "m/config.yaml", "m/config.yaml.d/1.yaml", "m/prod.d/2.yaml"]
        {
            std::fs::create_dir_all(at(name).parent().expect("a folder")).expect("made");
            std::fs::write(at(name), "").expect("written");
        }
        symlink("b", at("a")).expect("linked");
        symlink("../b/x", at("m/a-link")).expect("linked");
        std::fs::hard_link(at("b/x"), at("m/hard")).expect("linked");
        // What its neighbours make another thing of comes under both paths.
        std::fs::write(at("m/prod"), "").expect("written");
        symlink("config.yaml", at("m/linked.yaml")).expect("linked");
        symlink("prod.d", at("m/linked.yaml.d")).expect("linked");
        let (options, nothing) = (Options { once: true, ..Options::default() }, Seen::default());
        let mut walk = Walk::new(root.path(), &options, &nothing);
        let all = [
            "b/x",
            "b/x.d/1",
            "m/config.yaml",
            "m/config.yaml.d/1.yaml",
            "m/linked.yaml",
            "m/linked.yaml.d/2.yaml",
            "m/prod",
            "m/prod.d/2.yaml",
        ];
        assert_eq!(found(&mut walk), all.map(at));
        assert_eq!(walk.left_out.repeated, ["m/hard", "a", "m/a-link"].map(at));
        assert!(!walk.left_out.came_before);
        let mut again = Walk::new(&at("b"), &options, &walk.seen);
        assert_eq!(again.by_ref().count(), 0);
        assert!(again.left_out.came_before);
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
