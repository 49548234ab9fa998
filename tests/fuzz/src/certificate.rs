//! Files of certificates and keys.

use std::fmt::Write as _;
use std::sync::Arc;

use plimsoll::config_files::pki::{Certificate, PemFile};
use plimsoll::source::NamedBytes;

/// Reads the bytes as a file, and as what a certificate, a key and a public key hold.
pub fn certificate(bytes: &[u8]) {
    file(bytes.to_vec());
    for label in ["CERTIFICATE", "PRIVATE KEY", "PUBLIC KEY"] {
        file(pem(label, bytes).into_bytes());
    }
}

fn file(bytes: Vec<u8>) {
    let pem = PemFile::read(NamedBytes { name: Arc::from("/f"), bytes });
    let _ = (pem.leaf().is_ok(), pem.private_key().is_ok(), pem.bundle().is_ok());
    for key in pem.verifying_keys().unwrap_or_default() {
        let _ = format!("{:?}", key.value);
    }
    let all: Vec<&Certificate> = pem.chain().collect();
    for certificate in &all {
        let _ = (certificate.is_root(), certificate.key.kind(), certificate.key.is_strong());
        for other in &all {
            let _ = certificate.names_as_issuer(other);
        }
    }
}

/// A block of PEM.
fn pem(label: &str, bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = format!("-----BEGIN {label}-----\n");
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= three.len() { char::from(digit) } else { '=' });
        }
    }
    let _ = write!(text, "\n-----END {label}-----\n");
    text
}
