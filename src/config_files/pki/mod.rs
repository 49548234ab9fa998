//! Certificates and keys behind flags, in PEM.
//!
//! Of a private key only the public part is kept, for comparison; it is found in the file and not
//! calculated. Which block of a file counts is as the servers have it: the first certificate and the
//! first private key of a serving or client pair (Go `crypto/tls`, `X509KeyPair`), every certificate
//! of a CA bundle (client-go `util/cert/pem.go`, etcd `client/pkg/tlsutil`), every key of a list of
//! verifying keys (client-go `util/keyutil/key.go`, `ParsePublicKeysPEM`).

mod certificate;
mod key;
mod pem;
mod purpose;

#[cfg(test)]
pub(crate) mod generated;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use certificate::{Certificate, Issuer, Signature};
pub use key::{PrivateKey, PublicKey};
pub use purpose::{Purpose, key_flag_of, purpose};

use super::{Located, Problem};
use crate::command_line::{Location, Mark, Span};
use crate::source::NamedBytes;
use pem::Block;

/// What a PEM file holds, without what is secret in it.
#[derive(Debug)]
pub struct PemFile {
    /// What reports call it.
    pub name: Arc<str>,
    certificates: Vec<Result<Certificate, Problem>>,
    private: Option<Result<Located<PrivateKey>, Problem>>,
    /// Whether any block is a private key that can be read.
    signs: bool,
    verifying: Vec<Located<PrivateKey>>,
}

impl PemFile {
    /// Reads a file, whose bytes are overwritten when they are dropped here.
    pub fn read(file: NamedBytes) -> Self {
        let name = file.name.clone();
        let blocks = pem::blocks(&file.bytes);
        drop(file);
        let place = |block: &Block| at(&name, block.line);
        let certificates =
            blocks.iter().filter(|block| block.label == "CERTIFICATE").map(|block| {
                Certificate::read(&block.der, place(block)).map_err(|why| Problem {
                    message: format!("the block on line {} {why}", block.line),
                    location: place(block),
                })
            });
        let is_private =
            |block: &&Block| block.label == "PRIVATE KEY" || block.label.ends_with(" PRIVATE KEY");
        let private = blocks.iter().find(is_private).map(|block| {
            let protected = block.headers || block.label == "ENCRYPTED PRIVATE KEY";
            let refused = |message: &str| {
                Err(Problem { message: message.to_owned(), location: place(block) })
            };
            match PrivateKey::read(&block.der) {
                _ if protected => {
                    refused("the private key has a password, and no server asks for it")
                }
                Some(value) => Ok(Located { value, location: place(block) }),
                None => refused("the private key cannot be read"),
            }
        });
        let reads_key = |block: &Block| !block.headers && PrivateKey::read(&block.der).is_some();
        let signs = blocks.iter().filter(is_private).any(reads_key);
        let verifying = blocks.iter().filter_map(|block| {
            let value = any_key(&block.der)?;
            Some(Located { value, location: place(block) })
        });
        Self {
            certificates: certificates.collect(),
            private,
            signs,
            verifying: verifying.collect(),
            name: name.clone(),
        }
    }

    fn lacks(&self, what: &str) -> Problem {
        Problem { message: format!("{} holds no {what}", self.name), location: at(&self.name, 1) }
    }

    /// The certificate that a server or client shows: the first.
    pub fn leaf(&self) -> Result<&Certificate, Problem> {
        match self.certificates.first() {
            Some(first) => first.as_ref().map_err(Clone::clone),
            None => Err(self.lacks("certificate")),
        }
    }

    /// Every certificate of a bundle; a server refuses one with a broken certificate in it.
    pub fn bundle(&self) -> Result<Vec<&Certificate>, Problem> {
        if self.certificates.is_empty() {
            return Err(self.lacks("certificate"));
        }
        self.certificates.iter().map(|one| one.as_ref().map_err(Clone::clone)).collect()
    }

    /// The certificates that can be read, in order.
    pub fn chain(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().filter_map(|one| one.as_ref().ok())
    }

    /// The first private key.
    pub fn private_key(&self) -> Result<&Located<PrivateKey>, Problem> {
        match &self.private {
            Some(key) => key.as_ref().map_err(Clone::clone),
            None => Err(self.lacks("private key")),
        }
    }

    /// Refuses a file with which no token can be signed: of several private keys one that can be read is enough.
    /// Source: client-go `util/keyutil/key.go`, `ParsePrivateKeyPEM`.
    pub fn signing_key(&self) -> Result<(), Problem> {
        if self.signs { Ok(()) } else { Err(self.lacks("private key that can be read")) }
    }

    /// Refuses a certificate that cannot be read; that there is none is fine for etcd and its clients. Source: etcd
    /// `client/pkg/tlsutil/tlsutil.go`, `NewCertPool`.
    pub fn no_broken_certificate(&self) -> Result<(), Problem> {
        self.certificates
            .iter()
            .find_map(|one| one.as_ref().err())
            .map_or(Ok(()), |it| Err(it.clone()))
    }

    /// The keys that tokens are verified with, private ones and those of certificates included.
    pub fn verifying_keys(&self) -> Result<&[Located<PrivateKey>], Problem> {
        if self.verifying.is_empty() { Err(self.lacks("key")) } else { Ok(&self.verifying) }
    }
}

/// Why a server takes a certificate and a private key for no pair, the files named; nothing if they are one, or if the
/// key's file does not hold its public part. Source: Go `crypto/tls/tls.go`, `X509KeyPair`.
pub(super) fn pair_problem(certificate: &PemFile, key: &PemFile) -> Option<String> {
    let (leaf, private) = match (certificate.leaf(), key.private_key()) {
        (Ok(leaf), Ok(private)) => (leaf, private),
        (Err(problem), _) | (_, Err(problem)) => return Some(problem.message),
    };
    match &private.value {
        PrivateKey::Public(public) if *public != leaf.key => {
            Some(format!("{} is not the key of {}", key.name, certificate.name))
        }
        PrivateKey::Public(_) | PrivateKey::PrivateOnly => None,
    }
}

/// A key of any form, whatever the label says: the servers try one after the other.
fn any_key(der: &[u8]) -> Option<PrivateKey> {
    PrivateKey::read(der).or_else(|| {
        let nowhere = at(&Arc::from(""), 1);
        let of_certificate = Certificate::read(der, nowhere).ok().map(|read| read.key);
        PublicKey::read(der).or(of_certificate).map(PrivateKey::Public)
    })
}

fn at(name: &Arc<str>, line: usize) -> Location {
    let start = Mark::new(0, line, 1);
    Location::Text { path: name.clone(), span: Span { start, end: start } }
}
