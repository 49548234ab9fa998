//! The certificates and keys that flags name.

use std::sync::Arc;

use super::flag;
use super::judged::{Judge, Judged};
use crate::config_files::pki::PemFile;
use crate::flags::Setting;
use crate::flags::answer::{Cause, Known};
use crate::flags::value::Value;
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
        let Known { value, by } = match self.flags.answer(flag) {
            Ok(known) => known,
            Err(gap) if gap.cause == Cause::NotHere => return Ok(Vec::new()),
            Err(gap) => return Err(self.unanswered(&gap)),
        };
        if by.setting().is_none() && !flag::is_nothing(value) {
            let why = || format!("not set, and its default {value} is not read").into();
            return Err(self.unknown(flag, None, why));
        }
        let paths = match value {
            Value::List(items) => items.iter().map(String::as_str).collect(),
            value => Vec::from_iter(value.as_text()),
        };
        let named = paths.into_iter().filter(|path| !path.is_empty()).filter_map(|path| {
            Some(NamedPem { flag, setting: by.occurrences.giving(path)?, path })
        });
        Ok(named.collect())
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
