//! What etcd refuses: ways to find the cluster that exclude each other, TLS, timing, words.
//!
//! Sources: etcd `server/embed/config.go` `Validate`, `server/etcdmain/config.go`,
//! `client/pkg/tlsutil`, by release; what only some patch releases refuse is let pass.

mod certificates;
mod gates;
mod logging;
mod proxy;
mod urls;

use super::super::catalog::{Catalog, flag_name, tls};
use super::super::value::Value;
use super::{Flags, demand};
use crate::component::Component;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::Release;
use crate::spelling::{nearest, suggestion};

/// Ways to find the cluster of which only one may be given.
const BOOTSTRAP: [&str; 4] = [
    flag_name!("initial-cluster"),
    flag_name!("discovery"),
    flag_name!("discovery-srv"),
    flag_name!("discovery-endpoints"),
];

/// The discovery of 3.6 and later, which the proxy of the older one does not go with.
const DISCOVERY: [&str; 7] = [
    flag_name!("discovery-endpoints"),
    flag_name!("discovery-token"),
    flag_name!("discovery-cert"),
    flag_name!("discovery-key"),
    flag_name!("discovery-cacert"),
    flag_name!("discovery-user"),
    flag_name!("discovery-password"),
];

/// The longest election timeout, in milliseconds.
const LONGEST_ELECTION: i128 = 50_000;

pub(super) fn validate(flags: &mut Flags) {
    if flags.filled(flag_name!("config-file")).is_some() {
        // The file decides everything that is judged below.
        return;
    }
    demand::validate(flags);
    logging::validate(flags);
    urls::validate(flags);
    bootstrap(flags);
    advertised(flags);
    certificates::validate(flags);
    timing(flags);
    versions(flags);
    suites(flags);
    gates::validate(flags);
}

fn bootstrap(flags: &mut Flags) {
    let given: Vec<&str> =
        BOOTSTRAP.into_iter().filter(|name| flags.filled(name).is_some()).collect();
    if let [first, second, ..] = given[..] {
        let message = Clause::sentence(format!("--{first} and --{second} exclude each other"));
        flags.refuse(second, Code::ExclusiveFlags, message);
    }
    flags.require_pair(flag_name!("discovery-token"), flag_name!("discovery-endpoints"));
    let endpoints = flag_name!("discovery-endpoints");
    if flags.filled(endpoints).is_some_and(|list| list.split(',').any(|e| e.trim().is_empty())) {
        flags.refuse(endpoints, Code::BadValue, Clause::of_flag("has an empty endpoint"));
    }
    let proxy = flag_name!("discovery-proxy");
    let newer = DISCOVERY.into_iter().find(|name| flags.filled(name).is_some());
    if flags.release == Release::etcd(3, 6)
        && flags.filled(proxy).is_some()
        && let Some(newer) = newer
    {
        let message = Clause::of_flag(format!("and --{newer} exclude each other"));
        flags.refuse(proxy, Code::ExclusiveFlags, message);
    }
}

fn advertised(flags: &mut Flags) {
    let (listen, advertise) =
        (flag_name!("listen-client-urls"), flag_name!("advertise-client-urls"));
    let unsaid = flags.set_to(listen).is_some() && !flags.is_set(advertise);
    if unsaid && !proxy::may_be(flags) {
        flags.refuse(
            listen,
            Code::MissingFlag,
            Clause::of_flag(format!("needs --{advertise} beside it")),
        );
    }
}

fn timing(flags: &mut Flags) {
    let number = |name: &str| flags.value(name).and_then(Value::as_number);
    let (beat, election) = (flag_name!("heartbeat-interval"), flag_name!("election-timeout"));
    let (Some(heartbeat), Some(timeout)) = (number(beat), number(election)) else {
        return;
    };
    let name = if flags.is_set(election) { election } else { beat };
    let (name, message) = if heartbeat == 0 {
        (beat, Clause::of_flag("must be more than 0"))
    } else if heartbeat * 5 > timeout {
        let least = format!("at least five times --{beat}={heartbeat}");
        (name, Clause::sentence(format!("--{election}={timeout} must be {least}")))
    } else if timeout > LONGEST_ELECTION && flags.release >= Release::etcd(3, 0) {
        (
            election,
            Clause::sentence(format!(
                "--{election}={timeout} must not be more than {LONGEST_ELECTION}"
            )),
        )
    } else {
        return;
    };
    flags.refuse(name, Code::BadValue, message);
}

/// The TLS versions; where only 1.3 is left the suites cannot be chosen.
fn versions(flags: &mut Flags) {
    let (least, most) = (flag_name!("tls-min-version"), flag_name!("tls-max-version"));
    let minimum = flags.value(least).map(Value::to_string).unwrap_or_default();
    let maximum = flags.filled(most);
    if minimum == "TLS1.3" && maximum == Some("TLS1.2") {
        let message = Clause::sentence(format!("--{least}={minimum} is above --{most}=TLS1.2"));
        flags.refuse(least, Code::BadValue, message);
    }
    let suites = flag_name!("cipher-suites");
    if minimum == "TLS1.3" && flags.filled(suites).is_some() {
        let message = Clause::of_flag(format!("cannot be set where --{least} is TLS1.3"));
        flags.refuse(suites, Code::ExclusiveFlags, message);
    }
}

/// etcd knows the suites by Go's names; the newest list serves all its releases.
fn suites(flags: &mut Flags) {
    let name = flag_name!("cipher-suites");
    let Some(text) = flags.filled(name).map(str::to_owned) else { return };
    let newest = Catalog::of(Component::KubeApiserver).newest_release();
    for suite in text.split(',').map(str::trim) {
        if !tls::suites(newest).any(|known| known.name == suite) {
            let near = suggestion(nearest(suite, tls::suites(newest).map(|known| known.name)));
            let message = Clause::of_value(format!("{suite:?} is not a cipher suite{near}"));
            flags.refuse(name, Code::UnknownCipher, message);
        }
    }
}
