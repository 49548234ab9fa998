//! Tokens of an OpenID provider.
//!
//! Sources: kubernetes `pkg/kubeapiserver/options/authentication.go`, apiserver
//! `plugin/pkg/authenticator/token/oidc/oidc.go`.

use super::Flags;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};

const ISSUER: &str = flag_name!("oidc-issuer-url");
const CLIENT: &str = flag_name!("oidc-client-id");

/// From this release on any flag of OpenID asks for an issuer and a client.
const ANY_SINCE: Release = Release::kubernetes(29);

/// The signing algorithms that go-oidc supports.
const ALGORITHMS: [&str; 9] =
    ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"];

pub(super) fn validate(flags: &mut Flags) {
    flags.require_pair(ISSUER, CLIENT);
    // Beside a file each of the flags is refused already.
    if flags.release >= ANY_SINCE && flags.filled(flag_name!("authentication-config")).is_none() {
        any(flags);
    }
    let Some(url) = flags.filled(ISSUER) else { return };
    if !url.starts_with("https://") {
        let message = Clause::of_flag("must be an https URL");
        flags.refuse(ISSUER, Code::BadValue, message);
    }
    // Who reads the tokens is only made for an issuer with a client.
    if flags.is_empty(CLIENT) {
        return;
    }
    for name in flags.items(flag_name!("oidc-signing-algs")).unwrap_or_default().to_vec() {
        if !ALGORITHMS.contains(&name.as_str()) {
            let message = Clause::of_value(format!("{name:?} is not supported"));
            flags.refuse_item((flag_name!("oidc-signing-algs"), &name), Code::BadValue, message);
        }
    }
}

fn any(flags: &mut Flags) {
    if !(flags.is_empty(ISSUER) && flags.is_empty(CLIENT)) {
        return;
    }
    if let Some(name) = given(flags).into_iter().next() {
        let message = Clause::of_flag(format!("needs --{ISSUER} and --{CLIENT} beside it"));
        flags.refuse(name, Code::MissingFlag, message);
    }
}

/// The flags of OpenID that are given.
pub(super) fn given(flags: &Flags) -> Vec<&'static str> {
    // Those that the release does not have say nothing to it.
    let names = flags.settings.iter().filter_map(|setting| setting.spec).map(|spec| spec.name);
    let mut names: Vec<&str> = names.filter(|name| name.starts_with("oidc-")).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::super::tests::{apiserver, codes};

    #[test]
    fn an_issuer_is_asked_for_by_any_flag_in_newer_releases() {
        let issuer = ["--oidc-issuer-url=https://a", "--oidc-client-id=x"];
        let none = "--oidc-signing-algs=none";
        for (minor, args, starts) in [
            ("1.25", &["--oidc-username-claim=email"][..], true),
            ("1.34", &["--oidc-username-claim=email"], false),
            ("1.34", &["--oidc-issuer-url="], false),
            ("1.25", &[none], true),
            ("1.25", &[none, issuer[0], issuer[1]], false),
            ("1.34", &["--oidc-username-claim=email", issuer[0], issuer[1]], true),
            ("1.25", &[issuer[0]], false),
            ("1.34", &[issuer[1]], false),
        ] {
            let flags = apiserver(minor, args);
            assert_eq!(flags.starts(), starts, "{minor} {args:?}: {:?}", codes(&flags));
        }
    }
}
