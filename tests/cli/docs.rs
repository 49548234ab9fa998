//! README: every command in it, run; every output in it, compared.

use std::fs;

use crate::program::{plimsoll, root};

/// The fenced blocks of README with their language.
fn blocks() -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("README.md")).expect("README");
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => open = Some((language.to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some((_, body))) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

#[test]
fn every_run_in_the_readme_prints_what_it_shows() {
    let mut runs = 0;
    for (language, body) in blocks().into_iter().filter(|(language, _)| language == "console") {
        let (command, shown) = body.split_once('\n').expect("a command");
        let command = command.strip_prefix("$ plimsoll ").unwrap_or_else(|| panic!("{command}"));
        let words = plimsoll::document::shell_words(command);
        let outcome = plimsoll(&words);
        let printed = format!("{}{}", outcome.stdout, outcome.stderr);
        // `…` stands for lines that are left out.
        let mut rest = printed.as_str();
        for part in shown.split("…\n") {
            let at = rest.find(part).unwrap_or_else(|| {
                panic!("{language} `{command}` does not print\n{part}\nbut\n{printed}")
            });
            rest = &rest[at + part.len()..];
        }
        runs += 1;
    }
    assert!(runs >= 3, "{runs}");
}

#[test]
fn the_rules_and_benchmarks_in_the_readme_are_valid() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = blocks().into_iter().filter(|(language, _)| language == "toml");
    let (waivers, packs): (Vec<String>, Vec<String>) =
        files.map(|(_, body)| body).partition(|body| body.contains("[[waiver]]"));
    assert_eq!((waivers.len(), packs.len()), (1, 2));
    // A run in the README shows what the waiver does.
    let valid = fs::read_to_string(root().join("fixtures/waivers/valid/profiling.toml"));
    assert_eq!(waivers[0], valid.expect("there"));
    for body in packs {
        let path = folder.path().join("own.toml");
        fs::write(&path, body).expect("written");
        let outcome = plimsoll(["rules".as_ref(), "check".as_ref(), path.as_os_str()]);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    }
}

#[test]
fn every_option_has_its_help() {
    for command in ["check", "flags", "explain", "benchmarks", "rules"] {
        let help = plimsoll([command, "--help"]);
        assert_eq!(help.status, 0);
        assert!(help.stdout.contains("Usage: plimsoll"), "{}", help.stdout);
    }
    let help = plimsoll(["--help"]).stdout;
    assert!(help.contains("Exit status: 0"), "{help}");
}

/// Every test by its name, from the sources.
fn tests_of(folder: &std::path::Path, names: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            tests_of(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("read");
            let functions = text.lines().filter_map(|line| line.trim().strip_prefix("fn "));
            names.extend(functions.filter_map(|line| Some(line.split_once('(')?.0.to_owned())));
        }
    }
}

#[test]
fn the_tests_that_the_readme_names_exist() {
    let mut names = Vec::new();
    for folder in ["src", "tests"] {
        tests_of(&root().join(folder), &mut names);
    }
    let text = fs::read_to_string(root().join("README.md")).expect("README");
    // A name of five words or more is no flag, field or file.
    let quoted = text.split('`').skip(1).step_by(2);
    let named: Vec<&str> = quoted.filter(|word| word.matches('_').count() >= 5).collect();
    assert!(named.len() >= 19, "{named:?}");
    for name in named {
        assert!(names.iter().any(|known| known == name), "{name}");
    }
}
