//! The forms in which rules and editions lie in the binary. `build.rs` writes them, a run reads them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::raw::{RawExamples, RawExemption, RawPredicate, RawRule, RawSection};
use super::spanned::Spanned;
use crate::rule::Literal;
use crate::severity::Severity;

/// The part of a rule that a check needs.
#[derive(Serialize, Deserialize)]
pub(crate) struct RawDemand {
    pub(crate) id: Spanned<String>,
    pub(crate) component: Spanned<String>,
    #[serde(borrow)]
    pub(crate) title: Cow<'static, str>,
    pub(crate) severity: Severity,
    #[serde(borrow)]
    pub(crate) remediation: Cow<'static, str>,
    pub(crate) require: RawPredicate,
    pub(crate) unless: Vec<RawExemption>,
    pub(crate) parameters: BTreeMap<String, Spanned<Literal>>,
}

/// The rest: the reasons and examples of a rule.
#[derive(Serialize, Deserialize)]
pub(crate) struct RawReasons {
    pub(crate) rationale: Option<String>,
    pub(crate) impact: Option<String>,
    pub(crate) references: Vec<String>,
    pub(crate) known_as: BTreeMap<String, Vec<String>>,
    /// The examples, as groups that have their setting in common.
    pub(crate) examples: Vec<RawExamples>,
}

/// A benchmark with all its sections: nothing is left to extend.
#[derive(Serialize, Deserialize)]
pub(crate) struct RawEdition {
    #[serde(borrow)]
    pub(crate) title: Cow<'static, str>,
    pub(crate) sections: Vec<RawSection>,
}

impl RawRule {
    /// The demand, and the rest.
    pub(crate) fn into_parts(self) -> (RawDemand, RawReasons) {
        let examples = RawExamples {
            kubernetes: None,
            files: BTreeMap::new(),
            environment: None,
            written: None,
            pass: self.pass,
            fail: self.fail,
            manual: self.manual,
            unknown: self.unknown,
            not_applicable: self.not_applicable,
            error: self.error,
        };
        let demand = RawDemand {
            id: self.id,
            component: self.component,
            title: self.title.into(),
            severity: self.severity,
            remediation: self.remediation.into(),
            require: self.require,
            unless: self.unless,
            parameters: self.parameters,
        };
        let reasons = RawReasons {
            rationale: self.rationale,
            impact: self.impact,
            references: self.references,
            known_as: self.known_as,
            examples: [examples].into_iter().chain(self.on).collect(),
        };
        (demand, reasons)
    }
}
