//! What a run makes of one target, whatever it makes of the others: the part of `plimsoll check` that
//! is done for several targets at a time.

use super::against::Written;
use super::selection::Selection;
use crate::config_files::read_flags;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::{Readings, RuleResult, evaluate};
use crate::flags::Flags;
use crate::flags::catalog::Catalog;
use crate::flags::compare::upgrade;
use crate::rule::{Benchmark, Control, Section};
use crate::target::Target;
use crate::version::VersionOrigin;

/// What targets are judged by.
pub(super) struct Judging<'l> {
    /// When the run began.
    pub(super) now: jiff::Timestamp,
    pub(super) selection: Selection<'l>,
    /// The command lines to compare with.
    pub(super) written: Written,
}

/// A target with its results.
pub(super) struct JudgedTarget<'l> {
    pub(super) target: Target,
    /// The benchmarks that were laid against it.
    pub(super) benchmarks: Vec<&'l Benchmark>,
    pub(super) results: Vec<RuleResult<'l>>,
    /// What there is to say beside the target's own diagnostics.
    pub(super) said: Vec<Diagnostic>,
}

impl<'l> Judging<'l> {
    /// Judges a target.
    pub(super) fn judge(&self, mut target: Target) -> JudgedTarget<'l> {
        self.written.lay_beside(&mut target);
        let benchmarks = self.selection.benchmarks(&mut target);
        let mut results = Vec::new();
        let mut said: Vec<Diagnostic> = Vec::new();
        let oldest = benchmarks.iter().filter_map(|benchmark| benchmark.kubernetes.from).min();
        if !benchmarks.is_empty() {
            let readings = Readings::of(&mut target, oldest, self.now);
            for benchmark in &benchmarks {
                let wanted = |section: &Section, control: &Control| {
                    self.selection.wants(benchmark, section, control)
                };
                let mut of_it = evaluate(&target, &readings, benchmark, wanted);
                // There is one benchmark, mostly.
                if results.is_empty() { results = of_it } else { results.append(&mut of_it) }
            }
            let moved = moved(&target, readings.flags());
            said = readings.into_flags().diagnostics;
            said.extend(moved);
        }
        said.extend(self.selection.replaced(&results));
        JudgedTarget { target, benchmarks, results, said }
    }
}

/// What changes by itself when a manifest of one minor is judged by another: the upgrade question.
fn moved(target: &Target, after: &Flags) -> Vec<Diagnostic> {
    let asked = target.version.minor;
    let stated = target.version.from == VersionOrigin::Argument;
    let Some(tagged) = target
        .line
        .version
        .map(|version| version.minor)
        .filter(|tagged| stated && *tagged != asked)
    else {
        return Vec::new();
    };
    if Catalog::of(target.line.component).release(tagged).is_none() {
        return Vec::new();
    }
    let before = read_flags(&target.line, tagged, &target.files);
    let changes = upgrade(&before, after);
    let shown = |value: &Option<String>| match value.as_deref() {
        None => "not there".to_owned(),
        Some("") => "empty".to_owned(),
        Some(text) => text.to_owned(),
    };
    let note = |name: String, [old, new]: &[Option<String>; 2]| {
        let message = format!("{name} is {} in {tagged} and {} in {asked}", shown(old), shown(new));
        Diagnostic::new(Code::ChangedDefault, message, None)
    };
    let flags = changes.flags.iter().map(|c| note(format!("--{}", c.name), &c.values));
    flags.chain(changes.plugins.iter().map(|c| note(c.name.clone(), &c.values))).collect()
}
