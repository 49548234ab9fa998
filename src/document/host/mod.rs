//! How the servers of a host are started and seen: units, files of variables and arguments, containers,
//! what tools print.

mod args_file;
mod cmdline;
pub(super) mod compose;
mod docker;
mod environment_file;
mod journal;
mod page;
mod ps;
mod script;
mod server;
mod stated;
mod supervisord;
pub(super) mod systemd;
mod unit_environment;
mod words;

use super::ReadText;

pub(super) use args_file::{list_of, names_own_flag};
pub(super) use page::Page;
pub(super) use stated::apply as with_stated_version;

/// Formats that no YAML document looks like.
pub(super) const MARKED: [ReadText; 3] = [cmdline::read, supervisord::read, systemd::read];

/// Formats that are told by what most of their lines are; tried where YAML holds nothing.
pub(super) const LIKELY: [ReadText; 5] =
    [journal::read, ps::read, environment_file::read, args_file::read, script::read];
