//! The paths that a flag names, as the server completes them.

use crate::component::Component;
use crate::config_files::paths;
use crate::evaluate::flag;
use crate::evaluate::judged::{Judge, Judged, Outcome};
use crate::evaluate::wording;
use crate::flags::kind::Kind;
use crate::flags::value::Value;
use crate::flags::{Effective, Setting};
use crate::rule::predicate::Expectation;

/// The paths that a flag names.
pub(super) struct Named {
    /// At least one.
    pub(super) paths: Vec<String>,
    /// Whether somebody set them.
    pub(super) set: bool,
}

impl Judge<'_> {
    /// The paths that a flag names; or what becomes of the question without them.
    pub(super) fn paths_of(&self, flag: &str) -> Result<Named, Judged> {
        let (value, set) = match self.flags.effective(flag) {
            Effective::Set { value, .. } => (value.clone(), true),
            Effective::Default { value } => (value, false),
            Effective::Unresolved { setting: Some(setting), why } => {
                return match self.path_in_file(flag, setting)? {
                    Some(path) if !path.is_empty() => Ok(Named { paths: vec![path], set: true }),
                    Some(_) => {
                        let why = format!(
                            "{} not set, and {} does not name one",
                            wording::Named(flag),
                            setting.value
                        );
                        Err(not_named(why))
                    }
                    None => Err(self.ask(flag, Some(setting), &why)),
                };
            }
            _ => return Err(self.none(flag)),
        };
        let paths = match value {
            Value::Text(path) => vec![self.data_folder(flag, path, || self.text("name"))],
            Value::List(items) if self.is_pairs(flag) => {
                items.iter().filter_map(|item| key_of_pair(item)).collect()
            }
            Value::List(items) => items,
            _ => Vec::new(),
        };
        let paths: Vec<String> = paths.into_iter().filter(|path| !path.is_empty()).collect();
        if paths.is_empty() { Err(self.none(flag)) } else { Ok(Named { paths, set }) }
    }

    /// What is to be said of a flag that names nothing.
    fn none(&self, flag: &str) -> Judged {
        let judged = flag::judge(self, flag, &Expectation::NonEmpty);
        match judged.outcome {
            Outcome::Fails | Outcome::Holds => not_named(judged.facts()),
            _ => judged,
        }
    }

    /// The path that the component's configuration file names in the flag's place, empty if it names
    /// none; nothing if that cannot be told.
    fn path_in_file(&self, flag: &str, setting: &Setting) -> Result<Option<String>, Judged> {
        let component = self.flags.catalog.component;
        let Some(fields) = paths::field(component, flag) else { return Ok(None) };
        let is_file = match component {
            Component::Etcd => setting.name == "config-file",
            // Files in the other folder lay themselves over this one.
            _ => setting.name == "config" && !self.flags.is_set("config-dir"),
        };
        if !is_file {
            return Ok(None);
        }
        let (_, file) = self.file_of(&setting.name)?;
        let text = |fields| match paths::text(&file, fields) {
            Ok(found) => Ok(found.map(|found| found.value).unwrap_or_default()),
            Err(problem) => Err(self.refused(&setting.name, setting, problem)),
        };
        let path = text(fields)?;
        let name = match paths::field(component, "name") {
            Some(fields) => text(fields)?,
            None => String::new(),
        };
        let path = self.data_folder(flag, path, || Some(name));
        let path =
            if path.is_empty() { path } else { paths::complete(component, &setting.value, &path) };
        Ok(Some(path))
    }

    /// etcd's folder is `NAME.etcd` if none is given. Source: etcd `server/etcdmain/etcd.go`.
    fn data_folder(
        &self,
        flag: &str,
        path: String,
        name: impl FnOnce() -> Option<String>,
    ) -> String {
        let default = path.is_empty() || path == "${name}.etcd";
        if self.flags.catalog.component != Component::Etcd || flag != "data-dir" || !default {
            return path;
        }
        let name = name().filter(|name| !name.is_empty());
        format!("{}.etcd", name.as_deref().unwrap_or("default"))
    }

    fn text(&self, flag: &str) -> Option<String> {
        match self.flags.value(flag) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn is_pairs(&self, flag: &str) -> bool {
        let spec = self.flags.catalog.find(flag);
        spec.is_some_and(|spec| spec.kind(self.flags.release) == Kind::NamedCertKeys)
    }
}

fn not_named(why: String) -> Judged {
    Judged::new(Outcome::NotHere(why), Vec::new())
}

/// The key of `CERTIFICATE,KEY:NAMES`.
fn key_of_pair(pair: &str) -> Option<String> {
    let (files, _) = pair.split_once(':').unwrap_or((pair, ""));
    files.split_once(',').map(|(_, key)| key.trim().to_owned())
}
