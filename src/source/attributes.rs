//! The attributes of a file by which it is judged.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// Modes and owners of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// Permission bits, `setuid` and the like included.
    pub mode: u32,
    /// The owner.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Whether it is a regular file.
    pub is_file: bool,
    /// What tells it from every other file: device and inode.
    pub identity: (u64, u64),
}

impl Attributes {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            mode: metadata.mode() & 0o7777,
            uid: metadata.uid(),
            gid: metadata.gid(),
            is_folder: metadata.is_dir(),
            is_file: metadata.is_file(),
            identity: (metadata.dev(), metadata.ino()),
        }
    }
}
