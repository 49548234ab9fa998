//! A history for people: a table for each benchmark, then what changed when.

use std::io::{self, Write};

use super::{Change, History, Series, SeriesName};
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
    let mut changes = history.changes.as_slice();
    while let Some(first) = changes.first() {
        if at != Some(first.at) {
            at = Some(first.at);
            writeln!(out, "{}", first.at)?;
        }
        // A target that comes or goes is one event.
        let alike = |other: &&Change| is_same_move(first, other);
        let count = changes.iter().take_while(alike).count();
        if count > 3 {
            let word =
                if first.after.is_none() { "no longer checked" } else { "checked from now on" };
            let text = format!(
                "  {}: {} of {} {word}",
                first.target,
                counted(count, "control"),
                label(&first.series)
            );
            writeln!(out, "{}", printable(&text))?;
            changes = changes.get(count..).unwrap_or_default();
            continue;
        }
        line(out, first)?;
        changes = changes.get(1..).unwrap_or_default();
    }
    Ok(())
}

/// Whether both come, or both go, together.
fn is_same_move(a: &Change, b: &Change) -> bool {
    let together = a.at == b.at && a.target == b.target && a.series == b.series;
    let both_come = a.before.is_none() && b.before.is_none();
    let both_go = a.after.is_none() && b.after.is_none();
    together && (both_come || both_go)
}

fn label(series: &SeriesName) -> String {
    let host = series.host.as_ref().map(|host| format!(" on {host}")).unwrap_or_default();
    format!("{}{host}", series.benchmark)
}

fn table(out: &mut dyn Write, name: &SeriesName, series: &Series) -> io::Result<()> {
    let title = format!("{} ({})", series.title, label(name));
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

fn line(out: &mut dyn Write, change: &Change) -> io::Result<()> {
    let name = |standing: Option<Standing>| standing.map_or("not checked", Standing::name);
    let text = format!(
        "  {} {} {}: {} → {}  {}",
        label(&change.series),
        change.control,
        change.title,
        name(change.before),
        name(change.after),
        change.target,
    );
    writeln!(out, "{}", printable(&text))
}
