//! One rule: its component, predicates and examples.

use std::ops::Range;

use super::digested::{RawDemand, RawReasons};
use super::file::File;
use super::predicate::Scope;
use super::raw::RawExamples;
use super::words::{NO_SLUG, UNPRINTABLE, is_slug, is_unprintable};
use crate::component::Component;
use crate::flags::catalog::Catalog;
use crate::result::Status;
use crate::rule::predicate::Predicate;
use crate::rule::{Demand, Example, Exemption, Problem, Rule};
use crate::spelling::{nearest, suggestion};

/// Validates one rule.
pub(super) fn rule(file: &File, demand: RawDemand, reasons: RawReasons) -> Result<Rule, Problem> {
    let span = demand.id.span();
    let RawReasons { rationale, impact, references, known_as, examples } = reasons;
    let demand = self::demand(file, demand)?;
    let examples = self::examples(file, &demand, examples)?;
    for status in needed(&demand.require) {
        if !examples.iter().any(|example| example.status == status) {
            let message = format!(
                "the rule {} has no example that gets the status {}",
                demand.id,
                status.name()
            );
            return Err(file.problem(span, message));
        }
    }
    let said = |name: &str, text: Option<String>| {
        text.filter(|text| !text.trim().is_empty()).ok_or_else(|| {
            file.problem(span.clone(), format!("the rule {} has no {name}", demand.id))
        })
    };
    let (rationale, impact) = (said("rationale", rationale)?, said("impact", impact)?);
    Ok(Rule { demand, rationale, impact, references, known_as, examples })
}

/// Validates what one rule demands.
pub(super) fn demand(file: &File, raw: RawDemand) -> Result<Demand, Problem> {
    let span = raw.id.span();
    let id = raw.id.into_inner();
    if !is_slug(&id) {
        return Err(file.problem(span, NO_SLUG));
    }
    for (name, text) in [("title", &raw.title), ("remediation", &raw.remediation)] {
        if text.trim().is_empty() {
            return Err(file.problem(span, format!("the rule {id} has no {name}")));
        }
        if is_unprintable(text) {
            let message = format!("the {name} of the rule {id} {UNPRINTABLE}");
            return Err(file.problem(span, message));
        }
    }
    let component = component(file, raw.component.as_ref(), raw.component.span())?;
    let parameters = raw.parameters.into_iter().map(|(name, value)| (name, value.into_inner()));
    let parameters = parameters.collect();
    let scope = Scope { file, catalog: Catalog::of(component), parameters: &parameters };
    let require = scope.predicate(raw.require)?;
    let mut unless = Vec::new();
    for exemption in raw.unless {
        let when = scope.predicate(exemption.when)?;
        unless.push(Exemption { when, because: scope.said(exemption.because)? });
    }
    Ok(Demand {
        pack: file.path.clone(),
        component,
        title: raw.title,
        severity: raw.severity,
        remediation: raw.remediation,
        require,
        unless,
        parameters,
        id: id.into(),
    })
}

fn component(file: &File, name: &str, span: Range<usize>) -> Result<Component, Problem> {
    Component::from_name(name).ok_or_else(|| {
        let known = Component::ALL.map(Component::name);
        let near = suggestion(nearest(name, known));
        let message = format!("unknown component{near}; one of {}", known.join(", "));
        file.problem(span, message)
    })
}

/// Validates the examples of a rule.
fn examples(
    file: &File,
    demand: &Demand,
    groups: Vec<RawExamples>,
) -> Result<Vec<Example>, Problem> {
    let catalog = Catalog::of(demand.component);
    let scope = Scope { file, catalog, parameters: &demand.parameters };
    let mut examples = Vec::new();
    for group in groups {
        let minor = group.kubernetes.map(|minor| scope.minor(&minor)).transpose()?;
        let RawExamples { files, environment, written, .. } = group;
        for (status, lines) in [
            (Status::Pass, group.pass),
            (Status::Fail, group.fail),
            (Status::Manual, group.manual),
            (Status::Unknown, group.unknown),
            (Status::NotApplicable, group.not_applicable),
            (Status::Error, group.error),
        ] {
            let example = |line| Example {
                line,
                minor,
                files: files.clone(),
                environment: environment.clone(),
                written: written.clone(),
                status,
            };
            examples.extend(lines.into_iter().map(example));
        }
    }
    Ok(examples)
}

/// The statuses that a rule's examples must show: those that its predicate can come to.
fn needed(predicate: &Predicate) -> Vec<Status> {
    match predicate {
        predicate if rests_on_certificates(predicate) => vec![Status::Unknown],
        predicate => match (undecided(predicate), predicate) {
            (Some(status), _) => vec![status],
            (None, Predicate::Any(list)) => {
                let held_back = list.iter().find_map(undecided);
                vec![Status::Pass, held_back.unwrap_or(Status::Fail)]
            }
            (None, _) => vec![Status::Pass, Status::Fail],
        },
    }
}

/// The status of a predicate that can never hold without a file being looked at or a person being asked.
fn undecided(predicate: &Predicate) -> Option<Status> {
    match predicate {
        // An example has no modes and owners to show: tests lay files down and judge those.
        Predicate::File(_) | Predicate::FileDecides(_) => Some(Status::Unknown),
        Predicate::PersonDecides(_) => Some(Status::Manual),
        Predicate::All(list) => list.iter().filter_map(undecided).max(),
        Predicate::Any(list) if list.iter().all(|part| undecided(part).is_some()) => {
            list.iter().filter_map(undecided).max()
        }
        _ => None,
    }
}

/// Whether files decide that no rule can bring along: certificates end, and keys are kept secret.
fn rests_on_certificates(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::Certificate { .. } => true,
        // Where they are not at hand, that part decides nothing, and the others show their statuses.
        Predicate::WhereKnown(_) => false,
        _ => predicate.parts().iter().any(rests_on_certificates),
    }
}
