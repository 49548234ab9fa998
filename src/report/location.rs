//! Places and sources as the JSON formats write them.

use serde::Serialize;

use super::quotable;
use crate::command_line;
use crate::document::Format;
use crate::source;
use crate::target::Target;
use crate::version::KubernetesVersion;

/// A place: a region of a text, or an argument of a process.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Location {
    Text {
        path: String,
        line: usize,
        column: usize,
        end_line: usize,
        end_column: usize,
    },
    Argument {
        #[serde(skip_serializing_if = "Option::is_none")]
        pid: Option<u32>,
        argument: usize,
    },
}

impl From<&command_line::Location> for Location {
    fn from(location: &command_line::Location) -> Self {
        match location {
            command_line::Location::Text { path, span } => Self::Text {
                path: quotable(path).into_owned(),
                line: span.start.line,
                column: span.start.column,
                end_line: span.end.line,
                end_column: span.end.column,
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

/// Where a target was read.
#[derive(Serialize)]
pub(super) struct Source {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<usize>,
    format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exe: Option<String>,
}

impl From<&Target> for Source {
    fn from(target: &Target) -> Self {
        let format: Format = target.format;
        let empty = Self {
            kind: "argv",
            path: None,
            document: None,
            format: format.name(),
            pid: None,
            uid: None,
            exe: None,
        };
        match &target.source {
            source::Source::Process { pid, uid, exe } => Self {
                kind: "process",
                pid: Some(*pid),
                uid: *uid,
                exe: exe.as_deref().map(|exe| quotable(exe).into_owned()),
                ..empty
            },
            source::Source::File { path } => Self {
                kind: "file",
                path: Some(quotable(path).into_owned()),
                document: Some(target.document),
                ..empty
            },
            source::Source::Stdin => {
                Self { kind: "stdin", document: Some(target.document), ..empty }
            }
            source::Source::Argv => empty,
            source::Source::Absent => Self { kind: "process", ..empty },
        }
    }
}

/// The minor a target is judged by.
#[derive(Serialize)]
pub(super) struct Version {
    minor: String,
    from: &'static str,
}

impl From<KubernetesVersion> for Version {
    fn from(version: KubernetesVersion) -> Self {
        Self { minor: version.minor.to_string(), from: version.from.name() }
    }
}

/// A remark about a target.
#[derive(Serialize)]
pub(super) struct Diagnostic {
    severity: &'static str,
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
}

impl From<&crate::diagnostic::Diagnostic> for Diagnostic {
    fn from(diagnostic: &crate::diagnostic::Diagnostic) -> Self {
        Self {
            severity: diagnostic.level.name(),
            code: diagnostic.code,
            message: quotable(&diagnostic.message).into_owned(),
            location: diagnostic.location.as_ref().map(Location::from),
        }
    }
}
