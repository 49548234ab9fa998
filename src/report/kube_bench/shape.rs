//! The structs of kube-bench's JSON, in the order and with the capitals in which Go writes them.

use serde::Serialize;

/// One main section laid against one target.
#[derive(Serialize)]
pub(super) struct Controls {
    pub(super) id: String,
    pub(super) version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) detected_version: Option<String>,
    pub(super) text: String,
    pub(super) node_type: &'static str,
    /// Never null: readers iterate over it unasked.
    pub(super) tests: Vec<Group>,
    #[serde(flatten)]
    pub(super) totals: Totals,
}

/// A section.
#[derive(Serialize)]
pub(super) struct Group {
    pub(super) section: String,
    pub(super) r#type: &'static str,
    pub(super) pass: usize,
    pub(super) fail: usize,
    pub(super) warn: usize,
    pub(super) info: usize,
    pub(super) desc: String,
    pub(super) results: Vec<Check>,
}

/// What came of a control.
#[derive(Serialize)]
pub(super) struct Check {
    pub(super) test_number: String,
    pub(super) test_desc: String,
    pub(super) audit: String,
    #[serde(rename = "AuditEnv")]
    pub(super) audit_env: &'static str,
    #[serde(rename = "AuditConfig")]
    pub(super) audit_config: &'static str,
    pub(super) r#type: &'static str,
    pub(super) remediation: String,
    /// The remediation, then what kube-bench has no field for. Readers take the first unasked.
    pub(super) test_info: Vec<String>,
    pub(super) status: State,
    pub(super) actual_value: String,
    pub(super) scored: bool,
    #[serde(rename = "IsMultiple")]
    pub(super) is_multiple: bool,
    pub(super) expected_result: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

/// The four words for what came of a control.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum State {
    Pass,
    Fail,
    Warn,
    Info,
}

/// How many results there are of each state.
#[derive(Clone, Copy, Default, Serialize)]
pub(super) struct Totals {
    #[serde(rename = "total_pass")]
    pub(super) pass: usize,
    #[serde(rename = "total_fail")]
    pub(super) fail: usize,
    #[serde(rename = "total_warn")]
    pub(super) warn: usize,
    #[serde(rename = "total_info")]
    pub(super) info: usize,
}

/// The whole report.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Overall<'a> {
    pub(super) controls: &'a [Controls],
    pub(super) totals: Totals,
}

impl Controls {
    /// With the totals of its groups.
    pub(super) fn counted(mut self) -> Self {
        self.totals = self.tests.iter().map(|group| Totals::of(&group.results)).sum();
        self
    }
}

impl Group {
    /// A section, counted.
    pub(super) fn new(section: String, desc: String, results: Vec<Check>) -> Self {
        let Totals { pass, fail, warn, info } = Totals::of(&results);
        Self { section, r#type: "", pass, fail, warn, info, desc, results }
    }
}

impl Totals {
    fn of(results: &[Check]) -> Self {
        let mut totals = Self::default();
        for result in results {
            *match result.status {
                State::Pass => &mut totals.pass,
                State::Fail => &mut totals.fail,
                State::Warn => &mut totals.warn,
                State::Info => &mut totals.info,
            } += 1;
        }
        totals
    }
}

impl std::ops::Add for Totals {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            pass: self.pass + other.pass,
            fail: self.fail + other.fail,
            warn: self.warn + other.warn,
            info: self.info + other.info,
        }
    }
}

impl std::iter::Sum for Totals {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |sum, part| sum + part)
    }
}
