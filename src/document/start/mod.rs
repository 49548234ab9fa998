//! Which components a command starts, whether it is given as arguments or as a script.
//!
//! One room, because the two need each other: a program may be a shell, which starts the programs of
//! its script, some of which are shells. What others need is handed out here.

mod program;
mod shell;

pub(super) use program::{Container, Start, basename, can_start, find};
pub use shell::words;
pub(super) use shell::{arguments, starts};
