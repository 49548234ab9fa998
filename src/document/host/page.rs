//! A text that is no YAML, and characters that remember where they stand in it.
//!
//! Units, logs and lists of arguments are taken apart by rules of their own: lines are joined, quotes
//! and escapes are removed. A glyph keeps its place through all of it, so that every word does.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use crate::command_line::{Arg, Certainty, Location, Mark, Span};
use crate::document::{Contents, Error};

/// A file's text, for turning offsets into places. A unit and its drop-ins are one page.
pub(in crate::document) struct Page<'t> {
    pub(in crate::document) text: &'t str,
    /// The files that make up the text, each with the offset at which it begins.
    files: Vec<(usize, &'t Arc<str>)>,
    /// The offsets at which lines begin, once a place was asked for: most texts turn out to be YAML.
    starts: OnceCell<Vec<usize>>,
    /// An offset in a line and the characters before it there: what is looked for next mostly lies
    /// behind it, and a line may be megabytes long.
    last: Cell<(usize, usize)>,
}

/// The longest line that is read of a text that is no YAML.
pub(in crate::document) const LINE_LIMIT: usize = 1 << 20;

/// One line of a page, its end left out.
#[derive(Clone, Copy)]
pub(in crate::document) struct Line<'t> {
    /// Where it begins.
    pub(in crate::document) start: usize,
    pub(in crate::document) text: &'t str,
}

/// A character and the stretch of the page that means it.
#[derive(Clone, Copy, Debug)]
pub(in crate::document) struct Glyph {
    pub(in crate::document) c: char,
    pub(in crate::document) start: usize,
    pub(in crate::document) end: usize,
}

impl<'t> Page<'t> {
    pub(in crate::document) fn new(text: &'t str, path: &'t Arc<str>) -> Self {
        Self::of_files(text, vec![(0, path)])
    }

