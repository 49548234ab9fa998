//! How the servers of a host are started and seen: units, files of variables and arguments, containers,
//! what tools print.

pub(super) mod args_file;
pub(super) mod cmdline;
pub(super) mod compose;
pub(super) mod environment_file;
pub(super) mod journal;
mod page;
pub(super) mod ps;
pub(super) mod script;
mod server;
mod stated;
pub(super) mod supervisord;
pub(super) mod systemd;
mod unit_environment;
mod words;

pub(super) use args_file::list_of;
pub(super) use page::Page;
pub(super) use stated::apply as with_stated_version;
