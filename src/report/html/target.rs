//! A target with its diagnostics, and its results section by section.

use std::io::{self, Write};

use super::Escaped;
use super::outcome::Outcome;
use crate::report::finished::{Evidence, RuleResult, Target, Waiver, headline, version};

/// Writes a target.
pub(super) fn write(out: &mut dyn Write, target: &Target<'_>) -> io::Result<()> {
    let component = target.component.name();
    write!(out, "<article class=\"target\" data-component=\"{component}\">\n<h2>")?;
    writeln!(out, "{}</h2>", Escaped(headline(target)))?;
    if !target.source.is_absent() {
        let version = version(target.component, &target.kubernetes_version);
        writeln!(out, "<p class=\"muted\">{}</p>", Escaped(version))?;
    }
    diagnostics(out, target)?;
    let together = |one: &RuleResult<'_>, next: &RuleResult<'_>| {
        (&one.benchmark, &one.section) == (&next.benchmark, &next.section)
    };
    for results in target.results.chunk_by(together) {
        section(out, results)?;
    }
    writeln!(out, "</article>")
}

fn diagnostics(out: &mut dyn Write, target: &Target<'_>) -> io::Result<()> {
    if target.diagnostics.is_empty() {
        return Ok(());
    }
    writeln!(out, "<ul class=\"diagnostics\">")?;
    for diagnostic in &target.diagnostics {
        let level = diagnostic.severity.name();
        write!(out, "<li><b class=\"badge {level}\">{level}</b> ")?;
        write!(out, "<span class=\"text\">{}</span>", Escaped(&diagnostic.message))?;
        if let Some(place) = &diagnostic.location {
            write!(out, " <code class=\"place\">{}</code>", Escaped(place))?;
        }
        writeln!(out, "</li>")?;
    }
    writeln!(out, "</ul>")
}

/// Results of one section, of which there is at least one.
fn section(out: &mut dyn Write, results: &[RuleResult<'_>]) -> io::Result<()> {
    let Some(RuleResult { benchmark, benchmark_title, section, section_title, .. }) =
        results.first()
    else {
        return Ok(());
    };
    writeln!(
        out,
        "<section data-section=\"{}\" data-benchmark=\"{}\">\n<h3>{} {} <small>{}</small></h3>",
        Escaped(format_args!("{benchmark}/{section}")),
        Escaped(benchmark_title),
        Escaped(section),
        Escaped(section_title),
        Escaped(benchmark_title),
    )?;
    results.iter().try_for_each(|entry| result(out, entry))?;
    writeln!(out, "</section>")
}

fn result(out: &mut dyn Write, result: &RuleResult<'_>) -> io::Result<()> {
    let outcome = Outcome::of(result);
    let severity = result.severity.name();
    writeln!(
        out,
        "<details data-status=\"{0}\" data-severity=\"{severity}\" data-rule=\"{1}\">\n\
         <summary><b class=\"badge {0}\">{2}</b> <span class=\"number\">{3}</span> \
         <span class=\"title\">{4}</span> <span class=\"severity {severity}\">{severity}</span> \
         <span class=\"message text\">{5}</span></summary>\n<dl>",
        outcome.name(),
        Escaped(&result.rule),
        outcome.word(),
        Escaped(&result.control),
        Escaped(&result.title),
        Escaped(&result.message),
    )?;
    if let Some(accepted) = &result.waiver {
        waiver(out, "Waived", accepted)?;
    }
    if let Some(lapsed) = &result.lapsed_waiver {
        writeln!(out, "<dt>Its waiver</dt>\n<dd>{}</dd>", Escaped(&lapsed.because))?;
        waiver(out, "It said", &lapsed.waiver)?;
    }
    if result.baseline {
        writeln!(out, "<dt>Known</dt>\n<dd>failed before: it is in the baseline</dd>")?;
    }
    if !result.evidence.is_empty() {
        writeln!(out, "<dt>Evidence</dt>\n<dd><ul class=\"evidence\">")?;
        result.evidence.iter().try_for_each(|fact| evidence(out, fact))?;
        writeln!(out, "</ul></dd>")?;
    }
    if let Some(fix) = &result.fix {
        writeln!(out, "<dt>Here</dt>\n<dd><code>{}</code></dd>", Escaped(fix))?;
    }
    writeln!(out, "<dt>Remediation</dt>\n<dd>{}</dd>", Escaped(&result.remediation))?;
    let rule = Escaped(&result.rule);
    write!(out, "<dt>Rule</dt>\n<dd><a href=\"#rule-{rule}\">{rule}</a>")?;
    if let Some(level) = result.level {
        write!(out, ", level {level}")?;
    }
    if let Some(assessment) = result.assessment {
        write!(out, ", {} assessment", assessment.name())?;
    }
    let fingerprint = &result.fingerprint;
    writeln!(out, ", fingerprint <code>{fingerprint}</code></dd>\n</dl>\n</details>")
}

/// Why a failure is, or was, accepted.
fn waiver(out: &mut dyn Write, term: &str, waiver: &Waiver<'_>) -> io::Result<()> {
    writeln!(out, "<dt>{term}</dt>\n<dd>{}</dd>", Escaped(waiver))
}

fn evidence(out: &mut dyn Write, fact: &Evidence<'_>) -> io::Result<()> {
    write!(out, "<li>")?;
    if let Some(flag) = &fact.flag {
        write!(out, "<code>--{}</code> ", Escaped(flag))?;
    }
    match fact.value.as_deref() {
        Some("") => write!(out, "<i>empty</i> ")?,
        Some(value) => write!(out, "<code class=\"value\">{}</code> ", Escaped(value))?,
        None => {}
    }
    write!(out, "<span class=\"muted\">{}</span>", fact.origin.name())?;
    if let Some(place) = &fact.location {
        write!(out, " <code class=\"place\">{}</code>", Escaped(place))?;
    }
    writeln!(out, "</li>")
}
