//! The inputs of a run, one target at a time. Whatever becomes of one input, the others are gone
//! through.

mod guard;
mod live;
mod together;
mod units;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::InputArgs;
use crate::component::Component;
use crate::document::{self, Contents, Found};
use crate::report::Failure;
use crate::source::{self, Files, Root, Source};
use crate::target::Target;

/// Goes through the inputs and hands every target on; what cannot be read is collected.
pub(super) struct Reader<'a> {
    args: &'a InputArgs,
    /// The components that the command has something to say about.
    known: Vec<Component>,
    /// The inputs that could not be read.
    pub(super) failures: Vec<Failure>,
    /// What was passed over and why, for `--verbose`.
    pub(super) passed_over: Vec<String>,
    /// The components that were looked for among the processes and do not run, where others do.
    pub(super) absent: Vec<Component>,
    targets: usize,
}

/// Where the kubelet looks for static pods: what stands there runs, or is about to, on this machine.
const MANIFESTS: &str = "/etc/kubernetes/manifests/";

type Each<'e> = &'e mut dyn FnMut(Target) -> anyhow::Result<()>;

impl<'a> Reader<'a> {
    pub(super) fn new(args: &'a InputArgs, known: Vec<Component>) -> Self {
        let (failures, passed_over, absent) = (Vec::new(), Vec::new(), Vec::new());
        Self { args, known, failures, passed_over, absent, targets: 0 }
    }

    /// Reads everything. An error is one of `each`; unreadable inputs are failures.
    pub(super) fn read(&mut self, each: Each<'_>) -> anyhow::Result<()> {
        let args = self.args;
        if !args.argv.is_empty() {
            self.guarded("command line", |reader| reader.argv(each))?;
            return Ok(());
        }
        for input in &args.inputs {
            if input.as_os_str() == "-" {
                self.guarded(source::STDIN, |reader| reader.stdin(each))?;
            } else if input.is_dir() {
                self.folder(input, each)?;
            } else {
                self.guarded(&input.display().to_string(), |reader| reader.file(input, each))?;
            }
        }
        if args.inputs.is_empty() || args.pid.is_some() {
            self.guarded("processes", |reader| reader.processes(each))?;
        }
        Ok(())
    }

    /// Does work on an input; `None` if it panicked, which is a failure of that input alone.
    fn guarded<T>(
        &mut self,
        input: &str,
        work: impl FnOnce(&mut Self) -> anyhow::Result<T>,
    ) -> anyhow::Result<Option<T>> {
        match guard::guard(input, || work(self)) {
            Ok(done) => done.map(Some),
            Err(failure) => {
                self.failures.push(failure);
                Ok(None)
            }
        }
    }

    /// Reads a text, or a unit with what belongs to it.
    fn read_text(&self, text: &str, name: &Arc<str>, drop_ins: &[(Arc<str>, String)]) -> Contents {
        match (self.args.input_format, drop_ins) {
            (Some(format), []) => document::read_as(text, name, format),
            (None, []) => document::read(text, name),
            (_, drop_ins) => document::read_unit((text, name), drop_ins),
        }
    }

    fn fail(&mut self, source: impl Into<String>, message: impl Into<String>) {
        self.failures.push(Failure { source: source.into(), message: message.into() });
    }

    /// Whether a component is wanted and known.
    fn wants(&self, component: Component) -> bool {
        let asked = &self.args.component;
        (asked.is_empty() || asked.contains(&component)) && self.known.contains(&component)
    }

