//! The order of the modules in `src/lib.rs` is the order of their dependencies.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of `src/lib.rs`, in its order.
fn modules() -> Vec<String> {
    let lib = fs::read_to_string("src/lib.rs").expect("read");
    let names = lib.lines().filter_map(|line| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        line.strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned)
    });
    names.collect()
}

/// The Rust files at or below a path, without those that only tests compile.
fn files(path: &Path, found: &mut Vec<PathBuf>) {
    let only_tests = path.file_stem().is_some_and(|name| name == "tests");
    if path.is_dir() && !only_tests {
        let entries = fs::read_dir(path).expect("listed").map(|entry| entry.expect("read").path());
        entries.for_each(|entry| files(&entry, found));
    } else if path.is_file() && path.extension().is_some_and(|it| it == "rs") && !only_tests {
        found.push(path.to_owned());
    }
}

/// The modules of the crate that a text names, up to its tests.
fn used<'m>(text: &str, modules: &'m [String]) -> Vec<&'m String> {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let names = code.split("crate::").skip(1).flat_map(|rest| match rest.strip_prefix('{') {
        Some(list) => list.split('}').next().unwrap_or_default().split(", ").collect(),
        None => vec![rest],
    });
    let first = |path: &str| {
        let end = path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len());
        path[..end].trim().to_owned()
    };
    names.filter_map(|path| modules.iter().find(|module| **module == first(path))).collect()
}

#[test]
fn a_module_uses_only_those_above_it() {
    let modules = modules();
    assert!(modules.len() > 20, "{modules:?}");
    let place = |name: &String| modules.iter().position(|module| module == name);
    let (mut uses, mut upward) = (0, Vec::new());
    for module in &modules {
        let mut found = Vec::new();
        files(&Path::new("src").join(module), &mut found);
        files(&Path::new("src").join(format!("{module}.rs")), &mut found);
        assert!(!found.is_empty(), "{module} has no file");
        for file in found {
            let text = fs::read_to_string(&file).expect("read");
            for other in used(&text, &modules) {
                uses += 1;
                if place(other) > place(module) {
                    upward.push(format!("{} uses {other}", file.display()));
                }
            }
        }
    }
    assert!(uses > 300, "only {uses} uses were found");
    assert!(upward.is_empty(), "against the order of src/lib.rs: {upward:#?}");
}
