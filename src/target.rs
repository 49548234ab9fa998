//! One server under examination.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::command_line::{CommandLine, TooLong};
use crate::component::Component;
use crate::config_files::openshift;
use crate::diagnostic::{Code, Diagnostic, is_of_decoy};
use crate::digest::half_fingerprint;
use crate::document::{Format, Found};
use crate::flags::Flags;
use crate::flags::catalog::Catalog;
use crate::source::{Files, Source, plain_path};
use crate::version::{KubernetesVersion, Minor, VersionOrigin};

/// A command line, where it comes from, and the minor it is judged by.
#[derive(Debug)]
pub struct Target {
    /// What reports call it: component and source.
    pub id: String,
    /// Where it was read.
    pub source: Source,
    /// The document within the source.
    pub document: usize,
    /// How it was carried.
    pub format: Format,
    /// The arguments.
    pub line: CommandLine,
    /// The files that they name, as the server sees them.
    pub files: Files,
    /// The files of the machine it runs on.
    pub node: Files,
    /// The command line that is written for the server, or why there is none to compare with; `None`
    /// if nothing is compared.
    pub written: Option<Result<CommandLine, String>>,
    /// The minor.
    pub version: KubernetesVersion,
    /// What there is to say about it beside its flags.
    pub diagnostics: Vec<Diagnostic>,
    /// The port on which a process serves, once its flags were read.
    port: Option<String>,
    fingerprint: OnceLock<String>,
}

/// A server that no release of the catalog can be laid against.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The catalog does not cover the minor.
    #[error("{component} {minor} is not known: the catalog covers {oldest} to {newest}")]
    NotCovered {
        /// The component.
        component: Component,
        /// The minor asked for.
        minor: Minor,
        /// The oldest minor covered.
        oldest: Minor,
        /// The newest minor covered.
        newest: Minor,
    },
    /// The command line is beyond what is read.
    #[error("{component}: {why}")]
    TooLong {
        /// The component.
        component: Component,
        /// Which limit it is beyond.
        why: TooLong,
    },
}

impl Target {
    /// A target from a command line that was found. `files` are those it sees but for
    /// its mounts, `node` those of the machine; `stated` is the minor of the run, if it has one.
    pub fn new(
        source: Source,
        found: Found,
        (files, node): (Files, Files),
        stated: Option<Minor>,
    ) -> Result<Self, Error> {
        let Found { document, format, mut line, mut diagnostics } = found;
        let component = line.component;
        let files = files.through(&line.mounts);
        openshift::complete(&mut line, &files);
        line.within_limits().map_err(|why| Error::TooLong { component, why })?;
        let catalog = Catalog::of(line.component);
        // etcd counts its own versions: one of Kubernetes says nothing about it, nor the reverse.
        let stated = stated.filter(|minor| catalog.counts(*minor));
        let carried = line.version.filter(|version| catalog.counts(version.minor));
        let version = match (stated, carried) {
            (Some(minor), _) => KubernetesVersion { minor, from: VersionOrigin::Argument },
            (None, Some(carried)) => carried,
            (None, None) => {
                KubernetesVersion { minor: catalog.newest(), from: VersionOrigin::Assumed }
            }
        };
        if catalog.release(version.minor).is_none() {
            return Err(Error::NotCovered {
                component: line.component,
                minor: version.minor,
                oldest: catalog.oldest(),
                newest: catalog.newest(),
            });
        }
        if version.from == VersionOrigin::Assumed {
            let family = if line.component == Component::Etcd { "etcd" } else { "Kubernetes" };
            let message = format!(
                "the {family} version is not known: {} is assumed; give --kubernetes-version",
                version.minor
            );
            diagnostics.push(Diagnostic::new(Code::AssumedVersion, message, None));
        }
        if version.from == VersionOrigin::TagBesideDigest {
            let message = format!(
                "the image's tag names {}, but its digest decides which image runs: set \
                 --kubernetes-version if they differ",
                version.minor
            );
            diagnostics.push(Diagnostic::new(Code::TagBesideDigest, message, None));
        }
        let target = Self::of(source, (document, format, line), (files, node), version);
        Ok(Self { diagnostics, ..target })
    }

    /// A component that does not run on a machine where others do.
    pub fn absent(component: Component) -> Self {
        let found = (0, Format::Cmdline, CommandLine::given(component, []));
        let minor = Catalog::of(component).newest();
        let version = KubernetesVersion { minor, from: VersionOrigin::Assumed };
        Self::of(Source::Absent, found, (Files::elsewhere(), Files::elsewhere()), version)
    }

