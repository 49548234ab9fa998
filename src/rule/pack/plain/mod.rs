//! The part of TOML that the rules of the binary are written in, read in one pass and without spans.
//!
//! It serves speed alone: whatever is written in another way is not read here, and the caller turns to
//! the library that reads all of TOML.

mod deserializer;

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;

/// It is written in another way, or is not what was expected.
#[derive(Debug, thiserror::Error)]
#[error("not in the plain part of TOML")]
pub(super) struct Otherwise;

/// Where everything stands that is read here: no mistake in it is ever shown.
pub(super) const NOWHERE: Range<usize> = 0..0;

/// What is left to read of a text.
pub(super) struct Plain<'t> {
    rest: &'t str,
}

/// How a value begins.
enum Begin<'t> {
    /// A table, and what stands behind its entries. `.key = value` is one of a single entry, behind which
    /// stands nothing.
    Table(Option<&'static str>),
    /// A list, and what stands behind its items.
    List(&'static str),
    Text(Cow<'t, str>),
    Bool(bool),
    Integer(i64),
}

impl<'t> Plain<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text }
    }

    /// The key that comes next. Its value follows: behind a dot, a table of one entry.
    pub(super) fn key(&mut self) -> Result<&'t str, Otherwise> {
        let is_bare = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let length = self.rest.bytes().take_while(|byte| is_bare(byte)).count();
        let key = self.rest.get(..length).filter(|key| !key.is_empty()).ok_or(Otherwise)?;
        self.rest = self.rest.get(length..).unwrap_or_default();
        if self.passes(" = ") || self.is_dotted() { Ok(key) } else { Err(Otherwise) }
    }

    /// The heading of the next table of a list of tables; `None` at the end of the text.
    pub(super) fn heading(&mut self) -> Result<Option<&'t str>, Otherwise> {
        self.pass_blanks();
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (line, rest) = self.rest.split_once('\n').ok_or(Otherwise)?;
        self.rest = rest;
        let name = line.strip_prefix("[[").and_then(|line| line.strip_suffix("]]"));
        name.map(Some).ok_or(Otherwise)
    }

    /// The next key of the table whose heading was read; `None` if there is none.
    pub(super) fn key_of_table(&mut self) -> Result<Option<&'t str>, Otherwise> {
        self.pass_blanks();
        if self.rest.is_empty() || self.rest.starts_with("[[") {
            return Ok(None);
        }
        self.key().map(Some)
    }

    /// Whether the key that was read is followed by another one in the table of its name.
    fn is_dotted(&self) -> bool {
        self.rest.starts_with('.')
    }

    /// The value of the key that was read, and the end of its line.
    pub(super) fn value<T: Deserialize<'t>>(&mut self) -> Result<T, Otherwise> {
        let value = T::deserialize(&mut *self)?;
        if self.passes("\n") { Ok(value) } else { Err(Otherwise) }
    }

    /// The text that is the value of the key that was read, and the end of its line.
    pub(super) fn words(&mut self) -> Result<Cow<'t, str>, Otherwise> {
        let words = self.text()?;
        if self.passes("\n") { Ok(words) } else { Err(Otherwise) }
    }

    /// Whether this comes next; then it is passed.
    fn passes(&mut self, what: &str) -> bool {
        match self.rest.strip_prefix(what) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn pass_blanks(&mut self) {
        self.rest = self.rest.trim_ascii_start();
        while let Some(comment) = self.rest.strip_prefix('#') {
            let end = memchr::memchr(b'\n', comment.as_bytes()).unwrap_or(comment.len());
            self.rest = comment.get(end..).unwrap_or_default().trim_ascii_start();
        }
    }

    fn begin(&mut self) -> Result<Begin<'t>, Otherwise> {
        if self.passes(".") {
            return Ok(Begin::Table(None));
        }
        Ok(match self.rest.as_bytes().first() {
            Some(b'{') if self.passes("{") => Begin::Table(Some("}")),
            Some(b'[') if self.passes("[") => Begin::List("]"),
            Some(b'"') => Begin::Text(self.text()?),
            Some(b't') if self.passes("true") => Begin::Bool(true),
            Some(b'f') if self.passes("false") => Begin::Bool(false),
            _ => {
                let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
                let (digits, rest) = self.rest.split_at_checked(length).ok_or(Otherwise)?;
                // What goes on, or begins with 0, is another number, a date, or no number at all.
                let ends = rest.starts_with(['\n', ',', ' ', ']']);
                let plain = ends && (digits == "0" || !digits.starts_with('0'));
                self.rest = rest;
                Begin::Integer(digits.parse().ok().filter(|_| plain).ok_or(Otherwise)?)
            }
        })
    }

    /// A text between quotes that holds no escape.
    fn text(&mut self) -> Result<Cow<'t, str>, Otherwise> {
        if self.passes("\"\"\"") {
            // The line of the quotes does not count.
            self.passes("\n");
            let mut text: Cow<'t, str> = Cow::Borrowed("");
            loop {
                let end = memchr::memchr2(b'"', b'\\', self.rest.as_bytes()).ok_or(Otherwise)?;
                let (part, rest) = self.rest.split_at_checked(end).ok_or(Otherwise)?;
                text += part;
                self.rest = rest;
                if self.passes("\\\n") {
                    // The blanks that the next line begins with do not count.
                    self.rest = self.rest.trim_ascii_start();
                } else if self.passes("\"\"\"") && !self.rest.starts_with('"') {
                    return Ok(text);
                } else {
                    return Err(Otherwise);
                }
            }
        }
        let text = self.rest.strip_prefix('"').ok_or(Otherwise)?;
        let end = memchr::memchr3(b'"', b'\\', b'\n', text.as_bytes()).ok_or(Otherwise)?;
        let (text, rest) = text.split_at_checked(end).ok_or(Otherwise)?;
        self.rest = rest.strip_prefix('"').ok_or(Otherwise)?;
        Ok(Cow::Borrowed(text))
    }
}

