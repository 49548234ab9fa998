//! The server that a line of a host's own configuration starts.

use super::page::Page;
use crate::command_line::{Arg, CommandLine, Variable};
use crate::component::Component;
use crate::document::environment::shared;
use crate::document::start::{Container, Start, find, meant_for};
use crate::document::variables::Variables;

/// The command lines that words start, also in a container or by a shell.
pub(super) fn lines(argv: &[Arg], environment: &[Variable], page: &Page<'_>) -> Vec<CommandLine> {
    meant_lines(None, argv, environment, page)
}

/// The command lines that words start which are meant for a component, if that is told.
pub(super) fn meant_lines(
    component: Option<Component>,
    argv: &[Arg],
    environment: &[Variable],
    page: &Page<'_>,
) -> Vec<CommandLine> {
    let (variables, source) = (Variables::default(), |arg: &Arg| page.source(arg));
    let around =
        Container { image: "", variables: &variables, source: &source, changes: None, depth: 0 };
    let starts = match component {
        Some(component) => meant_for(component, argv, &around),
        None => find(argv, Some(&around)),
    };
    let environment = shared(environment, starts.len());
    // No other component takes flags from variables.
    let line = |start: Start| match start.component {
        Component::Etcd => start.into_line(&environment),
        _ => start.into_line(&[]),
    };
    starts.into_iter().map(line).collect()
}
