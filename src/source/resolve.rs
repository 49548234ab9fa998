//! Follows a path as the kernel does: one name after the other, links first and `..` after, through the
//! mounts of a container.
//!
//! A link that leaves its mount goes on where the container has that path: in another mount, or in the
//! image, never in the node's file of the same name. Every folder on the way is held open, so that
//! nothing that is judged can be another thing by the time it is read.

use std::fs::{File, FileType};
use std::rc::Rc;

use rustix::fs::{Mode, OFlags, PROC_SUPER_MAGIC, fstatfs, openat, readlinkat};
use rustix::io::Errno;

use super::attributes::Attributes;
use super::root::{Error, Part, Root};
use super::user::{Reader, Wish};
use crate::command_line::{Mount, MountSource};

/// As many links as the kernel follows.
const MOST_LINKS: usize = 40;

/// A folder that is there for a mount alone.
const MADE: &str = "a folder that the runtime makes";

/// Whether a link at the end of a path counts as what it leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It is followed.
    Followed,
    /// It counts as itself.
    Itself,
    /// It is followed, and what is missing is made, as a runtime does for a mount's own path.
    Made,
}

/// A mount, by the names from the container's root to it; none of them is a link.
#[derive(Debug)]
pub(super) struct Mounted {
    at: Vec<String>,
    source: MountSource,
}

/// What a path leads to.
pub(super) struct Reached {
    /// Opened by its path alone: it cannot be read from.
    pub(super) file: Rc<File>,
    /// Its path on the node, without links.
    pub(super) path: String,
    pub(super) attributes: Attributes,
    kind: FileType,
    /// The folder it was found in, and its name there.
    within: Option<(Rc<File>, String)>,
}

/// Why a path leads nowhere.
#[derive(Debug)]
pub(super) struct Stop {
    /// The path from where it could not be followed any further.
    pub(super) path: String,
    pub(super) error: Error,
}

/// A point on the way.
enum Waypoint {
    /// A file or folder of the node.
    Node(Reached),
    /// A folder of the node that is above a part of it that is here, by its path.
    Above(String),
    /// Something that is not here; says in what.
    Elsewhere(String),
}

/// A name and where it leads.
struct Step {
    name: String,
    place: Waypoint,
}

/// A walk along paths below one root.
pub(super) struct Walk<'w> {
    root: &'w Root,
    /// Who has to be allowed to search the folders on the way, if that is another than oneself.
    reader: Option<&'w Reader>,
    /// The node's folders in which a name was looked up, in order.
    pub(super) folders: Vec<(String, Attributes)>,
}

impl Reached {
    pub(super) fn is_file(&self) -> bool {
        self.kind.is_file()
    }

    /// Opens it anew with these flags. Another file that was put in its place is an error.
    pub(super) fn open(&self, flags: OFlags) -> Result<File, Error> {
        let flags = flags | OFlags::CLOEXEC;
        let opened = match &self.within {
            Some((folder, name)) => openat(folder, name, flags | OFlags::NOFOLLOW, Mode::empty()),
            None => openat(&self.file, ".", flags, Mode::empty()),
        };
        let file = File::from(opened.map_err(|errno| Error::Io(errno.into()))?);
        let metadata = file.metadata().map_err(Error::Io)?;
        let same = Attributes::of(&metadata).identity == self.attributes.identity;
        if same { Ok(file) } else { Err(Error::Changed) }
    }
}

/// The mounts of a container as they are found below a root. The longer path is mounted later, and may
/// lead through the mounts before it.
pub(super) fn mounted(root: &Root, mounts: &[Mount]) -> Vec<Mounted> {
    let depth = |mount: &&Mount| names(&mount.path).len();
    let mut ordered: Vec<&Mount> = mounts.iter().collect();
    ordered.sort_by_key(depth);
    let mut done: Vec<Mounted> = Vec::new();
    for mount in ordered {
        let steps = Walk::new(root, None).follow(&mount.path, &done, End::Made);
        let at: Vec<String> = match steps {
            Ok(steps) => steps.into_iter().skip(1).map(|step| step.name).collect(),
            Err(_) => names(&mount.path).into_iter().map(str::to_owned).collect(),
        };
        // Of two at one path the first counts.
        if done.iter().all(|other| other.at != at) {
            done.push(Mounted { at, source: mount.source.clone() });
        }
    }
    done
}

