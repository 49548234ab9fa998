//! Who encrypts: one provider of a list.

use zeroize::Zeroizing;

use crate::command_line::Location;
use crate::config_files::{Located, Object, Problem};
use crate::flags::kind::Kind;
use crate::flags::value::Value;
use crate::version::Minor;

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

/// A provider that is configured.
#[derive(Debug)]
pub(super) struct Configured {
    pub(super) kind: Provider,
    /// What a key management service is called.
    pub(super) name: Option<Located<String>>,
    pub(super) location: Location,
}

/// No two services of version 2 share a name, nor does one share it with an earlier one.
pub(super) fn unique_names<'p>(
    providers: impl Iterator<Item = &'p Configured>,
) -> Result<(), Problem> {
    unique(providers, |kind| *kind == Provider::Kms(2))
}

/// No two services share a name, as a server that reloads the file demands.
pub(super) fn unique_names_of_all<'p>(
    providers: impl Iterator<Item = &'p Configured>,
) -> Result<(), Problem> {
    unique(providers, |_| true)
}

fn unique<'p>(
    providers: impl Iterator<Item = &'p Configured>,
    concerns: impl Fn(&Provider) -> bool,
) -> Result<(), Problem> {
    let mut taken: Vec<&str> = Vec::new();
    for provider in providers {
        let Some(name) = &provider.name else { continue };
        if concerns(&provider.kind) && taken.contains(&name.value.as_str()) {
            let message = format!("the name {:?} is taken by another kms", name.value);
            return Err(Problem { message, location: name.location.clone() });
        }
        taken.push(&name.value);
    }
    Ok(())
}

pub(super) fn read(object: &Object<'_>, minor: Minor) -> Result<Configured, Problem> {
    const KNOWN: [&str; 5] = ["aesgcm", "aescbc", "secretbox", "identity", "kms"];
    object.only(&KNOWN)?;
    let mut given = object.fields();
    let (Some((name, location)), None) = (given.next(), given.next()) else {
        return Err(object.problem("a provider is one of aesgcm, aescbc, secretbox, identity, kms"));
    };
    let kind = match name {
        "identity" => {
            object.object(name)?.map_or(Ok(()), |identity| identity.only(&[]))?;
            Provider::Identity
        }
        "kms" => {
            let (version, name) = kms(object, minor)?;
            return Ok(Configured { kind: Provider::Kms(version), name: Some(name), location });
        }
        name => {
            keys(object, name)?;
            match name {
                "aescbc" => Provider::AesCbc,
                "aesgcm" => Provider::AesGcm,
                _ => Provider::Secretbox,
            }
        }
    };
    Ok(Configured { kind, name: None, location })
}

/// The first release in which a service has a version: before it every one is of version 1.
const KMS_VERSIONS_SINCE: Minor = Minor::kubernetes(25);

/// The protocol version of a key management service, 1 where none is given, and its name.
fn kms(object: &Object<'_>, minor: Minor) -> Result<(u8, Located<String>), Problem> {
    let Some(kms) = object.object("kms")? else {
        return Err(object.problem("kms is empty"));
    };
    kms.only(&["apiVersion", "name", "cachesize", "endpoint", "timeout"])?;
    let name = kms.text("name")?.filter(|name| !name.value.is_empty());
    let name = name.ok_or_else(|| kms.problem("kms has no name"))?;
    let endpoint = kms.text("endpoint")?.ok_or_else(|| kms.problem("kms has no endpoint"))?;
    if !endpoint.value.starts_with("unix://") {
        let message = "the endpoint of a kms is a unix socket, unix://…".to_owned();
        return Err(Problem { message, location: endpoint.location });
    }
    if let Some(Located { value, location }) = kms.text("timeout")?
        && matches!(Kind::Duration.set(None, &value), Ok(Value::Duration(..=0)))
    {
        let message = format!("the timeout of a kms is positive, not {value:?}");
        return Err(Problem { message, location });
    }
    let cache_size = kms.int("cachesize")?;
    let version = kms.text("apiVersion")?;
    if let Some(version) = version.as_ref().filter(|_| minor < KMS_VERSIONS_SINCE) {
        let message = format!("apiVersion of a kms is new in {KMS_VERSIONS_SINCE}");
        return Err(Problem { message, location: version.location.clone() });
    }
    match version.as_ref().map(|version| version.value.as_str()) {
        None | Some("v1") => match cache_size {
            Some(Located { value: 0, location }) => {
                let message = "cachesize is positive, or negative for none".to_owned();
                Err(Problem { message, location })
            }
            _ => Ok((1, name)),
        },
        Some("v2") if cache_size.is_some() => Err(kms.problem("cachesize is for version v1 only")),
        Some("v2") if name.value.contains(':') => {
            let message = "the name of a kms of version v2 has no colon".to_owned();
            Err(Problem { message, location: name.location })
        }
        Some("v2") => Ok((2, name)),
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
        let Located { value: secret, location } = secret;
        let length = decoded_length(&Zeroizing::new(secret));
        if length.is_none_or(|length| !allowed.contains(&length)) {
            let sizes: Vec<String> = allowed.iter().map(ToString::to_string).collect();
            let message =
                format!("the secret of a key is not {} bytes in base64", sizes.join(", "));
            return Err(Problem { message, location });
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
