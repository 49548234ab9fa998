//! The paths that a flag names, as the server completes them.

use crate::component::Component;
use crate::evaluate::flag;
use crate::evaluate::judged::{Judge, Judged, Outcome};
use crate::flags::answer::{Gap, Known};
use crate::flags::kind::Kind;
use crate::flags::value::Value;
use crate::rule::predicate::Expectation;

/// The paths that a flag names.
pub(super) struct NamedPaths {
    /// At least one.
    pub(super) paths: Vec<String>,
    /// Whether somebody set them.
    pub(super) set: bool,
}

impl Judge<'_> {
    /// The paths that a flag names; or what becomes of the question without them.
    pub(super) fn paths_of(&self, flag: &'static str) -> Result<NamedPaths, Judged> {
        let (value, set) = match self.flags.answer(flag) {
            Ok(Known { value, by }) => (value, by.setting().is_some()),
            // A file has its mode and its owner whatever the server makes of what is in it.
            Err(Gap { value: Some(value), .. }) => (value, true),
            Err(gap) => return Err(self.unanswered(&gap)),
        };
        let paths = match value {
            Value::Text(path) => vec![self.data_folder(flag, path, || self.text("name"))],
            Value::List(items) if self.is_pairs(flag) => {
                items.iter().filter_map(|item| key_of_pair(item)).collect()
            }
            Value::List(items) => items.clone(),
            _ => Vec::new(),
        };
        let paths: Vec<String> = paths.into_iter().filter(|path| !path.is_empty()).collect();
        if paths.is_empty() { Err(self.none(flag)) } else { Ok(NamedPaths { paths, set }) }
    }

    /// What is to be said of a flag that names nothing.
    fn none(&self, flag: &'static str) -> Judged {
        let mut judged = flag::judge(self, flag, &Expectation::NonEmpty);
        match judged.outcome {
            Outcome::Fails | Outcome::Holds => not_named(judged.take_words()),
            _ => judged,
        }
    }

    /// etcd's folder is `NAME.etcd` if none is given. Source: etcd `server/etcdmain/etcd.go`.
    fn data_folder(&self, flag: &str, path: &str, name: impl FnOnce() -> Option<String>) -> String {
        let default = path.is_empty() || path == "${name}.etcd";
        if self.flags.catalog.component != Component::Etcd || flag != "data-dir" || !default {
            return path.to_owned();
        }
        let name = name().filter(|name| !name.is_empty());
        format!("{}.etcd", name.as_deref().unwrap_or("default"))
    }

    fn text(&self, flag: &str) -> Option<String> {
        match self.flags.value(flag) {
            Some(Value::Text(text)) => Some(text.clone()),
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
