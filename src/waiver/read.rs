//! The TOML of waivers.
//!
//! A waiver turns an alarm off, so nothing in it is guessed: an unknown field, rule or control is a
//! mistake, and so is one that says neither what it is for nor why.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use glob::Pattern;
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::{Demand, Waiver};
use crate::component::Component;
use crate::credential::HIDDEN;
use crate::result::Acceptance;
use crate::rule::{Benchmark, ControlName, Library, Problem, Problems};
use crate::source::plain_pattern;
use crate::spelling::{nearest, suggestion};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWaivers {
    #[serde(default)]
    waiver: Vec<Spanned<RawWaiver>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWaiver {
    rule: Option<Spanned<String>>,
    control: Option<Spanned<String>>,
    benchmark: Option<Spanned<String>>,
    path: Option<Spanned<String>>,
    host: Option<Spanned<String>>,
    component: Option<Spanned<String>>,
    reason: Spanned<String>,
    owner: Option<String>,
    expires: Option<Spanned<Datetime>>,
    value: Option<Spanned<String>>,
}

/// A file of waivers, for showing mistakes and places.
struct File<'f> {
    path: &'f str,
    text: &'f str,
    /// The text for the mistakes, of which most files have none.
    shared: OnceCell<Arc<str>>,
    /// The last offset whose line was asked for, and that line: the next waiver is behind it.
    last: Cell<(usize, usize)>,
}

impl<'f> File<'f> {
    fn new(path: &'f str, text: &'f str) -> Self {
        Self { path, text, shared: OnceCell::new(), last: Cell::new((0, 1)) }
    }

    fn problem(&self, span: Range<usize>, message: impl Into<String>) -> Problem {
        let text = self.shared.get_or_init(|| Arc::from(self.text)).clone();
        Problem { path: self.path.to_owned(), text, span, message: message.into() }
    }

    /// The line of an offset, from 1.
    fn line(&self, at: usize) -> usize {
        let (from, line) = Some(self.last.get()).filter(|(from, _)| *from <= at).unwrap_or((0, 1));
        let line = line + self.text.get(from..at).unwrap_or_default().matches('\n').count();
        self.last.set((at, line));
        line
    }
}

/// What waivers can name.
struct Known<'l> {
    library: &'l Library,
    /// The numbers of the controls of the benchmarks that waivers name, and of all of them.
    numbers: RefCell<HashMap<Option<&'l str>, HashSet<&'l str>>>,
}

impl<'l> Known<'l> {
    /// Whether a control of this number is in a benchmark, or in any.
    fn has_control(&self, number: &str, benchmark: Option<&'l Benchmark>) -> bool {
        let numbers_of = |benchmark: &'l Benchmark| benchmark.controls().map(|(_, it)| &*it.number);
        let mut numbers = self.numbers.borrow_mut();
        let known = numbers.entry(benchmark.map(|it| &*it.id)).or_insert_with(|| match benchmark {
            Some(benchmark) => numbers_of(benchmark).collect(),
            None => self.library.benchmarks().flat_map(numbers_of).collect(),
        });
        known.contains(number)
    }
}

/// Reads the waivers in a file. Every mistake is reported, as far as one does not hide another.
pub fn read(path: &str, text: &str, library: &Library) -> Result<Vec<Waiver>, Problems> {
    let file = File::new(path, text);
    let known = Known { library, numbers: RefCell::default() };
    let raw: RawWaivers = toml::from_str(text)
        .map_err(|error| file.problem(error.span().unwrap_or(0..0), error.message()))?;
    let mut waivers = Vec::new();
    let mut problems = Problems::default();
    for raw in raw.waiver {
        match waiver(&file, raw, &known) {
            Ok(waiver) => waivers.push(waiver),
            Err(problem) => problems.push(problem),
        }
    }
    problems.none_in(waivers)
}

fn waiver(file: &File<'_>, raw: Spanned<RawWaiver>, known: &Known<'_>) -> Result<Waiver, Problem> {
    let whole = raw.span();
    let line = file.line(whole.start);
    let raw = raw.into_inner();
    if !has_words(raw.reason.as_ref()) {
        let lacks = match raw.reason.as_ref().trim() {
            "" => "is empty",
            _ => "has no letter and no digit",
        };
        let message = format!("a waiver says why: the reason {lacks}");
        return Err(file.problem(raw.reason.span(), message));
    }
    if raw.value.as_ref().is_some_and(|value| value.as_ref().contains(HIDDEN)) {
        let span = raw.value.map_or(whole, |value| value.span());
        return Err(file.problem(span, "a value that is hidden cannot be told from another"));
    }
    let pattern = |span: Range<usize>, text: &str| {
        Pattern::new(text)
            .map_err(|error| file.problem(span, format!("not a pattern: {}", error.msg)))
    };
    let path = |text: Spanned<String>| match plain_pattern(text.as_ref()) {
        Some(plain) => pattern(text.span(), &plain),
        None => {
            Err(file.problem(text.span(), "a path does not go up from a wildcard: leave .. out"))
        }
    };
    let component = raw.component.map(|name| component(file, &name)).transpose()?;
    Ok(Waiver {
        demand: demand(file, whole, raw.rule, raw.control, raw.benchmark, known)?,
        path: raw.path.map(path).transpose()?,
        host: raw.host.map(|host| pattern(host.span(), host.as_ref())).transpose()?,
        component,
        acceptance: Arc::new(Acceptance {
            reason: raw.reason.into_inner(),
            owner: raw.owner,
            expires: raw.expires.map(|day| date(file, &day)).transpose()?,
        }),
        value: raw.value.map(Spanned::into_inner),
        place: format!("{}:{line}", file.path),
    })
}

