//! What the files that flags name come to.

use std::sync::Arc;

use super::flag;
use super::judged::{Judge, Judged, Outcome};
use crate::command_line::Location;
use crate::config_files::contents::{Content, Lack};
use crate::config_files::{Located, Problem};
use crate::flags::Setting;
use crate::flags::answer::Known;
use crate::flags::value::Value;
use crate::result::{Evidence, Origin};
use crate::rule::predicate::Expectation;
use crate::source::{NamedBytes, Unread};

impl Judge<'_> {
    /// Encrypted at rest: the provider that writes the resource is one of these.
    pub(super) fn encryption(&self, resource: &str, allowed: &[String]) -> Judged {
        const FLAG: &str = "encryption-provider-config";
        let config = match self.content(FLAG, &self.contents.encryption) {
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

    /// What the file holds that a flag names; or what becomes of the question without it.
    pub(super) fn content<'c, T>(
        &self,
        flag: &'static str,
        content: &'c Content<T>,
    ) -> Result<&'c T, Judged> {
        content.as_ref().map_err(|lack| self.lacking(flag, lack))
    }

    /// What becomes of a question about a file that a flag, or the file of that flag, names.
    pub(super) fn lacking(&self, flag: &'static str, lack: &Lack) -> Judged {
        let setting = match self.named_by(flag) {
            Ok((setting, _)) => setting,
            Err(judged) => return judged,
        };
        match lack {
            Lack::NotNamed => flag::judge(self, flag, &Expectation::NonEmpty),
            Lack::Unread(unread) => self.unread(flag, setting, unread),
            Lack::Refused(problem) => self.refused(flag, setting, problem.clone()),
        }
    }

    /// The file that a flag names.
    pub(super) fn file_of(
        &self,
        flag: &'static str,
    ) -> Result<(&Setting, Arc<NamedBytes>), Judged> {
        let (setting, path) = self.named_by(flag)?;
        match self.files.read(path) {
            Ok(file) => Ok((setting, file)),
            Err(unread) => Err(self.unread(flag, setting, &unread)),
        }
    }

    /// The path that a flag is set to, and the occurrence that sets it.
    pub(super) fn named_by(&self, flag: &'static str) -> Result<(&Setting, &str), Judged> {
        let none = || flag::judge(self, flag, &Expectation::NonEmpty);
        match self.flags.answer(flag) {
            Ok(Known { value: Value::Text(path), by }) if !path.is_empty() => {
                Ok((by.setting().ok_or_else(none)?, path))
            }
            Ok(_) => Err(none()),
            Err(gap) => Err(self.unanswered(&gap)),
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
        let path = Some(self.words(|| setting.shown_value().into_owned()));
        match unread {
            Unread::Elsewhere(why) => {
                let text = self.words(|| [&*setting.shown(), " decides: ", why].concat());
                let fact = self.fact(flag, path, Some(setting), text);
                Judged::new(Outcome::Unknown(String::new()), vec![fact])
            }
            Unread::Missing(why) | Unread::Failed(why) => {
                let text = self.words(|| [&*setting.shown(), ": ", why].concat());
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
        names_file: false,
        words: text,
    }
}
