//! The certificates that etcd serves with.
//!
//! Source: etcd `server/embed/etcd.go` (`configurePeerListeners`, `configureClientListeners`,
//! `serveMetrics`), `client/pkg/transport`.

use super::super::Flags;
use super::proxy;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::flag_name;
use crate::flags::value::Value;

const CLIENTS: &str = flag_name!("listen-client-urls");
const PEERS: &str = flag_name!("listen-peer-urls");
/// Other URLs that the clients' certificate serves.
const SERVED: [&str; 3] =
    [CLIENTS, flag_name!("listen-client-http-urls"), flag_name!("listen-metrics-urls")];

pub(super) fn validate(flags: &mut Flags) {
    // Beside clear-text URLs a certificate without its key is warned of and left alone.
    if SERVED.iter().any(|urls| secure(flags, urls)) {
        flags.require_pair(flag_name!("cert-file"), flag_name!("key-file"));
    }
    flags.require_pair(flag_name!("peer-cert-file"), flag_name!("peer-key-file"));
    // A proxy serves clients with the peers' certificate if it has no other, and peers not at all.
    let proxy = proxy::may_be(flags);
    if !proxy || flags.names_nothing(flag_name!("peer-cert-file")) {
        needed(flags, "", CLIENTS);
    }
    if !proxy {
        needed(flags, "peer-", PEERS);
    }
}

fn needed(flags: &mut Flags, prefix: &str, urls: &str) {
    let [cert, key] =
        [flag_name!("cert-file"), flag_name!("key-file")].map(|name| format!("{prefix}{name}"));
    let automatic = format!("{prefix}auto-tls");
    let automatic = matches!(flags.set_to(&automatic), Some(Value::Bool(true)));
    if secure(flags, urls) && !automatic && flags.names_nothing(&cert) && flags.names_nothing(&key)
    {
        let message = Clause::of_flag(format!("has an https URL: --{cert} and --{key} are needed"));
        flags.refuse(urls, Code::MissingFlag, message);
    }
}

fn secure(flags: &Flags, urls: &str) -> bool {
    let urls = flags.items(urls).unwrap_or_default();
    urls.iter().any(|url| url.starts_with("https") || url.starts_with("unixs"))
}
