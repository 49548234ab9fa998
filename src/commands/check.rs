//! `plimsoll check`.

use std::io::{self, BufWriter, Write};

use super::input::Reader;
use super::output::{Streams, WholeFile, say};
use super::selection::Selection;
use crate::cli::{CheckArgs, Format, Show};
use crate::component::Component;
use crate::config_files::read_flags;
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Readings, evaluate, not_running};
use crate::exit::ExitStatus;
use crate::flags::catalog::Catalog;
use crate::flags::compare::upgrade;
use crate::report::{Closing, Failure, Look, Report, Summary, TargetReport};
use crate::result::{Severity, Status};
use crate::rule::{Benchmark, Control, Section};
use crate::target::Target;
use crate::version::VersionOrigin;

pub(super) fn run(args: &CheckArgs, streams: Streams) -> anyhow::Result<ExitStatus> {
    let library = super::library(&args.packs)?;
    let selection = Selection::new(&args.selection, args.input.kubernetes_version, &library)?;
    let now = now();
    let mut reports = Reports::begin(args, streams, now)?;
    let mut run = Run {
        now,
        selection,
        fail_on: args.fail_on.severity(),
        used: Vec::new(),
        summary: Summary::default(),
        status: ExitStatus::Success,
    };
    let mut reader = Reader::new(&args.input, run.selection.components(&args.input.component)?);
    reader.read(&mut |target| run.target(target, &mut reports))?;
    for component in &reader.absent {
        run.absent(*component, &mut reports)?;
    }
    run.finish(&reader, reports, args)
}

/// What a run keeps between its targets.
struct Run<'l> {
    /// When it began.
    now: jiff::Timestamp,
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
            let readings = Readings::of(&target, Some(benchmark.kubernetes), self.now);
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
        said.extend(moved(&target));
        for result in &results {
            let severity = result.control.demand().severity;
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

    /// Reports a component that does not run here, by the benchmarks of those that do.
    fn absent(&mut self, component: Component, reports: &mut Reports) -> anyhow::Result<()> {
        let target = Target::absent(component);
        let wants = |section: &Section, control: &Control| self.selection.wants(section, control);
        let results: Vec<_> =
            self.used.iter().flat_map(|benchmark| not_running(&target, benchmark, wants)).collect();
        if results.is_empty() {
            return Ok(());
        }
        let report = TargetReport { target: &target, diagnostics: Vec::new(), results };
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
        let closing =
            Closing { benchmarks: &self.used, failures: &reader.failures, summary: self.summary };
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
    fn begin(args: &CheckArgs, streams: Streams, now: jiff::Timestamp) -> anyhow::Result<Self> {
        let now = now.to_string();
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

/// The time of the run in whole seconds.
fn now() -> jiff::Timestamp {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// What changes by itself when a manifest of one minor is judged by another: the upgrade question.
fn moved(target: &Target) -> Vec<Diagnostic> {
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
    let [before, after] =
        [tagged, asked].map(|minor| read_flags(&target.line, minor, &target.files));
    let changes = upgrade(&before, &after);
    let shown = |value: &Option<String>| match value.as_deref() {
        None => "not there".to_owned(),
        Some("") => "empty".to_owned(),
        Some(text) => text.to_owned(),
    };
    let note = |name: String, [old, new]: &[Option<String>; 2]| {
        let message = format!("{name} is {} in {tagged} and {} in {asked}", shown(old), shown(new));
        Diagnostic::note("changed-default", message, None)
    };
    let flags = changes.flags.iter().map(|c| note(format!("--{}", c.name), &c.values));
    flags.chain(changes.plugins.iter().map(|c| note(c.name.clone(), &c.values))).collect()
}
