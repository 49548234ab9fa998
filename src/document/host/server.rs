//! The server that a line of a host's own configuration starts.

use super::docker;
use super::page::Page;
use crate::command_line::{Arg, CommandLine, Mount, Variable};
use crate::component::Component;
use crate::document::image;
use crate::document::program::{Container, Start, find};
use crate::document::variables::Variables;
use crate::version::{KubernetesVersion, VersionOrigin};

/// The command line that words start, also in a container or by a shell.
pub(super) fn line(argv: &[Arg], environment: &[Variable], page: &Page<'_>) -> Option<CommandLine> {
    let (variables, source) = (Variables::default(), |arg: &Arg| page.source(arg));
    let found = |argv: &[Arg], image: &str| {
        find(argv, Some(&Container { image, variables: &variables, source: &source }))
    };
    let Some(run) = docker::run(argv) else {
        let Start { component, program, args } = found(argv, "")?;
        let line = CommandLine::of_words(component, program, args);
        // No other component takes flags from variables.
        let environment = if component == Component::Etcd { environment } else { &[] };
        return Some(CommandLine { environment: environment.to_vec(), ..line });
    };
    let Start { component, program, args } = found(&run.argv, image::base(&run.image))?;
    let version = image::minor(&run.image)
        .map(|minor| KubernetesVersion { minor, from: VersionOrigin::Image });
    let line = CommandLine::of_words(component, program, args);
    let mounts = run.mounts.into_iter().chain([Mount::of_image()]).collect();
    Some(CommandLine { environment: run.environment, version, mounts, ..line })
}
