//! The credentials of one command line, to be hidden wherever a message quotes a piece of one.

use std::borrow::Cow;

use super::{HIDDEN, hide, hide_value, url};

/// A shorter piece is hidden only where a message quotes: as part of a sentence it may be a word.
const SHORTEST_IN_SENTENCE: usize = 5;

/// Pieces of credentials, the longest first.
///
/// A server splits lists before it looks at their items, so that its refusal may name half of a
/// password. Whoever writes a message need not think of that: the messages of a command line are
/// searched for the pieces.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    pieces: Vec<String>,
}

impl Secrets {
    /// Adds what a value holds. All of it is a credential if the flag says so.
    pub fn add(&mut self, value: &str, is_credential: bool) {
        if is_credential {
            // The scheme of a URL is a word of many messages.
            self.split(value.split_once("://").map_or(value, |(_, rest)| rest));
        } else if memchr::memchr2(b'@', b'?', value.as_bytes()).is_some() {
            if !value.contains("://") && hide_value(value) != value {
                self.split(value.rsplit_once('@').map_or(value, |(before, _)| before));
            }
            for span in url::secrets(value) {
                self.split(value.get(span).unwrap_or_default());
            }
        }
    }

    /// The signs at which servers split lists and pairs, and those that quoting changes.
    fn split(&mut self, secret: &str) {
        let splits = |c: char| c.is_whitespace() || c.is_control() || ",;=:\"'\\".contains(c);
        for piece in secret.split(splits).filter(|piece| !piece.is_empty()) {
            if !self.pieces.iter().any(|known| known == piece) {
                self.pieces.push(piece.to_owned());
            }
        }
        self.pieces.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
    }

    /// A value without any of the pieces.
    pub fn hide_in_value<'t>(&self, value: &'t str) -> Cow<'t, str> {
        if !self.pieces.iter().any(|piece| value.contains(piece.as_str())) {
            return Cow::Borrowed(value);
        }
        let hide = |value: String, piece: &String| without(&value, piece);
        Cow::Owned(self.pieces.iter().fold(value.to_owned(), hide))
    }

    /// A message in which no piece is left between quotes, and no longer one anywhere.
    pub fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.pieces.iter().any(|piece| text.contains(piece.as_str())) {
            return Cow::Borrowed(text);
        }
        // What is between two quotes has an odd number.
        let parts = text.split('"').enumerate().map(|(index, part)| {
            let shortest = if index % 2 == 1 { 1 } else { SHORTEST_IN_SENTENCE };
            let pieces = self.pieces.iter().filter(|piece| piece.len() >= shortest);
            pieces.fold(part.to_owned(), |part, piece| without(&part, piece))
        });
        let text = parts.collect::<Vec<_>>().join("\"");
        Cow::Owned(hide(&text).into_owned())
    }
}

/// A text without a piece, where that is no part of a longer word.
fn without(text: &str, piece: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(piece) {
        let is_part = before.ends_with(char::is_alphanumeric)
            || (before.is_empty() && out.ends_with(char::is_alphanumeric))
            || behind.starts_with(char::is_alphanumeric);
        out.push_str(before);
        out.push_str(if is_part { piece } else { HIDDEN });
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::Secrets;

    fn secrets(value: &str) -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add(value, false);
        secrets
    }

    #[test]
    fn half_a_password_is_not_quoted_either() {
        let split = secrets("https://u:p,S3CR3T@hub:1,https://other?t=K3Y");
        let cases = [
            ("--x: \"https://u:p\" is not host:port", "--x: \"https://***:***\" is not host:port"),
            ("\"S3CR3T@hub:1\" has no scheme", "\"***@hub:1\" has no scheme"),
            ("\"other?t=K3Y\" and S3CR3T", "\"other?t=***\" and ***"),
            ("a unit is up", "a unit is up"),
        ];
        for (text, expected) in cases {
            assert_eq!(split.hide(text), expected);
        }
        let schemeless = secrets("u:p S3CR3T@h");
        assert_eq!(schemeless.hide("\"S3CR3T\""), "\"***\"");
    }

    #[test]
    fn a_command_line_without_credentials_hides_nothing() {
        assert_eq!(secrets("https://h:1,c").hide("\"https://h:1\" a b"), "\"https://h:1\" a b");
    }
}
