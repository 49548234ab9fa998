use std::sync::Arc;

use rcgen::{KeyPair, PKCS_ECDSA_P384_SHA384, PKCS_ED25519};

use super::generated::{Authority, NOW, Rsa, Wish, pem, sec1};
use super::{Issuer, PemFile, PrivateKey, PublicKey};
use crate::source::NamedBytes;

fn read(text: impl AsRef<[u8]>) -> PemFile {
    PemFile::read(NamedBytes { name: Arc::from("/f.pem"), bytes: text.as_ref().to_vec() })
}

fn private(text: &str) -> PrivateKey {
    read(text).private_key().expect("a key").value.clone()
}

#[test]
fn a_certificate_says_whose_it_is_and_until_when() {
    let authority = Authority::new("cluster", NOW);
    let wish = Wish { organisations: &["system:masters"], until: 10, ..Wish::named("admin") };
    let pair = authority.sign(&wish);
    let file = read(&pair.certificate);
    let leaf = file.leaf().expect("there");
    assert_eq!(leaf.common_name.as_deref(), Some("admin"));
    assert_eq!(leaf.organisations, ["system:masters"]);
    assert!(leaf.subject.contains("CN=admin"), "{}", leaf.subject);
    assert_eq!(leaf.not_after, NOW + 10 * 24 * 60 * 60);
    assert_eq!(leaf.last_day, "2026-12-02");
    assert_eq!(leaf.key.kind(), "ECDSA P-256");
    assert_eq!(leaf.key.is_strong(), Some(true));
    assert_eq!(leaf.signature.name, "SHA-256 with ECDSA");
    assert!(!leaf.is_root());
    assert_eq!(PrivateKey::Public(leaf.key.clone()), private(&pair.key));
    assert_eq!(private(&pair.key), read(&pair.public).verifying_keys().expect("there")[0].value);
}

#[test]
fn the_issuer_is_known_by_name_and_key() {
    let (one, other) = (Authority::new("ca", NOW), Authority::new("ca", NOW));
    let leaf = read(one.sign(&Wish::named("x")).certificate);
    let leaf = leaf.leaf().expect("there");
    let authority =
        |authority: &Authority| read(authority.certificate()).leaf().expect("there").clone();
    assert_eq!(leaf.names_as_issuer(&authority(&one)), Issuer::Yes);
    assert_eq!(leaf.names_as_issuer(&authority(&other)), Issuer::ByName);
    assert_eq!(leaf.names_as_issuer(&authority(&Authority::new("cb", NOW))), Issuer::No);
    assert!(authority(&one).is_root());
}

#[test]
fn every_form_of_a_key_is_the_same_key() {
    let authority = Authority::new("cluster", NOW);
    let rsa = Rsa::new(2048, 3);
    let of_certificate = read(authority.sign_rsa(&Wish::named("x"), &rsa).certificate);
    let wanted = PrivateKey::Public(of_certificate.leaf().expect("there").key.clone());
    assert_eq!(private(&rsa.pkcs1()), wanted);
    assert_eq!(private(&rsa.pkcs8()), wanted);
    assert_eq!(read(rsa.public()).verifying_keys().expect("there")[0].value, wanted);
    assert_ne!(private(&Rsa::new(2048, 4).pkcs1()), wanted);

    let key = KeyPair::generate().expect("a key");
    assert_eq!(private(&sec1(&key, true)), private(&key.serialize_pem()));
    assert_eq!(private(&sec1(&key, false)), PrivateKey::PrivateOnly);
    for algorithm in [&PKCS_ED25519, &PKCS_ECDSA_P384_SHA384] {
        let key = KeyPair::generate_for(algorithm).expect("a key");
        let pair = authority.sign_with(&Wish::named("x"), &key);
        let file = read(&pair.certificate);
        let key = file.leaf().expect("there").key.clone();
        assert_eq!(key.is_strong(), Some(true), "{}", key.kind());
        assert_eq!(private(&pair.key), PrivateKey::Public(key));
    }
    // As OpenSSL writes it: without the public part.
    let ed25519 =
        [&[0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20][..], &[9; 32]];
    assert_eq!(private(&pem("PRIVATE KEY", &ed25519.concat())), PrivateKey::PrivateOnly);
}

