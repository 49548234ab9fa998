//! Which admission plugins run.
//!
//! From 1.10 on the defaults of the release, plus `--enable-admission-plugins`, minus
//! `--disable-admission-plugins`; or exactly `--admission-control` when that is given. Up to 1.9
//! only the latter exists. Source: kubernetes `pkg/kubeapiserver/options/admission.go`, apiserver
//! `pkg/server/options/admission.go`.

use std::ops::RangeInclusive;

use super::catalog::admission_plugins::{ByDefault, find, in_order};
use super::catalog::{Release, flag_name};
use super::feature_gates::{Gate, gate};
use super::value::Value;
use super::{Effective, Flags, Occurrences, Setting};

/// The first release with `--enable-admission-plugins` and `--disable-admission-plugins`.
const LISTS_SINCE: Release = Release::kubernetes(10);

const ONLY: &str = flag_name!("admission-control");
const ENABLE: &str = flag_name!("enable-admission-plugins");
const DISABLE: &str = flag_name!("disable-admission-plugins");

/// Plugins that do not start without a configuration of their own.
pub const NEED_CONFIGURATION: [&str; 2] = ["EventRateLimit", "ImagePolicyWebhook"];

/// Whether a plugin runs.
#[derive(Debug)]
pub enum PluginState {
    /// It runs.
    On,
    /// It does not run.
    Off,
    /// The release has no such plugin, and no flag names it.
    NotInRelease,
    /// It cannot be told; says why.
    Unsure(String),
    /// A flag that decides it is refused by the server; says why.
    Broken(String),
}

/// Whether a plugin runs, and what decides it.
#[derive(Debug)]
pub struct PluginFact<'f> {
    /// The answer.
    pub state: PluginState,
    /// The flag that decides it, without dashes; the one that would change it if none is set.
    pub flag: &'static str,
    /// The deciding occurrence, if a flag decides it.
    pub setting: Option<&'f Setting>,
}

/// The plugin that from 1.27 until it went, after 1.29, needed an alpha gate of its own name.
pub(super) const GATED: &str = "SecurityContextDeny";
/// The releases with that gate.
const GATED_IN: RangeInclusive<Release> = Release::kubernetes(27)..=Release::kubernetes(29);

/// What is wrong with a plugin that is enabled while its gate is off.
pub(super) fn lacking_gate(flags: &Flags, name: &str) -> Option<String> {
    let lacks = name == GATED
        && GATED_IN.contains(&flags.release)
        && matches!(gate(flags, name), Gate::Is { on: false, .. });
    lacks.then(|| format!("{name} needs the feature gate {name} in {}", flags.minor()))
}

/// Whether the plugin called `name` runs.
pub fn plugin<'f>(flags: &'f Flags, name: &str) -> PluginFact<'f> {
    let fact = asked_for(flags, name);
    match (&fact.state, lacking_gate(flags, name)) {
        (PluginState::On, Some(why)) => PluginFact { state: PluginState::Broken(why), ..fact },
        _ => fact,
    }
}

/// Whether the flags and the defaults ask for it.
fn asked_for<'f>(flags: &'f Flags, name: &str) -> PluginFact<'f> {
    let Some(spec) = find(name) else {
        let state = PluginState::Broken(format!("{name} is not an admission plugin"));
        return PluginFact { state, flag: ENABLE, setting: None };
    };
    if !spec.lives(flags.release) {
        return plugin_of_another_release(flags, name);
    }
    let lists = flags.release >= LISTS_SINCE;
    if !lists || flags.is_set(ONLY) {
        return match list(flags, ONLY) {
            Ok(Some((items, settings))) if items.contains(&name) => on(ONLY, settings.giving(name)),
            Ok(Some((_, settings))) => off(ONLY, settings.last()),
            Ok(None) if name == "AlwaysAdmit" => on(ONLY, None),
            Ok(None) => off(ONLY, None),
            Err(state) => PluginFact { state, flag: ONLY, setting: flags.last(ONLY) },
        };
    }
    let mut named: [Option<&Setting>; 2] = [None, None];
    for (slot, flag) in [ENABLE, DISABLE].into_iter().enumerate() {
        match list(flags, flag) {
            Ok(Some((items, settings))) if items.contains(&name) => {
                named[slot] = settings.giving(name);
            }
            Ok(_) => {}
            Err(state) => {
                return PluginFact { state, flag, setting: flags.last(flag) };
            }
        }
    }
    match named {
        [Some(setting), Some(_)] => PluginFact {
            state: PluginState::Broken(format!("{name} is both enabled and disabled")),
            flag: ENABLE,
            setting: Some(setting),
        },
        [Some(setting), None] => on(ENABLE, Some(setting)),
        [None, Some(setting)] => off(DISABLE, Some(setting)),
        [None, None] => match spec.default(flags.release) {
            ByDefault::On => on(DISABLE, None),
            ByDefault::Off => off(ENABLE, None),
            ByDefault::Unsure => {
                let minor = flags.minor();
                let why = format!("whether {name} runs by default in {minor} is not known");
                PluginFact { state: PluginState::Unsure(why), flag: ENABLE, setting: None }
            }
        },
    }
}

