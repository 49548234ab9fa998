//! The flag model against the facts: every flag of every release, and what the real server made of
//! real command lines. `fixtures/components` holds the facts in tab-separated lines, `?` where the
//! source does not tell; `#` begins a remark on what a source has wrong. From 1.20 on, where code was
//! run, the admission plugins stand in the server's order.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests read fixtures and count"
)]

mod etcd;
mod givers;
mod kubelet;
mod managers;
mod random;
mod servers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::catalog::feature_gates::GateStanding;
use super::catalog::{Catalog, Release, Standing, admission_plugins, feature_gates, tls};
use super::own_file::Overlay;
use super::value::Value;
use super::{Effective, Flags, authorization};
use crate::command_line::CommandLine;
use crate::component::Component;
use crate::version::Minor;

fn fixture(path: &str) -> String {
    let full = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path);
    std::fs::read_to_string(&full).unwrap_or_else(|error| panic!("{}: {error}", full.display()))
}

/// A command line of kube-apiserver.
fn line(args: &[&str]) -> CommandLine {
    CommandLine::given(Component::KubeApiserver, args.iter().map(ToString::to_string))
}

/// The texts of a JSON array.
fn texts(array: &serde_json::Value) -> Vec<&str> {
    let items = array.as_array().expect("an array").iter();
    items.map(|item| item.as_str().expect("text")).collect()
}

fn read(minor: u16, args: &[&str]) -> Flags {
    Flags::read(&line(args), Minor::kubernetes(minor))
}

/// The value as the fact files print it: the multimap of 1.31 has no brackets.
fn printed(flags: &Flags, name: &str) -> String {
    match flags.effective(name) {
        Effective::Set { value, .. } if name == "feature-gates" => {
            value.to_string().trim_matches(['[', ']']).to_owned()
        }
        Effective::Set { value, .. } => value.to_string(),
        other => panic!("--{name} is {other:?}"),
    }
}

#[test]
fn every_fact_of_every_release_is_in_the_catalog_and_nothing_else() {
    let mut all = 0;
    for component in Component::ALL {
        let catalog = Catalog::of(component);
        let mut compared = 0;
        for minor in catalog.minors() {
            let path = format!("components/{component}/{minor}.tsv");
            if !is_missing(component, minor) {
                compared += compare(catalog, minor, &fixture(&path));
            }
        }
        compare_groups(catalog);
        println!("{component}: {compared} facts compared");
        all += compared;
    }
    assert!(all > 40_000, "{all}");
}

#[test]
fn the_readme_names_the_releases_that_the_tables_cover() {
    let readme =
        std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md"));
    let readme = readme.expect("README.md");
    let [kubernetes, etcd] = [Component::KubeApiserver, Component::Etcd].map(Catalog::of);
    let (oldest, newest) = (kubernetes.oldest(), kubernetes.newest());
    for text in [
        format!("from {oldest} to {newest}"),
        format!(
            "Kubernetes {oldest} to {newest}, and etcd {} and 3.0 to {}",
            etcd.oldest(),
            etcd.newest()
        ),
        format!("else {newest} is assumed"),
    ] {
        assert!(readme.contains(&text), "README.md does not say {text:?}");
    }
}

