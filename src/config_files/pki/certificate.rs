//! One X.509 certificate: whose it is, until when, and with which key.
//!
//! No signature is verified: what is read here is what the certificate says.

use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::{ASN1Time, FromDer, X509Certificate};
use x509_parser::signature_algorithm::SignatureAlgorithm;
use x509_parser::x509::{AlgorithmIdentifier, X509Name};

use super::PublicKey;
use crate::command_line::Location;

/// A certificate.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The subject in one line.
    pub subject: String,
    /// The name that Kubernetes takes for the user's.
    pub common_name: Option<String>,
    /// What Kubernetes takes for the user's groups.
    pub organisations: Vec<String>,
    /// The first second in which it is valid, since 1970.
    pub not_before: i64,
    /// The day of that second, such as `2026-01-31`.
    pub first_day: String,
    /// The last second in which it is valid, since 1970.
    pub not_after: i64,
    /// The day of that second.
    pub last_day: String,
    /// Its key.
    pub key: PublicKey,
    /// How it is signed.
    pub signature: Signature,
    /// Where it stands.
    pub location: Location,
    /// The certificate itself.
    pub der: Vec<u8>,
    subject_name: Vec<u8>,
    issuer_name: Vec<u8>,
    key_id: Option<Vec<u8>>,
    issuer_key_id: Option<Vec<u8>>,
}

/// How a certificate is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// What the algorithm is called.
    pub name: String,
    /// Whether its digest can be relied on; `None` if that is not known.
    pub is_strong: Option<bool>,
}

/// Whether one certificate can be the issuer of another, by what they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// Name and key identifier are those of the issuer.
    Yes,
    /// The name is another.
    No,
    /// The name is the same; a key identifier is missing or another. An authority that was made anew
    /// for the same key may have one: only the signature tells.
    ByName,
}

impl Certificate {
    /// Reads a certificate; what is wrong with it otherwise.
    pub(super) fn read(der: &[u8], location: Location) -> Result<Self, &'static str> {
        let no_certificate = "is no certificate that can be read";
        let (rest, read) = X509Certificate::from_der(der).map_err(|_| no_certificate)?;
        if !rest.is_empty() {
            return Err("has something behind the certificate");
        }
        let key = PublicKey::of_info(read.public_key()).ok_or("has a key that cannot be read")?;
        let (mut key_id, mut issuer_key_id) = (None, None);
        for extension in read.extensions() {
            match extension.parsed_extension() {
                ParsedExtension::SubjectKeyIdentifier(id) => key_id = Some(id.0.to_vec()),
                ParsedExtension::AuthorityKeyIdentifier(id) => {
                    issuer_key_id = id.key_identifier.as_ref().map(|id| id.0.to_vec());
                }
                _ => {}
            }
        }
        let texts = |oid: &str| -> Vec<String> {
            let named = |name: &X509Name<'_>| {
                let all = name.iter_attributes();
                let wanted = all.filter(|a| a.attr_type().to_id_string() == oid);
                wanted.map(|a| String::from_utf8_lossy(a.as_slice()).into_owned()).collect()
            };
            named(read.subject())
        };
        let validity = read.validity();
        let day = |time: ASN1Time| time.to_datetime().date().to_string();
        Ok(Self {
            subject: shortened(read.subject().to_string()),
            // Of several the last counts (Go `crypto/x509/pkix`, `FillFromRDNSequence`).
            common_name: texts(COMMON_NAME).pop(),
            organisations: texts(ORGANISATION),
            not_before: validity.not_before.timestamp(),
            first_day: day(validity.not_before),
            not_after: validity.not_after.timestamp(),
            last_day: day(validity.not_after),
            key,
            signature: Signature::of(&read.signature_algorithm),
            location,
            der: der.to_vec(),
            subject_name: read.subject().as_raw().to_vec(),
            issuer_name: read.issuer().as_raw().to_vec(),
            key_id,
            issuer_key_id,
        })
    }

    /// Whether it names itself as its issuer, as a root does: nobody looks at its signature.
    pub fn is_root(&self) -> bool {
        self.subject_name == self.issuer_name
    }

    /// Whether the other can be its issuer.
    pub fn names_as_issuer(&self, other: &Self) -> Issuer {
        match (&self.issuer_key_id, &other.key_id) {
            _ if self.issuer_name != other.subject_name => Issuer::No,
            (Some(wanted), Some(id)) if wanted == id => Issuer::Yes,
            _ => Issuer::ByName,
        }
    }
}

const COMMON_NAME: &str = "2.5.4.3";
const ORGANISATION: &str = "2.5.4.10";

/// A subject may be as long as its author likes.
fn shortened(text: String) -> String {
    const MOST: usize = 200;
    if text.is_empty() {
        return "a certificate without a subject".to_owned();
    }
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

impl Signature {
    /// MD5 and SHA-1 collide: somebody else's certificate can have the same digest.
    fn of(algorithm: &AlgorithmIdentifier<'_>) -> Self {
        let oid = algorithm.algorithm.to_id_string();
        let (name, is_strong) = match oid.as_str() {
            "1.2.840.113549.1.1.2" => ("MD2 with RSA", Some(false)),
            "1.2.840.113549.1.1.4" => ("MD5 with RSA", Some(false)),
            "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => ("SHA-1 with RSA", Some(false)),
            "1.2.840.113549.1.1.14" => ("SHA-224 with RSA", Some(true)),
            "1.2.840.113549.1.1.11" => ("SHA-256 with RSA", Some(true)),
            "1.2.840.113549.1.1.12" => ("SHA-384 with RSA", Some(true)),
            "1.2.840.113549.1.1.13" => ("SHA-512 with RSA", Some(true)),
            "1.2.840.113549.1.1.10" => match pss_digest(algorithm).as_deref() {
                Some("1.3.14.3.2.26") => ("SHA-1 with RSA-PSS", Some(false)),
                Some("2.16.840.1.101.3.4.2.1") => ("SHA-256 with RSA-PSS", Some(true)),
                Some("2.16.840.1.101.3.4.2.2") => ("SHA-384 with RSA-PSS", Some(true)),
                Some("2.16.840.1.101.3.4.2.3") => ("SHA-512 with RSA-PSS", Some(true)),
                _ => ("RSA-PSS with a digest that is not known", None),
            },
            "1.2.840.10040.4.3" => ("SHA-1 with DSA", Some(false)),
            "1.2.840.10045.4.1" => ("SHA-1 with ECDSA", Some(false)),
            "1.2.840.10045.4.3.1" => ("SHA-224 with ECDSA", Some(true)),
            "1.2.840.10045.4.3.2" => ("SHA-256 with ECDSA", Some(true)),
            "1.2.840.10045.4.3.3" => ("SHA-384 with ECDSA", Some(true)),
            "1.2.840.10045.4.3.4" => ("SHA-512 with ECDSA", Some(true)),
            "1.3.101.112" => ("Ed25519", Some(true)),
            _ => return Self { name: oid, is_strong: None },
        };
        Self { name: name.to_owned(), is_strong }
    }
}

fn pss_digest(algorithm: &AlgorithmIdentifier<'_>) -> Option<String> {
    match SignatureAlgorithm::try_from(algorithm).ok()? {
        SignatureAlgorithm::RSASSA_PSS(params) => Some(params.hash_algorithm_oid().to_id_string()),
        _ => None,
    }
}
