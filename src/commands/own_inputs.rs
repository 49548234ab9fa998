//! The files that a run reads, so that none of its outputs takes the place of one.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::input::{drop_in_paths, is_read_in_folder, walk_options};
use super::whole_file::{Identity, OutputPlace};
use crate::cli::{CheckArgs, FlagsArgs, InputArgs};
use crate::source::{self, Seen, Walk};

/// The files that a run reads.
#[derive(Default)]
pub(super) struct OwnInputs<'a> {
    named: Vec<&'a Path>,
    /// How the inputs are read that may be folders.
    args: Option<&'a InputArgs>,
}

impl<'a> OwnInputs<'a> {
    /// These files.
    pub(super) fn files(named: impl IntoIterator<Item = &'a Path>) -> Self {
        Self { named: named.into_iter().collect(), args: None }
    }

    /// Those of `check`.
    pub(super) fn of_check(args: &'a CheckArgs) -> Self {
        let accepted = args.accepted.waivers.iter().chain(&args.accepted.baseline);
        let others = args.packs.files.iter().chain(accepted).chain(&args.against);
        let named = args.input.inputs.iter().chain(others).map(PathBuf::as_path);
        Self { named: named.collect(), args: Some(&args.input) }
    }

    /// Those of `flags`.
    pub(super) fn of_flags(args: &'a FlagsArgs) -> Self {
        let named = args.input.inputs.iter().map(PathBuf::as_path);
        Self { named: named.collect(), args: Some(&args.input) }
    }

    /// The input among them that an output would take the place of.
    pub(super) fn replaced_by(&self, place: &OutputPlace) -> Option<PathBuf> {
        // A report of an earlier run is the only one of these that is there: nothing is looked for
        // where there is none.
        let file = place.replaces()?;
        self.named.iter().find_map(|input| self.meets(input, file))
    }

    fn meets(&self, input: &Path, file: Identity) -> Option<PathBuf> {
        if self.args.is_some() && input.as_os_str() == "-" {
            let stdin = rustix::fs::fstat(std::io::stdin()).ok()?;
            return ((stdin.st_dev, stdin.st_ino) == file).then(|| source::STDIN.into());
        }
        let same = |path: &PathBuf| identity(path) == Some(file);
        let Some(args) = self.args.filter(|_| input.is_dir()) else {
            let beside = drop_in_paths(input).into_iter().flatten();
            return std::iter::once(input.to_owned()).chain(beside).find(same);
        };
        // An earlier report may be in the folder that is checked, as long as it is not read as a
        // server's.
        let before = Seen::default();
        let mut walk = Walk::new(input, &walk_options(args), &before);
        walk.by_ref().flatten().filter(same).find(|path| is_read_in_folder(args, path))
    }
}

/// Files by their identity, links followed.
fn identity(path: &Path) -> Option<Identity> {
    std::fs::metadata(path).ok().map(|it| (it.dev(), it.ino()))
}
