//! What etcd refuses: bootstrap flags that exclude each other, TLS without certificates, timing.
//!
//! Sources: etcd `server/embed/config.go` `Validate`, `server/etcdmain/config.go`.

use super::super::catalog::tls;
use super::super::value::Value;
use super::Flags;
use super::limits::one_of;
use crate::spelling::{nearest, suggestion};

/// Ways to find the cluster of which only one may be given.
const BOOTSTRAP: [&str; 3] = ["initial-cluster", "discovery", "discovery-srv"];

pub(super) fn validate(flags: &mut Flags) {
    if flags.filled("config-file").is_some() {
        // The file decides everything that is judged below.
        return;
    }
    one_of(flags, "initial-cluster-state", &["new", "existing"]);
    one_of(flags, "auto-compaction-mode", &["periodic", "revision"]);
    bootstrap(flags);
    advertised(flags);
    certificates(flags, "", "listen-client-urls");
    certificates(flags, "peer-", "listen-peer-urls");
    timing(flags);
    suites(flags);
}

fn bootstrap(flags: &mut Flags) {
    let given: Vec<&str> =
        BOOTSTRAP.into_iter().filter(|name| flags.filled(name).is_some()).collect();
    if let [first, second, ..] = given[..] {
        let message = format!("--{first} and --{second} exclude each other");
        flags.refuse(second, "exclusive-flags", message);
    }
}

fn advertised(flags: &mut Flags) {
    let (listen, advertise) = ("listen-client-urls", "advertise-client-urls");
    if flags.set_to(listen).is_some() && !flags.is_set(advertise) {
        flags.refuse(listen, "missing-flag", format!("--{listen} needs --{advertise} beside it"));
    }
}

fn certificates(flags: &mut Flags, prefix: &str, urls: &str) {
    let (cert, key) = (format!("{prefix}cert-file"), format!("{prefix}key-file"));
    flags.require_pair(&cert, &key);
    let automatic = format!("{prefix}auto-tls");
    let automatic = matches!(flags.set_to(&automatic), Some(Value::Bool(true)));
    let secure = flags.items(urls).is_some_and(|urls| {
        urls.iter().any(|url| url.starts_with("https") || url.starts_with("unixs"))
    });
    if secure && !automatic && flags.names_nothing(&cert) && flags.names_nothing(&key) {
        let message = format!("--{urls} has an https URL: --{cert} and --{key} are needed");
        flags.refuse(urls, "missing-flag", message);
    }
}

fn timing(flags: &mut Flags) {
    let number = |name: &str| flags.value(name).and_then(|value| value.as_number());
    let (Some(heartbeat), Some(election)) =
        (number("heartbeat-interval"), number("election-timeout"))
    else {
        return;
    };
    if heartbeat * 5 > election {
        let name = if flags.is_set("election-timeout") {
            "election-timeout"
        } else {
            "heartbeat-interval"
        };
        let message = format!(
            "--election-timeout={election} must be at least five times --heartbeat-interval={heartbeat}"
        );
        flags.refuse(name, "bad-value", message);
    }
}

/// etcd knows the suites by Go's names; the newest list serves all its releases.
fn suites(flags: &mut Flags) {
    let name = "cipher-suites";
    let Some(text) = flags.filled(name) else { return };
    let newest = 36;
    for suite in text.split(',').map(str::trim) {
        if !tls::suites(newest).any(|known| known.name == suite) {
            let near = suggestion(nearest(suite, tls::suites(newest).map(|known| known.name)));
            let message = format!("--{name}: {suite:?} is not a cipher suite{near}");
            flags.refuse(name, "unknown-cipher", message);
        }
    }
}
