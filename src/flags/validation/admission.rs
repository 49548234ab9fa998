//! Admission plugins: unknown names, contradictions, plugins that need a configuration.

use super::super::admission::{GATED, NEED_CONFIGURATION, is_plugin, lacking_gate, list, plugin};
use super::super::answer::Known;
use super::super::catalog::{admission_plugins, flag_name};
use super::Flags;
use crate::diagnostic::{Clause, Code};
use crate::spelling::{nearest, suggestion};

const ONLY: &str = flag_name!("admission-control");
const ENABLE: &str = flag_name!("enable-admission-plugins");
const DISABLE: &str = flag_name!("disable-admission-plugins");

pub(super) fn validate(flags: &mut Flags) {
    for flag in [ONLY, ENABLE, DISABLE] {
        unknown(flags, flag);
    }
    contradictions(flags);
    configuration(flags);
    security_context_deny(flags);
}

fn unknown(flags: &mut Flags, flag: &'static str) {
    let Ok(Some(named)) = list(flags, flag) else {
        return;
    };
    let minor = flags.minor();
    let unknown = named.names().filter(|name| !is_plugin(flags, name)).map(str::to_owned);
    for name in unknown.collect::<Vec<String>>() {
        let known = admission_plugins::find(&name);
        let last = known.and_then(|spec| spec.life.last()).filter(|last| *last < flags.release);
        let detail = match last.and_then(|last| flags.catalog.next(last)) {
            Some(gone) => format!(": it is gone since {}", gone.minor()),
            None => {
                let alive = admission_plugins::all().iter().filter(|s| s.lives(flags.release));
                suggestion(nearest(&name, alive.map(|spec| spec.name)))
            }
        };
        let message = Clause::of_value(format!("{name:?} is not an admission plugin of "));
        let message = message.release(minor).and(&detail);
        flags.refuse_item((flag, &name), Code::UnknownPlugin, message);
    }
}

fn contradictions(flags: &mut Flags) {
    for newer in [ENABLE, DISABLE] {
        if flags.is_set(ONLY) && flags.is_set(newer) {
            flags.refuse_both(ONLY, newer);
        }
    }
    let (Ok(Some(on)), Ok(Some(off))) = (list(flags, ENABLE), list(flags, DISABLE)) else {
        return;
    };
    let both: Vec<String> =
        on.names().filter(|name| off.names().any(|it| it == *name)).map(str::to_owned).collect();
    for name in both {
        let message = Clause::sentence(format!("{name} is both enabled and disabled"));
        flags.refuse_item((DISABLE, &name), Code::PluginConflict, message);
    }
}

fn configuration(flags: &mut Flags) {
    if !flags.is_empty(flag_name!("admission-control-config-file")) {
        return;
    }
    for name in NEED_CONFIGURATION {
        if let Ok(Known { value: true, by }) = plugin(flags, name) {
            let flag = by.flag;
            let message = Clause::sentence(format!(
                "{name} needs a configuration, and --admission-control-config-file names none"
            ));
            flags.refuse_item((flag, name), Code::PluginConfiguration, message);
        }
    }
}

/// A plugin that is enabled while its own gate is off.
fn security_context_deny(flags: &mut Flags) {
    if let (Err(gap), Some(lack)) = (plugin(flags, GATED), lacking_gate(flags, GATED))
        && gap.words(flags) == lack.text()
    {
        let flag = gap.by.flag;
        flags.refuse_item((flag, GATED), Code::UnknownPlugin, lack);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::admission::plugin;
    use super::super::super::answer::Cause;
    use super::super::tests::{apiserver, codes};

    #[test]
    fn a_plugin_without_its_gate_is_refused_and_alone_is_broken() {
        let args = ["--enable-admission-plugins=NodeRestriction,SecurityContextDeny"];
        for minor in ["1.27", "1.28", "1.29", "1.30"] {
            let flags = apiserver(minor, &args);
            assert_eq!(codes(&flags), ["unknown-plugin"], "{minor}");
            let state =
                |name: &str| plugin(&flags, name).map(|it| it.value).map_err(|gap| gap.cause);
            assert_eq!(state("SecurityContextDeny"), Err(Cause::Refused), "{minor}");
            assert_eq!(state("NodeRestriction"), Ok(true), "{minor}");
        }
        let on = [args[0], "--feature-gates=SecurityContextDeny=true"];
        assert!(apiserver("1.28", &on).starts());
        assert!(apiserver("1.26", &args).starts());
    }
}
