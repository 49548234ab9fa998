//! How a refusal is noted: a diagnostic for the command line, and a mark on the flag, so that rules
//! about it are told that the server refuses it.
//!
//! Marks are laid on the variables when all checks have run: a check reads other flags as they were
//! written.

use std::mem;

use super::super::catalog::FlagSpec;
use super::Flags;
use crate::command_line::{CommandLine, Location};
use crate::diagnostic::{Clause, Code, Diagnostic};

/// A flag whose value the server refuses.
#[derive(Debug)]
pub(in super::super) struct Refused {
    spec: &'static FlagSpec,
    /// What is wrong, as a clause.
    why: String,
}

impl Flags {
    /// Refuses what a flag is set to, with a diagnostic at its last occurrence.
    pub(crate) fn refuse(&mut self, name: &str, code: Code, clause: Clause) {
        let location = self.last(name).map(|setting| setting.location.clone());
        self.refuse_at(location, name, code, clause);
    }

    /// As [`Self::refuse`], over one item of the list or one name of the map, with a diagnostic at the
    /// occurrence that gave it.
    pub(super) fn refuse_item(&mut self, (name, item): (&str, &str), code: Code, clause: Clause) {
        let location = self.giving(name, item).map(|setting| setting.location.clone());
        self.refuse_at(location, name, code, clause);
    }

    /// As [`Self::refuse`], with a diagnostic at a place that is known.
    pub(super) fn refuse_at(
        &mut self,
        location: Option<Location>,
        name: &str,
        code: Code,
        clause: Clause,
    ) {
        if code.breaks_flag() {
            self.mark(name, clause.text().into_owned());
        }
        self.diagnostics.push(Diagnostic::new(code, clause, location).about(name.to_owned()));
    }

    /// Refuses what a flag is set to because of the file that it names, with a diagnostic about the file.
    pub(crate) fn refuse_for(&mut self, name: &str, about_file: Diagnostic) {
        self.mark(name, about_file.clause.text().into_owned());
        self.diagnostics.push(about_file);
    }

    /// Says that the server refuses the command line over a flag which in itself is right.
    pub(super) fn note_refusal(&mut self, name: &str, code: Code, clause: Clause) {
        let location = self.last(name).map(|setting| setting.location.clone());
        self.diagnostics.push(Diagnostic::new(code, clause, location).about(name.to_owned()));
    }

    /// Refuses two flags that exclude each other, with a diagnostic at the second.
    pub(super) fn refuse_both(&mut self, first: &str, second: &str) {
        self.mark(first, format!("excludes --{second}"));
        self.mark(second, format!("excludes --{first}"));
        let clause = Clause::sentence(format!("--{first} and --{second} exclude each other"));
        self.note_refusal(second, Code::ExclusiveFlags, clause);
    }

    /// Adds a refusal for a flag that is missing.
    pub(super) fn require(&mut self, line: &CommandLine, name: &str, clause: Clause) {
        let location = self.last(name).map(|setting| setting.location.clone());
        let location = location.or_else(|| Some(line.program.location.clone()));
        let missing = Diagnostic::new(Code::MissingFlag, clause, location);
        self.diagnostics.push(missing.about(name.to_owned()));
    }

    /// Refuses two files of which only one is given.
    pub(super) fn require_pair(&mut self, first: &str, second: &str) {
        for (given, other) in [(first, second), (second, first)] {
            if self.filled(given).is_some() && self.is_empty(other) {
                self.refuse(
                    given,
                    Code::MissingFlag,
                    Clause::of_flag(format!("needs --{other} beside it")),
                );
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
