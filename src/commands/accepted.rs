//! Which failures of a run are accepted: its waivers and its baseline.

use std::path::Path;

use anyhow::{Context, bail};
use jiff::tz::TimeZone;

use super::gate;
use super::output::say;
use crate::baseline::Baseline;
use crate::cli::AcceptedArgs;
use crate::evaluate::RuleResult;
use crate::report::finished::{self, WaiverRecord};
use crate::result::Status;
use crate::rule::Library;
use crate::source;
use crate::target::Target;
use crate::waiver::{self, Waivers};

/// The waivers and the baseline of a run.
pub(super) struct Accepted {
    waivers: Waivers,
    baseline: Option<Baseline>,
}

impl Accepted {
    /// Reads what the arguments name. A mistake in it ends the run: a gate is opened knowingly or
    /// not at all.
    pub(super) fn read(
        args: &AcceptedArgs,
        library: &Library,
        host: Option<String>,
        now: jiff::Timestamp,
    ) -> anyhow::Result<Self> {
        let mut waivers = Vec::new();
        let mut problems = Vec::new();
        for path in &args.waivers {
            let name = path.display().to_string();
            match waiver::read(&name, &gate::read(path)?, library) {
                Ok(more) => waivers.extend(more),
                Err(more) => problems.extend(more.iter().map(ToString::to_string)),
            }
        }
        if !problems.is_empty() {
            bail!("the waivers cannot be used\n{}", problems.join("\n"));
        }
        let today = now.to_zoned(TimeZone::UTC).date();
        let baseline =
            args.baseline.as_deref().map(|path| baseline(path, host.as_deref())).transpose()?;
        Ok(Self { waivers: Waivers::new(waivers, host, today), baseline })
    }

    /// Marks the failures that are accepted.
    pub(super) fn apply(&mut self, target: &Target, results: &mut [RuleResult<'_>]) {
        self.waivers.apply(target, results);
        if let Some(baseline) = &mut self.baseline {
            baseline.apply(target.fingerprint(), results);
        }
    }

    /// The waivers for the report. If the run was about everything, one that met nothing is unused.
    pub(super) fn records(&self, is_whole: bool) -> Vec<WaiverRecord<'_>> {
        let record = |entry| WaiverRecord::of(entry, self.waivers.is_expired(entry), is_whole);
        self.waivers.uses().iter().map(record).collect()
    }
}

/// The failures of an earlier report. Its processes are known by their executables alone.
fn baseline(path: &Path, host: Option<&str>) -> anyhow::Result<Baseline> {
    gate::warn(path);
    let report = report(path)?;
    if let Some(other) = report.host.as_deref().filter(|other| Some(*other) != host) {
        let path = path.display();
        say(&format!(
            "warning: {path}: the baseline's processes are those of {other}, not of here"
        ));
    }
    let failures = report.targets.into_iter().flat_map(|target| target.results);
    // What was only waived then is not known for ever.
    let failures = failures.filter(|r| r.status == Status::Fail && r.waiver.is_none());
    Ok(Baseline::new(failures.map(|result| {
        (result.fingerprint.to_string(), result.benchmark.into_owned(), result.control.into_owned())
    })))
}

/// Reads a JSON report.
pub(super) fn report(path: &Path) -> anyhow::Result<finished::Report> {
    let text = source::read_report(path)?;
    finished::read(&text).with_context(|| path.display().to_string())
}
