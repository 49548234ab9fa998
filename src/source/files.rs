//! The files that a server's flags name, as the server sees them.
//!
//! Each is read, or looked at, once a target, however many rules ask for it.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use zeroize::Zeroize;

use super::attributes::Attributes;
use super::resolve::{End, Mounted, Stop, Walk, mounted};
use super::root::{Error, Root};
use crate::command_line::{Mount, MountSource};

/// Why a file cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is not part of the input; says where it would be.
    Elsewhere(String),
    /// It does not exist, where it could be seen if it did.
    Missing(String),
    /// It should be there to read and is not.
    Failed(String),
}

/// A file's bytes and what reports call it. The bytes are overwritten when they are dropped: many of
/// these files hold keys, tokens or passwords.
#[derive(Debug)]
pub struct NamedBytes {
    /// What reports call it.
    pub name: Arc<str>,
    /// Its contents.
    pub bytes: Vec<u8>,
}

impl Drop for NamedBytes {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

/// The files of one server.
#[derive(Debug)]
pub struct Files {
    store: Store,
    mounts: Vec<Mount>,
    /// The mounts as they are found in a folder.
    mounted: OnceCell<Vec<Mounted>>,
    /// Where a relative path begins, if that is known.
    working_folder: Option<String>,
    read: RefCell<BTreeMap<String, Result<Arc<NamedBytes>, Unread>>>,
    looked_at: RefCell<BTreeMap<String, LookedAt>>,
}

/// What reports call a file, and its mode and owner.
type LookedAt = Result<(String, Attributes), Unread>;

#[derive(Debug)]
enum Store {
    /// They are not at hand.
    Elsewhere,
    /// Below this folder. Whether reports name files by their path in it, or by where it is.
    Below { root: Root, inside: bool },
    /// These texts, by path.
    Given(BTreeMap<String, String>),
}

impl Files {
    fn new(store: Store) -> Self {
        let (read, looked_at) = (RefCell::default(), RefCell::default());
        let (mounts, mounted) = (Vec::new(), OnceCell::new());
        Self { store, mounts, mounted, working_folder: None, read, looked_at }
    }

    /// None are at hand.
    pub fn elsewhere() -> Self {
        Self::new(Store::Elsewhere)
    }

    /// Those below a folder, which stands for the node's `/`.
    pub fn below(root: Root) -> Self {
        Self::new(Store::Below { root, inside: false })
    }

    /// Those that a process sees.
    pub fn of_process(root: Root, working_folder: Option<String>) -> Self {
        let files = Self::new(Store::Below { root, inside: true });
        Self { working_folder, ..files }
    }

    /// These texts, by path.
    pub fn given(texts: BTreeMap<String, String>) -> Self {
        Self::new(Store::Given(texts))
    }

    /// The same files as a container with these mounts sees them.
    #[must_use]
    pub fn through(self, mounts: &[Mount]) -> Self {
        let cleaned =
            |mount: &Mount| Mount { path: clean(&mount.path), source: mount.source.clone() };
        Self { mounts: mounts.iter().map(cleaned).collect(), mounted: OnceCell::new(), ..self }
    }

    /// Whether they are read in the name of another user than root, who may have named them to have them
    /// repeated: reports must not quote them.
    pub fn are_foreign(&self) -> bool {
        matches!(&self.store, Store::Below { root, .. } if root.is_foreign())
    }

    /// Whether none of them is part of the input.
    pub fn are_elsewhere(&self) -> bool {
        matches!(self.store, Store::Elsewhere)
    }

    /// Whether files can be looked at in a folder at all.
    pub fn are_at_hand(&self) -> bool {
        matches!(self.store, Store::Below { .. })
    }

    /// The contents of the file that the server knows as `path`.
    pub fn read(&self, path: &str) -> Result<Arc<NamedBytes>, Unread> {
        if let Some(known) = self.read.borrow().get(path) {
            return known.clone();
        }
        let read = self.read_anew(path).map(Arc::new);
        self.read.borrow_mut().insert(path.to_owned(), read.clone());
        read
    }

    /// The contents of a file that may hold a secret: they are not kept.
    pub fn read_once(&self, path: &str) -> Result<NamedBytes, Unread> {
        self.read_anew(path)
    }

    fn read_anew(&self, path: &str) -> Result<NamedBytes, Unread> {
        let on_node = self.on_node(path)?;
        match &self.store {
            Store::Elsewhere => Err(not_here(&on_node)),
            Store::Given(texts) => match texts.get(&*on_node) {
                Some(text) => {
                    Ok(NamedBytes { name: on_node.into(), bytes: text.clone().into_bytes() })
                }
                None => Err(not_here(&on_node)),
            },
            Store::Below { root, .. } => {
                let name = self.shown(&on_node);
                let bytes = root.read(&on_node).map_err(|error| unread(&name, error))?;
                Ok(NamedBytes { name: name.into(), bytes })
            }
        }
    }

