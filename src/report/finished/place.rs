//! Places and sources.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::command_line;
use crate::diagnostic::{self, Level};
use crate::report::{quotable_owned, quotable_path};
use crate::source;
use crate::target::Target;
use crate::version::KubernetesVersion;

/// A place: a region of a text, or an argument of a process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Location<'r> {
    /// In a file or on standard input; lines and columns from 1, columns in characters, the end
    /// exclusive.
    Text {
        /// The file, as the user named it; `<stdin>` for standard input.
        path: Cow<'r, str>,
        /// The first line.
        line: usize,
        /// The first column.
        column: usize,
        /// The last line.
        end_line: usize,
        /// The column behind the last character.
        end_column: usize,
    },
    /// In a command line.
    Argument {
        /// The process; none for a command line that was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pid: Option<u32>,
        /// Index into its arguments; 0 is the program's name.
        argument: usize,
    },
}

impl<'r> From<&'r command_line::Location> for Location<'r> {
    fn from(location: &'r command_line::Location) -> Self {
        match location {
            command_line::Location::Text { path, span } => Self::Text {
                path: quotable_path(path),
                line: span.start.line(),
                column: span.start.column(),
                end_line: span.end.line(),
                end_column: span.end.column(),
            },
            command_line::Location::Process { pid, argument } => {
                Self::Argument { pid: Some(*pid), argument: *argument }
            }
            command_line::Location::Argv { argument } => {
                Self::Argument { pid: None, argument: *argument }
            }
        }
    }
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { path, line, .. } => write!(f, "{path}:{line}"),
            Self::Argument { pid: Some(pid), argument } => {
                write!(f, "pid {pid}, argument {argument}")
            }
            Self::Argument { pid: None, argument } => write!(f, "argument {argument}"),
        }
    }
}

/// Where a target was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source<'r> {
    /// `process`, `file`, `stdin` or `argv`.
    pub kind: Cow<'r, str>,
    /// The file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Cow<'r, str>>,
    /// The document within the text, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<usize>,
    /// How the command line was carried.
    pub format: Cow<'r, str>,
    /// The process; none for one that does not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// The user it runs as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// Its executable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exe: Option<Cow<'r, str>>,
}

impl Source<'_> {
    /// Whether this stands for a component that does not run where others do.
    pub fn is_absent(&self) -> bool {
        self.kind == "process" && self.pid.is_none()
    }
}

impl<'r> From<&'r Target> for Source<'r> {
    fn from(target: &'r Target) -> Self {
        let empty = Self {
            kind: "argv".into(),
            path: None,
            document: None,
            format: target.format.name().into(),
            pid: None,
            uid: None,
            exe: None,
        };
        match &target.source {
            source::Source::Process { pid, uid, exe, .. } => Self {
                kind: "process".into(),
                pid: Some(*pid),
                uid: *uid,
                exe: exe.as_deref().map(quotable_path),
                ..empty
            },
            source::Source::File { path } => Self {
                kind: "file".into(),
                path: Some(quotable_path(path)),
                document: Some(target.document),
                ..empty
            },
            source::Source::Stdin => {
                Self { kind: "stdin".into(), document: Some(target.document), ..empty }
            }
            source::Source::Argv => empty,
            source::Source::Absent => Self { kind: "process".into(), ..empty },
        }
    }
}

/// The minor a target is judged by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Such as `1.34`; of etcd its own.
    pub minor: String,
    /// `image`, `field`, `argument` or `assumed`.
    pub from: Cow<'static, str>,
}

impl From<KubernetesVersion> for Version {
    fn from(version: KubernetesVersion) -> Self {
        Self { minor: version.minor.to_string(), from: version.from.name().into() }
    }
}

/// A remark about a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic<'r> {
    /// How grave it is.
    pub severity: Level,
    /// A stable word for programs, such as `unknown-flag`.
    pub code: Cow<'r, str>,
    /// A sentence for people.
    pub message: Cow<'r, str>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location<'r>>,
}

impl<'r> From<&'r diagnostic::Diagnostic> for Diagnostic<'r> {
    fn from(diagnostic: &'r diagnostic::Diagnostic) -> Self {
        Self {
            severity: diagnostic.level(),
            code: diagnostic.code.name().into(),
            message: quotable_owned(diagnostic.message().into_owned()).into(),
            location: diagnostic.location.as_ref().map(Location::from),
        }
    }
}
