//! etcd, encryption at rest, the service network.

use super::super::scalar;
use super::super::value::Value;
use super::Flags;
use crate::command_line::CommandLine;

pub(super) fn validate(flags: &mut Flags, line: &CommandLine) {
    let servers = "etcd-servers";
    if flags.names_nothing(servers) {
        flags.require(line, servers, format!("--{servers} is required"));
    }
    flags.require_pair("etcd-certfile", "etcd-keyfile");
    overrides(flags);
    let reload = "encryption-provider-config-automatic-reload";
    let config = "encryption-provider-config";
    if matches!(flags.set_to(reload), Some(Value::Bool(true))) && flags.is_empty(config) {
        let message = format!("--{reload} needs --{config}");
        flags.refuse(reload, "missing-flag", message);
    }
    service_network(flags);
}

fn overrides(flags: &mut Flags) {
    let name = "etcd-servers-overrides";
    for item in flags.items(name).unwrap_or_default() {
        let good = item.split_once('#').is_some_and(|(resource, servers)| {
            resource.split('/').count() == 2 && !servers.is_empty()
        });
        if !good {
            let message = format!("--{name}: {item:?} is not group/resource#servers");
            flags.refuse(name, "bad-value", message);
        }
    }
}

/// From 1.16 on the range is a text that is read after parsing: one network, or two.
fn service_network(flags: &mut Flags) {
    let name = "service-cluster-ip-range";
    let Some(text) = flags.filled(name) else {
        return;
    };
    let networks: Vec<&str> = text.split(',').map(str::trim).collect();
    let mut problem = (networks.len() > 2).then(|| "more than two networks".to_owned());
    for network in networks {
        match scalar::network(network) {
            Err(why) => problem = Some(format!("{network:?} {why}")),
            Ok(network) => {
                let length: u32 =
                    network.rsplit('/').next().and_then(|l| l.parse().ok()).unwrap_or_default();
                let bits = if network.contains(':') { 128 } else { 32 };
                if bits - length.min(bits) < 3 {
                    problem = Some(format!("{network} has fewer than 8 addresses"));
                }
            }
        }
    }
    if let Some(problem) = problem {
        flags.refuse(name, "bad-value", format!("--{name}: {problem}"));
    }
}
