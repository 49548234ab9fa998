//! What the machine is called.

use sysinfo::System;

use super::Root;

/// The name of the machine: of the one whose files are below `root`, or of this one.
pub fn host_name(root: Option<&Root>) -> Option<String> {
    let told = root.and_then(|root| root.read("/etc/hostname").ok());
    let told = told.and_then(|told| String::from_utf8(told).ok());
    let name = told.or_else(|| System::host_name().ok())?;
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Root, host_name};

    #[test]
    fn the_name_is_read_from_the_root_and_from_nothing_outside_it() {
        let outside = tempfile::tempdir().expect("a folder");
        std::fs::write(outside.path().join("name"), "outside\n").expect("written");
        let root = outside.path().join("root");
        std::fs::create_dir_all(root.join("etc")).expect("made");
        std::fs::write(root.join("etc/hostname"), " node-1\n").expect("written");
        let node = Root::new(root.clone());
        assert_eq!(host_name(Some(&node)).as_deref(), Some("node-1"));
        std::fs::remove_file(root.join("etc/hostname")).expect("removed");
        let link = std::os::unix::fs::symlink("../../name", root.join("etc/hostname"));
        link.expect("linked");
        assert_ne!(host_name(Some(&node)).as_deref(), Some("outside"));
    }
}
