//! Certificates and keys made for one run of the tests; nothing is signed by a key that is kept.
//!
//! Stands on its own, so that the tests of the program can use it as well.

use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, Issuer,
    KeyPair, PublicKeyData, SignatureAlgorithm, SigningKey, date_time_ymd,
};

/// The time that the tests take for now, in seconds since 1970: 2026-11-22.
pub(crate) const NOW: i64 = 1_795_305_600;

const DAY: i64 = 24 * 60 * 60;

/// A certificate and its key, in PEM.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) certificate: String,
    pub(crate) key: String,
    /// The key's public part.
    pub(crate) public: String,
}

/// A certificate authority.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    now: i64,
}

/// What a certificate says.
pub(crate) struct Wish<'w> {
    pub(crate) name: &'w str,
    pub(crate) organisations: &'w [&'w str],
    /// In days from now.
    pub(crate) from: i64,
    /// In days from now.
    pub(crate) until: i64,
}

impl<'w> Wish<'w> {
    /// Valid for a year.
    pub(crate) fn named(name: &'w str) -> Self {
        Self { name, organisations: &[], from: -1, until: 365 }
    }

    fn params(&self, now: i64) -> CertificateParams {
        let at = |days: i64| {
            let seconds = u64::try_from(now + days * DAY).expect("after 1970");
            date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds)
        };
        let mut params = CertificateParams::new(Vec::<String>::new()).expect("no names");
        params.distinguished_name = DistinguishedName::new();
        for organisation in self.organisations {
            params.distinguished_name.push(DnType::OrganizationName, *organisation);
        }
        params.distinguished_name.push(DnType::CommonName, self.name);
        (params.not_before, params.not_after) = (at(self.from), at(self.until));
        params.use_authority_key_identifier_extension = true;
        params
    }
}

impl Authority {
    pub(crate) fn new(name: &str, now: i64) -> Self {
        Self::until(name, now, 3650)
    }

    /// One that ends so many days from now.
    pub(crate) fn until(name: &str, now: i64, until: i64) -> Self {
        let mut params = Wish { until, ..Wish::named(name) }.params(now);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self { issuer: CertifiedIssuer::self_signed(params, key).expect("signed"), now }
    }

    /// Its certificate.
    pub(crate) fn certificate(&self) -> String {
        self.issuer.pem()
    }

    /// An authority below it.
    pub(crate) fn below(&self, name: &str) -> Self {
        let mut params = Wish::named(name).params(self.now);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::signed_by(params, key, &self.issuer).expect("signed");
        Self { issuer, now: self.now }
    }

    pub(crate) fn sign(&self, wish: &Wish<'_>) -> Pair {
        self.sign_with(wish, &KeyPair::generate().expect("a key"))
    }

    pub(crate) fn sign_with(&self, wish: &Wish<'_>, key: &KeyPair) -> Pair {
        let certificate = wish.params(self.now).signed_by(key, &self.issuer).expect("signed").pem();
        Pair { certificate, key: key.serialize_pem(), public: key.public_key_pem() }
    }

    /// A certificate for an RSA key that nobody has.
    pub(crate) fn sign_rsa(&self, wish: &Wish<'_>, key: &Rsa) -> Pair {
        let certificate = wish.params(self.now).signed_by(key, &self.issuer).expect("signed").pem();
        Pair { certificate, key: key.pkcs1(), public: key.public() }
    }
}

/// Two certificates of one authority, the second made when the first was about to end.
pub(crate) fn twice(name: &str, now: i64) -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    let [first, second] = [100, 3650].map(|until| {
        let mut params = Wish { until, ..Wish::named(name) }.params(now);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.self_signed(&key).expect("signed").pem()
    });
    (first, second)
}

/// An RSA key in form only: numbers of the right length, and signatures that nothing verifies.
pub(crate) struct Rsa {
    public: Vec<u8>,
    modulus: Vec<u8>,
}

impl Rsa {
    pub(crate) fn new(bits: usize, seed: u8) -> Self {
        let mut modulus = vec![seed; bits / 8];
        modulus[0] = 0x80;
        modulus.insert(0, 0);
        let public = der(0x30, &[der(2, &[modulus.clone()]), der(2, &[vec![1, 0, 1]])]);
        Self { public, modulus }
    }

    fn private(&self) -> Vec<u8> {
        let small = || der(2, &[vec![3]]);
        let mut fields = vec![der(2, &[vec![0]]), der(2, std::slice::from_ref(&self.modulus))];
        fields.push(der(2, &[vec![1, 0, 1]]));
        fields.extend((0..6).map(|_| small()));
        der(0x30, &fields)
    }

    /// Its private key as OpenSSL wrote it for long.
    pub(crate) fn pkcs1(&self) -> String {
        pem("RSA PRIVATE KEY", &self.private())
    }

    /// Its private key as OpenSSL writes it now.
    pub(crate) fn pkcs8(&self) -> String {
        let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
        let algorithm = der(0x30, &[der(6, &[oid.to_vec()]), vec![5, 0]]);
        let fields = [der(2, &[vec![0]]), algorithm, der(4, &[self.private()])];
        pem("PRIVATE KEY", &der(0x30, &fields))
    }

    pub(crate) fn public(&self) -> String {
        pem("RSA PUBLIC KEY", &self.public)
    }

    /// A certificate that an RSA key is said to have signed over SHA-1, or over SHA-256.
    pub(crate) fn certificate(&self, wish: &Wish<'_>, now: i64, sha1: bool) -> String {
        let issuer = Issuer::new(Wish::named("rsa").params(now), Self::new(2048, 1));
        let signed = wish.params(now).signed_by(self, &issuer).expect("signed");
        let mut bytes = signed.der().to_vec();
        let sha256 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
        let places: Vec<usize> =
            (0..bytes.len()).filter(|at| bytes[*at..].starts_with(&sha256)).collect();
        assert_eq!(places.len(), 2, "within the signed part and behind it");
        for at in places.into_iter().filter(|_| sha1) {
            bytes[at + 8] = 5;
        }
        pem("CERTIFICATE", &bytes)
    }
}

impl PublicKeyData for Rsa {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

impl SigningKey for Rsa {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(vec![7; self.modulus.len() - 1])
    }
}

/// An EC key as SEC1 has it, made of one in PKCS#8; with or without its public point.
pub(crate) fn sec1(key: &KeyPair, with_point: bool) -> String {
    let curve = der(0xa0, &[der(6, &[vec![0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]])]);
    let mut fields = vec![der(2, &[vec![1]]), der(4, &[vec![9; 32]]), curve];
    if with_point {
        let bits = [vec![0], key.public_key_raw().to_vec()].concat();
        fields.push(der(0xa1, &[der(3, &[bits])]));
    }
    pem("EC PRIVATE KEY", &der(0x30, &fields))
}

/// A DER element.
pub(crate) fn der(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).expect("short").to_be_bytes();
    let head = match content.len() {
        0..128 => vec![tag, length[1]],
        128..256 => vec![tag, 0x81, length[1]],
        _ => vec![tag, 0x82, length[0], length[1]],
    };
    [head, content].concat()
}

/// A PEM block.
pub(crate) fn pem(label: &str, bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut three = chunk.to_vec();
        three.resize(3, 0);
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = DIGITS[usize::try_from(bits >> shift & 63).expect("six bits")];
            text.push(if at <= chunk.len() { char::from(digit) } else { '=' });
        }
        if text.len() % 65 == 64 {
            text.push('\n');
        }
    }
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}
