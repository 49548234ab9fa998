//! What kube-apiserver finds in the files that its flags name before it serves: what it refuses there
//! keeps it from starting as a bad flag does.
//!
//! Source: kubernetes `pkg/kubeapiserver/options/authentication.go` and `authorization.go`, apiserver
//! `pkg/server/options`, `pkg/admission/config.go`.

use super::admission::AdmissionConfiguration;
use super::audit_policy::AuditPolicy;
use super::authentication::AuthenticationConfiguration;
use super::authorization::AuthorizationConfiguration;
use super::contents::{Content, Contents, Lack};
use super::encryption::EncryptionConfiguration;
use super::plugins::Plugins;
use super::{Located, Problem, abac, egress, tracing};
use crate::command_line::Location;
use crate::diagnostic::{Clause, Code, Diagnostic};
use crate::flags::admission::{NEED_CONFIGURATION, plugin};
use crate::flags::value::Value;
use crate::flags::{Effective, Flags};
use crate::source::{Files, NamedBytes, Unread};

const AUTHENTICATION: &str = "authentication-config";
const AUTHORIZATION: &str = "authorization-config";
const ADMISSION: &str = "admission-control-config-file";

/// The flags that name a kubeconfig by which the server reaches a webhook.
const KUBECONFIGS: [&str; 3] = [
    "authentication-token-webhook-config-file",
    "authorization-webhook-config-file",
    "audit-webhook-config-file",
];

/// Decodes the files that the flags name, and adds what the server refuses in them to the diagnostics.
pub(super) fn read(flags: &mut Flags, files: &Files) -> Contents {
    let contents = decoded(flags, files);
    let refusals = refusals(flags, &contents, files);
    flags.diagnostics.extend(refusals.into_iter().chain(doubts(&contents)));
    if contents.authentication.as_ref().is_ok_and(|config| config.anonymous.is_some()) {
        exclude(flags, AUTHENTICATION, "anonymous-auth");
    }
    contents
}

fn decoded(flags: &Flags, files: &Files) -> Contents {
    let named = NamedFiles { flags, files };
    let minor = flags.minor();
    Contents {
        authentication: named.content(AUTHENTICATION, |file, _| {
            let config = AuthenticationConfiguration::read(file, minor)?;
            config.refused_by(flags).map(|()| config)
        }),
        authorization: named
            .content(AUTHORIZATION, |file, _| AuthorizationConfiguration::read(file, minor)),
        encryption: named.content("encryption-provider-config", |file, _| {
            let config = EncryptionConfiguration::read(file, minor)?;
            config.refused_by(flags).map(|()| config)
        }),
        audit_policy: named.content("audit-policy-file", |file, _| AuditPolicy::read(file, minor)),
        plugins: named.content(ADMISSION, |file, path| {
            let config = AdmissionConfiguration::read(file, minor, path)?;
            Ok(Plugins::read(&config, minor, files))
        }),
        egress: named
            .content("egress-selector-config-file", |file, _| egress::unprotected(file, minor)),
        tracing: named.content("tracing-config-file", |file, _| tracing::read(file)),
        abac: named.content("authorization-policy-file", |file, _| abac::unlimited(file)),
        ..Contents::new()
    }
}

/// The flags of a server, and the files that it sees.
struct NamedFiles<'s> {
    flags: &'s Flags,
    files: &'s Files,
}

impl<'s> NamedFiles<'s> {
    /// The path that a flag is set to.
    fn path(&self, flag: &str) -> Option<&'s str> {
        match self.flags.effective(flag) {
            Effective::Set { value: Value::Text(path), .. } if !path.is_empty() => Some(path),
            _ => None,
        }
    }

    /// The file that a flag names, decoded; `decode` gets its path too.
    fn content<T>(
        &self,
        flag: &str,
        decode: impl FnOnce(&NamedBytes, &str) -> Result<T, Problem>,
    ) -> Content<T> {
        let path = self.path(flag).ok_or(Lack::NotNamed)?;
        let file = self.files.read(path).map_err(Lack::Unread)?;
        decode(&file, path).map_err(Lack::Refused)
    }
}

/// Match conditions that the server may refuse: whether it starts is not known then.
fn doubts(contents: &Contents) -> impl Iterator<Item = Diagnostic> {
    let authorizers = contents.authorization.iter().flat_map(|config| &config.authorizers);
    let unclear = authorizers.filter_map(|it| it.webhook.as_ref()?.unsure.as_ref());
    unclear.map(|condition| {
        let why = Clause::of_value("whether the server compiles a match condition is not known");
        let location = Some(condition.location.clone());
        Diagnostic::new(Code::UnclearCondition, why, location).about(AUTHORIZATION)
    })
}

