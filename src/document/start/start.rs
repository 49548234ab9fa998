//! A component's start: its arguments, and what is around them.

use std::borrow::Cow;

use crate::command_line::{Arg, Certainty, CommandLine, Mount, MountSource, Variable};
use crate::component::Component;
use crate::document::docker::Run;
use crate::document::environment::{Change, changed};
use crate::document::image;

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
    /// The container that one of the programs around it makes for it; its words are in `args`.
    pub(super) carrier: Option<Box<Run>>,
    /// Why the paths of its flags are those of another file system.
    pub(super) elsewhere: Option<String>,
    /// Why it cannot be told what the program is started with.
    pub(in crate::document) not_followed: Option<String>,
}

impl Start {
    /// What the word at `at` starts with those behind it.
    pub(super) fn new(component: Component, argv: Cow<'_, [Arg]>, at: usize) -> Self {
        let mut args = match argv {
            Cow::Borrowed(argv) => argv.iter().skip(at).cloned().collect(),
            Cow::Owned(mut argv) => {
                argv.drain(..at);
                argv
            }
        };
        let program = args.remove(0);
        Self {
            component,
            program,
            args,
            changes: Vec::new(),
            number: 0,
            carrier: None,
            elsewhere: None,
            not_followed: None,
        }
    }

    /// A start of which nothing but the component is known; `words` are what speaks for it.
    pub(in crate::document) fn not_followed(
        component: Component,
        words: &[Arg],
        why: String,
    ) -> Self {
        let start = Self::new(component, words.iter().take(1).cloned().collect(), 0);
        Self { not_followed: Some(why), ..start }.without_arguments()
    }

    /// Whether the program is a file that is known by its last name alone and has no arguments: such a
    /// file may as well be a script of that name.
    pub(super) fn is_hidden(&self) -> bool {
        self.args.is_empty() && self.program.certainty != Certainty::Known
    }

    /// Whether one of the programs around it makes a container for it.
    pub(in crate::document) fn is_contained(&self) -> bool {
        self.carrier.is_some()
    }

    /// The same with arguments that are not known.
    pub(super) fn without_arguments(self) -> Self {
        let why = self.not_followed.unwrap_or_else(|| "a variable names the program".to_owned());
        let certainty = Certainty::Unresolved(why.clone());
        let unknown = Arg { text: String::new(), certainty, ..self.program.clone() };
        let changes = vec![Change::Any(unknown.clone())];
        Self { args: vec![unknown], changes, not_followed: Some(why), ..self }
    }

    /// The command line, in the environment of what is around it.
    pub(in crate::document) fn into_line(self, environment: &[Variable]) -> CommandLine {
        let Self { component, program, args, changes, number, carrier, .. } = self;
        let mut line = CommandLine::of_words(component, program, args);
        line.environment = environment.to_vec();
        if let Some(run) = carrier {
            line.version = image::version(&run.image);
            line.mounts = run.mounts.into_iter().chain([Mount::of_image()]).collect();
            line.environment = run.environment;
        }
        line.environment = changed(line.environment, &changes);
        if let Some(what) = self.elsewhere {
            line.mounts = vec![Mount { path: "/".to_owned(), source: MountSource::Other(what) }];
        }
        CommandLine { number, not_followed: self.not_followed, ..line }
    }
}
