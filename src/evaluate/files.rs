//! What the files that flags name come to.

use std::sync::Arc;

use super::flag;
use super::judged::{Judge, Judged, Outcome};
use crate::command_line::Location;
use crate::config_files::encryption::EncryptionConfiguration;
use crate::config_files::{Located, Problem};
use crate::flags::value::Value;
use crate::flags::{Effective, Setting};
use crate::result::{Evidence, Origin};
use crate::rule::predicate::Expectation;
use crate::source::{NamedBytes, Unread};
use crate::version::Minor;

impl Judge<'_> {
    /// Encrypted at rest: the provider that writes the resource is one of these.
    pub(super) fn encryption(&self, resource: &str, allowed: &[String]) -> Judged {
        const FLAG: &str = "encryption-provider-config";
        let read = |file: &NamedBytes, minor| {
            let config = EncryptionConfiguration::read(file, minor)?;
            config.refused_by(self.flags)?;
            Ok(config)
        };
        let config = match self.content(FLAG, read) {
            Ok(config) => config,
            Err(judged) => return judged,
        };
        let Located { value, location } = config.writer(resource);
        let text = if config.names(resource) {
            format!("{resource} are written with {}", value.name())
        } else {
            format!("no entry names {resource}: they are written as they are")
        };
        let holds = allowed.iter().any(|name| name == value.name());
        Judged::decided(holds, vec![in_file(FLAG, value.name(), &location, text)])
    }

    /// A file that a flag names, decoded; or what becomes of the question without it.
    pub(super) fn content<T>(
        &self,
        flag: &'static str,
        decode: impl FnOnce(&NamedBytes, Minor) -> Result<T, Problem>,
    ) -> Result<T, Judged> {
        let (setting, file) = self.file_of(flag)?;
        decode(&file, self.flags.minor()).map_err(|problem| self.refused(flag, setting, problem))
    }

    /// A file that the file of a flag names, decoded.
    pub(super) fn beside<T>(
        &self,
        flag: &'static str,
        path: &str,
        decode: impl FnOnce(&NamedBytes, Minor) -> Result<T, Problem>,
    ) -> Result<T, Judged> {
        let (setting, _) = self.file_of(flag)?;
        let file = self.files.read(path).map_err(|unread| self.unread(flag, setting, &unread))?;
        decode(&file, self.flags.minor()).map_err(|problem| self.refused(flag, setting, problem))
    }

    /// The file that a flag names.
    pub(super) fn file_of(
        &self,
        flag: &'static str,
    ) -> Result<(&Setting, Arc<NamedBytes>), Judged> {
        let none = || flag::judge(self, flag, &Expectation::NonEmpty);
        let Effective::Set { value: Value::Text(path), settings } = self.flags.effective(flag)
        else {
            return Err(none());
        };
        let setting = settings.last().filter(|_| !path.is_empty()).ok_or_else(none)?;
        match self.files.read(path) {
            Ok(file) => Ok((setting, file)),
            Err(unread) => Err(self.unread(flag, setting, &unread)),
        }
    }

    /// The server refuses what is written in the file.
    pub(super) fn refused(
        &self,
        flag: &'static str,
        setting: &Setting,
        problem: Problem,
    ) -> Judged {
        let Problem { message, location } = problem.reportable(self.files);
        let text = format!("{}: {message}", setting.shown());
        let fact = in_file(flag, &setting.shown_value(), &location, text.clone());
        Judged::new(Outcome::Broken(text), vec![fact])
    }

    /// What is to be said where a file cannot be judged.
    pub(super) fn unread(&self, flag: &'static str, setting: &Setting, unread: &Unread) -> Judged {
        let path = Some(setting.shown_value().into_owned());
        match unread {
            Unread::Elsewhere(why) => {
                let text = format!("{} decides: {why}", setting.shown());
                let fact = self.fact(flag, path, Some(setting), text);
                Judged::new(Outcome::Ask(String::new()), vec![fact])
            }
            Unread::Missing(why) | Unread::Failed(why) => {
                let text = format!("{}: {why}", setting.shown());
                let fact = self.fact(flag, path, Some(setting), text.clone());
                Judged::new(Outcome::Broken(text), vec![fact])
            }
        }
    }
}

/// A fact that stands in a file.
pub(super) fn in_file(
    flag: &'static str,
    value: &str,
    location: &Location,
    text: String,
) -> Evidence {
    Evidence {
        flag: flag.into(),
        value: Some(value.to_owned().into()),
        origin: Origin::File,
        location: Some(location.clone()),
        words: text,
    }
}
