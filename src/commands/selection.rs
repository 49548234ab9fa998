//! Which benchmarks, rules and controls a run is about.

use anyhow::bail;

use super::numbers::Numbers;
use crate::cli::SelectionArgs;
use crate::component::Component;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::RuleResult;
use crate::rule::{Benchmark, Control, ControlName, Edition, Library, Section};
use crate::spelling::{nearest, suggestion};
use crate::target::Target;
use crate::version::{Minor, MinorRange};

/// Which benchmarks and controls a run is about.
pub(super) struct Selection<'l> {
    library: &'l Library,
    /// None for `auto`.
    chosen: Option<Vec<&'l Benchmark>>,
    /// A benchmark besides the chosen ones.
    added: Option<&'l Benchmark>,
    /// The minor of the run.
    stated: Option<Minor>,
    level: Option<u8>,
    only: Vec<ControlName>,
    skip: Vec<ControlName>,
}

/// Editions of the CIS benchmark are what `auto` chooses from.
const CIS: &str = "cis-";

impl<'l> Selection<'l> {
    pub(super) fn new(
        args: &SelectionArgs,
        added: Option<&str>,
        stated: Option<Minor>,
        library: &'l Library,
    ) -> anyhow::Result<Self> {
        let mut chosen = Vec::new();
        for id in args.benchmark.iter().filter(|id| *id != "auto") {
            match library.benchmark(id) {
                Some(benchmark) => chosen.push(benchmark),
                None => bail!(unknown_benchmark(id, library)),
            }
        }
        let selection = Self {
            library,
            chosen: (!chosen.is_empty()).then_some(chosen),
            added: added.and_then(|id| library.benchmark(id)),
            stated,
            level: args.level,
            only: args.only.iter().map(|text| ControlName::new(text)).collect(),
            skip: args.skip.iter().map(|text| ControlName::new(text)).collect(),
        };
        for name in selection.only.iter().chain(&selection.skip) {
            selection.must_know(name)?;
        }
        selection.must_mean_one()?;
        let is_left = selection
            .nameable()
            .flat_map(controls)
            .any(|(benchmark, section, control)| selection.wants(benchmark, section, control));
        if !is_left {
            bail!("nothing is left to check: --only, --skip and --level leave no control");
        }
        Ok(selection)
    }

