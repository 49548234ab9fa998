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

/// Looks at a file, with its path: what the server refuses in it, else the flag, if any, that may not
/// be given beside what stands there.
type Look = fn(&NamedBytes, &str, &Flags) -> Result<Option<&'static str>, Problem>;

/// The flags that name configurations.
const FILES: [(&str, Look); 7] = [
    ("authentication-config", |file, _, flags| {
        let config = AuthenticationConfiguration::read(file, flags.minor())?;
        config.refused_by(flags)?;
        Ok(config.anonymous.map(|_| "anonymous-auth"))
    }),
    ("authorization-config", |file, _, flags| {
        AuthorizationConfiguration::read(file, flags.minor()).map(|_| None)
    }),
    ("encryption-provider-config", |file, _, flags| {
        EncryptionConfiguration::read(file, flags.minor())?.refused_by(flags).map(|()| None)
    }),
    ("audit-policy-file", |file, _, flags| AuditPolicy::read(file, flags.minor()).map(|_| None)),
    ("admission-control-config-file", |file, path, flags| {
        AdmissionConfiguration::read(file, flags.minor(), path).map(|_| None)
    }),
    ("egress-selector-config-file", |file, _, flags| {
        egress::unprotected(file, flags.minor()).map(|_| None)
    }),
    ("tracing-config-file", |file, _, _| tracing::read(file).map(|()| None)),
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
        match look(&file, path, flags) {
            Ok(None) => {}
            Ok(Some(excluded)) => exclude(flags, flag, excluded),
            Err(problem) => {
                let Problem { message, location } = problem.reportable(files);
                let message = format!("--{flag}: {message}");
                let refusal = Diagnostic::refusal("configuration-file", message, Some(location));
                flags.diagnostics.push(refusal);
            }
        }
    }
}

/// Refuses a flag beside a file that says the same thing.
fn exclude(flags: &mut Flags, file: &str, excluded: &str) {
    if flags.is_set(excluded) {
        let message =
            format!("--{excluded} and the same in the file of --{file} exclude each other");
        flags.refuse(excluded, "exclusive-flags", message);
        flags.break_refused();
    }
}
