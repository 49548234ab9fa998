//! What a component's own configuration file says of its flags, laid over the command line.
//!
//! Who decodes the file hands its values over as an [`Overlay`]; here they meet the flags. The
//! kubelet's flags win over its file, gate by gate; etcd's file replaces every flag; the scheduler's
//! replaces the deprecated ones. Sources: as in `config_file.rs`.

use std::collections::BTreeMap;

use super::catalog::FlagSpec;
use super::feature_gates::FLAG as GATES;
use super::own_file::{FileState, FileValues, Given, LeftOut, Overlay, Part, Unusable};
use super::value::Value;
use super::variables::{Givers, Indices, State, Variable};
use super::{Flags, Setting, ValueText};
use crate::command_line::Certainty;
use crate::component::Component;
use crate::diagnostic::{Clause, Code, Diagnostic};

impl Flags {
    /// Lays what a file says over what the command line says.
    pub(super) fn lay(&mut self, overlay: Overlay) {
        match overlay {
            Overlay::Elsewhere => {}
            Overlay::Unusable(unusable) => self.lay_unusable(unusable),
            Overlay::Read(values) => self.lay_values(values),
        }
    }

    fn lay_unusable(&mut self, unusable: Unusable) {
        let Some(setting) = super::config_file::naming(self) else { return };
        let Unusable { why, location, refuses } = unusable;
        let mut setting = Box::new(setting.clone());
        if let Some(location) = location {
            setting.location = location;
            setting.in_file = true;
        }
        let code = if refuses { Code::RefusedFile } else { Code::UnreadableFile };
        let place = Some(setting.location.clone());
        self.diagnostics.push(Diagnostic::new(code, why.clone(), place));
        self.file = FileState::Unusable { setting, why };
    }

    fn lay_values(&mut self, values: FileValues) {
        let FileValues { given, left_out, remarks } = values;
        self.diagnostics.extend(remarks);
        let known: Vec<&'static FlagSpec> = self.variables.flags().collect();
        self.forget_replaced(&given, &left_out);
        for spec in known {
            self.note_ignored(spec);
        }
        for field in given {
            self.lay_field(field);
        }
        self.file = FileState::Read { left_out };
    }

    /// Forgets what the command line says of the flags that the file decides instead.
    fn forget_replaced(&mut self, given: &[Given], left_out: &BTreeMap<&'static str, LeftOut>) {
        match self.catalog.component {
            Component::Etcd => {
                self.variables.retain(|spec| matches!(spec.name, "config-file" | "version"));
            }
            Component::KubeScheduler => {
                let decided = |name: &str| {
                    given.iter().any(|field| field.flag == name) || left_out.contains_key(name)
                };
                self.variables
                    .retain(|spec| spec.group != Some("deprecated") || !decided(spec.name));
            }
            _ => {}
        }
    }

    /// Says that a flag counts for nothing beside the file, if that is so.
    fn note_ignored(&mut self, spec: &'static FlagSpec) {
        if self.variables.contains(spec) {
            return;
        }
        let ignored = self.settings.iter().find(|setting| {
            let sets = |given| self.variable_of(given).name == spec.name;
            !setting.in_file && setting.spec.is_some_and(sets)
        });
        let path = super::config_file::naming(self).map(Setting::shown_value);
        if let (Some(setting), Some(path)) = (ignored, path) {
            let clause = Clause::of_flag(format!("is ignored: {path} decides"));
            let location = Some(setting.location.clone());
            let ignored = Diagnostic::new(Code::IgnoredFlag, clause, location);
            self.diagnostics.push(ignored.about(setting.name.clone()));
        }
    }

    fn lay_field(&mut self, field: Given) {
        let Some(spec) = self.catalog.find(field.flag).filter(|s| s.life.covers(self.release))
        else {
            return;
        };
        let spec = self.variable_of(spec);
        let first = self.settings.len();
        // What is given on the command line wins.
        if spec.name != GATES && self.variables.contains(spec) {
            return;
        }
        let mut givers = givers(&field.parts, first);
        if let Some(variable) = self.variables.remove(spec) {
            // The command line comes after the file.
            givers.extend(variable.all_givers());
            let merged = merge_gates(field.value, variable.state);
            let mut settings: Indices = (first..first + field.parts.len()).collect();
            variable.settings.iter().for_each(|at| settings.push(*at));
            self.push(field.flag, field.parts);
            self.variables.insert(Variable { spec, state: merged, settings, givers });
            return;
        }
        let hidden = self.hidden.last().map(|hidden| hidden.why.clone());
        // The kubelet's flags win, so an argument that is not known may be one of them.
        let hidden = hidden.filter(|_| self.catalog.component == Component::Kubelet);
        let state = match (hidden, field.value) {
            (Some(why), _) | (None, Err(why)) => State::Unresolved(why),
            (None, Ok(value)) => State::Holds(value),
        };
        self.push(field.flag, field.parts);
        let settings = (first..self.settings.len()).collect();
        self.variables.insert(Variable { spec, state, settings, givers });
    }

    fn push(&mut self, flag: &'static str, parts: Vec<Part>) {
        let spec = self.catalog.find(flag);
        self.settings.extend(parts.into_iter().map(|part| Setting {
            name: flag.into(),
            spec,
            value: ValueText::OfFile(part.value),
            text: part.text,
            location: part.location,
            certainty: Certainty::Known,
            argument: usize::MAX,
            in_file: true,
            added_by: None,
        }));
    }

    /// The field of the file that could set a flag, where neither it nor the command line does.
    pub fn left_out(&self, name: &str) -> Option<&LeftOut> {
        match &self.file {
            FileState::Read { left_out } => left_out.get(name),
            FileState::NotRead | FileState::Unusable { .. } => None,
        }
    }
}

/// The part of a file that gives each name of a map; `first` is the index of the first part.
fn givers(parts: &[Part], first: usize) -> Givers {
    let names = parts.iter().zip(first..);
    names.filter_map(|(part, at)| Some((part.value.split_once('=')?.0.to_owned(), at))).collect()
}

/// The gates of the file with those of the command line, which win one by one.
fn merge_gates(file: Result<Value, String>, line: State) -> State {
    match (file, line) {
        (Ok(Value::Switches(mut gates)), State::Holds(Value::Switches(given))) => {
            gates.extend(given);
            State::Holds(Value::Switches(gates))
        }
        (Err(why), State::Holds(_)) => State::Unresolved(why),
        (_, line) => line,
    }
}
