//! The files that a run writes. All are judged before the first is begun: a mistake in one leaves no
//! trace of the others.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};

use super::own_inputs::OwnInputs;
use super::whole_file::{OutputPlace, WholeFile};

/// A file that was begun, with what writes to it.
pub(super) struct Output {
    /// As the user named it.
    pub(super) name: String,
    pub(super) file: WholeFile,
    pub(super) writer: BufWriter<File>,
}

impl Output {
    /// Writes all of it, and gives it its name.
    pub(super) fn write(
        mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let written = write(&mut self.writer).and_then(|()| self.writer.flush());
        written.context(self.name)?;
        self.file.finish()
    }
}

/// Begins the files that `--output` names, each in a format.
pub(super) fn begin<F: Copy>(
    outputs: &[(F, PathBuf)],
    inputs: &OwnInputs<'_>,
) -> anyhow::Result<Vec<(F, Output)>> {
    let mut places: Vec<(F, OutputPlace)> = Vec::new();
    for (format, path) in outputs {
        let place = OutputPlace::find(path)?;
        if places.iter().any(|(_, other)| other.is_same(&place)) {
            bail!("{}: --output names it twice", path.display());
        }
        refuse_input(&place, inputs)?;
        places.push((*format, place));
    }
    places.into_iter().map(|(format, place)| Ok((format, begun(place)?))).collect()
}

/// Refuses a place where the run has an input.
pub(super) fn refuse_input(place: &OutputPlace, inputs: &OwnInputs<'_>) -> anyhow::Result<()> {
    let Some(input) = inputs.replaced_by(place) else { return Ok(()) };
    let (path, input) = (place.path().display(), input.display());
    bail!("{path}: it would replace {input}, which this run reads: write to another file")
}

/// Begins the file at a place.
pub(super) fn begun(place: OutputPlace) -> anyhow::Result<Output> {
    let name = place.path().display().to_string();
    let (file, writer) = WholeFile::begin(place)?;
    Ok(Output { name, file, writer })
}