#[cfg(test)]
mod tests {
    use super::{Otherwise, Plain};

    fn read(value: &str) -> Result<toml::Value, Otherwise> {
        let line = format!("a{value}\n");
        let mut text = Plain::new(&line);
        let key = text.key()?;
        let value = text.value()?;
        Ok(toml::Value::Table([(key.to_owned(), value)].into_iter().collect()))
    }

    #[test]
    fn what_it_reads_is_what_toml_says() {
        for value in [
            " = true",
            " = 0",
            " = 65535",
            " = \"a b # c\"",
            " = \"\"",
            ".b-c.d_1 = \"e\"",
            " = []",
            " = [ 1, \"b\", [ true ], ]",
            " = [\n  1, # one\n  # two\n  2\n]",
            " = {}",
            " = { b = 1, c = { d = [{ e = false }] } }",
            ".b = { c = 1 }",
            " = \"\"\"one\"\"\"",
            " = \"\"\"\none \\\n  two \\\n\tthree\"\"\"",
            " = \"\"\"\n one\ntwo\\\n\n  three\"\"\"",
        ] {
            let known: toml::Value = toml::from_str(&format!("a{value}")).expect("TOML");
            assert_eq!(read(value).expect(value), known, "{value}");
        }
    }

    #[test]
    fn whatever_else_toml_says_is_not_read() {
        for value in [
            " = 'b'",
            "  = 1",
            "=1",
            " = 1_000",
            " = -1",
            " = 0.5",
            " = 1.5",
            " = 0x1f",
            " = 007",
            " = 1979-05-27",
            " = \"b\\n\"",
            " = \"\"\"b\\u0020c\"\"\"",
            " = \"\"\"b\"\"\"\"",
            " = \"\"\"b \\  \nc\"\"\"",
            " = { b.c = 1, b.d = 2 }",
            " = { \"b\" = 1 }",
            ".\"b\" = 1",
            " = true # comment",
            " = truely",
            " = \"b",
            " = [1",
            " = [1 2]",
            " = {b = 1",
            " = ",
            "",
        ] {
            assert!(read(value).is_err(), "{value:?}");
        }
    }
}
