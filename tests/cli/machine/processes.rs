//! Processes that are hidden, of others, or too large; a machine without `/proc`.

use std::ffi::{OsStr, OsString};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::{is_root, names, set_mode, shared_folder, skip, stderr, unprivileged};
use crate::limit::output;
use crate::live::{Proc, start, words};
use crate::program::plimsoll;

/// Runs a shell script, in which `$0` is plimsoll, with mounts of its own; none where that is not
/// allowed. The script's first command has to succeed there.
fn with_own_mounts(prepare: &str, script: &str, folder: &OsStr) -> Option<Output> {
    let run = |script: &str| {
        let program = OsStr::new(env!("CARGO_BIN_EXE_plimsoll"));
        let args = ["-m", "sh", "-c", script].map(OsStr::new);
        let mut command = Command::new("unshare");
        command.args(args.iter().chain([&program, &folder])).current_dir(crate::program::root());
        output(command.stdin(Stdio::null()))
    };
    if !run(prepare).is_ok_and(|output| output.status.success()) {
        skip("mounting is not allowed here");
        return None;
    }
    run(&format!("{prepare} && {script}")).ok()
}

#[test]
fn processes_hidden_by_the_mount_are_said_and_one_s_own_are_no_pass_alone() {
    let folder = shared_folder();
    let own = start(folder.path(), "kube-apiserver", "kube-apiserver", &words(&["--profiling=0"]));
    for option in ["hidepid=1", "hidepid=2"] {
        let prepare = format!("mount -t proc -o {option} proc /proc && setpriv --version >&2");
        let script = "setpriv --reuid=65534 --regid=65534 --clear-groups \"$0\" check";
        let Some(output) = with_own_mounts(&prepare, script, folder.path().as_os_str()) else {
            return;
        };
        assert_eq!(output.status.code(), Some(2), "{option}");
        assert!(stderr(&output).contains("hidden (hidepid)"), "{option}: {}", stderr(&output));
    }
    drop(own);
}

#[test]
fn a_first_process_that_cannot_be_looked_into_hides_the_others() {
    let table = Proc::new();
    let folder = table.path();
    set_mode(folder.as_ref(), 0o755);
    std::os::unix::fs::symlink("7", format!("{folder}/self")).expect("linked");
    table.add(7, 1, 0, Some("/kube-apiserver"), b"kube-apiserver\0--profiling=false\0");
    let check = || {
        let args = ["check", "--only=profiling", "--proc", &folder].map(OsStr::new);
        let output = unprivileged(folder.as_ref(), &args);
        (output.status.code(), stderr(&output).contains("hidden (hidepid)"))
    };
    // As `hidepid=2` shows it, then `hidepid=1`, then none.
    assert_eq!(check(), (Some(2), true));
    table.add(1, 0, 0, Some("/sbin/init"), b"init\0");
    set_mode(&table.folder(1), 0);
    let closed = check();
    set_mode(&table.folder(1), 0o755);
    assert_eq!(closed, (Some(2), true));
    assert_eq!(check(), (Some(0), false));
}

#[test]
fn without_proc_it_is_said_and_files_are_checked_and_written_whole() {
    let folder = shared_folder();
    let path = folder.path().as_os_str();
    let prepare = "mount -t tmpfs none /proc";
    let Some(output) = with_own_mounts(prepare, "\"$0\" check", path) else { return };
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("/proc: the processes are not there"), "{}", stderr(&output));
    let script = "\"$0\" check --format=json --output=json=\"$1/report.json\" \
                  fixtures/manifests/kubeadm-1.34.yaml";
    let output = with_own_mounts(prepare, script, path).expect("as before");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(names(folder.path()), ["report.json"]);
    let text = std::fs::read(folder.path().join("report.json")).expect("there");
    let report: Value = serde_json::from_slice(&text).expect("JSON");
    assert_eq!(report["summary"]["fail"], 16);
}

#[test]
fn what_another_user_may_not_see_of_a_process_is_said_and_is_no_pass() {
    if !is_root() {
        return skip("only root can start a process that this test may not look into");
    }
    let folder = shared_folder();
    let flags = words(&["--profiling=false", "--encryption-provider-config=/etc/hostname"]);
    let server = start(folder.path(), "kube-apiserver", "kube-apiserver", &flags);
    let pid = server.pid().to_string();
    let args = ["check", "--format=json", "--pid", &pid].map(OsStr::new);
    let output = unprivileged(folder.path(), &args);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let target = &report["targets"][0];
    assert_eq!(target["source"]["exe"], Value::Null);
    assert!(target["diagnostics"].to_string().contains("run as root"), "{target}");
    let results = target["results"].as_array().expect("results");
    let of = |rule: &str| {
        results.iter().find(|result| result["rule"] == rule).expect("the rule")["status"].clone()
    };
    // Its arguments are there for all to see; its files are not.
    assert_eq!(of("profiling"), "pass");
    assert_eq!(of("encryption-providers"), "error");
    assert!(output.stdout.windows(17).any(|text| text == b"Permission denied"));
}

#[test]
fn a_server_of_a_megabyte_of_arguments_is_an_error_and_the_others_are_checked() {
    let folder = shared_folder();
    let long: Vec<OsString> =
        (0..15).map(|n| format!("--v={n}{}", "0".repeat(100_000)).into()).collect();
    let huge = start(folder.path(), "kube-apiserver", "kube-apiserver", &long);
    let other = start(folder.path(), "etcd", "etcd", &words(&["--name=a"]));
    let outcome = plimsoll(["check", "--format=json"]);
    assert_eq!(outcome.status, 2);
    let named = format!("pid {}:", huge.pid());
    let line = outcome.stderr.lines().find(|line| line.contains(&named));
    assert!(line.is_some_and(|line| line.contains("more than 128 KiB")), "{line:?}");
    let report = outcome.json();
    let targets = report["targets"].as_array().expect("targets");
    assert!(targets.iter().any(|target| target["source"]["pid"] == other.pid()));
    assert!(targets.iter().all(|target| target["source"]["pid"] != huge.pid()));
}
