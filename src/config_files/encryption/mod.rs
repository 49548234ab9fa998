//! EncryptionConfiguration: who writes a resource to etcd, and with what.
//!
//! The first entry that names a resource, or from 1.27 on covers it with a wildcard, decides; the
//! first of its providers writes. Decoding is strict. Source: apiserver
//! `pkg/server/options/encryptionconfig/config.go`, `pkg/apis/apiserver/validation/validation_encryption.go`.
//! Key material is looked at for its shape only and never kept.

mod provider;
mod resources;

pub use provider::Provider;

use super::quoted::without_keys;
use super::{ApiVersions, Located, Object, Problem, document};
use crate::command_line::Location;
use crate::flags::Flags;
use crate::flags::feature_gates::{is_off, is_unknown};
use crate::flags::value::Value;
use crate::source::NamedBytes;
use crate::version::Minor;

use provider::Configured;

const KIND: ApiVersions = ApiVersions {
    kind: "EncryptionConfiguration",
    versions: &[("apiserver.config.k8s.io/v1", "1.13.."), ("v1", "1.7..1.12")],
};

/// The kind up to 1.12.
const OLD_KIND: ApiVersions =
    ApiVersions { kind: "EncryptionConfig", versions: &[("v1", "1.7..")] };

/// The configuration.
#[derive(Debug)]
pub struct EncryptionConfiguration {
    entries: Vec<Entry>,
    minor: Minor,
    location: Location,
}

#[derive(Debug)]
struct Entry {
    resources: Vec<Located<String>>,
    providers: Vec<Configured>,
}

impl EncryptionConfiguration {
    /// Decodes a file as a minor does.
    pub fn read(file: &NamedBytes, minor: Minor) -> Result<Self, Problem> {
        Self::decode(file, minor).map_err(without_keys)
    }

    fn decode(file: &NamedBytes, minor: Minor) -> Result<Self, Problem> {
        let document = document(file)?;
        let object = match document.object(&KIND, minor) {
            Ok(object) => object,
            Err(problem) => document.object(&OLD_KIND, minor).map_err(|_| problem)?,
        };
        document.duplicate().map_or(Ok(()), Err)?;
        object.only(&["kind", "apiVersion", "resources"])?;
        let entries: Vec<Entry> = object
            .objects("resources")?
            .iter()
            .map(|it| Entry::read(it, minor))
            .collect::<Result<_, _>>()?;
        if entries.is_empty() {
            return Err(object.problem("resources is empty: the server demands an entry"));
        }
        provider::unique_names(entries.iter().flat_map(|entry| &entry.providers))?;
        let listed: Vec<&[Located<String>]> =
            entries.iter().map(|entry| &entry.resources[..]).collect();
        resources::masked(&listed, minor)?;
        Ok(Self { entries, minor, location: object.location() })
    }

    /// The provider that writes a resource (`secrets`, `configmaps`, `widgets.example.com`), and
    /// where that is decided. Nothing that names it means that it is written as it is.
    pub fn writer(&self, resource: &str) -> Located<Provider> {
        let decides = |entry: &&Entry| {
            entry.resources.iter().any(|it| resources::covers(&it.value, resource, self.minor))
        };
        let entry = self.entries.iter().find(decides);
        match entry.and_then(|entry| entry.providers.first()) {
            Some(provider) => {
                Located { value: provider.kind.clone(), location: provider.location.clone() }
            }
            None => Located { value: Provider::Identity, location: self.location.clone() },
        }
    }

    /// Whether an entry decides about a resource.
    pub fn names(&self, resource: &str) -> bool {
        let mut listed = self.entries.iter().flat_map(|entry| &entry.resources);
        listed.any(|listed| resources::covers(&listed.value, resource, self.minor))
    }

    /// The first provider that the server refuses as its flags are: a version of the key management
    /// protocol whose feature gate is off, or a name that is taken while the file is reloaded.
    pub fn refused_by(&self, flags: &Flags) -> Result<(), Problem> {
        let providers = || self.entries.iter().flat_map(|entry| &entry.providers);
        for provider in providers() {
            let needed = match provider.kind {
                // Deprecated in 1.28, where its gate begins.
                Provider::Kms(1) if self.minor >= Minor::kubernetes(28) => "KMSv1",
                Provider::Kms(2) if self.minor < Minor::kubernetes(29) => "KMSv2",
                _ => continue,
            };
            if is_off(flags, needed) || is_unknown(flags, needed) {
                let message = format!(
                    "{} needs the feature gate {needed} in {}",
                    provider.kind.name(),
                    self.minor
                );
                return Err(Problem { message, location: provider.location.clone() });
            }
        }
        match flags.value("encryption-provider-config-automatic-reload") {
            Some(Value::Bool(true)) => provider::unique_names_of_all(providers()),
            _ => Ok(()),
        }
    }
}