    /// A text that is made of several; the first begins at 0.
    pub(in crate::document) fn of_files(text: &'t str, files: Vec<(usize, &'t Arc<str>)>) -> Self {
        Self { text, files, starts: OnceCell::new(), last: Cell::default() }
    }

    /// What the text, or the first of several, is called.
    pub(in crate::document) fn path(&self) -> &str {
        self.files.first().map_or("", |(_, path)| path)
    }

    fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(ends.map(|at| at + 1)).collect()
        })
    }

    /// The lines; a byte order mark belongs to none.
    pub(in crate::document) fn lines(&self) -> impl Iterator<Item = Line<'t>> + '_ {
        let mut next = Some(0);
        std::iter::from_fn(move || {
            let start = next?;
            let rest = self.text.get(start..)?;
            let length = memchr::memchr(b'\n', rest.as_bytes());
            next = length.map(|length| start + length + 1);
            let line = rest.get(..length.unwrap_or(rest.len()))?;
            let line = line.strip_suffix('\r').unwrap_or(line);
            match line.strip_prefix('\u{feff}').filter(|_| start == 0) {
                Some(bare) => Some(Line { start: line.len() - bare.len(), text: bare }),
                None => Some(Line { start, text: line }),
            }
        })
    }

    /// Where a line begins that is longer than is read of anything but YAML and JSON. Each character
    /// of a line takes a few dozen bytes, and systemd refuses such a line too (`LONG_LINE_MAX`).
    pub(in crate::document) fn long_line(&self) -> Option<usize> {
        if self.text.len() <= LINE_LIMIT {
            return None;
        }
        let starts = self.starts().iter();
        let ends = starts.clone().skip(1).copied().chain([self.text.len()]);
        let mut lines = starts.copied().zip(ends);
        lines.find(|(start, end)| end - start > LINE_LIMIT).map(|(start, _)| start)
    }

    /// The number of the page's line that holds an offset, from 1.
    fn line_of(&self, offset: usize) -> usize {
        self.starts().partition_point(|start| *start <= offset)
    }

    /// The file that an offset lies in, and where it begins.
    fn file_of(&self, offset: usize) -> (usize, Arc<str>) {
        let file = self.files.iter().rfind(|(start, _)| *start <= offset);
        file.map_or_else(|| (0, Arc::from("")), |(start, path)| (*start, (*path).clone()))
    }

    fn mark(&self, offset: usize, file: usize) -> Mark {
        let line = self.line_of(offset);
        let start = self.starts().get(line.saturating_sub(1)).copied().unwrap_or_default();
        let (known, count) = self.last.get();
        let (from, count) =
            if (start..=offset).contains(&known) { (known, count) } else { (start, 0) };
        let between = self.text.get(from..offset).unwrap_or_default();
        let count = count + between.chars().count();
        self.last.set((offset, count));
        let line = line + 1 - self.line_of(file);
        Mark::new(offset - file, line, count + 1)
    }

    /// The stretch between two offsets of one file.
    pub(in crate::document) fn span(&self, start: usize, end: usize) -> Span {
        let (file, _) = self.file_of(start);
        Span { start: self.mark(start, file), end: self.mark(end.max(start), file) }
    }

    /// The place between two offsets of one file.
    pub(in crate::document) fn location(&self, start: usize, end: usize) -> Location {
        Location::Text { path: self.file_of(start).1, span: self.span(start, end) }
    }

    /// A text that stands between two offsets.
    pub(in crate::document) fn arg(&self, text: String, start: usize, end: usize) -> Arg {
        Arg::written(text, self.location(start, end))
    }

    /// Something at a place whose text is not known.
    pub(in crate::document) fn unresolved(
        &self,
        text: String,
        start: usize,
        end: usize,
        why: String,
    ) -> Arg {
        Arg { certainty: Certainty::Unresolved(why), ..self.arg(text, start, end) }
    }

    /// The characters of an argument as they stand in the file.
    pub(in crate::document) fn source(&self, arg: &Arg) -> Option<String> {
        let Location::Text { path, span } = &arg.location else { return None };
        let (file, _) = self.files.iter().find(|(_, known)| *known == path)?;
        self.text.get(file + span.start.offset()..file + span.end.offset()).map(str::to_owned)
    }

    /// What is wrong at an offset.
    pub(in crate::document) fn error(&self, at: usize, message: &str) -> Error {
        let (file, path) = self.file_of(at);
        let message = format!("line {}: {message}", self.mark(at, file).line());
        Error { path, message }
    }

    /// A text that is one of a format without doubt.
    pub(in crate::document) fn certain(
        found: Vec<crate::document::Found>,
        errors: Vec<Error>,
    ) -> Contents {
        let others = usize::from(found.is_empty() && errors.is_empty());
        Contents { found, errors, others, certain: true }
    }
}

impl Line<'_> {
    /// Its characters with their places.
    pub(in crate::document) fn glyphs(&self) -> Vec<Glyph> {
        glyphs(self.text, self.start)
    }
}

/// The characters of a text that stands as it is from an offset on.
pub(in crate::document) fn glyphs(text: &str, start: usize) -> Vec<Glyph> {
    let one = |(at, c): (usize, char)| {
        let start = start + at;
        Glyph { c, start, end: start + c.len_utf8() }
    };
    text.char_indices().map(one).collect()
}

/// Whether glyphs begin with a text.
pub(in crate::document) fn starts_with(glyphs: &[Glyph], prefix: &str) -> bool {
    let mut chars = glyphs.iter().map(|glyph| glyph.c);
    prefix.chars().all(|c| chars.next() == Some(c))
}

/// The text of glyphs.
pub(in crate::document) fn text(glyphs: &[Glyph]) -> String {
    glyphs.iter().map(|glyph| glyph.c).collect()
}

/// Without blanks at both ends.
pub(in crate::document) fn trim(glyphs: &[Glyph]) -> &[Glyph] {
    let blank = |glyph: &Glyph| matches!(glyph.c, ' ' | '\t' | '\r' | '\n');
    let Some(first) = glyphs.iter().position(|glyph| !blank(glyph)) else { return &[] };
    let last = glyphs.iter().rposition(|glyph| !blank(glyph)).unwrap_or(first);
    glyphs.get(first..=last).unwrap_or_default()
}

/// What stands before and behind the first such character.
pub(in crate::document) fn split_once(glyphs: &[Glyph], c: char) -> Option<(&[Glyph], &[Glyph])> {
    let at = glyphs.iter().position(|glyph| glyph.c == c)?;
    Some((glyphs.get(..at)?, glyphs.get(at + 1..)?))
}
