//! CSV, read as a program and as a spreadsheet reads it.

use std::collections::BTreeMap;

use super::places::assert_stands;
use super::{HOSTILE, mixed};

/// The rows, by the names of their columns.
pub(super) fn rows() -> Vec<BTreeMap<String, String>> {
    let text = mixed().text("csv");
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn it_has_a_header_and_rows_of_one_length_that_end_as_rfc_4180_says() {
    let text = mixed().text("csv");
    assert!(text.starts_with("benchmark,control,level,") && text.ends_with("\r\n"));
    assert!(rows().len() > 300, "{}", rows().len());
    assert!(rows().iter().all(|row| row.len() == 28));
}

#[test]
fn no_cell_is_a_formula() {
    let mut guarded = 0;
    for cell in rows().iter().flat_map(BTreeMap::values) {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell}");
        guarded += usize::from(cell.starts_with("'-"));
    }
    assert!(guarded > 0);
}

#[test]
fn hostile_text_is_data_and_what_was_not_checked_a_row() {
    let part = HOSTILE.split('\u{1b}').next().expect("a part");
    let rows = rows();
    assert!(rows.iter().any(|row| row["message"].contains(part)));
    assert!(rows.iter().any(|row| row["name"].contains('\n')), "a line break in a pod's name");
    assert!(rows.iter().any(|row| row["waiver_reason"].starts_with(part)));
    let unread = rows.iter().find(|row| row["control"].is_empty()).expect("one");
    assert_eq!((&*unread["status"], &*unread["path"]), ("error", "manifests/broken.yaml"));
}

#[test]
fn its_lines_are_the_flags_own() {
    let mut lines = 0;
    // Rows stand in the order of results.
    for (row, (_, result)) in rows().iter().zip(mixed().results()) {
        assert_eq!(row["control"], result["control"].as_str().expect("a number"));
        if let Ok(line) = row["line"].parse() {
            assert_stands(&result, &row["path"], line);
            lines += 1;
        }
    }
    assert!(lines > 100, "{lines}");
}
