//! EncryptionConfiguration: who writes a resource to etcd, and with what.
//!
//! The first entry that names a resource, or covers it with a wildcard, decides; the first of its
//! providers writes. Decoding is strict. Source: apiserver
//! `pkg/server/options/encryptionconfig/config.go`, `pkg/apis/apiserver/validation/validation_encryption.go`.
//! Key material is looked at for its shape only and never kept.

use super::{ApiVersions, Located, Object, Problem, document};
use crate::command_line::Location;
use crate::source::NamedBytes;
use crate::version::Minor;

const KIND: ApiVersions = ApiVersions {
    kind: "EncryptionConfiguration",
    versions: &[("apiserver.config.k8s.io/v1", "1.13.."), ("v1", "1.7..1.12")],
};

/// The kind up to 1.12.
const OLD_KIND: ApiVersions =
    ApiVersions { kind: "EncryptionConfig", versions: &[("v1", "1.7..")] };

/// What encrypts, or does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Nothing is encrypted.
    Identity,
    /// AES-CBC, open to attacks on its padding.
    AesCbc,
    /// AES-GCM, whose keys have to be rotated.
    AesGcm,
    /// XSalsa20 and Poly1305.
    Secretbox,
    /// A key management service, by the version of its protocol.
    Kms(u8),
}

impl Provider {
    /// The name that rules and reports use.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::AesCbc => "aescbc",
            Self::AesGcm => "aesgcm",
            Self::Secretbox => "secretbox",
            Self::Kms(1) => "kms-v1",
            Self::Kms(_) => "kms-v2",
        }
    }

    /// The names of all providers.
    pub const NAMES: [&str; 6] = ["identity", "aescbc", "aesgcm", "secretbox", "kms-v1", "kms-v2"];
}

/// The configuration.
#[derive(Debug)]
pub struct EncryptionConfiguration {
    entries: Vec<Entry>,
    location: Location,
}

#[derive(Debug)]
struct Entry {
    resources: Vec<Located<String>>,
    providers: Vec<Located<Provider>>,
}

impl EncryptionConfiguration {
    /// Decodes a file as a minor does.
    pub fn read(file: &NamedBytes, minor: Minor) -> Result<Self, Problem> {
        let document = document(file)?;
        let object = match document.object(&KIND, minor) {
            Ok(object) => object,
            Err(problem) => document.object(&OLD_KIND, minor).map_err(|_| problem)?,
        };
        object.only(&["kind", "apiVersion", "resources"])?;
        let entries: Vec<Entry> =
            object.objects("resources")?.iter().map(Entry::read).collect::<Result<_, _>>()?;
        if entries.is_empty() {
            return Err(object.problem("resources is empty: the server demands an entry"));
        }
        masked(&entries)?;
        Ok(Self { entries, location: object.location() })
    }

    /// The provider that writes a resource (`secrets`, `configmaps`, `widgets.example.com`), and
    /// where that is decided. Nothing that names it means that it is written as it is.
    pub fn writer(&self, resource: &str) -> Located<Provider> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry.resources.iter().any(|listed| covers(&listed.value, resource)));
        match entry.and_then(|entry| entry.providers.first()) {
            Some(provider) => provider.clone(),
            None => Located { value: Provider::Identity, location: self.location.clone() },
        }
    }

    /// Whether an entry decides about a resource.
    pub fn names(&self, resource: &str) -> bool {
        let mut listed = self.entries.iter().flat_map(|entry| &entry.resources);
        listed.any(|listed| covers(&listed.value, resource))
    }
}

/// Whether an item of `resources` covers a resource. Wildcards: `*.*` is all, `*.` the core group,
/// `*.apps` one group.
fn covers(listed: &str, resource: &str) -> bool {
    let group = |name: &str| name.split_once('.').map_or(String::new(), |(_, g)| g.to_owned());
    match listed.strip_prefix("*.") {
        Some("*") => true,
        Some(wanted) => group(resource) == wanted,
        None => listed == resource,
    }
}

/// A later entry that an earlier wildcard covers never counts: the server refuses it.
fn masked(entries: &[Entry]) -> Result<(), Problem> {
    for (at, entry) in entries.iter().enumerate() {
        let earlier = || entries.iter().take(at).flat_map(|entry| &entry.resources);
        for listed in &entry.resources {
            let wildcard = |other: &&Located<String>| {
                other.value.starts_with("*.") && covers(&other.value, &listed.value)
            };
            if let Some(other) = earlier().find(wildcard) {
                let message =
                    format!("{} never counts: {} stands before it", listed.value, other.value);
                return Err(Problem { message, location: listed.location.clone() });
            }
        }
    }
    Ok(())
}

