//! One rule: its component, predicates and examples.

use toml::Spanned;

use super::predicate::Scope;
use super::raw::RawRule;
use super::{File, NO_SLUG, is_slug};
use crate::component::Component;
use crate::digest::half_fingerprint;
use crate::flags::catalog::Catalog;
use crate::result::Status;
use crate::rule::predicate::Predicate;
use crate::rule::{Example, Exemption, Problem, Rule};
use crate::spelling::{nearest, suggestion};
use crate::version::Minor;

/// Validates one rule.
pub(super) fn rule(file: &File, raw: Spanned<RawRule>) -> Result<Rule, Problem> {
    let raw = raw.into_inner();
    let id = raw.id.as_ref().clone();
    if !is_slug(&id) {
        return Err(file.problem(raw.id.span(), NO_SLUG));
    }
    let component = Component::from_name(raw.component.as_ref()).ok_or_else(|| {
        let known = Component::ALL.map(Component::name);
        let near = suggestion(nearest(raw.component.as_ref(), known));
        let message = format!("unknown component{near}; one of {}", known.join(", "));
        file.problem(raw.component.span(), message)
    })?;
    let catalog = Catalog::of(component);
    let scope = Scope { file, catalog, parameters: &raw.parameters };
    let require = scope.predicate(raw.require)?;
    let mut unless = Vec::new();
    for exemption in raw.unless {
        let when = scope.predicate(exemption.when)?;
        unless.push(Exemption { when, because: exemption.because });
    }
    let mut examples = Vec::new();
    let groups = [
        (Status::Pass, raw.pass),
        (Status::Fail, raw.fail),
        (Status::Manual, raw.manual),
        (Status::NotApplicable, raw.not_applicable),
        (Status::Error, raw.error),
    ];
    add_examples(&mut examples, None, groups);
    for group in raw.on {
        let minor = scope.minor(&group.kubernetes)?;
        let groups = [
            (Status::Pass, group.pass),
            (Status::Fail, group.fail),
            (Status::Manual, group.manual),
            (Status::NotApplicable, group.not_applicable),
            (Status::Error, group.error),
        ];
        add_examples(&mut examples, Some(minor), groups);
    }
    for status in needed(&require) {
        if !examples.iter().any(|example| example.status == status) {
            let message =
                format!("the rule {id} has no example that gets the status {}", status.name());
            return Err(file.problem(raw.id.span(), message));
        }
    }
    for text in [&raw.title, &raw.rationale, &raw.impact, &raw.remediation] {
        if text.trim().is_empty() {
            let message = "title, rationale, impact and remediation must say something";
            return Err(file.problem(raw.id.span(), message));
        }
    }
    Ok(Rule {
        pack: file.path.clone(),
        component,
        title: raw.title,
        severity: raw.severity,
        rationale: raw.rationale,
        impact: raw.impact,
        remediation: raw.remediation,
        references: raw.references,
        require,
        unless,
        parameters: raw.parameters,
        fingerprint: half_fingerprint(&id),
        examples,
        id,
    })
}

/// The statuses that a rule's examples must show: those that its predicate can come to.
fn needed(predicate: &Predicate) -> Vec<Status> {
    match predicate {
        Predicate::PersonDecides(_) => vec![Status::Manual],
        predicate if holds_back(predicate) => vec![Status::Fail, Status::Manual],
        Predicate::Any(list) if list.iter().any(|p| matches!(p, Predicate::PersonDecides(_))) => {
            vec![Status::Pass, Status::Manual]
        }
        _ => vec![Status::Pass, Status::Fail],
    }
}

/// Whether a predicate can never hold without a file being read or a person being asked.
fn holds_back(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::FileDecides(_) | Predicate::PersonDecides(_) => true,
        Predicate::All(list) => list.iter().any(holds_back),
        Predicate::Any(list) => list.iter().all(holds_back),
        _ => false,
    }
}

fn add_examples(
    examples: &mut Vec<Example>,
    minor: Option<Minor>,
    groups: [(Status, Vec<String>); 5],
) {
    for (status, lines) in groups {
        examples.extend(lines.into_iter().map(|line| Example { line, minor, status }));
    }
}
