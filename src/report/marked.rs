//! Text that Markdown shows as it is.
//!
//! A backslash keeps Markdown from reading a character, but not the forges, which look for names to
//! call (`@name`) and for numbers to link (`#1`) in what Markdown has made of it. A comment behind the
//! sign keeps those apart, and is not shown.

/// The text on one line, safe in a paragraph, a list and a table.
pub(crate) fn marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\n' | '\t' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' | '#' => {
                out.push('\\');
                out.push(c);
                out.push_str("<!-- -->");
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '!' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            // No address becomes a link by itself.
            ':' if rest.as_str().starts_with("//") => out.push_str("\\:"),
            '.' if ends_in_www(&out) => out.push_str("\\."),
            c => out.push(c),
        }
    }
    out
}

fn ends_in_www(text: &str) -> bool {
    let tail = text.len().checked_sub(3).and_then(|at| text.get(at..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case("www"))
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(marked("a|b `c`\n<b>"), "a\\|b \\`c\\` &lt;b&gt;");
        assert_eq!(marked("[x](https://y)"), "\\[x\\](https\\://y)");
        assert_eq!(marked("WWW.x"), "WWW\\.x");
        assert_eq!(marked("--profiling=false"), "--profiling=false");
    }

    #[test]
    fn nobody_is_called_and_nothing_is_referred_to() {
        assert_eq!(marked("@all"), "\\@<!-- -->all");
        assert_eq!(marked("o/r#1"), "o/r\\#<!-- -->1");
    }
}
