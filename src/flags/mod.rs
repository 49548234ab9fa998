//! What a command line's arguments mean to the server: effective values, and whether it starts.
//!
//! This is the heart of plimsoll. [`Flags::read`] reads a command line as one release of one
//! component does; everything a rule asks is answered by [`Flags::effective`] and by the facts that
//! the server derives from its flags ([`admission`], [`api_versions`], [`authorization`], [`feature_gates`]).

pub mod admission;
pub mod answer;
pub mod api_versions;
pub mod authorization;
pub mod catalog;
pub mod compare;
mod config_file;
mod csv;
pub mod derived;
pub(crate) mod duration;
mod emulation;
pub mod feature_gates;
mod fold;
mod grammar;
pub mod kind;
mod overlay;
pub mod own_file;
mod port;
mod scalar;
mod validation;
pub mod value;
mod variables;

#[cfg(test)]
pub(crate) mod tests;

use std::borrow::Cow;

use crate::command_line::CommandLine;
use crate::component::Component;
use crate::credential::Secrets;
use crate::diagnostic::Diagnostic;
use crate::version::Minor;
use catalog::{Catalog, FlagSpec, Release};
use own_file::{Fallback, FileState, Overlay};
use validation::Refused;
use value::Value;
use variables::{State, Variables};

use grammar::ValueText;
pub use grammar::{Hidden, Setting};
pub use variables::Occurrences;

/// The settings of a command line as one release reads them.
#[derive(Debug)]
pub struct Flags {
    /// The component's flags.
    pub catalog: &'static Catalog,
    /// The release that reads them.
    pub release: Release,
    /// Every occurrence of every flag, in the order written.
    pub settings: Vec<Setting>,
    /// What there is to say about them.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the release has flags that no source lists.
    pub concludes: bool,
    /// The minor in words, which nearly every fact quotes.
    minor_text: String,
    hidden: Vec<Hidden>,
    /// See [`CommandLine::of_openshift`].
    of_openshift: bool,
    variables: Variables,
    /// Whether the command line gives a flag that names the component's own file.
    gives_file: bool,
    file: FileState,
    /// What validation has refused so far.
    refused: Vec<Refused>,
    /// What no message may quote.
    secrets: Secrets,
}

/// What the server makes of a flag.
#[derive(Debug)]
pub enum Effective<'f> {
    /// Set on the command line, or by the file that it names.
    Set {
        /// The value after all occurrences.
        value: &'f Value,
        /// The occurrences that made it; the last decides a scalar.
        settings: Occurrences<'f>,
    },
    /// Not set; the release's default holds.
    Default {
        /// The default.
        value: &'f Value,
    },
    /// Not set, and the release's default is not known.
    DefaultNotKnown,
    /// Set, or perhaps set, to something that is filled in where plimsoll cannot see.
    Unresolved {
        /// The occurrence, if there is one.
        setting: Option<&'f Setting>,
        /// What is not known.
        why: Cow<'f, str>,
    },
    /// Set to something that the server refuses.
    Broken {
        /// The occurrence.
        setting: &'f Setting,
        /// What is wrong, as a clause.
        why: Cow<'f, str>,
        /// What it would be, if it could be read.
        value: Option<&'f Value>,
    },
    /// The release has no such flag.
    Absent {
        /// An occurrence all the same.
        setting: Option<&'f Setting>,
    },
}

impl Flags {
    /// Reads a command line as the release `minor` does; as the newest, if the catalog does not
    /// cover it, which a target is never made for.
    pub fn read(line: &CommandLine, minor: Minor) -> Self {
        Self::read_with(line, minor, |_| Overlay::Elsewhere)
    }

    /// Reads a command line with the component's own configuration file. `file` is given the flags
    /// as far as the command line makes them, and says what the file that they name holds.
    pub fn read_with(
        line: &CommandLine,
        minor: Minor,
        file: impl FnOnce(&Self) -> Overlay,
    ) -> Self {
        let mut flags = Self::as_written(line, minor, file);
        validation::validate(&mut flags, line);
        flags.hide_secrets();
        flags
    }

    /// What is written, before the server asks whether it makes sense.
    fn as_written(line: &CommandLine, minor: Minor, file: impl FnOnce(&Self) -> Overlay) -> Self {
        let catalog = Catalog::of(line.component);
        let release = catalog.release(minor).unwrap_or_else(|| catalog.newest_release());
        let parsed = grammar::parse(line, catalog, release);
        let mut flags = Self {
            catalog,
            release,
            diagnostics: parsed.diagnostics,
            concludes: catalog.concludes(release),
            minor_text: release.minor().to_string(),
            hidden: parsed.hidden,
            of_openshift: line.of_openshift,
            variables: Variables::new(catalog.flags, parsed.settings.len()),
            gives_file: config_file::is_given(line.component, &parsed.settings),
            settings: parsed.settings,
            file: FileState::NotRead,
            refused: Vec::new(),
            secrets: Secrets::default(),
        };
        flags.fold();
        flags.report_hidden(line);
        let overlay = file(&flags);
        flags.lay(overlay);
        for setting in &flags.settings {
            let is_credential = setting.spec.is_some_and(|spec| spec.credential);
            flags.secrets.add(setting.value(), is_credential);
        }
        flags
    }

    /// Hides what diagnostics quote of credentials; whoever makes one need not think of it.
    fn hide_secrets(&mut self) {
        for diagnostic in &mut self.diagnostics {
            diagnostic.replace(|text| self.secrets.hide(text));
        }
    }

