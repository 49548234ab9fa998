//! The hosts of etcd's URLs: it listens at addresses, and tells others a name or an address.
//!
//! Source: etcd `server/embed/config.go`, `checkBindURLs` and `checkHostURLs`.

use super::super::Flags;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};
use crate::flags::scalar;

/// The first release that refuses a name to listen at; those before warn.
const ADDRESSES_SINCE: Release = Release::etcd(3, 2);
/// The first release that refuses to tell others an empty host.
const HOSTS_SINCE: Release = Release::etcd(3, 4);

const LISTEN: [&str; 4] = [
    flag_name!("listen-peer-urls"),
    flag_name!("listen-client-urls"),
    flag_name!("listen-client-http-urls"),
    flag_name!("listen-metrics-urls"),
];
const ADVERTISE: [&str; 2] =
    [flag_name!("initial-advertise-peer-urls"), flag_name!("advertise-client-urls")];

pub(super) fn validate(flags: &mut Flags) {
    if flags.release >= ADDRESSES_SINCE {
        for name in LISTEN {
            let address = |host: &str| host == "localhost" || scalar::ip(host).is_ok();
            refuse(flags, name, address, "has no IP address or localhost to listen at");
        }
    }
    if flags.release >= HOSTS_SINCE {
        for name in ADVERTISE {
            refuse(flags, name, |host| !host.is_empty(), "has no host");
        }
    }
}

fn refuse(flags: &mut Flags, name: &str, good: impl Fn(&str) -> bool, why: &str) {
    let urls = flags.items(name).unwrap_or_default();
    let bad = urls.iter().find(|url| host(url).is_some_and(|host| !good(host)));
    if let Some(url) = bad.cloned() {
        flags.refuse_item((name, &url), Code::BadValue, Clause::of_value(format!("{url:?} {why}")));
    }
}

/// The host of a URL, without its port; none for sockets.
fn host(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    if !["http", "https"].contains(&scheme) {
        return None;
    }
    let (host, _) = rest.rsplit_once('@').map_or(rest, |(_, host)| host).rsplit_once(':')?;
    Some(host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host))
}
