//! One benchmark: its range, numbers, levels, the parameters it changes and what it extends.

use std::collections::{BTreeMap, HashSet};
use std::sync::OnceLock;

use toml::Spanned;

use super::raw::{RawBenchmark, RawControl, RawSection};
use super::sections::Sections;
use super::{File, Known, NO_RANGE, NO_SLUG, UNPRINTABLE, is_slug, is_unprintable};
use crate::rule::{Benchmark, Control, Problem, Problems};
use crate::spelling::{nearest, suggestion};
use crate::version::MinorRange;

/// Validates one benchmark, with the rules it names and the benchmark it extends.
pub(super) fn benchmark(
    file: &File,
    raw: RawBenchmark,
    known: &impl Known,
) -> Result<Benchmark, Problems> {
    let mut problems = Problems::default();
    if !is_slug(raw.id.as_ref()) {
        problems.push(file.problem(raw.id.span(), NO_SLUG));
    }
    if is_unprintable(&raw.title) {
        problems.push(file.problem(raw.id.span(), format!("the title {UNPRINTABLE}")));
    }
    let kubernetes = raw.kubernetes.as_ref().parse::<MinorRange>();
    if kubernetes.is_err() {
        problems.push(file.problem(raw.kubernetes.span(), NO_RANGE));
    }
    let mut sections = base(file, raw.extends.as_ref(), known)?;
    let names = raw.without.iter().map(Spanned::as_ref);
    let found = sections.leave_out(names.map(String::as_str));
    for (name, found) in raw.without.iter().zip(found) {
        if !found {
            let message =
                format!("nothing to leave out: there is no {} in what it extends", name.as_ref());
            problems.push(file.problem(name.span(), message));
        }
    }
    let mut numbers: HashSet<String> = HashSet::new();
    for section in raw.section {
        let texts = section.title.iter().chain([section.number.as_ref()]);
        if texts
            .chain(section.control.iter().map(|it| it.number.as_ref()))
            .any(|text: &String| is_unprintable(text))
        {
            problems
                .push(file.problem(section.number.span(), format!("the section {UNPRINTABLE}")));
        }
        for control in &section.control {
            if !numbers.insert(control.number.as_ref().clone()) {
                let message = format!("the control {} stands twice", control.number.as_ref());
                problems.push(file.problem(control.number.span(), message));
            }
        }
        add(file, &mut sections, section, known, &mut problems);
    }
    let sections = sections.with_controls();
    if sections.is_empty() && problems.is_empty() {
        problems.push(file.problem(raw.id.span(), "the benchmark has no controls"));
    }
    match kubernetes {
        Ok(kubernetes) if problems.is_empty() => Ok(Benchmark {
            id: raw.id.into_inner().into(),
            title: raw.title.into(),
            kubernetes,
            sections,
        }),
        _ => Err(problems),
    }
}

/// The sections of the benchmark that is extended, if one is.
fn base(
    file: &File,
    extends: Option<&Spanned<String>>,
    known: &impl Known,
) -> Result<Sections, Problem> {
    let Some(id) = extends else { return Ok(Sections::default()) };
    match known.benchmark(id.as_ref()) {
        Some(benchmark) => Ok(Sections::new(benchmark.sections.clone())),
        None => {
            let near = suggestion(nearest(id.as_ref(), known.benchmark_ids()));
            Err(file.problem(id.span(), format!("there is no benchmark {}{near}", id.as_ref())))
        }
    }
}

/// Adds a section to what is extended: a control takes the place of the one of its number.
fn add(
    file: &File,
    sections: &mut Sections,
    raw: RawSection,
    known: &impl Known,
    problems: &mut Problems,
) {
    let Some(at) = sections.open(raw.number.as_ref(), raw.title.map(Into::into)) else {
        let message = format!("the section {} is new and has no title", raw.number.as_ref());
        problems.push(file.problem(raw.number.span(), message));
        return;
    };
    for control in raw.control {
        if let Some(other) = sections.elsewhere(at, control.number.as_ref()) {
            let message = format!(
                "the control {} stands in section {}",
                control.number.as_ref(),
                other.number
            );
            problems.push(file.problem(control.number.span(), message));
            continue;
        }
        match self::control(file, control, known) {
            Ok(control) => sections.put(at, control),
            Err(problem) => problems.push(problem),
        }
    }
}

fn control(file: &File, raw: RawControl, known: &impl Known) -> Result<Control, Problem> {
    let id = raw.rule.as_ref();
    let entry = known.rule(id).cloned().ok_or_else(|| {
        let near = suggestion(nearest(id, known.rule_ids()));
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
        number: raw.number.into_inner().into(),
        entry,
        parameters: changed,
        require: OnceLock::new(),
        level: raw.level.map(Spanned::into_inner),
        assessment: raw.assessment,
    })
}
