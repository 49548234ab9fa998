//! Whether a report's lines are those that decide: the flag's own, read in the file.

use std::fs;

use serde_json::Value;

use super::mixed;

/// Asserts that what decided a result of the JSON report stands in this line of a file of the run.
pub(super) fn assert_stands(result: &Value, path: &str, line: u64) {
    let text = fs::read_to_string(mixed().folder().join(path)).expect(path);
    let at = usize::try_from(line).expect("small").checked_sub(1).expect("from 1");
    let read = text.lines().nth(at).unwrap_or_else(|| panic!("{path} has no line {line}"));
    let facts = result["evidence"].as_array().expect("evidence");
    let fact = facts.iter().find(|fact| fact["location"].is_object()).expect("a place");
    let word = match (fact["origin"].as_str(), fact["flag"].as_str()) {
        (Some("set"), Some(flag)) => format!("--{flag}"),
        // All arguments together, or one that is no flag.
        (Some("set"), None) if !read.contains("kube-apiserver") => "--".to_owned(),
        _ => "kube-apiserver".to_owned(),
    };
    assert!(read.contains(&word), "{path}:{line} is {read:?}, without {word}: {result}");
}

/// The results of the JSON report that stand in a file, each with its target and that file.
pub(super) fn in_files() -> Vec<(Value, Value, String, u64)> {
    let results = mixed().results().into_iter().filter_map(|(target, result)| {
        let facts = result["evidence"].as_array()?;
        let place = facts.iter().map(|fact| &fact["location"]).find(|place| place.is_object())?;
        let (path, line) = (place["path"].as_str()?.to_owned(), place["line"].as_u64()?);
        Some((target, result, path, line))
    });
    results.collect()
}

#[test]
fn json_points_at_the_flags_own_line() {
    let all = in_files();
    assert!(all.len() > 100, "{}", all.len());
    for (_, result, path, line) in all {
        assert_stands(&result, &path, line);
    }
}
