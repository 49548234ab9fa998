//! What a rule of the binary demands, looked up line by line.
//!
//! Only predicates of more than one line are TOML to be read then, a small part of the text: every run
//! reads a hundred demands. The files in the binary are written in one form, and a test holds that this
//! look-up finds what reading them finds.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use toml::Spanned;

use super::raw::{RawDemand, RawExpectation, RawPlugin, RawPredicate, RawPredicates};

/// What stands first behind the words.
const PREDICATES: [&str; 3] = ["require", "unless", "parameters"];
/// Where the reasons of a rule begin. A rule in the binary says first what it demands, so that a check
/// need not read further.
const REASONS: &str = "rationale = ";

/// The demand in the text of one rule. `None` if something in it is not where it is looked for, or is
/// written in another way.
pub(super) fn demand(text: &str) -> Option<RawDemand> {
    let mut rest = text.strip_prefix("[[rule]]\n")?;
    let [mut id, mut component, mut title, mut severity] = [None; 4];
    let mut remediation = None;
    while !PREDICATES.iter().any(|name| rest.starts_with(name)) {
        let (line, below) = rest.split_at(memchr::memchr(b'\n', rest.as_bytes())? + 1);
        rest = below;
        let (name, value) = line.strip_suffix('\n')?.split_once(" = ")?;
        match name {
            "id" => id = Some(quoted(value)?),
            "component" => component = Some(quoted(value)?),
            "title" => title = Some(quoted(value)?),
            "severity" => severity = Some(quoted(value)?),
            "remediation" if value == "\"\"\"" => {
                let (lines, below) = rest.split_once("\"\"\"\n")?;
                remediation = Some(joined(lines)?);
                rest = below;
            }
            "remediation" => remediation = Some(quoted(value)?.to_owned()),
            _ => return None,
        }
    }
    let predicates = rest.get(..line_of(rest, REASONS)?)?;
    Some(RawDemand {
        id: somewhere(id?),
        component: somewhere(component?),
        title: title?.to_owned(),
        severity: called(severity?)?,
        remediation: remediation?,
        predicates: match in_one_line(predicates) {
            Some(require) => {
                RawPredicates { require, unless: Vec::new(), parameters: BTreeMap::new() }
            }
            None => toml::from_str(predicates).ok()?,
        },
    })
}

/// The forms that nearly half of the rules have.
fn in_one_line(predicates: &str) -> Option<RawPredicate> {
    let line = predicates.strip_prefix("require.")?.strip_suffix('\n')?;
    let (keys, value) = line.split_once(" = ")?;
    Some(match (keys, quoted(value)) {
        ("person-decides", Some(what)) => RawPredicate::PersonDecides(somewhere(what)),
        ("server", Some(name)) => RawPredicate::Server(called(name)?),
        ("admission.enabled", Some(name)) => {
            RawPredicate::Admission(RawPlugin::Enabled(somewhere(name)))
        }
        (keys, word) => {
            let flag = keys.strip_prefix("flag.")?;
            let (flag, expectation) = match (flag.strip_suffix(".equals"), word) {
                (None, Some(name)) => (flag, called(name)?),
                (Some(flag), None) => {
                    let on = toml::Value::Boolean(value.parse().ok()?);
                    (flag, RawExpectation::Equals(Spanned::new(NOWHERE, on)))
                }
                _ => return None,
            };
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            let flag = Some(flag).filter(|flag| flag.bytes().all(plain))?;
            let flags = BTreeMap::from([(somewhere(flag), expectation)]);
            RawPredicate::Flag(Spanned::new(NOWHERE, flags))
        }
    })
}

/// Nothing that is looked up is shown as a mistake: what is wrong in the binary a test finds.
const NOWHERE: std::ops::Range<usize> = 0..0;

fn somewhere(word: &str) -> Spanned<String> {
    Spanned::new(NOWHERE, word.to_owned())
}

/// What is called so.
fn called<T: for<'de> Deserialize<'de>>(name: &str) -> Option<T> {
    let name: StrDeserializer<'_, Error> = name.into_deserializer();
    T::deserialize(name).ok()
}

/// The text between quotes, if it is written as it is.
fn quoted(value: &str) -> Option<&str> {
    let text = value.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains(['\\', '"', '\n'])).then_some(text)
}

/// Where the first line begins that begins so.
fn line_of(text: &str, beginning: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let line = text.get(at..)?;
        if line.starts_with(beginning) {
            return Some(at);
        }
        at += memchr::memchr(b'\n', line.as_bytes())? + 1;
    }
}

/// A text of several lines, each but the last of which ends with a backslash that joins it to the next.
fn joined(lines: &str) -> Option<String> {
    let mut text = String::with_capacity(lines.len());
    for (at, line) in lines.split('\n').enumerate() {
        if at > 0 && text.pop() != Some('\\') {
            return None;
        }
        // The blanks that the next line begins with do not count.
        text.push_str(if at > 0 { line.trim_start() } else { line });
    }
    (!text.contains(['\\', '\n', '"'])).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{demand, joined};
    use crate::rule::Library;

    const RULE: &str =
        "[[rule]]\nid = \"a\"\ncomponent = \"etcd\"\ntitle = \"T\"\nseverity = \"low\"\n";

    #[test]
    fn lines_are_joined_as_toml_joins_them() {
        for lines in ["one", "one \\\ntwo", "one \\\n  two \\\n\tthree", " one\\\n two"] {
            let read: toml::Table =
                toml::from_str(&format!("a = \"\"\"\n{lines}\"\"\"")).expect("TOML");
            assert_eq!(joined(lines).as_deref(), read["a"].as_str(), "{lines:?}");
        }
        for lines in ["one\ntwo", "one \\u0020 two", "one \\", "\"one\""] {
            assert_eq!(joined(lines), None, "{lines:?}");
        }
    }

    /// What it finds is compared with what reading finds where both are at hand, see `library`.
    #[test]
    fn nearly_all_rules_of_the_binary_are_looked_up() {
        let library = Library::load(&[]).expect("valid packs");
        let by_other_means = library.rules().filter(|entry| demand(entry.source()).is_none());
        let ids: Vec<&str> = by_other_means.map(|entry| &*entry.id).collect();
        assert!(ids.len() < 5, "{ids:?}");
    }

    #[test]
    fn what_is_written_in_another_way_is_not_looked_up() {
        let require = "\nrequire.flag.data-dir = \"non-empty\"\nrationale = \"\"";
        for (words, found) in [
            ("remediation = \"R\"", true),
            ("remediation = \"\"\"\nR \\\nr\"\"\"", true),
            ("remediation = \"\\u0052\"", false),
            ("remediation = 'R'", false),
            ("remediation = \"\"\"R\"\"\"", false),
            ("", false),
        ] {
            assert_eq!(demand(&[RULE, words, require].concat()).is_some(), found, "{words}");
        }
        let words = [RULE, "remediation = \"R\""].concat();
        for require in ["", "\nrequire.flag.data-dir = 1", "\nrequire.x = 1", "\nunless = []"] {
            assert!(
                demand(&[&words, require, "\nrationale = \"\""].concat()).is_none(),
                "{require}"
            );
        }
    }
}
