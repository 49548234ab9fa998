//! A comparison for people.

use std::io::{self, Write};

use colored::{Color, Colorize};

use super::{Diff, ResultChange};
use crate::kept::Standing;
use crate::report::finished::Report;
use crate::report::printable;

/// Writes a comparison; what is unchanged is counted.
pub fn write(
    out: &mut dyn Write,
    diff: &Diff<'_>,
    sides: [&Report; 2],
    color: bool,
) -> io::Result<()> {
    let [old, new] = sides.map(|report| report.generated_at);
    writeln!(out, "{old} → {new}")?;
    for (name, changes) in diff.lists() {
        if changes.is_empty() || name == "unchanged" {
            continue;
        }
        let tint = match name {
            "new" | "broken" => Color::Red,
            "fixed" => Color::Green,
            _ => Color::Yellow,
        };
        let title = if color { name.color(tint).bold().to_string() } else { name.to_owned() };
        writeln!(out, "\n{title}")?;
        let mut target = None;
        for change in changes {
            if target != Some(change.target) {
                target = Some(change.target);
                writeln!(out, "  {}", printable(change.target))?;
            }
            line(out, change)?;
        }
    }
    if !diff.new_errors.is_empty() {
        writeln!(out, "\ncould not be checked")?;
        for source in &diff.new_errors {
            writeln!(out, "  {}", printable(source))?;
        }
    }
    let counts = diff.lists().map(|(name, changes)| format!("{} {name}", changes.len()));
    writeln!(out, "\n{}", counts.join(", "))
}

fn line(out: &mut dyn Write, change: &ResultChange<'_>) -> io::Result<()> {
    let name = |standing: Option<Standing>| standing.map_or("not checked", Standing::name);
    let place = change.location.map(|place| format!("  {place}")).unwrap_or_default();
    let text = format!(
        "    {:<8} {} {}: {} → {}: {}{place}",
        change.severity.name(),
        change.control,
        change.title,
        name(change.before),
        name(change.after),
        change.message,
    );
    writeln!(out, "{}", printable(&text))
}
