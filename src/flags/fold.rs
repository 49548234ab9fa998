//! The settings of a command line, applied in order to the variables that they set.

use super::kind::Kind;
use super::value::Value;
use super::variables::{State, Variable};
use super::{Flags, scalar};
use crate::command_line::{Certainty, CommandLine};
use crate::credential::hide;
use crate::diagnostic::Diagnostic;
use crate::spelling::not_ascii;

impl Flags {
    /// Applies every setting in order to the variable it sets.
    pub(super) fn fold(&mut self) {
        let mut problems = Vec::new();
        for (index, setting) in self.settings.iter().enumerate() {
            let Some(spec) = setting.spec else { continue };
            let variable = self.variable_of(spec);
            let kind = spec.kind(self.release);
            let (earlier, mut occurrences) = match self.variables.remove(variable) {
                Some(Variable { state, settings, .. }) => (Some(state), settings),
                None => (None, Vec::new()),
            };
            // Two names of one list know nothing of each other: the first setting by the second
            // name replaces what the first one made.
            let known = occurrences
                .iter()
                .any(|i| self.settings.get(*i).is_some_and(|s| s.name == setting.name));
            occurrences.push(index);
            let hidden = self.hidden.iter().find(|hidden| hidden.argument > setting.argument);
            let state = match (&setting.certainty, hidden, earlier) {
                (_, _, Some(State::Broken(why) | State::Refused(_, why))) => State::Broken(why),
                (Certainty::Refused(why), ..) => State::Broken(why.clone()),
                (Certainty::Unresolved(why), ..) => State::Unresolved(why.clone()),
                (Certainty::Known, Some(hidden), _) => State::Unresolved(hidden.why.clone()),
                (Certainty::Known, None, Some(State::Unresolved(why))) if kind.accumulates() => {
                    State::Unresolved(why)
                }
                (Certainty::Known, None, earlier) => {
                    let before = match earlier {
                        Some(State::Holds(value)) if kind.accumulates() && known => Some(value),
                        _ => None,
                    };
                    match self.set(kind, before, &setting.value) {
                        Ok(value) => State::Holds(value),
                        Err(why) => {
                            let text = hide(&setting.value);
                            let why = format!("{text:?} {why}{}", not_ascii(&text));
                            let message = format!("--{}: {why}", setting.name);
                            let location = Some(setting.location.clone());
                            problems.push(Diagnostic::refusal("bad-value", message, location));
                            State::Broken(why)
                        }
                    }
                }
            };
            self.variables.insert(Variable { spec: variable, state, settings: occurrences });
        }
        self.diagnostics.append(&mut problems);
    }

    /// A variable after one more setting.
    fn set(&self, kind: Kind, before: Option<Value>, text: &str) -> Result<Value, String> {
        if kind.is_integer() && !self.catalog.reads_new_literals(self.release) {
            scalar::refuse_new_literal(text)?;
        }
        kind.set(before, text)
    }

    pub(super) fn report_hidden(&mut self, line: &CommandLine) {
        for hidden in &self.hidden {
            let message = format!("an argument cannot be read: {}", hidden.why);
            let location = line.args.get(hidden.argument).map(|arg| arg.location.clone());
            self.diagnostics.push(Diagnostic::warning("unresolved", message, location));
        }
    }
}
