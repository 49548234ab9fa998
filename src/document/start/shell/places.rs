//! Where a script's words stand in the text that carries it.

use super::word::Word;
use crate::command_line::{Arg, Certainty, Location, Mark, Span};

/// How many words that stand otherwise in the source are looked for there, each in all that is left of it.
const MOST_SOUGHT: usize = 100;

/// Finds the script's words in the text that carries the script.
///
/// YAML's folding and indentation change only blanks, and words have none, so each word stands in
/// the source as it does in the script; where escapes changed it, the script's own place is given.
pub(super) struct Places<'s> {
    script: &'s Arg,
    source: Option<&'s str>,
    cursor: usize,
    /// How many words were looked for in vain; after [`MOST_SOUGHT`] none is.
    missed: usize,
    /// The last offset that was turned into a place, with its line and column.
    last: Option<(usize, usize, usize)>,
}

impl<'s> Places<'s> {
    pub(super) fn new(script: &'s Arg, source: Option<&'s str>) -> Self {
        Self { script, source, cursor: 0, missed: 0, last: None }
    }

    /// The arguments that words become. One that may become several is followed by one that stands
    /// for the others, unless it stands for itself alone and so for any number already.
    pub(super) fn args(&mut self, words: Vec<Word>) -> Vec<Arg> {
        let mut args: Vec<Arg> = Vec::with_capacity(words.len());
        for word in words {
            let value = args
                .last()
                .is_some_and(|flag: &Arg| flag.text.starts_with('-') && !flag.text.contains('='));
            let splits = word.splits && (value || word.text.starts_with('-'));
            let arg = self.place(word);
            let more = splits.then(|| Arg { text: String::new(), ..arg.clone() });
            args.extend([Some(arg), more].into_iter().flatten());
        }
        args
    }

    /// Goes on behind words that are no arguments.
    pub(super) fn pass(&mut self, words: Vec<Word>) {
        for word in words {
            self.place(word);
        }
    }

    fn place(&mut self, word: Word) -> Arg {
        for passed in word.passed.iter().filter(|passed| !passed.trim().is_empty()) {
            self.seek(passed.trim());
        }
        let location = self.find(&word.raw).unwrap_or_else(|| self.script.location.clone());
        let certainty = match word.unknown {
            None => Certainty::Known,
            Some(why) => Certainty::Unresolved(why),
        };
        Arg { text: word.text, location, certainty, added_by: None }
    }

    /// The offsets of the next such text.
    fn seek(&mut self, raw: &str) -> Option<(usize, usize)> {
        if self.missed >= MOST_SOUGHT {
            return None;
        }
        let Some(start) = self.source?.get(self.cursor..).and_then(|rest| rest.find(raw)) else {
            self.missed += 1;
            return None;
        };
        let start = self.cursor + start;
        self.cursor = start + raw.len();
        Some((start, self.cursor))
    }

    fn find(&mut self, raw: &str) -> Option<Location> {
        let Location::Text { path, span } = &self.script.location else {
            return None;
        };
        let source = self.source?;
        let (start, end) = self.seek(raw)?;
        let mut mark = |offset: usize| -> Option<Mark> {
            let (from, line, column) =
                self.last.unwrap_or((0, span.start.line(), span.start.column()));
            let between = source.get(from..offset)?;
            let lines = between.matches('\n').count();
            let column = match between.rsplit_once('\n') {
                Some((_, tail)) => tail.chars().count() + 1,
                None => column + between.chars().count(),
            };
            self.last = Some((offset, line + lines, column));
            Some(Mark::new(span.start.offset() + offset, line + lines, column))
        };
        let span = Span { start: mark(start)?, end: mark(end)? };
        Some(Location::Text { path: path.clone(), span })
    }
}