impl<'w> Walk<'w> {
    pub(super) fn new(root: &'w Root, reader: Option<&'w Reader>) -> Self {
        Self { root, reader, folders: Vec::new() }
    }

    /// What a path of the container, or of the node if nothing is mounted, leads to.
    pub(super) fn to(&mut self, path: &str, mounts: &[Mounted], end: End) -> Result<Reached, Stop> {
        let mut steps = self.follow(path, mounts, end)?;
        let last = steps.pop().expect("a path has at least its root");
        let at: Vec<&str> = steps.iter().skip(1).map(|step| &*step.name).collect();
        match last.place {
            Waypoint::Node(reached) => Ok(reached),
            Waypoint::Above(path) => Err(Stop { path, error: Error::Outside }),
            Waypoint::Elsewhere(what) => {
                let path = joined(&at, &last.name);
                Err(Stop { path, error: Error::Elsewhere(what) })
            }
        }
    }

    fn follow(&mut self, path: &str, mounts: &[Mounted], end: End) -> Result<Vec<Step>, Stop> {
        let mut ahead = parts(path);
        let mut steps = vec![Step { name: String::new(), place: self.top(mounts, &ahead)? }];
        let mut links = 0;
        while let Some(name) = ahead.pop() {
            let here = steps.last().expect("the root is never left");
            self.enter(&here.place, &name, &ahead)?;
            match name.as_str() {
                "." => continue,
                ".." => {
                    if steps.len() > 1 {
                        steps.pop();
                    }
                    continue;
                }
                _ => {}
            }
            let place = match self.next(&steps, &name, mounts, &ahead) {
                Err(_) if end == End::Made => Waypoint::Elsewhere(String::new()),
                place => place?,
            };
            match place {
                Waypoint::Node(link)
                    if link.kind.is_symlink() && (end != End::Itself || !ahead.is_empty()) =>
                {
                    links += 1;
                    let stop = |error| Stop { path: rest_of(&link.path, &ahead), error };
                    if links > MOST_LINKS {
                        return Err(stop(Error::Io(Errno::LOOP.into())));
                    }
                    let target = target(&link.file).map_err(stop)?;
                    if target.starts_with('/') {
                        steps.truncate(1);
                    }
                    ahead.extend(parts(&target));
                }
                place => steps.push(Step { name, place }),
            }
        }
        Ok(steps)
    }

    /// The container's root, or the node's.
    fn top(&mut self, mounts: &[Mounted], ahead: &[String]) -> Result<Waypoint, Stop> {
        if let Some(mount) = mounts.iter().find(|mount| mount.at.is_empty()) {
            return self.source(&mount.source, ahead);
        }
        match self.root.part("/") {
            Some(part) => self.base(part),
            None => Ok(Waypoint::Above("/".to_owned())),
        }
    }

    /// The folder that is taken for the node's root, or for a part of it.
    fn base(&self, part: &Part) -> Result<Waypoint, Stop> {
        let path = part.at.clone();
        let opened = self.root.opened(part).and_then(|fd| fd.try_clone().map_err(Error::Io));
        let reached = opened.and_then(|fd| reached(fd.into(), path.clone(), None));
        reached.map(Waypoint::Node).map_err(|error| Stop { path, error })
    }

