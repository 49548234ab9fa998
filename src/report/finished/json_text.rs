//! The invisible characters of a JSON document, escaped within its strings.

use std::borrow::Cow;

use crate::invisible::is_invisible;
use crate::report::printable;

/// The document with every string in it as [`quotable`](crate::report::quotable) would have made it.
///
/// It is done on the document, not on its strings one by one, so that no field of a report can be
/// forgotten.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(next) = next_suspect(text, at) {
        let (length, meant) = character(text.get(next..).unwrap_or_default());
        at = next + length;
        if let Some(c) = meant.filter(|c| *c != '\n' && is_invisible(*c)) {
            out.push_str(text.get(copied..next).unwrap_or_default());
            // What `printable` writes holds backslashes, which JSON doubles.
            out.push_str(&printable(c.encode_utf8(&mut [0; 4])).replace('\\', r"\\"));
            copied = at;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Where the next character is that is not ASCII or is written as an escape. Raw control characters
/// are blanks between values or a mistake that the reader of JSON refuses.
fn next_suspect(text: &str, from: usize) -> Option<usize> {
    let rest = text.as_bytes().get(from..)?;
    rest.iter().position(|byte| *byte == b'\\' || !byte.is_ascii()).map(|at| from + at)
}

/// The length of the first character as it is written, and which one it is.
fn character(text: &str) -> (usize, Option<char>) {
    let Some(escape) = text.strip_prefix('\\') else {
        let c = text.chars().next();
        return (c.map_or(1, char::len_utf8), c);
    };
    match escape.chars().next() {
        Some('u') => unicode(text),
        Some('t') => (2, Some('\t')),
        Some('r') => (2, Some('\r')),
        Some('b') => (2, Some('\u{8}')),
        Some('f') => (2, Some('\u{c}')),
        Some(other) => (1 + other.len_utf8(), None),
        None => (1, None),
    }
}

/// `\u202e`, or two of them where the character is beyond U+FFFF.
fn unicode(text: &str) -> (usize, Option<char>) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let units = [unit(0), unit(6)];
    match char::decode_utf16(units.into_iter().map_while(|unit| unit)).next() {
        Some(Ok(c)) => (6 * c.len_utf16(), Some(c)),
        _ => (2, None),
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_character_is_escaped_however_it_is_written() {
        let cases = [
            ("\"a\u{202e}\"", r#""a\\u{202e}""#),
            (r#""\u202E\t\u0009\b""#, r#""\\u{202e}\\t\\t\\u{8}""#),
            (r#""\udb40\udc41\u001b""#, r#""\\u{e0041}\\u{1b}""#),
            ("\"\u{e0041}é\"", r#""\\u{e0041}é""#),
        ];
        for (text, expected) in cases {
            assert_eq!(escaped(text), expected);
            assert_eq!(escaped(expected), expected, "once is enough");
            serde_json::from_str::<String>(&escaped(text)).expect("JSON");
        }
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            "{\n\t\"a\": \"\\\\u202e \\\" \\n é😀 \\u00e9\"\r\n}",
            r#""\ud83d\ude00""#,
            r#""\ud83d""#,
            r#""\u12"#,
            "\\",
            "",
        ] {
            assert_eq!(escaped(text), text);
        }
    }
}
