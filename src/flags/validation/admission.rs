//! Admission plugins: unknown names, contradictions, plugins that need a configuration.

use super::super::admission::{PluginState, list, plugin};
use super::super::catalog::admission_plugins;
use super::super::feature_gates::{Gate, gate};
use super::Flags;
use crate::spelling::{nearest, suggestion};

const ONLY: &str = "admission-control";
const ENABLE: &str = "enable-admission-plugins";
const DISABLE: &str = "disable-admission-plugins";

/// Plugins that do not start without a configuration of their own.
const NEED_CONFIGURATION: [&str; 2] = ["EventRateLimit", "ImagePolicyWebhook"];

pub(super) fn validate(flags: &mut Flags) {
    for flag in [ONLY, ENABLE, DISABLE] {
        unknown(flags, flag);
    }
    contradictions(flags);
    configuration(flags);
    security_context_deny(flags);
}

fn unknown(flags: &mut Flags, flag: &str) {
    let Ok(Some((names, _))) = list(flags, flag) else {
        return;
    };
    let minor = flags.minor();
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    for name in names {
        let known = admission_plugins::find(&name);
        if known.is_some_and(|spec| spec.lives(flags.release)) {
            continue;
        }
        let gone = known.and_then(|spec| spec.life.last).filter(|last| *last < flags.release);
        let detail = match gone {
            Some(last) => format!(": it is gone since {}", flags.catalog.minor(last + 1)),
            None => {
                let alive = admission_plugins::all().iter().filter(|s| s.lives(flags.release));
                suggestion(nearest(&name, alive.map(|spec| spec.name)))
            }
        };
        let message = format!("--{flag}: {name:?} is not an admission plugin of {minor}{detail}");
        flags.refuse(flag, "unknown-plugin", message);
    }
}

fn contradictions(flags: &mut Flags) {
    for newer in [ENABLE, DISABLE] {
        if flags.is_set(ONLY) && flags.is_set(newer) {
            let message = format!("--{ONLY} and --{newer} exclude each other");
            flags.refuse(newer, "exclusive-flags", message);
        }
    }
    let (Ok(Some((on, _))), Ok(Some((off, _)))) = (list(flags, ENABLE), list(flags, DISABLE))
    else {
        return;
    };
    let both: Vec<String> =
        on.into_iter().filter(|name| off.contains(name)).map(str::to_owned).collect();
    for name in both {
        let message = format!("{name} is both enabled and disabled");
        flags.refuse(DISABLE, "plugin-conflict", message);
    }
}

fn configuration(flags: &mut Flags) {
    if !flags.is_empty("admission-control-config-file") {
        return;
    }
    for name in NEED_CONFIGURATION {
        let fact = plugin(flags, name);
        if matches!(fact.state, PluginState::On) {
            let flag = fact.flag;
            let message = format!(
                "{name} needs a configuration, and --admission-control-config-file names none"
            );
            flags.refuse(flag, "plugin-configuration", message);
        }
    }
}

/// From 1.27 until it went the plugin needed an alpha gate of its own name.
fn security_context_deny(flags: &mut Flags) {
    let name = "SecurityContextDeny";
    let fact = plugin(flags, name);
    let off = matches!(gate(flags, name), Gate::Is { on: false, .. });
    if (27..=29).contains(&flags.release) && matches!(fact.state, PluginState::On) && off {
        let flag = fact.flag;
        let message = format!("{name} needs the feature gate {name} in {}", flags.minor());
        flags.refuse(flag, "unknown-plugin", message);
    }
}
