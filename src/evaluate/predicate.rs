//! One predicate on one reading of the flags.

use super::flag;
use super::judged::{Judge, Judged, Outcome};
use super::wording;
use crate::diagnostic::{Code, Diagnostic};
use crate::flags::admission::plugin;
use crate::flags::answer::{Cause, Known};
use crate::flags::api_versions::{RUNTIME_CONFIG, Stage, served};
use crate::flags::feature_gates::{FLAG as GATES, gate};
use crate::result::{Evidence, Origin};
use crate::rule::predicate::{Audit, Expectation, Predicate};

impl Judge<'_> {
    pub(super) fn predicate(&self, predicate: &Predicate) -> Judged {
        match predicate {
            Predicate::Flag { name, expect } => flag::judge(self, name, expect),
            Predicate::Admission { plugin, enabled } => self.admission(plugin, *enabled),
            Predicate::Authorizer { mode, included } => self.authorizer(mode, *included),
            Predicate::Gate { name, on } => self.gate(name, *on),
            Predicate::WebhooksFailClosed => self.webhooks_fail_closed(),
            Predicate::AbacLimited => self.abac_limited(),
            Predicate::Anonymous(wanted) => self.anonymous(wanted),
            Predicate::JwtPrefixed => self.jwt_prefixed(),
            Predicate::Audit(audit) => match audit {
                Audit::Records => self.audit_records(),
                Audit::Strict => self.audit_strict(),
                Audit::AtLeast(level, requests) => self.audit_at_least(*level, requests),
                Audit::AtMost(level, requests) => self.audit_at_most(*level, requests),
            },
            Predicate::PodSecurityEnforces(level) => self.pod_security_enforces(level),
            Predicate::PodSecurityExemptsOnly(list) => self.pod_security_exempts_only(list),
            Predicate::EventRateLimited => self.event_rate_limited(),
            Predicate::ImagePolicyFailsClosed => self.image_policy_fails_closed(),
            Predicate::KubeconfigProtected(flag) => self.kubeconfig_protected(flag),
            Predicate::EgressProtected => self.egress_protected(),
            Predicate::Encryption { resource, providers } => {
                self.encryption(resource, providers.value.as_list().unwrap_or_default())
            }
            Predicate::Certificate { flag, expect } => self.certificate(flag, expect),
            Predicate::GatesNotTurned { names, on } => self.gates_not_turned(names, *on),
            Predicate::File(demand) => self.file(demand),
            Predicate::ApisExcluded(stage) => self.apis_excluded(*stage),
            Predicate::EnvironmentExcludes { name, items } => {
                self.environment_excludes(name, items)
            }
            Predicate::ServerStarts => self.starts(),
            Predicate::ServerAsWritten => self.as_written(),
            Predicate::Kubernetes(range) => {
                Judged::decided(range.contains(self.flags.minor()), Vec::new())
            }
            Predicate::FileDecides(name) => self.file_decides(name),
            Predicate::PersonDecides(what) => {
                Judged::new(Outcome::Ask(self.words(|| ["decide ", what].concat())), Vec::new())
            }
            Predicate::WhereKnown(part) => self.where_known(part),
            Predicate::All(list) => self.all(list),
            Predicate::Any(list) => self.any(list),
            Predicate::Not(part) => self.not(part),
        }
    }

    fn all(&self, list: &[Predicate]) -> Judged {
        all_of(list.iter().map(|p| self.predicate(p)))
    }

    /// What the server refuses makes no part hold: it does not start with the others either.
    fn any(&self, list: &[Predicate]) -> Judged {
        let parts = list.iter().map(|p| self.predicate(p));
        combine(parts, [Rank::Broken, Rank::Holds, Rank::Unknown, Rank::Asks, Rank::Fails])
    }

    /// What is not known of a demand is not known of its opposite.
    fn not(&self, part: &Predicate) -> Judged {
        let Judged { outcome, facts } = self.predicate(part);
        let outcome = match outcome {
            Outcome::Holds => Outcome::Fails,
            Outcome::Fails => Outcome::Holds,
            other => other,
        };
        Judged::new(outcome, facts)
    }

    /// What cannot be told decides nothing.
    fn where_known(&self, part: &Predicate) -> Judged {
        let mut judged = self.predicate(part);
        match judged.outcome {
            Outcome::Ask(_) | Outcome::Unknown(_) => {
                Judged::new(Outcome::NotHere(judged.take_words()), Vec::new())
            }
            _ => judged,
        }
    }

    fn admission(&self, name: &str, enabled: bool) -> Judged {
        let fact = match plugin(self.flags, name) {
            Ok(fact) => fact,
            Err(gap) => return self.unanswered(&gap),
        };
        let setting = fact.by.setting();
        let value = setting.map(|it| self.words(|| it.shown_value().into_owned()));
        let text = self.words(|| wording::plugin(name, &fact, self.flags.minor_text()));
        let evidence = vec![self.fact(fact.by.flag, value, setting, text)];
        Judged::decided(fact.value == enabled, evidence)
    }

    fn gate(&self, name: &str, wanted: bool) -> Judged {
        let gate = match gate(self.flags, name) {
            Ok(gate) => gate,
            Err(gap) => return self.unanswered(&gap),
        };
        let (on, setting) = (gate.value, gate.by.setting());
        let word = if on { "on" } else { "off" };
        let text = self.words(|| match setting {
            Some(setting) => format!("{name} {word} by {}", setting.shown()),
            None => format!("{name} {word} by default ({})", self.flags.minor()),
        });
        let fact = self.fact(GATES, Some(self.words(|| format!("{name}={on}"))), setting, text);
        Judged::decided(on == wanted, vec![fact])
    }

    /// Only what a setting does counts, so that a default that differs between minors is nobody's
    /// fault. A gate that the release does not have cannot be turned.
    fn gates_not_turned(&self, names: &[String], wrong: bool) -> Judged {
        let flag = flag::judge(self, GATES, &Expectation::Empty);
        if !matches!(flag.outcome, Outcome::Holds | Outcome::Fails) {
            return flag;
        }
        let mut turned = Vec::new();
        for name in names {
            match gate(self.flags, name) {
                Ok(gate) if gate.value == wrong && gate.by.setting().is_some() => {
                    turned.push(self.gate(name, !wrong));
                }
                Err(gap) if gap.cause == Cause::Refused => return self.unanswered(&gap),
                _ => {}
            }
        }
        let facts = turned.into_iter().flat_map(|judged| judged.facts).collect::<Vec<_>>();
        if facts.is_empty() {
            Judged::decided(true, flag.facts)
        } else {
            Judged::decided(false, facts)
        }
    }

    /// By default no release serves an alpha version, and beta versions as it was built.
    fn apis_excluded(&self, stage: Stage) -> Judged {
        let unset = Expectation::Empty;
        let judged = flag::judge(self, RUNTIME_CONFIG, &unset);
        let value = match self.flags.answer(RUNTIME_CONFIG) {
            Ok(Known { value, by }) if by.setting().is_some() => value,
            _ => return judged,
        };
        match served(value, stage) {
            Ok(served) => Judged::decided(!served, judged.facts),
            Err(why) => self.broken(RUNTIME_CONFIG, None, || why.into()),
        }
    }

    fn starts(&self) -> Judged {
        let facts = |wanted: fn(&Diagnostic) -> bool| -> Vec<Evidence> {
            let found = self.flags.diagnostics.iter().filter(|diagnostic| wanted(diagnostic));
            let facts = found.map(|diagnostic| Evidence {
                flag: "".into(),
                value: None,
                origin: Origin::Set,
                location: diagnostic.location.clone(),
                names_file: false,
                words: diagnostic.message().into_owned(),
            });
            facts.collect()
        };
        let problems = facts(|it| it.refuses() || it.code == Code::PrintsAndEnds);
        if problems.is_empty() {
            let doubts = facts(|it| matches!(it.code, Code::UnlistedGate | Code::UnclearCondition));
            if !doubts.is_empty() {
                return Judged::new(Outcome::Unknown(String::new()), doubts);
            }
            if self.flags.has_hidden() {
                let why = "some arguments are filled in elsewhere".to_owned();
                return Judged::new(Outcome::Unknown(why), Vec::new());
            }
            let count = self.line.args.len();
            let minor = self.flags.minor();
            let fact = Evidence {
                flag: "".into(),
                value: None,
                origin: Origin::Set,
                location: Some(self.place_to_add()),
                names_file: false,
                words: format!("{minor} accepts every argument ({count})"),
            };
            return Judged::decided(true, vec![fact]);
        }
        Judged::decided(false, problems)
    }

    /// Whatever stands in the file, a person reads it; that it is there is all that can be told.
    fn file_decides(&self, name: &'static str) -> Judged {
        match self.file_of(name) {
            Err(judged) => judged,
            Ok((setting, _)) => {
                let text = format!("{} decides", setting.shown());
                let fact =
                    self.fact(name, Some(setting.shown_value().into_owned()), Some(setting), text);
                Judged::new(Outcome::Ask(String::new()), vec![fact])
            }
        }
    }
}

