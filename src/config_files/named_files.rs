//! The files that the flags of one server name, and what it means for the start of the server that one cannot be used.

use super::Problem;
use super::content::{Content, Lack};
use crate::command_line::Location;
use crate::diagnostic::{Clause, Code, Diagnostic};
use crate::flags::value::Value;
use crate::flags::{Effective, Flags};
use crate::source::{Files, NamedBytes, Unread};

/// The flags of a server, and the files that it sees.
pub(super) struct NamedFiles<'s> {
    pub(super) flags: &'s Flags,
    pub(super) files: &'s Files,
}

impl<'s> NamedFiles<'s> {
    /// The path that a flag is set to.
    pub(super) fn path(&self, flag: &str) -> Option<&'s str> {
        match self.flags.effective(flag) {
            Effective::Set { value: Value::Text(path), .. } if !path.is_empty() => Some(path),
            _ => None,
        }
    }

    /// The file that a flag names, decoded; `decode` gets its path too.
    pub(super) fn content<T>(
        &self,
        flag: &str,
        decode: impl FnOnce(&NamedBytes, &str) -> Result<T, Problem>,
    ) -> Content<T> {
        let path = self.path(flag).ok_or(Lack::NotNamed)?;
        let file = self.files.read(path).map_err(|unread| self.unread(path, unread))?;
        decode(&file, path).map_err(Lack::Refused)
    }

    /// Why a file is not read; a folder is read by no server.
    pub(super) fn unread(&self, path: &str, unread: Unread) -> Lack {
        match (unread, self.files.attributes(path)) {
            (Unread::Failed(why), Ok((_, found))) if found.is_folder => {
                Lack::Unread(Unread::Missing(why))
            }
            (unread, _) => Lack::Unread(unread),
        }
    }

    /// What a lack means for the start of the server; nothing if only plimsoll does not see the file.
    pub(super) fn refusal(&self, flag: &str, lack: &Lack) -> Option<Diagnostic> {
        match lack {
            Lack::Refused(problem) => {
                let Problem { message, location } = problem.clone().reportable(self.files);
                Some(refused(flag, &message, Some(location)))
            }
            Lack::Unread(Unread::Missing(why)) => {
                (!self.is_distributions(flag)).then(|| refused(flag, why, self.place(flag)))
            }
            Lack::NotNamed | Lack::Unread(Unread::Elsewhere(_) | Unread::Failed(_)) => None,
        }
    }

    /// Whether a distribution names the file: it writes those itself before it starts the server.
    pub(super) fn is_distributions(&self, flag: &str) -> bool {
        self.flags.last(flag).is_some_and(|setting| setting.added_by.is_some())
    }

    pub(super) fn place(&self, flag: &str) -> Option<Location> {
        self.flags.last(flag).map(|setting| setting.location.clone())
    }
}

/// The server refuses a file that a flag leads to.
pub(super) fn refused(flag: &str, why: &str, location: Option<Location>) -> Diagnostic {
    Diagnostic::new(Code::RefusedFile, Clause::of_value(why), location).about(flag.to_owned())
}