/// The lines of a fixture but for the remarks on what its source has wrong.
fn facts(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// Compares the facts of one release with the tables, and returns how many there were.
fn compare(catalog: &Catalog, minor: Minor, text: &str) -> usize {
    let release = catalog.release(minor).expect("a release of the catalog");
    let (mut flags, mut unsure) = (BTreeSet::new(), BTreeSet::new());
    let mut plugins = Vec::new();
    let mut gates = BTreeSet::new();
    for fact in facts(text) {
        match fact.split('\t').collect::<Vec<_>>()[..] {
            ["source", word] => {
                assert_eq!(catalog.is_unread(release), word == "neighbours", "{minor}");
            }
            ["flag", name, kind, default, mark, letter, _] => {
                flags.insert(name);
                compare_flag(catalog, release, name, [kind, default, mark, letter]);
            }
            ["uncertain", name] => {
                assert!(
                    matches!(catalog.standing(name, release), Standing::Uncertain(_)),
                    "{name}"
                );
                unsure.insert(name);
            }
            ["ignored", name] => {
                flags.insert(name);
                let spec = catalog.find(name).expect(name);
                assert_eq!(spec.kind(release).go_name(), "ignored", "{name} in {minor}");
            }
            ["plugin", name, default] => {
                plugins.push(name);
                let spec = admission_plugins::find(name).expect(name);
                let known = format!("{:?}", spec.default(release)).to_lowercase();
                assert!(spec.lives(release), "{name} in {minor}");
                let unsure = default == "?" || known == "unsure";
                assert!(unsure || known == default, "{name} in {minor}: {known}");
            }
            ["mode", name] => assert!(authorization::known_modes(release).contains(&name)),
            ["cipher", name, safety] => {
                let suite = tls::suites(release).find(|s| s.name == name).expect(name);
                let insecure = suite.is_insecure(release);
                assert_eq!(insecure, safety == "insecure", "{name} in {minor}");
            }
            ["tls", name] => assert!(tls::versions(release).contains(&name)),
            ["gate", name, stage, default, locked] => {
                gates.insert(name);
                compare_gate(release, name, [stage, default, locked]);
            }
            _ => panic!("{fact}"),
        }
    }
    facts(text).count() + nothing_else(catalog, release, [&flags, &unsure], &plugins, &gates)
}

fn compare_flag(catalog: &Catalog, release: Release, name: &str, fact: [&str; 4]) {
    let [kind, default, mark, letter] = fact;
    let spec = catalog.find(name).unwrap_or_else(|| panic!("no --{name}"));
    let at = format!("--{name} of {} {release}", catalog.component);
    assert!(spec.life.covers(release), "{at}");
    let known = spec.kind(release).go_name();
    let same = match kind {
        "?" => true,
        // etcd's own kinds, and two names of one kind.
        "var" => ["string", "urls"].contains(&known),
        "string" => [kind, "urls"].contains(&known),
        "[]api.Taint" => known == "[]v1.Taint",
        _ => kind == known,
    };
    assert!(same, "{at}: {known} is not {kind}");
    if default != "?" && catalog.shared(spec, release).is_none() {
        let known = spec.default(release).map(|text| serde_json::json!(text).to_string());
        assert_eq!(known.as_deref(), Some(default), "{at}");
    }
    assert_eq!(spec.is_deprecated(release), mark == "deprecated", "{at}");
    let known = spec.letter.map_or("-".to_owned(), String::from);
    assert!(letter == known || letter == "-", "{at}");
}

/// Compares the group of every flag with the last one that a release gives it.
fn compare_groups(catalog: &Catalog) {
    let mut groups: BTreeMap<String, String> = BTreeMap::new();
    for minor in catalog.minors().filter(|minor| !is_missing(catalog.component, *minor)) {
        for fact in facts(&fixture(&format!("components/{}/{minor}.tsv", catalog.component))) {
            if let ["flag", name, _, _, _, _, group] = fact.split('\t').collect::<Vec<_>>()[..]
                && group != "-"
            {
                groups.insert(name.to_owned(), group.to_owned());
            }
        }
    }
    for spec in catalog.flags {
        let listed = groups.get(spec.name).map(String::as_str);
        // The facts give its group as `flag`, and the kubelet's configuration has the field.
        let own = (catalog.component, spec.name) == (Component::Kubelet, "seccomp-default");
        assert_eq!(spec.group, if own { Some("config") } else { listed }, "{}", spec.name);
    }
}

/// Whether the documentation of a release is missing.
fn is_missing(component: Component, minor: Minor) -> bool {
    (component, minor.minor) == (Component::Kubelet, 11)
}

fn compare_gate(release: Release, name: &str, fact: [&str; 3]) {
    let [stage, default, locked] = fact;
    let GateStanding::Known(known, state) = feature_gates::standing(name, release) else {
        panic!("no gate {name} in {release}");
    };
    let known = match known {
        feature_gates::Stage::Stable => "GA".to_owned(),
        other => format!("{other:?}").to_uppercase(),
    };
    assert_eq!((known.as_str(), state.on), (stage, default == "on"), "{name}");
    assert!(locked == "?" || state.locked == (locked == "locked"), "{name}");
}

/// Checks that a release has nothing that its facts do not name, but for what is inferred.
fn nothing_else(
    catalog: &Catalog,
    release: Release,
    [flags, unsure]: [&BTreeSet<&str>; 2],
    plugins: &[&str],
    gates: &BTreeSet<&str>,
) -> usize {
    for spec in catalog.flags.iter().filter(|spec| spec.life.covers(release)) {
        let uncertain = matches!(catalog.standing(spec.name, release), Standing::Uncertain(_));
        let read = !spec.is_inferred(release) && !uncertain;
        // A source may list a flag and say that it is not sure of it.
        let listed = flags.contains(spec.name) && !unsure.contains(spec.name);
        assert_eq!(read, listed, "--{} in {release}", spec.name);
    }
    if !plugins.is_empty() {
        let ordered: Vec<&str> =
            admission_plugins::in_order(release).map(|spec| spec.name).collect();
        if release >= Release::kubernetes(20) {
            assert_eq!(ordered, plugins, "{release}");
        }
        // What the order leaves out would never be shown as running.
        let left_out = |name: &&&str| !ordered.contains(*name);
        assert_eq!(
            plugins.iter().find(left_out).filter(|_| release >= Release::kubernetes(10)),
            None,
            "{release}"
        );
        for spec in admission_plugins::all().iter().filter(|spec| spec.life.covers(release)) {
            assert!(plugins.contains(&spec.name), "{} in {release}", spec.name);
        }
    }
    // Help texts up to 1.21 leave stable gates out, so only later lists are complete.
    if !gates.is_empty() && release >= Release::kubernetes(23) {
        for gate in feature_gates::all().iter().filter(|gate| gate.life.covers(release)) {
            assert!(gates.contains(gate.name), "{} in {release}", gate.name);
        }
    }
    flags.len() + plugins.len() + gates.len()
}

#[test]
fn command_lines_parse_as_the_real_server_parsed_them() {
    let mut lines = 0;
    for fact in fixture("argv/parse-1.36.jsonl").lines() {
        let fact: serde_json::Value = serde_json::from_str(fact).expect("JSON");
        let args = texts(&fact["args"]);
        lines += 1;
        let minor = Minor::kubernetes(36);
        let flags = Flags::as_written(&line(&args), minor, |_| Overlay::Elsewhere);
        let about_parsing = [
            "unknown-flag",
            "removed-flag",
            "later-flag",
            "bad-value",
            "stray-word",
            "bad-syntax",
            "missing-value",
            "unknown-gate",
            "locked-gate",
            "gate-dependency",
        ];
        let judged = read(36, &args);
        let refused: Vec<_> = judged
            .diagnostics
            .iter()
            .filter(|d| d.refuses() && about_parsing.contains(&d.code.name()))
            .collect();
        if fact["ok"] == true {
            for (name, value) in fact["set"].as_object().expect("set") {
                assert_eq!(printed(&flags, name), value.as_str().expect("text"), "{args:?}");
            }
            let set: BTreeSet<&str> = flags.settings.iter().map(|s| &*s.name).collect();
            assert_eq!(set.len(), fact["set"].as_object().map_or(0, serde_json::Map::len));
        } else {
            assert!(!refused.is_empty(), "{args:?}");
        }
        for (name, items) in fact["lists"].as_object().into_iter().flatten() {
            let Some(Value::List(known)) = flags.value(name) else { panic!("--{name}") };
            assert_eq!(serde_json::json!(known), *items, "{args:?}");
        }
    }
    assert_eq!(lines, 60);
}

#[test]
fn command_lines_are_refused_as_the_real_server_refused_them() {
    let mut differ = Vec::new();
    for fact in fixture("argv/refusals.jsonl").lines() {
        let fact: serde_json::Value = serde_json::from_str(fact).expect("JSON");
        let args = texts(&fact["args"]);
        let minor: Minor = fact["kubernetes"].as_str().expect("text").parse().expect("a minor");
        let flags = Flags::read(&line(&args), minor);
        if flags.starts() != (fact["starts"] == true) {
            differ.push((minor.to_string(), args.last().copied().unwrap_or_default().to_owned()));
        }
    }
    assert_eq!(differ, []);
}