/// What comes of parts that must all hold.
pub(super) fn all_of(parts: impl IntoIterator<Item = Judged>) -> Judged {
    combine(parts, [Rank::Fails, Rank::Broken, Rank::Unknown, Rank::Asks, Rank::Holds])
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Rank {
    Holds,
    Fails,
    Unknown,
    Asks,
    Broken,
}

fn rank(outcome: &Outcome) -> Option<Rank> {
    match outcome {
        Outcome::Holds => Some(Rank::Holds),
        Outcome::Fails => Some(Rank::Fails),
        Outcome::Ask(_) => Some(Rank::Asks),
        Outcome::Unknown(_) => Some(Rank::Unknown),
        Outcome::Broken(_) => Some(Rank::Broken),
        // What this release does not have decides nothing.
        Outcome::NotHere(_) => None,
    }
}

/// The outcome of the first rank that any part has, with the facts of the parts of that rank.
pub(super) fn combine(parts: impl IntoIterator<Item = Judged>, order: [Rank; 5]) -> Judged {
    let mut first: Option<(usize, Judged)> = None;
    let mut why_not = None;
    for Judged { outcome, facts } in parts {
        let Some(rank) = rank(&outcome) else {
            if let Outcome::NotHere(why) = outcome {
                why_not.get_or_insert(why);
            }
            continue;
        };
        let at = order.iter().position(|known| *known == rank).unwrap_or(order.len());
        match &mut first {
            Some((first_at, _)) if *first_at < at => {}
            Some((first_at, judged)) if *first_at == at => judged.join(outcome, facts),
            _ => {
                let mut judged = Judged::new(outcome, Vec::new());
                judged.add(facts);
                first = Some((at, judged));
            }
        }
    }
    match first {
        Some((_, judged)) => judged,
        None => Judged::new(Outcome::NotHere(why_not.unwrap_or_default()), Vec::new()),
    }
}
