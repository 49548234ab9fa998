//! What kube-apiserver finds in the files that its flags name before it serves: what it refuses there
//! keeps it from starting as a bad flag does.
//!
//! Source: kubernetes `pkg/kubeapiserver/options/authentication.go` and `authorization.go`, apiserver
//! `pkg/server/options`.

use super::admission::AdmissionConfiguration;
use super::audit_policy::AuditPolicy;
use super::authentication::AuthenticationConfiguration;
use super::authorization::AuthorizationConfiguration;
use super::encryption::EncryptionConfiguration;
use super::{Problem, egress, tracing};
use crate::diagnostic::Diagnostic;
use crate::flags::value::Value;
use crate::flags::{Effective, Flags};
use crate::source::{Files, NamedBytes};

type Look = fn(&NamedBytes, &str, &Flags) -> Result<(), Problem>;

/// The flags that name configurations, and what the server refuses in each.
const FILES: [(&str, Look); 7] = [
    ("authentication-config", |file, _, flags| {
        AuthenticationConfiguration::read(file, flags.minor())?.refused_by(flags)
    }),
    ("authorization-config", |file, _, flags| {
        AuthorizationConfiguration::read(file, flags.minor()).map(drop)
    }),
    ("encryption-provider-config", |file, _, flags| {
        EncryptionConfiguration::read(file, flags.minor())?.refused_by(flags)
    }),
    ("audit-policy-file", |file, _, flags| AuditPolicy::read(file, flags.minor()).map(drop)),
    ("admission-control-config-file", |file, path, flags| {
        AdmissionConfiguration::read(file, flags.minor(), path).map(drop)
    }),
    ("egress-selector-config-file", |file, _, flags| {
        egress::unprotected(file, flags.minor()).map(drop)
    }),
    ("tracing-config-file", |file, _, _| tracing::read(file)),
];

/// Adds what the server refuses in its files, where they are at hand.
pub(super) fn refuse(flags: &mut Flags, files: &Files) {
    for (flag, look) in FILES {
        let Effective::Set { value: Value::Text(path), .. } = flags.effective(flag) else {
            continue;
        };
        if path.is_empty() {
            continue;
        }
        let Ok(file) = files.read(path) else { continue };
        let refused = look(&file, path, flags);
        if let Err(Problem { message, location }) = refused {
            let message = format!("--{flag}: {message}");
            let refusal = Diagnostic::refusal("configuration-file", message, Some(location));
            flags.diagnostics.push(refusal);
        } else if flag == AUTHENTICATION {
            exclude_anonymous(flags, &file);
        }
    }
}

const AUTHENTICATION: &str = "authentication-config";

/// The flag may not be given where the file says what becomes of requests without credentials.
fn exclude_anonymous(flags: &mut Flags, file: &NamedBytes) {
    const FLAG: &str = "anonymous-auth";
    let config = AuthenticationConfiguration::read(file, flags.minor());
    if flags.is_set(FLAG) && config.is_ok_and(|config| config.anonymous.is_some()) {
        let message =
            format!("--{FLAG} and anonymous in the file of --{AUTHENTICATION} exclude each other");
        flags.refuse(FLAG, "exclusive-flags", message);
        flags.break_refused();
    }
}
