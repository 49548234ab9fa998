//! Which component a list of arguments starts, and where its own arguments begin.
//!
//! Judged by the program that is run, never by arguments that mention a name. Wrappers that start
//! another program (go-runner, a shell, an init) are looked through.

use std::borrow::Cow;

use super::shell::{self, Changes};
use crate::command_line::{Arg, CommandLine, Variable};
use crate::component::Component;
use crate::document::environment::{Change, of_env};
use crate::document::variables::Variables;

/// A component's start within a list of arguments.
#[derive(Debug)]
pub(in crate::document) struct Start {
    pub(in crate::document) component: Component,
    /// The word that names the program.
    pub(in crate::document) program: Arg,
    /// The program's own arguments.
    pub(in crate::document) args: Vec<Arg>,
    /// What the wrappers and shells around it change of its environment, the outermost first.
    pub(in crate::document) changes: Vec<Change>,
    /// How many of the component its script starts before this one.
    pub(in crate::document) number: usize,
}

impl Start {
    /// What the word at `at` starts with those behind it.
    fn new(component: Component, argv: Cow<'_, [Arg]>, at: usize) -> Self {
        let mut args = match argv {
            Cow::Borrowed(argv) => argv.iter().skip(at).cloned().collect(),
            Cow::Owned(mut argv) => {
                argv.drain(..at);
                argv
            }
        };
        let program = args.remove(0);
        Self { component, program, args, changes: Vec::new(), number: 0 }
    }

    /// The command line, in the environment of what is around it.
    pub(in crate::document) fn into_line(self, environment: &[Variable]) -> CommandLine {
        let Self { component, program, args, changes, number } = self;
        let mut environment = environment.to_vec();
        for change in &changes {
            change.apply(&mut environment);
        }
        CommandLine { environment, number, ..CommandLine::of_words(component, program, args) }
    }
}

/// What is known of the container around the arguments.
pub(in crate::document) struct Container<'c> {
    /// The last part of its image's repository.
    pub(in crate::document) image: &'c str,
    /// Its environment.
    pub(in crate::document) variables: &'c Variables,
    /// The source text of an argument, for finding a script's words in it.
    pub(in crate::document) source: &'c dyn Fn(&Arg) -> Option<String>,
    /// What a shell around the arguments changes of the environment.
    pub(in crate::document) changes: Option<&'c Changes>,
}

/// The last part of a path.
pub(in crate::document) fn basename(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The components that `argv` starts: one, or with a shell as many as its script has commands for.
pub(in crate::document) fn find<'a>(
    argv: impl Into<Cow<'a, [Arg]>>,
    container: Option<&Container<'_>>,
) -> Vec<Start> {
    let argv = argv.into();
    let mut changes = Vec::new();
    match find_or_script(&argv, container, &mut changes) {
        Some(Launch::Start(component, at)) => {
            vec![Start { changes, ..Start::new(component, argv, at) }]
        }
        Some(Launch::Script(script)) if changes.is_empty() => shell::distinct(script, container),
        Some(Launch::Script(script)) => in_changed(script, container, &changes),
        None => Vec::new(),
    }
}

/// What a script starts in an environment that was changed before.
fn in_changed(script: &Arg, container: Option<&Container<'_>>, made: &[Change]) -> Vec<Start> {
    let (none, nowhere) = (Variables::default(), |_: &Arg| None);
    let variables = container.map_or(&none, |container| container.variables).changed(made);
    let around = Container {
        image: container.map_or("", |container| container.image),
        variables: &variables,
        source: container.map_or(&nowhere, |container| container.source),
        changes: container.and_then(|container| container.changes),
    };
    let mut starts = shell::distinct(script, Some(&around));
    for start in &mut starts {
        start.changes.splice(..0, made.iter().cloned());
    }
    starts
}

/// What a list of arguments comes to.
enum Launch<'a> {
    /// The component, and where the word is that names it.
    Start(Component, usize),
    Script(&'a Arg),
}

fn find_or_script<'a>(
    argv: &'a [Arg],
    container: Option<&Container<'_>>,
    changes: &mut Vec<Change>,
) -> Option<Launch<'a>> {
    let mut rest = argv;
    // Each wrapper takes at least its own name, so this ends.
    loop {
        let (program, args) = rest.split_first()?;
        let at = argv.len() - rest.len();
        let name = basename(&program.text);
        if let Some(component) = Component::from_name(name) {
            // etcd's other modes are no servers that keep data.
            let mode = args.first().map(|arg| arg.text.as_str());
            if component == Component::Etcd && matches!(mode, Some("gateway" | "grpc-proxy")) {
                return None;
            }
            return Some(Launch::Start(component, at));
        }
        let image = container.map_or("", |container| container.image);
        if name == "apiserver" && (image.starts_with("kube-apiserver") || image == "hyperkube") {
            return Some(Launch::Start(Component::KubeApiserver, at));
        }
        rest = match wrapper(name)? {
            Wrapper::Hyperkube => {
                let component = hyperkube_server(&args.first()?.text)?;
                return Some(Launch::Start(component, at + 1));
            }
            Wrapper::Shell => return script(args).map(Launch::Script),
            Wrapper::Bare => args,
            Wrapper::GoRunner => skip_options(args, &["-log-file", "--log-file"]),
            Wrapper::Init => skip_options(args, &["-p", "-e"]),
            Wrapper::Env => {
                let (made, command) = of_env(args);
                changes.extend(made);
                command
            }
        };
    }
}

