//! Rules × targets → verdicts. Pure, and the only place where the two sides meet.
//!
//! A target whose minor is not known is judged by every minor that the benchmark is made for and by
//! all newer ones: where they disagree the answer is unknown.

mod access;
mod attributes;
mod audit;
mod certificates;
mod connections;
mod environment;
mod files;
mod fix;
mod flag;
mod judged;
mod keys;
mod pem;
mod plugins;
mod predicate;
mod results;
mod wording;
mod written;
mod written_flags;

pub use results::{RuleResult, evaluate, not_running};

use std::borrow::Cow;

use crate::config_files::Reading;
use crate::config_files::pem_files::PemFiles;
use crate::flags::Flags;
use crate::result::{Status, Verdict};
use crate::rule::Exemption;
use crate::rule::predicate::Predicate;
use crate::target::Target;
use crate::version::{Minor, MinorRange, VersionOrigin};

use judged::{Judge, Judged, Outcome};
use written_flags::WrittenFlags;

/// A target's command line as the minors in question read it, at one time.
#[derive(Debug)]
pub struct Readings {
    /// As the target's minor reads it.
    own: MinorReading,
    /// As the other minors read it, where the minor is only assumed; oldest first.
    others: Vec<MinorReading>,
    /// The certificates and keys that its flags name.
    pem: PemFiles,
    /// Certificates end.
    now: jiff::Timestamp,
}

/// What one minor makes of a target.
#[derive(Debug)]
struct MinorReading {
    /// Its command line.
    reading: Reading,
    /// The command line that is written for it.
    written: WrittenFlags,
}

impl MinorReading {
    fn of(target: &Target, minor: Minor, pem: &PemFiles) -> Self {
        let reading = Reading::of(&target.line, minor, &target.files, pem);
        Self { reading, written: WrittenFlags::default() }
    }

    fn flags(&self) -> &Flags {
        &self.reading.flags
    }
}

impl Readings {
    /// Reads a target's command line once for all benchmarks, of which `oldest` is the oldest minor that
    /// one is made for, and to be judged as of `now`.
    pub fn of(target: &mut Target, oldest: Option<Minor>, now: jiff::Timestamp) -> Self {
        let pem = PemFiles::default();
        let own = MinorReading::of(target, target.version.minor, &pem);
        target.identify(own.flags());
        let mut others = Vec::new();
        if target.version.from == VersionOrigin::Assumed {
            let minors = own.flags().catalog.minors().filter(|minor| {
                oldest.is_some_and(|oldest| oldest <= *minor) && *minor != own.flags().minor()
            });
            others.extend(minors.map(|minor| MinorReading::of(target, minor, &pem)));
        }
        Self { own, others, pem, now }
    }

    /// The flags as the target's minor reads them.
    pub fn flags(&self) -> &Flags {
        self.own.flags()
    }

    /// The same without the rest.
    pub fn into_flags(self) -> Flags {
        self.own.reading.flags
    }

    /// The other minors that a benchmark is made for from `oldest` on.
    fn others_from(&self, oldest: Option<Minor>) -> impl Iterator<Item = &MinorReading> {
        self.others
            .iter()
            .filter(move |other| oldest.is_some_and(|oldest| oldest <= other.flags().minor()))
    }
}

/// The verdict of a demand on a target; `unless` says when the demand does not concern it, `oldest` is the
/// oldest minor that its benchmark is made for.
pub fn judge(
    target: &Target,
    readings: &Readings,
    oldest: Option<Minor>,
    unless: &[Exemption],
    require: &Predicate,
) -> Verdict {
    let verdict = verdict(target, readings, &readings.own, unless, require);
    if readings.others.is_empty() || (unless.is_empty() && !require.asks_release()) {
        return verdict;
    }
    // A minor that refuses the command line can hardly be the one it is meant for; but whether the
    // server starts is exactly the question that must not leave those out.
    let leave_out = !matches!(require, Predicate::ServerStarts)
        && readings.others_from(oldest).chain([&readings.own]).any(|it| it.flags().starts());
    let mut differing: Vec<(Minor, Status)> = readings
        .others_from(oldest)
        .filter(|other| !leave_out || other.flags().starts())
        .map(|other| (other.flags().minor(), status(target, readings, other, unless, require)))
        .collect();
    if differing.iter().all(|(_, status)| *status == verdict.status) {
        return verdict;
    }
    differing.push((readings.flags().minor(), verdict.status));
    let message = format!("{}: {}; give --kubernetes-version", spans(&differing), verdict.message);
    Verdict { status: Status::Unknown, message, evidence: verdict.evidence, changes: Vec::new() }
}

/// `fail in 1.5 to 1.19, pass in 1.20 to 1.23`.
fn spans(statuses: &[(Minor, Status)]) -> String {
    let mut runs: Vec<(Minor, Minor, Status)> = Vec::new();
    for (minor, status) in statuses {
        match runs.last_mut() {
            Some((_, last, known)) if known == status => *last = *minor,
            _ => runs.push((*minor, *minor, *status)),
        }
    }
    let words: Vec<String> = runs
        .iter()
        .map(|(first, last, status)| {
            let range = MinorRange { from: Some(*first), to: Some(*last) };
            format!("{} in {range}", status.name())
        })
        .collect();
    words.join(", ")
}