/// Whether somebody can read a reason: it has a letter or a digit that is seen. Four letters of Unicode are
/// blank.
fn has_words(reason: &str) -> bool {
    let is_blank = |c: char| matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}');
    reason.chars().any(|c| c.is_alphanumeric() && !is_blank(c))
}

fn demand(
    file: &File<'_>,
    whole: Range<usize>,
    rule: Option<Spanned<String>>,
    control: Option<Spanned<String>>,
    benchmark: Option<Spanned<String>>,
    known: &Known<'_>,
) -> Result<Demand, Problem> {
    let library = known.library;
    match (rule, control, benchmark) {
        (Some(id), None, None) => {
            if library.rule(id.as_ref()).is_none() {
                let near = nearest(id.as_ref(), library.rules().map(|entry| &*entry.id));
                let message = format!("there is no rule {}{}", id.as_ref(), suggestion(near));
                return Err(file.problem(id.span(), message));
            }
            Ok(Demand::Rule(id.into_inner()))
        }
        (None, Some(control), benchmark) => {
            let (number, benchmark) = parts(file, &control, benchmark)?;
            let read = benchmark.as_ref().map(|id| {
                library.benchmark(id.as_ref()).ok_or_else(|| {
                    let ids = library.editions().iter().map(|edition| &*edition.id);
                    let near = suggestion(nearest(id.as_ref(), ids));
                    let message = format!("there is no benchmark {}{near}", id.as_ref());
                    file.problem(id.span(), message)
                })
            });
            let is_known = known.has_control(&number, read.transpose()?);
            let benchmark = benchmark.map(Spanned::into_inner);
            if !is_known {
                let place = benchmark.map_or("any benchmark".to_owned(), |id| id);
                let message = format!("there is no control {number} in {place}");
                return Err(file.problem(control.span(), message));
            }
            Ok(Demand::Control { number, benchmark })
        }
        (Some(_), None, Some(benchmark)) => Err(file.problem(
            benchmark.span(),
            "a benchmark goes with a control: a rule is waived under every number",
        )),
        (Some(_), Some(control), _) => {
            Err(file
                .problem(control.span(), "a waiver is for a rule or for a control, not for both"))
        }
        (None, None, _) => {
            Err(file.problem(whole, "a waiver says what it is for: rule or control is missing"))
        }
    }
}

/// A control's number, and its benchmark, which may stand before it: `cis-1.12:1.2.15`.
fn parts(
    file: &File<'_>,
    control: &Spanned<String>,
    benchmark: Option<Spanned<String>>,
) -> Result<(String, Option<Spanned<String>>), Problem> {
    let ControlName { benchmark: before, name } = ControlName::new(control.as_ref());
    match (before, benchmark) {
        (Some(_), Some(benchmark)) => {
            Err(file.problem(benchmark.span(), "the control names its benchmark already"))
        }
        (Some(before), None) => Ok((name, Some(Spanned::new(control.span(), before)))),
        (None, benchmark) => Ok((name, benchmark)),
    }
}

fn component(file: &File<'_>, name: &Spanned<String>) -> Result<Component, Problem> {
    Component::from_name(name.as_ref()).ok_or_else(|| {
        let known = Component::ALL.map(Component::name);
        let near = suggestion(nearest(name.as_ref(), known));
        file.problem(name.span(), format!("not a component{near}; there are {}", known.join(", ")))
    })
}

/// A day; a time of day would leave open where on the earth it is meant.
fn date(file: &File<'_>, day: &Spanned<Datetime>) -> Result<Date, Problem> {
    let written = day.as_ref();
    let plain = written.time.is_none() && written.offset.is_none();
    let date = written.date.filter(|_| plain).and_then(|date| date.to_string().parse().ok());
    date.ok_or_else(|| file.problem(day.span(), "expires is a day such as 2027-03-31"))
}
