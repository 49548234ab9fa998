//! Where text comes from: files, folders, standard input, running processes.
//!
//! The only stage that touches the machine. It hands on text and bytes; what they mean is decided
//! by the stages below.

#![allow(clippy::disallowed_methods, reason = "the stage that reads the machine")]

mod attributes;
mod below;
mod executable;
mod exposure;
mod file;
mod files;
mod folder;
mod host;
mod outsider;
mod plain_path;
pub mod process;
mod resolve;
mod root;
mod stat;
mod steady;
mod user;

use std::sync::Arc;

pub use attributes::Attributes;
pub use executable::ExeFile;
pub use exposure::{Exposure, exposure};
pub use file::{
    Error, PACK_LIMIT, REPORT_LIMIT, SIZE_LIMIT, any_part, read_file, read_pack, read_report,
    read_stdin,
};
pub use files::{Files, NamedBytes, Unread};
pub use folder::{Glob, LeftOut, Options as WalkOptions, Seen, Walk, walk};
pub use host::host_name;
pub use outsider::{Outsider, is_trusted, outsider};
pub use plain_path::{plain_path, plain_pattern};
pub use root::{Root, RootPart};
pub use user::Reader;

/// The name that stands for standard input where a path is shown.
pub const STDIN: &str = "<stdin>";

/// What a target was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A running process.
    Process {
        /// Its id.
        pid: u32,
        /// The user it runs as, if that could be read.
        uid: Option<u32>,
        /// Its executable, if that could be read.
        exe: Option<String>,
        /// Whether that is the file of this name on the machine.
        exe_file: ExeFile,
    },
    /// A file.
    File {
        /// As the user named it.
        path: Arc<str>,
    },
    /// Standard input.
    Stdin,
    /// plimsoll's own arguments behind `--`.
    Argv,
    /// Nothing: the component does not run on the machine whose processes were read.
    Absent,
}
