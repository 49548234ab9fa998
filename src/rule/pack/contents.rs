//! Predicates about what stands in files: audit levels, requests, providers.

use super::predicate::Scope;
use super::raw::{RawAudit, RawRequests};
use super::spanned::Spanned;
use crate::config_files::audit_policy::{Level, Request};
use crate::config_files::encryption::Provider;
use crate::flags::kind::Kind;
use crate::rule::predicate::{Audit, Predicate};
use crate::rule::{Literal, Problem};
use crate::spelling::{nearest, suggestion};

impl Scope<'_> {
    pub(super) fn audit(&self, raw: RawAudit) -> Result<Audit, Problem> {
        Ok(match raw {
            RawAudit::Records => Audit::Records,
            RawAudit::Strict => Audit::Strict,
            RawAudit::AtLeast(raw) => {
                let (level, requests) = self.requests(raw)?;
                Audit::AtLeast(level, requests)
            }
            RawAudit::AtMost(raw) => {
                let (level, requests) = self.requests(raw)?;
                Audit::AtMost(level, requests)
            }
        })
    }

    fn requests(&self, raw: RawRequests) -> Result<(Level, Vec<Request>), Problem> {
        let level = Level::from_name(raw.level.as_ref()).ok_or_else(|| {
            let known = Level::ALL.map(Level::name).join(", ");
            self.file.problem(raw.level.span(), format!("not an audit level: one of {known}"))
        })?;
        self.not_empty(raw.requests.as_ref(), raw.requests.span())?;
        let requests = raw.requests.into_inner().into_iter().map(|text| {
            let parsed = text.as_ref().parse::<Request>();
            parsed.map_err(|error| self.file.problem(text.span(), error.to_string()))
        });
        Ok((level, requests.collect::<Result<_, _>>()?))
    }

    pub(super) fn encryption(
        &self,
        resource: String,
        providers: &Spanned<Literal>,
    ) -> Result<Predicate, Problem> {
        let span = providers.span();
        let providers = self.operand(Kind::StringSlice, providers)?;
        let names = providers.value.as_list().unwrap_or_default();
        self.not_empty(names, span.clone())?;
        if let Some(name) = names.iter().find(|name| !Provider::NAMES.contains(&name.as_str())) {
            let near = suggestion(nearest(name, Provider::NAMES));
            let known = Provider::NAMES.join(", ");
            let message = format!("{name} is no provider{near}; one of {known}");
            return Err(self.file.problem(span, message));
        }
        Ok(Predicate::Encryption { resource, providers })
    }
}
