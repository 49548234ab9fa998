//! The settings of a command line, applied in order to the variables that they set.

use super::catalog::FlagSpec;
use super::catalog::Release;
use super::kind::{Kind, refuse_sockets};
use super::value::Value;
use super::variables::{Givers, Indices, State, Variable, given_by};
use super::{Flags, scalar};
use crate::command_line::{Certainty, CommandLine};
use crate::diagnostic::{Clause, Code, Diagnostic};
use crate::spelling::not_ascii;

/// The first etcd that takes an empty list of URLs.
const EMPTY_URLS_SINCE: Release = Release::etcd(3, 4);
/// The first etcd some of whose patch releases take the path of a socket (etcd#12469).
const SOCKETS_SINCE: Release = Release::etcd(3, 5);

impl Flags {
    /// Applies every setting in order to the variable it sets.
    pub(super) fn fold(&mut self) {
        let mut problems = Vec::new();
        for (index, setting) in self.settings.iter().enumerate() {
            let Some(spec) = setting.spec else { continue };
            let variable = self.variable_of(spec);
            let kind = spec.kind(self.release);
            let (earlier, mut occurrences, mut givers) = match self.variables.remove(variable) {
                Some(Variable { state, settings, givers, .. }) => (Some(state), settings, givers),
                None => (None, Indices::default(), Givers::new()),
            };
            let before_it = occurrences.last().copied();
            problems.extend(self.second_flag(setting.value()).map(|clause| {
                let location = Some(setting.location.clone());
                Diagnostic::new(Code::TwoFlags, clause, location).about(setting.name.clone())
            }));
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
                (Certainty::Known, None, Some(State::Unresolved(why)))
                    if kind.accumulates() || self.keeps(kind, setting.value()) =>
                {
                    State::Unresolved(why)
                }
                (Certainty::Known, None, earlier) => {
                    let adds = kind.accumulates() || self.keeps(kind, setting.value());
                    let before = match earlier {
                        Some(State::Holds(value)) if adds && known => Some(value),
                        _ => None,
                    };
                    if before.is_none() {
                        givers.clear();
                    } else if givers.is_empty() {
                        let one = before.as_ref().zip(before_it);
                        givers = one.map_or_else(Givers::new, |(value, at)| given_by(value, at));
                    }
                    if before.is_some() && !self.keeps(kind, setting.value()) {
                        let own = kind.set(None, setting.value());
                        givers.extend(own.iter().flat_map(|value| given_by(value, index)));
                    }
                    match self.set(spec, before, setting.value()) {
                        Ok(value) => State::Holds(value),
                        Err(why) => {
                            let text = setting.shown_value();
                            let why = format!("{text:?} {why}{}", not_ascii(&text));
                            let location = Some(setting.location.clone());
                            let clause = Clause::of_value(why.clone());
                            let problem = Diagnostic::new(Code::BadValue, clause, location);
                            problems.push(problem.about(setting.name.clone()));
                            State::Broken(why)
                        }
                    }
                }
            };
            let settings = occurrences;
            self.variables.insert(Variable { spec: variable, state, settings, givers });
        }
        self.diagnostics.append(&mut problems);
    }

    /// What there is to say of a value in which another flag stands: nothing splits an argument at its blanks.
    fn second_flag(&self, value: &str) -> Option<Clause> {
        memchr::memchr3(b' ', b'\t', b'\n', value.as_bytes())?;
        let words = value.split_ascii_whitespace().skip(1).filter_map(|it| it.strip_prefix("--"));
        let names = words.filter_map(|word| word.split('=').next());
        let other = names.into_iter().find(|flag| self.catalog.find(flag).is_some())?;
        Some(Clause::of_flag(format!(
            "holds --{other} as well, which the server takes for part of the value: write each as an \
             argument of its own"
        )))
    }

    /// A variable after one more setting.
    fn set(&self, spec: &FlagSpec, before: Option<Value>, text: &str) -> Result<Value, String> {
        let kind = spec.kind(self.release);
        if kind.is_integer() && !self.catalog.reads_new_literals(self.release) {
            scalar::refuse_new_literal(text)?;
        }
        if kind == Kind::UrlList {
            // In 3.3 this one is a text, which names nothing if it is empty.
            let nothing = text.is_empty() && spec.name == "listen-metrics-urls";
            if nothing || self.keeps(kind, text) {
                let default = self.catalog.default(spec, self.release).cloned();
                return Ok(before.or(default).unwrap_or(Value::List(Vec::new())));
            }
            if self.release < SOCKETS_SINCE {
                refuse_sockets(text)?;
            }
        }
        kind.set(before, text)
    }

    /// Whether a setting leaves its list as it is: an empty one of etcd's URLs does.
    ///
    /// Source: etcd `pkg/flags/unique_urls.go`.
    fn keeps(&self, kind: Kind, text: &str) -> bool {
        kind == Kind::UrlList && text.is_empty() && self.release >= EMPTY_URLS_SINCE
    }

    pub(super) fn report_hidden(&mut self, line: &CommandLine) {
        // Then the start as a whole is said not to be understood.
        if line.not_followed.is_some() {
            return;
        }
        for hidden in &self.hidden {
            let message = format!("an argument cannot be read: {}", hidden.why);
            let location = line.args.get(hidden.argument).map(|arg| arg.location.clone());
            self.diagnostics.push(Diagnostic::new(Code::Unresolved, message, location));
        }
    }
}
