//! A history for people: a table for each benchmark, then what changed when.

use std::io::{self, Write};

use super::{History, Series, SeriesName, StandingChange};
use crate::kept::Standing;
use crate::report::{counted, printable};

/// Writes a history.
pub fn write(out: &mut dyn Write, history: &History) -> io::Result<()> {
    for (name, series) in &history.series {
        table(out, name, series)?;
    }
    if history.changes.is_empty() {
        return writeln!(out, "No control has changed.");
    }
    writeln!(out, "Changes")?;
    let mut at = None;
    for event in history.events() {
        let (Some(first), Some(words)) = (event.first(), StandingChange::in_words(event)) else {
            continue;
        };
        if at != Some(first.at) {
            at = Some(first.at);
            writeln!(out, "{}", first.at)?;
        }
        let series = first.series.label();
        let text = match event {
            [_] => {
                format!("  {series} {} {}: {words}  {}", first.control, first.title, first.target)
            }
            _ => format!("  {series}: {words}  {}", first.target),
        };
        writeln!(out, "{}", printable(&text))?;
    }
    Ok(())
}

fn table(out: &mut dyn Write, name: &SeriesName, series: &Series) -> io::Result<()> {
    let title = format!("{} ({})", series.title, name.label());
    writeln!(out, "{}", printable(&title))?;
    write!(out, "{:<20}  {:>7}", "", "targets")?;
    for standing in Standing::ALL {
        write!(out, "  {:>6}", short(standing))?;
    }
    writeln!(out)?;
    for point in &series.points {
        write!(out, "{:<20}  {:>7}", point.at.to_string(), point.targets)?;
        for count in point.counts {
            write!(out, "  {count:>6}")?;
        }
        let errors = match point.errors {
            0 => String::new(),
            errors => format!("  {} not checked", counted(errors, "input")),
        };
        writeln!(out, "{errors}")?;
    }
    writeln!(out)
}

fn short(standing: Standing) -> &'static str {
    match standing {
        Standing::NotApplicable => "n/a",
        other => other.name(),
    }
}
