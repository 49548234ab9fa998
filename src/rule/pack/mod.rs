//! Packs: TOML read with spans, validated into rules and benchmarks.
//!
//! A pack cannot run anything: it has no expressions, patterns or commands, only the predicates of
//! [`super::predicate`]. `build.rs` digests the packs of the binary to what [`raw`] and [`digested`] hold; a run
//! validates both forms alike.

mod benchmark;
mod certificate;
mod contents;
mod digested;
mod expectation;
mod file;
mod file_demand;
mod predicate;
mod raw;
mod rule;
mod sections;
mod spanned;
mod words;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use serde::Deserialize;

use super::entry::ShippedReader;
use super::shipped::{ShippedEdition, ShippedRule};
use super::{Benchmark, Control, Demand, Entry, Problem, Problems, Rule};
use crate::version::MinorRange;
use digested::{RawDemand, RawReasons};
use file::File;
use raw::{RawBenchmark, RawPack, RawRule};

/// A pack whose rules are valid and whose benchmarks still name rules by id.
pub(super) struct Pack {
    file: Rc<File>,
    pub(super) rules: Vec<Rule>,
    /// Where each rule is written, by id.
    spans: HashMap<String, RuleSpans>,
    benchmarks: Vec<RawBenchmark>,
}

/// Where a rule is written.
struct RuleSpans {
    id: Range<usize>,
    parameters: BTreeMap<String, Range<usize>>,
}

/// Reads a pack. Every mistake in it is reported, as far as one does not hide another.
pub(super) fn read(path: &str, text: &str) -> Result<Pack, Problems> {
    let file = File::new(path.to_owned().into(), text.to_owned().into());
    let raw: RawPack = toml::from_str(text)
        .map_err(|error| file.problem(error.span().unwrap_or(0..0), error.message()))?;
    let mut rules: Vec<Rule> = Vec::new();
    let mut spans: HashMap<String, RuleSpans> = HashMap::new();
    let mut problems = Problems::default();
    for raw in raw.rule {
        let id = raw.id.clone();
        if spans.insert(id.as_ref().clone(), spans_of(&raw)).is_some() {
            problems
                .push(file.problem(id.span(), format!("the rule {} stands twice", id.as_ref())));
        }
        let (demand, reasons) = raw.into_parts();
        match rule::rule(&file, demand, reasons) {
            Ok(rule) => rules.push(rule),
            Err(problem) => problems.push(problem),
        }
    }
    problems.none_in(Pack { file: file.into(), rules, spans, benchmarks: raw.benchmark })
}

fn spans_of(raw: &RawRule) -> RuleSpans {
    let parameters = raw.parameters.iter();
    let parameters = parameters.map(|(name, value)| (name.clone(), value.span())).collect();
    RuleSpans { id: raw.id.span(), parameters }
}

/// How the rules in the binary are read.
pub(super) const SHIPPED: ShippedReader =
    ShippedReader { demand: shipped_demand, rule: shipped_rule };

/// What a rule in the binary demands.
fn shipped_demand(rule: &ShippedRule) -> Result<Demand, Problem> {
    rule::demand(&shipped_file(rule.pack), undigested(rule.demand()))
}

/// A rule in the binary.
fn shipped_rule(rule: &ShippedRule) -> Result<Rule, Problem> {
    let demand: RawDemand = undigested(rule.demand());
    let reasons: RawReasons = undigested(rule.reasons());
    rule::rule(&shipped_file(rule.pack), demand, reasons)
}

/// A benchmark in the binary.
pub(super) fn shipped_benchmark(
    edition: &ShippedEdition,
    kubernetes: MinorRange,
    known: &impl Known,
) -> Result<Benchmark, Problems> {
    let raw = undigested(edition.sections());
    benchmark::edition(&shipped_file(edition.pack), (edition.id, kubernetes), raw, known)
}

/// The binary holds no text in which a mistake could be shown, only what the build found no mistake in.
fn shipped_file(path: &'static str) -> File {
    File::new(path.into(), "".into())
}

fn undigested<T: Deserialize<'static>>(digest: &'static [u8]) -> T {
    postcard::from_bytes(digest).expect("build.rs has written it from the same type")
}

impl Pack {
    /// The text it was read from.
    pub(super) fn text(&self) -> &str {
        &self.file.text
    }

    /// The pack by the id of each of its rules.
    pub(super) fn by_rule(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.spans.keys().map(move |id| (id.as_str(), self))
    }

    /// The first problem of a rule of this pack with a control of a benchmark in the binary.
    pub(super) fn conflict(&self, benchmark: &Benchmark, control: &Control) -> Option<Problem> {
        let place = self.spans.get(&*control.entry.id)?;
        control.parameters.iter().find_map(|(name, value)| {
            let why = control.demand().takes(name, value).err()?;
            let span = place.parameters.get(name).unwrap_or(&place.id);
            let (id, number) = (&benchmark.id, &control.number);
            let message = format!("{id} {number} sets {name} = {value}: {why}");
            Some(self.file.problem(span.clone(), message))
        })
    }

    /// Takes out the pack's benchmarks, in order, still to be read.
    pub(super) fn drafts(&mut self) -> impl Iterator<Item = Draft> + use<> {
        let file = self.file.clone();
        let benchmarks = std::mem::take(&mut self.benchmarks);
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

/// What to say of a text that is no range.
const NO_RANGE: &str = "not a range of minors such as 1.20..1.23, 1.29.. or ..1.18";
