//! The chain of authorizers.
//!
//! `--authorization-config` replaces the flag from 1.30 on (1.29 behind a gate). Without it the
//! chain is `--authorization-mode`, and from 1.29 on an empty list is completed to AlwaysAllow.
//! Source: kubernetes `pkg/kubeapiserver/options/authorization.go`.

use super::catalog::{Release, flag_name};
use super::value::Value;
use super::{Effective, Flags, Occurrences, Setting};

/// The flag that lists the modes.
pub const MODE: &str = flag_name!("authorization-mode");
/// The flag that names a file instead.
pub const CONFIG: &str = flag_name!("authorization-config");

/// From this release on a missing mode is completed to AlwaysAllow instead of refused.
const COMPLETED_SINCE: Release = Release::kubernetes(29);

/// The authorizers a server asks, in order.
#[derive(Debug)]
pub enum Authorizers<'f> {
    /// The modes of the flag.
    Modes {
        /// The modes in order.
        modes: Vec<String>,
        /// The occurrences that made the list; none if it is the default.
        settings: Occurrences<'f>,
    },
    /// They stand in a file.
    File {
        /// The occurrence that names it.
        setting: &'f Setting,
    },
    /// It cannot be told; says why.
    Unsure {
        /// The occurrence, if there is one.
        setting: Option<&'f Setting>,
        /// What is not known.
        why: String,
    },
    /// The server refuses what is given.
    Broken {
        /// The occurrence.
        setting: Option<&'f Setting>,
        /// What is wrong.
        why: String,
    },
}

/// The modes that a release knows.
pub fn known_modes(release: Release) -> &'static [&'static str] {
    const ALL: &[&str] = &["AlwaysAllow", "AlwaysDeny", "ABAC", "Webhook", "RBAC", "Node"];
    // Node was added in 1.7.
    if release < Release::kubernetes(7) { &ALL[..5] } else { ALL }
}

/// The authorizers of a server.
pub fn authorizers(flags: &Flags) -> Authorizers<'_> {
    match flags.effective(CONFIG) {
        Effective::Set { value, settings } if !value.is_empty() => {
            if let Some(setting) = settings.last() {
                return Authorizers::File { setting };
            }
        }
        Effective::Unresolved { setting, why } => return Authorizers::Unsure { setting, why },
        Effective::Broken { setting, why, .. } => {
            return Authorizers::Broken { setting: Some(setting), why };
        }
        _ => {}
    }
    let (value, settings) = match flags.effective(MODE) {
        Effective::Set { value, settings } => (value, settings),
        Effective::Default { value } => (value, Occurrences::default()),
        Effective::Unresolved { setting, why } => return Authorizers::Unsure { setting, why },
        Effective::Broken { setting, why, .. } => {
            return Authorizers::Broken { setting: Some(setting), why };
        }
        Effective::DefaultNotKnown | Effective::Absent { .. } => {
            let why = format!("--{MODE} is not known for {}", flags.minor());
            return Authorizers::Unsure { setting: None, why };
        }
    };
    let modes = match value {
        Value::List(items) => items.clone(),
        // Up to 1.10 the flag is one text with commas.
        Value::Text(text) if text.is_empty() => Vec::new(),
        Value::Text(text) => text.split(',').map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    chain(flags.release, modes, settings)
}

fn chain(release: Release, modes: Vec<String>, settings: Occurrences<'_>) -> Authorizers<'_> {
    let setting = settings.last();
    if modes.is_empty() {
        return if release >= COMPLETED_SINCE {
            Authorizers::Modes { modes: vec!["AlwaysAllow".to_owned()], settings }
        } else {
            Authorizers::Broken { setting, why: "names no mode".to_owned() }
        };
    }
    for (index, mode) in modes.iter().enumerate() {
        if !known_modes(release).contains(&mode.as_str()) {
            let setting = settings.giving(mode);
            return Authorizers::Broken { setting, why: format!("{mode:?} is not a mode") };
        }
        if modes.iter().take(index).any(|earlier| earlier == mode) {
            let why = format!("{mode} is given more than once");
            return Authorizers::Broken { setting: settings.giving(mode), why };
        }
    }
    Authorizers::Modes { modes, settings }
}