    /// The paths of the files in a folder that the server knows as `path`, sorted by name.
    pub fn list(&self, path: &str) -> Result<Vec<String>, Unread> {
        let on_node = self.on_node(path)?;
        let join = |name: &str| format!("{}/{name}", path.trim_end_matches('/'));
        match &self.store {
            Store::Elsewhere => Err(not_here(&on_node)),
            Store::Given(texts) => {
                let below = join("");
                Ok(texts.keys().filter(|path| path.starts_with(&below)).cloned().collect())
            }
            Store::Below { root, .. } => {
                let names = root.list(&on_node);
                let names = names.map_err(|error| unread(&self.shown(&on_node), error))?;
                Ok(names.iter().map(|name| join(name)).collect())
            }
        }
    }

    /// The paths of all files below a folder that the server knows as `path`, in the order of Go's
    /// `filepath.WalkDir`: folders are walked where their name stands, links to folders are not.
    pub fn walk(&self, path: &str) -> Result<Vec<String>, Unread> {
        // A slash at the end makes a link count as the folder that it leads to.
        let through_link = path.ends_with('/');
        let on_node = self.located(path, if through_link { End::Followed } else { End::Itself })?;
        let folder = path.trim_end_matches('/');
        match &self.store {
            Store::Elsewhere => Err(not_here(&on_node)),
            Store::Given(texts) => {
                let below = format!("{folder}/");
                let found: Vec<String> =
                    texts.keys().filter(|path| path.starts_with(&below)).cloned().collect();
                if found.is_empty() { Err(not_here(&on_node)) } else { Ok(found) }
            }
            Store::Below { root, .. } => {
                let below = root.walk(&on_node, through_link);
                let below = below.map_err(|error| unread(&self.shown(&on_node), error))?;
                Ok(below.iter().map(|name| format!("{folder}/{name}")).collect())
            }
        }
    }

    /// What reports call a file, and its mode and owner.
    pub fn attributes(&self, path: &str) -> LookedAt {
        if !self.are_at_hand() {
            return self.attributes_anew(path);
        }
        if let Some(known) = self.looked_at.borrow().get(path) {
            return known.clone();
        }
        let found = self.attributes_anew(path);
        self.looked_at.borrow_mut().insert(path.to_owned(), found.clone());
        found
    }

    fn attributes_anew(&self, path: &str) -> LookedAt {
        let on_node = self.on_node(path)?;
        let Store::Below { root, .. } = &self.store else {
            return Err(not_here(&on_node));
        };
        let name = self.shown(&on_node);
        match root.attributes(&on_node) {
            Ok(attributes) => Ok((name, attributes)),
            Err(error) => Err(unread(&name, error)),
        }
    }

    /// The folders of the node in which a file is looked up, links followed, from the top, with what
    /// reports call each: who may write to one of them may put another file in its place.
    pub fn folders_above(&self, path: &str) -> Result<Vec<(String, Attributes)>, Unread> {
        let path = self.absolute(path)?;
        let Store::Below { root, .. } = &self.store else {
            return Err(not_here(&self.by_text(path)?));
        };
        let mut walk = Walk::new(root, None);
        if !root.is_whole() {
            return Err(not_here(&format!("a folder above {path}")));
        }
        walk.to(&path, self.mounted(root), End::Followed)
            .map_err(|stop| unread(&self.shown(&stop.path), stop.error))?;
        let shown = |(folder, attributes): (String, Attributes)| (self.shown(&folder), attributes);
        Ok(walk.folders.into_iter().map(shown).collect())
    }

    fn shown(&self, on_node: &str) -> String {
        match &self.store {
            Store::Below { root, inside: false } => root.shown(on_node),
            _ => on_node.to_owned(),
        }
    }

