//! What the server refuses after its flags have parsed.
//!
//! One file a concern; each check names the flag it is about. The sources are the `Validate` and
//! `Complete` functions of the options in kubernetes `cmd/kube-apiserver`, `pkg/kubeapiserver` and
//! apiserver `pkg/server/options`; those of the other components stand in their files. What the server
//! finds only in files or on the network is not judged here.

mod access;
mod admission;
mod audit;
mod cloud;
mod controller_manager;
mod demand;
mod emulation;
mod etcd;
mod gates;
mod kubelet;
mod leader_election;
mod limits;
mod logging;
mod metrics;
mod network;
mod node_labels;
mod oidc;
mod origins;
mod refusal;
mod runtime_config;
mod scheduler;
mod serving;
mod storage;
mod tokens;

#[cfg(test)]
mod tests;

use super::value::Value;
use super::{Effective, Flags};
use crate::command_line::CommandLine;
use crate::component::Component;
use crate::diagnostic::{Clause, Code, Diagnostic};
use crate::flags::catalog::flag_name;

pub(super) use refusal::Refused;

/// Adds a diagnostic for everything that keeps the server from starting, and for what is deprecated.
pub(super) fn validate(flags: &mut Flags, line: &CommandLine) {
    note_deprecated(flags);
    note_concluded(flags);
    note_exit(flags);
    match flags.catalog.component {
        Component::KubeApiserver => {
            kubernetes(flags);
            admission::validate(flags);
            access::validate(flags);
            oidc::validate(flags);
            tokens::validate(flags, line);
            serving::validate(flags);
            origins::validate(flags);
            storage::validate(flags, line);
            network::validate(flags);
            audit::validate(flags);
            limits::validate(flags);
            runtime_config::validate(flags);
        }
        Component::Etcd => etcd::validate(flags),
        Component::KubeControllerManager => {
            kubernetes(flags);
            serving::validate(flags);
            controller_manager::validate(flags);
        }
        Component::KubeScheduler => {
            kubernetes(flags);
            serving::validate(flags);
            scheduler::validate(flags);
        }
        Component::Kubelet => {
            kubernetes(flags);
            serving::tls(flags);
            kubelet::validate(flags, line);
        }
    }
    flags.break_refused();
}

/// What every program of Kubernetes is held to, where it has the flags.
fn kubernetes(flags: &mut Flags) {
    gates::validate(flags);
    emulation::validate(flags);
    metrics::validate(flags);
    cloud::validate(flags);
    logging::validate(flags);
    demand::validate(flags);
}

fn note_deprecated(flags: &mut Flags) {
    let mut notes: Vec<(&str, Diagnostic)> = Vec::new();
    for setting in flags.settings.iter().filter(|setting| !setting.in_file) {
        let Some(spec) = setting.spec.filter(|spec| spec.is_deprecated(flags.release)) else {
            continue;
        };
        if notes.iter().all(|(name, _)| *name != spec.name) {
            let minor = flags.minor();
            let clause = Clause::of_flag("is deprecated in ").release(minor);
            let place = Some(setting.location.clone());
            let note = Diagnostic::new(Code::DeprecatedFlag, clause, place).about(spec.name);
            notes.push((spec.name, note));
        }
    }
    flags.diagnostics.extend(notes.into_iter().map(|(_, note)| note));
}

/// One note for all that no source tells: which flags a release has is then concluded. A flag of which
/// even the neighbours do not agree has a warning of its own.
fn note_concluded(flags: &mut Flags) {
    let (component, minor) = (flags.catalog.component, flags.minor());
    let clause = if flags.catalog.is_unread(flags.release) {
        let clause = Clause::sentence(format!("the flags of {component} ")).release(minor);
        clause.and(" are those of the minors around it: no source lists them")
    } else {
        let specs = flags.settings.iter().filter_map(|setting| setting.spec);
        let mut names: Vec<&str> = specs
            .filter(|spec| spec.is_concluded(flags.release) && spec.is_inferred(flags.release))
            .map(|spec| spec.name)
            .collect();
        names.sort_unstable();
        names.dedup();
        let Some(last) = names.pop() else { return };
        let before =
            if names.is_empty() { String::new() } else { format!("--{} and ", names.join(", --")) };
        let clause = Clause::sentence(format!("that {component} ")).release(minor);
        clause.and(&format!(" has {before}--{last} is concluded from the minors around it"))
    };
    flags.diagnostics.push(Diagnostic::new(Code::Concluded, clause, None));
}

/// `--help` and `--version` make the program print and end.
fn note_exit(flags: &mut Flags) {
    for name in [flag_name!("help"), flag_name!("version")] {
        let asks = match flags.effective(name) {
            Effective::Set { value: Value::Bool(on), .. } => *on,
            Effective::Set { value: Value::Text(text), .. } => text == "raw",
            _ => false,
        };
        if asks {
            let sentence = format!("with --{name} the program prints and ends: it never serves");
            let location = flags.last(name).map(|setting| setting.location.clone());
            flags
                .diagnostics
                .push(Diagnostic::new(Code::PrintsAndEnds, sentence, location).about(name));
        }
    }
}

impl Flags {
    /// What a flag is set to, if it is set and that is known. Defaults are never refused.
    fn set_to(&self, name: &str) -> Option<&Value> {
        // Most flags are not set, and to look for that is quicker than to ask what holds then.
        if !self.is_set(name) {
            return None;
        }
        match self.effective(name) {
            Effective::Set { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The text a flag is set to, if it is not empty.
    fn filled(&self, name: &str) -> Option<&str> {
        match self.set_to(name)? {
            Value::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The items a list flag is set to.
    fn items(&self, name: &str) -> Option<&[String]> {
        match self.set_to(name)? {
            Value::List(items) => Some(items),
            // Lists that older releases keep as one text.
            Value::Text(text) if text.is_empty() => Some(&[]),
            Value::Text(text) => Some(std::slice::from_ref(text)),
            _ => None,
        }
    }

    /// Whether the release has the flag and it is known to name nothing.
    fn names_nothing(&self, name: &str) -> bool {
        let nothing = |value: &Value| match value {
            Value::List(items) => items.iter().all(String::is_empty),
            value => value.is_empty(),
        };
        match self.effective(name) {
            Effective::Set { value, .. } | Effective::Default { value } => nothing(value),
            _ => false,
        }
    }

    /// Whether a flag is known to be empty.
    fn is_empty(&self, name: &str) -> bool {
        self.value(name).is_some_and(Value::is_empty)
    }
}
