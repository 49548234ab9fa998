//! What was put into a script before the shell reads it: `$(NAME)` by the kubelet, what a template or
//! another shell filled in. Where it is not known it stands in the script as it was written.

use crate::command_line::{Arg, Certainty};
use crate::document::start::program::Container;

/// Who filled something in that is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Filled {
    /// Nobody: the script is known.
    #[default]
    No,
    /// The kubelet: what it does not know itself is left to the shell.
    Kubelet,
    /// Another, by any `$`.
    Any,
}

impl Filled {
    pub(super) fn of(script: &Arg, container: Option<&Container<'_>>) -> Self {
        let by_kubelet = |around: &Container<'_>| {
            around.changes.is_none() && around.variables.may_fill_in_unknown()
        };
        match container {
            _ if script.certainty == Certainty::Known => Self::No,
            Some(container) if by_kubelet(container) => Self::Kubelet,
            _ => Self::Any,
        }
    }
}
