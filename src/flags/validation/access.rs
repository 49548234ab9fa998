//! Authentication and authorization: modes, files that exclude flags, the front proxy.

use super::super::answer::{Cause, Known};
use super::super::authorization::{CONFIG, Chain, MODE, authorizers};
use super::super::feature_gates::is_off;
use super::{Flags, oidc};
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};

const WEBHOOK_FLAGS: [&str; 4] = [
    flag_name!("authorization-webhook-config-file"),
    flag_name!("authorization-webhook-version"),
    flag_name!("authorization-webhook-cache-authorized-ttl"),
    flag_name!("authorization-webhook-cache-unauthorized-ttl"),
];
const POLICY: &str = flag_name!("authorization-policy-file");
/// Flags that go with a feature gate and say nothing without it.
const PEERS: [&str; 3] = [
    flag_name!("peer-ca-file"),
    flag_name!("peer-advertise-ip"),
    flag_name!("peer-advertise-port"),
];

pub(super) fn validate(flags: &mut Flags) {
    chain(flags);
    structured(flags);
    request_header(flags);
    for flag in PEERS {
        gated(flags, flag, "UnknownVersionInteroperabilityProxy");
    }
}

fn chain(flags: &mut Flags) {
    let modes = match authorizers(flags) {
        Err(gap) if gap.cause == Cause::Refused => {
            let location = gap.by.setting().map(|setting| setting.location.clone());
            let why = Clause::of_value(gap.words(flags));
            return flags.refuse_at(location, MODE, Code::AuthorizationMode, why);
        }
        Ok(Known { value: Chain::Modes(modes), .. }) => modes,
        Ok(Known { value: Chain::File, .. }) | Err(_) => return,
    };
    let files = [("ABAC", POLICY), ("Webhook", WEBHOOK_FLAGS[0])];
    for (mode, file, used) in files.map(|(mode, file)| (mode, file, modes.contains(&mode))) {
        if used && flags.is_empty(file) {
            let message = Clause::of_value(format!("{mode} needs --{file}"));
            flags.refuse_item((MODE, mode), Code::MissingFlag, message);
        }
        if !used && flags.filled(file).is_some() {
            let message = Clause::of_flag(format!("needs {mode} in --{MODE}"));
            flags.note_refusal(file, Code::ExclusiveFlags, message);
        }
    }
}

/// Files that replace flags, and are refused beside them.
fn structured(flags: &mut Flags) {
    if flags.filled(CONFIG).is_some() {
        for flag in WEBHOOK_FLAGS.into_iter().chain([MODE]) {
            if flags.is_set(flag) {
                flags.refuse_both(CONFIG, flag);
            }
        }
    }
    gated(flags, CONFIG, "StructuredAuthorizationConfiguration");
    let authentication = flag_name!("authentication-config");
    if flags.filled(authentication).is_some() {
        for flag in oidc::given(flags) {
            flags.refuse_both(authentication, flag);
        }
    }
    gated(flags, authentication, "StructuredAuthenticationConfiguration");
}

/// Refuses what a flag is set to while its gate is off.
pub(super) fn gated(flags: &mut Flags, flag: &str, name: &str) {
    let off = || is_off(flags, name);
    if flags.filled(flag).is_some() && off() {
        let minor = flags.minor();
        flags.refuse(
            flag,
            Code::GatedFlag,
            Clause::of_flag(format!("needs the feature gate {name} in ")).release(minor),
        );
    }
}

/// From 1.35 on two CAs that share a certificate need names to tell the front proxy by; the same
/// path is the same file.
fn request_header(flags: &mut Flags) {
    let proxy = flag_name!("requestheader-client-ca-file");
    let same = flags.filled(proxy).is_some()
        && flags.filled(proxy) == flags.filled(flag_name!("client-ca-file"));
    if flags.release >= Release::kubernetes(35)
        && same
        && flags.is_empty(flag_name!("requestheader-allowed-names"))
    {
        let message =
            Clause::of_flag("is the client CA: --requestheader-allowed-names must not be empty");
        flags.refuse(proxy, Code::MissingFlag, message);
    }
}
