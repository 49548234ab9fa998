//! Predicates: whether the flags, plugins and modes they name exist, and values are of their kind.

use std::collections::BTreeMap;
use std::ops::Range;

use super::NO_RANGE;
use super::file::File;
use super::raw::{
    RawAbac, RawAnonymous, RawApis, RawAuthorizer, RawClosed, RawEnvironment, RawEventRateLimit,
    RawGates, RawImagePolicy, RawJwt, RawKubeconfig, RawPlugin, RawPodSecurity, RawPredicate,
    RawProtected, RawServer, RawStage,
};
use super::spanned::Spanned;
use crate::config_files::admission::POD_SECURITY_LEVELS;
use crate::flags::api_versions::Stage;
use crate::flags::authorization::known_modes;
use crate::flags::catalog::{Catalog, admission_plugins, feature_gates};
use crate::flags::kind::Kind;
use crate::rule::predicate::{Anonymous, Predicate};
use crate::rule::{Literal, Problem};
use crate::spelling::{nearest, suggestion};
use crate::version::{Minor, MinorRange};

/// What a rule's predicates may speak of.
pub(super) struct Scope<'p> {
    pub(super) file: &'p File,
    pub(super) catalog: &'static Catalog,
    pub(super) parameters: &'p BTreeMap<String, Literal>,
}

