//! Running plimsoll in a scrubbed environment.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::limit::Limit;

/// What a run printed and how it ended.
pub(crate) struct Outcome {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }
}

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A fixture's path.
pub(crate) fn fixture(name: &str) -> PathBuf {
    root().join("fixtures").join(name)
}

/// Runs plimsoll in the repository.
pub(crate) fn plimsoll<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Outcome {
    run(args, None, root())
}

/// Runs plimsoll with something on its standard input.
pub(crate) fn plimsoll_reading<S: AsRef<OsStr>>(
    args: impl IntoIterator<Item = S>,
    input: &[u8],
) -> Outcome {
    run(args, Some(input), root())
}

/// Runs plimsoll in a folder.
pub(crate) fn run<S: AsRef<OsStr>>(
    args: impl IntoIterator<Item = S>,
    input: Option<&[u8]>,
    folder: &Path,
) -> Outcome {
    let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(args)
        .env_clear()
        .current_dir(folder)
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("plimsoll starts");
    let _limit = Limit::of(&child);
    if let Some(input) = input {
        let mut stdin = child.stdin.take().expect("a pipe");
        // A run that refuses its arguments does not read.
        let _ = stdin.write_all(input);
    }
    let output = child.wait_with_output().expect("plimsoll ends");
    Outcome {
        status: output.status.code().expect("an exit status"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A pod manifest with this command.
pub(crate) fn manifest(image: &str, command: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: kube-apiserver\nspec:\n  containers:\n  \
         - name: kube-apiserver\n    image: {image}\n{command}"
    )
}

/// The status of a rule in the only target of a report.
pub(crate) fn status(report: &Value, rule: &str) -> String {
    result(report, rule)["status"].as_str().expect("a status").to_owned()
}

/// The result of a rule in the only target of a report.
pub(crate) fn result<'r>(report: &'r Value, rule: &str) -> &'r Value {
    report["targets"][0]["results"]
        .as_array()
        .unwrap_or_else(|| panic!("no results in {report}"))
        .iter()
        .find(|result| result["rule"] == rule)
        .unwrap_or_else(|| panic!("no result of {rule}"))
}