/// The plugins that run, in the order in which the server runs them, or why that cannot be told.
pub fn running(flags: &Flags) -> Result<Vec<String>, String> {
    for flag in [ENABLE, DISABLE, ONLY] {
        let named = match list(flags, flag) {
            Ok(named) => named,
            Err(PluginState::Unsure(why) | PluginState::Broken(why)) => return Err(why),
            Err(_) => None,
        };
        for name in named.iter().flat_map(|(names, _)| names) {
            if !find(name).is_some_and(|spec| spec.lives(flags.release)) {
                return Err(format!("{name:?} is not an admission plugin of {}", flags.minor()));
            }
        }
        // Up to 1.9 the flag gives the order too.
        if flag == ONLY && flags.release < LISTS_SINCE {
            let names = named.map_or_else(|| vec!["AlwaysAdmit"], |(names, _)| names);
            return Ok(names.into_iter().map(str::to_owned).collect());
        }
    }
    let mut running = Vec::new();
    for spec in in_order(flags.release) {
        match plugin(flags, spec.name).state {
            PluginState::On => running.push(spec.name.to_owned()),
            PluginState::Off | PluginState::NotInRelease => {}
            PluginState::Unsure(why) | PluginState::Broken(why) => return Err(why),
        }
    }
    Ok(running)
}

fn on<'f>(flag: &'static str, setting: Option<&'f Setting>) -> PluginFact<'f> {
    PluginFact { state: PluginState::On, flag, setting }
}

fn off<'f>(flag: &'static str, setting: Option<&'f Setting>) -> PluginFact<'f> {
    PluginFact { state: PluginState::Off, flag, setting }
}

fn plugin_of_another_release<'f>(flags: &'f Flags, name: &str) -> PluginFact<'f> {
    for flag in [ENABLE, DISABLE, ONLY] {
        if let Ok(Some((items, settings))) = list(flags, flag)
            && items.contains(&name)
        {
            let why = format!("{name} is not an admission plugin of {}", flags.minor());
            let setting = settings.giving(name);
            return PluginFact { state: PluginState::Broken(why), flag, setting };
        }
    }
    PluginFact { state: PluginState::NotInRelease, flag: ENABLE, setting: None }
}

/// The plugins a flag names and the occurrences that made the list; `None` if it is not set.
type Named<'f> = Option<(Vec<&'f str>, Occurrences<'f>)>;

/// What one of the three flags names, or why that cannot be told.
pub(super) fn list<'f>(flags: &'f Flags, flag: &str) -> Result<Named<'f>, PluginState> {
    match flags.effective(flag) {
        Effective::Set { value, settings } => Ok(Some((names(value), settings))),
        Effective::Default { .. } | Effective::DefaultNotKnown | Effective::Absent { .. } => {
            Ok(None)
        }
        Effective::Unresolved { why, .. } => Err(PluginState::Unsure(why)),
        Effective::Broken { why, .. } => Err(PluginState::Broken(why)),
    }
}

/// A list flag's items. Up to 1.6 `--admission-control` is a text with commas.
fn names(value: &Value) -> Vec<&str> {
    match value {
        Value::List(items) => items.iter().map(String::as_str).collect(),
        Value::Text(text) if text.is_empty() => Vec::new(),
        Value::Text(text) => text.split(',').collect(),
        _ => Vec::new(),
    }
}
