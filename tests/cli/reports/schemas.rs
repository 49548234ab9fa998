//! Schemas of others. They are not part of this repository: `.ci/schemas` fetches them.

use std::path::PathBuf;

use jsonschema::Validator;
use serde_json::Value;

/// Where a schema lies, if the environment says where schemas are.
#[allow(clippy::print_stdout, reason = "a test says what it passes over")]
pub(super) fn path(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("PLIMSOLL_SCHEMAS") else {
        println!("passed over: PLIMSOLL_SCHEMAS names no folder with {name}");
        return None;
    };
    Some(PathBuf::from(folder).join(name))
}

/// Asserts that a document is what a JSON Schema says.
pub(super) fn assert_valid(name: &str, document: &Value) {
    let Some(path) = path(name) else { return };
    let text = std::fs::read_to_string(&path).expect(name);
    let schema = serde_json::from_str(&text).expect(name);
    let validator: Validator =
        jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    let errors: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}
