//! A row of the table of cipher suites.

use super::life::Life;
use super::release::{Count, Family, Release};

/// One cipher suite.
#[derive(Clone, Copy, Debug)]
pub struct SuiteSpec {
    /// Its name.
    pub name: &'static str,
    /// The releases that accept the name.
    pub life: Life,
    /// The first release that lists it as insecure.
    insecure_since: Option<Count>,
}

pub(super) const fn suite(
    name: &'static str,
    life: Life,
    insecure_since: Option<Count>,
) -> SuiteSpec {
    SuiteSpec { name, life, insecure_since }
}

impl SuiteSpec {
    /// Whether a release lists it as insecure.
    pub fn is_insecure(&self, release: Release) -> bool {
        let count = release.count_in(Family::Kubernetes);
        self.insecure_since.is_some_and(|since| since <= count)
    }
}
