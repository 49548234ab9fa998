//! The tables are written here, from `fixtures/components/`; see `.github/CONTRIBUTING.md`.
//!
//! `cargo test catalog` compares, `PLIMSOLL_BLESS=1 cargo test catalog` writes. With `PLIMSOLL_FACTS`,
//! a folder of facts in JSON, the fixtures are compared or written first.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "these tests read and write files of the repository"
)]

mod admission_plugins;
mod by_hand;
mod cipher_suites;
mod corrections;
mod facts;
mod feature_gates;
mod fixture;
mod flags;
mod history;
mod listed;
mod releases;
mod written;

use std::fs;
use std::path::{Path, PathBuf};

use by_hand::ByHand;
use releases::Releases;

use crate::component::Component;

/// A release as the tables count it: the minor of Kubernetes, both digits of etcd.
type Count = u16;

/// A file of the repository.
fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Writes a file if `PLIMSOLL_BLESS` is set, and otherwise returns its name if it differs.
fn compare(relative: &str, text: &str) -> Option<String> {
    let path = path(relative);
    if fs::read_to_string(&path).is_ok_and(|known| known == text) {
        return None;
    }
    if std::env::var_os("PLIMSOLL_BLESS").is_some() {
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        println!("wrote {relative}");
        return None;
    }
    Some(relative.to_owned())
}

#[test]
fn the_tables_of_the_catalog_are_those_that_the_fixtures_make() {
    let mut differ = Vec::new();
    match std::env::var_os("PLIMSOLL_FACTS") {
        Some(folder) => {
            for (relative, text) in facts::fixtures(Path::new(&folder)) {
                differ.extend(compare(&relative, &text));
            }
        }
        None => println!("PLIMSOLL_FACTS is not set: the fixtures are not compared with the facts"),
    }
    let by_hand = ByHand::read(&read(&path("fixtures/components/by-hand.tsv")));
    for component in Component::ALL {
        let name = component.to_string();
        let releases = Releases::of(&name);
        let file = name.replace('-', "_");
        let mut tables = vec![(file, flags::table(&name, &releases, &by_hand))];
        if component == Component::KubeApiserver {
            let more = [
                ("feature_gates", feature_gates::table(&releases)),
                ("admission_plugins", admission_plugins::table(&releases, &by_hand)),
                ("cipher_suites", cipher_suites::table(&releases)),
            ];
            tables.extend(more.map(|(file, text)| (file.to_owned(), text)));
        }
        for (file, text) in tables {
            differ.extend(compare(&format!("src/flags/catalog/tables/{file}.rs"), &text));
        }
    }
    assert_eq!(by_hand.unused(), [""; 0], "rows of by-hand.tsv that concern nothing");
    assert_eq!(differ, [""; 0], "PLIMSOLL_BLESS=1 cargo test catalog rewrites them");
}
