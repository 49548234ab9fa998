//! Files of rules and benchmarks.

use plimsoll::examples;
use plimsoll::rule::Library;

use super::text;

/// Loads a file beside the shipped ones, and runs its examples if it is taken.
pub fn rule_pack(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match Library::load(&[("own.toml".to_owned(), text.to_owned())]) {
        Ok(library) => {
            for entry in library.rules().filter(|entry| entry.pack == "own.toml") {
                let _ = examples::run(entry.rule());
            }
            // A benchmark of the file's own is the last, unless it replaces one.
            if let Some(edition) = library.editions().last() {
                let benchmark = library.read(edition);
                let _ = benchmark.digest();
                benchmark.controls().for_each(|(_, control)| drop(control.require().clone()));
            }
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            assert!(problems.iter().all(|problem| !problem.to_string().is_empty()));
        }
    }
}
