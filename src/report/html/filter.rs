//! The controls of the page. They stay hidden where scripts do not run; the script fills in the
//! targets and sections, which it finds in the page.

use std::io::{self, Write};

use super::outcome::Outcome;
use super::tally::Tally;

/// Writes the controls.
pub(super) fn write(out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<form id=\"filter\" role=\"search\" hidden=\"\">\n\
         <label class=\"search\">Search <input type=\"search\" name=\"q\" autocomplete=\"off\" \
         aria-keyshortcuts=\"/\" placeholder=\"flag, value, control, file\"/> <kbd>/</kbd></label>"
    )?;
    let statuses = Outcome::ALL.map(|outcome| (outcome.name(), outcome.word()));
    boxes(out, "Status", "status", &statuses)?;
    let severities = Tally::SEVERITIES.map(|severity| (severity.name(), severity.name()));
    boxes(out, "Severity", "severity", &severities)?;
    for (label, name) in [("Target", "target"), ("Section", "section")] {
        writeln!(
            out,
            "<label>{label} <select name=\"{name}\"><option value=\"\">all</option></select></label>"
        )?;
    }
    writeln!(
        out,
        "<p><output></output> <button type=\"button\" name=\"unfold\">Unfold all</button> \
         <button type=\"button\" name=\"fold\">Fold all</button> \
         <button type=\"button\" name=\"clear\">Clear filters</button></p>\n</form>"
    )
}

fn boxes(out: &mut dyn Write, legend: &str, name: &str, values: &[(&str, &str)]) -> io::Result<()> {
    writeln!(out, "<fieldset>\n<legend>{legend}</legend>")?;
    for (value, word) in values {
        writeln!(
            out,
            "<label class=\"badge {value}\"><input type=\"checkbox\" name=\"{name}\" \
             value=\"{value}\"/> {word}</label>"
        )?;
    }
    writeln!(out, "</fieldset>")
}
