//! Waivers as a report shows them.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::RuleResult;
use crate::report::quotable;
use crate::result;
use crate::waiver;

/// A waiver that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver<'r> {
    /// Why the failure is accepted.
    pub reason: Cow<'r, str>,
    /// Who accepts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Cow<'r, str>>,
    /// The last day on which it holds, such as `2027-03-31`; without one it does not end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

impl<'r> From<&'r result::Acceptance> for Waiver<'r> {
    fn from(waiver: &'r result::Acceptance) -> Self {
        Self {
            reason: quotable(&waiver.reason),
            owner: waiver.owner.as_deref().map(quotable),
            expires: waiver.expires.map(|date| date.to_string()),
        }
    }
}

impl fmt::Display for Waiver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Waived")?;
        if let Some(owner) = &self.owner {
            write!(f, " by {owner}")?;
        }
        if let Some(day) = &self.expires {
            write!(f, " until {day}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// A waiver that no longer holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LapsedWaiver<'r> {
    /// What it said.
    #[serde(flatten)]
    pub waiver: Waiver<'r>,
    /// Why it does not hold.
    pub because: Cow<'r, str>,
}

impl fmt::Display for LapsedWaiver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Its waiver {}: {}", self.because, self.waiver.reason)
    }
}

impl RuleResult<'_> {
    /// What there is to say on whether the failure is accepted.
    pub fn acceptance(&self) -> Option<String> {
        let waived = self.waiver.as_ref().map(ToString::to_string);
        let lapsed = self.lapsed_waiver.as_ref().map(ToString::to_string);
        let known = self.baseline.then(|| "Known from the baseline.".to_owned());
        let said: Vec<String> = [waived, lapsed, known].into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join("\n"))
    }
}

impl<'r> From<&'r result::Lapse> for LapsedWaiver<'r> {
    fn from(lapse: &'r result::Lapse) -> Self {
        Self { waiver: Waiver::from(&*lapse.waiver), because: quotable(&lapse.because) }
    }
}

/// A waiver of the run, and what it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverRecord<'r> {
    /// The rule, if it is for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Cow<'r, str>>,
    /// The control, if it is for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<Cow<'r, str>>,
    /// What it says.
    #[serde(flatten)]
    pub waiver: Waiver<'r>,
    /// Where it was written: file and line.
    pub place: String,
    /// How many failures it covers.
    pub covers: usize,
    /// Whether its last day is over.
    pub expired: bool,
    /// Whether it is of no use: nothing that it is for fails.
    pub unused: bool,
}

impl<'r> WaiverRecord<'r> {
    /// A waiver of a run. If the run was about everything, one that met nothing is unused.
    pub fn of(entry: &'r waiver::Use, expired: bool, is_whole: bool) -> Self {
        let (rule, control) = match &entry.waiver.demand {
            waiver::Demand::Rule(id) => (Some(quotable(id)), None),
            waiver::Demand::Control { number, .. } => (None, Some(quotable(number))),
        };
        Self {
            rule,
            control,
            waiver: Waiver::from(&*entry.waiver.acceptance),
            place: quotable(&entry.waiver.place).into_owned(),
            covers: entry.covers,
            expired,
            unused: entry.covers + entry.lapsed == 0 && (is_whole || entry.concerns > 0),
        }
    }

    /// What somebody should know of it: that it is over, or of no use.
    pub fn remark(&self) -> Option<String> {
        let name = self.rule.as_ref().or(self.control.as_ref()).map_or("", |name| name);
        let Self { place, .. } = self;
        if self.expired {
            let last = self.waiver.expires.as_deref().unwrap_or_default();
            return Some(format!("{place}: the waiver of {name} expired after {last}"));
        }
        self.unused
            .then(|| format!("{place}: the waiver of {name} is unused: nothing it covers fails"))
    }
}