    /// A target that there is nothing to say about.
    fn of(
        source: Source,
        (document, format, line): (usize, Format, CommandLine),
        (files, node): (Files, Files),
        version: KubernetesVersion,
    ) -> Self {
        let id = id(&source, document, &line);
        let name = match (line.name, line.number) {
            (name, 0) => name,
            (None, number) => Some(format!("command {}", number + 1)),
            (Some(name), number) => Some(format!("{name}, command {}", number + 1)),
        };
        let line = CommandLine { name, ..line };
        Self {
            id,
            source,
            document,
            format,
            line,
            files,
            node,
            written: None,
            version,
            diagnostics: Vec::new(),
            port: None,
            fingerprint: OnceLock::new(),
        }
    }

    /// Takes note of what its flags tell about its identity, so that nobody has to read them again for that.
    pub fn identify(&mut self, flags: &Flags) {
        if matches!(self.source, Source::Process { .. }) {
            self.port = flags.port();
        }
    }

    /// The target's half of a result's fingerprint.
    pub fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| half_fingerprint(&self.identity()))
    }

    /// What tells it from others across runs: no process id, no line.
    fn identity(&self) -> String {
        let component = self.line.component;
        // A script's later commands have their number in their names.
        let name = self.line.name.as_deref().unwrap_or_default();
        let number = command_number(&self.line);
        let known = match &self.source {
            Source::Process { exe, exe_file, uid, .. } => {
                let exe = exe.as_deref().unwrap_or("unknown executable");
                let uid = uid.map_or_else(|| "unknown".to_owned(), |uid| uid.to_string());
                let port = self.port.as_deref().unwrap_or("unknown");
                format!("process:{exe}:{}:{uid}:{port}{number}", exe_file.distinction())
            }
            Source::File { path } => {
                // However it is spelled, it is one file.
                let plain = plain_path(path).unwrap_or(Cow::Borrowed(path));
                format!("file:{plain}:{name}")
            }
            Source::Stdin => format!("stdin:{name}"),
            Source::Argv => format!("argv{number}"),
            Source::Absent => "absent".to_owned(),
        };
        format!("{component}@{known}")
    }

    /// Whether somebody without rights may have started it in the server's name.
    pub fn may_be_decoy(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| is_of_decoy(diagnostic.code.name()))
    }
}

/// A script may start a component in several ways, each of which is a target.
fn command_number(line: &CommandLine) -> String {
    match line.number {
        0 => String::new(),
        number => format!(", command {}", number + 1),
    }
}

/// What reports call a target.
fn id(source: &Source, document: usize, line: &CommandLine) -> String {
    let component = line.component;
    let place = match (source, document) {
        (Source::Process { pid, .. }, _) => format!("pid:{pid}"),
        (Source::File { path }, 0) => path.to_string(),
        (Source::File { path }, _) => format!("{path}#{document}"),
        (Source::Stdin, 0) => "stdin".to_owned(),
        (Source::Stdin, _) => format!("stdin#{document}"),
        (Source::Argv, _) => "argv".to_owned(),
        (Source::Absent, _) => "absent".to_owned(),
    };
    format!("{component}@{place}{}", command_number(line))
}

#[cfg(test)]
mod tests {
    use super::Target;
    use crate::command_line::CommandLine;
    use crate::component::Component;
    use crate::document::{Format, Found};
    use crate::flags::Flags;
    use crate::source::{ExeFile, Files, Source};

    fn fingerprint(args: &str, uid: u32, exe_file: ExeFile) -> String {
        let args = args.split_whitespace().map(str::to_owned);
        let line = CommandLine::given(Component::KubeApiserver, args);
        let found = Found { document: 0, format: Format::Cmdline, line, diagnostics: Vec::new() };
        let exe = Some("/usr/bin/kube-apiserver".to_owned());
        let source = Source::Process { pid: 7, uid: Some(uid), exe, exe_file };
        let files = (Files::elsewhere(), Files::elsewhere());
        let mut target = Target::new(source, found, files, None).expect("a target");
        target.identify(&Flags::read(&target.line, target.version.minor));
        target.fingerprint().to_owned()
    }

    #[test]
    fn a_process_is_known_by_its_user_its_file_and_its_port_as_the_server_reads_it() {
        let known = fingerprint("", 0, ExeFile::OfMachine);
        for same in ["--secure-port=6443", "--secure-port 6443", "--secure_port=6443 --v=2"] {
            assert_eq!(fingerprint(same, 0, ExeFile::OfMachine), known, "{same}");
        }
        assert_eq!(fingerprint("", 0, ExeFile::Deleted), known, "an upgrade is no other server");
        let others = [
            fingerprint("--secure-port=7443", 0, ExeFile::OfMachine),
            fingerprint("", 65534, ExeFile::OfMachine),
            fingerprint("", 0, ExeFile::OfContainer),
            fingerprint("", 0, ExeFile::Other),
            fingerprint("", 0, ExeFile::Unknown),
        ];
        for (index, other) in others.iter().enumerate() {
            assert!(*other != known && !others[..index].contains(other), "{index}");
        }
    }
}
