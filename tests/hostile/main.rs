//! Hostile inputs: what fuzzing has found, and random changes of what is well formed.
//!
//! The entry points and what must hold of them are those of the fuzz targets in `tests/fuzz/`.

#![allow(clippy::disallowed_methods, reason = "tests read fixtures")]

mod changed;
#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "a library to the fuzz targets")]
mod entry_points;

use std::path::{Path, PathBuf};

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The tests of one entry point; the fixtures that it reads well formed are in these folders.
macro_rules! entry_points {
    ($($name:ident: $cases:literal of [$($folder:literal),*];)*) => {$(
        mod $name {
            use super::{changed_inputs, entry_points, every_input};

            #[test]
            fn what_fuzzing_found_does_no_harm() {
                let folder = concat!("fixtures/hostile/", stringify!($name));
                every_input(folder, entry_points::$name);
            }

            #[test]
            fn what_is_well_formed_and_its_random_changes_do_no_harm() {
                let folders = [$($folder,)* concat!("fixtures/hostile/", stringify!($name))];
                changed_inputs(&folders, $cases, entry_points::$name);
            }
        }
    )*};
}

entry_points! {
    certificate: 300 of [];
    check: 16 of ["fixtures/documents", "fixtures/manifests"];
    config_file: 150 of ["fixtures/node"];
    document: 150 of ["fixtures/documents", "fixtures/manifests"];
    flag_grammar: 100 of ["fixtures/documents/args-file"];
    kept_report: 200 of [];
    process: 300 of [];
    rule_pack: 60 of ["fixtures/packs"];
    shell_words: 300 of ["fixtures/documents/script"];
    systemd_unit: 150 of ["fixtures/documents/systemd"];
    waiver: 200 of [];
    yaml_tree: 300 of ["fixtures/documents", "fixtures/manifests", "fixtures/node"];
}

type EntryPoint = fn(&[u8]);

/// Feeds every file of a folder.
fn every_input(folder: &str, entry_point: EntryPoint) {
    let inputs = inputs(&[folder]);
    assert!(!inputs.is_empty(), "{folder} is empty");
    for (path, bytes) in inputs {
        let fed = std::panic::catch_unwind(|| entry_point(&bytes));
        assert!(fed.is_ok(), "{}: see above", path.display());
    }
}

/// Feeds random changes of the files of the folders.
fn changed_inputs(folders: &[&str], cases: u32, entry_point: EntryPoint) {
    let seeds: Vec<Vec<u8>> = inputs(folders).into_iter().map(|(_, bytes)| bytes).collect();
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // The same changes in every run: what is new is for the fuzzer to find.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let run = TestRunner::new_with_rng(config, rng).run(&changed::input(seeds), |bytes| {
        entry_point(&bytes);
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}

/// The files below the folders, small enough to be read often.
fn inputs(folders: &[&str]) -> Vec<(PathBuf, Vec<u8>)> {
    let mut inputs = Vec::new();
    let mut pending: Vec<PathBuf> =
        folders.iter().map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).collect();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a folder");
            pending.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_none_or(|extension| extension != "expect") {
            let bytes = std::fs::read(&path).expect("a file");
            inputs.push((path, bytes));
        }
    }
    // The order of a folder is the machine's.
    inputs.sort();
    inputs
}