#[test]
fn short_keys_and_broken_digests_are_weak() {
    for (bits, strong) in [(1024, false), (2040, false), (2048, true), (3072, true)] {
        let certificate = Rsa::new(bits, 5).certificate(&Wish::named("x"), NOW, false);
        let file = read(certificate);
        let leaf = file.leaf().expect("there");
        assert_eq!(leaf.key.kind(), format!("RSA {bits}"));
        assert_eq!(leaf.key.is_strong(), Some(strong));
        assert_eq!(leaf.signature.is_strong, Some(true));
    }
    let file = read(Rsa::new(2048, 5).certificate(&Wish::named("x"), NOW, true));
    let signature = &file.leaf().expect("there").signature;
    assert_eq!((signature.name.as_str(), signature.is_strong), ("SHA-1 with RSA", Some(false)));
    let point = |curve: &str| PublicKey::Ec { curve: curve.to_owned(), x: vec![1], odd: true };
    assert_eq!(point("1.3.132.0.33").is_strong(), Some(false));
    assert_eq!(point("1.3.36.3.3.2.8.1.1.7").is_strong(), None);
}

#[test]
fn chains_keys_preambles_and_crlf_are_no_hindrance() {
    let root = Authority::new("root", NOW);
    let between = root.below("between");
    let pair = between.sign(&Wish::named("leaf"));
    let text = format!(
        "Certificate:\n    Data: x\n{}\n{}subject=x\n{}{}",
        pair.key,
        pair.certificate,
        between.certificate(),
        root.certificate()
    );
    for text in [text.clone(), text.replace('\n', "\r\n")] {
        let file = read(text);
        assert_eq!(file.leaf().expect("there").common_name.as_deref(), Some("leaf"));
        assert_eq!(file.bundle().expect("whole").len(), 3);
        assert!(file.private_key().is_ok());
    }
}

#[test]
fn what_holds_nothing_that_can_be_read_is_a_problem() {
    let garbage = pem("CERTIFICATE", &[0x30, 0x82, 0xff, 0xff, 1]);
    let pair = Authority::new("ca", NOW).sign(&Wish::named("x"));
    let trailing = pair.certificate.replace("-----END", "AAAA\n-----END");
    for (text, message) in [
        ("", "/f.pem holds no certificate"),
        ("no PEM at all", "/f.pem holds no certificate"),
        (&pair.key, "/f.pem holds no certificate"),
        (
            &pair.certificate.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
            "/f.pem holds no certificate",
        ),
        (&garbage, "the block on line 1 is no certificate that can be read"),
        (&"A".repeat(5 << 20), "/f.pem holds no certificate"),
    ] {
        let file = read(text);
        assert_eq!(file.leaf().expect_err("refused").message, message);
        assert!(file.bundle().is_err());
    }
    // By the length of the certificate, which its signature decides, this is no base64 or too much.
    let message = read(trailing).leaf().expect_err("refused").message.clone();
    assert!(
        message.contains("holds no") || message.contains("behind the certificate"),
        "{message}"
    );
    // One broken certificate spoils a bundle, but not a pair that begins with a good one.
    let file = read(format!("{}{garbage}", pair.certificate));
    assert!(file.leaf().is_ok() && file.bundle().is_err());
    assert!(read([0xff, 0xfe, 0, b'\n', 0x80]).leaf().is_err());
}

#[test]
fn keys_that_no_server_could_load_are_a_problem() {
    let key = KeyPair::generate().expect("a key").serialize_pem();
    let protected =
        key.replace("PRIVATE KEY-----\n", "PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n");
    for (text, message) in [
        (String::new(), "holds no private key"),
        (key.replace("PRIVATE", "ENCRYPTED PRIVATE"), "has a password"),
        (
            protected.replacen("\nProc-Type: 4,ENCRYPTED\n\n-----END", "\n-----END", 1),
            "has a password",
        ),
        (pem("PRIVATE KEY", &[0x30, 1, 5]), "cannot be read"),
        (pem("EC PRIVATE KEY", b"secret"), "cannot be read"),
    ] {
        let problem = read(&text).private_key().expect_err("refused").message.clone();
        assert!(problem.contains(message), "{problem}");
    }
}

proptest::proptest! {
    /// Bytes that are nearly a certificate or a key.
    #[test]
    fn no_change_of_a_byte_makes_it_fall(at in 0_usize..2000, byte: u8, which in 0_usize..4) {
        let rsa = Rsa::new(1024, 7);
        let texts = [
            rsa.certificate(&Wish::named("x"), NOW, false), rsa.pkcs1(), rsa.pkcs8(), rsa.public(),
        ];
        let mut blocks = super::pem::blocks(texts[which].as_bytes());
        let mut der = std::mem::take(&mut blocks[0].der);
        let length = der.len();
        der[at % length] = byte;
        let _ = read(pem(&blocks[0].label, &der)).leaf();
        der.truncate(at % length);
        let _ = read(pem(&blocks[0].label, &der)).verifying_keys();
    }
}
