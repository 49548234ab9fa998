//! One server's arguments as they were written, each with its place.
//!
//! Everything above this stage is about where text comes from; everything below asks only what the
//! arguments mean.

use std::fmt;
use std::sync::Arc;

use crate::component::Component;
use crate::version::KubernetesVersion;

/// A point in a text. No text is longer than four gigabytes, and every argument, setting and fact has
/// two of them: they are kept small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    offset: u32,
    line: u32,
    column: u32,
}

impl Mark {
    /// A point so many bytes from the start; line and column, in characters, from 1.
    pub fn new(offset: usize, line: usize, column: usize) -> Self {
        let small = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Self { offset: small(offset), line: small(line), column: small(column) }
    }

    /// Bytes from the start of the text.
    pub const fn offset(self) -> usize {
        self.offset as usize
    }

    /// Line, from 1.
    pub const fn line(self) -> usize {
        self.line as usize
    }

    /// Column in characters, from 1.
    pub const fn column(self) -> usize {
        self.column as usize
    }
}

/// A stretch of a text, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first character.
    pub start: Mark,
    /// Just behind the last character.
    pub end: Mark,
}

/// Where an argument was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In a file or on standard input.
    Text {
        /// The file, as the user named it; `<stdin>` for standard input.
        path: Arc<str>,
        /// The argument's own characters.
        span: Span,
    },
    /// In the arguments of a running process.
    Process {
        /// The process.
        pid: u32,
        /// Index into its arguments; 0 is the program's name.
        argument: usize,
    },
    /// Behind `--` on plimsoll's own command line.
    Argv {
        /// Index into those arguments; 0 is the program's name.
        argument: usize,
    },
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { path, span } => write!(f, "{path}:{}", span.start.line),
            Self::Process { pid, argument } => write!(f, "pid {pid}, argument {argument}"),
            Self::Argv { argument } => write!(f, "argument {argument}"),
        }
    }
}

/// How far an argument's text is what the server will receive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// The server receives this text.
    Known,
    /// Part of the text is filled in where plimsoll cannot see; says what.
    Unresolved(String),
    /// The document's own reader refuses the argument; says why.
    Refused(String),
}

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arg {
    /// The text, variables replaced where their values are known.
    pub text: String,
    /// Where it was written.
    pub location: Location,
    /// Whether the text is what the server receives.
    pub certainty: Certainty,
    /// The distribution that adds the argument by itself; the place is then where one's own would be.
    pub added_by: Option<&'static str>,
}

/// A variable of the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Arg,
}

/// Where a path of the program's own file system comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The path in the container.
    pub path: String,
    /// What stands there.
    pub source: MountSource,
}

impl Mount {
    /// What lies under no other mount: it comes with the container's image, whatever the node has there.
    pub fn of_image() -> Self {
        let source = MountSource::Other("the container's image".to_owned());
        Self { path: "/".to_owned(), source }
    }

    /// A path that is the same on the node.
    pub fn same(path: &str) -> Self {
        Self { path: path.to_owned(), source: MountSource::Host(path.to_owned()) }
    }
}

/// What a container has mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MountSource {
    /// This path of the node.
    Host(String),
    /// Something that is no file of the node; says what.
    Other(String),
}

/// The most arguments and variables of one server that are read: the largest component has three hundred
/// flags.
pub const ARGUMENT_LIMIT: usize = 4096;

/// The most that they may hold together, in bytes. The kernel hands a program no longer argument.
pub const LENGTH_LIMIT: usize = 128 * 1024;

/// A command line beyond what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooLong {
    /// See [`ARGUMENT_LIMIT`].
    #[error("it has more than {ARGUMENT_LIMIT} arguments and variables, the most that is read")]
    Arguments,
    /// See [`LENGTH_LIMIT`].
    #[error("its arguments and variables hold more than {} KiB, the most that is read", LENGTH_LIMIT >> 10)]
    Bytes,
}

