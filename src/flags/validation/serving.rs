//! Ports, certificates and TLS parameters.

use super::super::catalog::tls;
use super::super::value::Value;
use super::Flags;
use crate::component::Component;
use crate::flags::catalog::Release;
use crate::spelling::{nearest, suggestion};

const SECURE_PORT: &str = "secure-port";
/// The two suites of which HTTP/2 needs one below TLS 1.3 (RFC 9113, Go's net/http).
const HTTP2_SUITES: [&str; 2] =
    ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"];

pub(super) fn validate(flags: &mut Flags) {
    ports(flags);
    if !is_off(flags) {
        flags.require_pair("tls-cert-file", "tls-private-key-file");
        tls(flags);
    }
}

/// Whether nothing is served over TLS, so that nobody looks at what it would be served with.
///
/// Source: apiserver `pkg/server/options/serving.go`, `ApplyTo`.
fn is_off(flags: &Flags) -> bool {
    let port = flags.value(SECURE_PORT).and_then(Value::as_number);
    port == Some(0) && lowest(flags) == 0
}

/// Up to 1.9 the secure port could be turned off with 0; elsewhere than at the API server it still can.
fn lowest(flags: &Flags) -> i128 {
    let here = flags.catalog.component == Component::KubeApiserver;
    i128::from(here && flags.release >= Release::kubernetes(10))
}

fn ports(flags: &mut Flags) {
    port(flags, SECURE_PORT, lowest(flags), 65_535);
    // From 1.20 on the clear-text port is gone and only its absence can be asked for.
    let highest = if flags.release >= Release::kubernetes(20) { 0 } else { 65_535 };
    port(flags, "insecure-port", 0, highest);
}

fn port(flags: &mut Flags, name: &str, lowest: i128, highest: i128) {
    let Some(number) = flags.set_to(name).and_then(Value::as_number) else {
        return;
    };
    if !(lowest..=highest).contains(&number) {
        let allowed = if lowest == highest {
            format!("must be {lowest}")
        } else {
            format!("must lie between {lowest} and {highest}")
        };
        let message = format!("--{name}: {number} {allowed} in {}", flags.minor());
        flags.refuse(name, "bad-value", message);
    }
}

/// The names of suites and versions, and what HTTP/2 needs.
pub(super) fn tls(flags: &mut Flags) {
    let version = "tls-min-version";
    let known = tls::versions(flags.release);
    let minimum = flags.filled(version).map(str::to_owned);
    if let Some(name) = minimum.as_deref().filter(|name| !known.contains(name)) {
        let message = format!("--{version}: {name:?} is not one of {}", known.join(", "));
        flags.refuse(version, "bad-value", message);
    }
    let suites = "tls-cipher-suites";
    let names = flags.items(suites).filter(|names| !names.is_empty());
    let Some(names) = names.map(<[String]>::to_vec) else {
        return;
    };
    let mut unknown = false;
    for name in &names {
        if !tls::suites(flags.release).any(|suite| suite.name == name) {
            let near = nearest(name, tls::suites(flags.release).map(|suite| suite.name));
            let message = format!(
                "--{suites}: {name:?} is not a cipher suite of {}{}",
                flags.minor(),
                suggestion(near)
            );
            flags.refuse(suites, "unknown-cipher", message);
            unknown = true;
        }
    }
    let http2 = !matches!(flags.set_to("disable-http2-serving"), Some(Value::Bool(true)));
    let modern = minimum.as_deref() == Some("VersionTLS13");
    if !unknown && http2 && !modern && !names.iter().any(|n| HTTP2_SUITES.contains(&n.as_str())) {
        let message = format!("--{suites}: HTTP/2 needs {} or its ECDSA twin", HTTP2_SUITES[0]);
        flags.refuse(suites, "bad-value", message);
    }
}
