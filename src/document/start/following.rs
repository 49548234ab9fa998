//! One step from a program to the one that it starts.

use super::around::Around;
use super::mention::has_flag;
use super::name::{basename, component_named, hyperkube_server, is_bystander};
use super::options::{self, Options};
use super::wrapper::{Next, Wrapper, wrapper};
use crate::command_line::{Arg, Certainty, Variable};
use crate::component::Component;
use crate::document::docker::{self, Run};
use crate::document::environment::{Change, of_env};
use crate::document::own_flags::owner;

/// What the first of some words does with the others.
pub(super) enum Step {
    /// It is a component, named by the word so far behind.
    Server(Component, usize),
    /// It starts a component in a way of which the reason is told.
    Refused(Component, String),
    /// It starts the word so far behind.
    Behind(usize),
    /// It starts other words.
    Instead(Vec<Arg>),
    /// It splits a text into words between others, and starts them.
    Split {
        before: Vec<Arg>,
        text: Arg,
        behind: Vec<Arg>,
    },
    Script(Arg),
    /// It starts a container.
    Contained(Run),
    /// It is not known.
    Unknown,
    /// It starts no component.
    Nothing,
}

/// Whether a program of this name is a component, or starts others.
pub(in crate::document) fn can_start(name: &str) -> bool {
    component_named(name).is_some() || is_shell(name) || special(name) || wrapper(name).is_some()
}

/// Whether what runs under this name is the server that its words name.
pub(in crate::document) fn is_server_itself(name: &str) -> bool {
    wrapper(name).is_some_and(|wrapper| wrapper.stays)
}

/// Whether words are a shell that reads its script from its input.
pub(super) fn is_stdin_shell(words: &[Arg]) -> bool {
    let Some((first, args)) = words.split_first() else { return false };
    let only_options = |arg: &Arg| arg.text.starts_with('-') && !arg.text.contains('c');
    is_shell(basename(&first.text)) && args.iter().all(only_options)
}

