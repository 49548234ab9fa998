//! Tokens of service accounts: who issues them, what they are signed with, how long they last.
//!
//! Sources: kubernetes `pkg/kubeapiserver/options/authentication.go`,
//! `pkg/controlplane/apiserver/options/{options,validation}.go`.

use std::collections::HashSet;

use super::super::value::Value;
use super::{Flags, access};
use crate::command_line::CommandLine;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};

const SIGNER: &str = flag_name!("service-account-signing-endpoint");
const KEY: &str = flag_name!("service-account-signing-key-file");
const ISSUER: &str = flag_name!("service-account-issuer");

/// The first release that takes more than one issuer.
const SEVERAL_SINCE: Release = Release::kubernetes(22);

/// The first release whose tokens need an issuer and keys.
const REQUIRED_SINCE: Release = Release::kubernetes(20);

pub(super) fn validate(flags: &mut Flags, line: &CommandLine) {
    if let Some(url) = flags.filled(flag_name!("service-account-jwks-uri"))
        && !url.starts_with("https://")
    {
        let message = Clause::of_flag("must be an https URL");
        flags.refuse(flag_name!("service-account-jwks-uri"), Code::BadValue, message);
    }
    let longest = flag_name!("service-account-max-token-expiration");
    let allowed = 3_600_000_000_000..=(1_i64 << 32).saturating_mul(1_000_000_000);
    if let Some(Value::Duration(n)) = flags.set_to(longest)
        && *n != 0
        && !allowed.contains(n)
        && (flags.release >= REQUIRED_SINCE || signs(flags))
    {
        let message = Clause::of_flag("must lie between 1h and 2^32 seconds");
        flags.refuse(longest, Code::BadValue, message);
    }
    if flags.release < REQUIRED_SINCE {
        return;
    }
    access::gated(flags, SIGNER, "ExternalServiceAccountTokenSigner");
    let external = flags.filled(SIGNER).is_some();
    let files = [KEY, flag_name!("service-account-key-file")];
    let issuer = ISSUER;
    let first_is_empty =
        flags.items(issuer).is_some_and(|list| list.first().is_none_or(String::is_empty));
    if first_is_empty || flags.names_nothing(issuer) {
        flags.require(line, issuer, Clause::of_flag("is required"));
    } else if flags.release >= SEVERAL_SINCE {
        issuers(flags, issuer);
    }
    for file in files {
        let missing = flags.names_nothing(file);
        let given = flags.set_to(file).is_some() && !missing;
        if external && given {
            flags.refuse_both(SIGNER, file);
        } else if !external && missing {
            flags.require(line, file, Clause::of_flag("is required"));
        }
    }
}

/// Whether the server is known to sign tokens at all.
fn signs(flags: &Flags) -> bool {
    flags.filled(KEY).is_some() && flags.filled(ISSUER).is_some()
}

/// Each issuer is named once.
fn issuers(flags: &mut Flags, name: &str) {
    let items = flags.items(name).unwrap_or_default().to_vec();
    let mut earlier = HashSet::new();
    for issuer in &items {
        let problem = if issuer.is_empty() {
            "an issuer is empty".to_owned()
        } else if !earlier.insert(issuer) {
            format!("{issuer:?} is given twice")
        } else {
            continue;
        };
        flags.refuse_item((name, issuer), Code::BadValue, Clause::of_value(problem));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{apiserver, codes};

    #[test]
    fn issuers_are_named_once_and_a_signer_needs_its_gate() {
        let a = "--service-account-issuer=https://a";
        let none = ["--service-account-key-file=", "--service-account-signing-key-file="];
        let signer = "--service-account-signing-endpoint=/x";
        let gate = "--feature-gates=ExternalServiceAccountTokenSigner=true";
        for (minor, args, starts) in [
            ("1.34", &[a, a][..], false),
            ("1.34", &[a, "--service-account-issuer="], false),
            ("1.34", &[a, "--service-account-issuer=https://b"], true),
            ("1.21", &[a, a], true),
            ("1.32", &[signer, none[0], none[1]], false),
            ("1.32", &[signer, none[0], none[1], gate], true),
            ("1.34", &[signer, none[0], none[1]], true),
        ] {
            let flags = apiserver(minor, args);
            assert_eq!(flags.starts(), starts, "{minor} {args:?}: {:?}", codes(&flags));
        }
    }

    #[test]
    fn how_long_a_token_lasts_matters_where_tokens_are_signed() {
        let short = "--service-account-max-token-expiration=1m";
        let unset = "--service-account-signing-key-file=";
        for (minor, args, bad) in [
            ("1.19", &[short][..], true),
            ("1.19", &[short, unset], false),
            ("1.13", &[short, "--service-account-issuer="], false),
            ("1.20", &[short, unset], true),
            ("1.19", &["--service-account-max-token-expiration=1h"], false),
        ] {
            let flags = apiserver(minor, args);
            assert_eq!(codes(&flags).contains(&"bad-value"), bad, "{minor} {args:?}");
        }
    }
}
