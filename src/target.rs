//! One server under examination.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::command_line::{CommandLine, TooLong};
use crate::component::Component;
use crate::diagnostic::Diagnostic;
use crate::digest::half_fingerprint;
use crate::document::{Format, Found};
use crate::flags::catalog::Catalog;
use crate::source::{Files, Source, plain_path};
use crate::version::{KubernetesVersion, Minor, VersionOrigin};

/// A command line, where it comes from, and the minor it is judged by.
#[derive(Debug)]
pub struct Target {
    /// What reports call it: component and source.
    pub id: String,
    /// What tells it from others across runs: no process id, no line.
    pub identity: String,
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
        let Found { document, format, line, mut diagnostics } = found;
        let component = line.component;
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
            diagnostics.push(Diagnostic::note("assumed-version", message, None));
        }
        let files = files.through(&line.mounts);
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
        let (id, identity) = names(&source, document, &line);
        let name = match (line.name, line.number) {
            (name, 0) => name,
            (None, number) => Some(format!("command {}", number + 1)),
            (Some(name), number) => Some(format!("{name}, command {}", number + 1)),
        };
        let line = CommandLine { name, ..line };
        Self {
            id,
            identity,
            source,
            document,
            format,
            line,
            files,
            node,
            written: None,
            version,
            diagnostics: Vec::new(),
            fingerprint: OnceLock::new(),
        }
    }

    /// The target's half of a result's fingerprint.
    pub fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| half_fingerprint(&self.identity))
    }
}

/// What a target is called, and what it is known by in later runs. A script may start a component in
/// several ways, each of which is a target.
fn names(source: &Source, document: usize, line: &CommandLine) -> (String, String) {
    let (mut id, mut identity) = names_of_first(source, document, line);
    if line.number > 0 {
        let number = format!(", command {}", line.number + 1);
        id.push_str(&number);
        identity.push_str(&number);
    }
    (id, identity)
}

fn names_of_first(source: &Source, document: usize, line: &CommandLine) -> (String, String) {
    let component = line.component;
    match source {
        Source::Process { pid, exe, .. } => {
            let port = line.args.iter().rev().find_map(|arg| {
                arg.text.strip_prefix("--secure-port=").or(arg.text.strip_prefix("--secure_port="))
            });
            let exe = exe.as_deref().unwrap_or("unknown executable");
            let identity = format!("{component}@process:{exe}:{}", port.unwrap_or_default());
            (format!("{component}@pid:{pid}"), identity)
        }
        Source::File { path } => {
            let name = line.name.as_deref().unwrap_or_default();
            let id = match document {
                0 => format!("{component}@{path}"),
                _ => format!("{component}@{path}#{document}"),
            };
            // However it is spelled, it is one file.
            let plain = plain_path(path).unwrap_or(Cow::Borrowed(path));
            (id, format!("{component}@file:{plain}:{name}"))
        }
        Source::Stdin => {
            let name = line.name.as_deref().unwrap_or_default();
            let id = match document {
                0 => format!("{component}@stdin"),
                _ => format!("{component}@stdin#{document}"),
            };
            (id, format!("{component}@stdin:{name}"))
        }
        Source::Argv => (format!("{component}@argv"), format!("{component}@argv")),
        Source::Absent => (format!("{component}@absent"), format!("{component}@absent")),
    }
}
