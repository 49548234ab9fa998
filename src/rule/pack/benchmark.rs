//! One benchmark: its range, numbers, levels and the parameters it changes.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use toml::Spanned;

use super::raw::{RawBenchmark, RawControl};
use super::{File, NO_RANGE, NO_SLUG, is_slug};
use crate::rule::{Benchmark, Control, Entry, Problem, Section};
use crate::spelling::{nearest, suggestion};
use crate::version::MinorRange;

/// Validates one benchmark; `find` gives the rules it names.
pub(super) fn benchmark<'r>(
    file: &File,
    raw: RawBenchmark,
    find: &impl Fn(&str) -> Option<Rc<Entry>>,
    known: &impl Fn() -> Vec<&'r str>,
) -> Result<Benchmark, Vec<Problem>> {
    let mut problems = Vec::new();
    if !is_slug(raw.id.as_ref()) {
        problems.push(file.problem(raw.id.span(), NO_SLUG));
    }
    let kubernetes = raw.kubernetes.as_ref().parse::<MinorRange>();
    if kubernetes.is_err() {
        problems.push(file.problem(raw.kubernetes.span(), NO_RANGE));
    }
    let mut numbers: Vec<String> = Vec::new();
    let mut sections = Vec::new();
    for section in raw.section {
        let mut controls = Vec::new();
        for control in section.control {
            if numbers.contains(control.number.as_ref()) {
                let message = format!("the control {} stands twice", control.number.as_ref());
                problems.push(file.problem(control.number.span(), message));
            }
            numbers.push(control.number.as_ref().clone());
            match self::control(file, control, find, known) {
                Ok(control) => controls.push(control),
                Err(problem) => problems.push(problem),
            }
        }
        sections.push(Section { number: section.number, title: section.title, controls });
    }
    match kubernetes {
        Ok(kubernetes) if problems.is_empty() => {
            Ok(Benchmark { id: raw.id.into_inner(), title: raw.title, kubernetes, sections })
        }
        _ => Err(problems),
    }
}

fn control<'r>(
    file: &File,
    raw: RawControl,
    find: &impl Fn(&str) -> Option<Rc<Entry>>,
    known: &impl Fn() -> Vec<&'r str>,
) -> Result<Control, Problem> {
    let id = raw.rule.as_ref();
    let entry = find(id).ok_or_else(|| {
        let near = suggestion(nearest(id, known()));
        file.problem(raw.rule.span(), format!("there is no rule {id}{near}"))
    })?;
    if let Some(level) = raw.level.as_ref().filter(|level| !(1..=2).contains(level.as_ref())) {
        return Err(file.problem(level.span(), "a profile level is 1 or 2"));
    }
    let mut changed = BTreeMap::new();
    for (name, value) in raw.parameters {
        if !entry.demand().parameters.contains_key(&name) {
            let message = format!("the rule {id} has no parameter {name}");
            return Err(file.problem(value.span(), message));
        }
        let span = value.span();
        changed.insert(name, value.into_inner());
        entry.demand().require.with(&changed).map_err(|why| file.problem(span, why))?;
    }
    Ok(Control {
        number: raw.number.into_inner(),
        entry,
        parameters: changed,
        require: OnceCell::new(),
        level: raw.level.map(Spanned::into_inner),
        assessment: raw.assessment,
    })
}