    /// Where a mount begins.
    fn source(&mut self, source: &MountSource, ahead: &[String]) -> Result<Waypoint, Stop> {
        match source {
            MountSource::Other(what) => Ok(Waypoint::Elsewhere(what.clone())),
            MountSource::Host(path) => {
                let with_rest = |stop: Stop| Stop { path: rest_of(&stop.path, ahead), ..stop };
                let mut steps = self.follow(path, &[], End::Followed).map_err(with_rest)?;
                Ok(steps.pop().expect("a path has at least its root").place)
            }
        }
    }

    /// A name is looked up in a folder only, and only by who may search it.
    fn enter(&mut self, place: &Waypoint, name: &str, ahead: &[String]) -> Result<(), Stop> {
        let Waypoint::Node(folder) = place else { return Ok(()) };
        let stop = |error| {
            let path = rest_of(&rest_of(&folder.path, &[name.to_owned()]), ahead);
            Err(Stop { path, error })
        };
        let attributes = folder.attributes;
        if !attributes.is_folder {
            return stop(Error::Missing);
        }
        let refuses = |reader: &Reader| {
            reader.refuses(Wish::Search, &folder.file, (&folder.path, &attributes))
        };
        if let Some(why) = self.reader.and_then(refuses) {
            return Err(Stop { path: folder.path.clone(), error: Error::Refused(why) });
        }
        if self.folders.iter().all(|(known, _)| *known != folder.path) {
            self.folders.push((folder.path.clone(), attributes));
        }
        Ok(())
    }

    /// Where a name leads from the last of the steps.
    fn next(
        &mut self,
        steps: &[Step],
        name: &str,
        mounts: &[Mounted],
        ahead: &[String],
    ) -> Result<Waypoint, Stop> {
        let mut at: Vec<&str> = steps.iter().skip(1).map(|step| &*step.name).collect();
        at.push(name);
        if let Some(mount) = mounts.iter().find(|mount| mount.at == at) {
            return self.source(&mount.source, ahead);
        }
        let leads_on = mounts.iter().any(|mount| {
            mount.at.iter().zip(&at).all(|(a, b)| a == b) && mount.at.len() > at.len()
        });
        let here = &steps.last().expect("the root is never left").place;
        let on_node = match here {
            Waypoint::Node(folder) => Some(rest_of(&folder.path, &[name.to_owned()])),
            Waypoint::Above(folder) => Some(rest_of(folder, &[name.to_owned()])),
            Waypoint::Elsewhere(_) => None,
        };
        if let Some(part) = on_node.as_deref().and_then(|path| self.root.part(path)) {
            return self.base(part);
        }
        let is_above = on_node.filter(|path| self.root.is_above(path));
        match here {
            Waypoint::Node(folder) => match (child(folder, name), is_above) {
                (Err(Error::Missing), Some(path)) => Ok(Waypoint::Above(path)),
                // The runtime has made the folders above a mount.
                (Err(Error::Missing), None) if leads_on => Ok(Waypoint::Elsewhere(MADE.to_owned())),
                (Err(error), _) => Err(Stop {
                    path: rest_of(&rest_of(&folder.path, &[name.to_owned()]), ahead),
                    error,
                }),
                (Ok(child), _) => Ok(Waypoint::Node(child)),
            },
            Waypoint::Above(folder) => match is_above {
                Some(path) => Ok(Waypoint::Above(path)),
                None => Err(Stop {
                    path: rest_of(&rest_of(folder, &[name.to_owned()]), ahead),
                    error: Error::Outside,
                }),
            },
            Waypoint::Elsewhere(what) if leads_on => Ok(Waypoint::Elsewhere(what.clone())),
            Waypoint::Elsewhere(what) => {
                let path = rest_of(&joined(&at, ""), ahead);
                Err(Stop { path, error: Error::Elsewhere(what.clone()) })
            }
        }
    }
}

/// What a folder has under a name; a link counts as itself.
fn child(folder: &Reached, name: &str) -> Result<Reached, Error> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let opened = openat(&folder.file, name, flags, Mode::empty()).map_err(|errno| match errno {
        Errno::NOENT | Errno::NOTDIR => Error::Missing,
        errno => Error::Io(errno.into()),
    })?;
    let within = Some((folder.file.clone(), name.to_owned()));
    reached(opened.into(), rest_of(&folder.path, &[name.to_owned()]), within)
}

