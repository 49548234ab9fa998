//! Which component a list of arguments starts, and where its own arguments begin.
//!
//! Judged by the program that is run, never by arguments that mention a name. Programs that start
//! another are looked through; where that cannot be done and something speaks for a component, the start
//! is one that is not followed.

use std::borrow::Cow;

use super::around::Around;
use super::container::{contained, not_known};
use super::following::{Step, can_start, step};
use super::mention::{has_flag, mentioned, named, only_prints};
use super::name::basename;
use super::shell::{self, Changes};
use super::start::Start;
use crate::command_line::{Arg, Certainty};
use crate::component::Component;
use crate::document::environment::{Change, shared_changes};
use crate::document::own_flags::owner;
use crate::document::variables::Variables;

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
    /// How many shells and containers it lies in that the arguments of others start.
    pub(in crate::document) depth: usize,
}

/// How many programs that start one another are looked through.
pub(super) const DEEPEST: usize = 32;

/// How many shells and containers that start one another are looked into. All that is in one is read again
/// for each that is around it.
const MOST_AROUND: usize = 4;

/// The components that `argv` starts: one, or with a shell as many as its script has commands for.
pub(in crate::document) fn find<'a>(
    argv: impl Into<Cow<'a, [Arg]>>,
    container: Option<&Container<'_>>,
) -> Vec<Start> {
    let mut argv = argv.into();
    let image = container.map_or("", |container| container.image);
    let (mut at, mut around) = (0, Around::default());
    if container.is_some_and(|container| container.depth > MOST_AROUND) {
        return too_deep(&argv, &around);
    }
    for _ in 0..DEEPEST {
        let words = argv.get(at..).unwrap_or_default();
        match step(words, image, &mut around) {
            Step::Behind(count) => at += count.max(1),
            Step::Split { before, text, behind } => {
                let split = shell::arguments(&text, &|_| None);
                (argv, at) = ([before, split, behind].concat().into(), 0);
            }
            Step::Instead(words) => (argv, at) = (words.into(), 0),
            Step::Server(component, program) => {
                let start = Start::new(component, argv, at + program);
                let hidden = start.is_hidden();
                if only_prints(component, &start.args) {
                    return Vec::new();
                }
                return put_around(
                    vec![if hidden { start.without_arguments() } else { start }],
                    &around,
                );
            }
            Step::Refused(component, why) => {
                return put_around(vec![Start::not_followed(component, words, why)], &around);
            }
            Step::Script(script) => {
                let starts = in_changed(&script, container, &around.changes);
                return put_around(starts, &around);
            }
            Step::Contained(run) => return put_around(contained(run, container), &around),
            Step::Unknown => return unknown(words, container, &around),
            Step::Nothing => return Vec::new(),
        }
    }
    too_deep(argv.get(at..).unwrap_or_default(), &around)
}

/// What is started by words behind too many programs: any component that they name.
fn too_deep(words: &[Arg], around: &Around) -> Vec<Start> {
    let why = || "too many programs start one another before it".to_owned();
    let start = |component| Start::not_followed(component, words, why());
    put_around(named(words).map(start).into_iter().collect(), around)
}

/// What is started by a program that plimsoll does not know: something, if its words speak for that.
fn unknown(words: &[Arg], container: Option<&Container<'_>>, around: &Around) -> Vec<Start> {
    // A script's words may be prose; those of a container or a unit name programs by their paths.
    let program = words.first().map(|word| basename(&word.text)).unwrap_or_default();
    let in_script = container.is_some_and(|container| container.changes.is_some());
    let behind = words.get(1..).unwrap_or_default();
    if let Some(component) = words.first().and_then(|first| part_named(first, behind)) {
        let why = "a variable names the program".to_owned();
        return put_around(vec![Start::not_followed(component, words, why)], around);
    }
    let Some(component) = mentioned(behind, !in_script || can_start(program)) else {
        return Vec::new();
    };
    let why = not_known(program);
    put_around(vec![Start::not_followed(component, words, why)], around)
}

/// The component that a program is of which a part of the name, or all of it, is filled in unseen.
fn part_named(program: &Arg, args: &[Arg]) -> Option<Component> {
    if program.certainty == Certainty::Known {
        return None;
    }
    let name = basename(&program.text);
    let known = name.split(['$', '`', '{']).next().unwrap_or_default();
    let begins =
        |component: &Component| known.len() >= SHORTEST_PART && component.name().starts_with(known);
    let flags = || args.iter().filter(|arg| arg.text.starts_with('-'));
    let by_flags = |component: &Component| flags().all(|flag| has_flag(*component, &flag.text));
    Component::ALL.into_iter().find(begins).or_else(|| owner(args).filter(by_flags))
}

/// How much of a component's name has to be written for the rest to be that of the component.
const SHORTEST_PART: usize = 4;

/// The starts in what is around them.
fn put_around(mut starts: Vec<Start>, around: &Around) -> Vec<Start> {
    let changes = shared_changes(&around.changes, starts.len());
    for start in &mut starts {
        start.changes.splice(..0, changes.iter().cloned());
        if start.carrier.is_none() && start.elsewhere.is_none() {
            start.elsewhere.clone_from(&around.elsewhere);
        }
        start.args.extend(around.more.clone());
    }
    starts
}

/// What a script starts in an environment that was changed before.
fn in_changed(script: &Arg, container: Option<&Container<'_>>, made: &[Change]) -> Vec<Start> {
    if made.is_empty() {
        return shell::distinct(script, container);
    }
    let (none, nowhere) = (Variables::default(), |_: &Arg| None);
    let variables = container.map_or(&none, |container| container.variables).changed(made);
    let around = Container {
        image: container.map_or("", |container| container.image),
        variables: &variables,
        source: container.map_or(&nowhere, |container| container.source),
        changes: container.and_then(|container| container.changes),
        depth: container.map_or(0, |container| container.depth),
    };
    shell::distinct(script, Some(&around))
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
    fn what_is_behind_too_many_programs_is_said_and_takes_no_stack() {
        for unit in ["nice ", "docker run a "] {
            let line = format!("{}kube-apiserver", unit.repeat(3_000));
            let words: Vec<Arg> =
                line.split(' ').map(|word| Arg::given(0, word.to_owned())).collect();
            let [start] = &find(words, None)[..] else { panic!("{unit}") };
            assert_eq!(start.component.name(), "kube-apiserver");
            assert!(start.not_followed.is_some(), "{unit}");
        }
        let script = format!("{}kube-apiserver", "eval ".repeat(3_000));
        let words = ["sh", "-c", &script].map(|word| Arg::given(0, word.to_owned()));
        let [start] = &find(&words[..], None)[..] else { panic!("eval") };
        assert!(start.not_followed.as_deref().is_some_and(|why| why.contains("too many")));
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
