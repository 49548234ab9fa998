//! Demands on certificates: whether the flags they name are for certificates and keys.

use super::predicate::Scope;
use super::raw::RawCertificate;
use super::spanned::Spanned;
use crate::config_files::pki::{Purpose, purpose};
use crate::flags::kind::Kind;
use crate::rule::Problem;
use crate::rule::certificate::CertificateExpectation;
use crate::rule::predicate::Predicate;

/// What a pair and a bundle have in common.
const CERTIFICATES: &[Purpose] = &[Purpose::Pair, Purpose::Authorities];
/// Files with a key for one purpose.
const KEYS: &[Purpose] = &[Purpose::Pair, Purpose::PrivateKey, Purpose::VerifyingKeys];

impl Scope<'_> {
    pub(super) fn certificate(
        &self,
        flag: &Spanned<String>,
        raw: RawCertificate,
    ) -> Result<Predicate, Problem> {
        let (allowed, expect) = match raw {
            RawCertificate::Strong => (CERTIFICATES, CertificateExpectation::Strong),
            RawCertificate::ValidFor(days) => {
                let span = days.span();
                let days = self.operand(Kind::Int, &days)?;
                if days.value.as_number().is_none_or(|days| days < 0) {
                    return Err(self.file.problem(span, "a number of days is not negative"));
                }
                (CERTIFICATES, CertificateExpectation::ValidFor(days))
            }
            RawCertificate::MatchesKey(key) => {
                let key = self.named_file(&key, &[Purpose::PrivateKey])?;
                (&[Purpose::Pair][..], CertificateExpectation::MatchesKey(key))
            }
            RawCertificate::KeyDiffersFrom(others) => {
                self.not_empty(others.as_ref(), others.span())?;
                let others = others.into_inner();
                let others = others.iter().map(|other| self.named_file(other, KEYS));
                (KEYS, CertificateExpectation::KeyDiffersFrom(others.collect::<Result<_, _>>()?))
            }
            RawCertificate::DiffersFrom(other) => {
                let other = self.named_file(&other, &[Purpose::Authorities])?;
                (&[Purpose::Authorities][..], CertificateExpectation::DiffersFrom(other))
            }
            RawCertificate::NamedIn(list) => {
                let (name, kind) = self.flag(&list)?;
                if kind != Kind::StringSlice {
                    let message = "only a list of strings can hold names";
                    return Err(self.file.problem(list.span(), message));
                }
                (&[Purpose::Pair][..], CertificateExpectation::NamedIn(name))
            }
            RawCertificate::IssuedBy(authority) => {
                let authority = self.named_file(&authority, &[Purpose::Authorities])?;
                (&[Purpose::Pair][..], CertificateExpectation::IssuedBy(authority))
            }
            RawCertificate::NotInGroup(group) => {
                let group = self.said(group)?;
                (&[Purpose::Pair][..], CertificateExpectation::NotInGroup(group))
            }
        };
        Ok(Predicate::Certificate { flag: self.named_file(flag, allowed)?, expect })
    }

    /// A flag that names a file for one of these purposes.
    fn named_file(
        &self,
        flag: &Spanned<String>,
        allowed: &[Purpose],
    ) -> Result<&'static str, Problem> {
        let (name, _) = self.flag(flag)?;
        if purpose(name).is_some_and(|purpose| allowed.contains(&purpose)) {
            return Ok(name);
        }
        let names: Vec<&str> = allowed.iter().copied().map(Purpose::name).collect();
        let message = format!("--{name} does not name {}", names.join(" or "));
        Err(self.file.problem(flag.span(), message))
    }
}
