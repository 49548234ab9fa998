//! plimsoll audits the flags of a Kubernetes control plane. It reads them as the servers read them.
//!
//! The modules stand in the order in which data flows; each uses those above it, never one below:
//!
//! ```text
//! source → document → command line → flags → config files → evaluate(rules) → results → waivers, baseline → report → kept
//!   │         │            │           │          │              │                                             │       │
//!   │         │            │           │          │              │                     a renderer a format ────┘       │
//!   │         │            │           │          │              │             reports that were kept, read again ─────┘
//!   │         │            │           │          │              └ rules are data: `rule/`, `rules/*.toml`
//!   │         │            │           │          └ what stands in the files that flags name
//!   │         │            │           └ what the server makes of them, by release: the heart
//!   │         │            └ arguments as written, each with its place
//!   │         └ what a text is: pods, distributions, units, processes, arguments
//!   └ files, folders, standard input, `/proc`: nothing else touches the machine
//! ```
//!
//! Between `source` and `report` everything is pure: values in, values out; the files that flags name
//! are asked of [`source::Files`], which a test fills with texts. `commands` wires the
//! stages together, and only `main` ends the process.

pub mod component;
pub mod version;

pub mod source;

pub mod yaml;

pub mod document;

pub mod command_line;

pub mod diagnostic;

mod ascii;
pub mod credential;
pub mod digest;
pub mod spelling;

pub mod flags;

pub mod config_files;

pub mod rule;

pub mod result;

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
pub mod exit;

pub use commands::run;
