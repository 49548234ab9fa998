//! What a rule of the binary demands, its words looked up line by line.
//!
//! Only the predicates are TOML to be read then, a third of the text: every run reads a hundred demands.
//! The files in the binary are written in one form, and a test holds that this look-up finds what reading
//! them finds.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use toml::Spanned;

use super::raw::{RawDemand, RawPredicates};
use crate::result::Severity;
use crate::rule::entry::field;

/// What stands first behind the words.
const PREDICATES: [&str; 3] = ["require", "unless", "parameters"];
/// Where the reasons of a rule begin. A rule in the binary says first what it demands, so that a check
/// need not read further.
const REASONS: [&str; 1] = ["rationale = "];

/// The demand in the text of one rule. `None` if something in it is not where it is looked for, or is
/// written in another way.
pub(super) fn demand(text: &str) -> Option<RawDemand> {
    let (words, rest) = text.split_at(line_of(text, &PREDICATES)?);
    let predicates = rest.split_at(line_of(rest, &REASONS)?).0;
    let word = |name: &str| field(words, name).filter(|word| !word.contains(['\\', '"']));
    let somewhere = |word: &str| Spanned::new(0..text.len(), word.to_owned());
    let severity: StrDeserializer<'_, Error> = word("severity")?.into_deserializer();
    Some(RawDemand {
        id: somewhere(word("id")?),
        component: somewhere(word("component")?),
        title: word("title")?.to_owned(),
        severity: Severity::deserialize(severity).ok()?,
        remediation: match line_of(words, &["remediation = \"\"\"\n"]) {
            Some(at) => joined(words[at..].split_once('\n')?.1.strip_suffix("\"\"\"\n")?)?,
            None => word("remediation")?.to_owned(),
        },
        predicates: toml::from_str::<RawPredicates>(predicates).ok()?,
    })
}

/// Where the first line begins that begins with one of these.
fn line_of(text: &str, beginnings: &[&str]) -> Option<usize> {
    let mut at = 0;
    loop {
        let line = text.get(at..)?;
        if beginnings.iter().any(|beginning| line.starts_with(beginning)) {
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
