//! The places of a script at which something was filled in before the shell reads it.

use super::filled::Filled;
use super::lexer::Lexer;
use super::word::{Word, name_at};

impl Lexer<'_> {
    /// The variable that the kubelet filled in at a text's start, and whether it is one word.
    fn hole(&self, text: &str) -> Option<(usize, bool)> {
        let container = self.scope.container.filter(|_| self.scope.filled != Filled::No)?;
        let (name, _) = text.strip_prefix("$(")?.split_once(')')?;
        let one_word = container.fills_in_unknown(name)?;
        // `$(cat /file)` is the shell's, whatever `envFrom` brings in.
        (name_at(name) == name).then_some((name.len() + "$()".len(), one_word))
    }

    /// Takes what was filled in at this place; false if nothing was.
    pub(super) fn filled_in(&mut self, quoted: bool, word: &mut Word) -> bool {
        if self.scope.filled == Filled::No {
            return false;
        }
        let rest = self.rest();
        let (length, one_word, who) = if let Some((length, one_word)) = self.hole(rest) {
            (length, one_word, "the kubelet")
        } else if rest.starts_with("{{") {
            let length = rest.find("}}").map_or(rest.len(), |end| end + "}}".len());
            (length, false, "a template")
        } else {
            return false;
        };
        let raw = rest.get(..length).unwrap_or_default();
        self.at += length;
        word.text.push_str(raw);
        word.splits |= !quoted && !one_word;
        word.filled_in_by(who, raw);
        true
    }

    /// Whether something may have been filled in at this place or behind it.
    fn may_hold(&self, text: &str) -> bool {
        match self.scope.filled {
            Filled::No => false,
            Filled::Kubelet => {
                text.contains("{{")
                    || text
                        .match_indices('$')
                        .any(|(at, _)| text.get(at..).is_some_and(|rest| self.hole(rest).is_some()))
            }
            Filled::Any => text.contains(['$', '`']) || text.contains("{{"),
        }
    }

    /// Takes note that quotes did not keep out what was filled in before they were read.
    pub(super) fn within_single_quotes(&self, text: &str, word: &mut Word) {
        if self.may_hold(text) {
            word.filled_in_by("what starts the shell", text);
        }
    }

    /// Whether a backslash stands before what was filled in, and so before its first letter only.
    pub(super) fn backslash_before_filled_in(&self) -> bool {
        let behind = self.rest().get(1..).unwrap_or_default();
        match self.scope.filled {
            Filled::No => false,
            Filled::Kubelet => self.hole(behind).is_some(),
            Filled::Any => behind.starts_with('$'),
        }
    }
}
