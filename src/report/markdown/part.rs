//! A table of results, the gravest first, cut where a comment is full.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use crate::result::Severity;

/// Rows of one kind.
#[derive(Default)]
pub(super) struct Part {
    rows: BTreeMap<Reverse<Severity>, Rows>,
    /// The controls of all its rows, kept or not.
    controls: usize,
}

#[derive(Default)]
struct Rows {
    kept: Vec<Row>,
    bytes: usize,
}

struct Row {
    text: String,
    controls: usize,
}

impl Part {
    /// Adds a row that stands for so many controls. More than could ever be shown is counted alone.
    pub(super) fn add(&mut self, severity: Severity, text: String, controls: usize) {
        self.controls += controls;
        let rows = self.rows.entry(Reverse(severity)).or_default();
        if rows.bytes < super::LIMIT {
            rows.bytes += text.len();
            rows.kept.push(Row { text, controls });
        }
    }

    /// How many controls there are.
    pub(super) fn controls(&self) -> usize {
        self.controls
    }

    /// Writes the table, if there is anything in it: no row beyond `limit` bytes of the whole text.
    pub(super) fn write(&self, out: &mut String, title: &str, is_open: bool, limit: usize) {
        if self.controls == 0 {
            return;
        }
        let count = self.controls;
        let _ = if is_open {
            writeln!(out, "\n#### {title} ({count})\n")
        } else {
            writeln!(out, "\n<details><summary>{title} ({count})</summary>\n")
        };
        out.push_str("| Severity | Control | Result | Place |\n|---|---|---|---|\n");
        let mut shown = 0;
        for row in self.rows.values().flat_map(|rows| &rows.kept) {
            // Smaller rows behind one that does not fit are not let past it: what is shown is the gravest.
            if out.len() + row.text.len() > limit {
                break;
            }
            out.push_str(&row.text);
            shown += row.controls;
        }
        if shown < count {
            let _ = writeln!(out, "\nand {} more, which do not fit into a comment", count - shown);
        }
        if !is_open {
            out.push_str("\n</details>\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Part;
    use crate::result::Severity::{Critical, Low};

    #[test]
    fn what_does_not_fit_is_counted_and_is_the_least() {
        let mut part = Part::default();
        part.add(Low, "| low |\n".into(), 2);
        part.add(Critical, "| critical |\n".into(), 1);
        let mut whole = String::new();
        part.write(&mut whole, "Findings", false, usize::MAX);
        let mut out = String::new();
        part.write(&mut out, "Findings", false, whole.find("| low").expect("the last row"));
        assert!(out.contains("(3)") && out.contains("critical") && !out.contains("low"), "{out}");
        assert!(out.contains("and 2 more") && out.ends_with("\n</details>\n"), "{out}");
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut part = Part::default();
        for _ in 0..200 {
            part.add(Low, "x".repeat(1000), 1);
        }
        assert!(part.rows.values().all(|rows| rows.bytes <= super::super::LIMIT + 1000));
        assert_eq!(part.controls(), 200);
    }
}
