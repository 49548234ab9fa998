//! `plimsoll waive`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use glob::{MatchOptions, Pattern};
use jiff::tz::TimeZone;

use super::outputs;
use super::own_inputs::OwnInputs;
use super::whole_file::OutputPlace;
use super::{accepted, gate};
use crate::cli::WaiveArgs;
use crate::exit::ExitStatus;
use crate::report::finished::{Report, RuleResult, Target};
use crate::report::{counted, printable};
use crate::rule::{ControlName, Library};
use crate::source::{plain_path, plain_pattern};
use crate::waiver::{self, Draft, Numbered, Waiver, Whereabouts};

/// A failure of the report, and the target that has it.
type Failing<'r> = (&'r Target<'static>, &'r RuleResult<'static>);

pub(super) fn run(args: &WaiveArgs) -> anyhow::Result<ExitStatus> {
    let place = place(args)?;
    let library = super::library(&args.packs)?;
    let report = accepted::report(&args.from)?;
    let today = jiff::Timestamp::now().to_zoned(TimeZone::UTC).date();
    if let Some(day) = args.expires.filter(|day| *day < today) {
        bail!("--expires: {day} is over");
    }
    let failing = failing(args, &report)?;
    let rule = rule(&failing)?;
    let draft = draft(args, rule, &report, &failing)?;
    let name = args.waivers.display().to_string();
    let before =
        if place.replaces().is_some() { gate::read(&args.waivers)? } else { String::new() };
    let waivers = valid(&name, &before, &library)?;
    let text = draft.appended_to(&before).with_context(|| name.clone())?;
    // What is written here has to be what the next check reads.
    valid(&name, &text, &library)?;
    not_yet_waived(&waivers, &report, &failing)?;
    outputs::begun(place)?.write(|out| out.write_all(text.as_bytes()))?;
    super::print(|out| {
        let until = args.expires.map(|day| format!(" until {day}")).unwrap_or_default();
        let failures = counted(failing.len(), "failure");
        writeln!(out, "{}: {rule} is waived{until}: {failures} of the report", printable(&name))
    })?;
    Ok(ExitStatus::Success)
}

/// Where the waiver goes. To append it to what somebody has left in a folder of all would accept what
/// that file accepts.
fn place(args: &WaiveArgs) -> anyhow::Result<OutputPlace> {
    let place = OutputPlace::find(&args.waivers)?;
    let packs = args.packs.files.iter().chain([&args.from]).map(PathBuf::as_path);
    outputs::refuse_input(&place, &OwnInputs::files(packs))?;
    let path = args.waivers.display();
    if place.is_stream() {
        bail!("{path}: not a regular file");
    }
    if place.is_planted() {
        bail!("{path}: another user has put this file there: name a file of your own");
    }
    Ok(place)
}

/// The waivers in a text, which are all well-formed.
fn valid(name: &str, text: &str, library: &Library) -> anyhow::Result<Vec<Waiver>> {
    match waiver::read(name, text, library) {
        Ok(waivers) => Ok(waivers),
        Err(problems) => bail!("the waivers cannot be used\n{problems}"),
    }
}

/// The rule that fails. A number means another rule in another edition.
fn rule<'r>(failing: &[Failing<'r>]) -> anyhow::Result<&'r str> {
    let (_, first) = failing.first().expect("something fails");
    match failing.iter().find(|(_, other)| other.rule != first.rule) {
        None => Ok(&first.rule),
        Some((_, other)) => {
            let say =
                |it: &RuleResult<'_>| format!("{}:{} ({})", it.benchmark, it.control, it.rule);
            bail!(
                "{} means different rules in this report: {} and {}; name the one you mean, with its \
                 benchmark or by the rule's id",
                first.control,
                say(first),
                say(other)
            )
        }
    }
}

