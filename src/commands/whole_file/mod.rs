//! A file that appears under its name only when it is whole.
//!
//! plimsoll runs as root, every night, and writes into folders that others can write to. So no link or
//! file that another user has put there decides where the report goes or who may change it: see
//! [`OutputPlace::find`] for links, [`draft`] for modes and [`stream`] for devices.

mod draft;
mod place;
mod stream;

use std::ffi::OsString;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use anyhow::Context;
use rustix::fs::{FileType, Stat};

pub(super) use place::{Identity, OutputPlace};

use draft::Draft;
use place::At;

/// A file being written.
#[derive(Debug)]
pub(super) struct WholeFile {
    path: PathBuf,
    sink: Sink,
}

#[derive(Debug)]
enum Sink {
    /// A file that gets this name in the end.
    Draft(Draft, OsString),
    /// A device or a pipe, which takes what it gets.
    Stream,
}

impl WholeFile {
    /// Begins a file, and gives the writer to write it with.
    pub(super) fn begin(place: OutputPlace) -> anyhow::Result<(Self, BufWriter<File>)> {
        let OutputPlace { path, at } = place;
        let (sink, writer) = begin(at).with_context(|| path.display().to_string())?;
        Ok((Self { path, sink }, BufWriter::with_capacity(1 << 16, writer)))
    }

    /// Gives the file its name. What is written must have been flushed.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        match &mut self.sink {
            Sink::Draft(draft, name) => {
                draft.finish(name).with_context(|| self.path.display().to_string())
            }
            Sink::Stream => Ok(()),
        }
    }
}

fn begin(at: At) -> anyhow::Result<(Sink, File)> {
    match at {
        At::Open { file, stat } => Ok((Sink::Stream, stream::reopen(&file, &stat)?)),
        At::Name { folder, name, there } => {
            let is_file =
                |there: &Stat| FileType::from_raw_mode(there.st_mode) == FileType::RegularFile;
            if let Some(there) = there.as_ref().filter(|there| !is_file(there)) {
                return Ok((Sink::Stream, stream::open(&folder, &name, there)?));
            }
            let draft = Draft::begin(folder, there.as_ref())?;
            let writer = draft.file.try_clone()?;
            Ok((Sink::Draft(draft, name), writer))
        }
    }
}

#[cfg(test)]
mod tests;
