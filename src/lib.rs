//! plimsoll audits the flags of a Kubernetes control plane. It reads them as the servers read them.
//!
//! Data flows from top to bottom:
//!
//! ```text
//! source → document → command line → flags → config files → evaluate(rules) → results → waivers, baseline → report → kept
//!   │         │            │           │          │              │                                             │       │
//!   │         │            │           │          │              │                     a renderer a format ────┘       │
//!   │         │            │           │          │              │             saved reports, read again ──────────────┘
//!   │         │            │           │          │              └ rules are data: `rule/`, `rules/*.toml`
//!   │         │            │           │          └ the contents of the files that flags name
//!   │         │            │           └ how the server of a release reads them: the heart
//!   │         │            └ arguments as written, each with its place
//!   │         └ recognises a text: pods, distributions, units, processes, arguments
//!   └ files, folders, standard input, `/proc`: nothing else touches the machine
//! ```
//!
//! The list below is in dependency order: first the vocabulary, then the stages. A module uses only those
//! above it, and no modules of one folder use each other: `tests/cli/architecture.rs` checks both. The one
//! exception is `document/start`, where programs start shells and shells start programs. `flags` comes before `document` because a document
//! may hold nothing but flags, and is recognised by their names.
//!
//! `build.rs` digests `rules/` when plimsoll is built, with the modules of `rule/pack/` that read a user's rules.
//!
//! Between `source` and `report` everything is pure: values in, values out; the files that flags name
//! are asked of [`source::Files`], which a test fills with texts. `commands` wires the
//! stages together, and only `main` ends the process.

mod ascii;
mod base64;
pub mod component;
pub mod credential;
pub mod digest;
pub mod exit;
mod invisible;
pub mod severity;
pub mod spelling;
pub mod version;

pub mod command_line;

pub mod diagnostic;

pub mod result;

pub mod source;

pub mod yaml;

pub mod flags;

pub mod document;

pub mod config_files;

pub mod rule;

pub mod target;

pub mod evaluate;

pub mod examples;

pub mod remedy;

pub mod waiver;

pub mod baseline;

pub mod report;

pub mod kept;

pub mod cli;

mod commands;

pub use commands::run;
