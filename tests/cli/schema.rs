//! Real output against the JSON Schemas in the repository.

use std::fs;

use jsonschema::Validator;

use crate::program::{fixture, plimsoll, plimsoll_reading, root};

fn validator(name: &str) -> Validator {
    validator_at(&format!("src/report/{name}"))
}

pub(crate) fn validator_at(path: &str) -> Validator {
    let path = root().join(path);
    let schema = serde_json::from_str(&fs::read_to_string(path).expect("read")).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

pub(crate) fn assert_valid(validator: &Validator, document: &serde_json::Value) {
    let errors: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

const LINES: [&[&str]; 6] = [
    &[],
    &["--profiling=false", "--authorization-mode", "Node,RBAC", "--v=2"],
    &["--insecure-port=0", "--nonsense", "--audit-log-maxage=x", "word"],
    &["--feature-gates=AllAlpha=false,kube:AllBeta=true", "--runtime-config=api/all=true"],
    &["--enable-admission-plugins=A,A", "--disable-admission-plugins=A"],
    &["--authorization-config=/f", "--service-account-signing-endpoint=/s", "--audit-log-path=-"],
];

#[test]
fn reports_are_what_their_schemas_say() {
    let report = validator("report.schema.json");
    let flags = validator("flags.schema.json");
    for line in LINES {
        for options in [&["--kubernetes-version", "1.16"][..], &["--kubernetes-version=1.34"], &[]]
        {
            let words = |command| {
                [command, "--format", "json"]
                    .iter()
                    .chain(options)
                    .chain(&["--", "kube-apiserver"])
                    .chain(line)
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
            };
            assert_valid(&report, &plimsoll(words("check")).json());
            assert_valid(&flags, &plimsoll(words("flags")).json());
        }
    }
    let path = fixture("manifests/kubeadm-1.34.yaml").display().to_string();
    for command in ["check", "flags"] {
        let schema = if command == "check" { &report } else { &flags };
        assert_valid(schema, &plimsoll([command, "--format=json", &path]).json());
        assert_valid(schema, &plimsoll_reading([command, "--format=json", "-"], b"a: [").json());
        assert_valid(schema, &plimsoll([command, "--format=json", "/no/such/file"]).json());
    }
}

#[test]
fn reports_of_every_format_and_of_files_are_what_their_schemas_say() {
    let report = validator("report.schema.json");
    let flags = validator("flags.schema.json");
    let documents = fs::read_dir(fixture("documents")).expect("formats");
    for folder in documents.map(|entry| entry.expect("an entry").path()) {
        let path = folder.display().to_string();
        assert_valid(&report, &plimsoll(["check", "--format=json", &path]).json());
        assert_valid(&flags, &plimsoll(["flags", "--format=json", &path]).json());
    }
    let node = fixture("node").display().to_string();
    let words = ["check", "--format=json", "--benchmark=hardening,stig", "--root", &node, &node];
    assert_valid(&report, &plimsoll(words).json());
    assert_valid(&flags, &plimsoll(["flags", "--format=json", "--root", &node, &node]).json());
}

#[test]
fn schemas_list_the_formats_that_there_are() {
    let known = plimsoll::document::Format::ALL.map(plimsoll::document::Format::name);
    for name in ["report.schema.json", "flags.schema.json"] {
        let text = fs::read_to_string(root().join("src/report").join(name)).expect("read");
        let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let source = &schema["$defs"]["source"]["properties"]["format"]["enum"];
        let listed: Vec<&str> =
            source.as_array().expect("a list").iter().filter_map(|it| it.as_str()).collect();
        let sorted = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(sorted(&listed), sorted(&known), "{name}");
    }
}

#[test]
fn a_pass_always_has_evidence() {
    for line in LINES {
        let options = ["check", "--format=json", "--benchmark=cis-1.12,apiserver-2020"];
        let words = options.iter().chain(["--", "kube-apiserver"].iter()).chain(line);
        let report = plimsoll(words).json();
        for result in report["targets"][0]["results"].as_array().expect("results") {
            let evidence = result["evidence"].as_array().expect("evidence");
            assert!(result["status"] != "pass" || !evidence.is_empty(), "{result}");
        }
    }
}

/// The TOML files of a folder, by name.
fn packs(folder: &std::path::Path) -> Vec<(String, String)> {
    let names = fs::read_dir(folder).expect("listed").map(|entry| entry.expect("an entry").path());
    names
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("read")))
        .collect()
}

