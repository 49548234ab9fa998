//! Counting the instructions of a run with valgrind.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::shape::Shape;

/// Runs plimsoll under valgrind.
pub(crate) struct Counter {
    program: PathBuf,
    /// Where the program is while the counter lives.
    _folder: TempDir,
}

impl Counter {
    /// None where valgrind is not installed, which is said, unless `PLIMSOLL_VALGRIND` requires it.
    pub(crate) fn new() -> Option<Self> {
        let found = Command::new("valgrind").arg("--version").output();
        if !found.is_ok_and(|output| output.status.success()) {
            let required = std::env::var("PLIMSOLL_VALGRIND").is_ok_and(|it| it == "required");
            assert!(!required, "valgrind is not installed");
            // Not by `eprintln!`, which a test that passes shows nobody.
            let _ = writeln!(io::stderr(), "passed over: valgrind is not installed");
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("plimsoll");
        // Valgrind reads what is there for debuggers, which takes longer than the run.
        let stripped = Command::new("strip")
            .args(["-o".as_ref(), program.as_os_str()])
            .arg(env!("CARGO_BIN_EXE_plimsoll"))
            .status();
        assert!(stripped.is_ok_and(|status| status.success()), "strip of binutils is needed");
        Some(Self { program, _folder: folder })
    }

    /// The instructions of a run that reads a shape of a length.
    pub(crate) fn instructions(&self, shape: &Shape, length: usize) -> u64 {
        let folder = tempfile::tempdir().expect("a folder");
        shape.lay_out(folder.path(), length);
        let log = folder.path().join("valgrind.log");
        let printed = File::create(folder.path().join("printed")).expect("a file");
        let status = Command::new("valgrind")
            .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
            .arg(format!("--log-file={}", log.display()))
            .arg(&self.program)
            .args(shape.args())
            .env_remove("CI")
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(printed)
            .stderr(Stdio::null())
            .status()
            .expect("valgrind runs");
        let known = status.code().is_some_and(|code| (0..=2).contains(&code));
        assert!(known, "{}: {status}", shape.name);
        let log = std::fs::read_to_string(log).expect("a log");
        let count = log.lines().find_map(|line| line.split_once("refs:"));
        let count = count.unwrap_or_else(|| panic!("{}: {log}", shape.name)).1;
        count.trim().replace(',', "").parse().expect("a number")
    }
}