/// What keeps the server from starting.
fn refusals(flags: &Flags, contents: &Contents, files: &Files) -> Vec<Diagnostic> {
    let named = NamedFiles { flags, files };
    let lacks = [
        (AUTHENTICATION, contents.authentication.as_ref().err()),
        (AUTHORIZATION, contents.authorization.as_ref().err()),
        ("encryption-provider-config", contents.encryption.as_ref().err()),
        ("audit-policy-file", contents.audit_policy.as_ref().err()),
        (ADMISSION, contents.plugins.as_ref().err()),
        ("egress-selector-config-file", contents.egress.as_ref().err()),
        ("tracing-config-file", contents.tracing.as_ref().err()),
        ("authorization-policy-file", contents.abac.as_ref().err()),
    ];
    let mut refusals: Vec<Diagnostic> =
        lacks.into_iter().filter_map(|(flag, lack)| named.refusal(flag, lack?)).collect();
    if let Ok(plugins) = &contents.plugins {
        let of_plugin = |(name, lack)| named.refusal_of_plugin(name, lack);
        refusals.extend(plugins.lacks().into_iter().filter_map(of_plugin));
    }
    for flag in KUBECONFIGS {
        let lack = named.path(flag).and_then(|path| contents.kubeconfig(path, files).err());
        refusals.extend(lack.and_then(|lack| named.refusal(flag, &lack)));
    }
    for (flag, path) in named.kubeconfigs_in_files(contents) {
        let lack = contents.kubeconfig_beside(path, files).err();
        refusals.extend(lack.and_then(|lack| named.refusal(flag, &lack)));
    }
    refusals
}

impl NamedFiles<'_> {
    /// What a lack means for the start of the server; nothing if only plimsoll does not see the file.
    fn refusal(&self, flag: &str, lack: &Lack) -> Option<Diagnostic> {
        match lack {
            Lack::Refused(problem) => {
                let Problem { message, location } = problem.clone().reportable(self.files);
                Some(refused(flag, &message, Some(location)))
            }
            Lack::Unread(Unread::Missing(why)) => {
                // A distribution writes the files that it names itself before it starts the server.
                let own = self.flags.last(flag).is_some_and(|setting| setting.added_by.is_some());
                (!own).then(|| refused(flag, why, self.place(flag)))
            }
            Lack::NotNamed | Lack::Unread(Unread::Elsewhere(_) | Unread::Failed(_)) => None,
        }
    }

    /// The same of a plugin: the configuration of one that does not run is not looked at.
    fn refusal_of_plugin(&self, name: &str, lack: &Lack) -> Option<Diagnostic> {
        if !self.runs(name) {
            return None;
        }
        if *lack == Lack::NotNamed && NEED_CONFIGURATION.contains(&name) {
            let why = format!("{name} needs a configuration, and the file has none");
            return Some(refused(ADMISSION, &why, self.place(ADMISSION)));
        }
        self.refusal(ADMISSION, lack)
    }

    fn runs(&self, name: &str) -> bool {
        plugin(self.flags, name).is_ok_and(|plugin| plugin.value)
    }

    fn place(&self, flag: &str) -> Option<Location> {
        self.flags.last(flag).map(|setting| setting.location.clone())
    }

    /// The kubeconfigs that files name, each with the flag that leads to the file.
    fn kubeconfigs_in_files<'c>(
        &self,
        contents: &'c Contents,
    ) -> Vec<(&'static str, &'c Located<String>)> {
        let authorizers = contents.authorization.iter().flat_map(|config| &config.authorizers);
        let webhooks = authorizers.filter_map(|it| it.webhook.as_ref()?.kubeconfig.as_ref());
        let policies = contents.plugins.iter().filter_map(|it| it.image_policy.as_ref().ok());
        let policies = policies.filter(|_| self.runs("ImagePolicyWebhook"));
        let by_authorization = webhooks.map(|path| (AUTHORIZATION, path));
        by_authorization.chain(policies.map(|policy| (ADMISSION, &policy.kubeconfig))).collect()
    }
}

fn refused(flag: &str, why: &str, location: Option<Location>) -> Diagnostic {
    Diagnostic::new(Code::RefusedFile, Clause::of_value(why), location).about(flag.to_owned())
}

/// Refuses a flag beside a file that says the same thing.
fn exclude(flags: &mut Flags, file: &str, excluded: &str) {
    if flags.is_set(excluded) {
        let message =
            Clause::of_flag(format!("and the same in the file of --{file} exclude each other"));
        flags.refuse(excluded, Code::ExclusiveFlags, message);
        flags.break_refused();
    }
}