fn reached(file: File, path: String, within: Option<(Rc<File>, String)>) -> Result<Reached, Error> {
    let metadata = file.metadata().map_err(Error::Io)?;
    let (attributes, kind) = (Attributes::of(&metadata), metadata.file_type());
    Ok(Reached { file: Rc::new(file), path, attributes, kind, within })
}

/// Where a link leads. Links of `/proc` lead to what their text does not say.
fn target(link: &File) -> Result<String, Error> {
    let system = fstatfs(link).map_err(|errno| Error::Io(errno.into()))?;
    if system.f_type == PROC_SUPER_MAGIC {
        return Err(Error::Io(Errno::LOOP.into()));
    }
    let target = readlinkat(link, "", Vec::new()).map_err(|errno| Error::Io(errno.into()))?;
    target.into_string().map_err(|_| Error::Io(std::io::ErrorKind::InvalidFilename.into()))
}

/// The names of a path, the first one last. A slash at the end asks for a folder, as `.` does.
fn parts(path: &str) -> Vec<String> {
    let slash = path.ends_with('/').then_some(".");
    let named = path.split('/').filter(|part| !part.is_empty());
    named.chain(slash).rev().map(str::to_owned).collect()
}

fn names(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !matches!(*part, "" | ".")).collect()
}

/// The path from the root through these names and one more.
fn joined(names: &[impl AsRef<str>], last: &str) -> String {
    let mut path = String::new();
    for name in names.iter().map(AsRef::as_ref).chain([last]).filter(|name| !name.is_empty()) {
        path.push('/');
        path.push_str(name);
    }
    if path.is_empty() { "/".to_owned() } else { path }
}

