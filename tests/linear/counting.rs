//! Counting the instructions of a run with valgrind.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::shape::Shape;

/// The release build, if there is one.
pub(crate) fn program() -> Option<PathBuf> {
    let named = PathBuf::from(std::env::var_os("PLIMSOLL_COUNTED")?);
    Some(named.canonicalize().expect("PLIMSOLL_COUNTED names a program"))
}

/// Runs plimsoll under valgrind.
pub(crate) struct Counter {
    program: PathBuf,
}

impl Counter {
    /// None where `PLIMSOLL_COUNTED` names no release build or valgrind is not installed, which is said. A
    /// debug build takes twenty times as many instructions, and minutes.
    pub(crate) fn new() -> Option<Self> {
        let skipped = |why: &str| {
            // Not by `eprintln!`, which a test that passes shows nobody.
            let _ = writeln!(io::stderr(), "skipped: {why}");
            None
        };
        let Some(program) = program() else {
            return skipped("PLIMSOLL_COUNTED names no release build to count instructions of");
        };
        let found = Command::new("valgrind").arg("--version").output();
        if !found.is_ok_and(|output| output.status.success()) {
            let required = std::env::var("PLIMSOLL_VALGRIND").is_ok_and(|it| it == "required");
            assert!(!required, "valgrind is not installed");
            return skipped("valgrind is not installed");
        }
        Some(Self { program })
    }

    /// The instructions of a run that reads a shape of a length.
    pub(crate) fn instructions(&self, shape: &Shape, length: usize) -> u64 {
        let folder = tempfile::tempdir().expect("a folder");
        shape.lay_out(folder.path(), length);
        self.count(folder.path(), shape.args())
    }

    /// The instructions of a run in a folder, which keeps what it prints.
    pub(crate) fn count<'a>(&self, folder: &Path, args: impl Iterator<Item = &'a str>) -> u64 {
        let args: Vec<&str> = args.collect();
        let log = folder.join("valgrind.log");
        let printed = File::create(folder.join("printed")).expect("a file");
        let status = Command::new("valgrind")
            .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
            .arg(format!("--log-file={}", log.display()))
            .arg(&self.program)
            .args(&args)
            .env_remove("CI")
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(printed)
            .stderr(Stdio::null())
            .status()
            .expect("valgrind runs");
        let known = status.code().is_some_and(|code| (0..=2).contains(&code));
        assert!(known, "{args:?}: {status}");
        let log = std::fs::read_to_string(log).expect("a log");
        let count = log.lines().find_map(|line| line.split_once("refs:"));
        let count = count.unwrap_or_else(|| panic!("{args:?}: {log}")).1;
        count.trim().replace(',', "").parse().expect("a number")
    }
}