impl Entry {
    fn read(object: &Object<'_>, minor: Minor) -> Result<Self, Problem> {
        object.only(&["resources", "providers"])?;
        let resources = object.texts("resources")?;
        if resources.is_empty() {
            return Err(object.problem("resources of an entry is empty"));
        }
        resources::allowed(&resources, minor)?;
        let providers = object.objects("providers")?;
        let providers: Vec<_> =
            providers.iter().map(|it| provider::read(it, minor)).collect::<Result<_, _>>()?;
        if providers.is_empty() {
            return Err(object.problem("providers of an entry is empty"));
        }
        Ok(Self { resources, providers })
    }
}

#[cfg(test)]
mod tests {
    use super::{EncryptionConfiguration, Provider};
    use crate::source::NamedBytes;
    use crate::version::Minor;

    fn read(text: &str) -> Result<EncryptionConfiguration, String> {
        read_as(34, text)
    }

    fn read_as(minor: u16, text: &str) -> Result<EncryptionConfiguration, String> {
        let file = NamedBytes { name: "/e.yaml".into(), bytes: text.as_bytes().to_vec() };
        EncryptionConfiguration::read(&file, Minor::kubernetes(minor))
            .map_err(|problem| format!("{}: {}", problem.location, problem.message))
    }

    fn config(entries: &str) -> String {
        format!(
            "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n{entries}"
        )
    }

    const BOX: &str =
        "secretbox: {keys: [{name: a, secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}";

    #[test]
    fn the_first_entry_that_covers_a_resource_decides_and_its_first_provider_writes() {
        let text = config(&format!(
            "- {{resources: [secrets], providers: [{{identity: {{}}}}, {{{BOX}}}]}}\n\
             - {{resources: ['*.*'], providers: [{{kms: {{apiVersion: v2, name: k, endpoint: 'unix:///k'}}}}]}}\n"
        ));
        let read = read(&text).expect("valid");
        let secrets = read.writer("secrets");
        assert_eq!(secrets.value, Provider::Identity);
        assert_eq!(secrets.location.to_string(), "/e.yaml:4");
        assert_eq!(read.writer("configmaps").value, Provider::Kms(2));
        assert_eq!(read.writer("widgets.example.com").value, Provider::Kms(2));
    }

    #[test]
    fn wildcards_cover_groups() {
        let text = config(&format!("- {{resources: ['*.apps', '*.'], providers: [{{{BOX}}}]}}\n"));
        let read = read(&text).expect("valid");
        assert_eq!(read.writer("secrets").value, Provider::Secretbox);
        assert_eq!(read.writer("deployments.apps").value, Provider::Secretbox);
        assert_eq!(read.writer("jobs.batch").value, Provider::Identity);
        assert!(!read.names("jobs.batch"));
    }

    #[test]
    fn a_wildcard_before_1_27_covers_nothing() {
        for wildcard in ["*.*", "*."] {
            let text =
                config(&format!("- {{resources: ['{wildcard}'], providers: [{{{BOX}}}]}}\n"));
            let [old, new] = [26, 27].map(|minor| read_as(minor, &text).expect("valid"));
            assert_eq!(old.writer("secrets").value, Provider::Identity);
            assert!(!old.names("secrets"));
            assert_eq!(new.writer("secrets").value, Provider::Secretbox);
        }
    }

