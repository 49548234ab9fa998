//! The order of the modules in `src/lib.rs` is the order of their dependencies, and within a folder no modules
//! use each other.

use std::collections::{BTreeMap, BTreeSet};
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

/// A path of modules from the crate's root, or one as it is written.
type ModulePath = Vec<String>;

/// The text of every module, without comments and tests.
fn texts() -> BTreeMap<ModulePath, String> {
    let mut found = Vec::new();
    files(Path::new("src"), &mut found);
    let text = |file: &PathBuf| {
        let path = file.strip_prefix("src").expect("below").with_extension("");
        let mut module: ModulePath =
            path.iter().map(|name| name.to_string_lossy().into_owned()).collect();
        module.pop_if(|name| ["mod", "lib", "main", "build"].contains(&name.as_str()));
        let text = fs::read_to_string(file).expect("read");
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
        (module, lines.collect::<Vec<_>>().join("\n"))
    };
    // The build reads some of the modules again, from a tree of its own.
    found.iter().filter(|file| !file.ends_with("build.rs")).map(text).collect()
}

/// The paths that a text begins with, where braces can list several, and where they end.
fn paths(text: &str) -> (Vec<ModulePath>, usize) {
    let (mut path, mut at) = (ModulePath::new(), 0);
    loop {
        let rest = &text[at..];
        if let Some(list) = rest.strip_prefix('{') {
            let (mut all, mut inner) = (Vec::new(), 0);
            while !list[inner..].starts_with('}') {
                let (some, end) = paths(&list[inner..]);
                all.extend(some.into_iter().map(|tail| [path.clone(), tail].concat()));
                // A comma, a blank or a new name.
                inner += end.max(1);
            }
            return (all, at + 1 + inner + 1);
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end > 0 {
            path.push(rest[..end].to_owned());
        }
        at += end;
        match text[at..].strip_prefix("::") {
            Some(_) => at += 2,
            None => return (if path.is_empty() { Vec::new() } else { vec![path] }, at),
        }
    }
}

/// The paths in a text that begin with one of these words.
fn paths_from(text: &str, begins: &[&str]) -> Vec<ModulePath> {
    let starts = begins.iter().flat_map(|begin| text.match_indices(begin));
    let own = starts.filter(|(at, _)| !text[..*at].ends_with("::"));
    own.flat_map(|(at, _)| paths(&text[at..]).0).collect()
}

/// A path from the crate's root, of one that a module has written.
fn absolute(module: &[String], written: &[String]) -> ModulePath {
    let mut from = module.to_vec();
    let mut rest = written;
    while let Some((first, tail)) = rest.split_first() {
        match first.as_str() {
            "crate" => from.clear(),
            "super" => drop(from.pop()),
            _ => break,
        }
        rest = tail;
    }
    [&from, rest].concat()
}

/// What modules hand on of those below them, by the path that others use.
fn handed_on(texts: &BTreeMap<ModulePath, String>) -> BTreeMap<ModulePath, ModulePath> {
    let mut all = BTreeMap::new();
    for (module, text) in texts {
        let uses = text.split("pub use ").chain(text.split(") use ")).skip(1);
        for path in uses.flat_map(|rest| paths(rest).0) {
            let [child, .., item] = &path[..] else { continue };
            if texts.contains_key(&[&module[..], std::slice::from_ref(child)].concat()) {
                let shown = [&module[..], std::slice::from_ref(item)].concat();
                all.insert(shown, [&module[..], &path[..]].concat());
            }
        }
    }
    all
}

/// Within each folder, which of its modules use which others, by the modules below them too.
fn uses_within_folders() -> BTreeMap<ModulePath, BTreeSet<(String, String)>> {
    let texts = texts();
    let handed_on = handed_on(&texts);
    let mut uses: BTreeMap<ModulePath, BTreeSet<(String, String)>> = BTreeMap::new();
    for (module, text) in &texts {
        for written in paths_from(text, &["crate::", "super::"]) {
            let mut path = absolute(module, &written);
            while let Some(origin) = handed_on.get(&path) {
                path.clone_from(origin);
            }
            while !path.is_empty() && !texts.contains_key(&path) {
                path.pop();
                while let Some(origin) = handed_on.get(&path).filter(|_| !texts.contains_key(&path))
                {
                    path.clone_from(origin);
                }
            }
            let common = module.iter().zip(&path).take_while(|(one, other)| one == other).count();
            if let (Some(user), Some(used)) = (module.get(common), path.get(common)) {
                let folder = uses.entry(module[..common].to_vec()).or_default();
                folder.insert((user.clone(), used.clone()));
            }
        }
    }
    uses
}

/// The modules that use themselves by way of others.
fn in_circles(uses: &BTreeSet<(String, String)>) -> BTreeSet<&String> {
    let mut reached: BTreeSet<(&String, &String)> = uses.iter().map(|(a, b)| (a, b)).collect();
    loop {
        let further: Vec<_> = reached
            .iter()
            .flat_map(|(a, b)| uses.iter().filter(move |(c, _)| c == *b).map(move |(_, d)| (*a, d)))
            .filter(|pair| !reached.contains(pair))
            .collect();
        if further.is_empty() {
            break;
        }
        reached.extend(further);
    }
    reached.into_iter().filter(|(from, to)| from == to).map(|(from, _)| from).collect()
}

/// Shells and containers start programs, and some of those are shells or start containers.
const INTENDED: &str = "document/start: container, program, shell";

#[test]
fn no_modules_of_a_folder_use_each_other_but_programs_shells_and_containers() {
    let uses = uses_within_folders();
    let count: usize = uses.values().map(BTreeSet::len).sum();
    assert!(count > 500, "only {count} uses were found");
    let circles: Vec<String> = uses
        .iter()
        .filter_map(|(folder, uses)| {
            let names: Vec<&str> = in_circles(uses).into_iter().map(String::as_str).collect();
            (!names.is_empty()).then(|| format!("{}: {}", folder.join("/"), names.join(", ")))
        })
        .collect();
    assert_eq!(circles, [INTENDED]);
}