    /// The path on the node of what the server knows as `path`.
    pub fn on_node<'p>(&self, path: &'p str) -> Result<Cow<'p, str>, Unread> {
        self.located(path, End::Followed)
    }

    /// The path on the node, links followed where mounts decide where they lead; the kernel follows the
    /// others.
    fn located<'p>(&self, path: &'p str, end: End) -> Result<Cow<'p, str>, Unread> {
        let path = self.absolute(path)?;
        let Store::Below { root, .. } = &self.store else { return self.by_text(path) };
        if self.mounts.is_empty() {
            return Ok(path);
        }
        match Walk::new(root, None).to(&path, self.mounted(root), end) {
            Ok(reached) => Ok(Cow::Owned(reached.path)),
            // Whoever opens it meets the same.
            Err(Stop { path, error: Error::Missing | Error::Outside }) => Ok(Cow::Owned(path)),
            Err(Stop { path, error }) => Err(unread(&self.shown(&path), error)),
        }
    }

    fn mounted(&self, root: &Root) -> &[Mounted] {
        self.mounted.get_or_init(|| mounted(root, &self.mounts))
    }

    /// The path from the server's root.
    fn absolute<'p>(&self, path: &'p str) -> Result<Cow<'p, str>, Unread> {
        match (path.starts_with('/'), &self.working_folder) {
            (true, _) => Ok(tidy(path)),
            (false, Some(folder)) => Ok(tidy(&format!("{folder}/{path}")).into_owned().into()),
            (false, None) => {
                let why = format!("{path} is a relative path: it is not known from where");
                Err(Unread::Elsewhere(why))
            }
        }
    }

    /// Where a path would lead, by its words alone: where there are no files there are no links.
    fn by_text<'p>(&self, path: Cow<'p, str>) -> Result<Cow<'p, str>, Unread> {
        let untidy = path.ends_with('/') || path.contains("/..");
        let path = if untidy { Cow::Owned(clean(&path)) } else { path };
        let mount = self
            .mounts
            .iter()
            .filter_map(|mount| below(&path, &mount.path).map(|rest| (mount, rest)))
            .min_by_key(|(_, rest)| rest.len());
        match mount {
            None => Ok(path),
            Some((Mount { source: MountSource::Host(host), .. }, rest)) => {
                Ok(clean(&[host, "/", rest].concat()).into())
            }
            Some((Mount { source: MountSource::Other(what), .. }, _)) => Err(Unread::Elsewhere(
                format!("{path} is in {what}, which is not part of this input"),
            )),
        }
    }
}

fn not_here(path: &str) -> Unread {
    Unread::Elsewhere([path, " is not part of this input"].concat())
}

fn unread(name: &str, error: Error) -> Unread {
    match error {
        Error::Missing => Unread::Missing(format!("{name} {error}")),
        Error::Io(cause) => Unread::Failed(format!("{name}: {cause}")),
        Error::Outside => not_here(name),
        Error::Elsewhere(_) => Unread::Elsewhere(format!("{name} {error}")),
        Error::Refused(_) | Error::NotAFile | Error::TooLarge | Error::Changed | Error::TooMany => {
            Unread::Failed(format!("{name} {error}"))
        }
    }
}

/// Whether a path has no `.`, `..` or doubled slashes, and no name that begins with a dot.
fn is_tidy(path: &str) -> bool {
    let bytes = path.as_bytes();
    let leads_nowhere = |at: usize| matches!(bytes.get(at + 1), Some(b'/' | b'.'));
    !memchr::memchr_iter(b'/', bytes).any(leads_nowhere)
}

/// The path without `.` and doubled slashes, which lead nowhere. Where `..` leads is for links to say, and
/// a slash at the end asks for a folder: both stay.
fn tidy(path: &str) -> Cow<'_, str> {
    if is_tidy(path) {
        return Cow::Borrowed(path);
    }
    let mut out = String::with_capacity(path.len());
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        out.push('/');
        out.push_str(part);
    }
    if path.ends_with('/') || path.ends_with("/.") {
        out.push('/');
    }
    Cow::Owned(out)
}

/// The path without `.`, `..` and doubled slashes.
fn clean(path: &str) -> String {
    if path == "/" || path.starts_with('/') && !path.ends_with('/') && is_tidy(path) {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// The rest of a path that lies at or below a folder.
fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder == "/" {
        return path.strip_prefix('/');
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

#[cfg(test)]
mod tests {
    use super::{Files, Unread};
    use crate::command_line::{Mount, MountSource};

    fn files() -> Files {
        let mount = |path: &str, host: &str| Mount {
            path: path.into(),
            source: MountSource::Host(host.into()),
        };
        let secret = Mount { path: "/token".into(), source: MountSource::Other("a secret".into()) };
        let texts = [
            ("/etc/kubernetes/pki/ca.crt", "ca"),
            ("/srv/audit/policy.yaml", "policy"),
            ("/usr/a", "a"),
        ];
        let texts = texts.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        Files::given(texts).through(&[
            mount("/pki", "/etc/kubernetes/pki"),
            mount("/pki/policy.yaml", "/srv/audit/policy.yaml"),
            secret,
        ])
    }

    #[test]
    fn the_longest_mount_decides_where_a_path_leads() {
        let files = files();
        let read = |path: &str| files.read(path).map(|read| read.bytes.clone());
        assert_eq!(read("/pki/ca.crt"), Ok(b"ca".to_vec()));
        assert_eq!(read("/pki/./x/../ca.crt"), Ok(b"ca".to_vec()));
        assert_eq!(read("/pki/policy.yaml"), Ok(b"policy".to_vec()));
        assert_eq!(read("/usr/a"), Ok(b"a".to_vec()));
        for path in ["/token/t", "/pkix/ca.crt", "relative"] {
            assert!(matches!(read(path), Err(Unread::Elsewhere(_))), "{path}");
        }
    }
}
