//! Ports, certificates and TLS parameters.

use super::super::catalog::{flag_name, tls};
use super::super::value::Value;
use super::Flags;
use crate::component::Component;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::Release;
use crate::spelling::{nearest, suggestion};

/// The two suites of which HTTP/2 needs one below TLS 1.3 (RFC 9113, Go's net/http).
const HTTP2_SUITES: [&str; 2] =
    ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"];

pub(super) fn validate(flags: &mut Flags) {
    if !is_off(flags) {
        flags.require_pair(flag_name!("tls-cert-file"), flag_name!("tls-private-key-file"));
        tls(flags);
    }
}

/// Whether nothing is served over TLS, so that nobody looks at what it would be served with. The API
/// server refuses that since 1.10.
///
/// Source: apiserver `pkg/server/options/serving.go`, `ApplyTo`.
fn is_off(flags: &Flags) -> bool {
    let port = flags.value(flag_name!("secure-port")).and_then(Value::as_number);
    let refused = flags.catalog.component == Component::KubeApiserver
        && flags.release >= Release::kubernetes(10);
    port == Some(0) && !refused
}

/// The names of suites and versions, and what HTTP/2 needs.
pub(super) fn tls(flags: &mut Flags) {
    let version = flag_name!("tls-min-version");
    let known = tls::versions(flags.release);
    let minimum = flags.filled(version).map(str::to_owned);
    if let Some(name) = minimum.as_deref().filter(|name| !known.contains(name)) {
        let message = Clause::of_value(format!("{name:?} is not one of {}", known.join(", ")));
        flags.refuse(version, Code::BadValue, message);
    }
    let suites = flag_name!("tls-cipher-suites");
    let names = flags.items(suites).filter(|names| !names.is_empty());
    let Some(names) = names.map(<[String]>::to_vec) else {
        return;
    };
    let mut unknown = false;
    for name in &names {
        if !tls::suites(flags.release).any(|suite| suite.name == name) {
            let near = nearest(name, tls::suites(flags.release).map(|suite| suite.name));
            let message = Clause::of_value(format!("{name:?} is not a cipher suite of "));
            let message = message.release(flags.minor()).and(&suggestion(near));
            flags.refuse_item((suites, name), Code::UnknownCipher, message);
            unknown = true;
        }
    }
    let http2 =
        !matches!(flags.set_to(flag_name!("disable-http2-serving")), Some(Value::Bool(true)));
    let modern = minimum.as_deref() == Some("VersionTLS13");
    if !unknown && http2 && !modern && !names.iter().any(|n| HTTP2_SUITES.contains(&n.as_str())) {
        let message =
            Clause::of_value(format!("HTTP/2 needs {} or its ECDSA twin", HTTP2_SUITES[0]));
        flags.refuse(suites, Code::BadValue, message);
    }
}
