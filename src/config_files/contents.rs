//! What the files hold that the flags of a server name: each decoded once for a reading of the flags, so that
//! what the server refuses is refused for every rule that asks.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::audit_policy::AuditPolicy;
use super::authentication::AuthenticationConfiguration;
use super::authorization::AuthorizationConfiguration;
use super::encryption::EncryptionConfiguration;
use super::plugins::Plugins;
use super::{Located, kubeconfig};
use crate::source::{Files, NamedBytes};

pub use super::content::{Content, Lack};

/// The first thing in a file that is not protected; `None` if all is.
pub type Weakness = Option<Located<String>>;

/// The decoded files of one reading of the flags.
#[derive(Debug)]
pub struct Contents {
    /// Of `--authentication-config`.
    pub authentication: Content<AuthenticationConfiguration>,
    /// Of `--authorization-config`.
    pub authorization: Content<AuthorizationConfiguration>,
    /// Of `--encryption-provider-config`.
    pub encryption: Content<EncryptionConfiguration>,
    /// Of `--audit-policy-file`.
    pub audit_policy: Content<AuditPolicy>,
    /// Of `--admission-control-config-file` and the files that it names.
    pub plugins: Content<Plugins>,
    /// Of `--egress-selector-config-file`: the first connection that is not protected.
    pub egress: Content<Weakness>,
    /// Of `--tracing-config-file`, of which rules ask nothing.
    pub tracing: Content<()>,
    /// Of `--authorization-policy-file`: the first line that allows everybody everything.
    pub abac: Content<Weakness>,
    /// By path: flags of several components and other files name them.
    pub(super) kubeconfigs: RefCell<BTreeMap<String, Content<Weakness>>>,
}

impl Contents {
    /// None is named yet.
    pub(super) fn new() -> Self {
        Self {
            authentication: Err(Lack::NotNamed),
            authorization: Err(Lack::NotNamed),
            encryption: Err(Lack::NotNamed),
            audit_policy: Err(Lack::NotNamed),
            plugins: Err(Lack::NotNamed),
            egress: Err(Lack::NotNamed),
            tracing: Err(Lack::NotNamed),
            abac: Err(Lack::NotNamed),
            kubeconfigs: RefCell::default(),
        }
    }

    /// The first connection of the kubeconfig at `path` that is not protected.
    pub fn kubeconfig(&self, path: &str, files: &Files) -> Content<Weakness> {
        if let Some(known) = self.kubeconfigs.borrow().get(path) {
            return known.clone();
        }
        let read = files.read(path).map_err(Lack::Unread);
        let decode = |file: Arc<NamedBytes>| {
            kubeconfig::check(&file, path, files, false)?;
            kubeconfig::unprotected(&file)
        };
        let found = read.and_then(|file| decode(file).map_err(Lack::Refused));
        self.kubeconfigs.borrow_mut().insert(path.to_owned(), found.clone());
        found
    }

    /// The same of a kubeconfig that another file names.
    pub fn kubeconfig_beside(&self, path: &Located<String>, files: &Files) -> Content<Weakness> {
        self.kubeconfig(&path.value, files).map_err(|lack| match lack {
            Lack::Unread(unread) => Lack::beside(unread, path),
            lack => lack,
        })
    }
}