/// Two waivers of one failure are one too many: which of them somebody changes later would be luck.
fn not_yet_waived(
    waivers: &[Waiver],
    report: &Report,
    failing: &[Failing<'_>],
) -> anyhow::Result<()> {
    let host = report.host.as_deref();
    for (target, result) in failing {
        let path = target.source.path.as_deref();
        let place = Whereabouts { path, host, component: target.component };
        let (benchmark, number, rule) = (&*result.benchmark, &*result.control, &*result.rule);
        let failure = Numbered { benchmark, number, rule };
        if let Some(known) = waivers.iter().find(|waiver| waiver.is_about(place, failure)) {
            let id = printable(&target.id);
            bail!("{}: a waiver of {rule} for {id} is there already: change it", known.place);
        }
    }
    Ok(())
}

/// The failures that are meant.
fn failing<'r>(args: &WaiveArgs, report: &'r Report) -> anyhow::Result<Vec<Failing<'r>>> {
    let control = args
        .control
        .as_deref()
        .map(ControlName::new)
        .map(|name| ControlName { benchmark: name.benchmark.or(args.benchmark.clone()), ..name });
    let results = report
        .targets
        .iter()
        .flat_map(|target| target.results.iter().map(move |result| (target, result)));
    let named: Vec<Failing<'_>> = results
        .filter(|(_, result)| match (&args.rule, &control) {
            (Some(rule), _) => result.rule == *rule,
            (None, Some(ControlName { benchmark, name })) => {
                result.control == *name
                    && benchmark.as_ref().is_none_or(|id| result.benchmark == *id)
            }
            (None, None) => false,
        })
        .collect();
    let from = args.from.display();
    let what = args.rule.as_ref().or(args.control.as_ref()).map_or("", String::as_str);
    if named.is_empty() {
        bail!("{from}: {what} was not checked in this report");
    }
    let pattern = |text: Option<&str>, option: &str| {
        let pattern = text.map(Pattern::new).transpose();
        pattern.with_context(|| format!("{option}: not a pattern"))
    };
    // As the waiver's file is read; what cannot be cleaned is refused there.
    let path = args.path.as_deref().map(|path| plain_pattern(path).unwrap_or(path.into()));
    let (path, host) =
        (pattern(path.as_deref(), "--path")?, pattern(args.host.as_deref(), "--host")?);
    let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
    let is_meant = |(target, _): &Failing<'_>| {
        let plain = target.source.path.as_deref().and_then(plain_path);
        path.as_ref().is_none_or(|path| plain.is_some_and(|p| path.matches_with(&p, options)))
            && host.as_ref().is_none_or(|h| report.host.as_deref().is_some_and(|n| h.matches(n)))
            && args.component.is_none_or(|component| component == target.component)
    };
    let open: Vec<Failing<'_>> = named
        .into_iter()
        .filter(|(_, result)| result.counts() && result.waiver.is_none())
        .filter(is_meant)
        .collect();
    if open.is_empty() {
        bail!(
            "{from}: {what} does not fail there, or is waived already: there is nothing to accept"
        );
    }
    Ok(open)
}

/// The waiver: as narrow as what fails, or as what was asked for.
fn draft(
    args: &WaiveArgs,
    rule: &str,
    report: &Report,
    failing: &[Failing<'_>],
) -> anyhow::Result<Draft> {
    let (mut path, mut host) = (args.path.clone(), args.host.clone());
    if path.is_none() && host.is_none() {
        let mut places: Vec<_> = failing.iter().map(|(target, _)| &target.source.path).collect();
        places.dedup();
        match places[..] {
            [Some(file)] => {
                let plain = plain_path(file).with_context(|| {
                    format!("{file}: .. goes up from a link: say with --path which file it is")
                })?;
                path = Some(Pattern::escape(&plain));
            }
            [None] => host = report.host.as_deref().map(Pattern::escape),
            _ => {
                let ids: Vec<_> = failing.iter().map(|(target, _)| printable(&target.id)).collect();
                bail!(
                    "it fails in {} targets: say which with --path or --host, such as --path '**'\n  {}",
                    ids.len(),
                    ids.join("\n  ")
                );
            }
        }
    }
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Draft {
        rule: rule.to_owned(),
        path,
        host,
        component: args.component.map(|component| component.name().to_owned()),
        reason: one_line(&args.reason),
        owner: args.owner.as_deref().map(one_line),
        expires: args
            .expires
            .map(|day| day.to_string().parse())
            .transpose()
            .context("--expires")?,
        value: if args.pin { Some(pinned(failing)?) } else { None },
    })
}

/// The value of the decisive fact, which must be the same in all of them.
fn pinned(failing: &[Failing<'_>]) -> anyhow::Result<String> {
    let mut values: Vec<&str> = failing
        .iter()
        .map(|(_, result)| result.evidence.first().and_then(|f| f.value.as_deref()))
        .map(Option::unwrap_or_default)
        .collect();
    values.dedup();
    match values[..] {
        [value] => Ok(value.to_owned()),
        _ => bail!("--pin: the values differ: {}; say which with --path", values.join(", ")),
    }
}
