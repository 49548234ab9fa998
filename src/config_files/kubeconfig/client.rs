//! Whether a client can be made of a kubeconfig: of its current context's cluster and user, and of the files that
//! these name.
//!
//! Sources: client-go `tools/clientcmd/{client_config,validation}.go`, `tools/clientcmd/api/v1/conversion.go`,
//! `transport/transport.go`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::base64;
use crate::config_files::object::Object;
use crate::config_files::pki::{PemFile, pair_problem};
use crate::config_files::{Located, Problem, document};
use crate::source::{Files, NamedBytes, Unread};

/// What keeps a client from being made of a kubeconfig.
pub(super) struct ClientConfig<'f> {
    /// The folder that relative paths begin at.
    folder: &'f str,
    files: &'f Files,
    /// Whether a flag gives the server, so that no cluster has to.
    server_is_given: bool,
}

/// The entries of a list by their names.
type ByName<'n> = BTreeMap<String, Object<'n>>;

/// A PEM text, and where the kubeconfig has it or names it.
struct Material {
    pem: PemFile,
    named: Located<String>,
}

impl<'f> ClientConfig<'f> {
    /// For the kubeconfig at a path of the node.
    pub(super) fn at(path: &'f str, files: &'f Files, server_is_given: bool) -> Self {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        Self { folder, files, server_is_given }
    }

    /// Refuses what no client can be made of.
    pub(super) fn check(&self, file: &NamedBytes) -> Result<(), Problem> {
        let document = document(file)?;
        let config = document.any_object()?;
        for (field, wanted) in [("apiVersion", "v1"), ("kind", "Config")] {
            if let Some(Located { location, .. }) =
                filled(&config, field)?.filter(|it| it.value != wanted)
            {
                return Err(Problem { message: format!("{field} is not {wanted}"), location });
            }
        }
        let clusters = named(&config, "clusters")?;
        let users = named(&config, "users")?;
        let contexts = named(&config, "contexts")?;
        let current = filled(&config, "current-context")?;
        let context = match &current {
            None => None,
            Some(current) => {
                let entry = contexts.get(&current.value).ok_or_else(|| Problem {
                    message: "current-context names no context of the file".to_owned(),
                    location: current.location.clone(),
                })?;
                entry.object("context")?
            }
        };
        if let Some(user) = of_context(context, "user", &users)? {
            self.check_user(&user)?;
        }
        match of_context(context, "cluster", &clusters)? {
            Some(cluster) => self.check_cluster(&cluster),
            None if self.server_is_given => Ok(()),
            None => Err(config.problem("its current context leads to no cluster")),
        }
    }

    fn check_cluster(&self, cluster: &Object<'_>) -> Result<(), Problem> {
        if filled(cluster, "server")?.is_none() && !self.server_is_given {
            return Err(cluster.problem("a cluster has no server"));
        }
        let authorities = self.material(cluster, "certificate-authority")?;
        let insecure = cluster.bool("insecure-skip-tls-verify")?.filter(|skips| skips.value);
        let has_authorities = names(cluster, "certificate-authority")?;
        if let Some(insecure) = insecure.filter(|_| has_authorities) {
            let message = "insecure-skip-tls-verify and a certificate authority exclude each other";
            return Err(Problem { message: message.to_owned(), location: insecure.location });
        }
        match authorities {
            Some(Material { pem, named }) if pem.chain().next().is_none() => Err(Problem {
                message: "the certificate authority holds no certificate that can be read"
                    .to_owned(),
                location: named.location,
            }),
            _ => Ok(()),
        }
    }

    fn check_user(&self, user: &Object<'_>) -> Result<(), Problem> {
        let certificate = self.material(user, "client-certificate")?;
        let key = self.material(user, "client-key")?;
        if names(user, "client-certificate")? && !names(user, "client-key")? {
            return Err(user.problem("a user has a client certificate and no client key"));
        }
        let password = filled(user, "username")?.is_some() || filled(user, "password")?.is_some();
        if password && filled(user, "token")?.is_some() {
            return Err(
                user.problem("a user has a token and a password, and only one may be given")
            );
        }
        let (Some(certificate), Some(key)) = (certificate, key) else { return Ok(()) };
        match pair_problem(&certificate.pem, &key.pem) {
            Some(message) => Err(Problem { message, location: key.named.location }),
            None => Ok(()),
        }
    }

    /// What a field holds or names as a file; nothing if neither, or if the file is not part of the input.
    fn material(&self, object: &Object<'_>, field: &str) -> Result<Option<Material>, Problem> {
        let data = filled(object, &format!("{field}-data"))?;
        let path = filled(object, field)?;
        if let (Some(data), Some(_)) = (&data, &path) {
            let message = format!("{field} and {field}-data exclude each other");
            return Err(Problem { message, location: data.location.clone() });
        }
        if let Some(data) = data {
            let name = format!("{field}-data").into();
            // Room for all of it, so that no copy of a key is left behind.
            let mut file = NamedBytes { name, bytes: Vec::with_capacity(data.value.len()) };
            if base64::decode_into(&mut file.bytes, data.value.bytes()).is_none() {
                let message = format!("{field}-data is not base64");
                return Err(Problem { message, location: data.location });
            }
            return Ok(Some(Material { pem: PemFile::read(file), named: data }));
        }
        let Some(path) = path else { return Ok(None) };
        let whole = if path.value.starts_with('/') {
            Cow::Borrowed(path.value.as_str())
        } else {
            Cow::Owned(format!("{}/{}", self.folder, path.value))
        };
        match self.files.read_once(&whole) {
            Ok(file) => Ok(Some(Material { pem: PemFile::read(file), named: path })),
            Err(Unread::Missing(message)) => Err(Problem { message, location: path.location }),
            Err(Unread::Elsewhere(_) | Unread::Failed(_)) => Ok(None),
        }
    }
}

/// The user or the cluster of a context, if it names one that is there.
fn of_context<'n>(
    context: Option<Object<'n>>,
    what: &str,
    entries: &ByName<'n>,
) -> Result<Option<Object<'n>>, Problem> {
    let Some(context) = context else { return Ok(None) };
    let name = filled(&context, what)?.map(|name| name.value).unwrap_or_default();
    entries.get(&name).map_or(Ok(None), |entry| entry.object(what))
}

/// The objects of a list with their names, each of which may be there once.
fn named<'n>(config: &Object<'n>, list: &str) -> Result<ByName<'n>, Problem> {
    let mut all = ByName::new();
    for entry in config.objects(list)? {
        let name = entry.text("name")?.map(|name| name.value).unwrap_or_default();
        if all.insert(name, entry).is_some() {
            return Err(entry.problem(format!("{list} has two entries of one name")));
        }
    }
    Ok(all)
}

/// A text that is not empty.
fn filled(object: &Object<'_>, field: &str) -> Result<Option<Located<String>>, Problem> {
    Ok(object.text(field)?.filter(|text| !text.value.is_empty()))
}

/// Whether an object holds what a field stands for, or names a file of it.
fn names(object: &Object<'_>, field: &str) -> Result<bool, Problem> {
    Ok(filled(object, field)?.is_some() || filled(object, &format!("{field}-data"))?.is_some())
}
