//! The service network, and the port of the service that is the server itself.
//!
//! Source: kubernetes `cmd/kube-apiserver/app/options/validation.go`.

use super::super::feature_gates::{is_off, is_unknown};
use super::super::scalar;
use super::super::value::Value;
use super::Flags;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};

const RANGE: &str = flag_name!("service-cluster-ip-range");
const PORT: &str = flag_name!("kubernetes-service-node-port");
const PORTS: &str = flag_name!("service-node-port-range");

/// Gates that together lift the limit of a network's size: addresses are no longer kept in one map.
const UNLIMITED: [&str; 2] = ["MultiCIDRServiceAllocator", "DisableAllocatorDualWrite"];

/// A network has at most this many bits for its addresses, and at least three.
const MOST_BITS: u32 = 20;

pub(super) fn validate(flags: &mut Flags) {
    node_port(flags);
    let Some(text) = flags.filled(RANGE) else { return };
    if let Some(problem) = networks(flags, text) {
        flags.refuse(RANGE, Code::BadValue, Clause::of_value(problem));
    }
}

/// From 1.16 on the range is a text that is read after parsing: one network, or two.
fn networks(flags: &Flags, text: &str) -> Option<String> {
    let texts: Vec<&str> = text.split(',').map(str::trim).collect();
    if texts.len() > 2 {
        return Some("more than two networks".to_owned());
    }
    let limited = UNLIMITED.iter().any(|name| {
        is_off(flags, name) || is_unknown(flags, name) || flags.release < Release::kubernetes(27)
    });
    let mut sixes = Vec::new();
    for text in texts {
        let network = match scalar::sloppy_network(text) {
            Ok(network) => network,
            Err(why) => return Some(format!("{text:?} {why}")),
        };
        let six = network.contains(':');
        let width: u32 = if six { 128 } else { 32 };
        let length = network.rsplit('/').next().and_then(|l| l.parse().ok()).unwrap_or(width);
        let bits = width.saturating_sub(length);
        if bits < 3 {
            return Some(format!("{network} has fewer than 8 addresses"));
        }
        if limited && bits > MOST_BITS {
            return Some(format!(
                "{network} is too large: write /{} or a longer prefix",
                width - MOST_BITS
            ));
        }
        sixes.push(six);
    }
    match sixes[..] {
        [_, _] if is_off(flags, "IPv6DualStack") => {
            Some("a second network needs the feature gate IPv6DualStack".to_owned())
        }
        [first, second] if first == second => {
            Some("two networks must be one of IPv4 and one of IPv6".to_owned())
        }
        _ => None,
    }
}

fn node_port(flags: &mut Flags) {
    let Some(port) = flags.set_to(PORT).and_then(Value::as_number) else { return };
    let problem = if !(0..=65_535).contains(&port) {
        format!("{port} must lie between 0 and 65535")
    } else if port > 0 && outside(flags, port) {
        format!("{port} does not lie in --{PORTS}")
    } else {
        return;
    };
    flags.refuse(PORT, Code::BadValue, Clause::of_value(problem));
}

/// Whether a port lies outside the ports for services, if those are known.
fn outside(flags: &Flags, port: i128) -> bool {
    let Some(Value::Text(range)) = flags.value(PORTS) else { return false };
    let bounds = range
        .split_once('-')
        .and_then(|(low, high)| Some((low.parse::<i128>().ok()?, high.parse::<i128>().ok()?)));
    bounds.is_some_and(|(low, high)| !(low..=high).contains(&port))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{apiserver, codes};

    #[test]
    fn service_networks_are_of_two_families_and_not_too_large() {
        let both = "--feature-gates=MultiCIDRServiceAllocator=true,DisableAllocatorDualWrite=true";
        let dual = "--service-cluster-ip-range=10.96.0.0/16,fd00::/108";
        let eight = "--service-cluster-ip-range=10.0.0.0/8";
        for (minor, args, starts) in [
            ("1.34", &["--service-cluster-ip-range=10.96.0.0/16,10.97.0.0/16"][..], false),
            ("1.34", &[dual], true),
            ("1.19", &[dual], false),
            ("1.19", &[dual, "--feature-gates=IPv6DualStack=true"], true),
            ("1.12", &[eight], false),
            ("1.25", &[eight], false),
            ("1.31", &[eight], false),
            ("1.33", &[eight], false),
            ("1.33", &[eight, both], true),
            ("1.34", &[eight], true),
            ("1.25", &["--service-cluster-ip-range=10.96.0.0/12"], true),
            ("1.36", &["--service-cluster-ip-range=010.096.0.0/16"], true),
            ("1.25", &["--service-cluster-ip-range=fd00::/64"], false),
            ("1.25", &["--service-cluster-ip-range=10.96.0.0/30"], false),
        ] {
            let flags = apiserver(minor, args);
            assert_eq!(flags.starts(), starts, "{minor} {args:?}: {:?}", codes(&flags));
        }
    }

    #[test]
    fn the_node_port_of_the_server_lies_in_the_range_for_services() {
        for (args, starts) in [
            (&["--kubernetes-service-node-port=70000"][..], false),
            (&["--kubernetes-service-node-port=80"], false),
            (&["--kubernetes-service-node-port=80", "--service-node-port-range=1-100"], true),
            (&["--kubernetes-service-node-port=0"], true),
            (&["--kubernetes-service-node-port=30443"], true),
        ] {
            assert_eq!(apiserver("1.34", args).starts(), starts, "{args:?}");
        }
    }
}
