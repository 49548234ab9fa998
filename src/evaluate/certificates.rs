//! What the certificates behind flags come to.

use std::sync::Arc;

use super::files::in_file;
use super::flag;
use super::judged::{Judge, Judged, Outcome};
use super::pem::NamedPem;
use super::predicate::all_of;
use super::wording::{self, FlagName};
use crate::config_files::pki::{Certificate, Issuer, PemFile, Purpose, purpose};
use crate::flags::answer::Known;
use crate::flags::value::Value;
use crate::result::Evidence;
use crate::rule::certificate::CertificateExpectation as Expect;
use crate::rule::predicate::Expectation;

const DAY: i64 = 24 * 60 * 60;

/// A bundle can be long: so many of its certificates are named.
const MOST: usize = 5;

impl Judge<'_> {
    /// The certificate or key behind a flag is as expected.
    pub(super) fn certificate(&self, flag: &'static str, expect: &Expect) -> Judged {
        let judged = match expect {
            Expect::ValidFor(days) => {
                let days = days.value.as_number().and_then(|days| i64::try_from(days).ok());
                self.valid_for(flag, days.unwrap_or(i64::MAX))
            }
            Expect::Strong => self.strong(flag),
            Expect::MatchesKey(key) => self.matches_key(flag, key),
            Expect::KeyDiffersFrom(others) => self.key_differs(flag, others),
            Expect::DiffersFrom(other) => self.authorities_differ(flag, other),
            Expect::NamedIn(list) => self.named_in(flag, list),
            Expect::IssuedBy(authority) => self.issued_by(flag, authority),
            Expect::NotInGroup(group) => self.not_in_group(flag, group),
        };
        judged.unwrap_or_else(|judged| judged)
    }

    /// The first certificate of the file that a flag names.
    pub(super) fn leaf_of<'s>(
        &'s self,
        flag: &'static str,
    ) -> Result<(NamedPem<'s>, Arc<PemFile>, Certificate), Judged> {
        let named = self.named_here(flag)?.pop();
        let named = named.ok_or_else(|| flag::judge(self, flag, &Expectation::NonEmpty))?;
        let file = self.pem(&named)?;
        let leaf = file
            .leaf()
            .cloned()
            .map_err(|problem| self.refused(named.flag, named.setting, problem))?;
        Ok((named, file, leaf))
    }

    /// Every certificate of the bundle that a file is.
    pub(super) fn bundle(&self, named: &NamedPem<'_>) -> Result<Vec<Certificate>, Judged> {
        let file = self.pem(named)?;
        match file.bundle() {
            Ok(all) => Ok(all.into_iter().cloned().collect()),
            Err(problem) => Err(self.refused(named.flag, named.setting, problem)),
        }
    }

    /// The certificates that count: all of a bundle, else the first.
    fn counting(&self, flag: &'static str) -> Result<Vec<Certificate>, Judged> {
        if purpose(flag) != Some(Purpose::Authorities) {
            return Ok(vec![self.leaf_of(flag)?.2]);
        }
        let mut all = Vec::new();
        for named in self.named_here(flag)? {
            all.extend(self.bundle(&named)?);
        }
        Ok(all)
    }

    fn valid_for(&self, flag: &'static str, days: i64) -> Result<Judged, Judged> {
        let mut all = self.counting(flag)?;
        all.sort_by_key(|certificate| certificate.not_after);
        let needed = self.now.saturating_add(days.saturating_mul(DAY));
        let bad: Vec<&Certificate> = all
            .iter()
            .filter(|certificate| {
                certificate.not_before > self.now || certificate.not_after < needed
            })
            .collect();
        if !bad.is_empty() {
            let facts = bad.iter().take(MOST).map(|bad| {
                let text = self.why_not_valid(bad);
                in_file(flag, &bad.last_day, &bad.location, text)
            });
            return Ok(Judged::decided(false, facts.collect()));
        }
        // The first to end says it for all.
        let facts = all.first().map(|first| {
            let text = format!("{} valid until {}", first.subject, first.last_day);
            in_file(flag, &first.last_day, &first.location, text)
        });
        Ok(Judged::decided(true, Vec::from_iter(facts)))
    }

    fn why_not_valid(&self, certificate: &Certificate) -> String {
        let Certificate { subject, first_day, last_day, .. } = certificate;
        if certificate.not_before > self.now {
            return format!("{subject} not valid before {first_day}");
        }
        match certificate.not_after.saturating_sub(self.now) {
            left if left < 0 => format!("{subject} expired on {last_day}"),
            left if left < DAY => format!("{subject} expires on {last_day}, in less than a day"),
            left => format!("{subject} expires on {last_day}, in {} days", left / DAY),
        }
    }

    fn strong(&self, flag: &'static str) -> Result<Judged, Judged> {
        let parts = self.counting(flag)?.into_iter().map(|certificate| {
            let Certificate { subject, key, signature, location, .. } = &certificate;
            // Nobody looks at the signature of a root: it is trusted as it is.
            let (text, signed) = if certificate.is_root() {
                (format!("{subject}: {}", key.kind()), Some(true))
            } else {
                let text = format!("{subject}: {}, signature {}", key.kind(), signature.name);
                (text, signature.is_strong)
            };
            let facts = vec![in_file(flag, &key.kind(), location, text)];
            match (key.is_strong(), signed) {
                (Some(false), _) | (_, Some(false)) => Judged::decided(false, facts),
                (Some(true), Some(true)) => Judged::decided(true, facts),
                _ => Judged::new(Outcome::Ask("decide whether this is strong".to_owned()), facts),
            }
        });
        let mut judged = all_of(parts);
        judged.facts.truncate(MOST);
        Ok(judged)
    }

    fn named_in(&self, flag: &'static str, list: &'static str) -> Result<Judged, Judged> {
        let (_, _, leaf) = self.leaf_of(flag)?;
        let shown = leaf.common_name.as_deref().unwrap_or("none");
        let mine = in_file(flag, shown, &leaf.location, format!("common name of {}", leaf.subject));
        let Known { value, by } = self.flags.answer(list).map_err(|gap| self.unanswered(&gap))?;
        let settings = by.occurrences;
        let text = wording::flag(list, value, settings, self.flags);
        let theirs = self.fact(list, Some(value.to_string()), settings.last(), text);
        let names = match value {
            Value::List(names) => names.as_slice(),
            _ => &[],
        };
        // The server takes any certificate of the CA where it is given no names.
        let holds = names.is_empty() || leaf.common_name.is_some_and(|name| names.contains(&name));
        Ok(Judged::decided(holds, vec![mine, theirs]))
    }

    fn not_in_group(&self, flag: &'static str, group: &str) -> Result<Judged, Judged> {
        let (_, _, leaf) = self.leaf_of(flag)?;
        let member = leaf.organisations.iter().any(|organisation| organisation == group);
        let not = if member { "" } else { "not " };
        let text = format!("{} is {not}in the group {group}", leaf.subject);
        let facts = vec![in_file(flag, &leaf.subject, &leaf.location, text)];
        Ok(Judged::decided(!member, facts))
    }

    /// By names and key identifiers: no signature is verified.
    fn issued_by(&self, flag: &'static str, authority: &'static str) -> Result<Judged, Judged> {
        let (_, file, leaf) = self.leaf_of(flag)?;
        let mut bundle = Vec::new();
        for named in self.named_here(authority)? {
            bundle.extend(self.bundle(&named)?);
        }
        let judged = |outcome: Outcome, text: String| {
            Ok(Judged::new(outcome, vec![in_file(flag, &leaf.subject, &leaf.location, text)]))
        };
        let chain: Vec<&Certificate> = file.chain().collect();
        let (mut current, mut by_name) = (&leaf, false);
        // A chain is never longer than the certificates that can be in it.
        for _ in 0..=chain.len() {
            let trusted = bundle.iter().find(|trusted| {
                trusted.der == current.der || current.names_as_issuer(trusted) == Issuer::Yes
            });
            if let Some(trusted) = trusted {
                let text = if trusted.der == current.der {
                    format!("{} stands in {} itself", current.subject, FlagName(authority))
                } else {
                    format!("{} names {} as its issuer", current.subject, trusted.subject)
                };
                return judged(Outcome::Holds, text);
            }
            by_name |=
                bundle.iter().any(|trusted| current.names_as_issuer(trusted) == Issuer::ByName);
            let next = chain.iter().find(|next| {
                next.der != current.der && current.names_as_issuer(next) != Issuer::No
            });
            let Some(next) = next else { break };
            current = next;
        }
        if by_name {
            let what = format!("decide by its signature who issued {}", leaf.subject);
            let text = "name of the issuer as it should be, key identifier missing or another";
            return judged(Outcome::Ask(what), text.to_owned());
        }
        let text =
            format!("{} names no authority of {} as its issuer", leaf.subject, FlagName(authority));
        judged(Outcome::Fails, text)
    }
}

/// A fact about a file.
pub(super) fn about(named: &NamedPem<'_>, certificate: &Certificate, text: String) -> Evidence {
    in_file(named.flag, &certificate.subject, &certificate.location, text)
}
