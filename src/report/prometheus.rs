//! Metrics for the textfile collector of Prometheus' node exporter.
//!
//! The label names are fixed, no label but the message of a warning holds a value, none holds a process id, and no sample has a time of its
//! own: when the run was is a metric. A control that is undecided has no sample of its own, so that no
//! number stands for two things; it is in the counts by status, which are written even where they are 0.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{self, Write};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::finished::{RuleResult, Target, WaiverRecord};
use super::lasting::Names;
use super::{Closing, Opening, Renderer, printable};
use crate::result::Status;

/// A metric being gathered: its samples have to stand together.
struct Metric {
    name: &'static str,
    help: &'static str,
    samples: String,
}

impl Metric {
    const fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, samples: String::new() }
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let labels: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escape(value))).collect();
        let labels =
            if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.samples, "plimsoll_{}{labels} {value}", self.name);
    }

    /// With one sample that has no labels.
    fn single(mut self, value: impl std::fmt::Display) -> Self {
        self.sample(&[], value);
        self
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { name, help, samples } = self;
        if samples.is_empty() {
            return Ok(());
        }
        write!(out, "# HELP plimsoll_{name} {help}\n# TYPE plimsoll_{name} gauge\n{samples}")
    }
}

/// The value of a label: one line, with what would end it escaped.
fn escape(value: &str) -> String {
    printable(value).replace('\\', r"\\").replace('"', "\\\"")
}

/// A report being written; metrics are gathered because their samples have to stand together.
pub(super) struct Prometheus<'w> {
    out: Box<dyn Write + Send + 'w>,
    generated_at: jiff::Timestamp,
    names: Names,
    controls: Metric,
    baseline: Metric,
    passes: Metric,
    waived: Metric,
    warnings: Metric,
}

impl<'w> Prometheus<'w> {
    pub(super) fn new(out: Box<dyn Write + Send + 'w>, opening: &Opening) -> Self {
        Self {
            out,
            generated_at: opening.generated_at,
            names: Names::default(),
            controls: Metric::new(
                "controls",
                "Controls by status; an accepted failure is waived and not fail.",
            ),
            baseline: Metric::new(
                "baseline_failures",
                "Failures that an earlier run knew; they are among those of status fail.",
            ),
            passes: Metric::new(
                "control_pass",
                "1 for a control that passes, 0 for one that fails, waived or not; nothing for others.",
            ),
            waived: Metric::new(
                "control_waived",
                "For a control that fails: 1 if a waiver accepts it, 0 if not.",
            ),
            warnings: Metric::new(
                "target_warning",
                "1 for each warning about a server; uid is the user of its process.",
            ),
        }
    }
}

/// The status in the words of the summary.
fn status(result: &RuleResult<'_>) -> &'static str {
    match result.status {
        Status::Fail if result.waiver.is_some() => "waived",
        Status::NotApplicable => "not_applicable",
        status => status.name(),
    }
}

impl Renderer for Prometheus<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        let name = self.names.target(target);
        let uid = target.user().unwrap_or_default();
        for warning in target.warnings() {
            let labels = [
                ("target", &*name),
                ("code", &*warning.code),
                ("uid", &uid),
                ("message", &warning.message),
            ];
            self.warnings.sample(&labels, 1);
        }
        for results in target.results.chunk_by(|a, b| a.benchmark == b.benchmark) {
            let Some(first) = results.first() else { continue };
            let labels = [("target", name.as_str()), ("benchmark", &*first.benchmark)];
            for word in ["pass", "fail", "manual", "unknown", "not_applicable", "error", "waived"] {
                let count = results.iter().filter(|result| status(result) == word).count();
                self.controls.sample(&[labels[0], labels[1], ("status", word)], count);
            }
            self.baseline.sample(&labels, results.iter().filter(|result| result.baseline).count());
            for result in results {
                let labels = [
                    labels[0],
                    labels[1],
                    ("control", &result.control),
                    ("rule", &result.rule),
                    ("severity", result.severity.name()),
                ];
                match result.status {
                    Status::Pass => self.passes.sample(&labels, 1),
                    Status::Fail => {
                        self.passes.sample(&labels, 0);
                        self.waived.sample(&labels, u8::from(result.waiver.is_some()));
                    }
                    Status::Manual | Status::Unknown | Status::NotApplicable | Status::Error => {}
                }
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        let mut build = Metric::new("build_info", "The program that wrote this.");
        build.sample(&[("version", env!("CARGO_PKG_VERSION"))], 1);
        let mut benchmarks = Metric::new("benchmark_info", "The benchmarks that were used.");
        for benchmark in closing.benchmarks {
            let labels = [("benchmark", &*benchmark.id), ("digest", &benchmark.digest())];
            benchmarks.sample(&labels, 1);
        }
        let whole = closing.errors.is_empty() && closing.summary.error == 0;
        let metrics = [
            build,
            benchmarks,
            Metric::new("last_run_timestamp_seconds", "When the run began.")
                .single(self.generated_at.as_second()),
            Metric::new("run_success", "1 if everything could be checked, 0 if not.")
                .single(u8::from(whole)),
            Metric::new("unread_inputs", "Inputs that could not be checked.")
                .single(closing.errors.len()),
            Metric::new("targets", "Servers that were checked.").single(closing.summary.targets),
            expiries(&closing.waivers),
        ];
        let gathered = [&self.controls, &self.baseline, &self.passes, &self.waived, &self.warnings];
        for metric in metrics.iter().chain(gathered) {
            metric.write(&mut self.out)?;
        }
        self.out.flush()
    }
}

/// When waivers end. One without an end has no sample, one that was given twice has one.
fn expiries(waivers: &[WaiverRecord<'_>]) -> Metric {
    let mut metric = Metric::new(
        "waiver_expiry_timestamp_seconds",
        "The end of the last day on which a waiver holds, by the place where it is written.",
    );
    let mut seen = HashSet::new();
    for waiver in waivers {
        let end = waiver.waiver.expires.as_deref().and_then(end_of);
        if let Some(end) = end.filter(|_| seen.insert(&waiver.place)) {
            let rule = waiver.rule.as_deref().unwrap_or_default();
            let control = waiver.control.as_deref().unwrap_or_default();
            let labels = [("waiver", waiver.place.as_str()), ("rule", rule), ("control", control)];
            metric.sample(&labels, end.as_second());
        }
    }
    metric
}

/// The first moment at which a waiver of this last day no longer holds; days are those of UTC.
fn end_of(day: &str) -> Option<jiff::Timestamp> {
    let next = day.parse::<Date>().ok()?.tomorrow().ok()?;
    Some(next.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::{end_of, escape};

    #[test]
    fn a_label_stays_on_its_line_and_in_its_quotes() {
        assert_eq!(escape("a\\b\"c\nd"), r#"a\\b\"c\\nd"#);
    }

    #[test]
    fn a_waiver_holds_all_of_its_last_day() {
        let end = end_of("2027-03-31").expect("a day");
        assert_eq!(end.to_string(), "2027-04-01T00:00:00Z");
        assert_eq!(end_of("9999-12-31"), None, "there is no day after it");
    }
}
