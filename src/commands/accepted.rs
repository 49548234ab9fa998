//! Which failures of a run are accepted: its waivers and its baseline.

use std::path::Path;

use anyhow::{Context, bail};
use jiff::tz::TimeZone;

use super::gate;
use super::output::say;
use crate::baseline::{Baseline, Fact, KnownFailure, cause};
use crate::cli::AcceptedArgs;
use crate::evaluate;
use crate::report::finished::{self, RuleResult, WaiverRecord};
use crate::report::quotable;
use crate::result::Status;
use crate::rule::{Library, Problems};
use crate::source;
use crate::target::Target;
use crate::waiver::{self, Ambiguous, Waivers};

/// The waivers and the baseline of a run.
pub(super) struct Accepted {
    waivers: Waivers,
    baseline: Option<Baseline>,
    /// Whether everything unknown counts.
    fail_on_unknown: bool,
}

impl Accepted {
    /// Reads what the arguments name. A mistake in it ends the run: a gate is opened knowingly or
    /// not at all.
    pub(super) fn read(
        args: &AcceptedArgs,
        library: &Library,
        host: Option<String>,
        fail_on_unknown: bool,
        now: jiff::Timestamp,
    ) -> anyhow::Result<Self> {
        let mut waivers = Vec::new();
        let mut problems = Problems::default();
        for path in &args.waivers {
            let name = path.display().to_string();
            match waiver::read(&name, &gate::read(path)?, library) {
                Ok(more) => waivers.extend(more),
                Err(more) => problems.append(more),
            }
        }
        if !problems.is_empty() {
            bail!("the waivers cannot be used\n{problems}");
        }
        let today = now.to_zoned(TimeZone::UTC).date();
        let baseline =
            args.baseline.as_deref().map(|path| baseline(path, host.as_deref())).transpose()?;
        Ok(Self { waivers: Waivers::new(waivers, host, today), baseline, fail_on_unknown })
    }

    /// Marks what counts although it is unknown, and the findings that are accepted. A waiver whose number
    /// means different rules in the run is an error.
    pub(super) fn apply(
        &mut self,
        target: &Target,
        results: &mut [evaluate::RuleResult<'_>],
    ) -> Result<(), Ambiguous> {
        if self.fail_on_unknown {
            for result in results.iter_mut() {
                result.unknown_counts = result.verdict.status == Status::Unknown;
            }
        }
        if let Some(baseline) = &self.baseline {
            baseline.count_undecided(target.fingerprint(), results);
        }
        self.waivers.apply(target, results)?;
        // What a decoy fails is never known: it would buy the server the same failures.
        if let Some(baseline) = self.baseline.as_mut().filter(|_| !target.may_be_decoy()) {
            let minor = target.version.minor.to_string();
            baseline.apply(target.fingerprint(), results, |result| cause_now(&minor, result));
        }
        Ok(())
    }

    /// The waivers for the report. If the run was about everything, one that met nothing is unused.
    pub(super) fn records(&self, is_whole: bool) -> Vec<WaiverRecord<'_>> {
        let record = |entry| WaiverRecord::of(entry, self.waivers.is_expired(entry), is_whole);
        self.waivers.uses().iter().map(record).collect()
    }
}

/// The findings and the answers of an earlier report, those of decoys left out. Its processes are known by nothing that
/// names the machine.
fn baseline(path: &Path, host: Option<&str>) -> anyhow::Result<Baseline> {
    gate::warn(path);
    let report = report(path)?;
    if let Some(other) = report.host.as_deref().filter(|other| Some(*other) != host) {
        let path = path.display();
        say(&format!(
            "warning: {path}: the baseline's processes are those of {other}, not of here"
        ));
    }
    let targets = || report.targets.iter().filter(|target| !target.may_be_decoy());
    let failures = targets().flat_map(|target| {
        // What was only waived then is not known for ever.
        let counted = |r: &&RuleResult<'_>| {
            matches!(r.status, Status::Fail | Status::Unknown) && r.waiver.is_none()
        };
        let minor = &target.kubernetes_version.minor;
        target.results.iter().filter(counted).map(|result| KnownFailure {
            fingerprint: result.fingerprint.to_string(),
            benchmark: result.benchmark.to_string(),
            control: result.control.to_string(),
            cause: cause_then(minor, result),
        })
    });
    let decided = targets().flat_map(|target| &target.results).filter_map(|result| {
        let decided = matches!(result.status, Status::Pass | Status::Fail);
        decided.then(|| (result.fingerprint.to_string(), result.status))
    });
    Ok(Baseline::new(failures, decided))
}

/// The cause of a failure in an earlier report.
fn cause_then(minor: &str, result: &RuleResult<'_>) -> String {
    cause(minor, &result.message, result.evidence.iter().map(fact))
}

/// The cause of a failure of this run, in the words that its report has.
fn cause_now(minor: &str, result: &evaluate::RuleResult<'_>) -> String {
    let facts: Vec<finished::Evidence<'_>> =
        result.verdict.evidence.iter().map(Into::into).collect();
    cause(minor, &quotable(&result.verdict.message), facts.iter().map(fact))
}

fn fact<'f>(fact: &'f finished::Evidence<'_>) -> Fact<'f> {
    (fact.flag.as_deref(), fact.value.as_deref(), fact.origin)
}

/// Reads a JSON report.
pub(super) fn report(path: &Path) -> anyhow::Result<finished::Report> {
    let text = source::read_report(path)?;
    finished::read(&text).with_context(|| path.display().to_string())
}
