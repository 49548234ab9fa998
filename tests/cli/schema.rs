//! Real output against the JSON Schemas in the repository.

use std::fs;

use jsonschema::Validator;

use crate::program::{fixture, plimsoll, plimsoll_reading, root};

fn validator(name: &str) -> Validator {
    let path = root().join("src/report").join(name);
    let schema = serde_json::from_str(&fs::read_to_string(path).expect("read")).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

fn assert_valid(validator: &Validator, document: &serde_json::Value) {
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
