//! What is known of a component's own configuration file, as whoever decodes it hands it over.

use std::collections::BTreeMap;

use super::Setting;
use super::value::Value;
use crate::command_line::Location;
use crate::diagnostic::Diagnostic;

/// What is known of a component's own file.
#[derive(Debug)]
pub enum Overlay {
    /// It names none, or one that is not at hand.
    Elsewhere,
    /// It is there, and cannot be used.
    Unusable(Unusable),
    /// It was read.
    Read(FileValues),
}

/// Why a file cannot be used.
#[derive(Debug)]
pub struct Unusable {
    /// What is wrong, the file named.
    pub why: String,
    /// Where in the file; where it is named, if that is not known.
    pub location: Option<Location>,
    /// Whether the server refuses it too.
    pub refuses: bool,
}

/// What a file says.
#[derive(Debug, Default)]
pub struct FileValues {
    /// The flags that it sets.
    pub given: Vec<Given>,
    /// The flags that it could set and does not.
    pub left_out: BTreeMap<&'static str, LeftOut>,
    /// What there is to say about it.
    pub remarks: Vec<Diagnostic>,
}

/// A flag that a file sets.
#[derive(Debug)]
pub struct Given {
    /// The flag.
    pub flag: &'static str,
    /// Its value, or why it is not known.
    pub value: Result<Value, String>,
    /// The words that make it, each with its place.
    pub parts: Vec<Part>,
}

/// A part of a file that sets a flag, or one item of it.
#[derive(Debug)]
pub struct Part {
    /// As reports show it, such as `readOnlyPort: 0`.
    pub text: String,
    /// The value alone.
    pub value: String,
    /// Where it stands.
    pub location: Location,
}

/// A flag that a file leaves out.
#[derive(Debug)]
pub struct LeftOut {
    /// The field.
    pub field: String,
    /// What holds then, where it is not what holds without a file.
    pub default: Fallback,
    /// Whether it is written, with a value that stands for the default.
    pub written: bool,
    /// Where the field stands or would stand.
    pub location: Location,
}

/// What holds for a field that is left out.
#[derive(Debug)]
pub enum Fallback {
    /// The flag's own default.
    Flag,
    /// Another value.
    Other(Value),
    /// It is not known.
    Unknown,
}

/// What the flags know of the file.
#[derive(Debug, Default)]
pub(super) enum FileState {
    /// It was not read.
    #[default]
    NotRead,
    /// It cannot be used. The setting names it, and stands where it is wrong.
    Unusable { setting: Box<Setting>, why: String },
    /// It was read.
    Read { left_out: BTreeMap<&'static str, LeftOut> },
}
