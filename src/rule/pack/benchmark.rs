//! One benchmark: its range, the rules that its controls name, and the parameters that it changes.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::digested::RawEdition;
use super::file::File;
use super::raw::{RawBenchmark, RawControl, RawSection};
use super::sections::sections;
use super::spanned::Spanned;
use super::words::{NO_SLUG, UNPRINTABLE, is_slug, is_unprintable};
use super::{Known, NO_RANGE};
use crate::rule::{Benchmark, Control, Entry, Literal, Problem, Problems, Section};
use crate::spelling::{nearest, suggestion};
use crate::version::MinorRange;

/// Validates one benchmark, with the rules it names and the benchmark it extends.
pub(super) fn benchmark(
    file: &File,
    mut raw: RawBenchmark,
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
    let base = match raw.extends.as_ref().map(|id| base(file, id, known)).transpose() {
        Ok(base) => base,
        Err(problem) => {
            problems.push(problem);
            return Err(problems);
        }
    };
    let (rows, more) = sections(file, base, &mut raw);
    problems.append(more);
    wrong_parameters(file, &rows, known).for_each(|problem| problems.push(problem));
    let sections = resolve(file, rows, known).unwrap_or_else(|more| {
        problems.append(more);
        Vec::new()
    });
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

/// A benchmark of the binary. Its parameters are not checked again: a test has laid them into the rules of the
/// binary, and [`super::Pack::conflict`] lays them into a user's.
pub(super) fn edition(
    file: &File,
    (id, kubernetes): (&'static str, MinorRange),
    raw: RawEdition,
    known: &impl Known,
) -> Result<Benchmark, Problems> {
    let sections = resolve(file, raw.sections, known)?;
    Ok(Benchmark { id: id.into(), title: raw.title, kubernetes, sections })
}

/// The sections of the benchmark that is extended, as rows. Whatever is wrong with them is shown where they
/// are asked for.
fn base(file: &File, id: &Spanned<String>, known: &impl Known) -> Result<Vec<RawSection>, Problem> {
    let benchmark = known.benchmark(id.as_ref()).ok_or_else(|| {
        let near = suggestion(nearest(id.as_ref(), known.benchmark_ids()));
        file.problem(id.span(), format!("there is no benchmark {}{near}", id.as_ref()))
    })?;
    Ok(benchmark.sections.iter().map(|section| section_row(section, &id.span())).collect())
}

fn section_row(section: &Section, span: &Range<usize>) -> RawSection {
    let controls = section.controls.iter();
    RawSection {
        number: Spanned::new(span.clone(), section.number.to_string()),
        title: Some(section.title.to_string()),
        control: controls.map(|control| control_row(control, span)).collect(),
    }
}

fn control_row(control: &Control, span: &Range<usize>) -> RawControl {
    let parameters = control.parameters.iter();
    RawControl {
        number: Spanned::new(span.clone(), control.number.to_string()),
        was: None,
        rule: Spanned::new(span.clone(), control.entry.id.to_string()),
        level: control.level.map(|level| Spanned::new(span.clone(), level)),
        assessment: control.assessment,
        parameters: parameters
            .map(|(name, value)| (name.clone(), Spanned::new(span.clone(), value.clone())))
            .collect(),
    }
}

/// The parameters that the rules in force do not take.
fn wrong_parameters(
    file: &File,
    sections: &[RawSection],
    known: &impl Known,
) -> impl Iterator<Item = Problem> {
    let controls = sections.iter().flat_map(|section| &section.control);
    let parameters = controls.flat_map(|control| {
        let entry = known.rule(control.rule.as_ref());
        control.parameters.iter().filter_map(move |parameter| Some((entry?, parameter)))
    });
    let problem = move |(entry, (name, value)): (&Arc<Entry>, (&String, &Spanned<Literal>))| {
        let why = entry.demand().takes(name, value.as_ref()).err()?;
        Some(file.problem(value.span(), why))
    };
    parameters.filter_map(problem)
}

/// Finds the rules of all controls.
fn resolve(
    file: &File,
    sections: Vec<RawSection>,
    known: &impl Known,
) -> Result<Vec<Section>, Problems> {
    let mut problems = Problems::default();
    let mut resolved = Vec::with_capacity(sections.len());
    for section in sections {
        let mut controls = Vec::with_capacity(section.control.len());
        for raw in section.control {
            match control(file, raw, known) {
                Ok(control) => controls.push(control),
                Err(problem) => problems.push(problem),
            }
        }
        let (number, title) = (section.number.into_inner(), section.title.unwrap_or_default());
        resolved.push(Section { number: number.into(), title: title.into(), controls });
    }
    problems.none_in(resolved)
}

fn control(file: &File, raw: RawControl, known: &impl Known) -> Result<Control, Problem> {
    let id = raw.rule.as_ref();
    let entry = known.rule(id).cloned().ok_or_else(|| {
        let near = suggestion(nearest(id, known.rule_ids()));
        file.problem(raw.rule.span(), format!("there is no rule {id}{near}"))
    })?;
    let parameters = raw.parameters.into_iter();
    Ok(Control {
        number: raw.number.into_inner().into(),
        entry,
        parameters: parameters.map(|(name, value)| (name, value.into_inner())).collect(),
        require: OnceLock::new(),
        fingerprint: OnceLock::new(),
        level: raw.level.map(Spanned::into_inner),
        assessment: raw.assessment,
    })
}