#[test]
fn packs_are_what_their_schema_says() {
    let schema = validator_at("rules/pack.schema.json");
    let mut seen = 0;
    for folder in [root().join("rules"), root().join("rules/benchmarks"), fixture("packs/valid")] {
        for (name, text) in packs(&folder) {
            let pack: serde_json::Value = toml::from_str(&text).expect(&name);
            assert_valid(&schema, &pack);
            seen += 1;
        }
    }
    assert!(seen >= 30, "{seen}");
}

/// What an editor can see without knowing flags, rules and releases.
#[test]
fn the_schema_of_packs_refuses_mistakes_of_form() {
    let schema = validator_at("rules/pack.schema.json");
    for name in [
        "bad-id",
        "bad-level",
        "empty-question",
        "empty-list",
        "empty-table",
        "file-each",
        "file-folders",
        "file-mode",
        "file-nowhere",
        "file-of-nothing",
        "file-owner",
        "file-relative",
        "missing-field",
        "no-controls",
        "unknown-component",
        "unknown-field",
        "unknown-predicate",
        "unknown-severity",
    ] {
        let path = fixture(&format!("packs/invalid/{name}.toml"));
        let text = fs::read_to_string(path).expect(name);
        let pack: serde_json::Value = toml::from_str(&text).expect(name);
        assert!(!schema.is_valid(&pack), "{name}");
    }
}

/// The reader names what it knows when it meets something else: the schema knows the same.
#[test]
fn the_schema_of_packs_is_in_step_with_the_reader() {
    let schema = plimsoll(["rules", "schema"]).json();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.toml");
    let names = |object: &serde_json::Value| -> Vec<String> {
        object.as_object().expect("an object").keys().cloned().collect()
    };
    let fields = |table: &str| names(&schema["$defs"][table]["properties"]);
    let variants = |list: &serde_json::Value| -> Vec<String> {
        let list = list.as_array().expect("a list").iter();
        let of_one = |one: &serde_json::Value| match one["enum"].as_array() {
            Some(words) => {
                words.iter().filter_map(|word| word.as_str()).map(str::to_owned).collect()
            }
            None => names(&one["properties"]),
        };
        list.flat_map(of_one).collect()
    };
    let predicates = &schema["$defs"]["predicate"]["oneOf"];
    let expectations = &predicates[0]["properties"]["flag"]["additionalProperties"]["oneOf"];
    let section = "[[benchmark]]\n[[benchmark.section]]\n";
    for (what, mut said, text) in [
        ("rule", fields("rule"), "[[rule]]\n".to_owned()),
        ("benchmark", fields("benchmark"), "[[benchmark]]\n".to_owned()),
        ("section", fields("section"), section.to_owned()),
        ("control", fields("control"), format!("{section}[[benchmark.section.control]]\n")),
        ("predicate", variants(predicates), "[[rule]]\nrequire.".to_owned()),
        ("expectation", variants(expectations), "[[rule]]\nrequire.flag.v.".to_owned()),
    ] {
        fs::write(&path, format!("{text}no-such-name = 1\n")).expect("written");
        let outcome = plimsoll(["rules".as_ref(), "check".as_ref(), path.as_os_str()]);
        let line = outcome.stderr.lines().next().unwrap_or_default();
        let (_, list) = line.split_once("expected one of ").expect(line);
        let mut known: Vec<&str> = list.split(", ").map(|name| name.trim_matches('`')).collect();
        known.sort_unstable();
        said.sort_unstable();
        assert_eq!(said, known, "{what}");
    }
}
