//! etcd and encryption at rest.

use super::super::value::Value;
use super::Flags;
use crate::command_line::CommandLine;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};

pub(super) fn validate(flags: &mut Flags, line: &CommandLine) {
    let servers = flag_name!("etcd-servers");
    if flags.names_nothing(servers) {
        flags.require(line, servers, Clause::of_flag("is required"));
    }
    flags.require_pair(flag_name!("etcd-certfile"), flag_name!("etcd-keyfile"));
    overrides(flags);
    let reload = flag_name!("encryption-provider-config-automatic-reload");
    let config = flag_name!("encryption-provider-config");
    if matches!(flags.set_to(reload), Some(Value::Bool(true))) && flags.is_empty(config) {
        let message = Clause::of_flag(format!("needs --{config}"));
        flags.refuse(reload, Code::MissingFlag, message);
    }
}

/// The first release in which a wrong override is an error (kubernetes#60759); those before log it.
const OVERRIDES_SINCE: Release = Release::kubernetes(11);

fn overrides(flags: &mut Flags) {
    if flags.release < OVERRIDES_SINCE {
        return;
    }
    let name = flag_name!("etcd-servers-overrides");
    for item in flags.items(name).unwrap_or_default().to_vec() {
        let good = item.split_once('#').is_some_and(|(resource, servers)| {
            resource.split('/').count() == 2 && !servers.is_empty()
        });
        if !good {
            let message = Clause::of_value(format!("{item:?} is not group/resource#servers"));
            flags.refuse_item((name, &item), Code::BadValue, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{apiserver, codes};

    #[test]
    fn a_wrong_override_is_an_error_since_1_11() {
        for (minor, text, starts) in [
            ("1.5", "events", true),
            ("1.10", "events", true),
            ("1.11", "events", false),
            ("1.36", "events#http://a:1", false),
            ("1.36", "/events#http://a:1;http://b:1", true),
        ] {
            let flags = apiserver(minor, &[&format!("--etcd-servers-overrides={text}")]);
            let bad = codes(&flags).contains(&"bad-value");
            assert_eq!(!bad, starts, "{minor} {text}");
        }
    }

    #[test]
    fn etcd2_went_with_1_13() {
        for (minor, backend, starts) in [
            ("1.34", "etcd2", false),
            ("1.34", "etcd3", true),
            ("1.34", "", true),
            ("1.13", "etcd2", false),
            ("1.12", "etcd2", true),
            ("1.12", "etcd4", false),
        ] {
            let flags = apiserver(minor, &[&format!("--storage-backend={backend}")]);
            assert_eq!(flags.starts(), starts, "{minor} {backend}");
        }
    }
}
