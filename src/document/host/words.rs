//! Splitting into words, as the programs that start servers do it.

use super::page::{Glyph, text};

/// Who splits, and so what quotes and backslashes do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// Nobody: `ps` joins arguments with blanks and quotes nothing.
    None,
    /// systemd in a unit: quotes anywhere, C escapes; an escape that it does not know stays as it is.
    /// Source: systemd `src/basic/extract-word.c`.
    Unit,
    /// systemd in a variable that stands alone: a backslash keeps the next character.
    Variable,
    /// Python's `shlex` and Go's: the words of a POSIX shell without its operators.
    Shell,
}

/// A word and the stretch of the page it takes, quotes included.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Word {
    pub(super) fn text(&self) -> String {
        text(&self.glyphs)
    }
}

/// The offset of a quote that is never closed.
pub(super) struct Unclosed(pub(super) usize);

/// The words of a line.
pub(super) fn split(glyphs: &[Glyph], quoting: Quoting) -> Result<Vec<Word>, Unclosed> {
    let mut words = Vec::new();
    let mut rest = glyphs;
    loop {
        let blanks = rest.iter().position(|glyph| !is_blank(glyph.c));
        rest = match blanks {
            Some(first) => rest.get(first..).unwrap_or_default(),
            None => return Ok(words),
        };
        let (word, tail) = word(rest, quoting)?;
        words.push(word);
        rest = tail;
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// The word that the glyphs begin with, and what follows it.
fn word(glyphs: &[Glyph], quoting: Quoting) -> Result<(Word, &[Glyph]), Unclosed> {
    let start = glyphs.first().map_or(0, |glyph| glyph.start);
    let mut word = Word { glyphs: Vec::new(), start, end: start };
    let mut quote: Option<Glyph> = None;
    let mut rest = glyphs;
    while let Some((glyph, tail)) = rest.split_first() {
        if quote.is_none() && is_blank(glyph.c) {
            break;
        }
        rest = tail;
        match (glyph.c, quote) {
            _ if quoting == Quoting::None => word.glyphs.push(*glyph),
            (c, Some(open)) if c == open.c => quote = None,
            ('"' | '\'', None) => quote = Some(*glyph),
            ('\\', _) => {
                rest = escape(glyph, tail, quote, quoting, &mut word.glyphs);
            }
            _ => word.glyphs.push(*glyph),
        }
        let used = glyphs.len() - rest.len();
        word.end = glyphs.get(used.saturating_sub(1)).map_or(word.end, |last| last.end);
    }
    match quote {
        Some(open) if quoting != Quoting::Variable => Err(Unclosed(open.start)),
        _ => Ok((word, rest)),
    }
}

/// Reads what a backslash stands before; gives what follows.
fn escape<'g>(
    backslash: &Glyph,
    tail: &'g [Glyph],
    quote: Option<Glyph>,
    quoting: Quoting,
    out: &mut Vec<Glyph>,
) -> &'g [Glyph] {
    let Some((next, after)) = tail.split_first() else {
        out.push(*backslash);
        return tail;
    };
    let one = |c: char, end: usize| Glyph { c, start: backslash.start, end };
    match (quoting, quote.map(|quote| quote.c)) {
        (Quoting::Unit, _) => {
            if let Some((c, length)) = c_escape(tail)
                && let Some(last) = tail.get(length - 1)
            {
                out.push(one(c, last.end));
                return tail.get(length..).unwrap_or_default();
            }
            out.push(*backslash);
            out.push(*next);
        }
        // Nothing is special between single quotes.
        (Quoting::Shell, Some('\'')) => {
            out.push(*backslash);
            return tail;
        }
        (Quoting::Shell, Some(_)) if !matches!(next.c, '"' | '\\') => {
            out.push(*backslash);
            out.push(*next);
        }
        _ => out.push(one(next.c, next.end)),
    }
    after
}

/// The character that an escape stands for, and how many characters follow the backslash.
fn c_escape(tail: &[Glyph]) -> Option<(char, usize)> {
    let simple = match tail.first()?.c {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        's' => ' ',
        c @ ('\\' | '"' | '\'') => c,
        'x' => return number(tail, 1, 2, 16),
        'u' => return number(tail, 1, 4, 16),
        'U' => return number(tail, 1, 8, 16),
        '0'..='7' => return number(tail, 0, 3, 8),
        _ => return None,
    };
    Some((simple, 1))
}

fn number(tail: &[Glyph], from: usize, digits: usize, radix: u32) -> Option<(char, usize)> {
    let written = text(tail.get(from..from + digits)?);
    let value = u32::from_str_radix(&written, radix).ok().filter(|value| *value != 0)?;
    Some((char::from_u32(value)?, from + digits))
}

#[cfg(test)]
mod tests {
    use super::{Quoting, split};
    use crate::document::host::page::glyphs;

    fn words(text: &str, quoting: Quoting) -> Option<Vec<String>> {
        let words = split(&glyphs(text, 0), quoting).ok()?;
        Some(words.iter().map(super::Word::text).collect())
    }

    #[test]
    fn words_are_split_as_their_reader_does() {
        use Quoting::{None as Nobody, Shell, Unit, Variable};
        let cases: &[(Quoting, &str, &[&str])] = &[
            (Nobody, "a  'b c' \"d", &["a", "'b", "c'", "\"d"]),
            (Unit, "--a='b c' \"--d=e f\" g\"h\"", &["--a=b c", "--d=e f", "gh"]),
            (Unit, "a\\tb \\x41\\u00e9\\101 '\\n'", &["a\tb", "AéA", "\n"]),
            (Unit, "a\\d \\; \\", &["a\\d", "\\;", "\\"]),
            (Unit, "'' \"\"", &["", ""]),
            (Variable, "'a b' c\\d \"e f", &["a b", "cd", "e f"]),
            (Shell, "'a\\b' \"c\\d\\\"\" e\\ f", &["a\\b", "c\\d\"", "e f"]),
        ];
        for (quoting, text, expected) in cases {
            assert_eq!(words(text, *quoting).expect("closed"), *expected, "{text}");
        }
        assert!(words("a 'b", Unit).is_none() && words("\"a", Shell).is_none());
    }

    #[test]
    fn a_word_knows_the_stretch_it_takes() {
        let text = "x  --a='b c' y";
        let words = split(&glyphs(text, 0), Quoting::Unit).ok().expect("closed");
        assert_eq!(&text[words[1].start..words[1].end], "--a='b c'");
    }
}
