//! A word of a script, and what it assigns to.

/// A word of a script.
#[derive(Debug, Default)]
pub(super) struct Word {
    /// As it stands in the script.
    pub(super) raw: String,
    /// With quotes and escapes done.
    pub(super) text: String,
    /// Why it is not known, if it is not.
    pub(super) unknown: Option<String>,
    /// What is not known may become several words, or none.
    pub(super) splits: bool,
    /// Comments and here-documents that were passed over before it.
    pub(super) passed: Vec<String>,
}

impl Word {
    /// Takes note of what is not known of it, and who knows.
    pub(super) fn filled_in_by(&mut self, who: &str, what: &str) {
        self.unknown.get_or_insert_with(|| format!("{who} fills in {what}"));
    }
}

/// The variable's name that a text begins with, perhaps an empty one.
pub(super) fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let name = text.get(..end).unwrap_or_default();
    if name.starts_with(|c: char| c.is_ascii_digit()) { "" } else { name }
}

/// The name that a word assigns to: `NAME=value`, `NAME+=value`, `NAME[index]=value`.
pub(super) fn assigned(raw: &str) -> Option<&str> {
    let name = name_at(raw);
    let mut rest = raw.get(name.len()..)?;
    if let Some((_, behind)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        rest = behind;
    }
    let assigns = rest.starts_with('=') || rest.starts_with("+=");
    (assigns && !name.is_empty()).then_some(name)
}
