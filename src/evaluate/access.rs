//! Who is let in without credentials, by tokens of others, and who authorizes.

use super::files::in_file;
use super::flag;
use super::judged::{Judge, Judged, Outcome};
use super::wording;
use crate::config_files::Located;
use crate::config_files::authentication::{Issuer, Naming};
use crate::config_files::authorization::AuthorizationConfiguration;
use crate::flags::Flags;
use crate::flags::answer::{Known, Why};
use crate::flags::authorization::{CONFIG, Chain, MODE, authorizers};
use crate::flags::value::Value;
use crate::rule::predicate::{Anonymous, Expectation};

const AUTHENTICATION: &str = "authentication-config";
const ANONYMOUS: &str = "anonymous-auth";

/// What the cluster's own users and groups begin with. Source: apiserver
/// `pkg/authentication/user/user.go`.
const SYSTEM: &str = "system:";

impl Judge<'_> {
    /// Requests without credentials: by the flag where it is given, else by the file.
    pub(super) fn anonymous(&self, wanted: &Anonymous) -> Judged {
        let by_flag = || {
            let off = Value::Bool(false);
            let judged = flag::judge(self, ANONYMOUS, &Expectation::NonEmpty);
            match (self.flags.value(ANONYMOUS), judged.outcome) {
                (Some(value), Outcome::Holds) => Judged::decided(*value == off, judged.facts),
                (_, outcome) => Judged::new(outcome, judged.facts),
            }
        };
        if self.flags.is_set(ANONYMOUS) || !names_a_file(self.flags, AUTHENTICATION) {
            return by_flag();
        }
        let config = match self.content(AUTHENTICATION, &self.contents.authentication) {
            Ok(config) => config,
            Err(judged) => return judged,
        };
        let Some(anonymous) = &config.anonymous else { return by_flag() };
        let (holds, text) = match (anonymous.enabled, &anonymous.paths[..]) {
            (false, _) => (true, "anonymous requests are refused".to_owned()),
            (true, []) => (false, "anonymous requests are let in".to_owned()),
            (true, paths) => {
                let allowed = match wanted {
                    Anonymous::Off => false,
                    Anonymous::OnlyPaths(allowed) => paths.iter().all(|p| allowed.contains(p)),
                };
                (allowed, format!("anonymous requests are let in to {}", paths.join(", ")))
            }
        };
        let value = if anonymous.enabled { "true" } else { "false" };
        Judged::decided(holds, vec![in_file(AUTHENTICATION, value, &anonymous.location, text)])
    }

    /// Users and groups in tokens of other issuers cannot be called like the cluster's own.
    pub(super) fn jwt_prefixed(&self) -> Judged {
        let config = match self.content(AUTHENTICATION, &self.contents.authentication) {
            Ok(config) => config,
            Err(judged) => return judged,
        };
        let mut facts = Vec::new();
        let mut unsure = false;
        let mut holds = true;
        for Issuer { url, users, groups, refuses_system_names } in &config.issuers {
            let both = [("users", Some(users)), ("groups", groups.as_ref())];
            for (what, naming) in both {
                let Some(Located { value: naming, location }) = naming else { continue };
                let text = match naming {
                    Naming::Prefixed(prefix) => {
                        if !flag::keeps_apart(prefix, SYSTEM) {
                            // What a rule in CEL refuses, a person has to read.
                            holds &= *refuses_system_names;
                            unsure = true;
                        }
                        match prefix.as_str() {
                            "" => format!("{what} of {url} have no prefix"),
                            prefix => format!("{what} of {url} begin with {prefix:?}"),
                        }
                    }
                    Naming::Expression(expression) => {
                        unsure = true;
                        format!("{what} of {url} are {expression}")
                    }
                };
                facts.push(in_file(AUTHENTICATION, url, location, text));
            }
        }
        if holds && unsure {
            let what =
                "decide whether expressions and rules keep out users and groups with system:";
            return Judged::new(Outcome::Ask(what.to_owned()), facts);
        }
        if facts.is_empty() {
            return flag::judge(self, AUTHENTICATION, &Expectation::NonEmpty);
        }
        Judged::decided(holds, facts)
    }

    /// A mode is in the chain of authorizers, or is not.
    pub(super) fn authorizer(&self, mode: &str, included: bool) -> Judged {
        match authorizers(self.flags) {
            Ok(Known { value: Chain::Modes(modes), by }) => {
                let settings = by.occurrences;
                let minor = self.flags.minor_text();
                let text = self.words(|| wording::chain(&modes, settings, minor));
                let value = Some(self.words(|| ["[", &modes.join(","), "]"].concat()));
                let setting = settings.giving(mode);
                let fact = self.fact(MODE, value, setting, text);
                let holds = modes.contains(&mode) == included;
                Judged::decided(holds, vec![fact])
            }
            Ok(Known { value: Chain::File, .. }) => {
                let config = match self.content(CONFIG, &self.contents.authorization) {
                    Ok(config) => config,
                    Err(judged) => return judged,
                };
                let modes: Vec<&str> =
                    config.authorizers.iter().map(|it| it.mode.value.as_str()).collect();
                let found = config.authorizers.iter().find(|it| it.mode.value == mode);
                let location = found.map_or(&config.location, |it| &it.mode.location);
                let text = format!("the authorizers are {}", modes.join(", "));
                let fact = in_file(CONFIG, &modes.join(","), location, text);
                unless_unsure(config, Judged::decided(found.is_some() == included, vec![fact]))
            }
            Err(gap) => self.unanswered(&gap),
        }
    }

    /// No line of the ABAC policy allows everybody everything.
    pub(super) fn abac_limited(&self) -> Judged {
        const POLICY: &str = "authorization-policy-file";
        match self.content(POLICY, &self.contents.abac) {
            Err(judged) => judged,
            Ok(Some(found)) => Judged::decided(
                false,
                vec![in_file(POLICY, "", &found.location, found.value.clone())],
            ),
            Ok(None) => {
                let judged = flag::judge(self, POLICY, &Expectation::NonEmpty);
                Judged::decided(true, judged.facts)
            }
        }
    }

    /// While a webhook cannot be asked, requests are denied. By the flag they never are.
    pub(super) fn webhooks_fail_closed(&self) -> Judged {
        if !matches!(authorizers(self.flags), Ok(Known { value: Chain::File, .. })) {
            return self.authorizer("Webhook", false);
        }
        let config = match self.content(CONFIG, &self.contents.authorization) {
            Ok(config) => config,
            Err(judged) => return judged,
        };
        let webhooks = config.authorizers.iter().filter_map(|it| it.webhook.as_ref());
        let (closed, open): (Vec<_>, Vec<_>) = webhooks.partition(|it| it.fails_closed.value);
        let holds = open.is_empty();
        let fact = |policy: &str| {
            let list = if holds { &closed } else { &open };
            let facts = list.iter().map(|webhook| {
                let text = format!("the failure policy of {} is {policy}", webhook.name);
                in_file(CONFIG, policy, &webhook.fails_closed.location, text)
            });
            facts.collect::<Vec<_>>()
        };
        let facts = fact(if holds { "Deny" } else { "NoOpinion" });
        if facts.is_empty() {
            self.authorizer("Webhook", false)
        } else {
            unless_unsure(config, Judged::decided(holds, facts))
        }
    }
}

/// What holds in a file, unless it is not known whether the server takes the file.
fn unless_unsure(config: &AuthorizationConfiguration, judged: Judged) -> Judged {
    let mut unsure =
        config.authorizers.iter().filter_map(|it| it.webhook.as_ref()?.unsure.as_ref());
    match (judged.outcome, unsure.next()) {
        (Outcome::Holds, Some(Located { location, .. })) => {
            let what = format!(
                "check that the server compiles the match condition at {location}: it calls what \
                 plimsoll does not know"
            );
            Judged::new(Outcome::Unknown(what), judged.facts)
        }
        (outcome, _) => Judged::new(outcome, judged.facts),
    }
}

/// Whether a flag of this release names a file.
pub(super) fn names_a_file(flags: &Flags, name: &'static str) -> bool {
    match flags.answer(name) {
        Ok(known) => known.by.setting().is_some() && !known.value.is_empty(),
        Err(gap) => matches!(gap.why, Why::Clause(_)),
    }
}
