//! CSV (RFC 4180): a row a result, for spreadsheets and for what counts by columns.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@` or a tab for a formula, and the cell
//! may say what a stranger wrote into a flag. Such a cell gets an apostrophe in front, which
//! spreadsheets take for "this is text"; who reads the file with a program takes it off. Inputs that
//! could not be checked are rows with the status `error` and without a control.

use std::borrow::Cow;
use std::io::{self, Write};

use super::finished::{Location, RuleResult, Target};
use super::{Closing, Renderer};

/// A report being written.
pub(super) struct Csv<'w> {
    out: ::csv::Writer<Box<dyn Write + Send + 'w>>,
}

/// How many columns there are.
const COLUMNS: usize = 28;

/// The first row.
const HEADER: [&str; COLUMNS] = [
    "benchmark",
    "control",
    "level",
    "assessment",
    "section",
    "rule",
    "title",
    "status",
    "accepted",
    "severity",
    "component",
    "target",
    "name",
    "kubernetes_version",
    "path",
    "line",
    "column",
    "argument",
    "message",
    "remediation",
    "fix",
    "waiver_reason",
    "waiver_owner",
    "waiver_expires",
    "lapsed_waiver",
    "fingerprint",
    "uid",
    "warning",
];

impl<'w> Csv<'w> {
    pub(super) fn begin(out: Box<dyn Write + Send + 'w>) -> io::Result<Self> {
        let mut out =
            ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
        out.write_record(HEADER)?;
        Ok(Self { out })
    }

    fn row(&mut self, cells: [Cow<'_, str>; COLUMNS]) -> io::Result<()> {
        Ok(self.out.write_record(cells.map(guarded).iter().map(|cell| cell.as_bytes()))?)
    }
}

impl Renderer for Csv<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        target.results.iter().try_for_each(|result| self.row(cells(target, result)))
    }

    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        for error in &closing.errors {
            let mut cells = [const { Cow::Borrowed("") }; COLUMNS];
            let told = [("status", "error"), ("path", &error.source), ("message", &error.message)];
            for (name, text) in told {
                let at = HEADER.iter().position(|column| *column == name);
                cells[at.expect("a column")] = text.into();
            }
            self.row(cells)?;
        }
        self.out.flush()
    }
}

/// In the order of [`HEADER`].
fn cells<'r>(target: &'r Target<'_>, result: &'r RuleResult<'_>) -> [Cow<'r, str>; COLUMNS] {
    let text = |text: &'r Cow<'_, str>| Cow::Borrowed(&**text);
    let some = |text: Option<&'r str>| Cow::Borrowed(text.unwrap_or_default());
    let number = |number: usize| Cow::Owned(number.to_string());
    let none = || Cow::Borrowed("");
    let (path, line, column, argument) = match (result.location(), &target.source.path) {
        (Some(Location::Text { path, line, column, .. }), _) => {
            (text(path), number(*line), number(*column), none())
        }
        (Some(Location::Argument { argument, .. }), _) => {
            (none(), none(), none(), number(*argument))
        }
        (None, path) => (some(path.as_deref()), none(), none(), none()),
    };
    let accepted = match (&result.waiver, result.baseline) {
        (Some(_), _) => "waiver",
        (None, true) => "baseline",
        (None, false) => "",
    };
    let waiver = result.waiver.as_ref();
    let lapsed = result.lapsed_waiver.as_ref();
    [
        text(&result.benchmark),
        text(&result.control),
        result.level.map_or_else(none, |level| level.to_string().into()),
        some(result.assessment.map(crate::rule::Assessment::name)),
        text(&result.section),
        text(&result.rule),
        text(&result.title),
        result.status.name().into(),
        accepted.into(),
        result.severity.name().into(),
        target.component.name().into(),
        text(&target.id),
        some(target.name.as_deref()),
        Cow::Borrowed(&target.kubernetes_version.minor),
        path,
        line,
        column,
        argument,
        text(&result.message),
        text(&result.remediation),
        some(result.fix.as_deref()),
        some(waiver.map(|waiver| &*waiver.reason)),
        some(waiver.and_then(|waiver| waiver.owner.as_deref())),
        some(waiver.and_then(|waiver| waiver.expires.as_deref())),
        some(lapsed.map(|lapsed| &*lapsed.because)),
        Cow::Borrowed(&result.fingerprint),
        target.user().unwrap_or_default().into(),
        target.warning().unwrap_or_default().into(),
    ]
}

/// A cell that no spreadsheet calculates.
fn guarded(cell: Cow<'_, str>) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "--profiling", "@SUM(A1)", "\t=1", "\n=1"] {
            assert_eq!(guarded(formula.into()), format!("'{formula}"));
        }
        for text in ["a=1", "", "1.2.1", "'=1"] {
            assert_eq!(guarded(text.into()), text);
        }
    }
}
