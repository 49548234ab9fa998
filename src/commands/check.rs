//! `plimsoll check`.

use std::io::{self, BufWriter, Write};

use anyhow::bail;

use super::input::Reader;
use super::output::{Streams, WholeFile, say};
use crate::cli::{CheckArgs, Format, SelectionArgs, Show};
use crate::component::Component;
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Readings, evaluate};
use crate::exit::ExitStatus;
use crate::report::{Closing, Failure, Look, Report, Summary, TargetReport};
use crate::result::{Severity, Status};
use crate::rule::{Benchmark, Control, Library, Section};
use crate::spelling::{nearest, suggestion};
use crate::target::Target;
use crate::version::Minor;

pub(super) fn run(args: &CheckArgs, streams: Streams) -> anyhow::Result<ExitStatus> {
    let library = super::library(&args.packs)?;
    let selection = Selection::new(&args.selection, &library)?;
    let mut reports = Reports::begin(args, streams)?;
    let mut run = Run {
        library: &library,
        selection,
        fail_on: args.fail_on.severity(),
        used: Vec::new(),
        summary: Summary::default(),
        status: ExitStatus::Success,
    };
    let mut reader = Reader::new(&args.input, run.selection.components());
    reader.read(&mut |target| run.target(target, &mut reports))?;
    run.finish(&reader, reports, args)
}

/// What a run keeps between its targets.
struct Run<'l> {
    library: &'l Library,
    selection: Selection<'l>,
    fail_on: Option<Severity>,
    /// The benchmarks that were laid against a target.
    used: Vec<&'l Benchmark>,
    summary: Summary,
    status: ExitStatus,
}

impl Run<'_> {
    fn target(&mut self, mut target: Target, reports: &mut Reports) -> anyhow::Result<()> {
        let benchmarks = self.selection.benchmarks(&mut target);
        let mut results = Vec::new();
        let mut said: Vec<Diagnostic> = Vec::new();
        for benchmark in benchmarks {
            let readings = Readings::of(&target, Some(benchmark.kubernetes));
            if said.is_empty() {
                said = readings.diagnostics().to_vec();
            }
            if !self.used.iter().any(|used| used.id == benchmark.id) {
                self.used.push(benchmark);
            }
            results.extend(evaluate(&target, &readings, benchmark, |section, control| {
                self.selection.wants(section, control)
            }));
        }
        for result in &results {
            let severity = result.control.rule.severity;
            self.status = self.status.and(match result.verdict.status {
                Status::Error => ExitStatus::Incomplete,
                Status::Fail if self.fail_on.is_some_and(|from| from <= severity) => {
                    ExitStatus::Findings
                }
                _ => ExitStatus::Success,
            });
        }
        let diagnostics = target.diagnostics.iter().chain(&said).collect();
        let report = TargetReport { target: &target, diagnostics, results };
        self.summary.add(&report);
        reports.target(&report)
    }

    fn finish(
        self,
        reader: &Reader<'_>,
        reports: Reports,
        args: &CheckArgs,
    ) -> anyhow::Result<ExitStatus> {
        tell(reader, args.output.quiet, args.output.verbose);
        let closing = Closing {
            benchmarks: self
                .used
                .iter()
                .map(|benchmark| (*benchmark, self.library.digest(benchmark)))
                .collect(),
            failures: &reader.failures,
            summary: self.summary,
        };
        reports.finish(&closing)?;
        let read =
            if reader.failures.is_empty() { ExitStatus::Success } else { ExitStatus::Incomplete };
        Ok(self.status.and(read))
    }
}

/// Says on standard error what could not be read, and with `verbose` what was passed over.
pub(super) fn tell(reader: &Reader<'_>, quiet: bool, verbose: bool) {
    for Failure { source, message } in &reader.failures {
        // Many messages begin with the source already.
        let known = message.starts_with(source.as_str());
        say(&if known { message.clone() } else { format!("{source}: {message}") });
    }
    if verbose {
        for message in &reader.passed_over {
            say(&format!("passed over: {message}"));
        }
    } else if !quiet && !reader.passed_over.is_empty() {
        say(&format!("{} passed over; -v lists them", reader.passed_over.len()));
    }
}

/// The reports of one run: standard output and files.
struct Reports {
    reports: Vec<Report<'static>>,
    files: Vec<WholeFile>,
}

impl Reports {
    fn begin(args: &CheckArgs, streams: Streams) -> anyhow::Result<Self> {
        let now = now();
        let problems_only = args.show == Show::Problems;
        let mut begun = Self { reports: Vec::new(), files: Vec::new() };
        let stdout: Box<dyn Write> =
            Box::new(BufWriter::with_capacity(1 << 16, io::stdout().lock()));
        let look = Look { color: streams.color, problems_only };
        begun.reports.push(report(args.output.format, stdout, look, &now)?);
        for (format, path) in &args.output.output {
            let (file, writer) = WholeFile::begin(path)?;
            let look = Look { color: false, problems_only };
            begun.files.push(file);
            begun.reports.push(report(*format, Box::new(writer), look, &now)?);
        }
        Ok(begun)
    }

