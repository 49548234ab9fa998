//! One server's arguments as they were written, each with its place.
//!
//! Everything above this stage is about where text comes from; everything below asks only what the
//! arguments mean.

use std::fmt;
use std::sync::Arc;

use crate::component::Component;
use crate::version::KubernetesVersion;

/// A point in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Bytes from the start of the text.
    pub offset: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// What the line's carrier calls it, such as a pod and container name.
    pub name: Option<String>,
}

impl Arg {
    /// A word that stands as it is at a place.
    pub fn written(text: String, location: Location) -> Self {
        Self { text, location, certainty: Certainty::Known, added_by: None }
    }

    /// The word at a place among arguments given directly; the program is 0.
    pub fn given(argument: usize, text: String) -> Self {
        Self::written(text, Location::Argv { argument })
    }
}

impl CommandLine {
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
            name: None,
        }
    }

    /// The line that starts a component with these arguments, given directly.
    pub fn given(component: Component, args: impl IntoIterator<Item = String>) -> Self {
        let program = Arg::given(0, component.name().to_owned());
        let args = (1..).zip(args).map(|(argument, text)| Arg::given(argument, text)).collect();
        Self::of_words(component, program, args)
    }
}
