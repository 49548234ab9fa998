//! The inputs of a run, each by itself: what is read here rests on the arguments and on nothing that
//! was read before, so that several files can be read at a time.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::beside::{Beside, kustomization};
use super::event::{Event, Out, guarded};
use super::{together, units};
use crate::cli::InputArgs;
use crate::component::Component;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Contents, Found, Neighbour};
use crate::report::counted;
use crate::source::{self, Files, Root, Source};
use crate::target::Target;

/// What the inputs are read by.
#[derive(Clone)]
pub(super) struct Inputs<'a> {
    pub(super) args: &'a InputArgs,
    /// The folder that stands for the node's `/`, if one was named.
    pub(super) root: Option<Root>,
    /// The components that the command has something to say about.
    pub(super) known: Vec<Component>,
    /// The folder whose kustomization was looked for last, and what was found.
    pub(super) last_folder: Arc<Mutex<(PathBuf, Option<PathBuf>)>>,
}

/// Files that are read by themselves.
pub(super) enum Item {
    /// A file that was asked for by name.
    Named(PathBuf),
    /// Files in a folder that may have to be read together; mostly one.
    InFolder(Vec<PathBuf>),
}

/// Where the kubelet looks for static pods: what stands there runs, or is about to, on this machine.
const MANIFESTS: &str = "/etc/kubernetes/manifests/";

