//! The binary, driven as a user drives it.

#![allow(clippy::disallowed_methods, reason = "tests start programs and write files")]

mod check;
mod docs;
mod documents;
mod explain;
mod files;
mod flags;
mod live;
mod program;
mod rules;
mod schema;
mod verdicts;