/// A program that starts another, by how its arguments say which.
enum Wrapper {
    Hyperkube,
    Shell,
    /// The next argument is the program.
    Bare,
    GoRunner,
    Init,
    Env,
}

fn wrapper(name: &str) -> Option<Wrapper> {
    Some(match name {
        "hyperkube" => Wrapper::Hyperkube,
        "sh" | "bash" | "dash" | "ash" => Wrapper::Shell,
        "busybox" | "nohup" | "setsid" => Wrapper::Bare,
        "go-runner" => Wrapper::GoRunner,
        "tini" | "dumb-init" | "catatonit" => Wrapper::Init,
        "env" => Wrapper::Env,
        _ => return None,
    })
}

/// Whether a program of this name is a component, or starts others.
pub(in crate::document) fn can_start(name: &str) -> bool {
    Component::from_name(name).is_some() || wrapper(name).is_some()
}

/// The components that hyperkube knows by their long or short name.
fn hyperkube_server(name: &str) -> Option<Component> {
    match name {
        "apiserver" => Some(Component::KubeApiserver),
        "controller-manager" => Some(Component::KubeControllerManager),
        "scheduler" => Some(Component::KubeScheduler),
        _ => Component::from_name(name).filter(|component| *component != Component::Etcd),
    }
}

/// What follows a wrapper's own options; some take the next argument for their value.
fn skip_options<'a>(mut args: &'a [Arg], with_value: &[&str]) -> &'a [Arg] {
    while let Some((first, tail)) = args.split_first() {
        if first.text == "--" {
            return tail;
        }
        if !first.text.starts_with('-') {
            return args;
        }
        let takes_next = with_value.contains(&first.text.as_str());
        args = if takes_next { tail.get(1..).unwrap_or_default() } else { tail };
    }
    args
}

/// The script of a shell that is given one with `-c`.
fn script(args: &[Arg]) -> Option<&Arg> {
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

#[cfg(test)]
mod tests {
    use super::find;
    use crate::command_line::{Arg, Certainty, Location};

    fn started(words: &[&str]) -> Option<String> {
        let args: Vec<Arg> = words
            .iter()
            .map(|text| Arg {
                text: (*text).to_owned(),
                location: Location::Argv { argument: 0 },
                certainty: Certainty::Known,
                added_by: None,
            })
            .collect();
        let start = find(args, None).into_iter().next()?;
        let args: Vec<_> = start.args.iter().map(|arg| arg.text.as_str()).collect();
        Some(format!("{} {}", start.component, args.join(" ")))
    }

    #[test]
    fn the_program_is_found_behind_its_wrappers() {
        let cases: &[&[&str]] = &[
            &["kube-apiserver", "--a"],
            &["/usr/local/bin/kube-apiserver", "--a"],
            &["/hyperkube", "apiserver", "--a"],
            &["./hyperkube", "kube-apiserver", "--a"],
            &["/go-runner", "--log-file=/x", "--also-stdout", "/bin/kube-apiserver", "--a"],
            &["/go-runner", "--log-file", "/x", "kube-apiserver", "--a"],
            &["sh", "-c", "exec kube-apiserver --a"],
            &["/bin/bash", "-eu", "-o", "pipefail", "-c", "kube-apiserver --a | tee /log"],
            &["/sbin/tini", "-s", "--", "kube-apiserver", "--a"],
            &["env", "-u", "X", "A=b", "kube-apiserver", "--a"],
            &["busybox", "sh", "-c", "kube-apiserver --a"],
        ];
        for words in cases {
            assert_eq!(started(words).as_deref(), Some("kube-apiserver --a"), "{words:?}");
        }
    }

    #[test]
    fn a_name_among_the_arguments_is_no_program() {
        let cases: &[&[&str]] = &[
            &[],
            &["vim", "kube-apiserver.yaml", "--profiling=false"],
            &["grep", "kube-apiserver"],
            &["sh", "-c", "echo kube-apiserver --a"],
            &["sh", "kube-apiserver"],
            &["/go-runner"],
            &["hyperkube"],
            &["hyperkube", "kubectl"],
            &["apiserver", "--a"],
            &["kube-apiserver-healthcheck", "--a"],
            &["karmada-apiserver", "--a"],
            &["etcd", "grpc-proxy", "start"],
        ];
        for words in cases {
            assert_eq!(started(words), None, "{words:?}");
        }
    }
}
