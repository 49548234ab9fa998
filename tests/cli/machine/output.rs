//! Reports that cannot be written: full, closed, read-only, interrupted.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Write, pipe};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::{names, pod, set_mode, shared_folder, skip, stderr, unprivileged};
use crate::limit::{Limit, ended, output as output_of, until};
use crate::program::{Outcome, plimsoll};

const MANIFEST: &str = "fixtures/manifests/kubeadm-1.34.yaml";

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(args).env_clear().current_dir(crate::program::root()).stdin(Stdio::null());
    command
}

/// A report that was written whole.
fn whole(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("there")).expect("JSON")
}

#[test]
fn a_full_standard_output_is_said_and_the_other_reports_are_written() {
    let folder = shared_folder();
    let path = folder.path().join("report.json");
    let to_file = format!("--output=json={}", path.display());
    let full_run = |words: &[&str]| {
        let full = File::options().write(true).open("/dev/full").expect("opened");
        ended(command(words).stdout(full).stderr(Stdio::piped()).spawn().expect("started"))
    };
    let output = full_run(&["check", &to_file, MANIFEST]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("standard output: No space left"), "{}", stderr(&output));
    assert_eq!(whole(&path)["summary"]["fail"], 16);
    for words in [&["rules"][..], &["benchmarks"], &["flags", MANIFEST], &["explain", "profiling"]]
    {
        let output = full_run(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(stderr(&output).contains("No space left"), "{words:?}: {}", stderr(&output));
    }
}

#[test]
fn a_report_that_finds_no_room_leaves_the_old_one_and_takes_no_other_with_it() {
    let folder = shared_folder();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("old.json"), "the last one").expect("written");
    let output = |format: &str, name: &str| format!("--output={format}={}", at(name).display());
    let script = "trap '' XFSZ; ulimit -f 40; exec \"$0\" \"$@\"";
    let program = ["-c", script, env!("CARGO_BIN_EXE_plimsoll"), "check", "--show=problems"];
    let outputs = [output("json", "old.json"), output("html", "new.html"), output("text", "text")];
    let mut sh = Command::new("sh");
    sh.args(program).args(&outputs).arg(MANIFEST).current_dir(crate::program::root());
    let ended = output_of(sh.stdin(Stdio::null())).expect("started");
    let said = stderr(&ended);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    for name in ["old.json: File too large", "new.html: File too large"] {
        assert!(said.contains(name), "{said}");
    }
    assert_eq!(names(folder.path()), ["old.json", "text"]);
    assert_eq!(fs::read_to_string(at("old.json")).expect("there"), "the last one");
    let text = fs::read_to_string(at("text")).expect("there");
    assert!(text.ends_with("error\n") || text.contains("16 fail"), "{text}");
}

/// Far more than a pipe holds.
fn many_pods(folder: &Path) -> String {
    let path = folder.join("pods.yaml");
    fs::write(&path, format!("---\n{}", pod()).repeat(20)).expect("written");
    path.display().to_string()
}

#[test]
fn a_reader_that_leaves_is_a_quiet_end_and_the_other_reports_are_written() {
    let folder = shared_folder();
    let pods = many_pods(folder.path());
    let path = folder.path().join("report.json");
    let to_file = format!("--output=json={}", path.display());
    for bytes in [0, 1000] {
        let _ = fs::remove_file(&path);
        let (mut reader, writer) = pipe().expect("a pipe");
        let mut command = command(&["check", "--format=sarif", "--show=all", &to_file, &pods]);
        let child = command.stdout(writer).stderr(Stdio::piped()).spawn().expect("started");
        let _limit = Limit::of(&child);
        // This end of the writer has to be closed too, or the read below could wait for ever.
        drop(command);
        reader.read_exact(&mut vec![0; bytes]).expect("read");
        drop(reader);
        let output = child.wait_with_output().expect("ended");
        assert_eq!(output.status.code(), Some(2), "{bytes}");
        assert_eq!(stderr(&output), "", "{bytes}");
        assert_eq!(whole(&path)["summary"]["targets"], 20, "{bytes}");
    }
}

#[test]
fn an_interrupt_ends_the_run_by_its_signal_and_leaves_no_file() {
    let folder = shared_folder();
    let path = folder.path().join("report.json");
    // Where signals are ignored, as in a background job of a shell, every program inherits that.
    let mut command = Command::new("env");
    command.args(["--default-signal=INT", env!("CARGO_BIN_EXE_plimsoll"), "check", "-"]);
    command.arg(format!("--output=json={}", path.display()));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("started");
    let _limit = Limit::of(&child);
    // Half an input, and no end of it.
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"apiVersion: v1\n").expect("written");
    // The report is being written once its file is open.
    let files = format!("/proc/{}/fd", child.id());
    let draft = until("draft of a report", || {
        let links = fs::read_dir(&files).expect("listed").flatten();
        let mut targets = links.filter_map(|link| fs::read_link(link.path()).ok());
        targets.find(|target| target.starts_with(folder.path()) && target != folder.path())
    });
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("a pid");
    kill_process(pid, Signal::INT).expect("sent");
    assert_eq!(child.wait().expect("ended").signal(), Some(Signal::INT.as_raw()));
    drop(stdin);
    if !draft.to_string_lossy().ends_with(" (deleted)") {
        return skip("this file system has no files without a name");
    }
    assert!(names(folder.path()).is_empty(), "{:?}", names(folder.path()));
}

#[test]
fn where_nothing_can_be_written_it_is_said_before_anything_is_read() {
    for path in ["/proc/report.json", "/sys/report.json", "/nowhere/report.json", "/dev"] {
        let Outcome { status, stdout, stderr } =
            plimsoll(["check", &format!("--output=json={path}"), "/no/such/input"]);
        assert_eq!((status, &*stdout), (2, ""), "{path}");
        assert!(stderr.contains(path) && !stderr.contains("/no/such/input"), "{stderr}");
    }
}

#[test]
fn a_folder_that_is_read_only_keeps_its_old_report() {
    let folder = shared_folder();
    let inner = folder.path().join("reports");
    fs::create_dir(&inner).expect("made");
    fs::write(inner.join("old.json"), "the last one").expect("written");
    fs::write(folder.path().join("pod.yaml"), pod()).expect("written");
    set_mode(&inner.join("old.json"), 0o444);
    set_mode(&inner, 0o555);
    for name in ["old.json", "new.json"] {
        let output = format!("--output=json=reports/{name}");
        let ended = unprivileged(folder.path(), &["check", &output, "pod.yaml"].map(OsStr::new));
        assert_eq!(ended.status.code(), Some(2), "{name}");
        assert!(stderr(&ended).contains(&format!("reports/{name}: Permission denied")), "{name}");
    }
    assert_eq!(names(&inner), ["old.json"]);
    assert_eq!(fs::read_to_string(inner.join("old.json")).expect("there"), "the last one");
    set_mode(&inner, 0o755);
}
