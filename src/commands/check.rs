//! `plimsoll check`.

use super::accepted::Accepted;
use super::against::{self, Written};
use super::destinations::Destinations;
use super::input::Reader;
use super::output::{Streams, say};
use super::progress::Progress;
use super::selection::Selection;
use crate::cli::CheckArgs;
use crate::component::Component;
use crate::config_files::read_flags;
use crate::diagnostic::Diagnostic;
use crate::evaluate::{Readings, RuleResult, evaluate, not_running};
use crate::exit::ExitStatus;
use crate::flags::catalog::Catalog;
use crate::flags::compare::upgrade;
use crate::report::finished::{self, WaiverRecord};
use crate::report::{Closing, Failure, Format, Opening, Summary, TargetReport};
use crate::result::{Severity, Status};
use crate::rule::{Benchmark, Control, Section};
use crate::source;
use crate::target::Target;
use crate::version::VersionOrigin;

pub(super) fn run(args: &CheckArgs, streams: Streams) -> anyhow::Result<ExitStatus> {
    let library = super::library(&args.packs)?;
    let added = (!args.against.is_empty()).then_some(against::BENCHMARK);
    let stated = args.input.kubernetes_version;
    let selection = Selection::new(&args.selection, added, stated, &library)?;
    let written = Written::read(&args.against, &args.input)?;
    let now = now();
    let host = source::host_name(args.input.root.as_deref());
    let accepted = Accepted::read(&args.accepted, &library, host.clone(), now)?;
    let opening = Opening {
        generated_at: now,
        host: host.filter(|_| reads_processes(args)),
        has_baseline: args.accepted.baseline.is_some(),
    };
    let mut reports = Destinations::begin(args, streams, &opening)?;
    let progress = Progress::new(args.say.quiet, reports.to_stdout);
    let mut run = Run {
        progress,
        now,
        selection,
        fail_on: args.fail_on.severity(),
        accepted,
        written,
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

/// Whether the run is about this machine's processes, so that its name belongs into the report.
fn reads_processes(args: &CheckArgs) -> bool {
    let input = &args.input;
    input.pid.is_some() || (input.inputs.is_empty() && input.argv.is_empty())
}

/// What a run keeps between its targets.
struct Run<'l> {
    /// When it began.
    now: jiff::Timestamp,
    selection: Selection<'l>,
    fail_on: Option<Severity>,
    accepted: Accepted,
    written: Written,
    /// The benchmarks that were laid against a target.
    used: Vec<&'l Benchmark>,
    summary: Summary,
    progress: Progress,
    status: ExitStatus,
}

impl Run<'_> {
    fn target(&mut self, mut target: Target, reports: &mut Destinations) -> anyhow::Result<()> {
        self.written.lay_beside(&mut target);
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
        self.accepted.apply(&target, &mut results);
        for result in &results {
            self.status = self.status.and(self.outcome(result));
        }
        let diagnostics = target.diagnostics.iter().chain(&said).collect();
        let report = TargetReport { target: &target, diagnostics, results };
        self.summary.add(&report);
        self.progress.step(self.summary.targets);
        reports.target(&finished::Target::of(&report))
    }

    /// What a result means for the exit status.
    fn outcome(&self, result: &RuleResult<'_>) -> ExitStatus {
        let counts = || self.fail_on.is_some_and(|from| from <= result.control.demand().severity);
        match result.verdict.status {
            Status::Error => ExitStatus::Incomplete,
            Status::Fail if result.is_finding() && counts() => ExitStatus::Findings,
            _ => ExitStatus::Success,
        }
    }

    /// Reports a component that does not run here, by the benchmarks of those that do.
    fn absent(&mut self, component: Component, reports: &mut Destinations) -> anyhow::Result<()> {
        let target = Target::absent(component);
        let wants = |section: &Section, control: &Control| self.selection.wants(section, control);
        let results: Vec<_> =
            self.used.iter().flat_map(|benchmark| not_running(&target, benchmark, wants)).collect();
        if results.is_empty() {
            return Ok(());
        }
        let report = TargetReport { target: &target, diagnostics: Vec::new(), results };
        self.summary.add(&report);
        reports.target(&finished::Target::of(&report))
    }

    fn finish(
        self,
        reader: &Reader<'_>,
        reports: Destinations,
        args: &CheckArgs,
    ) -> anyhow::Result<ExitStatus> {
        let prints_text = args.output.standard(Format::Text) == Some(Format::Text);
        self.progress.finish();
        let mut failures = reader.failures.clone();
        failures.extend(self.written.failures());
        let quiet = args.say.quiet || !reports.to_stdout;
        tell(&failures, &reader.passed_over, quiet, args.say.verbose);
        let waivers = self.accepted.records(is_whole(args));
        if !prints_text && !args.say.quiet {
            waivers.iter().filter_map(WaiverRecord::remark).for_each(|remark| say(&remark));
        }
        let closing = Closing {
            benchmarks: &self.used,
            errors: failures.iter().map(Into::into).collect(),
            waivers,
            summary: self.summary,
        };
        reports.finish(&closing)?;
        let read = if failures.is_empty() { ExitStatus::Success } else { ExitStatus::Incomplete };
        Ok(self.status.and(read))
    }
}

/// Whether nothing was left out on purpose: a waiver that meets nothing is then of no use.
fn is_whole(args: &CheckArgs) -> bool {
    let (input, selection) = (&args.input, &args.selection);
    input.component.is_empty()
        && input.pid.is_none()
        && selection.only.is_empty()
        && selection.skip.is_empty()
        && selection.level.is_none()
}

/// Says on standard error what could not be read, and with `verbose` what was passed over.
pub(super) fn tell(failures: &[Failure], passed_over: &[String], quiet: bool, verbose: bool) {
    for failure in failures {
        say(&finished::Failure::from(failure).to_string());
    }
    if verbose {
        for message in passed_over {
            say(&format!("passed over: {message}"));
        }
    } else if !quiet && !passed_over.is_empty() {
        say(&format!("{} passed over; -v lists them", passed_over.len()));
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
