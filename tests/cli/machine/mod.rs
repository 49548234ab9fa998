//! A machine that is broken, full, closed or in somebody's way: a clear message, exit status 2, and
//! no part of a report.

mod files;
mod output;
mod planted;
mod processes;

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::limit::output;
use crate::program::manifest;

/// A user who owns nothing.
pub(crate) const NOBODY: u32 = 65534;

/// A folder that everybody may enter.
fn shared_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    set_mode(folder.path(), 0o755);
    folder
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Says that a test was passed over.
pub(crate) fn skip(why: &str) {
    // Not by `eprintln!`, which a test that passes shows nobody.
    let _ = writeln!(io::stderr(), "passed over: {why}");
}

/// A manifest that fails nothing but what is asked for.
fn pod() -> String {
    let image = "registry.k8s.io/kube-apiserver:v1.34.0";
    manifest(image, "    command: [kube-apiserver, --profiling=false]\n")
}

/// Runs plimsoll as [`NOBODY`] where this is root, which may do everything; as oneself otherwise.
fn unprivileged(folder: &Path, args: &[&OsStr]) -> Output {
    let run = |program: &OsStr| {
        let mut command = Command::new(program);
        command.args(args).env_clear().current_dir(folder).stdin(Stdio::null());
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        output(&mut command)
    };
    let program = env!("CARGO_BIN_EXE_plimsoll");
    let output = run(program.as_ref()).or_else(|error| {
        // The build may lie where only root can reach it.
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        let elsewhere = shared_folder();
        let copy = elsewhere.path().join("plimsoll");
        fs::copy(program, &copy)?;
        run(copy.as_os_str())
    });
    output.expect("plimsoll ends")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// The names in a folder, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("listed").map(|entry| entry.expect("an entry"));
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
