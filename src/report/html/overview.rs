//! What a reader sees first: the counts, what could not be checked, and the waivers.
//!
//! Every count is a link to an address of this page, whose part behind `#` is a filter.

use std::io::{self, Write};

use super::Escaped;
use super::outcome::Outcome;
use super::tally::{Counts, Tally};
use crate::report::Failure;
use crate::report::address::encoded;
use crate::report::finished::WaiverRecord;
use crate::report::{Closing, counted};

/// What is counted together, in the order of the columns: a known failure is a failure.
const COLUMNS: [(&str, &[Outcome]); 7] = [
    ("fail", &[Outcome::Fail, Outcome::Known]),
    ("unknown", &[Outcome::Unknown]),
    ("manual", &[Outcome::Manual]),
    ("error", &[Outcome::Error]),
    ("waived", &[Outcome::Waived]),
    ("pass", &[Outcome::Pass]),
    ("n/a", &[Outcome::NotApplicable]),
];

/// Writes the overview.
pub(super) fn write(out: &mut dyn Write, tally: &Tally, closing: &Closing<'_>) -> io::Result<()> {
    writeln!(out, "<section id=\"overview\" aria-label=\"Overview\">")?;
    let targets = counted(closing.summary.targets, "target");
    let titles: Vec<&str> = closing.benchmarks.iter().map(|known| &*known.title).collect();
    let against = if titles.is_empty() { "" } else { " against " };
    writeln!(out, "<p>{targets}{against}{}</p>", Escaped(titles.join(", ")))?;
    tiles(out, &tally.all)?;
    failures(out, &closing.errors)?;
    tables(out, tally)?;
    waivers(out, &closing.waivers)?;
    writeln!(out, "</section>")
}

fn tiles(out: &mut dyn Write, counts: &Counts) -> io::Result<()> {
    writeln!(out, "<ul class=\"tiles\">")?;
    for (word, outcomes) in COLUMNS {
        let (count, filter) = (counts.of(outcomes), filter(outcomes));
        write!(out, "<li class=\"{}\"><a href=\"#{filter}\">", outcomes[0].name())?;
        write!(out, "<b>{count}</b> {word}")?;
        let known = counts.of(&[Outcome::Known]);
        if outcomes.contains(&Outcome::Known) && known > 0 {
            write!(out, " <small>{known} in the baseline</small>")?;
        }
        writeln!(out, "</a></li>")?;
    }
    writeln!(out, "</ul>")
}

fn failures(out: &mut dyn Write, failures: &[Failure]) -> io::Result<()> {
    if failures.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>Could not be checked</h2>\n<ul class=\"failures\">")?;
    for Failure { source, message, .. } in failures {
        // Many messages begin with the source already.
        let message = message.strip_prefix(source.as_str()).unwrap_or(message);
        let message = message.trim_start_matches([':', ' ']);
        let (source, message) = (Escaped(source), Escaped(message));
        writeln!(out, "<li><code>{source}</code> <span class=\"text\">{message}</span></li>")?;
    }
    writeln!(out, "</ul>")
}

fn tables(out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
    writeln!(out, "<div class=\"tables\">")?;
    table(out, "By section")?;
    for sections in tally.sections.chunk_by(|one, next| one.benchmark == next.benchmark) {
        let title = Escaped(&sections[0].benchmark_title);
        let span = COLUMNS.len() + 1;
        writeln!(out, "<tbody>\n<tr><th colspan=\"{span}\" scope=\"rowgroup\">{title}</th></tr>")?;
        for section in sections {
            let key = encoded(&format!("{}/{}", section.benchmark, section.number));
            let head = format!("{} {}", section.number, section.title);
            row(out, &head, &format!("section={key}"), &section.counts)?;
        }
        writeln!(out, "</tbody>")?;
    }
    writeln!(out, "</table>")?;
    table(out, "By severity")?;
    writeln!(out, "<tbody>")?;
    for (severity, counts) in tally.severities() {
        row(out, severity.name(), &format!("severity={}", severity.name()), counts)?;
    }
    writeln!(out, "</tbody>\n</table>\n</div>")
}

fn table(out: &mut dyn Write, caption: &str) -> io::Result<()> {
    writeln!(out, "<table>\n<caption>{caption}</caption>\n<thead><tr><td></td>")?;
    for (word, _) in COLUMNS {
        write!(out, "<th scope=\"col\">{word}</th>")?;
    }
    writeln!(out, "</tr></thead>")
}

/// A row of which each count leads to what it counts.
fn row(out: &mut dyn Write, head: &str, address: &str, counts: &Counts) -> io::Result<()> {
    write!(out, "<tr><th scope=\"row\"><a href=\"#{address}\">{}</a></th>", Escaped(head))?;
    for (_, outcomes) in COLUMNS {
        match counts.of(outcomes) {
            0 => write!(out, "<td class=\"muted\">0</td>")?,
            count => {
                let (class, filter) = (outcomes[0].name(), filter(outcomes));
                write!(out, "<td class=\"{class}\">")?;
                write!(out, "<a href=\"#{filter}&amp;{address}\">{count}</a></td>")?;
            }
        }
    }
    writeln!(out, "</tr>")
}

/// The part of an address that stands for some outcomes.
fn filter(outcomes: &[Outcome]) -> String {
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.name()).collect();
    format!("status={}", names.join(","))
}

fn waivers(out: &mut dyn Write, waivers: &[WaiverRecord<'_>]) -> io::Result<()> {
    if waivers.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>Waivers</h2>\n<ul class=\"waivers\">")?;
    for record in waivers {
        let name = record.rule.as_ref().or(record.control.as_ref());
        write!(out, "<li><b>{}</b> ", Escaped(name.map_or("", |name| name)))?;
        write!(out, "<span class=\"text\">{}</span>", Escaped(&record.waiver))?;
        write!(out, " <small>covers {}</small>", counted(record.covers, "failure"))?;
        for (is, word) in [(record.expired, "expired"), (record.unused, "unused")] {
            if is {
                write!(out, " <b class=\"badge warning\">{word}</b>")?;
            }
        }
        writeln!(out, " <code class=\"place\">{}</code></li>", Escaped(&record.place))?;
    }
    writeln!(out, "</ul>")
}
