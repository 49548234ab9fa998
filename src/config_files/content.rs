//! The content of a file that a flag or another file names, or the reason why it is not known.

use super::{Located, Problem};
use crate::source::Unread;

/// What a file holds, or why that is not known.
pub type Content<T> = Result<T, Lack>;

/// Why it is not known what a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Nothing names one.
    NotNamed,
    /// It cannot be read here.
    Unread(Unread),
    /// The server refuses it.
    Refused(Problem),
}

impl Lack {
    /// Why a file is not read that another names at a place. If it does not exist, the other is wrong.
    pub(super) fn beside(unread: Unread, named: &Located<String>) -> Self {
        match unread {
            Unread::Missing(message) => {
                Self::Refused(Problem { message, location: named.location.clone() })
            }
            unread => Self::Unread(unread),
        }
    }
}