impl Scope<'_> {
    /// A minor that the catalog covers.
    pub(super) fn minor(&self, text: &Spanned<String>) -> Result<Minor, Problem> {
        let minor: Minor = text
            .as_ref()
            .parse()
            .map_err(|error| self.file.problem(text.span(), format!("{error}")))?;
        self.catalog.release(minor).map(|_| minor).ok_or_else(|| {
            let message = format!(
                "{minor} is not known: from {} to {}",
                self.catalog.oldest(),
                self.catalog.newest()
            );
            self.file.problem(text.span(), message)
        })
    }

    /// Validates one predicate.
    pub(super) fn predicate(&self, raw: RawPredicate) -> Result<Predicate, Problem> {
        Ok(match raw {
            RawPredicate::Flag(flags) => {
                let span = flags.span();
                let mut all = Vec::new();
                for (name, expect) in flags.into_inner() {
                    let (name, kind) = self.flag(&name)?;
                    let expect = self.expectation(kind, expect)?;
                    all.push(Predicate::Flag { name, expect });
                }
                self.one_or_all(all, span)?
            }
            RawPredicate::Admission(RawPlugin::Enabled(name)) => self.plugin(name, true)?,
            RawPredicate::Admission(RawPlugin::Disabled(name)) => self.plugin(name, false)?,
            RawPredicate::Authorizers(RawAuthorizer::Includes(mode)) => self.mode(mode, true)?,
            RawPredicate::Authorizers(RawAuthorizer::Excludes(mode)) => self.mode(mode, false)?,
            RawPredicate::Gate(gates) => {
                let span = gates.span();
                let gates = gates.into_inner().into_iter();
                let all: Result<_, _> = gates.map(|(name, on)| self.gate(name, on)).collect();
                self.one_or_all(all?, span)?
            }
            RawPredicate::Gates(RawGates::NotTurnedOn(names)) => self.not_turned(names, true)?,
            RawPredicate::Gates(RawGates::NotTurnedOff(names)) => self.not_turned(names, false)?,
            RawPredicate::Authorizers(RawAuthorizer::WebhooksFail(RawClosed::Closed)) => {
                Predicate::WebhooksFailClosed
            }
            RawPredicate::Abac(RawAbac::Limited) => Predicate::AbacLimited,
            RawPredicate::Anonymous(RawAnonymous::Off) => Predicate::Anonymous(Anonymous::Off),
            RawPredicate::Anonymous(RawAnonymous::OnlyPaths(paths)) => {
                self.not_empty(paths.as_ref(), paths.span())?;
                Predicate::Anonymous(Anonymous::OnlyPaths(paths.into_inner()))
            }
            RawPredicate::Jwt(RawJwt::Prefixed) => Predicate::JwtPrefixed,
            RawPredicate::Audit(audit) => Predicate::Audit(self.audit(audit)?),
            RawPredicate::PodSecurity(RawPodSecurity::Enforces(level)) => {
                if !POD_SECURITY_LEVELS.contains(&level.as_ref().as_str()) {
                    let known = POD_SECURITY_LEVELS.join(", ");
                    let message = format!("not a level of Pod Security: one of {known}");
                    return Err(self.file.problem(level.span(), message));
                }
                Predicate::PodSecurityEnforces(level.into_inner())
            }
            RawPredicate::PodSecurity(RawPodSecurity::ExemptsOnly(namespaces)) => {
                Predicate::PodSecurityExemptsOnly(namespaces)
            }
            RawPredicate::EventRateLimit(RawEventRateLimit::HasLimits) => {
                Predicate::EventRateLimited
            }
            RawPredicate::ImagePolicy(RawImagePolicy::FailsClosed) => {
                Predicate::ImagePolicyFailsClosed
            }
            RawPredicate::Kubeconfig(RawKubeconfig::Protected(name)) => {
                Predicate::KubeconfigProtected(self.flag(&name)?.0)
            }
            RawPredicate::Egress(RawProtected::Protected) => Predicate::EgressProtected,
            RawPredicate::Encryption(resources) => {
                let span = resources.span();
                let one = |(resource, providers): (Spanned<String>, Spanned<Literal>)| {
                    self.encryption(resource.into_inner(), &providers)
                };
                let all: Result<_, _> = resources.into_inner().into_iter().map(one).collect();
                self.one_or_all(all?, span)?
            }
            RawPredicate::File(demand) => Predicate::File(self.file_demand(*demand)?),
            RawPredicate::Certificate(flags) => {
                let span = flags.span();
                let one = |(flag, raw): (Spanned<String>, _)| self.certificate(&flag, raw);
                let all: Result<_, _> = flags.into_inner().into_iter().map(one).collect();
                self.one_or_all(all?, span)?
            }
            RawPredicate::Apis(RawApis::Excludes(stage)) => Predicate::ApisExcluded(match stage {
                RawStage::Alpha => Stage::Alpha,
                RawStage::Beta => Stage::Beta,
            }),
            RawPredicate::Environment(variables) => {
                let span = variables.span();
                let mut all = Vec::new();
                for (name, RawEnvironment::Excludes(items)) in variables.into_inner() {
                    self.not_empty(items.as_ref(), items.span())?;
                    let (name, items) = (self.said(name)?, items.into_inner());
                    all.push(Predicate::EnvironmentExcludes { name, items });
                }
                self.one_or_all(all, span)?
            }
            RawPredicate::Server(RawServer::Starts) => Predicate::ServerStarts,
            RawPredicate::Server(RawServer::AsWritten) => Predicate::ServerAsWritten,
            RawPredicate::Kubernetes(range) => Predicate::Kubernetes(self.range(&range)?),
            RawPredicate::FileDecides(name) => Predicate::FileDecides(self.flag(&name)?.0),
            RawPredicate::PersonDecides(what) => Predicate::PersonDecides(self.said(what)?),
            RawPredicate::WhereKnown(part) => {
                Predicate::WhereKnown(Box::new(self.predicate(*part)?))
            }
            RawPredicate::All(list) => Predicate::All(self.list(list)?),
            RawPredicate::Any(list) => Predicate::Any(self.list(list)?),
            RawPredicate::Not(part) => Predicate::Not(Box::new(self.predicate(*part)?)),
        })
    }

    fn list(&self, list: Spanned<Vec<RawPredicate>>) -> Result<Vec<Predicate>, Problem> {
        let span = list.span();
        let list: Vec<Predicate> = list
            .into_inner()
            .into_iter()
            .map(|raw| self.predicate(raw))
            .collect::<Result<_, _>>()?;
        self.not_empty(&list, span).map(|()| list)
    }

    fn one_or_all(
        &self,
        mut list: Vec<Predicate>,
        span: Range<usize>,
    ) -> Result<Predicate, Problem> {
        self.not_empty(&list, span)?;
        Ok(if list.len() == 1 { list.remove(0) } else { Predicate::All(list) })
    }

    /// Of nothing nobody can tell whether it holds.
    pub(super) fn not_empty<T>(&self, list: &[T], span: Range<usize>) -> Result<(), Problem> {
        if list.is_empty() {
            return Err(self.file.problem(span, "nothing is demanded here"));
        }
        Ok(())
    }

    fn range(&self, text: &Spanned<String>) -> Result<MinorRange, Problem> {
        let parsed = text.as_ref().parse();
        parsed.map_err(|_| self.file.problem(text.span(), NO_RANGE))
    }

    /// The flag of this name, and its kind.
    pub(super) fn flag(&self, name: &Spanned<String>) -> Result<(&'static str, Kind), Problem> {
        let span = name.span();
        let name = name.as_ref();
        let found = self.catalog.find(name).ok_or_else(|| {
            let near = nearest(name, self.catalog.flags.iter().map(|flag| flag.name));
            let component = self.catalog.component;
            let message =
                format!("{component} has no flag --{name} in any release{}", suggestion(near));
            self.file.problem(span, message)
        })?;
        Ok((found.name, found.kind(self.catalog.newest_release())))
    }

    fn plugin(&self, name: Spanned<String>, enabled: bool) -> Result<Predicate, Problem> {
        if admission_plugins::find(name.as_ref()).is_none() {
            let known = admission_plugins::all().iter().map(|plugin| plugin.name);
            let near = suggestion(nearest(name.as_ref(), known));
            let message = format!("not an admission plugin of any release{near}");
            return Err(self.file.problem(name.span(), message));
        }
        Ok(Predicate::Admission { plugin: name.into_inner(), enabled })
    }

    fn not_turned(
        &self,
        names: Spanned<Vec<Spanned<String>>>,
        on: bool,
    ) -> Result<Predicate, Problem> {
        self.not_empty(names.as_ref(), names.span())?;
        let names = names.into_inner().into_iter().map(|name| self.gate_name(name));
        Ok(Predicate::GatesNotTurned { names: names.collect::<Result<_, _>>()?, on })
    }

    fn gate(&self, name: Spanned<String>, on: bool) -> Result<Predicate, Problem> {
        Ok(Predicate::Gate { name: self.gate_name(name)?, on })
    }

    fn gate_name(&self, name: Spanned<String>) -> Result<String, Problem> {
        if feature_gates::find(name.as_ref()).is_none() {
            let known = feature_gates::all().iter().map(|gate| gate.name);
            let near = suggestion(nearest(name.as_ref(), known));
            let message = format!("not a feature gate of any release{near}");
            return Err(self.file.problem(name.span(), message));
        }
        Ok(name.into_inner())
    }

    /// A text for people.
    pub(super) fn said(&self, text: Spanned<String>) -> Result<String, Problem> {
        if text.as_ref().trim().is_empty() {
            return Err(self.file.problem(text.span(), "this text says nothing"));
        }
        Ok(text.into_inner())
    }

    fn mode(&self, mode: Spanned<String>, included: bool) -> Result<Predicate, Problem> {
        let known = known_modes(self.catalog.newest_release());
        if !known.contains(&mode.as_ref().as_str()) {
            let message = format!("not an authorization mode: one of {}", known.join(", "));
            return Err(self.file.problem(mode.span(), message));
        }
        Ok(Predicate::Authorizer { mode: mode.into_inner(), included })
    }
}
