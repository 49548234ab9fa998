//! Mistakes in a file of rules or waivers, each shown at the words it is about.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// A mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file's name or path.
    pub path: String,
    /// The file's text, which all its mistakes share.
    pub text: Arc<str>,
    /// The bytes it is about.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
}

/// The longest excerpt that is shown, in bytes. Longer lines are not read by people, and each mistake
/// on one would go through all of it.
const LONGEST_EXCERPT: usize = 16 << 10;

impl std::error::Error for Problem {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f, &mut LineNumber::default())
    }
}

/// The number of a line, counted on from the one asked for before: a hundred mistakes in one text do not
/// go through all of it each.
#[derive(Default)]
struct LineNumber {
    text: Option<Arc<str>>,
    /// How many lines end before this byte.
    at: usize,
    ended: usize,
}

impl LineNumber {
    /// The number of the line that has the byte `at`.
    fn of(&mut self, text: &Arc<str>, at: usize) -> usize {
        let same = self.text.as_ref().is_some_and(|known| Arc::ptr_eq(known, text));
        if !same || at < self.at {
            *self = Self { text: Some(text.clone()), at: 0, ended: 0 };
        }
        let between = text.get(self.at..at).unwrap_or_default();
        self.ended += between.bytes().filter(|byte| *byte == b'\n').count();
        self.at = at;
        self.ended + 1
    }
}

impl Problem {
    fn show(&self, f: &mut fmt::Formatter<'_>, number: &mut LineNumber) -> fmt::Result {
        let span = self.span_within();
        let lines = self.lines_of(&span);
        let first = number.of(&self.text, lines.start);
        if lines.len() > LONGEST_EXCERPT {
            let column = self.text.get(lines.start..span.start).unwrap_or_default();
            let (path, column) = (&self.path, column.chars().count() + 1);
            return write!(f, "error: {}\n --> {path}:{first}:{column}", self.message);
        }
        let snippet = Snippet::source(self.text.get(lines.clone()).unwrap_or_default())
            .path(&self.path)
            .line_start(first)
            .annotation(
                AnnotationKind::Primary.span(span.start - lines.start..span.end - lines.start),
            );
        let report = [Level::ERROR.primary_title(&self.message).element(snippet)];
        f.write_str(&Renderer::plain().render(&report))
    }

    /// The span, moved to where the text has characters: the renderer takes no other.
    fn span_within(&self) -> Range<usize> {
        let floor = |mut at: usize| {
            at = at.min(self.text.len());
            while !self.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor(self.span.start);
        start..floor(self.span.end).max(start)
    }

    /// The lines that a span touches.
    fn lines_of(&self, span: &Range<usize>) -> Range<usize> {
        let before = self.text.get(..span.start).unwrap_or_default();
        let behind = self.text.get(span.end..).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        start..behind.find('\n').map_or(self.text.len(), |at| span.end + at + 1)
    }
}

/// The mistakes of some files: the first hundred, and how many more there are.
#[derive(Debug, Default)]
pub struct Problems {
    first: Vec<Problem>,
    more: usize,
}

/// The most mistakes that are shown.
const MOST_SHOWN: usize = 100;

impl Problems {
    /// Adds a mistake.
    pub(crate) fn push(&mut self, problem: Problem) {
        if self.first.len() < MOST_SHOWN {
            self.first.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// Adds the mistakes of another file.
    pub(crate) fn append(&mut self, others: Self) {
        self.more += others.more;
        for problem in others.first {
            self.push(problem);
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// Those that are shown.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.first.iter()
    }

    /// The value, if there is no mistake.
    pub(crate) fn none_in<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self { first: vec![problem], more: 0 }
    }
}

impl std::error::Error for Problems {}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut number = LineNumber::default();
        for (index, problem) in self.first.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "\n" })?;
            problem.show(f, &mut number)?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {} more", with_commas(more)),
        }
    }
}

/// A number with a comma before every three digits.
fn with_commas(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Problem, Problems};

    fn problem(text: &str, start: usize) -> Problem {
        let (path, message) = ("f.toml".to_owned(), "wrong".to_owned());
        Problem { path, text: text.into(), span: start..start + 1, message }
    }

    #[test]
    fn a_mistake_is_shown_in_its_line_and_on_a_long_line_by_its_place_alone() {
        let shown = problem("a\nbé c\nd", 6).to_string();
        assert_eq!(shown, "error: wrong\n --> f.toml:2:4\n  |\n2 | bé c\n  |    ^");
        let long = "é".repeat(20_000) + "b";
        let shown = problem(&format!("a\n{long}\nc"), 2 + 40_000).to_string();
        assert_eq!(shown, "error: wrong\n --> f.toml:2:20001");
        // A span beyond the text, or within a character.
        for start in [0, 1, 2, 50] {
            assert!(problem("é", start).to_string().contains("f.toml:1:"), "{start}");
        }
    }

    #[test]
    fn past_a_hundred_mistakes_are_counted() {
        let mut some = Problems::default();
        let mut others = Problems::default();
        for _ in 0..150 {
            some.push(problem("a", 0));
        }
        for _ in 0..3_950 {
            others.push(problem("b", 0));
        }
        some.append(others);
        let shown = some.to_string();
        assert_eq!(shown.matches("error: wrong").count(), 100);
        assert!(shown.ends_with("\nand 4,000 more"), "{shown}");
    }
}