    #[test]
    fn resources_that_cannot_be_encrypted_are_refused_from_1_27_on() {
        for (listed, message) in [
            ("secrets, events.events.k8s.io", "secrets, events.events.k8s.io"),
            ("ingresses.extensions", "the group extensions"),
            ("'*'", "\"*\" is written *. or *.*"),
            ("'secrets.*'", "one group"),
            ("Secrets", "capital"),
            ("serviceipallocations", "no API"),
            ("secrets, secrets", "twice"),
            ("secrets, '*.'", r#""secrets" never counts beside "*.""#),
            ("deployments.apps, '*.*'", r#""deployments.apps" never counts beside "*.*""#),
        ] {
            let text = config(&format!("- {{resources: [{listed}], providers: [{{{BOX}}}]}}\n"));
            let found = read(&text).expect_err(listed);
            let message = message.strip_prefix("secrets, ").unwrap_or(message);
            assert!(found.starts_with("/e.yaml:4: ") && found.contains(message), "{found}");
            assert!(read_as(26, &text).is_ok(), "{listed}");
        }
    }

    #[test]
    fn key_management_is_refused_as_the_server_refuses_it() {
        let kms = |fields: &str| {
            config(&format!(
                "- resources: [secrets]\n  providers: [kms: {{endpoint: 'unix:///k', {fields}}}]\n"
            ))
        };
        for (minor, fields, message) in [
            (34, "apiVersion: v2", "has no name"),
            (34, "apiVersion: v2, name: 'a:b'", "colon"),
            (34, "apiVersion: v2, name: a, timeout: 0s", "timeout"),
            (34, "name: a, cachesize: 0", "cachesize"),
            (24, "apiVersion: v2, name: a", "new in 1.25"),
        ] {
            let found = read_as(minor, &kms(fields)).expect_err(fields);
            assert!(found.contains(message), "{found}");
        }
        let twice = config(
            "- resources: [secrets]\n  providers: [kms: {apiVersion: v2, name: a, endpoint: 'unix:///k'}, kms: {name: b, endpoint: 'unix:///k'}]\n\
             - resources: [configmaps]\n  providers: [kms: {apiVersion: v2, name: a, endpoint: 'unix:///k'}]\n",
        );
        let found = read(&twice).expect_err("twice");
        assert!(found.starts_with("/e.yaml:7: ") && found.contains("taken"), "{found}");
    }

    #[test]
    fn what_the_server_refuses_is_refused_at_its_place() {
        let entry = |providers: &str| {
            config(&format!("- resources: [secrets]\n  providers: [{providers}]\n"))
        };
        for (text, message) in [
            (String::new(), "/e.yaml:1: is empty"),
            ("[1]".to_owned(), "is no object"),
            ("a: [".to_owned(), ""),
            (
                entry(BOX).replace("/v1", "/v9"),
                "/e.yaml:1: there is no EncryptionConfiguration of version",
            ),
            (entry(BOX).replace("EncryptionConfiguration", "Policy"), "/e.yaml:2: is a Policy"),
            (
                entry(BOX).replace("resources: [s", "resource: [s"),
                "/e.yaml:4: unknown field \"resource\", did you mean resources?",
            ),
            (entry("{identity: {}, kms: {}}"), "a provider is one of"),
            (entry("aesgcm: {keys: []}"), "aesgcm has no keys"),
            (entry("aescbc: {keys: [{name: a, secret: c2hvcnQ=}]}"), "not 16, 24, 32 bytes"),
            (entry("kms: {name: k, endpoint: 'https://k'}"), "unix socket"),
            (
                entry("kms: {name: k, apiVersion: v2, cachesize: 3, endpoint: 'unix:///k'}"),
                "cachesize",
            ),
            (entry(""), "providers of an entry is empty"),
            (config("  []"), "resources is empty"),
            (
                config(&format!(
                    "- {{resources: ['*.*'], providers: [{{{BOX}}}]}}\n- {{resources: [secrets], providers: [{{{BOX}}}]}}\n"
                )),
                "/e.yaml:5: \"secrets\" never counts",
            ),
        ] {
            match read(&text) {
                Ok(_) => panic!("{text}"),
                Err(found) => {
                    assert!(found.contains(message), "{text}\n{found}");
                }
            }
        }
    }

    #[test]
    fn json_on_one_line_and_comments_are_read_as_what_they_are() {
        let json = r#"{"apiVersion":"apiserver.config.k8s.io/v1","kind":"EncryptionConfiguration","resources":[{"resources":["secrets"],"providers":[{"identity":{}}]}]}"#;
        assert_eq!(read(json).expect("valid").writer("secrets").value, Provider::Identity);
        let commented = config(&format!(
            "# providers: [{{aescbc: x}}]\n- resources: [secrets] # identity\n  providers: [{{{BOX}}}]\n"
        ));
        assert_eq!(read(&commented).expect("valid").writer("secrets").value, Provider::Secretbox);
    }
}
