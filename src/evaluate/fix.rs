//! The flags that would make a failed demand hold, where that can be told from the demand itself.

use std::borrow::Cow;

use super::judged::{Judge, Outcome};
use crate::flags::answer::{Known, Why};
use crate::flags::authorization::{Chain, MODE, authorizers};
use crate::flags::value::Value;
use crate::result::FlagChange;
use crate::rule::predicate::{Expectation, Predicate};

impl Judge<'_> {
    /// What to change so that the demand holds; nothing if that takes more than flags with values
    /// that the rule names.
    pub(super) fn fix(&self, failed: &Predicate) -> Vec<FlagChange> {
        self.changes(failed).unwrap_or_default()
    }

    fn changes(&self, demand: &Predicate) -> Option<Vec<FlagChange>> {
        let one = |flag: &'static str, value: Option<String>| {
            if self.flags.answer(flag).is_err_and(|gap| gap.why == Why::NoFlag) {
                return None;
            }
            // Where the component's own file decides, the command line is not the place to change.
            let by_file = self.flags.left_out(flag).is_some()
                || self.flags.last(flag).is_some_and(|setting| setting.in_file);
            if by_file {
                return None;
            }
            // Of several occurrences nobody can say which one to change.
            if self.flags.settings.iter().filter(|setting| setting.name == flag).count() > 1 {
                return None;
            }
            let written = self.flags.last(flag).filter(|setting| setting.added_by.is_none());
            let location = written.map(|setting| setting.location.clone());
            // It may be written by its other name.
            let flag = written.map_or(Cow::Borrowed(flag), |setting| setting.name.clone());
            Some(vec![FlagChange { flag, value, location }])
        };
        match demand {
            Predicate::Flag { name, expect } => match expect {
                Expectation::Unset | Expectation::Empty => one(name, None),
                Expectation::Equals(operand) | Expectation::AtLeast(operand) => {
                    one(name, Some(operand.value.to_string()))
                }
                Expectation::Only(operand) => {
                    let allowed = operand.value.as_list().unwrap_or_default();
                    let mut items = self.listed(name);
                    items.retain(|item| allowed.contains(item));
                    (!items.is_empty()).then(|| one(name, Some(items.join(","))))?
                }
                _ => None,
            },
            Predicate::Admission { plugin, enabled: true } => {
                // Where the deprecated list is in use the newer flag would be refused.
                if self.flags.is_set("admission-control") {
                    return None;
                }
                let mut changes = Vec::new();
                let off = self.listed("disable-admission-plugins");
                if off.contains(plugin) {
                    let rest: Vec<String> = off.into_iter().filter(|it| it != plugin).collect();
                    let value = (!rest.is_empty()).then(|| rest.join(","));
                    changes.extend(one("disable-admission-plugins", value)?);
                }
                let mut on = self.listed("enable-admission-plugins");
                on.push(plugin.clone());
                changes.extend(one("enable-admission-plugins", Some(on.join(",")))?);
                Some(changes)
            }
            Predicate::Admission { plugin, enabled: false } => {
                let on = self.listed("enable-admission-plugins");
                let rest: Vec<String> = on.iter().filter(|it| *it != plugin).cloned().collect();
                let value = (!rest.is_empty()).then(|| rest.join(","));
                (rest.len() < on.len()).then(|| one("enable-admission-plugins", value))?
            }
            Predicate::Authorizer { mode, included } => {
                let Ok(Known { value: Chain::Modes(mut modes), .. }) = authorizers(self.flags)
                else {
                    return None;
                };
                modes.retain(|known| known != mode && (!*included || *known != "AlwaysAllow"));
                if *included {
                    modes.push(mode);
                }
                let modes = if modes.is_empty() { "Node,RBAC".to_owned() } else { modes.join(",") };
                one(MODE, Some(modes))
            }
            Predicate::Anonymous(_) if !self.flags.is_set("authentication-config") => {
                one("anonymous-auth", Some("false".to_owned()))
            }
            // Every part that fails has to be mended; of several ways the first is the usual one.
            Predicate::All(parts) => {
                let judge = Judge { only_status: true, ..*self };
                let fails = |part: &&Predicate| judge.predicate(part).outcome == Outcome::Fails;
                let changes: Option<Vec<Vec<FlagChange>>> =
                    parts.iter().filter(fails).map(|part| self.changes(part)).collect();
                changes.map(|changes| changes.into_iter().flatten().collect())
            }
            Predicate::Any(parts) => self.changes(parts.first()?),
            _ => None,
        }
    }

    /// The items of a list flag; none if it is not known.
    fn listed(&self, name: &str) -> Vec<String> {
        match self.flags.value(name) {
            Some(Value::List(items)) => items.clone(),
            _ => Vec::new(),
        }
    }
}