    /// The benchmarks whose controls can be named, read one by one, the newest edition first.
    fn nameable(&self) -> Box<dyn Iterator<Item = &'l Benchmark> + '_> {
        let chosen: Box<dyn Iterator<Item = &'l Benchmark>> = match &self.chosen {
            Some(chosen) => Box::new(chosen.iter().copied()),
            None => Box::new(self.editions().rev().map(|edition| self.library.read(edition))),
        };
        Box::new(chosen.chain(self.added))
    }

    /// What `auto` chooses from, oldest first.
    fn editions(&self) -> impl DoubleEndedIterator<Item = &'l Edition> + use<'l> {
        self.library.editions().iter().filter(|edition| edition.id.starts_with(CIS))
    }

    /// The components that the selected rules are about, all of them or those asked for.
    pub(super) fn components(&self, asked: &[Component]) -> anyhow::Result<Vec<Component>> {
        // All editions are about the same components: the newest stands for them.
        let most = if self.chosen.is_some() { usize::MAX } else { 1 };
        let benchmarks: Vec<&Benchmark> = self.nameable().take(most).collect();
        let about = |component| {
            let mut controls = benchmarks.iter().flat_map(|benchmark| benchmark.controls());
            controls.any(|(_, control)| control.entry.component == component)
        };
        if let Some(component) = asked.iter().find(|component| !about(**component)) {
            bail!("no rule of the chosen benchmark is about {component}");
        }
        Ok(Component::ALL.into_iter().filter(|component| about(*component)).collect())
    }

    /// A name of which no benchmark of the run knows anything is a mistake.
    fn must_know(&self, name: &ControlName) -> anyhow::Result<()> {
        let ControlName { benchmark, name: id } = name;
        let mut known = self.nameable().filter(|benchmark| name.is_in(benchmark)).peekable();
        if known.peek().is_none()
            && let Some(id) = benchmark
        {
            if self.library.benchmark(id).is_none() {
                bail!(unknown_benchmark(id, self.library));
            }
            bail!("{id} is not checked in this run: name it with --benchmark");
        }
        let mut controls = known.flat_map(controls);
        if controls.any(|(benchmark, section, control)| name.names(benchmark, section, control)) {
            return Ok(());
        }
        let ids = self.nameable().flat_map(Benchmark::controls).map(|(_, it)| &*it.entry.id);
        let near = suggestion(nearest(id, ids));
        let place = benchmark.as_ref().map(|id| format!(" in {id}")).unwrap_or_default();
        bail!("there is no rule, control or section {id}{place}{near}")
    }

    /// A number to skip that means different rules in the chosen benchmarks is a mistake. Those that `auto`
    /// chooses are known later.
    fn must_mean_one(&self) -> anyhow::Result<()> {
        let mut numbers = Numbers::new(&[], &self.skip);
        for benchmark in self.chosen.iter().flatten().copied().chain(self.added) {
            for component in Component::ALL {
                numbers.note(benchmark, component)?;
            }
        }
        Ok(())
    }

    /// The numbers of the run, to take note of what they mean.
    pub(super) fn numbers(&self) -> Numbers<'l> {
        Numbers::new(&self.only, &self.skip)
    }

    pub(super) fn wants(
        &self,
        benchmark: &Benchmark,
        section: &Section,
        control: &Control,
    ) -> bool {
        let named =
            |names: &[ControlName]| names.iter().any(|it| it.names(benchmark, section, control));
        let level = match (self.level, control.level) {
            (Some(highest), Some(level)) => level <= highest,
            _ => true,
        };
        level && (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }

    /// What of the results does not rest on the rules and benchmarks that come with plimsoll, although
    /// it has their names.
    pub(super) fn replaced(&self, results: &[RuleResult<'_>]) -> Vec<Diagnostic> {
        let replacements = self.library.replacements();
        if replacements.is_empty() {
            return Vec::new();
        }
        let mut said: Vec<Diagnostic> = Vec::new();
        for result in results {
            let benchmark = replacements.of_benchmark(&result.benchmark.id);
            let rule = replacements.of_rule(&result.control.entry.id);
            let found = [(Code::ReplacedBenchmark, benchmark), (Code::ReplacedRule, rule)];
            for (code, message) in found.into_iter().filter_map(|(code, it)| Some((code, it?))) {
                if said.iter().all(|known| known.message() != message) {
                    said.push(Diagnostic::new(code, message, None));
                }
            }
        }
        said
    }

    /// The benchmarks for a target; with `auto`, says on the target if none is made for its minor.
    pub(super) fn benchmarks(&self, target: &mut Target) -> Vec<&'l Benchmark> {
        let mut benchmarks = self.made_for(target);
        // It may have been chosen by name as well.
        let added = self.added.filter(|added| benchmarks.iter().all(|known| known.id != added.id));
        benchmarks.extend(added);
        benchmarks
    }

    fn made_for(&self, target: &mut Target) -> Vec<&'l Benchmark> {
        if let Some(chosen) = &self.chosen {
            return chosen.clone();
        }
        // etcd's version says nothing about the Kubernetes around it.
        let kubernetes = Some(target.version.minor).filter(|minor| minor.major == 1);
        let Some(minor) = kubernetes.or(self.stated.filter(|minor| minor.major == 1)) else {
            let newest = self.editions().next_back();
            if let Some(edition) = newest {
                let message =
                    format!("{} is used: the Kubernetes version is not known", edition.id);
                target.diagnostics.push(Diagnostic::new(Code::NewestBenchmark, message, None));
            }
            return newest.map(|edition| self.library.read(edition)).into_iter().collect();
        };
        let made_for = self.editions().find(|edition| edition.kubernetes.contains(minor));
        if let Some(edition) = made_for {
            return vec![self.library.read(edition)];
        }
        let nearest = self.editions().min_by_key(|edition| distance(edition.kubernetes, minor));
        if let Some(edition) = nearest {
            let message = format!(
                "{} is made for Kubernetes {}: it is the nearest edition for {minor}",
                edition.id, edition.kubernetes
            );
            target.diagnostics.push(Diagnostic::new(Code::NearestBenchmark, message, None));
        }
        nearest.map(|edition| self.library.read(edition)).into_iter().collect()
    }
}

/// How many minors lie between a benchmark's range and a minor.
fn distance(range: MinorRange, minor: Minor) -> u16 {
    let below = range.from.map_or(0, |from| from.minor.saturating_sub(minor.minor));
    let above = range.to.map_or(0, |to| minor.minor.saturating_sub(to.minor));
    below.max(above)
}

/// A benchmark's controls, each with where it stands.
fn controls(benchmark: &Benchmark) -> impl Iterator<Item = (&Benchmark, &Section, &Control)> {
    benchmark.controls().map(move |(section, control)| (benchmark, section, control))
}

/// What to say of a benchmark that does not exist.
pub(super) fn unknown_benchmark(id: &str, library: &Library) -> String {
    let known: Vec<&str> = library.editions().iter().map(|known| &*known.id).collect();
    let near = suggestion(nearest(id, known.iter().copied()));
    format!("there is no benchmark {id}{near}; there are {}", known.join(", "))
}
