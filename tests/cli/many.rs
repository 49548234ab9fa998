//! Folders with so many files that several are read at a time.

use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::limit::Limit;
use crate::program::{manifest, run};

/// So many folders …
const FOLDERS: usize = 16;
/// … of so many files each: too few for more than one to be read at a time.
const FILES: usize = 12;

/// Many manifests that differ, and among them two that are broken, a file of several pods and one
/// that is none.
fn lay_out(root: &Path) {
    for folder in 0..FOLDERS {
        let at = root.join(format!("all/{folder:02}"));
        fs::create_dir_all(&at).expect("laid out");
        for file in 0..FILES {
            let image = format!("registry.example/kube-apiserver:v1.{}.0", 28 + file % 6);
            let command = format!(
                "    command: [kube-apiserver, --profiling={}, --audit-log-maxage={folder}]\n",
                file % 2 == 0
            );
            let pod = manifest(&image, &command);
            let text = match (folder, file) {
                (3, 4) => manifest(&image, "    command: [kube-apiserver\n"),
                (9, 0) => manifest(&image, "    command: [kube-apiserver, \"--v\n"),
                (5, 5) => format!("{pod}---\n").repeat(40),
                (5, 6) => "nothing: here\n".to_owned(),
                _ => pod,
            };
            fs::write(at.join(format!("{file:02}.yaml")), text).expect("written");
        }
    }
}

#[test]
fn many_files_at_a_time_are_reported_like_one_after_the_other() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let few = (0..FOLDERS).map(|folder| format!("all/{folder:02}").into());
    let few: Vec<OsString> = few.collect();
    for words in [
        &["check"][..],
        &["check", "--format=json"],
        &["check", "--benchmark=hardening", "--verbose"],
        &["flags", "--format=json"],
    ] {
        let checked = |inputs: &[OsString]| {
            let words = words.iter().map(OsString::from);
            let outcome = run(words.chain(inputs.iter().cloned()), None, folder.path());
            // The one thing that tells the runs apart is when they were.
            let lines = outcome.stdout.lines();
            let said: Vec<_> = lines
                .map(|line| if line.contains("generated_at") { "" } else { line }.to_owned())
                .collect();
            (said, outcome.stderr, outcome.status)
        };
        let many = checked(&["all".into()]);
        assert!(many == checked(&few), "{words:?}");
        let (said, errors, status) = many;
        assert!(said.len() > FOLDERS * FILES, "{words:?}: {}", said.len());
        assert_eq!(errors.matches("/04.yaml").count(), 1, "{errors}");
        assert_eq!(errors.matches("/00.yaml").count(), 1, "{errors}");
        assert_eq!(status, 2);
    }
}

#[test]
fn many_files_are_reported_in_the_order_in_which_they_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let names = (6..FOLDERS).rev().flat_map(|folder| {
        (1..FILES).rev().map(move |file| format!("all/{folder:02}/{file:02}.yaml"))
    });
    let names: Vec<String> = names.collect();
    let words = ["check", "--format=json"].map(str::to_owned);
    let report = run(words.iter().chain(&names), None, folder.path()).json();
    let targets = report["targets"].as_array().expect("targets").iter();
    let paths: Vec<&str> =
        targets.map(|target| target["source"]["path"].as_str().expect("a path")).collect();
    assert_eq!(paths, names);
}

#[test]
fn a_report_that_nobody_takes_ends_the_run_and_its_workers() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let outcome = run(["check", "--output=json=/dev/full", "-q", "all"], None, folder.path());
    assert_eq!(outcome.status, 2, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("/dev/full"), "{}", outcome.stderr);
    for format in ["text", "json"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(["check", "--format", format, "all"])
            .env_clear()
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("plimsoll starts");
        let _limit = Limit::of(&child);
        let mut stdout = child.stdout.take().expect("a pipe");
        let mut first = [0; 100];
        stdout.read_exact(&mut first).expect("a report begins");
        drop(stdout);
        let output = child.wait_with_output().expect("plimsoll ends");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert_ne!(output.status.code(), Some(101), "{format}");
    }
}
