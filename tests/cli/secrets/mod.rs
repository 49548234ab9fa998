//! A secret in every place where one can be, searched for in everything that plimsoll prints.
//!
//! Each place has a marker of its own, so that one run is enough and a leak says where it comes from. The
//! flags are those of the catalog and the formats those of the program: new ones are covered by
//! themselves.

mod command_lines;
mod configurations;
mod documents;
mod processes;

use std::fs;
use std::path::Path;

use crate::outputs::{Output, printed};

/// What every marker begins with; letters and digits only, so that it can be part of any grammar.
const MARK: &str = "S3CR3T";

/// The folder with the inputs and the node, and the places in it.
struct Places<'f> {
    folder: &'f Path,
    names: Vec<String>,
    /// Files that a report must speak of: a reader that no longer knows one would find no secret in it.
    files: Vec<String>,
}

impl Places<'_> {
    /// The marker of a new place.
    fn marker(&mut self, name: impl Into<String>) -> String {
        self.names.push(name.into());
        format!("{MARK}{:05}", self.names.len() - 1)
    }

    /// Text with a marker for each `{S}`.
    fn fill(&mut self, name: &str, text: &str) -> String {
        let mut parts = text.split("{S}");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for (at, part) in parts.enumerate() {
            filled.push_str(&self.marker(format!("{name}, secret {at}")));
            filled.push_str(part);
        }
        filled
    }

    /// A file with a marker for each `{S}`.
    fn file(&mut self, path: &str, text: &str) {
        let text = self.fill(path, text);
        let at = self.folder.join(path);
        fs::create_dir_all(at.parent().expect("a folder")).expect("made");
        fs::write(at, text).expect("written");
        self.files.push(path.to_owned());
    }

    /// The place of a marker that begins at the start of `text`.
    fn name(&self, text: &str) -> &str {
        let digits: String = text[MARK.len()..].chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok().and_then(|at: usize| self.names.get(at)).map_or("?", String::as_str)
    }

    /// Where an output holds markers: place and what stands around it.
    fn leaks(&self, output: &Output) -> Vec<String> {
        let found = output.text.match_indices(MARK);
        let mut leaks: Vec<String> = found
            .map(|(at, _)| {
                let from = output.text[..at].char_indices().rev().nth(60).map_or(0, |(at, _)| at);
                let around: String = output.text[from..].chars().take(100).collect();
                format!("{}: {}: …{around}…", self.name(&output.text[at..]), output.name)
            })
            .collect();
        leaks.dedup();
        leaks
    }
}

#[test]
#[allow(clippy::print_stdout, reason = "the size of the table is part of the result")]
fn no_secret_is_printed_wherever_it_is_written_and_whatever_prints_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut places = Places { folder: folder.path(), names: Vec::new(), files: Vec::new() };
    command_lines::add(&mut places);
    configurations::add(&mut places);
    documents::add(&mut places);
    let table = processes::table(&mut places);
    let mut printed = printed(folder.path());
    printed.processes(&table.path());
    printed.side_by_side("etcd-0.yaml", "etcd-1.yaml");
    printed.side_by_side("kube-apiserver-0.yaml", "kube-apiserver-words.yaml");
    let (outputs, count) = (&printed.outputs, places.names.len());
    let mut leaks: Vec<String> = outputs.iter().flat_map(|output| places.leaks(output)).collect();
    // One for each place says enough.
    leaks.sort_by(|a, b| a.split(": ").next().cmp(&b.split(": ").next()));
    leaks.dedup_by(|a, b| a.split(": ").next() == b.split(": ").next());
    let shown = leaks.iter().take(60).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(leaks.is_empty(), "{} leaks\n{shown}", leaks.len());
    let missed: Vec<&String> = places
        .files
        .iter()
        .filter(|file| !outputs.iter().any(|it| it.text.contains(file.trim_start_matches("root"))))
        .collect();
    assert!(missed.is_empty(), "no output speaks of {missed:?}");
    println!("{count} places × {} outputs", outputs.len());
}
