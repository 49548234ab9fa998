//! A comparison as a comment on a pull request.

use std::io::{self, Write};

use super::{Diff, ResultChange};
use crate::kept::Standing;
use crate::report::finished::Report;
use crate::report::marked::marked;

/// The most changes of a kind that are listed: a comment has a limit, and a reader too.
const MOST: usize = 50;

/// Writes a comparison; what is unchanged is counted.
pub fn write(out: &mut dyn Write, diff: &Diff<'_>, sides: [&Report; 2]) -> io::Result<()> {
    let [old, new] = sides.map(|report| report.generated_at);
    let verdict = if diff.is_worse() {
        "New failures"
    } else if diff.is_incomplete() {
        "Not everything could be checked"
    } else {
        "No new failures"
    };
    writeln!(out, "## plimsoll: {verdict}\n")?;
    let counts = diff.lists().map(|(name, changes)| format!("{} {name}", changes.len()));
    writeln!(out, "{old} → {new}: {}", counts.join(", "))?;
    for (name, changes) in diff.lists() {
        if changes.is_empty() || name == "unchanged" {
            continue;
        }
        let open = if matches!(name, "new" | "broken") { " open" } else { "" };
        writeln!(out, "\n<details{open}><summary>{} {name}</summary>\n", changes.len())?;
        writeln!(out, "| severity | control | | before → after | place |\n|---|---|---|---|---|")?;
        for change in changes.iter().take(MOST) {
            row(out, change)?;
        }
        if changes.len() > MOST {
            writeln!(out, "\nand {} more", changes.len() - MOST)?;
        }
        writeln!(out, "\n</details>")?;
    }
    for source in &diff.new_errors {
        writeln!(out, "\nCould not be checked: {}", marked(source))?;
    }
    Ok(())
}

fn row(out: &mut dyn Write, change: &ResultChange<'_>) -> io::Result<()> {
    let name = |standing: Option<Standing>| standing.map_or("not checked", Standing::name);
    let place = change.location.map_or(change.target.to_owned(), ToString::to_string);
    writeln!(
        out,
        "| {} | {} | {}: {} | {} → {} | {} |",
        change.severity.name(),
        marked(change.control),
        marked(change.title),
        marked(change.message),
        name(change.before),
        name(change.after),
        marked(&place),
    )
}
