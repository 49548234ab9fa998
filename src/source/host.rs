//! What the machine is called.

use std::path::Path;

use sysinfo::System;

/// The name of the machine: of the one whose files are below `root`, or of this one.
pub fn host_name(root: Option<&Path>) -> Option<String> {
    let told = root.and_then(|root| std::fs::read_to_string(root.join("etc/hostname")).ok());
    let name = told.or_else(|| System::host_name().ok())?;
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}