    /// The components that are looked for, for messages.
    fn wanted_names(&self) -> String {
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
    fn hand_on(
        &mut self,
        name: &str,
        source: Source,
        found: Found,
        files: (Files, Files),
        each: Each<'_>,
    ) -> anyhow::Result<bool> {
        if !self.wants(found.line.component) {
            self.passed_over.push(format!("{name}: {} is not asked for", found.line.component));
            return Ok(false);
        }
        self.guarded(name, |reader| {
            match Target::new(source, found, files, reader.args.kubernetes_version) {
                Ok(target) => {
                    reader.targets += 1;
                    each(target)?;
                }
                Err(error) => reader.fail(name, error.to_string()),
            }
            Ok(())
        })?;
        Ok(true)
    }

    /// The files that the flags in a text name, and those of the node.
    fn files_of(&self, path: Option<&str>) -> (Files, Files) {
        let on_this_node = path.is_some_and(|path| path.starts_with(MANIFESTS));
        let root = match &self.args.root {
            Some(root) => Root::new(root.clone()),
            None if on_this_node => Root::new("/".into()),
            None => return (Files::elsewhere(), Files::elsewhere()),
        };
        (Files::below(root.clone()), Files::below(root))
    }

    fn argv(&mut self, each: Each<'_>) -> anyhow::Result<()> {
        let found = document::from_argv(&self.args.argv);
        let handed = match found {
            Some(found) => {
                self.hand_on("command line", Source::Argv, found, self.files_of(None), each)?
            }
            None => false,
        };
        if !handed {
            let message = format!("it starts no {}: give its name first", self.wanted_names());
            self.fail("command line", message);
        }
        Ok(())
    }

    fn stdin(&mut self, each: Each<'_>) -> anyhow::Result<()> {
        let path: Arc<str> = source::STDIN.into();
        match source::read_stdin() {
            Ok(text) => self.text(&text, &[], &path, &Source::Stdin, each),
            Err(error) => {
                self.fail(&*path, error.to_string());
                Ok(())
            }
        }
    }

    /// The drop-ins beside a unit; those that cannot be read are failures.
    fn drop_ins(&mut self, path: &Path) -> Vec<(Arc<str>, String)> {
        let mut read = Vec::new();
        for drop_in in units::drop_ins(path) {
            match drop_in {
                Ok(drop_in) => read.push(drop_in),
                Err(error) => self.fail(path.display().to_string(), error.to_string()),
            }
        }
        read
    }

    fn file(&mut self, path: &Path, each: Each<'_>) -> anyhow::Result<()> {
        let name: Arc<str> = path.display().to_string().into();
        match source::read_file(path) {
            Ok(text) => {
                let source = Source::File { path: name.clone() };
                let drop_ins = self.drop_ins(path);
                self.text(&text, &drop_ins, &name, &source, each)
            }
            Err(error) => {
                self.fail(&*name, error.to_string());
                Ok(())
            }
        }
    }

    /// A text that was asked for by name: finding nothing in it is a failure.
    fn text(
        &mut self,
        text: &str,
        drop_ins: &[(Arc<str>, String)],
        name: &Arc<str>,
        source: &Source,
        each: Each<'_>,
    ) -> anyhow::Result<()> {
        if text.trim_matches(['\u{feff}', ' ', '\n', '\r', '\t']).is_empty() {
            self.fail(&**name, "the file is empty");
            return Ok(());
        }
        let contents = self.read_text(text, name, drop_ins);
        let broken = !contents.errors.is_empty();
        if !self.contents(contents, name, source, each)? && !broken {
            let message = format!("no {} is started in it", self.wanted_names());
            self.fail(&**name, message);
        }
        Ok(())
    }

    /// Hands on what a text holds. True if there was a target.
    fn contents(
        &mut self,
        contents: Contents,
        name: &Arc<str>,
        source: &Source,
        each: Each<'_>,
    ) -> anyhow::Result<bool> {
        for error in contents.errors {
            self.fail(&*error.path, error.message);
        }
        let mut any = false;
        for found in contents.found {
            any |= self.hand_on(name, source.clone(), found, self.files_of(Some(name)), each)?;
        }
        Ok(any)
    }

    fn folder(&mut self, folder: &Path, each: Each<'_>) -> anyhow::Result<()> {
        let before = (self.targets, self.failures.len());
        let mut paths = Vec::new();
        let mut walk = source::walk(folder);
        for path in walk.by_ref() {
            match path {
                Ok(path) => paths.push(path),
                Err(error) => self.fail(folder.display().to_string(), error.to_string()),
            }
        }
        let ignored = walk.ignored.iter().map(|path| format!("{}: git ignores it", path.display()));
        self.passed_over.extend(ignored);
        for group in together::groups(paths) {
            if let [first, _, ..] = &group[..] {
                let name = first.display().to_string();
                let together = self.guarded(&name, |reader| reader.together(&group, each))?;
                if together != Some(false) {
                    continue;
                }
            }
            for path in group {
                let name = path.display().to_string();
                self.guarded(&name, |reader| reader.file_in_folder(&path, each))?;
            }
        }
        if before == (self.targets, self.failures.len()) {
            let message = format!("no {} is started in any file below it", self.wanted_names());
            self.fail(folder.display().to_string(), message);
        }
        Ok(())
    }

    /// Files that one server reads together. False if they are not such files after all.
    fn together(&mut self, paths: &[PathBuf], each: Each<'_>) -> anyhow::Result<bool> {
        let mut files: Vec<(String, Arc<str>)> = Vec::new();
        for path in paths {
            let Ok(text) = source::read_file(path) else { return Ok(false) };
            files.push((text, path.display().to_string().into()));
        }
        let Some(found) = document::read_together(&files) else { return Ok(false) };
        let Some((_, name)) = files.first() else { return Ok(false) };
        let source = Source::File { path: name.clone() };
        let contents = Contents { found, ..Contents::default() };
        self.contents(contents, name, &source, each)?;
        Ok(true)
    }

    /// A file that happens to be in a folder: it counts if it is, or means to be, a manifest.
    fn file_in_folder(&mut self, path: &Path, each: Each<'_>) -> anyhow::Result<()> {
        let name: Arc<str> = path.display().to_string().into();
        if units::unit_of(path).is_some_and(|unit| unit.is_file()) {
            self.passed_over.push(format!("{name}: read with its unit"));
            return Ok(());
        }
        let manifest_name = path.extension().is_none_or(|extension| {
            ["yaml", "yml", "json", "manifest"].iter().any(|known| extension == *known)
        });
        let text = match source::read_file(path) {
            Ok(text) => text,
            Err(error) if manifest_name => {
                self.fail(&*name, error.to_string());
                return Ok(());
            }
            Err(error) => {
                self.passed_over.push(error.to_string());
                return Ok(());
            }
        };
        let drop_ins = self.drop_ins(path);
        let mut texts = drop_ins.iter().map(|(_, text)| text).chain([&text]);
        if !texts.any(|text| document::is_candidate(text)) {
            self.passed_over.push(format!("{name}: names no component"));
            return Ok(());
        }
        let mut contents = self.read_text(&text, &name, &drop_ins);
        let broken = !contents.errors.is_empty();
        // Prose and programs are not YAML either; only what means to be a manifest must be one.
        let claims = || manifest_name && document::claims_to_be_manifest(&text);
        if !contents.certain && !claims() {
            for error in contents.errors.drain(..) {
                self.passed_over.push(error.to_string());
            }
        }
        // Prose quotes commands; a text of them is looked at where it is named.
        contents.found.retain(|found| found.format != document::Format::Script);
        let source = Source::File { path: name.clone() };
        if !self.contents(contents, &name, &source, each)? && !broken {
            self.passed_over.push(format!("{name}: starts no {}", self.wanted_names()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::Reader;
    use crate::cli::{App, Command};
    use crate::component::Component;

    /// One that panics in judging or reporting a target stands for one that panics anywhere.
    #[test]
    fn an_input_that_panics_is_a_failure_and_the_others_are_handed_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name).display().to_string();
        for name in ["a.sh", "b.sh", "c.sh"] {
            std::fs::write(at(name), "kube-apiserver --v=2\n").expect("written");
        }
        let app = App::parse_from(["plimsoll", "flags", &at("a.sh"), &at("b.sh"), &at("c.sh")]);
        let Command::Flags(args) = app.command else { panic!("not what was asked for") };
        let mut reader = Reader::new(&args.input, Component::ALL.to_vec());
        let mut seen = Vec::new();
        let read = reader.read(&mut |target| {
            seen.push(target.id.clone());
            assert!(!target.id.ends_with("b.sh"));
            Ok(())
        });
        read.expect("nothing but a target failed");
        assert_eq!(
            seen,
            ["a.sh", "b.sh", "c.sh"].map(|name| format!("kube-apiserver@{}", at(name)))
        );
        let failed: Vec<&str> =
            reader.failures.iter().map(|failure| failure.source.as_str()).collect();
        assert_eq!(failed, [at("b.sh")]);
    }
}
