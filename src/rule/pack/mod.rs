//! The TOML of packs: read with spans, validated into rules and benchmarks.
//!
//! A pack cannot run anything: it has no expressions, patterns or commands, only the predicates of
//! [`super::predicate`].

mod benchmark;
mod certificate;
mod contents;
mod expectation;
mod file_demand;
mod outline;
mod plain;
mod predicate;
mod raw;
mod rule;
mod sections;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::{Benchmark, Demand, Entry, Problem, Problems, Rule};
use crate::ascii::is_printable_lines;
use crate::invisible::is_invisible;
use crate::version::MinorRange;
use raw::{RawBenchmark, RawPack};

/// A pack whose rules are valid and whose benchmarks still name rules by id.
pub(super) struct Pack {
    file: File,
    pub(super) rules: Vec<Rule>,
    benchmarks: Vec<RawBenchmark>,
}

/// What a mistake is shown in.
struct File {
    path: Cow<'static, str>,
    text: Cow<'static, str>,
    /// The text for the mistakes, of which most files have none.
    shared: OnceCell<Arc<str>>,
}

impl File {
    fn new(path: Cow<'static, str>, text: Cow<'static, str>) -> Self {
        Self { path, text, shared: OnceCell::new() }
    }

    fn problem(&self, span: Range<usize>, message: impl Into<String>) -> Problem {
        let text = self.shared.get_or_init(|| Arc::from(&*self.text)).clone();
        Problem { path: self.path.to_string(), text, span, message: message.into() }
    }
}

/// Reads a pack. Every mistake in it is reported, as far as one does not hide another.
pub(super) fn read(path: &str, text: &str) -> Result<Pack, Problems> {
    let file = File::new(path.to_owned().into(), text.to_owned().into());
    let raw: RawPack = toml::from_str(text)
        .map_err(|error| file.problem(error.span().unwrap_or(0..0), error.message()))?;
    let mut rules: Vec<Rule> = Vec::new();
    let mut ids: HashSet<String> = HashSet::new();
    let mut problems = Problems::default();
    for raw in raw.rule {
        let id = raw.as_ref().id.clone();
        if !ids.insert(id.as_ref().clone()) {
            problems
                .push(file.problem(id.span(), format!("the rule {} stands twice", id.as_ref())));
        }
        match rule::rule(&file, raw) {
            Ok(rule) => rules.push(rule),
            Err(problem) => problems.push(problem),
        }
    }
    problems.none_in(Pack { file, rules, benchmarks: raw.benchmark })
}

/// The id of the only benchmark of a pack in the binary, and the minors it is made for.
pub(super) fn header(text: &'static str) -> Option<(Cow<'static, str>, MinorRange)> {
    outline::header(text).ok()
}

/// Reads the only benchmark of a pack in the binary.
pub(super) fn read_benchmark(
    path: &'static str,
    text: &'static str,
    known: &impl Known,
) -> Result<Benchmark, Problems> {
    if let Ok(benchmark) = outline::benchmark(text, known) {
        return Ok(benchmark);
    }
    let pack = read(path, text)?;
    let none = pack.file.problem(0..0, "there is no benchmark");
    pack.drafts().next().ok_or(none)?.read(known)
}

/// Reads the demand of the only rule in a text.
pub(super) fn read_demand(
    path: Cow<'static, str>,
    text: Cow<'static, str>,
) -> Result<Demand, Problem> {
    let file = File::new(path, text);
    if let Cow::Borrowed(text) = file.text
        && let Ok(raw) = outline::demand(text)
    {
        return rule::demand(&file, raw);
    }
    let raw: RawPack = toml::from_str(&file.text)
        .map_err(|error| file.problem(error.span().unwrap_or(0..0), error.message()))?;
    match raw.rule.into_iter().next() {
        Some(raw) => rule::demand(&file, raw.into_inner().into_demand()),
        None => Err(file.problem(0..0, "there is no rule")),
    }
}

impl Pack {
    /// The text it was read from.
    pub(super) fn text(&self) -> &str {
        &self.file.text
    }

    /// The pack's benchmarks, in order, still to be read.
    pub(super) fn drafts(self) -> impl Iterator<Item = Draft> {
        let Self { file, benchmarks, .. } = self;
        let file = Rc::new(file);
        benchmarks.into_iter().map(move |raw| Draft { file: file.clone(), raw })
    }
}

/// A benchmark that still names rules, and the benchmark it extends, by id.
pub(super) struct Draft {
    file: Rc<File>,
    raw: RawBenchmark,
}

impl Draft {
    /// The file it was read from.
    pub(super) fn path(&self) -> &str {
        &self.file.path
    }

    /// The benchmark, with what it names.
    pub(super) fn read(self, known: &impl Known) -> Result<Benchmark, Problems> {
        benchmark::benchmark(&self.file, self.raw, known)
    }

    /// A mistake that is the benchmark as a whole.
    pub(super) fn problem(&self, message: &str) -> Problem {
        self.file.problem(self.raw.id.span(), message)
    }
}

/// What a benchmark can name.
pub(super) trait Known {
    /// The rule called `id`.
    fn rule(&self, id: &str) -> Option<&Arc<Entry>>;
    /// The ids of all rules.
    fn rule_ids(&self) -> Vec<&str>;
    /// The benchmark called `id`.
    fn benchmark(&self, id: &str) -> Option<&Benchmark>;
    /// The ids of all benchmarks.
    fn benchmark_ids(&self) -> Vec<&str>;
}

/// Whether a text can be an id.
fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
}

/// Whether a text that reports print holds what none of them can: there it is not looked at again.
fn is_unprintable(text: &str) -> bool {
    !is_printable_lines(text) && text.chars().any(|c| is_invisible(c) && !matches!(c, '\n' | '\t'))
}

/// What to say of it.
const UNPRINTABLE: &str = "holds a control character or an invisible one";

/// What to say of a text that cannot.
const NO_SLUG: &str = "an id is made of lower-case letters, digits, dots and dashes";

/// What to say of a text that is no range.
const NO_RANGE: &str = "not a range of minors such as 1.20..1.23, 1.29.. or ..1.18";
