//! Which components a command starts, whether it is given as arguments or as a script.
//!
//! One room, because the two need each other: a program may be a shell, which starts the programs of
//! its script, some of which are shells. What others need is handed out here.

mod around;
mod container;
mod following;
mod mention;
mod name;
mod options;
mod program;
mod shell;
#[allow(clippy::module_inception, reason = "one start of a component")]
mod start;
mod wrapper;

pub(super) use container::{Signs, in_container, meant_for};
pub(super) use following::{can_start, is_server_itself};
pub(super) use mention::{has_flag, only_prints};
pub(super) use name::{basename, component_named};
pub(super) use program::{Container, find};
pub use shell::words;
pub(super) use shell::{arguments, starts};
pub(super) use start::Start;
