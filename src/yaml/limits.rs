//! What one text may hold. A text that goes beyond is an error and nothing is lost but the rest of it.

use super::Error;
use crate::command_line::Mark;

/// How much more of a text is read.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    documents: usize,
    values: usize,
    repeated: usize,
    /// Whether nothing behind this place is read.
    pub(super) reached: bool,
}

impl Limits {
    /// As many documents as a run is meant to check at once. As many values as the largest text that
    /// is read has, unless it is made of little but punctuation: each takes a hundred bytes in memory.
    /// Anchors and aliases repeat a few dozen values in a chart, and a billion in a bomb.
    pub(super) const OF_A_TEXT: Self =
        Self { documents: 10_000, values: 1_000_000, repeated: 100_000, reached: false };

    /// The nesting beyond which a document is refused; the parser's own limit, held for aliases too.
    pub(super) const DEPTH: usize = 255;

    /// The most keys of one mapping and items of one list. Readers look through them, some of them
    /// for each of them; no list of servers is longer.
    pub(super) const ENTRIES: usize = 10_000;

    /// The most documents of one text that may be broken before the rest is not read.
    pub(super) const BROKEN: usize = 100;

    /// Refuses another entry of a mapping or list of so many.
    pub(super) fn entry(length: usize, at: Mark) -> Result<(), Error> {
        if length < Self::ENTRIES {
            return Ok(());
        }
        Err(Error { message: "a mapping or list of more than 10,000 entries".to_owned(), at })
    }

    /// Takes note of a document.
    pub(super) fn document(&mut self, at: Mark) -> Result<(), Error> {
        let left = self.documents.checked_sub(1);
        self.documents = left.ok_or_else(|| self.end("10,000 documents", at))?;
        Ok(())
    }

    /// Takes note of a value.
    pub(super) fn value(&mut self, at: Mark) -> Result<(), Error> {
        let left = self.values.checked_sub(1);
        self.values = left.ok_or_else(|| self.end("1,000,000 values", at))?;
        Ok(())
    }

    /// Takes note of a copy of so many values.
    pub(super) fn repeat(&mut self, size: usize, at: Mark) -> Result<(), Error> {
        let message = "its aliases expand to more than 100,000 values, anchors counted";
        let left = self.repeated.checked_sub(size);
        self.repeated = left.ok_or_else(|| Error { message: message.to_owned(), at })?;
        Ok(())
    }

    /// The end of a text of which too much is broken.
    pub(super) fn broken(at: Mark) -> Error {
        Error { message: "100 documents are broken: what follows is not read".to_owned(), at }
    }

    fn end(&mut self, what: &str, at: Mark) -> Error {
        self.reached = true;
        Error { message: format!("the text holds more than {what}: what follows is not read"), at }
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;
    use crate::yaml::tree::parse_within;
    use crate::yaml::{Document, parse};

    const FEW: Limits = Limits { documents: 3, values: 10, repeated: 100, reached: false };

    fn said(text: &str, limits: Limits) -> Vec<String> {
        let read = parse_within(text, limits).into_iter();
        read.map(|it: Result<Document, _>| it.map_or_else(|e| e.message, |_| String::new()))
            .collect()
    }

    #[test]
    fn the_documents_behind_the_last_that_is_read_are_one_error() {
        for more in ["--- 1\n", "--- {\n"] {
            let text = format!("{}{}", "--- 1\n".repeat(3), more.repeat(5));
            let said = said(&text, FEW);
            assert_eq!(said.len(), 4, "{said:?}");
            assert!(said[3].contains("10,000 documents"), "{said:?}");
        }
        assert_eq!(said(&"--- 1\n".repeat(3), FEW), ["", "", ""]);
    }

    #[test]
    fn the_values_behind_the_last_that_is_read_are_one_error() {
        let text = "a: 1\n---\n[1, 2, 3, 4, 5, 6, 7, 8]\n---\nb: 1\n";
        let said = said(text, FEW);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].is_empty() && said[1].contains("1,000,000 values"), "{said:?}");
    }

    /// Lists of ten aliases each of lists of ten aliases each, and so on.
    fn bomb(last: char) -> String {
        let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
        for (from, to) in ('a'..last).zip('b'..=last) {
            use std::fmt::Write as _;
            let many = vec![format!("*{from}"); 10].join(", ");
            let _ = writeln!(text, "{to}: &{to} [{many}]");
        }
        text
    }

    #[test]
    fn a_mapping_or_list_of_too_many_entries_is_an_error_and_the_next_document_is_read() {
        for [open, entry, close] in [["[", "x, ", "]"], ["{", "k@: x, ", "}"], ["", "k@: x\n", ""]]
        {
            let entries = |count: usize| -> String {
                let all: Vec<String> =
                    (0..count).map(|at| entry.replace('@', &at.to_string())).collect();
                format!("{open}{}{close}\n---\nb: 1\n", all.concat())
            };
            let said = |text: &str| said(text, Limits::OF_A_TEXT);
            assert_eq!(said(&entries(Limits::ENTRIES)), ["", ""]);
            let said = said(&entries(Limits::ENTRIES + 1));
            assert!(said[0].contains("more than 10,000 entries"), "{said:?}");
            assert_eq!(said[1..], [""]);
            // The short way through plain block style knows the limit too.
            let alone = entries(Limits::ENTRIES + 1);
            let alone = alone.split("---").next().expect("a document");
            assert!(parse(alone).remove(0).is_err());
        }
    }

    #[test]
    fn behind_a_hundred_broken_documents_nothing_is_read() {
        let text = format!("a: 1\n{}", "---\n[\n".repeat(5_000));
        let said = said(&text, Limits::OF_A_TEXT);
        assert_eq!(said.len(), 1 + Limits::BROKEN + 1);
        assert!(said[0].is_empty() && said[101].contains("what follows is not read"), "{said:?}");
    }

    #[test]
    fn an_alias_bomb_is_an_error_and_not_a_billion_nodes() {
        let error = parse(&bomb('i')).remove(0).expect_err("too much");
        assert!(error.message.contains("100,000"), "{error}");
    }

    #[test]
    fn many_small_alias_bombs_are_as_good_as_a_large_one() {
        let said =
            said(&vec![bomb('b'); 3].join("---\n"), Limits { values: 1000, repeated: 300, ..FEW });
        assert!(said[..2].iter().any(String::is_empty) && said[2].contains("100,000"), "{said:?}");
    }

    #[test]
    fn anchors_within_anchors_are_copied_no_more_than_aliases_are() {
        let deep = (0..200).map(|at| format!("&a{at} [")).collect::<Vec<_>>().concat();
        let text = format!("{deep}{}{}", "x, ".repeat(1000), "]".repeat(200));
        let error = parse(&text).remove(0).expect_err("too much");
        assert!(error.message.contains("100,000"), "{error}");
    }

    #[test]
    fn an_alias_of_itself_and_a_deep_nest_are_errors() {
        assert!(parse("a: &a [*a]\n").remove(0).is_err());
        let deep = format!("a: {}{}", "[".repeat(5000), "]".repeat(5000));
        assert!(parse(&deep).remove(0).is_err());
    }
}
