//! The flags of targets as their servers see them: a table, and `plimsoll.flags/1`.

mod json;
mod row;
#[cfg(test)]
mod tests;
mod text;

use std::io::{self, Write};

use super::Failure;
use crate::diagnostic::Diagnostic;
use crate::flags::Flags;
use crate::flags::compare::{Difference, Upgrade};
use crate::target::Target;
use crate::version::Minor;

/// A target, and its command line as its minor reads it.
#[derive(Debug)]
pub struct Reading {
    /// The target.
    pub target: Target,
    /// Its flags.
    pub flags: Flags,
    /// What another minor makes of them.
    pub upgrade: Option<(Minor, Upgrade)>,
}

impl Reading {
    /// What there is to say about it.
    fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.target.diagnostics.iter().chain(&self.flags.diagnostics)
    }
}

/// A listing being written.
pub enum Listing<'w> {
    /// For people.
    Text(Box<dyn Write + Send + 'w>),
    /// For programs.
    Json(json::Json<'w>),
}

impl<'w> Listing<'w> {
    /// A table.
    pub fn text(out: Box<dyn Write + Send + 'w>) -> Self {
        Self::Text(out)
    }

    /// A JSON document.
    pub fn json(out: Box<dyn Write + Send + 'w>) -> io::Result<Self> {
        json::Json::begin(out).map(Self::Json)
    }

    /// Adds a target; with `all` its flags that are not set too.
    pub fn target(&mut self, reading: &Reading, all: bool) -> io::Result<()> {
        match self {
            Self::Text(out) => text::target(out.as_mut(), reading, all),
            Self::Json(json) => json.target(reading, all),
        }
    }

    /// Adds two targets side by side, with what differs between them.
    pub fn pair(&mut self, pair: [&Reading; 2], differences: &[Difference]) -> io::Result<()> {
        match self {
            Self::Text(out) => text::pair(out.as_mut(), pair, differences),
            Self::Json(json) => json.pair(pair, differences),
        }
    }

    /// Ends the listing.
    pub fn finish(self, failures: &[Failure]) -> io::Result<()> {
        match self {
            Self::Text(mut out) => out.flush(),
            Self::Json(json) => json.finish(failures),
        }
    }
}
