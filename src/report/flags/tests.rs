//! What is shown of defaults, against the facts in `fixtures/components`.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests read fixtures and count"
)]

use std::collections::BTreeMap;
use std::path::Path;

use super::row::{Flag, JsonValue, rows};
use super::text;
use crate::command_line::CommandLine;
use crate::component::Component;
use crate::flags::Flags;
use crate::flags::catalog::Catalog;

/// A default in the shape it is shown in. `<nil>` stands for no address; etcd's texts write times
/// shorter than Go prints them.
fn normalised(default: &str, shown: &JsonValue, kind: &str) -> JsonValue {
    let inner = default.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(default);
    let items = inner.split(',').filter(|item| !item.is_empty());
    match shown {
        JsonValue::List(_) => JsonValue::List(items.map(str::to_owned).collect()),
        JsonValue::Map(_) => JsonValue::Map(
            items
                .map(|item| item.split_once(['=', '<']).unwrap_or((item, "")))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        ),
        JsonValue::Scalar(_) => JsonValue::Scalar(match (kind, default) {
            ("ip" | "ipNet", "<nil>") => String::new(),
            ("duration", "1m" | "10m") => format!("{default}0s"),
            ("duration", "2h") => "2h0m0s".to_owned(),
            _ => default.to_owned(),
        }),
    }
}

/// The value as text shows it.
fn as_text(value: &JsonValue, between: char) -> String {
    match value {
        JsonValue::Scalar(text) if text.is_empty() => "\"\"".to_owned(),
        JsonValue::Scalar(text) => text.clone(),
        JsonValue::List(items) => format!("[{}]", items.join(",")),
        JsonValue::Map(entries) if entries.is_empty() => "\"\"".to_owned(),
        JsonValue::Map(entries) => {
            let pairs: Vec<String> =
                entries.iter().map(|(n, v)| format!("{n}{between}{v}")).collect();
            pairs.join(",")
        }
    }
}

#[test]
fn every_known_default_survives_reading_and_printing() {
    let mut compared = 0;
    let mut lost = Vec::new();
    for component in Component::ALL {
        for minor in Catalog::of(component).minors() {
            // The documentation of kubelet 1.11 is missing.
            let path = format!("fixtures/components/{component}/{minor}.tsv");
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
            let Ok(facts) = std::fs::read_to_string(&path) else {
                assert_eq!((component, minor.minor), (Component::Kubelet, 11));
                continue;
            };
            let flags = Flags::read(&CommandLine::given(component, []), minor);
            let rows = rows(&flags, true);
            let rows: BTreeMap<&str, &Flag<'_>> =
                rows.iter().map(|row| (row.name.as_str(), row)).collect();
            for fact in facts.lines() {
                let ["flag", name, _, default, ..] = fact.split('\t').collect::<Vec<_>>()[..]
                else {
                    continue;
                };
                let row = rows.get(name).unwrap_or_else(|| panic!("--{name} of {minor}"));
                assert_eq!(row.origin, "default", "--{name} of {component} {minor}");
                if default == "?" {
                    continue;
                }
                let default: String = serde_json::from_str(default).expect("a JSON string");
                let shown = row.value.as_ref();
                let expected = shown.map(|shown| normalised(&default, shown, row.r#type));
                compared += 1;
                if shown != expected.as_ref()
                    || expected
                        .is_none_or(|expected| text::value(row) != as_text(&expected, row.between))
                {
                    lost.push(format!("--{name} of {component} {minor}: {default:?}"));
                }
            }
        }
    }
    println!("{compared} defaults compared");
    assert!(lost.is_empty(), "{lost:#?}");
    assert!(compared > 14_000, "{compared}");
}

#[test]
fn another_name_of_a_flag_is_listed_as_what_it_is() {
    let read = |minor: &str| {
        let line = CommandLine::given(Component::KubeApiserver, ["--port=0".to_owned()]);
        Flags::read(&line, minor.parse().expect("a minor"))
    };
    let flags = read("1.19");
    let rows = rows(&flags, true);
    let row = |name: &str| rows.iter().find(|row| row.name == name).expect("a row");
    let zero = JsonValue::Scalar("0".to_owned());
    for (name, other) in [("port", Some("insecure-port")), ("insecure-port", None)] {
        assert_eq!(row(name).another_name_of, other);
        assert_eq!((row(name).value.as_ref(), row(name).origin), (Some(&zero), "set"));
    }
    assert_eq!(row("address").another_name_of, Some("insecure-bind-address"));
}
