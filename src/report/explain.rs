//! A rule as a page for people.

use std::io::{self, Write};

use super::wrap::wrap;
use crate::result::Status;
use crate::rule::{Benchmark, Control, Rule};

/// The width that prose is broken at.
const WIDTH: usize = 92;

/// Prints a rule and the controls that stand on it.
pub fn rule(
    out: &mut dyn Write,
    rule: &Rule,
    controls: &[(&Benchmark, &Control)],
) -> io::Result<()> {
    writeln!(out, "{}: {}", rule.demand.id, rule.demand.title)?;
    writeln!(out, "component {}, severity {}", rule.demand.component, rule.demand.severity.name())?;
    for (benchmark, control) in controls {
        write!(out, "  {} {}", benchmark.id, control.number)?;
        if let Some(level) = control.level {
            write!(out, ", level {level}")?;
        }
        if let Some(assessment) = control.assessment {
            write!(out, ", {} assessment", assessment.name())?;
        }
        writeln!(out)?;
    }
    for (catalogue, ids) in &rule.known_as {
        writeln!(out, "  {catalogue} {}", ids.join(", "))?;
    }
    for (title, text) in [
        ("Why", &*rule.rationale),
        ("What changes when you follow it", &*rule.impact),
        ("What to do", &*rule.demand.remediation),
    ] {
        writeln!(out, "\n{title}")?;
        for line in wrap(text, WIDTH) {
            writeln!(out, "  {line}")?;
        }
    }
    let flags = rule.demand.require.flags();
    if !flags.is_empty() {
        let mut names: Vec<String> = Vec::new();
        for flag in flags {
            let name = format!("--{flag}");
            if !names.contains(&name) {
                names.push(name);
            }
        }
        writeln!(out, "\nFlags it looks at\n  {}", names.join("  "))?;
    }
    for (name, value) in &rule.demand.parameters {
        writeln!(out, "\nParameter {name}, unless a benchmark changes it\n  {value}")?;
    }
    examples(out, rule)?;
    if !rule.references.is_empty() {
        writeln!(out, "\nRead on")?;
        for reference in &rule.references {
            writeln!(out, "  {reference}")?;
        }
    }
    Ok(())
}

fn examples(out: &mut dyn Write, rule: &Rule) -> io::Result<()> {
    writeln!(out, "\nExamples")?;
    for status in Status::ALL {
        for example in rule.examples.iter().filter(|example| example.status == status) {
            let words: Vec<&str> = example.line.split_whitespace().collect();
            let line = if words.is_empty() { "(no flags)".to_owned() } else { words.join(" ") };
            let on = example.minor.map(|minor| format!("  on {minor}")).unwrap_or_default();
            let written = example.written.as_ref().map(|written| format!("  written: {written}"));
            writeln!(out, "  {:<15} {line}{on}{}", status.name(), written.unwrap_or_default())?;
        }
    }
    files(out, rule)
}

/// The files that examples name, each once.
fn files(out: &mut dyn Write, rule: &Rule) -> io::Result<()> {
    let mut shown: Vec<&str> = Vec::new();
    for (path, text) in rule.examples.iter().flat_map(|example| &example.files) {
        if shown.contains(&path.as_str()) {
            continue;
        }
        shown.push(path);
        writeln!(out, "\nwith {path}")?;
        for line in text.trim_end().lines() {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}
