//! A command line as one minor reads it: its flags, with what the files that they name make of them.

use super::contents::Contents;
use super::pem_files::PemFiles;
use super::{Problem, etcd, kube_apiserver, kubelet, scheduler, start_files};
use crate::command_line::CommandLine;
use crate::component::Component;
use crate::diagnostic::Diagnostic;
use crate::flags::Flags;
use crate::flags::own_file::Overlay;
use crate::source::Files;
use crate::version::Minor;

/// A command line as one minor reads it, with the files that it names.
#[derive(Debug)]
pub struct Reading {
    /// The flags, with the component's own file where it is at hand.
    pub flags: Flags,
    /// The other files that they name.
    pub contents: Contents,
}

/// The flags of a command line as a minor reads them, as in [`Reading`].
pub fn read_flags(line: &CommandLine, minor: Minor, files: &Files) -> Flags {
    Reading::of(line, minor, files, &PemFiles::default()).flags
}

impl Reading {
    /// Reads a command line as a minor does; what `pem` has of certificates and keys is not decoded again.
    pub fn of(line: &CommandLine, minor: Minor, files: &Files, pem: &PemFiles) -> Self {
        let mut flags = with_own_file(line, minor, files);
        let contents = match flags.catalog.component {
            Component::KubeApiserver => kube_apiserver::read(&mut flags, files),
            _ => Contents::new(),
        };
        start_files::refuse(&mut flags, files, pem);
        Self { flags, contents }
    }
}

fn with_own_file(line: &CommandLine, minor: Minor, files: &Files) -> Flags {
    Flags::read_with(line, minor, |flags| {
        let overlay = match flags.catalog.component {
            Component::Etcd => etcd::overlay(flags, files),
            Component::Kubelet => kubelet::overlay(flags, files),
            Component::KubeScheduler => scheduler::overlay(flags, files),
            Component::KubeApiserver | Component::KubeControllerManager => Ok(Overlay::Elsewhere),
        };
        let mut overlay = overlay.unwrap_or_else(|overlay| overlay);
        if let Overlay::Read(values) = &mut overlay {
            values.remarks = std::mem::take(&mut values.remarks)
                .into_iter()
                .map(|remark| reportable(remark, files))
                .collect();
        }
        overlay
    })
}

/// A remark about a file as a report may have it.
fn reportable(remark: Diagnostic, files: &Files) -> Diagnostic {
    let Some(location) = remark.location.clone() else { return remark };
    let message = remark.message().into_owned();
    let Problem { message, location } = Problem { message, location }.reportable(files);
    Diagnostic::new(remark.code, message, Some(location))
}
