//! How a refusal is noted: a diagnostic for the command line, and a mark on the flag, so that rules
//! about it are told that the server refuses it.
//!
//! Marks are laid on the variables when all checks have run: a check reads other flags as they were
//! written.

use std::mem;

use super::super::catalog::FlagSpec;
use super::Flags;
use crate::command_line::{CommandLine, Location};
use crate::diagnostic::Diagnostic;

/// Refusals that leave the flag as it is written: something beside it is missing, or it is one item
/// of a list that is refused, which whoever asks for that item is told.
const OF_SOMETHING_ELSE: [&str; 7] = [
    "missing-flag",
    "plugin-configuration",
    "unknown-plugin",
    "plugin-conflict",
    "unknown-gate",
    "locked-gate",
    "gate-dependency",
];

/// A flag whose value the server refuses.
#[derive(Debug)]
pub(in super::super) struct Refused {
    spec: &'static FlagSpec,
    /// What is wrong, as a clause.
    why: String,
}

impl Flags {
    /// Refuses what a flag is set to, with a diagnostic at its last occurrence. The message names the
    /// flag first.
    pub(crate) fn refuse(&mut self, name: &str, code: &'static str, message: String) {
        let location = self.last(name).map(|setting| setting.location.clone());
        self.refuse_at(location, name, code, message);
    }

    /// As [`Self::refuse`], over one item of the list or one name of the map, with a diagnostic at the
    /// occurrence that gave it.
    pub(super) fn refuse_item(
        &mut self,
        (name, item): (&str, &str),
        code: &'static str,
        message: String,
    ) {
        let location = self.giving(name, item).map(|setting| setting.location.clone());
        self.refuse_at(location, name, code, message);
    }

    /// As [`Self::refuse`], with a diagnostic at a place that is known.
    pub(super) fn refuse_at(
        &mut self,
        location: Option<Location>,
        name: &str,
        code: &'static str,
        message: String,
    ) {
        if !OF_SOMETHING_ELSE.contains(&code) {
            let clause = message.strip_prefix("--").and_then(|rest| rest.strip_prefix(name));
            let clause =
                clause.and_then(|rest| rest.strip_prefix(": ").or_else(|| rest.strip_prefix(' ')));
            let why = clause.unwrap_or(&message).to_owned();
            self.mark(name, why);
        }
        self.diagnostics.push(Diagnostic::refusal(code, message, location));
    }

    /// Says that the server refuses the command line over a flag which in itself is right.
    pub(super) fn note_refusal(&mut self, name: &str, code: &'static str, message: String) {
        let location = self.last(name).map(|setting| setting.location.clone());
        self.diagnostics.push(Diagnostic::refusal(code, message, location));
    }

    /// Refuses two flags that exclude each other, with a diagnostic at the second.
    pub(super) fn refuse_both(&mut self, first: &str, second: &str) {
        self.mark(first, format!("excludes --{second}"));
        self.mark(second, format!("excludes --{first}"));
        let message = format!("--{first} and --{second} exclude each other");
        self.note_refusal(second, "exclusive-flags", message);
    }

    /// Adds a refusal for a flag that is missing.
    pub(super) fn require(&mut self, line: &CommandLine, name: &str, message: String) {
        let location = self.last(name).map(|setting| setting.location.clone());
        let location = location.or_else(|| Some(line.program.location.clone()));
        self.diagnostics.push(Diagnostic::refusal("missing-flag", message, location));
    }

    /// Refuses two files of which only one is given.
    pub(super) fn require_pair(&mut self, first: &str, second: &str) {
        for (given, other) in [(first, second), (second, first)] {
            if self.filled(given).is_some() && self.is_empty(other) {
                self.refuse(given, "missing-flag", format!("--{given} needs --{other} beside it"));
            }
        }
    }

    fn mark(&mut self, name: &str, why: String) {
        if let Some(spec) = self.catalog.find(name) {
            self.refused.push(Refused { spec: self.variable_of(spec), why });
        }
    }

    /// Lays the marks on the variables that are set; what is not set has nothing to be refused.
    pub(crate) fn break_refused(&mut self) {
        for Refused { spec, why } in mem::take(&mut self.refused) {
            self.variables.refuse(spec, why);
        }
    }
}