/// The arguments of one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// Which program it starts.
    pub component: Component,
    /// The word that names the program; a missing flag would be written after it.
    pub program: Arg,
    /// The arguments behind the program's name.
    pub args: Vec<Arg>,
    /// Variables of the program's environment: those that set flags (etcd's `ETCD_…`), and what
    /// changes Go itself (`GODEBUG`).
    pub environment: Vec<Variable>,
    /// Whether these are all of its variables that matter.
    pub environment_is_whole: bool,
    /// The minor that its carrier states, by an image's tag or a field.
    pub version: Option<KubernetesVersion>,
    /// What its container has mounted; none where there is no container.
    pub mounts: Vec<Mount>,
    /// Lines of its file that hold one argument and nothing else, as an item of a list or by itself.
    pub whole_lines: Vec<usize>,
    /// What the line's carrier calls it, such as a pod and container name.
    pub name: Option<String>,
    /// How many command lines of the component the same script has before it.
    pub number: usize,
    /// Whether only a wrapper says it: nothing shows that a server runs with it.
    pub only_announced: bool,
    /// Whether it starts OpenShift's own build of the component, which has a flag and plugins of its own.
    pub of_openshift: bool,
    /// Why it cannot be told what the server is started with, if something speaks for a start that is not
    /// understood.
    pub not_followed: Option<String>,
}

impl Arg {
    /// A word that stands as it is at a place.
    pub fn written(text: String, location: Location) -> Self {
        Self { text, location, certainty: Certainty::Known, added_by: None }
    }

    /// Stands for arguments that cannot be seen, for the reason given: the server may have any here.
    pub fn hidden(why: String, location: Location) -> Self {
        let certainty = Certainty::Unresolved(why);
        Self { text: String::new(), location, certainty, added_by: None }
    }

    /// The word at a place among arguments given directly; the program is 0.
    pub fn given(argument: usize, text: String) -> Self {
        Self::written(text, Location::Argv { argument })
    }
}

impl CommandLine {
    /// Whether all of it can be read.
    pub fn within_limits(&self) -> Result<(), TooLong> {
        let variables = self.environment.iter().map(|variable| &variable.value);
        let mut texts = self.args.iter().chain(variables).map(|arg| arg.text.len());
        if self.args.len() + self.environment.len() > ARGUMENT_LIMIT {
            return Err(TooLong::Arguments);
        }
        let length = texts.try_fold(0_usize, usize::checked_add);
        if length.is_none_or(|length| length > LENGTH_LIMIT) { Err(TooLong::Bytes) } else { Ok(()) }
    }

    /// A line of which nothing but its words is known.
    pub fn of_words(component: Component, program: Arg, args: Vec<Arg>) -> Self {
        Self {
            component,
            program,
            args,
            environment: Vec::new(),
            environment_is_whole: false,
            version: None,
            mounts: Vec::new(),
            whole_lines: Vec::new(),
            name: None,
            number: 0,
            only_announced: false,
            of_openshift: false,
            not_followed: None,
        }
    }

    /// The line that starts a component with these arguments, given directly.
    pub fn given(component: Component, args: impl IntoIterator<Item = String>) -> Self {
        let program = Arg::given(0, component.name().to_owned());
        let args = (1..).zip(args).map(|(argument, text)| Arg::given(argument, text)).collect();
        Self::of_words(component, program, args)
    }
}

#[cfg(test)]
mod tests {
    use super::{ARGUMENT_LIMIT, Arg, CommandLine, LENGTH_LIMIT, TooLong, Variable};
    use crate::component::Component;

    #[test]
    fn a_line_of_too_many_or_too_long_words_is_not_read() {
        let line = |args: Vec<String>| CommandLine::given(Component::Etcd, args);
        let many = |count: usize| line(vec!["--v=2".to_owned(); count]);
        let long = |length: usize| line(vec!["x".repeat(length)]);
        assert_eq!(many(ARGUMENT_LIMIT).within_limits(), Ok(()));
        assert_eq!(many(ARGUMENT_LIMIT + 1).within_limits(), Err(TooLong::Arguments));
        assert_eq!(long(LENGTH_LIMIT).within_limits(), Ok(()));
        assert_eq!(long(LENGTH_LIMIT + 1).within_limits(), Err(TooLong::Bytes));
        let mut full = long(LENGTH_LIMIT);
        let value = Arg::given(0, "x".to_owned());
        full.environment.push(Variable { name: "A".to_owned(), value });
        assert_eq!(full.within_limits(), Err(TooLong::Bytes));
    }
}
