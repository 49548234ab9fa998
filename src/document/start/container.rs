//! What a container starts, by its words, its image and its name.

use super::around::Around;
use super::following::{Step, step};
use super::mention::{has_flag, only_prints};
use super::name::basename;
use super::program::{Container, DEEPEST, find};
use super::shell::commands_of;
use super::start::Start;
use crate::command_line::Arg;
use crate::component::Component;
use crate::document::docker::Run;
use crate::document::image;
use crate::document::own_flags::owner;

/// What tells of a container which program it is for.
pub(in crate::document) struct Signs<'s> {
    /// Its image, as it is written.
    pub(in crate::document) reference: &'s str,
    /// Its own name.
    pub(in crate::document) name: Option<&'s str>,
    /// The place of its words, or of its image.
    pub(in crate::document) place: Option<Arg>,
    /// Whether the image chooses the program, if the words begin with an option.
    pub(in crate::document) entrypoint: bool,
}

/// The components that a container starts. One that is meant for a component, and of which it cannot be
/// told what it starts, is said to start it in a way that is not followed.
pub(in crate::document) fn in_container(
    mut argv: Vec<Arg>,
    signs: &Signs<'_>,
    around: &Container<'_>,
) -> Vec<Start> {
    let by_name = signs.name.and_then(Component::from_name);
    let by_image = image::component(signs.reference);
    let no_program = argv.first().is_none_or(|arg| arg.text.starts_with('-'));
    if signs.entrypoint && no_program {
        let component = by_image.or_else(|| by_flags(&argv, by_name, signs.reference));
        let Some(place) = &signs.place else { return Vec::new() };
        let Some(component) = component else {
            let own = by_name.filter(|_| argv.is_empty() && !is_placeholder(signs.reference));
            let why = "the program of its image is not known".to_owned();
            let starts = own.map(|it| Start::not_followed(it, std::slice::from_ref(place), why));
            return starts.into_iter().collect();
        };
        argv.insert(0, Arg { text: component.name().to_owned(), ..place.clone() });
    }
    let beside = is_beside(signs.name);
    let meant = by_name.or(by_image.filter(|_| !beside));
    match meant {
        Some(component) => meant_for(component, &argv, around),
        None => find(argv, Some(around)),
    }
}

/// Why a start is not followed that is a program's.
pub(super) fn not_known(program: &str) -> String {
    match program {
        "" => "the program that starts it is filled in elsewhere".to_owned(),
        program => format!("how {program:?} starts it is not known"),
    }
}

/// What words start that are meant for a component, by the name of what carries them. If nothing is found,
/// and the words may start something, they are said to start it in a way that is not followed.
pub(in crate::document) fn meant_for(
    component: Component,
    argv: &[Arg],
    around: &Container<'_>,
) -> Vec<Start> {
    let starts = find(argv, Some(around));
    if !starts.is_empty() || argv.is_empty() || is_harmless(argv, 0) {
        return starts;
    }
    let program = argv.first().map(|word| basename(&word.text)).unwrap_or_default();
    let why = not_known(program);
    vec![Start::not_followed(component, argv, why)]
}

/// What a container starts that a command makes.
pub(super) fn contained(mut run: Run, outer: Option<&Container<'_>>) -> Vec<Start> {
    let argv = std::mem::take(&mut run.argv);
    let (none, nowhere) = (crate::document::variables::Variables::default(), |_: &Arg| None);
    let around = Container {
        image: image::base(&run.image),
        variables: &none,
        source: outer.map_or(&nowhere, |container| container.source),
        changes: None,
        depth: outer.map_or(0, |container| container.depth) + 1,
    };
    let signs = Signs {
        reference: &run.image,
        name: run.name.as_deref(),
        place: run.place.clone(),
        entrypoint: !run.has_entrypoint,
    };
    let mut starts = in_container(argv, &signs, &around);
    for start in &mut starts {
        start.carrier.get_or_insert_with(|| Box::new(run.clone()));
    }
    starts
}

/// The component whose arguments a container has that names no program.
fn by_flags(args: &[Arg], by_name: Option<Component>, reference: &str) -> Option<Component> {
    let flags = || args.iter().filter(|arg| arg.text.starts_with('-'));
    let named = by_name.filter(|component| flags().any(|flag| has_flag(*component, &flag.text)));
    // Extension API servers share most of these flags.
    let base = image::base(reference);
    let other = base.ends_with("apiserver") && !base.starts_with("kube-apiserver");
    named.or_else(|| {
        let owner = owner(args).filter(|_| !other && !reference.is_empty())?;
        flags().all(|flag| has_flag(owner, &flag.text)).then_some(owner)
    })
}

/// A container that waits in another's place.
fn is_placeholder(reference: &str) -> bool {
    reference.is_empty() || image::base(reference).starts_with("pause")
}

/// Whether a name is that of a helper beside a component, which often has the component's image.
fn is_beside(name: Option<&str>) -> bool {
    let Some(name) = name else { return false };
    let helps = [
        "backup", "metric", "exporter", "snapshot", "health", "proxy", "init", "wait", "defrag",
        "ctl", "ready", "copy", "restore", "perm",
    ];
    let suffixed = Component::ALL.into_iter().any(|component| {
        name.strip_prefix(component.name()).is_some_and(|tail| tail.starts_with('-'))
    });
    Component::from_name(name).is_none() && (suffixed || helps.iter().any(|it| name.contains(it)))
}

/// Whether words surely start no component: programs that are known to start none. `depth` programs start them.
fn is_harmless(words: &[Arg], depth: usize) -> bool {
    if depth > DEEPEST {
        return false;
    }
    match step(words, "", &mut Around::default()) {
        Step::Nothing => true,
        Step::Behind(count) => {
            words.get(count..).is_some_and(|words| is_harmless(words, depth + 1))
        }
        Step::Script(script) => {
            commands_of(&script).iter().all(|words| is_harmless(words, depth + 1))
        }
        Step::Server(component, at) => {
            only_prints(component, words.get(at + 1..).unwrap_or_default())
        }
        Step::Instead(_)
        | Step::Split { .. }
        | Step::Refused(..)
        | Step::Contained(_)
        | Step::Unknown => false,
    }
}