    /// A text about these flags without the credentials that it quotes, whole or in part.
    pub fn without_secrets<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.secrets.hide(text)
    }

    /// As [`Self::without_secrets`], of a value or a part of one.
    pub fn value_without_secrets<'t>(&self, value: &'t str) -> Cow<'t, str> {
        self.secrets.hide_in_value(value)
    }

    /// The release whose feature gates count: `--emulated-version` makes a server from 1.31 on
    /// behave as an older one.
    pub fn gate_release(&self) -> Release {
        emulation::release(self).unwrap_or(self.release)
    }

    /// The minor that reads them.
    pub fn minor(&self) -> Minor {
        self.release.minor()
    }

    /// The minor in words, such as `1.34`.
    pub fn minor_text(&self) -> &str {
        &self.minor_text
    }

    /// Whether the server would take this command line.
    pub fn starts(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::refuses)
    }

    /// What the server makes of the flag called `name`.
    pub fn effective(&self, name: &str) -> Effective<'_> {
        let spec = match self.catalog.standing(name, self.release) {
            catalog::Standing::Known(spec) | catalog::Standing::Uncertain(spec) => spec,
            catalog::Standing::Elsewhere(spec)
                if self.catalog.alias(spec, self.release).is_some() =>
            {
                spec
            }
            catalog::Standing::Elsewhere(_) | catalog::Standing::Unknown => {
                let setting = self.settings.iter().rfind(|setting| setting.name == name);
                return Effective::Absent { setting };
            }
        };
        if let Some(effective) = config_file::decides(self, spec) {
            return effective;
        }
        let variable = self.variable_of(spec);
        let Some(held) = self.variables.get(variable) else {
            // The defaults stand with the name that lasted.
            let lasting = variable.shares.and_then(|name| self.catalog.find(name));
            return self.not_set(lasting.unwrap_or(variable));
        };
        let settings = Occurrences::of(&self.settings, held);
        match (&held.state, settings.last()) {
            (State::Broken(why), Some(setting)) => {
                Effective::Broken { setting, why: Cow::Borrowed(why), value: None }
            }
            (State::Refused(value, why), Some(setting)) => {
                Effective::Broken { setting, why: Cow::Borrowed(why), value: Some(value) }
            }
            (State::Unresolved(why), setting) => {
                Effective::Unresolved { setting, why: Cow::Borrowed(why) }
            }
            (State::Holds(value), _) => Effective::Set { value, settings },
            (State::Broken(why) | State::Refused(_, why), None) => {
                Effective::Unresolved { setting: None, why: Cow::Borrowed(why) }
            }
        }
    }

    /// What holds for a flag that is not set.
    fn not_set(&self, spec: &'static FlagSpec) -> Effective<'_> {
        let left_out = self.left_out(spec.name);
        // What is not known of the command line may set it, unless the file alone decides.
        let file_alone = left_out.is_some() && self.catalog.component == Component::Etcd;
        if let Some(hidden) = self.hidden.last().filter(|_| !file_alone) {
            return Effective::Unresolved { setting: None, why: Cow::Borrowed(&hidden.why) };
        }
        match left_out.map(|left_out| &left_out.default) {
            Some(Fallback::Other(value)) => return Effective::Default { value },
            Some(Fallback::Unknown) => return Effective::DefaultNotKnown,
            Some(Fallback::Flag) | None => {}
        }
        match self.catalog.default(spec, self.release) {
            Some(value) => Effective::Default { value },
            None => Effective::DefaultNotKnown,
        }
    }

    /// The value a flag has, set or by default, if it is known.
    pub fn value(&self, name: &str) -> Option<&Value> {
        match self.effective(name) {
            Effective::Set { value, .. } | Effective::Default { value } => Some(value),
            _ => None,
        }
    }

    /// Whether the flag is set by one of its names.
    pub fn is_set(&self, name: &str) -> bool {
        self.catalog.find(name).is_some_and(|spec| self.variables.contains(self.variable_of(spec)))
    }

    /// Whether a flag is given on the command line, whatever becomes of it.
    fn is_given_on_line(&self, name: &str) -> bool {
        self.settings.iter().any(|setting| setting.name == name && !setting.in_file)
    }

    /// The last occurrence of a flag by one of its names.
    pub fn last(&self, name: &str) -> Option<&Setting> {
        let variable = self.variables.get(self.variable_of(self.catalog.find(name)?))?;
        self.settings.get(*variable.settings.last()?)
    }

    /// The occurrence of a flag that gave an item of its list, or a name of its map.
    pub fn giving(&self, name: &str, item: &str) -> Option<&Setting> {
        let variable = self.variables.get(self.variable_of(self.catalog.find(name)?))?;
        Occurrences::of(&self.settings, variable).giving(item)
    }

    /// The name by which the release knows a flag: an older one, if it has only that.
    pub fn name_here<'n>(&self, name: &'n str) -> &'n str {
        let spec = self.catalog.find(name);
        spec.and_then(|spec| self.catalog.alias(spec, self.release)).map_or(name, |it| it.name)
    }

    /// The flag whose variable `spec` sets: itself, or the one it is another name for.
    fn variable_of(&self, spec: &'static FlagSpec) -> &'static FlagSpec {
        self.catalog
            .alias(spec, self.release)
            .or_else(|| self.catalog.shared(spec, self.release))
            .unwrap_or(spec)
    }

    /// Whether hidden arguments may add to what is known of the command line.
    pub fn has_hidden(&self) -> bool {
        !self.hidden.is_empty()
    }
}
