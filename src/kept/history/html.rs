//! A history for a browser: a chart for each benchmark, the numbers behind it, and what changed when.
//!
//! The page is made like that of a report: one file that loads nothing. It has no script.

use std::io::{self, Write};

use super::{History, Point, Series, SeriesName, StandingChange};
use crate::kept::Standing;
use crate::report::html::{Escaped, STYLE, head};

/// What is drawn, from the ground up: what needs somebody stands on the line.
const DRAWN: [Standing; 6] = [
    Standing::Fail,
    Standing::Error,
    Standing::Unknown,
    Standing::Waived,
    Standing::Manual,
    Standing::Pass,
];

/// Writes a history.
pub fn write(out: &mut dyn Write, history: &History) -> io::Result<()> {
    let style = format!("{STYLE}{}", include_str!("history.css"));
    head(out, "plimsoll history", &style, "")?;
    writeln!(out, "<header><h1>Control-plane flags over time</h1></header>\n<main>")?;
    for (name, series) in &history.series {
        chart(out, name, series)?;
    }
    changes(out, history)?;
    writeln!(out, "</main>\n</body>\n</html>")
}

fn chart(out: &mut dyn Write, name: &SeriesName, series: &Series) -> io::Result<()> {
    let (Some(first), Some(last)) = (series.points.first(), series.points.last()) else {
        return Ok(());
    };
    writeln!(
        out,
        "<section>\n<h2>{} <small>{}</small></h2>",
        Escaped(&series.title),
        Escaped(name.label())
    )?;
    let height = series.points.iter().map(drawn).max().unwrap_or_default().max(1);
    writeln!(
        out,
        "<svg class=\"chart\" viewBox=\"0 0 {} {height}\" preserveAspectRatio=\"none\" role=\"img\" \
         aria-label=\"{} controls failed at first, {} at last\">",
        series.points.len(),
        first.count(Standing::Fail),
        last.count(Standing::Fail),
    )?;
    for (at, point) in series.points.iter().enumerate() {
        bar(out, at, height, point)?;
    }
    writeln!(
        out,
        "</svg>\n<p class=\"ends muted\"><span>{}</span> <span>{}</span></p>\n<ul class=\"legend\">",
        first.at, last.at
    )?;
    for standing in DRAWN {
        let word = standing.name();
        writeln!(out, "<li class=\"{word}\"><span class=\"swatch\"></span> {word}</li>")?;
    }
    writeln!(out, "</ul>")?;
    numbers(out, series)?;
    writeln!(out, "</section>")
}

/// How high a report's bar is.
fn drawn(point: &Point) -> usize {
    DRAWN.iter().map(|standing| point.count(*standing)).sum()
}

fn bar(out: &mut dyn Write, at: usize, height: usize, point: &Point) -> io::Result<()> {
    let words = DRAWN.map(|standing| format!("{} {}", point.count(standing), standing.name()));
    writeln!(out, "<g><title>{}: {}</title>", point.at, words.join(", "))?;
    let mut below = 0;
    for standing in DRAWN {
        let count = point.count(standing);
        if count > 0 {
            below += count;
            writeln!(
                out,
                "<rect class=\"{}\" x=\"{at}.08\" y=\"{}\" width=\"0.84\" height=\"{count}\"/>",
                standing.name(),
                height - below,
            )?;
        }
    }
    writeln!(out, "</g>")
}

fn numbers(out: &mut dyn Write, series: &Series) -> io::Result<()> {
    let name = |standing: Standing| format!("<th scope=\"col\">{}</th>", standing.name());
    writeln!(
        out,
        "<details><summary>{} reports in numbers</summary>\n<div class=\"wide\"><table>\n<thead><tr>\
         <th scope=\"col\">made</th><th scope=\"col\">targets</th>{}<th scope=\"col\">not checked</th>\
         </tr></thead>\n<tbody>",
        series.points.len(),
        Standing::ALL.map(name).concat(),
    )?;
    for point in &series.points {
        let counts = point.counts.map(|count| format!("<td>{count}</td>")).concat();
        writeln!(
            out,
            "<tr><th scope=\"row\">{} <small>{}</small></th><td>{}</td>{counts}<td>{}</td></tr>",
            point.at,
            Escaped(&point.file),
            point.targets,
            point.errors,
        )?;
    }
    writeln!(out, "</tbody></table></div></details>")
}

fn changes(out: &mut dyn Write, history: &History) -> io::Result<()> {
    writeln!(out, "<section>\n<h2>Changes</h2>")?;
    if history.changes.is_empty() {
        return writeln!(out, "<p>No control has changed.</p>\n</section>");
    }
    writeln!(
        out,
        "<table class=\"changes\">\n<thead><tr><th scope=\"col\">seen</th>\
         <th scope=\"col\">change</th><th scope=\"col\">control</th><th scope=\"col\">target</th>\
         </tr></thead>\n<tbody>"
    )?;
    for event in history.events() {
        let (Some(first), Some(words)) = (event.first(), StandingChange::in_words(event)) else {
            continue;
        };
        let series = first.series.label();
        let control = match event {
            [_] => format!("{series} {}: {}", first.control, first.title),
            _ => series,
        };
        let class = first.after.map_or("not-applicable", Standing::name);
        writeln!(
            out,
            "<tr><td>{}</td><td><span class=\"badge {class}\">{}</span></td><td>{}</td><td>{}</td></tr>",
            first.at,
            Escaped(words),
            Escaped(control),
            Escaped(&first.target),
        )?;
    }
    writeln!(out, "</tbody></table>\n</section>")
}
