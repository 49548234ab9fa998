//! Text in XML.

use std::borrow::Cow;

/// The text as character data, or as an attribute between double quotes. What XML 1.0 cannot hold
/// at all becomes U+FFFD.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let plain = |c: char| !matches!(c, '<' | '>' | '&' | '"' | '\'' | '\n' | '\t') && is_char(c);
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // A reader makes plain spaces of these in an attribute.
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c if is_char(c) => out.push(c),
            _ => out.push('\u{fffd}'),
        }
    }
    Cow::Owned(out)
}

/// `Char` of XML 1.0.
fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_text_ends_neither_its_element_nor_its_attribute() {
        assert_eq!(escaped("]]>\"<a b='&'>"), "]]&gt;&quot;&lt;a b=&apos;&amp;&apos;&gt;");
        assert_eq!(escaped("a\n\tb\u{1}\u{ffff}"), "a&#10;&#9;b\u{fffd}\u{fffd}");
        assert_eq!(escaped("é😀"), "é😀");
    }
}