impl Inputs<'_> {
    /// Reads files.
    pub(super) fn item(&self, item: &Item, out: Out<'_>) -> anyhow::Result<()> {
        let paths = match item {
            Item::Named(path) => {
                let name = path.display().to_string();
                let with_drop_ins = together::with_drop_ins(path);
                let several = with_drop_ins.len() > 1;
                let together = |out: Out<'_>| Ok(several && self.together(&with_drop_ins, out)?);
                if guarded(&name, out, together)? == Some(false) {
                    guarded(&name, out, |out| self.file(path, out))?;
                }
                return Ok(());
            }
            Item::InFolder(paths) => paths,
        };
        if let [first, _, ..] = &paths[..] {
            let name = first.display().to_string();
            let together = guarded(&name, out, |out| self.together(paths, out))?;
            if together != Some(false) {
                return Ok(());
            }
        }
        for path in paths {
            let name = path.display().to_string();
            guarded(&name, out, |out| self.file_in_folder(path, out))?;
        }
        Ok(())
    }

    /// Reads a text, or a unit with what belongs to it.
    pub(super) fn read_text(
        &self,
        text: &str,
        name: &Arc<str>,
        drop_ins: &[(Arc<str>, String)],
        folder: Option<&Path>,
    ) -> Contents {
        if !drop_ins.is_empty() {
            return document::read_unit((text, name), drop_ins);
        }
        let kustomization = |folder: &Path| self.kustomization(folder);
        let beside = Beside { folder, root: self.root.as_ref(), kustomization: &kustomization };
        document::read_beside(text, name, self.args.input_format, &beside)
    }

    /// The kustomization in a folder; mostly that of the file before is asked for again.
    fn kustomization(&self, folder: &Path) -> Option<PathBuf> {
        let mut last = self.last_folder.lock().ok()?;
        if last.0 != folder {
            *last = (folder.to_owned(), kustomization(folder));
        }
        last.1.clone()
    }

    /// Whether a component is wanted and known.
    pub(super) fn wants(&self, component: Component) -> bool {
        let asked = &self.args.component;
        (asked.is_empty() || asked.contains(&component)) && self.known.contains(&component)
    }

    /// The components that are looked for, for messages.
    pub(super) fn wanted_names(&self) -> String {
        let names: Vec<&str> = Component::ALL
            .into_iter()
            .filter(|component| self.wants(*component))
            .map(Component::name)
            .collect();
        match &names[..] {
            [] => "known component".to_owned(),
            [one] => (*one).to_owned(),
            [most @ .., last] => format!("{} or {last}", most.join(", ")),
        }
    }

    /// Makes a target of a command line and hands it on. True if it was one.
    pub(super) fn hand_on(
        &self,
        name: &str,
        source: Source,
        found: Found,
        files: (Files, Files),
        out: Out<'_>,
    ) -> anyhow::Result<bool> {
        if !self.wants(found.line.component) {
            let message = format!("{name}: {} is not asked for", found.line.component);
            out(Event::PassedOver(message))?;
            return Ok(false);
        }
        let mut found = found;
        if let Some(why) = &found.line.not_followed {
            let component = found.line.component;
            let message = format!("starts {component} in a way that is not understood: {why}");
            let place = Some(found.line.program.location.clone());
            found.diagnostics.push(Diagnostic::new(Code::StartNotFollowed, message.clone(), place));
            out(Event::failure(name, &message))?;
        }
        guarded(name, out, |out| {
            match Target::new(source, found, files, self.args.kubernetes_version) {
                Ok(target) => out(Event::Target(name.to_owned(), Box::new(target))),
                Err(error) => out(Event::failure(name, &error.to_string())),
            }
        })?;
        Ok(true)
    }

    /// The files that the flags in a text name, and those of the node.
    fn files_of(&self, path: Option<&str>) -> (Files, Files) {
        let on_this_node = path.is_some_and(|path| path.starts_with(MANIFESTS));
        let root = match &self.root {
            Some(root) => root.clone(),
            None if on_this_node => Root::new("/".into()),
            None => return (Files::elsewhere(), Files::elsewhere()),
        };
        (Files::below(root.clone()), Files::below(root))
    }

    pub(super) fn argv(&self, out: Out<'_>) -> anyhow::Result<()> {
        let mut handed = false;
        for found in document::from_argv(&self.args.argv) {
            handed |=
                self.hand_on("command line", Source::Argv, found, self.files_of(None), out)?;
        }
        if !handed {
            let message = format!("it starts no {}: give its name first", self.wanted_names());
            out(Event::failure("command line", &message))?;
        }
        Ok(())
    }

    pub(super) fn stdin(&self, out: Out<'_>) -> anyhow::Result<()> {
        let path: Arc<str> = source::STDIN.into();
        match source::read_stdin() {
            Ok(text) => self.text(&text, &[], &path, &Source::Stdin, out),
            Err(error) => out(Event::unreadable(&path, &error)),
        }
    }

    fn file(&self, path: &Path, out: Out<'_>) -> anyhow::Result<()> {
        let name: Arc<str> = path.display().to_string().into();
        match source::read_file(path) {
            Ok(text) => {
                let source = Source::File { path: name.clone() };
                let drop_ins = drop_ins(path, out)?;
                self.text(&text, &drop_ins, &name, &source, out)
            }
            Err(error) => out(Event::unreadable(&name, &error)),
        }
    }

    /// A text that was asked for by name: finding nothing in it is a failure.
    fn text(
        &self,
        text: &str,
        drop_ins: &[(Arc<str>, String)],
        name: &Arc<str>,
        source: &Source,
        out: Out<'_>,
    ) -> anyhow::Result<()> {
        if text.trim_matches(['\u{feff}', ' ', '\n', '\r', '\t']).is_empty() {
            return out(Event::failure(name, "the file is empty"));
        }
        let contents = self.read_text(text, name, drop_ins, None);
        let broken = !contents.errors.is_empty();
        if !self.contents(contents, name, source, out)? && !broken {
            let message = format!("no {} is started in it", self.wanted_names());
            out(Event::empty(name, &message))?;
        }
        Ok(())
    }

    /// Hands on what a text holds. True if there was a target.
    pub(super) fn contents(
        &self,
        contents: Contents,
        name: &Arc<str>,
        source: &Source,
        out: Out<'_>,
    ) -> anyhow::Result<bool> {
        for (path, message) in one_a_file(contents.errors) {
            out(Event::failure(&path, &message))?;
        }
        let mut any = false;
        for found in contents.found {
            any |= self.hand_on(name, source.clone(), found, self.files_of(Some(name)), out)?;
        }
        Ok(any)
    }

    /// Files that one server reads together. False if they are not such files after all.
    fn together(&self, paths: &[PathBuf], out: Out<'_>) -> anyhow::Result<bool> {
        let mut files: Vec<Neighbour> = Vec::new();
        for path in paths {
            let text = source::read_file(path).map_err(|error| error.to_string());
            files.push((path.display().to_string().into(), text));
        }
        let is_part = together::lack_their_file(paths);
        let Some(contents) = document::read_together(&files, is_part) else { return Ok(false) };
        let Some((name, _)) = files.first() else { return Ok(false) };
        let source = Source::File { path: name.clone() };
        self.contents(contents, name, &source, out)?;
        Ok(true)
    }
}

/// The errors of each file as one: the first, and the last, which may be why the rest was not read.
fn one_a_file(errors: Vec<document::Error>) -> Vec<(Arc<str>, String)> {
    let mut files: Vec<(Arc<str>, Vec<String>)> = Vec::new();
    for error in errors {
        match files.iter_mut().find(|(path, _)| *path == error.path) {
            Some((_, messages)) => messages.push(error.message),
            None => files.push((error.path, vec![error.message])),
        }
    }
    let said = |(path, messages): (Arc<str>, Vec<String>)| match &messages[..] {
        [first, .., last] => {
            let more = counted(messages.len() - 1, "more error");
            (path, format!("{first} (and {more}, the last: {last})"))
        }
        _ => (path, messages.concat()),
    };
    files.into_iter().map(said).collect()
}

/// The drop-ins beside a unit; those that cannot be read are failures.
pub(super) fn drop_ins(path: &Path, out: Out<'_>) -> anyhow::Result<Vec<(Arc<str>, String)>> {
    let mut read = Vec::new();
    for drop_in in units::drop_ins(path) {
        match drop_in {
            Ok(drop_in) => read.push(drop_in),
            Err(error) => out(Event::unreadable(&path.display().to_string(), &error))?,
        }
    }
    Ok(read)
}
