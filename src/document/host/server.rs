//! The server that a line of a host's own configuration starts.

use super::docker;
use super::page::Page;
use crate::command_line::{Arg, CommandLine, Mount, Variable};
use crate::component::Component;
use crate::document::image;
use crate::document::start::{Container, Start, find};
use crate::document::variables::Variables;

/// The command lines that words start, also in a container or by a shell.
pub(super) fn lines(argv: &[Arg], environment: &[Variable], page: &Page<'_>) -> Vec<CommandLine> {
    let (variables, source) = (Variables::default(), |arg: &Arg| page.source(arg));
    let found = |argv: &[Arg], image: &str| {
        find(
            argv,
            Some(&Container { image, variables: &variables, source: &source, changes: None }),
        )
    };
    let Some(run) = docker::run(argv) else {
        // No other component takes flags from variables.
        let line = |start: Start| match start.component {
            Component::Etcd => start.into_line(environment),
            _ => start.into_line(&[]),
        };
        return found(argv, "").into_iter().map(line).collect();
    };
    let version = image::version(&run.image);
    let mounts: Vec<_> = run.mounts.iter().cloned().chain([Mount::of_image()]).collect();
    let line = |start: Start| {
        let line = start.into_line(&run.environment);
        CommandLine { version, mounts: mounts.clone(), ..line }
    };
    found(&run.argv, image::base(&run.image)).into_iter().map(line).collect()
}
