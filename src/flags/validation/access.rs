//! Authentication and authorization: modes, files that exclude flags, what is required.

use super::super::authorization::{Authorizers, CONFIG, MODE, authorizers};
use super::super::feature_gates::{Gate, gate};
use super::super::value::Value;
use super::Flags;
use crate::command_line::CommandLine;

const WEBHOOK_FLAGS: [&str; 4] = [
    "authorization-webhook-config-file",
    "authorization-webhook-version",
    "authorization-webhook-cache-authorized-ttl",
    "authorization-webhook-cache-unauthorized-ttl",
];
const POLICY: &str = "authorization-policy-file";
const SIGNER: &str = "service-account-signing-endpoint";

pub(super) fn validate(flags: &mut Flags, line: &CommandLine) {
    chain(flags);
    structured(flags);
    oidc(flags);
    request_header(flags);
    service_accounts(flags, line);
}

fn chain(flags: &mut Flags) {
    let (why, modes) = match authorizers(flags) {
        Authorizers::Broken { why, .. } => (Some(why), Vec::new()),
        Authorizers::Modes { modes, .. } => (None, modes),
        Authorizers::File { .. } | Authorizers::Unsure { .. } => return,
    };
    if let Some(why) = why {
        return flags.refuse(MODE, "authorization-mode", format!("--{MODE}: {why}"));
    }
    for (mode, file) in [("ABAC", POLICY), ("Webhook", WEBHOOK_FLAGS[0])] {
        let used = modes.iter().any(|m| m == mode);
        if used && flags.is_empty(file) {
            let message = format!("--{MODE}: {mode} needs --{file}");
            flags.refuse(MODE, "missing-flag", message);
        }
        if !used && flags.filled(file).is_some() {
            let message = format!("--{file} needs {mode} in --{MODE}");
            flags.refuse(file, "exclusive-flags", message);
        }
    }
}

/// Files that replace flags, and are refused beside them.
fn structured(flags: &mut Flags) {
    if flags.filled(CONFIG).is_some() {
        for flag in WEBHOOK_FLAGS.into_iter().chain([MODE]) {
            if flags.is_set(flag) {
                let message = format!("--{CONFIG} and --{flag} exclude each other");
                flags.refuse(flag, "exclusive-flags", message);
            }
        }
        gated(flags, CONFIG, "StructuredAuthorizationConfiguration");
    }
    if flags.filled("authentication-config").is_some() {
        let set: Vec<String> = oidc_flags(flags);
        for flag in set {
            let message = format!("--authentication-config and --{flag} exclude each other");
            flags.refuse(&flag, "exclusive-flags", message);
        }
        gated(flags, "authentication-config", "StructuredAuthenticationConfiguration");
    }
}

fn gated(flags: &mut Flags, flag: &str, name: &str) {
    if matches!(gate(flags, name), Gate::Is { on: false, .. }) {
        let minor = flags.minor();
        flags.refuse(
            flag,
            "gated-flag",
            format!("--{flag} needs the feature gate {name} in {minor}"),
        );
    }
}

fn oidc_flags(flags: &Flags) -> Vec<String> {
    let mut set: Vec<String> =
        flags.settings.iter().map(|s| s.name.clone()).filter(|n| n.starts_with("oidc-")).collect();
    set.dedup();
    set
}

/// The signing algorithms that go-oidc supports.
const ALGORITHMS: [&str; 9] =
    ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"];

fn oidc(flags: &mut Flags) {
    flags.require_pair("oidc-issuer-url", "oidc-client-id");
    if let Some(url) = flags.filled("oidc-issuer-url")
        && !url.starts_with("https://")
    {
        let message = "--oidc-issuer-url must be an https URL".to_owned();
        flags.refuse("oidc-issuer-url", "bad-value", message);
    }
    for name in flags.items("oidc-signing-algs").unwrap_or_default() {
        if !ALGORITHMS.contains(&name.as_str()) {
            let message = format!("--oidc-signing-algs: {name:?} is not supported");
            flags.refuse("oidc-signing-algs", "bad-value", message);
        }
    }
}

/// From 1.35 on two CAs that share a certificate need names to tell the front proxy by; the same
/// path is the same file.
fn request_header(flags: &mut Flags) {
    let proxy = "requestheader-client-ca-file";
    let same =
        flags.filled(proxy).is_some() && flags.filled(proxy) == flags.filled("client-ca-file");
    if flags.release >= 35 && same && flags.is_empty("requestheader-allowed-names") {
        let message =
            format!("--{proxy} is the client CA: --requestheader-allowed-names must not be empty");
        flags.refuse(proxy, "missing-flag", message);
    }
}

/// Tokens need an issuer and keys from 1.20 on.
fn service_accounts(flags: &mut Flags, line: &CommandLine) {
    if let Some(url) = flags.filled("service-account-jwks-uri")
        && !url.starts_with("https://")
    {
        let message = "--service-account-jwks-uri must be an https URL".to_owned();
        flags.refuse("service-account-jwks-uri", "bad-value", message);
    }
    let longest = "service-account-max-token-expiration";
    let allowed = 3_600_000_000_000..=(1_i64 << 32).saturating_mul(1_000_000_000);
    if let Some(Value::Duration(n)) = flags.set_to(longest)
        && *n != 0
        && !allowed.contains(n)
    {
        let message = format!("--{longest} must lie between 1h and 2^32 seconds");
        flags.refuse(longest, "bad-value", message);
    }
    if flags.release < 20 {
        return;
    }
    let external = flags.filled(SIGNER).is_some();
    let files = ["service-account-signing-key-file", "service-account-key-file"];
    let issuer = "service-account-issuer";
    let first_is_empty =
        flags.items(issuer).is_some_and(|list| list.first().is_none_or(String::is_empty));
    if first_is_empty || flags.names_nothing(issuer) {
        flags.require(line, issuer, format!("--{issuer} is required"));
    }
    for file in files {
        let missing = flags.names_nothing(file);
        let given = flags.set_to(file).is_some() && !missing;
        if external && given {
            let message = format!("--{SIGNER} and --{file} exclude each other");
            flags.refuse(file, "exclusive-flags", message);
        } else if !external && missing {
            flags.require(line, file, format!("--{file} is required"));
        }
    }
}
