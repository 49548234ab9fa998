//! What the programs around a server do to it.

use crate::command_line::Arg;
use crate::document::environment::Change;

/// What the programs around a server do to it.
#[derive(Default)]
pub(super) struct Around {
    /// What they change of its environment, the outermost first.
    pub(super) changes: Vec<Change>,
    /// Why the paths of its flags are not those of what is around the programs.
    pub(super) elsewhere: Option<String>,
    /// What stands for arguments that a program reads elsewhere.
    pub(super) more: Option<Arg>,
}