fn is_shell(name: &str) -> bool {
    ["sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "rbash", "yash"].contains(&name)
}

/// Programs that say in a way of their own what they start.
fn special(name: &str) -> bool {
    let known = ["hyperkube", "env", "docker", "podman", "nerdctl", "openshift", "kubelet-wrapper"];
    known.contains(&name)
}

pub(super) fn step(words: &[Arg], image: &str, around: &mut Around) -> Step {
    let Some((program, args)) = words.split_first() else { return Step::Nothing };
    let name = basename(&program.text);
    if let Some(component) = component_named(name) {
        return server(component, args);
    }
    match name {
        "apiserver" if is_apiserver(args, image) => Step::Server(Component::KubeApiserver, 0),
        "hyperkube" => match args.first().and_then(|first| hyperkube_server(&first.text)) {
            Some(component) => Step::Server(component, 1),
            None => Step::Nothing,
        },
        "env" => env(args, around),
        "docker" | "podman" | "nerdctl" => match docker::run(words) {
            Some(run) => Step::Contained(run),
            None if starts_container(args) => Step::Unknown,
            None => Step::Nothing,
        },
        "openshift" | "hypershift" => openshift(args),
        "kubelet-wrapper" => kubelet_wrapper(program, args),
        _ if is_shell(name) => script(args).cloned().map_or(Step::Unknown, Step::Script),
        _ if is_bystander(name) => Step::Nothing,
        _ => match wrapper(name) {
            Some(wrapper) => wrapped(name, wrapper, args, around),
            None => Step::Unknown,
        },
    }
}

fn server(component: Component, args: &[Arg]) -> Step {
    // etcd's other modes are no servers that keep data.
    let mode = args.first().map(|arg| arg.text.as_str());
    if component == Component::Etcd && matches!(mode, Some("gateway" | "grpc-proxy")) {
        return Step::Nothing;
    }
    Step::Server(component, 0)
}

/// Whether a program called apiserver is Kubernetes' own: others are called so, too.
fn is_apiserver(args: &[Arg], image: &str) -> bool {
    let own = || {
        let mut flags = args.iter().filter(|arg| arg.text.starts_with('-'));
        owner(args) == Some(Component::KubeApiserver)
            && flags.all(|flag| has_flag(Component::KubeApiserver, &flag.text))
    };
    image.starts_with("kube-apiserver") || image == "hyperkube" || own()
}

/// `docker start` and the like start a container that was made before.
fn starts_container(args: &[Arg]) -> bool {
    args.iter().any(|arg| matches!(&*arg.text, "start" | "run" | "create" | "restart"))
}

fn openshift(args: &[Arg]) -> Step {
    let mut words = args.iter().map(|arg| arg.text.as_str()).filter(|it| !it.starts_with('-'));
    let component = match (words.next(), words.next(), words.next()) {
        (Some("start"), Some("master"), None | Some("api"))
        | (Some("openshift-kube-apiserver"), ..) => Component::KubeApiserver,
        (Some("start"), Some("master"), Some("controllers"))
        | (Some("openshift-kube-controller-manager"), ..) => Component::KubeControllerManager,
        (Some("start"), Some("node" | "network"), _) => Component::Kubelet,
        _ => return Step::Nothing,
    };
    let why = "a configuration file of OpenShift gives it its flags".to_owned();
    Step::Refused(component, why)
}

/// CoreOS' script: the arguments of a kubelet, or of the program behind `--exec`.
fn kubelet_wrapper(program: &Arg, args: &[Arg]) -> Step {
    let exec =
        args.iter().enumerate().find_map(|(at, arg)| Some((at, arg.text.strip_prefix("--exec=")?)));
    let (at, component) = match exec {
        Some((at, path)) => match hyperkube_server(basename(path)) {
            Some(component) => (Some(at), component),
            None => return Step::Nothing,
        },
        None => (None, Component::Kubelet),
    };
    let own = args.iter().enumerate().filter(|(index, _)| Some(*index) != at);
    let program = Arg { text: component.name().to_owned(), ..program.clone() };
    Step::Instead([program].into_iter().chain(own.map(|(_, arg)| arg.clone())).collect())
}

/// `env`, whose option `-S` splits a text into words.
fn env(args: &[Arg], around: &mut Around) -> Step {
    for (at, arg) in args.iter().enumerate().take_while(|(_, arg)| arg.text.starts_with('-')) {
        let text = arg.text.as_str();
        let attached = match text.strip_prefix("--split-string") {
            Some(rest) => Some(rest.trim_start_matches('=')),
            None if text.starts_with("--") => None,
            None => text.split_once('S').map(|(_, rest)| rest),
        };
        let Some(attached) = attached else { continue };
        let next = usize::from(attached.is_empty());
        let Some(split) = args.get(at + next) else { return Step::Nothing };
        let script = if next == 0 {
            Arg { text: attached.to_owned(), ..arg.clone() }
        } else {
            split.clone()
        };
        let behind = args.get(at + next + 1..).unwrap_or_default();
        let before = args.get(..at).unwrap_or_default();
        let program = Arg { text: "env".to_owned(), ..arg.clone() };
        let before = [&[program], before].concat();
        return Step::Split { before, text: script, behind: behind.to_vec() };
    }
    let (made, command) = of_env(args);
    around.changes.extend(made);
    Step::Behind(1 + args.len() - command.len())
}

/// What stands behind a wrapper's own words.
fn wrapped(name: &str, wrapper: &Wrapper, args: &[Arg], around: &mut Around) -> Step {
    let Some(options) = options::read(wrapper, args) else { return Step::Unknown };
    // Without a user to become, runuser is called as su is.
    if name == "runuser" && !options.has("u user") {
        return match super::wrapper::wrapper("su") {
            Some(su) => wrapped("su", su, args, around),
            None => Step::Unknown,
        };
    }
    let elsewhere = wrapper.elsewhere;
    if elsewhere == "*" || (!elsewhere.is_empty() && options.has(elsewhere)) {
        around.elsewhere = Some(format!("the file system that {name} changes to"));
    }
    let behind = |rest: &[Arg]| match rest {
        [] => Step::Nothing,
        rest => Step::Behind(1 + args.len() - rest.len()),
    };
    match wrapper.next {
        Next::Command => behind(options.rest),
        Next::Assignments => assignments(&options, args.len(), around),
        Next::MoreWords => {
            let why = format!("{name} adds what it reads from its input");
            let more = options.rest.first().map(|first| Arg {
                text: String::new(),
                certainty: Certainty::Unresolved(why),
                ..first.clone()
            });
            around.more = around.more.take().or(more);
            behind(options.rest)
        }
        Next::ScriptOr(names) => match options.value(names) {
            Some(script) => Step::Script(script),
            None => behind(options.rest),
        },
        Next::Script(names) => options.value(names).map_or(Step::Unknown, Step::Script),
        Next::Program(names) => match names.iter().find_map(|names| options.value(names)) {
            Some(program) => Step::Instead([&[program], options.rest].concat()),
            None => Step::Unknown,
        },
        Next::Nothing => Step::Unknown,
    }
}

/// `sudo NAME=value program`.
fn assignments(options: &Options<'_>, count: usize, around: &mut Around) -> Step {
    let mut rest = options.rest;
    while let Some((first, tail)) = rest.split_first() {
        let Some((name, value)) = first.text.split_once('=') else { break };
        let value = Arg { text: value.to_owned(), ..first.clone() };
        around.changes.push(Change::Set(Variable { name: name.to_owned(), value }));
        rest = tail;
    }
    match rest {
        [] => Step::Nothing,
        rest => Step::Behind(1 + count - rest.len()),
    }
}

/// The script of a shell that is given one with `-c`.
pub(super) fn script(args: &[Arg]) -> Option<&Arg> {
    let mut command = false;
    let mut rest = args;
    while let Some((first, tail)) = rest.split_first() {
        let option = first.text.strip_prefix(['-', '+']).filter(|option| !option.is_empty());
        let Some(option) = option else {
            return command.then_some(first);
        };
        if option.starts_with('-') {
            rest = tail;
            continue;
        }
        command |= first.text.starts_with('-') && option.contains('c');
        let takes_next = option.ends_with(['o', 'O']);
        rest = if takes_next { tail.get(1..).unwrap_or_default() } else { tail };
    }
    None
}
