//! Demands on files: whether they say which files, and what of them.

use super::predicate::Scope;
use super::raw::RawFile;
use super::spanned::Spanned;
use crate::rule::file_demand::{ByHand, Each, FileDemand, FilePlace, Mode, Owner};
use crate::rule::{Literal, Problem};

impl Scope<'_> {
    pub(super) fn file_demand(&self, raw: Spanned<RawFile>) -> Result<FileDemand, Problem> {
        let span = raw.span();
        let raw = raw.into_inner();
        let place = match (raw.path, raw.first_of, raw.flags) {
            (Some(path), None, None) => FilePlace::Path(self.absolute(path)?),
            (None, Some(paths), None) => {
                self.not_empty(paths.as_ref(), paths.span())?;
                let paths = paths.into_inner().into_iter().map(|path| self.absolute(path));
                FilePlace::FirstOf(paths.collect::<Result<_, _>>()?)
            }
            (None, None, Some(names)) => {
                self.not_empty(names.as_ref(), names.span())?;
                let names = names.as_ref().iter().map(|name| self.flag(name).map(|(name, _)| name));
                FilePlace::Flags(names.collect::<Result<_, _>>()?)
            }
            _ => {
                let message = "say where the files are: one of path, first-of and flags";
                return Err(self.file.problem(span, message));
            }
        };
        if raw.mode.is_none() && raw.owner.is_none() && raw.above.is_none() {
            return Err(self.file.problem(span, "say what the files have: mode, owner or above"));
        }
        let folders = raw.folders.as_ref().map(Spanned::span);
        let each = match (raw.each, folders) {
            (None, None) => None,
            (None, Some(span)) => {
                let message = "folders are included in what each says, which is missing";
                return Err(self.file.problem(span, message));
            }
            (Some(each), folders) => Some(self.each(&each, folders.is_some())?),
        };
        Ok(FileDemand {
            place,
            each,
            mode: raw.mode.map(|mode| self.file_mode(&mode)).transpose()?,
            owner: raw.owner.map(|owner| self.owner(&owner)).transpose()?,
            safe_folders: raw.above.is_some(),
            by_hand: ByHand::default(),
        })
    }

    fn absolute(&self, path: Spanned<String>) -> Result<String, Problem> {
        if !path.as_ref().starts_with('/') {
            return Err(self.file.problem(path.span(), "a path of the node begins with a slash"));
        }
        Ok(path.into_inner())
    }

    fn each(&self, pattern: &Spanned<String>, folders: bool) -> Result<Each, Problem> {
        match pattern.as_ref().strip_prefix('*') {
            Some(ending) if !ending.contains(['*', '?', '[', '/']) => {
                Ok(Each { ending: ending.to_owned(), folders })
            }
            _ => {
                let message = "expected a star and how names end, such as \"*.key\", or \"*\"";
                Err(self.file.problem(pattern.span(), message))
            }
        }
    }

    fn file_mode(&self, literal: &Spanned<Literal>) -> Result<Mode, Problem> {
        let (value, parameter) = self.literal(literal)?;
        let bits = Mode::read(value).map_err(|why| self.file.problem(literal.span(), why))?;
        Ok(Mode { bits, parameter })
    }

    fn owner(&self, owner: &Spanned<String>) -> Result<Owner, Problem> {
        Owner::read(owner.as_ref()).ok_or_else(|| {
            let message = "expected a user, or a user and a group such as \"root:root\"";
            self.file.problem(owner.span(), message)
        })
    }
}
