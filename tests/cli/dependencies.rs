//! What plimsoll is built from: licences and sources, by the lists of `.deny.toml`.
//!
//! cargo-deny checks the same and more; this is what can be held wherever the tests run.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::limit::output;
use crate::program::root;

/// Every package that a build for Linux uses, plimsoll itself left out.
fn packages() -> Vec<Value> {
    let cargo = std::env::var_os("CARGO").expect("cargo runs the tests");
    let mut command = Command::new(cargo);
    command.args(["metadata", "--locked", "--offline", "--format-version=1"]);
    command.args(["--filter-platform", "x86_64-unknown-linux-gnu"]).current_dir(root());
    let output = output(&mut command).expect("cargo runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let metadata: Value = serde_json::from_slice(&output.stdout).expect(&told);
    let used = metadata["resolve"]["nodes"].as_array().expect("nodes").clone();
    let is_used = |package: &Value| used.iter().any(|node| node["id"] == package["id"]);
    let packages = metadata["packages"].as_array().expect("packages").clone();
    packages.into_iter().filter(|it| is_used(it) && it["name"] != "plimsoll").collect()
}

/// Whether a licence expression can be met with allowed licences only. `AND` binds closer than `OR`,
/// unless brackets say otherwise.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let plain = expression.replace('/', " OR ");
    let known = |licence: &str| {
        let licence = licence.trim_matches(['(', ')', ' ']);
        allowed.iter().any(|known| known == licence)
    };
    if plain.contains('(') {
        return plain.split(" AND ").all(|part| part.split(" OR ").any(known));
    }
    plain.split(" OR ").any(|way| way.split(" AND ").all(known))
}

#[test]
fn licences_and_sources_of_the_dependencies_are_allowed() {
    let text = fs::read_to_string(root().join(".deny.toml")).expect("there");
    let deny: toml::Table = toml::from_str(&text).expect("TOML");
    let allowed = deny["licenses"]["allow"].as_array().expect("a list").iter();
    let allowed: Vec<String> =
        allowed.map(|licence| licence.as_str().expect("a text").to_owned()).collect();
    let packages = packages();
    assert!(packages.len() > 60, "{}", packages.len());
    for package in &packages {
        let (name, licence) = (&package["name"], package["license"].as_str().unwrap_or_default());
        assert!(is_allowed(licence, &allowed), "{name}: {licence:?}");
        let source = package["source"].as_str().unwrap_or_default();
        assert!(source.starts_with("registry+"), "{name} comes from {source:?}");
    }
    for (expression, expected) in [
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("MIT/Apache-2.0", true),
        ("(MIT OR Apache-2.0) AND GPL-3.0-only", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("MIT AND GPL-3.0-only", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }
}

#[test]
fn no_code_of_plimsoll_is_unsafe() {
    let text = fs::read_to_string(root().join("Cargo.toml")).expect("there");
    let manifest: toml::Table = toml::from_str(&text).expect("TOML");
    assert_eq!(manifest["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
}