/// A path with what is ahead of it.
fn rest_of(path: &str, ahead: &[String]) -> String {
    let mut path = path.to_owned();
    for name in ahead.iter().rev() {
        if !path.ends_with('/') {
            path.push('/');
        }
        if name != "." {
            path.push_str(name);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use tempfile::TempDir;

    use super::{End, Walk, mounted};
    use crate::command_line::{Mount, MountSource};
    use crate::source::root::Root;

    /// A node: folders end in a slash, files in their names, links say where they lead.
    fn node(entries: &[&str]) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for entry in entries {
            let (path, target) =
                entry.split_once(" -> ").map_or((*entry, None), |(p, t)| (p, Some(t)));
            let path = folder.path().join(path);
            let above = path.parent().expect("a folder");
            fs::create_dir_all(above).expect("made");
            match target {
                Some(target) => symlink(target, &path).expect("linked"),
                None if entry.ends_with('/') => fs::create_dir_all(&path).expect("made"),
                None => fs::write(&path, "").expect("written"),
            }
        }
        fs::create_dir_all(folder.path().join("etc")).expect("made");
        folder
    }

    fn mount(path: &str, host: &str) -> Mount {
        Mount { path: path.to_owned(), source: MountSource::Host(host.to_owned()) }
    }

    /// Where a path leads on the node, or why nowhere.
    fn leads(node: &Path, mounts: &[Mount], path: &str) -> String {
        below(&Root::new(node.to_owned()), mounts, path)
    }

    /// The same below any root.
    fn below(root: &Root, mounts: &[Mount], path: &str) -> String {
        let mounts = mounted(root, mounts);
        match Walk::new(root, None).to(path, &mounts, End::Followed) {
            Ok(reached) => reached.path,
            Err(stop) => format!("{}: {}", stop.path, stop.error),
        }
    }

    #[track_caller]
    fn expect(node: &TempDir, mounts: &[Mount], cases: &[(&str, &str)]) {
        for (path, expected) in cases {
            assert_eq!(leads(node.path(), mounts, path), *expected, "{path}");
        }
    }

    #[test]
    fn links_are_followed_before_the_folder_above() {
        let node = node(&[
            "etc/k/link -> /srv/real/deep",
            "etc/k/policy.yaml",
            "srv/real/policy.yaml",
            "srv/real/deep/",
        ]);
        let no_folder = "/etc/k/policy.yaml/: does not exist";
        expect(
            &node,
            &[],
            &[
                ("/etc/k/link/../policy.yaml", "/srv/real/policy.yaml"),
                ("/etc/k/../k/./policy.yaml", "/etc/k/policy.yaml"),
                ("/../../etc/k/policy.yaml", "/etc/k/policy.yaml"),
                ("/etc/k/link/", "/srv/real/deep"),
                ("/etc/k/policy.yaml/", no_folder),
                ("/etc/k/policy.yaml/..", "/etc/k/policy.yaml/..: does not exist"),
                ("/etc/none/../k/policy.yaml", "/etc/none/../k/policy.yaml: does not exist"),
                ("/", "/"),
            ],
        );
    }

    #[test]
    fn forty_links_are_followed_and_no_more() {
        let links: Vec<String> = (1..=41).map(|n| format!("etc/{n} -> {}", n - 1)).collect();
        let mut entries: Vec<&str> = links.iter().map(String::as_str).collect();
        entries.extend(["etc/0", "etc/loop -> loop"]);
        let node = node(&entries);
        assert_eq!(leads(node.path(), &[], "/etc/40"), "/etc/0");
        for path in ["/etc/41", "/etc/loop", "/etc/loop/x"] {
            assert!(leads(node.path(), &[], path).contains("Too many levels"), "{path}");
        }
    }

    #[test]
    fn a_link_that_leaves_its_mount_goes_on_in_the_container() {
        let node = node(&[
            "etc/kubernetes/good.yaml",
            "srv/audit/absolute -> /etc/kubernetes/good.yaml",
            "srv/audit/relative -> ../etc/kubernetes/good.yaml",
            "srv/audit/own -> real.yaml",
            "srv/audit/real.yaml",
            "srv/other/good.yaml",
        ]);
        let audit = [mount("/audit", "/srv/audit"), Mount::of_image()];
        let image = "/etc/kubernetes/good.yaml: is in the container's image, which is not part of this input";
        expect(
            &node,
            &audit,
            &[
                ("/audit/absolute", image),
                ("/audit/relative", image),
                ("/audit/../etc/kubernetes/good.yaml", image),
                ("/audit/own", "/srv/audit/real.yaml"),
                ("/audit/none", "/srv/audit/none: does not exist"),
                ("/audit/real.yaml/", "/srv/audit/real.yaml/: does not exist"),
            ],
        );
        let both = [&audit[..], &[mount("/etc/kubernetes", "/srv/other")]].concat();
        expect(
            &node,
            &both,
            &[
                ("/audit/absolute", "/srv/other/good.yaml"),
                ("/audit/relative", "/srv/other/good.yaml"),
                ("/audit/../etc/kubernetes/good.yaml", "/srv/other/good.yaml"),
                ("/etc/../audit/real.yaml", "/srv/audit/real.yaml"),
            ],
        );
        // Where nothing says that there is an image, the rest is the node's.
        expect(&node, &audit[..1], &[("/audit/absolute", "/etc/kubernetes/good.yaml")]);
    }

    #[test]
    fn mounts_within_mounts_and_behind_links_are_found() {
        let node = node(&[
            "srv/a/file",
            "srv/a/alias -> target",
            "srv/a/target/hidden",
            "srv/b/x",
            "srv/b/up -> ../file",
            "srv/link -> /srv/b",
            "srv/volume/current -> v2",
            "srv/volume/v2/x",
        ]);
        let secret =
            Mount { path: "/a/secret".into(), source: MountSource::Other("a secret".into()) };
        let mounts = [
            mount("/a/made/inner", "/srv/b"),
            mount("/a", "/srv/a"),
            mount("/linked", "/srv/link"),
            mount("/a/alias", "/srv/b"),
            mount("/file", "/srv/b/x"),
            mount("/sub", "/srv/volume/current"),
            mount("/gone", "/srv/gone"),
            secret,
            Mount::of_image(),
        ];
        let secret = "is in a secret, which is not part of this input";
        expect(
            &node,
            &mounts,
            &[
                ("/a/file", "/srv/a/file"),
                // The folder between is made for the mount, and holds nothing else.
                ("/a/made/inner/x", "/srv/b/x"),
                ("/a/made/inner/../../file", "/srv/a/file"),
                (
                    "/a/made/inner/up",
                    "/a/made/file: is in a folder that the runtime makes, which is not part of this input",
                ),
                // The mount point is a link: the mount is where it leads.
                ("/a/alias/x", "/srv/b/x"),
                ("/a/target/x", "/srv/b/x"),
                ("/a/target/up", "/srv/a/file"),
                // The source is a link.
                ("/linked/x", "/srv/b/x"),
                ("/sub/x", "/srv/volume/v2/x"),
                ("/file", "/srv/b/x"),
                ("/file/", "/srv/b/x/: does not exist"),
                ("/gone/x", "/srv/gone/x: does not exist"),
                ("/a/secret/t", &format!("/a/secret/t: {secret}")),
                ("/a/secret", &format!("/a/secret: {secret}")),
            ],
        );
    }

    #[test]
    fn in_a_copy_of_one_folder_the_others_are_not_here() {
        let copy = tempfile::tempdir().expect("a folder");
        fs::create_dir(copy.path().join("pki")).expect("made");
        fs::write(copy.path().join("pki/ca.crt"), "").expect("written");
        symlink("/etc/kubernetes/pki/ca.crt", copy.path().join("absolute")).expect("linked");
        symlink("/srv/ca.crt", copy.path().join("out")).expect("linked");
        symlink("../../kubernetes/pki/../pki/ca.crt", copy.path().join("pki/up")).expect("linked");
        let ca = "/etc/kubernetes/pki/ca.crt";
        let cases = [
            (ca, ca),
            ("/etc/kubernetes/absolute", ca),
            ("/etc/kubernetes/pki/up", ca),
            ("/etc/../etc/kubernetes/pki/ca.crt", ca),
            ("/etc/kubernetes/out", "/srv/ca.crt: is not part of this input"),
            ("/etc/kubernetes/../passwd", "/etc/passwd: is not part of this input"),
            ("/etc", "/etc: is not part of this input"),
        ];
        let part = format!("/etc/kubernetes={}", copy.path().display());
        let root = Root::of_parts(&[part.parse().expect("a folder")]);
        for (path, expected) in cases {
            assert_eq!(below(&root, &[], path), expected, "{path}");
        }
        let host = [mount("/k", "/etc/kubernetes"), Mount::of_image()];
        assert_eq!(below(&root, &host, "/k/pki/ca.crt"), ca);
        assert_eq!(below(&root, &host, "/k/pki"), "/etc/kubernetes/pki");
        // A disk below it, and a mount of a folder above it.
        let disk = node(&["etc/hosts", "etc/kubernetes/pki/ca.crt", "etc/link -> kubernetes/out"]);
        let whole = disk.path().display().to_string();
        let parts = [part, whole].map(|part| part.parse().expect("a folder"));
        let root = Root::of_parts(&parts);
        assert_eq!(below(&root, &[], "/etc/kubernetes/absolute"), ca);
        assert_eq!(below(&root, &[], "/etc/link"), "/srv/ca.crt: does not exist");
        let host = [mount("/e", "/etc"), Mount::of_image()];
        assert_eq!(below(&root, &host, "/e/hosts"), "/etc/hosts");
        assert_eq!(below(&root, &host, "/e/kubernetes/pki/up"), ca);
    }

    /// The kernel is the judge: random trees, random paths, one file or the same refusal.
    #[test]
    fn a_walk_ends_where_the_kernel_does() {
        let mut state = 7_u64;
        let mut random = move |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).expect("31 bits") % below
        };
        let mut alike = 0;
        for _ in 0..60 {
            let folder = tempfile::tempdir().expect("a folder");
            fs::create_dir(folder.path().join("etc")).expect("made");
            let mut folders = vec![String::new(), "/etc".to_owned()];
            let path = |random: &mut dyn FnMut(usize) -> usize| {
                let parts = ["a", "b", "c", "etc", "..", ".", "", "a", "b"];
                let count = 1 + random(5);
                let words: Vec<&str> = (0..count).map(|_| parts[random(parts.len())]).collect();
                words.join("/")
            };
            for _ in 0..14 {
                let inside = folders[random(folders.len())].clone();
                let name = format!("{inside}/{}", ["a", "b", "c"][random(3)]);
                let at = folder.path().join(name.trim_start_matches('/'));
                match random(4) {
                    0 if fs::write(&at, "").is_ok() => {}
                    1 if fs::create_dir(&at).is_ok() => folders.push(name),
                    _ => {
                        let slash = if random(2) == 0 { "/" } else { "" };
                        let target = format!("{slash}{}", path(&mut random));
                        // An empty target is refused.
                        let _ = symlink(target, &at);
                    }
                }
            }
            let root = Root::new(folder.path().to_owned());
            for _ in 0..200 {
                let path = format!("/{}", path(&mut random));
                let walked = Walk::new(&root, None).to(&path, &[], End::Followed);
                match (walked, root.attributes(&path)) {
                    (Ok(walked), Ok(kernel)) => {
                        assert_eq!(walked.attributes, kernel, "{path}");
                        let again = root.attributes(&walked.path).expect("without links");
                        assert_eq!(again, kernel, "{path}");
                        alike += 1;
                    }
                    (Err(stop), Err(error)) => {
                        assert_eq!(stop.error.to_string(), error.to_string(), "{path}");
                    }
                    (walked, kernel) => {
                        let walked = walked.map(|reached| reached.path);
                        panic!("{path}: {walked:?}, but the kernel {kernel:?}");
                    }
                }
            }
        }
        assert!(alike > 1000, "{alike}");
    }

    #[test]
    fn every_folder_on_the_way_to_a_file_is_named() {
        let node = node(&[
            "srv/keys/real/a.key",
            "etc/pki/a -> /srv/keys/./real/../real/a.key",
            "etc/pki/up -> ../../../../srv/keys",
            "etc/loop -> loop",
        ]);
        let root = Root::new(node.path().to_owned());
        let above = |path: &str| -> Vec<String> {
            let mut walk = Walk::new(&root, None);
            assert!(walk.to(path, &[], End::Followed).is_ok(), "{path}");
            walk.folders.into_iter().map(|(folder, _)| folder).collect()
        };
        let through = ["/", "/etc", "/etc/pki", "/srv", "/srv/keys", "/srv/keys/real"];
        assert_eq!(above("/etc/pki/a"), through);
        assert_eq!(above("/etc/pki/up/real/a.key"), through);
        assert_eq!(above("/srv/keys"), ["/", "/srv"]);
    }

    #[test]
    fn a_file_that_is_put_in_the_place_of_another_is_not_opened() {
        let node = node(&["etc/a", "etc/b"]);
        let root = Root::new(node.path().to_owned());
        let reached = Walk::new(&root, None).to("/etc/a", &[], End::Followed).expect("there");
        assert!(reached.open(rustix::fs::OFlags::RDONLY).is_ok());
        fs::rename(node.path().join("etc/b"), node.path().join("etc/a")).expect("renamed");
        assert!(reached.open(rustix::fs::OFlags::RDONLY).is_err());
    }
}