/// What a reading of the target's flags is judged with.
fn judge_of<'t>(target: &'t Target, readings: &'t Readings, minor: &'t MinorReading) -> Judge<'t> {
    Judge {
        flags: minor.flags(),
        contents: &minor.reading.contents,
        line: &target.line,
        files: &target.files,
        written: (target.written.as_ref(), &minor.written),
        node: &target.node,
        pem: &readings.pem,
        now: readings.now.as_second(),
        only_status: false,
    }
}

/// The answer of one minor.
fn verdict(
    target: &Target,
    readings: &Readings,
    minor: &MinorReading,
    unless: &[Exemption],
    require: &Predicate,
) -> Verdict {
    let judge = judge_of(target, readings, minor);
    if let Some((exemption, judged)) = judge.exemption(unless) {
        return Verdict {
            status: Status::NotApplicable,
            message: exemption.because.clone(),
            evidence: judged.facts,
            changes: Vec::new(),
        };
    }
    let mut judged = judge.requirement(require);
    let words = judged.take_words();
    let status = judged.outcome.status();
    let message = match judged.outcome {
        Outcome::Holds | Outcome::Fails => wording::with_doubt(words, &judged.facts, judge.flags),
        Outcome::Ask(what) | Outcome::Unknown(what) => wording::with_facts(what, words),
        Outcome::Broken(why) | Outcome::NotHere(why) => why,
    };
    let changes = if status == Status::Fail { judge.fix(require) } else { Vec::new() };
    without_secrets(judge.flags, Verdict { status, message, evidence: judged.facts, changes })
}

/// The verdict without the credentials that its words quote, whichever predicate chose them.
fn without_secrets(flags: &Flags, mut verdict: Verdict) -> Verdict {
    if let Cow::Owned(hidden) = flags.without_secrets(&verdict.message) {
        verdict.message = hidden;
    }
    for fact in &mut verdict.evidence {
        let hidden = fact.value.as_deref().map(|value| flags.value_without_secrets(value));
        if let Some(Cow::Owned(hidden)) = hidden {
            fact.value = Some(Cow::Owned(hidden));
        }
    }
    verdict
}

/// The status alone that another minor gives. Of some thirty minors nobody reads the evidence, and its texts are
/// most of the work.
fn status(
    target: &Target,
    readings: &Readings,
    minor: &MinorReading,
    unless: &[Exemption],
    require: &Predicate,
) -> Status {
    let judge = Judge { only_status: true, ..judge_of(target, readings, minor) };
    if judge.exemption(unless).is_some() {
        return Status::NotApplicable;
    }
    judge.requirement(require).outcome.status()
}

impl Judge<'_> {
    /// The first exemption that holds, and what it rests on.
    fn exemption<'e>(&self, unless: &'e [Exemption]) -> Option<(&'e Exemption, Judged)> {
        let judged = unless.iter().map(|exemption| (exemption, self.predicate(&exemption.when)));
        judged.into_iter().find(|(_, judged)| judged.outcome == Outcome::Holds)
    }

    /// Whether the server meets the requirement.
    fn requirement(&self, require: &Predicate) -> Judged {
        let mut judged = self.predicate(require);
        if judged.facts.is_empty() && matches!(judged.outcome, Outcome::Holds | Outcome::Fails) {
            // Nothing but the minor was asked for.
            judged.facts.push(self.minor());
        }
        if self.line.only_announced && judged.outcome == Outcome::Holds {
            let what = "no server is seen that this would be true of";
            judged.outcome = Outcome::Unknown(what.to_owned());
        }
        if let (Some(why), Outcome::Holds | Outcome::Fails) =
            (&self.line.not_followed, &judged.outcome)
        {
            judged.outcome = Outcome::Unknown(why.clone());
        }
        judged
    }
}

#[cfg(test)]
mod tests {
    use super::{Readings, status, verdict};
    use crate::command_line::CommandLine;
    use crate::document::{Format, Found, shell_words};
    use crate::rule::Library;
    use crate::source::{Files, Source};
    use crate::target::Target;
    use crate::version::Minor;

    #[test]
    fn the_status_alone_is_that_of_the_verdict_in_every_release() {
        let library = Library::load(&[]).expect("valid packs");
        let every = Some(Minor { major: 0, minor: 0 });
        let mut compared = 0;
        for entry in library.rules() {
            let rule = entry.rule();
            let component = rule.demand.component;
            for example in &rule.examples {
                let line = CommandLine::given(component, shell_words(&example.line));
                let found =
                    Found { document: 0, format: Format::Argv, line, diagnostics: Vec::new() };
                let files = (Files::given(example.files.clone()), Files::elsewhere());
                let Ok(mut target) = Target::new(Source::Argv, found, files, None) else {
                    continue;
                };
                let readings = Readings::of(&mut target, every, jiff::Timestamp::UNIX_EPOCH);
                let (unless, require) = (&rule.demand.unless, &rule.demand.require);
                for reading in readings.others.iter().chain([&readings.own]) {
                    compared += 1;
                    let whole = verdict(&target, &readings, reading, unless, require).status;
                    let alone = status(&target, &readings, reading, unless, require);
                    assert_eq!(alone, whole, "{}: {}", entry.id, example.line);
                }
            }
        }
        assert!(compared > 20_000, "{compared}");
    }
}
