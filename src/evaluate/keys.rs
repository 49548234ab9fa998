//! Keys and authorities compared with each other, by their public keys.

use std::collections::BTreeMap;

use super::certificates::about;
use super::files::in_file;
use super::flag;
use super::judged::{Judge, Judged, Outcome};
use super::pem::NamedPem;
use super::predicate::all_of;
use crate::command_line::Location;
use crate::config_files::Located;
use crate::config_files::pki::{Certificate, PrivateKey, PublicKey, Purpose, key_flag_of, purpose};
use crate::result::Evidence;
use crate::rule::predicate::Expectation;

/// The keys behind a flag.
struct Keys {
    /// With the name of its file each.
    public: Vec<(PublicKey, Evidence)>,
    /// Those whose public part is not in the file.
    unknown: Vec<Evidence>,
}

impl Judge<'_> {
    /// The certificate and the private key belong together.
    pub(super) fn matches_key(
        &self,
        flag: &'static str,
        key_flag: &'static str,
    ) -> Result<Judged, Judged> {
        let key_named = self.named_here(key_flag)?.pop();
        let key_named =
            key_named.ok_or_else(|| flag::judge(self, key_flag, &Expectation::NonEmpty))?;
        let (_, file, leaf) = self.leaf_of(flag)?;
        let key_file = self.pem(&key_named)?;
        let key = key_file
            .private_key()
            .map_err(|problem| self.refused(key_named.flag, key_named.setting, problem))?;
        let (certificate, key_name) = (&file.name, &key_file.name);
        let fact = |text: String| {
            vec![naming_file(in_file(key_flag, &leaf.key.kind(), &key.location, text))]
        };
        Ok(match &key.value {
            PrivateKey::Public(public) if *public == leaf.key => {
                Judged::decided(true, fact(format!("{key_name} is the key of {certificate}")))
            }
            PrivateKey::Public(_) => {
                let text = format!(
                    "{key_name} is not the key of {certificate}, the certificate of {}",
                    leaf.subject
                );
                Judged::decided(false, fact(text))
            }
            PrivateKey::PrivateOnly => {
                let what = format!("compare the key with {certificate}");
                Judged::new(Outcome::Ask(what), fact(no_public_part(key_name)))
            }
        })
    }

    /// None of the other flags names the same key.
    pub(super) fn key_differs(
        &self,
        flag: &'static str,
        others: &[&'static str],
    ) -> Result<Judged, Judged> {
        let mine = self.named(flag)?;
        if mine.is_empty() {
            // What is not there is not shared.
            return Ok(flag::judge(self, flag, &Expectation::Empty));
        }
        let mut parts = Vec::new();
        for other in others {
            let theirs = match self.named(other) {
                Ok(theirs) => theirs,
                Err(judged) => {
                    parts.push(judged);
                    continue;
                }
            };
            if !theirs.is_empty() {
                parts.push(self.pair_differs((flag, &mine), (other, &theirs)));
            }
        }
        if parts.is_empty() {
            // There is nothing that it could be the same as.
            return Ok(flag::judge(self, flag, &Expectation::NonEmpty));
        }
        Ok(all_of(parts))
    }

    fn pair_differs(
        &self,
        (flag, mine): (&'static str, &[NamedPem<'_>]),
        (other, theirs): (&'static str, &[NamedPem<'_>]),
    ) -> Judged {
        if let Some(judged) = self.same_path((flag, mine), (other, theirs)) {
            return judged;
        }
        let (mine, theirs) = match (self.keys(mine), self.keys(theirs)) {
            (Ok(mine), Ok(theirs)) => (mine, theirs),
            // What both lack is said of both.
            (mine, theirs) => {
                return all_of([mine.err(), theirs.err()].into_iter().flatten());
            }
        };
        let their_keys: BTreeMap<&PublicKey, &Evidence> =
            theirs.public.iter().map(|(key, fact)| (key, fact)).collect();
        for (key, fact) in &mine.public {
            if let Some(same) = their_keys.get(key) {
                let mut fact = fact.clone();
                fact.words = format!("{} and {} hold the same key", fact.words, same.words);
                return Judged::decided(false, vec![fact]);
            }
        }
        let unknown: Vec<Evidence> = mine.unknown.into_iter().chain(theirs.unknown).collect();
        if !unknown.is_empty() {
            return Judged::new(Outcome::Ask("compare the keys".to_owned()), unknown);
        }
        let fact = mine.public.into_iter().next().map(|(_, mut fact)| {
            let names: Vec<&str> = theirs.public.iter().map(|(_, f)| f.words.as_str()).collect();
            fact.words = format!("{} holds another key than {}", fact.words, names.join(", "));
            fact
        });
        Judged::decided(true, Vec::from_iter(fact))
    }

    /// One file is one key, whoever reads it. A certificate's own key counts as well.
    fn same_path(
        &self,
        (flag, mine): (&'static str, &[NamedPem<'_>]),
        (other, theirs): (&'static str, &[NamedPem<'_>]),
    ) -> Option<Judged> {
        let key_of = |flag: &str| {
            key_flag_of(flag).and_then(|key_flag| self.named(key_flag).ok()).unwrap_or_default()
        };
        let (my_keys, their_keys) = (key_of(flag), key_of(other));
        let their_all: Vec<&NamedPem<'_>> = theirs.iter().chain(&their_keys).collect();
        mine.iter().chain(&my_keys).find_map(|one| {
            let same = their_all.iter().find(|theirs| theirs.path == one.path)?;
            let fact = |named: &NamedPem<'_>| {
                let value = Some(named.setting.shown_value().into_owned());
                self.fact(
                    named.flag,
                    value,
                    Some(named.setting),
                    named.setting.shown().into_owned(),
                )
            };
            Some(Judged::decided(false, vec![fact(one), fact(same)]))
        })
    }

    /// The keys in files: of a pair that of its certificate, so that the private key stays closed.
    fn keys(&self, files: &[NamedPem<'_>]) -> Result<Keys, Judged> {
        let mut keys = Keys { public: Vec::new(), unknown: Vec::new() };
        for named in files {
            let file = self.pem(named)?;
            let refused = |problem| self.refused(named.flag, named.setting, problem);
            let fact = |location: &Location, text| {
                naming_file(in_file(named.flag, named.path, location, text))
            };
            let found: Vec<Located<PrivateKey>> = match purpose(named.flag) {
                Some(Purpose::PrivateKey) => vec![file.private_key().map_err(refused)?.clone()],
                Some(Purpose::VerifyingKeys) => file.verifying_keys().map_err(refused)?.to_vec(),
                _ => {
                    let Certificate { key, location, .. } = file.leaf().map_err(refused)?.clone();
                    vec![Located { value: PrivateKey::Public(key), location }]
                }
            };
            for Located { value, location } in found {
                match value {
                    PrivateKey::Public(key) => {
                        keys.public.push((key, fact(&location, file.name.to_string())));
                    }
                    PrivateKey::PrivateOnly => {
                        keys.unknown.push(fact(&location, no_public_part(&file.name)));
                    }
                }
            }
        }
        Ok(keys)
    }

    /// Two bundles have no authority in common: no certificate, and no other one for the same key.
    pub(super) fn authorities_differ(
        &self,
        flag: &'static str,
        other: &'static str,
    ) -> Result<Judged, Judged> {
        let mine = self.named(flag)?;
        let theirs = self.named(other)?;
        for (named, flag) in [(&mine, flag), (&theirs, other)] {
            if named.is_empty() {
                // What is not there is not shared.
                return Ok(flag::judge(self, flag, &Expectation::Empty));
            }
        }
        if let Some(judged) = self.same_path((flag, &mine), (other, &theirs)) {
            return Ok(judged);
        }
        let mut trusted: BTreeMap<PublicKey, String> = BTreeMap::new();
        for named in &theirs {
            let name = self.pem(named)?.name.to_string();
            let bundle = self.bundle(named)?.into_iter();
            trusted.extend(bundle.map(|certificate| (certificate.key, name.clone())));
        }
        let mut facts = Vec::new();
        for named in &mine {
            let name = self.pem(named)?.name.to_string();
            for certificate in self.bundle(named)? {
                if let Some(there) = trusted.get(&certificate.key) {
                    let text =
                        format!("{} is trusted by {name} and by {there}", certificate.subject);
                    let fact = naming_file(about(named, &certificate, text));
                    return Ok(Judged::decided(false, vec![fact]));
                }
                if facts.is_empty() {
                    let names: Vec<&str> = trusted.values().map(String::as_str).take(1).collect();
                    let text = format!("{name} has no authority of {}", names.concat());
                    facts.push(naming_file(about(named, &certificate, text)));
                }
            }
        }
        Ok(Judged::decided(true, facts))
    }
}

/// A fact whose words name its file.
fn naming_file(fact: Evidence) -> Evidence {
    Evidence { names_file: true, ..fact }
}

fn no_public_part(name: &str) -> String {
    format!("{name} does not hold the public part of its key")
}
