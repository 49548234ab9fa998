//! What kube-apiserver finds in the files that its flags name before it serves: what it refuses there
//! keeps it from starting as a bad flag does.
//!
//! Source: kubernetes `pkg/kubeapiserver/options/authentication.go` and `authorization.go`, apiserver
//! `pkg/server/options`, `pkg/admission/config.go`.

use super::admission::AdmissionConfiguration;
use super::audit_policy::AuditPolicy;
use super::authentication::AuthenticationConfiguration;
use super::authorization::AuthorizationConfiguration;
use super::contents::{Contents, Lack};
use super::encryption::EncryptionConfiguration;
use super::named_files::{NamedFiles, refused};
use super::plugins::Plugins;
use super::{Located, abac, egress, tracing};
use crate::diagnostic::{Clause, Code, Diagnostic};
use crate::flags::Flags;
use crate::flags::admission::{NEED_CONFIGURATION, plugin};
use crate::source::Files;

const AUTHENTICATION: &str = "authentication-config";
const AUTHORIZATION: &str = "authorization-config";
const ADMISSION: &str = "admission-control-config-file";

/// The flags that name a kubeconfig by which the server reaches a webhook.
const KUBECONFIGS: [&str; 3] = [
    "authentication-token-webhook-config-file",
    "authorization-webhook-config-file",
    AUDIT_WEBHOOK,
];

const AUDIT_WEBHOOK: &str = "audit-webhook-config-file";
const AUDIT_POLICY: &str = "audit-policy-file";

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
        audit_policy: named.content(AUDIT_POLICY, |file, _| AuditPolicy::read(file, minor)),
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
        (AUDIT_POLICY, contents.audit_policy.as_ref().err()),
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
    // Without a policy there is nothing to send to the audit webhook, and its kubeconfig is not read.
    let is_read = |flag: &&str| *flag != AUDIT_WEBHOOK || named.path(AUDIT_POLICY).is_some();
    for flag in KUBECONFIGS.into_iter().filter(is_read) {
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

/// Refuses a flag beside a file that says the same thing.
fn exclude(flags: &mut Flags, file: &str, excluded: &str) {
    if flags.is_set(excluded) {
        let message =
            Clause::of_flag(format!("and the same in the file of --{file} exclude each other"));
        flags.refuse(excluded, Code::ExclusiveFlags, message);
        flags.break_refused();
    }
}