    fn target(&mut self, target: &TargetReport<'_>) -> anyhow::Result<()> {
        for report in &mut self.reports {
            report.target(target)?;
        }
        Ok(())
    }

    fn finish(self, closing: &Closing<'_>) -> anyhow::Result<()> {
        for report in self.reports {
            report.finish(closing)?;
        }
        for file in self.files {
            file.finish()?;
        }
        Ok(())
    }
}

fn report(
    format: Format,
    out: Box<dyn Write>,
    look: Look,
    now: &str,
) -> io::Result<Report<'static>> {
    match format {
        Format::Text => Ok(Report::text(out, look)),
        Format::Json => Report::json(out, now),
    }
}

/// The time of the run, RFC 3339 in whole seconds.
fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

/// Which benchmarks and controls a run is about.
struct Selection<'l> {
    library: &'l Library,
    /// None for `auto`.
    chosen: Option<Vec<&'l Benchmark>>,
    level: Option<u8>,
    only: Vec<String>,
    skip: Vec<String>,
}

/// Editions of the CIS benchmark are what `auto` chooses from.
const CIS: &str = "cis-";

impl<'l> Selection<'l> {
    fn new(args: &SelectionArgs, library: &'l Library) -> anyhow::Result<Self> {
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
            level: args.level,
            only: args.only.clone(),
            skip: args.skip.clone(),
        };
        for id in args.only.iter().chain(&args.skip) {
            if !selection.is_known(id) {
                let near = selection.nearest(id);
                bail!("there is no rule, control or section {id}{}", suggestion(near));
            }
        }
        Ok(selection)
    }

    /// The benchmarks whose controls can be named.
    fn nameable(&self) -> Vec<&'l Benchmark> {
        match &self.chosen {
            Some(chosen) => chosen.clone(),
            None => self.editions().collect(),
        }
    }

    fn editions(&self) -> impl Iterator<Item = &'l Benchmark> + use<'l> {
        self.library.benchmarks.iter().filter(|benchmark| benchmark.id.starts_with(CIS))
    }

    /// The components that the selected rules are about.
    fn components(&self) -> Vec<Component> {
        let controls = || self.nameable().into_iter().flat_map(Benchmark::controls);
        let about = |component| controls().any(|(_, control)| control.rule.component == component);
        Component::ALL.into_iter().filter(|component| about(*component)).collect()
    }

    fn is_known(&self, id: &str) -> bool {
        self.nameable()
            .into_iter()
            .flat_map(Benchmark::controls)
            .any(|(section, control)| names(id, section, control))
    }

    fn nearest(&self, id: &str) -> Option<&'l str> {
        let controls = self.nameable().into_iter().flat_map(Benchmark::controls);
        nearest(id, controls.map(|(_, control)| control.rule.id.as_str()))
    }

    fn wants(&self, section: &Section, control: &Control) -> bool {
        let named = |ids: &[String]| ids.iter().any(|id| names(id, section, control));
        let level = match (self.level, control.level) {
            (Some(highest), Some(level)) => level <= highest,
            _ => true,
        };
        level && (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }

    /// The benchmarks for a target; with `auto`, says on the target if none is made for its minor.
    fn benchmarks(&self, target: &mut Target) -> Vec<&'l Benchmark> {
        if let Some(chosen) = &self.chosen {
            return chosen.clone();
        }
        let minor = target.version.minor;
        let made_for = self.editions().find(|edition| edition.kubernetes.contains(minor));
        if let Some(benchmark) = made_for {
            return vec![benchmark];
        }
        let nearest = self.editions().min_by_key(|edition| distance(edition, minor));
        if let Some(benchmark) = nearest {
            let message = format!(
                "{} is made for Kubernetes {}: it is the nearest edition for {minor}",
                benchmark.id, benchmark.kubernetes
            );
            target.diagnostics.push(Diagnostic::note("nearest-benchmark", message, None));
        }
        nearest.into_iter().collect()
    }
}

/// How many minors lie between a benchmark's range and a minor.
fn distance(benchmark: &Benchmark, minor: Minor) -> u16 {
    let range = benchmark.kubernetes;
    let below = range.from.map_or(0, |from| from.minor.saturating_sub(minor.minor));
    let above = range.to.map_or(0, |to| minor.minor.saturating_sub(to.minor));
    below.max(above)
}

fn names(id: &str, section: &Section, control: &Control) -> bool {
    control.rule.id == id || control.number == id || section.number == id
}

/// What to say of a benchmark that does not exist.
pub(super) fn unknown_benchmark(id: &str, library: &Library) -> String {
    let known: Vec<&str> = library.benchmarks.iter().map(|known| known.id.as_str()).collect();
    let near = suggestion(nearest(id, known.iter().copied()));
    format!("there is no benchmark {id}{near}; there are {}", known.join(", "))
}
