//! The table of cipher suites, as Rust.

use std::fmt::Write;

use super::listed::{by_name, import_of_lives, life};
use super::releases::Releases;
use super::written::{begin, import, width};

/// The file of the table.
pub(super) fn table(releases: &Releases) -> String {
    let suites =
        by_name(releases, |f| f.suites.iter().map(|(name, insecure)| (name, *insecure)).collect());
    let width = width(suites.keys().map(String::as_str));
    let mut rows = String::new();
    for (name, facts) in &suites {
        let insecure = facts.iter().find(|(_, insecure)| **insecure).map(|(release, _)| *release);
        let (name, life) = (format!("{name:?},"), life(facts, releases));
        let _ = writeln!(rows, "    suite({name:width$} {life} {insecure:?}),");
    }
    let names = ["SuiteSpec", "suite"].map(str::to_owned).into_iter().collect();
    let spec = import("super::super::suite_spec", &names);
    let mut text = begin("The cipher suites of kube-apiserver.");
    text += &import_of_lives(&rows);
    text += &spec;
    text +=
        "\n/// Ordered by name. Columns: name, life span, first release that calls it insecure.\n";
    text += "pub(in super::super) const SUITES: &[SuiteSpec] = &[\n";
    text + &rows + "];\n"
}
