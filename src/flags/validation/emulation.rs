//! Versions that a server pretends to be: one for each component, not too old, never newer.
//!
//! Sources: component-base `version/registry.go` and `compatibility/version.go`, apiserver
//! `pkg/server/options/server_run_options.go`.

use super::super::catalog::{Release, flag_name};
use super::super::emulation::{self, FLAG};
use super::super::value::Value;
use super::Flags;
use crate::diagnostic::{Clause, Code};

const COMPATIBLE: &str = flag_name!("min-compatibility-version");

/// Switches that mean nothing, and are refused, while the server is what it is.
const FORWARD: [&str; 2] = [
    flag_name!("emulation-forward-compatible"),
    flag_name!("runtime-config-emulation-forward-compatible"),
];

pub(super) fn validate(flags: &mut Flags) {
    let emulated = flags.gate_release();
    versions(flags, FLAG, flags.release);
    versions(flags, COMPATIBLE, emulated);
    // What is not known may be an older version.
    let as_it_is = emulated == flags.release && flags.value(FLAG).is_some();
    for name in FORWARD {
        if as_it_is && matches!(flags.set_to(name), Some(Value::Bool(true))) {
            let message = Clause::of_flag(format!("needs an older --{FLAG}"));
            flags.refuse(name, Code::BadValue, message);
        }
    }
}

fn versions(flags: &mut Flags, name: &str, newest: Release) {
    let Some(items) = flags.items(name).map(<[String]>::to_vec) else { return };
    let (oldest, newest) = (emulation::floor(flags.release).minor(), newest.minor());
    for (given, item) in items.into_iter().enumerate() {
        let asked = emulation::asked(&item);
        let problem = match asked.minor {
            _ if asked.component != "kube" => {
                Some(format!("there is no component {:?}", asked.component))
            }
            None => Some(format!("{item:?} is not a version such as {newest}")),
            Some(_) if asked.patch => Some(format!("{item:?} names a patch")),
            Some(minor) if !(oldest..=newest).contains(&minor) => Some(if oldest == newest {
                format!("{item:?} is not {newest}, the only version it can be")
            } else {
                format!("{item:?} is not a version from {oldest} to {newest}")
            }),
            Some(_) if given > 0 => Some(format!("{item:?} is a second version")),
            Some(_) => None,
        };
        if let Some(problem) = problem {
            flags.refuse_item((name, &item), Code::BadValue, Clause::of_value(problem));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{apiserver, codes, read};
    use crate::component::Component;

    #[test]
    fn a_server_pretends_to_be_few_minors_older_and_none_before_1_31() {
        for (minor, args, starts) in [
            ("1.31", "--emulated-version=1.30", false),
            ("1.31", "--emulated-version=1.31", true),
            ("1.32", "--emulated-version=1.30", false),
            ("1.32", "--emulated-version=1.31", true),
            ("1.33", "--emulated-version=1.30", false),
            ("1.33", "--emulated-version=kube=1.31", true),
            ("1.35", "--emulated-version=1.31", false),
            ("1.35", "--emulated-version=1.32", true),
            ("1.35", "--emulated-version=1.36", false),
            ("1.35", "--emulated-version=1.34,1.35", false),
            ("1.35", "--emulated-version=1.34.2", false),
            ("1.35", "--emulated-version=1.34.0", true),
            ("1.35", "--emulated-version=wardle=1.34", false),
            ("1.35", "--emulated-version=new", false),
            ("1.36", "--min-compatibility-version=1.32", false),
            ("1.36", "--min-compatibility-version=1.35", true),
            ("1.36", "--emulation-forward-compatible", false),
            ("1.36", "--emulation-forward-compatible=false", true),
        ] {
            let flags = apiserver(minor, &[args]);
            assert_eq!(flags.starts(), starts, "{minor} {args}: {:?}", codes(&flags));
        }
        let pair = ["--emulated-version=1.35", "--emulation-forward-compatible"];
        assert!(apiserver("1.36", &pair).starts());
        for component in [Component::KubeScheduler, Component::KubeControllerManager] {
            assert!(!read(component, "1.33", &["--emulated-version=1.30"]).starts());
        }
    }
}
