//! Whether a process runs the file that its executable's path names on the machine.
//!
//! A path alone proves little: in a mount namespace of its own anybody may lay another file over it.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::Root;

/// Which file a process runs, compared with the one that its executable's path names on the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExeFile {
    /// That file.
    OfMachine,
    /// A file that was deleted or replaced after the process started, as an upgrade does.
    Deleted,
    /// A file of a container: the process has a root of its own.
    OfContainer,
    /// Another file, although the process has the machine's root.
    Other,
    /// It cannot be compared: it may not be looked at, or the process is only a copy of one.
    Unknown,
}

impl ExeFile {
    /// Compares the file that the process behind `folder` (`/proc/PID`) runs with the machine's.
    pub(super) fn of_process(folder: &Path, machine: &Root) -> Self {
        // To follow these links asks the kernel for what the process has, not for what a path names.
        let (exe, root) = (folder.join("exe"), folder.join("root"));
        let (Ok(link), Ok(file), Ok(root)) =
            (fs::read_link(&exe), fs::metadata(&exe), fs::metadata(&root))
        else {
            return Self::Unknown;
        };
        let marked = link.as_os_str().as_bytes().ends_with(b" (deleted)");
        let identity = (file.dev(), file.ino());
        let same = |path: &str| machine.attributes(path).is_ok_and(|it| it.identity == identity);
        if !marked && link.to_str().is_some_and(same) {
            return Self::OfMachine;
        }
        match machine.attributes("/") {
            Err(_) => Self::Unknown,
            Ok(machine) if machine.identity != (root.dev(), root.ino()) => Self::OfContainer,
            // A file whose name ends like the kernel's mark still has that name.
            Ok(_) if marked && file.nlink() == 0 => Self::Deleted,
            Ok(_) => Self::Other,
        }
    }

    /// The word that tells it from the machine's own file across runs. A deleted file was the
    /// machine's: an upgrade is not another server.
    pub const fn distinction(self) -> &'static str {
        match self {
            Self::OfMachine | Self::Deleted => "",
            Self::OfContainer => "container",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}
