//! The certificates and keys that flags name.

use std::sync::Arc;

use super::flag;
use super::judged::{Judge, Judged};
use crate::config_files::pki::PemFile;
use crate::flags::value::Value;
use crate::flags::{Effective, Setting};
use crate::rule::predicate::Expectation;

/// A file and the setting that names it.
pub(super) struct NamedPem<'s> {
    pub(super) flag: &'static str,
    pub(super) setting: &'s Setting,
    pub(super) path: &'s str,
}

impl Judge<'_> {
    /// The files that a flag names; none if it is not set.
    pub(super) fn named<'s>(&'s self, flag: &'static str) -> Result<Vec<NamedPem<'s>>, Judged> {
        match self.flags.effective(flag) {
            Effective::Set { value, settings } => {
                let paths = match value {
                    Value::List(items) => items.iter().map(String::as_str).collect(),
                    value => Vec::from_iter(value.as_text()),
                };
                let named = paths.into_iter().filter(|path| !path.is_empty()).filter_map(|path| {
                    Some(NamedPem { flag, setting: settings.giving(path)?, path })
                });
                Ok(named.collect())
            }
            Effective::Default { value } if flag::is_nothing(value) => Ok(Vec::new()),
            Effective::Default { value } => Err(self.unknown(
                flag,
                None,
                &format!("not set, and its default {value} is not read"),
            )),
            Effective::Absent { setting: None } => Ok(Vec::new()),
            _ => Err(flag::judge(self, flag, &Expectation::NonEmpty)),
        }
    }

    /// The files that a flag names, and it must name one.
    pub(super) fn named_here<'s>(
        &'s self,
        flag: &'static str,
    ) -> Result<Vec<NamedPem<'s>>, Judged> {
        let named = self.named(flag)?;
        if named.is_empty() {
            return Err(flag::judge(self, flag, &Expectation::NonEmpty));
        }
        Ok(named)
    }

    /// What is in a file, or what becomes of the question without it.
    pub(super) fn pem(&self, named: &NamedPem<'_>) -> Result<Arc<PemFile>, Judged> {
        let read = self.pem.read(named.path, self.files);
        read.map_err(|unread| self.unread(named.flag, named.setting, &unread))
    }
}
