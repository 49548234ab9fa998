//! Lists of benchmarks, controls and rules.

use std::io::{self, Write};

use crate::rule::{Benchmark, Demand};

/// One line a benchmark.
pub fn benchmarks(out: &mut dyn Write, benchmarks: &[&Benchmark]) -> io::Result<()> {
    for benchmark in benchmarks {
        let controls = benchmark.controls().count();
        writeln!(
            out,
            "{:<16} {:<38} Kubernetes {}, {controls} controls",
            benchmark.id, benchmark.title, benchmark.kubernetes,
        )?;
    }
    Ok(())
}

/// One line a control.
pub fn controls(out: &mut dyn Write, benchmark: &Benchmark) -> io::Result<()> {
    writeln!(out, "{} ({}), Kubernetes {}", benchmark.title, benchmark.id, benchmark.kubernetes)?;
    for section in &benchmark.sections {
        writeln!(out, "\n{} {}", section.number, section.title)?;
        for control in &section.controls {
            let level = control.level.map_or("-".to_owned(), |level| level.to_string());
            let assessment = control.assessment.map_or("-", crate::rule::Assessment::name);
            writeln!(
                out,
                "  {:<7} level {level}  {assessment:<9}  {:<40} {}",
                control.number,
                control.entry.id,
                control.demand().title,
            )?;
        }
    }
    Ok(())
}

/// One line a rule.
pub fn rules(out: &mut dyn Write, rules: &[&Demand]) -> io::Result<()> {
    for rule in rules {
        writeln!(out, "{:<40} {:<8}  {}", rule.id, rule.severity.name(), rule.title)?;
    }
    Ok(())
}
