//! The binary, driven as a user drives it.

#![allow(clippy::disallowed_methods, reason = "tests start programs and write files")]

mod absent;
mod accepted;
mod architecture;
mod browser;
mod certificates;
mod check;
mod contents;
mod dependencies;
mod docs;
mod documents;
mod drift;
mod explain;
mod files;
mod flags;
mod folders;
mod foreign;
mod forgery;
#[path = "../../src/config_files/pki/generated.rs"]
#[allow(dead_code, reason = "the library's tests use the rest")]
mod generated;
mod identity;
mod invisible;
mod kept;
mod libyaml;
mod limit;
mod limits;
mod live;
mod logs;
mod machine;
mod many;
mod modes;
mod openshift;
mod outputs;
mod own_inputs;
mod patches;
mod paths;
mod piped;
mod program;
mod reports;
mod rules;
mod schema;
mod scripts;
mod secrets;
mod selection;
mod templates;
mod terminal;
mod undecided;
mod verdicts;
mod within;
mod wrappers;
mod yaml;
