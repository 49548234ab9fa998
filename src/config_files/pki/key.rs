//! Public keys, and the public part of private ones.
//!
//! Nothing is calculated: a file of an RSA key holds its modulus, and one of an EC or Ed25519 key
//! nearly always its public point. Where it does not, the public part is not known. Sources: RFC
//! 8017 A.1 (PKCS#1), RFC 5915 (SEC1), RFC 5958 (PKCS#8), RFC 5480 (SubjectPublicKeyInfo).

use x509_parser::asn1_rs::{Any, Class, FromDer, Oid};
use x509_parser::x509::SubjectPublicKeyInfo;

const RSA: &str = "1.2.840.113549.1.1.1";
const EC: &str = "1.2.840.10045.2.1";
const ED25519: &str = "1.3.101.112";
const DSA: &str = "1.2.840.10040.4.1";

/// A public key, in a form in which equal keys are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublicKey {
    /// RSA.
    Rsa {
        /// Without leading zeros.
        modulus: Vec<u8>,
        /// Without leading zeros.
        exponent: Vec<u8>,
    },
    /// A point on a curve.
    Ec {
        /// The curve's object identifier.
        curve: String,
        /// The first coordinate.
        x: Vec<u8>,
        /// Whether the second coordinate is odd, which is all that there is to it.
        odd: bool,
    },
    /// Ed25519.
    Ed25519(Vec<u8>),
    /// Anything else.
    Other {
        /// The algorithm's object identifier.
        algorithm: String,
        /// The key as it is written.
        bytes: Vec<u8>,
    },
}

impl PublicKey {
    /// The key of a SubjectPublicKeyInfo. `None` if its algorithm does not allow what it holds.
    pub(super) fn of_info(info: &SubjectPublicKeyInfo<'_>) -> Option<Self> {
        let bytes = info.subject_public_key.data.as_ref();
        let algorithm = info.algorithm.algorithm.to_id_string();
        match algorithm.as_str() {
            RSA => Self::pkcs1(bytes),
            EC => {
                let curve = info.algorithm.parameters.as_ref()?.as_oid().ok()?;
                Self::point(curve.to_id_string(), bytes)
            }
            ED25519 => Some(Self::Ed25519(bytes.to_vec())),
            _ => Some(Self::Other { algorithm, bytes: bytes.to_vec() }),
        }
    }

    /// `PUBLIC KEY` and `RSA PUBLIC KEY`.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        match SubjectPublicKeyInfo::from_der(der) {
            Ok(([], info)) => Self::of_info(&info),
            _ => Self::pkcs1(der),
        }
    }

    /// RSAPublicKey.
    fn pkcs1(der: &[u8]) -> Option<Self> {
        let mut fields = sequence(der)?;
        let modulus = number(&fields.next()?)?;
        let exponent = number(&fields.next()?)?;
        (!modulus.is_empty() && fields.next().is_none()).then_some(Self::Rsa { modulus, exponent })
    }

    /// A point, written whole or with the sign of the second coordinate only.
    fn point(curve: String, bytes: &[u8]) -> Option<Self> {
        let (first, rest) = bytes.split_first()?;
        let (x, odd) = match first {
            2 | 3 => (rest, first & 1 == 1),
            4 if rest.len().is_multiple_of(2) => {
                let (x, y) = rest.split_at(rest.len() / 2);
                (x, y.last()? & 1 == 1)
            }
            _ => return None,
        };
        Some(Self::Ec { curve, x: x.to_vec(), odd })
    }

    /// What sort of key it is, and its size.
    pub fn kind(&self) -> String {
        match self {
            Self::Rsa { .. } => format!("RSA {}", self.bits()),
            Self::Ec { curve, .. } => match curve_name(curve) {
                Some((name, _)) => format!("ECDSA {name}"),
                None => format!("ECDSA on the curve {curve}"),
            },
            Self::Ed25519(_) => "Ed25519".to_owned(),
            Self::Other { algorithm, .. } if algorithm == DSA => "DSA".to_owned(),
            Self::Other { algorithm, .. } => format!("{algorithm}, which is not known"),
        }
    }

    /// The bits of an RSA modulus.
    fn bits(&self) -> usize {
        match self {
            Self::Rsa { modulus, .. } => {
                let unused = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
                modulus.len() * 8 - unused
            }
            _ => 0,
        }
    }

    /// Whether it is long enough (NIST SP 800-57: 112 bits of strength); `None` if that is not known.
    pub fn is_strong(&self) -> Option<bool> {
        match self {
            Self::Rsa { .. } => Some(self.bits() >= 2048),
            Self::Ec { curve, .. } => curve_name(curve).map(|(_, strong)| strong),
            Self::Ed25519(_) => Some(true),
            Self::Other { algorithm, .. } => (algorithm == DSA).then_some(false),
        }
    }
}

