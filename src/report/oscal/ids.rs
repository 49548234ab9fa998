//! Names as OSCAL wants them: UUIDs and tokens.
//!
//! A UUID is made of what it names, version 5, so that two runs over the same servers differ only in
//! what was found.

use uuid::Uuid;

use crate::report::printable;

/// The UUID of what these words name. `kind` keeps an observation from its finding.
pub(super) fn uuid(kind: &str, words: &[&str]) -> String {
    let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:plimsoll:oscal");
    let name = [&[kind], words].concat().join("\0");
    Uuid::new_v5(&space, name.as_bytes()).to_string()
}

/// A token that stands for a control. One cannot begin with a digit, so the benchmark comes first.
pub(super) fn control(benchmark: &str, number: &str) -> String {
    let fit = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let token: String = format!("{benchmark}_{number}").chars().map(fit).collect();
    if token.starts_with(|c: char| c.is_ascii_alphabetic()) { token } else { format!("_{token}") }
}

/// A title: one line that is not empty.
pub(super) fn title(text: &str) -> String {
    let line = printable(text.trim());
    if line.is_empty() { "(no name)".to_owned() } else { line.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::{control, title, uuid};

    #[test]
    fn what_is_named_alike_has_the_same_id_and_nothing_else_has() {
        assert_eq!(uuid("risk", &["a", "b"]), uuid("risk", &["a", "b"]));
        assert_ne!(uuid("risk", &["a", "b"]), uuid("finding", &["a", "b"]));
        assert_ne!(uuid("risk", &["a", "bc"]), uuid("risk", &["ab", "c"]));
        assert_eq!(uuid("risk", &[]).chars().nth(14), Some('5'), "the version");
    }

    #[test]
    fn tokens_and_titles_have_only_what_they_may() {
        assert_eq!(control("cis-1.12", "1.2.1"), "cis-1.12_1.2.1");
        assert_eq!(control("2024 é", "1"), "_2024___1");
        assert_eq!(title("a\nb"), "a\\nb");
        assert_eq!(title(" "), "(no name)");
    }
}