impl Entry {
    fn read(object: &Object<'_>) -> Result<Self, Problem> {
        object.only(&["resources", "providers"])?;
        let resources = object.texts("resources")?;
        if resources.is_empty() {
            return Err(object.problem("resources of an entry is empty"));
        }
        let providers = object.objects("providers")?;
        let providers: Vec<_> = providers.iter().map(provider).collect::<Result<_, _>>()?;
        if providers.is_empty() {
            return Err(object.problem("providers of an entry is empty"));
        }
        Ok(Self { resources, providers })
    }
}

fn provider(object: &Object<'_>) -> Result<Located<Provider>, Problem> {
    const KNOWN: [&str; 5] = ["aesgcm", "aescbc", "secretbox", "identity", "kms"];
    object.only(&KNOWN)?;
    let mut given = object.fields();
    let (Some((name, location)), None) = (given.next(), given.next()) else {
        return Err(object.problem("a provider is one of aesgcm, aescbc, secretbox, identity, kms"));
    };
    let value = match name {
        "identity" => {
            object.object(name)?.map_or(Ok(()), |identity| identity.only(&[]))?;
            Provider::Identity
        }
        "kms" => Provider::Kms(kms(object)?),
        name => {
            keys(object, name)?;
            match name {
                "aescbc" => Provider::AesCbc,
                "aesgcm" => Provider::AesGcm,
                _ => Provider::Secretbox,
            }
        }
    };
    Ok(Located { value, location })
}

/// The protocol version of a key management service; 1 where none is given.
fn kms(object: &Object<'_>) -> Result<u8, Problem> {
    let Some(kms) = object.object("kms")? else {
        return Err(object.problem("kms is empty"));
    };
    kms.only(&["apiVersion", "name", "cachesize", "endpoint", "timeout"])?;
    let endpoint = kms.text("endpoint")?.ok_or_else(|| kms.problem("kms has no endpoint"))?;
    if !endpoint.value.starts_with("unix://") {
        let message = "the endpoint of a kms is a unix socket, unix://…".to_owned();
        return Err(Problem { message, location: endpoint.location });
    }
    let version = kms.text("apiVersion")?;
    match version.as_ref().map(|version| version.value.as_str()) {
        None | Some("v1") => Ok(1),
        Some("v2") if kms.int("cachesize")?.is_some() => {
            Err(kms.problem("cachesize is for version v1 only"))
        }
        Some("v2") => Ok(2),
        Some(other) => Err(kms.problem(format!("{other:?} is no version of kms: v1 or v2"))),
    }
}

/// Keys of a local provider: a name each, and so many bytes in base64.
fn keys(object: &Object<'_>, provider: &str) -> Result<(), Problem> {
    let list = object.object(provider)?.ok_or_else(|| object.problem("has no keys"))?;
    list.only(&["keys"])?;
    let keys = list.objects("keys")?;
    if keys.is_empty() {
        return Err(list.problem(format!("{provider} has no keys")));
    }
    for key in keys {
        key.only(&["name", "secret"])?;
        if key.text("name")?.is_none_or(|name| name.value.is_empty()) {
            return Err(key.problem("a key has no name"));
        }
        let secret = key.text("secret")?.ok_or_else(|| key.problem("a key has no secret"))?;
        let allowed: &[usize] = if provider == "secretbox" { &[32] } else { &[16, 24, 32] };
        let length = decoded_length(&secret.value);
        if length.is_none_or(|length| !allowed.contains(&length)) {
            let sizes: Vec<String> = allowed.iter().map(ToString::to_string).collect();
            let message =
                format!("the secret of a key is not {} bytes in base64", sizes.join(", "));
            return Err(Problem { message, location: secret.location });
        }
    }
    Ok(())
}

/// How many bytes a base64 text stands for; `None` if it is none.
fn decoded_length(text: &str) -> Option<usize> {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let valid = digits.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/');
    (valid && text.len().is_multiple_of(4) && padding <= 2).then(|| text.len() / 4 * 3 - padding)
}

#[cfg(test)]
mod tests {
    use super::{EncryptionConfiguration, Provider};
    use crate::source::NamedBytes;
    use crate::version::Minor;

    fn read(text: &str) -> Result<EncryptionConfiguration, String> {
        let file = NamedBytes { name: "/e.yaml".into(), bytes: text.as_bytes().to_vec() };
        EncryptionConfiguration::read(&file, Minor { major: 1, minor: 34 })
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
            (entry("kms: {apiVersion: v2, cachesize: 3, endpoint: 'unix:///k'}"), "cachesize"),
            (entry(""), "providers of an entry is empty"),
            (config("  []"), "resources is empty"),
            (
                config(&format!(
                    "- {{resources: ['*.*'], providers: [{{{BOX}}}]}}\n- {{resources: [secrets], providers: [{{{BOX}}}]}}\n"
                )),
                "/e.yaml:5: secrets never counts",
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