/// The curves that Go's TLS knows, and whether they are P-256 or stronger.
fn curve_name(oid: &str) -> Option<(&'static str, bool)> {
    match oid {
        "1.3.132.0.33" => Some(("P-224", false)),
        "1.2.840.10045.3.1.7" => Some(("P-256", true)),
        "1.3.132.0.34" => Some(("P-384", true)),
        "1.3.132.0.35" => Some(("P-521", true)),
        _ => None,
    }
}

/// What a private key's file says about its public part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrivateKey {
    /// The public part.
    Public(PublicKey),
    /// The file holds the private part only.
    PrivateOnly,
}

impl PrivateKey {
    /// A private key in any of the forms that Go reads: PKCS#1, PKCS#8, SEC1.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let second = sequence(der)?.nth(1)?;
        match (second.class(), second.tag().0) {
            (Class::Universal, INTEGER) => pkcs1(der),
            (Class::Universal, SEQUENCE) => pkcs8(der),
            (Class::Universal, OCTET_STRING) => sec1(der, None),
            _ => None,
        }
    }
}

const INTEGER: u32 = 2;
const BIT_STRING: u32 = 3;
const OCTET_STRING: u32 = 4;
const SEQUENCE: u32 = 16;

fn pkcs1(der: &[u8]) -> Option<PrivateKey> {
    let mut fields = sequence(der)?.skip(1);
    let modulus = number(&fields.next()?)?;
    let exponent = number(&fields.next()?)?;
    // The private exponent and the two primes have to follow.
    let whole =
        !modulus.is_empty() && fields.take(3).filter_map(|field| number(&field)).count() == 3;
    whole.then_some(PrivateKey::Public(PublicKey::Rsa { modulus, exponent }))
}

fn pkcs8(der: &[u8]) -> Option<PrivateKey> {
    let mut fields = sequence(der)?.skip(1);
    let mut algorithm = elements(fields.next()?.data);
    let name = algorithm.next()?.oid().ok()?.to_id_string();
    let parameters = algorithm.next();
    let inner = fields.next().filter(|inner| inner.tag().0 == OCTET_STRING)?.data;
    match name.as_str() {
        RSA => pkcs1(inner),
        EC => sec1(inner, Some(&parameters?.oid().ok()?)),
        ED25519 => {
            let Some(public) = fields.find(|field| is_context(field, 1)) else {
                return Some(PrivateKey::PrivateOnly);
            };
            // Some programs wrap a bit string into the field that is one.
            let inner = public.header.is_constructed().then(|| elements(public.data).next());
            let bits = inner.flatten().map_or(public.data, |inner| inner.data);
            Some(match bits.split_first() {
                Some((0, bytes)) => PrivateKey::Public(PublicKey::Ed25519(bytes.to_vec())),
                _ => PrivateKey::PrivateOnly,
            })
        }
        _ => Some(PrivateKey::PrivateOnly),
    }
}

/// An EC key; within PKCS#8 the curve stands outside.
fn sec1(der: &[u8], outer: Option<&Oid<'_>>) -> Option<PrivateKey> {
    let (mut curve, mut point) = (outer.map(Oid::to_id_string), None);
    for field in sequence(der)?.skip(2) {
        let inner = elements(field.data).next()?;
        if is_context(&field, 0) && curve.is_none() {
            curve = Some(inner.oid().ok()?.to_id_string());
        } else if is_context(&field, 1) && inner.tag().0 == BIT_STRING {
            // The first byte counts the bits that are not used: none.
            point = inner.data.split_first().map(|(_, bytes)| bytes.to_vec());
        }
    }
    Some(match point.zip(curve) {
        Some((point, curve)) => PrivateKey::Public(PublicKey::point(curve, &point)?),
        None => PrivateKey::PrivateOnly,
    })
}

fn is_context(field: &Any<'_>, tag: u32) -> bool {
    field.class() == Class::ContextSpecific && field.tag().0 == tag
}

/// The fields of a sequence that is all there is.
fn sequence(der: &[u8]) -> Option<impl Iterator<Item = Any<'_>>> {
    let (rest, outer) = Any::from_der(der).ok()?;
    let whole = rest.is_empty() && outer.class() == Class::Universal && outer.tag().0 == SEQUENCE;
    whole.then(|| elements(outer.as_bytes()))
}

/// Elements one after the other, to the first that is none.
fn elements(mut bytes: &[u8]) -> impl Iterator<Item = Any<'_>> {
    std::iter::from_fn(move || {
        let (rest, element) = Any::from_der(bytes).ok()?;
        bytes = rest;
        Some(element)
    })
}

/// The bytes of a whole number that is not negative, without leading zeros.
fn number(field: &Any<'_>) -> Option<Vec<u8>> {
    let is_integer = field.class() == Class::Universal && field.tag().0 == INTEGER;
    let bytes = field.as_bytes();
    let negative = bytes.first().is_none_or(|first| first & 0x80 != 0);
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).filter(|_| is_integer && !negative).map(<[u8]>::to_vec)
}
