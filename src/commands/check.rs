//! `plimsoll check`.

use std::mem::ManuallyDrop;

use super::accepted::Accepted;
use super::against::{self, Written};
use super::destinations::Destinations;
use super::input::{Reader, refuse_unread, root};
use super::judging::{JudgedTarget, Judging};
use super::numbers::Numbers;
use super::output::{Streams, say};
use super::progress::Progress;
use super::selection::Selection;
use super::unjudged::Unjudged;
use crate::cli::CheckArgs;
use crate::component::Component;
use crate::evaluate::{RuleResult, not_running};
use crate::exit::ExitStatus;
use crate::report::finished::WaiverRecord;
use crate::report::{Closing, Failure, Format, Opening, Summary, TargetReport};
use crate::result::{Severity, Status};
use crate::rule::{Benchmark, Control, Section};
use crate::source;
use crate::target::Target;
use crate::version::Minor;

pub(super) fn run(args: &CheckArgs, streams: Streams) -> anyhow::Result<ExitStatus> {
    refuse_unread(&args.input)?;
    // The process ends with this run: to take its rules apart again would be a twentieth of it.
    let library = ManuallyDrop::new(super::library(&args.packs)?);
    let added = (!args.against.is_empty()).then_some(against::BENCHMARK);
    let stated = args.input.kubernetes_version;
    let selection = Selection::new(&args.selection, added, stated, &library)?;
    let written = Written::read(&args.against, &args.input)?;
    let now = now();
    let host = source::host_name(root(&args.input).as_ref());
    let accepted =
        Accepted::read(&args.accepted, &library, host.clone(), args.fail_on_unknown, now)?;
    let opening = Opening {
        generated_at: now,
        host: host.filter(|_| reads_processes(args)),
        has_baseline: args.accepted.baseline.is_some(),
    };
    let mut reports = Destinations::begin(args, streams, &opening)?;
    let progress = Progress::new(args.say.quiet, reports.to_stdout);
    let judging = Judging { now, selection, written };
    let components = judging.selection.components(&args.input.component)?;
    let mut run = Run {
        progress,
        judging: &judging,
        fail_on: args.fail_on.severity(),
        accepted,
        seen: Vec::new(),
        used: Vec::new(),
        unjudged: Unjudged::new(&args.input),
        numbers: judging.selection.numbers(),
        summary: Summary::default(),
        status: ExitStatus::Success,
    };
    let mut reader = Reader::new(&args.input, components);
    let judge = |target| judging.judge(target);
    reader.read(&judge, &mut |judged| run.target(judged, &mut reports))?;
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
struct Run<'j, 'l> {
    judging: &'j Judging<'l>,
    fail_on: Option<Severity>,
    accepted: Accepted,
    /// The components that there was a target of.
    seen: Vec<Component>,
    /// The benchmarks that were laid against a target.
    used: Vec<&'l Benchmark>,
    unjudged: Unjudged,
    numbers: Numbers<'l>,
    summary: Summary,
    progress: Progress,
    status: ExitStatus,
}

impl<'l> Run<'_, 'l> {
    fn target(
        &mut self,
        judged: JudgedTarget<'l>,
        reports: &mut Destinations,
    ) -> anyhow::Result<()> {
        let JudgedTarget { target, benchmarks, mut results, said } = judged;
        if !self.seen.contains(&target.line.component) {
            self.seen.push(target.line.component);
        }
        for benchmark in benchmarks {
            self.numbers.note(benchmark, target.line.component)?;
            if !self.used.iter().any(|used| used.id == benchmark.id) {
                self.used.push(benchmark);
            }
        }
        self.unjudged.note(&target, results.len());
        self.accepted.apply(&target, &mut results)?;
        for result in &results {
            self.status = self.status.and(self.outcome(result));
        }
        let diagnostics = target.diagnostics.iter().chain(&said).collect();
        let report = TargetReport { target: &target, diagnostics, results };
        self.summary.add(&report);
        self.progress.step(self.summary.targets);
        reports.target(&report)
    }

    /// What a result means for the exit status.
    fn outcome(&self, result: &RuleResult<'_>) -> ExitStatus {
        let counts = || self.fail_on.is_some_and(|from| from <= result.control.demand().severity);
        match result.verdict.status {
            Status::Error => ExitStatus::Incomplete,
            _ if result.is_finding() && counts() => ExitStatus::Findings,
            _ => ExitStatus::Success,
        }
    }

    /// Reports a component that does not run here, by the benchmarks of those that do.
    fn absent(&mut self, component: Component, reports: &mut Destinations) -> anyhow::Result<()> {
        let target = Target::absent(component);
        let of = |benchmark: &&'l Benchmark| {
            let benchmark: &'l Benchmark = benchmark;
            not_running(&target, benchmark, |section: &Section, control: &Control| {
                self.judging.selection.wants(benchmark, section, control)
            })
        };
        let results: Vec<_> = self.used.iter().flat_map(of).collect();
        if results.is_empty() {
            return Ok(());
        }
        let report = TargetReport { target: &target, diagnostics: Vec::new(), results };
        self.summary.add(&report);
        reports.target(&report)
    }

    /// Targets of which no selected control speaks: that nothing failed would mean nothing.
    fn nothing_judged(&self) -> Option<Failure> {
        if self.seen.is_empty() || self.summary.results() > 0 {
            return None;
        }
        let seen: Vec<&str> = self.seen.iter().map(|component| component.name()).collect();
        let message = format!("no selected control is about {}", seen.join(" or "));
        Some(Failure::new("the selection", &message))
    }

    /// A stated release that is none of any target: the targets were judged as others.
    fn unfit_version(&self, stated: Option<Minor>) -> Option<Failure> {
        let stated = stated.filter(|minor| minor.major != 1)?;
        if self.seen.is_empty() || self.seen.contains(&Component::Etcd) {
            return None;
        }
        let seen: Vec<&str> = self.seen.iter().map(|component| component.name()).collect();
        let message = format!(
            "--kubernetes-version {stated} is not a release of {}; give one such as 1.34",
            seen.join(" or ")
        );
        Some(Failure::with_source_in_message("--kubernetes-version", &message))
    }

    fn finish(
        self,
        reader: &Reader<'_>,
        reports: Destinations,
        args: &CheckArgs,
    ) -> anyhow::Result<ExitStatus> {
        let prints_text = args.output.standard(Format::Text) == Some(Format::Text);
        let mut failures = reader.failures.clone();
        match self.nothing_judged() {
            Some(failure) => failures.push(failure),
            None => failures.extend(self.unjudged.failures()),
        }
        failures.extend(self.unfit_version(args.input.kubernetes_version));
        self.progress.finish();
        failures.extend(self.judging.written.failures(&self.seen));
        tell(&failures);
        reader.skipped.tell(args.say.quiet, !reports.to_stdout, args.say.verbose);
        let remark = self.unjudged.remark().filter(|_| self.summary.results() > 0);
        if let Some(remark) = remark.filter(|_| !args.say.quiet) {
            say(&remark);
        }
        let waivers = self.accepted.records(is_whole(args));
        if !prints_text && !args.say.quiet {
            waivers.iter().filter_map(WaiverRecord::remark).for_each(|remark| say(&remark));
        }
        let read = if failures.is_empty() { ExitStatus::Success } else { ExitStatus::Incomplete };
        let closing =
            Closing { benchmarks: &self.used, errors: failures, waivers, summary: self.summary };
        reports.finish(&closing)?;
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
        && selection.benchmark == ["auto"]
}

/// Says on standard error what could not be read.
pub(super) fn tell(failures: &[Failure]) {
    for failure in failures {
        say(&failure.to_string());
    }
}

/// The time of the run in whole seconds.
fn now() -> jiff::Timestamp {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now)
}
