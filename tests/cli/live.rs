//! Running processes: real ones under the servers' names, and folders that look like `/proc`.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::limit::until;
use crate::program::plimsoll;

/// The program that sleeps, which `cargo test` builds as an example.
fn sleeper() -> PathBuf {
    let mut path = std::env::current_exe().expect("this test");
    path.pop();
    path.pop();
    let path = path.join("examples/sleeper");
    assert!(path.exists(), "{}: run `cargo test`, which builds it", path.display());
    path
}

/// A process that ends with the test.
pub(crate) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    pub(crate) fn pid(&self) -> u32 {
        self.0.id()
    }
}

/// Starts a copy of the sleeper under a name, with these arguments.
pub(crate) fn start(folder: &Path, name: &str, argv0: &str, args: &[OsString]) -> Running {
    start_by(None, folder, name, argv0, args)
}

/// As [`start`], as another user; only root may do that.
pub(crate) fn start_by(
    uid: Option<u32>,
    folder: &Path,
    name: &str,
    argv0: &str,
    args: &[OsString],
) -> Running {
    let exe = folder.join(name);
    if !exe.exists() {
        fs::copy(sleeper(), &exe).expect("copied");
    }
    let child = until("process", || {
        let mut command = Command::new(&exe);
        if let Some(uid) = uid {
            command.uid(uid);
        }
        let started = command
            .arg0(argv0)
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match started {
            // Another test, starting its process just now, still holds the copy open for writing.
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => None,
            started => Some(started.expect("started")),
        }
    });
    // Until the program is loaded the process still has the arguments of this test.
    let cmdline = format!("/proc/{}/cmdline", child.id());
    until("program", || {
        let loaded = fs::read(&cmdline).is_ok_and(|bytes| bytes.starts_with(argv0.as_bytes()));
        loaded.then_some(())
    });
    Running(child)
}

pub(crate) fn words(args: &[&str]) -> Vec<OsString> {
    args.iter().map(OsString::from).collect()
}

pub(crate) fn of_pid(report: &Value, pid: u32) -> Vec<&Value> {
    let targets = report["targets"].as_array().expect("targets");
    targets.iter().filter(|target| target["source"]["pid"] == pid).collect()
}

pub(crate) fn status<'r>(target: &'r Value, rule: &str) -> &'r str {
    let results = target["results"].as_array().expect("results");
    let result = results.iter().find(|result| result["rule"] == rule).expect("the rule");
    result["status"].as_str().expect("a status")
}

#[test]
fn real_servers_are_found_among_decoys() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let first = start(
        folder.path(),
        "kube-apiserver",
        "kube-apiserver",
        &words(&[
            "--profiling=true",
            "--profiling=0",
            "--audit-log-path=/a b/c",
            "--secure-port=1",
        ]),
    );
    let second = start(
        folder.path(),
        "kube-apiserver",
        &at("kube-apiserver"),
        &words(&["--profiling", "--token-auth-file", "", "--secure-port=2"]),
    );
    let editor =
        start(folder.path(), "vim", "vim", &words(&["kube-apiserver.yaml", "--profiling=false"]));
    let grep = start(folder.path(), "grep", "grep", &words(&["kube-apiserver"]));
    let other =
        start(folder.path(), "apiserver-proxy", "apiserver-proxy", &words(&["--profiling"]));

    let report = plimsoll(["check", "--format", "json"]).json();
    let found = of_pid(&report, first.pid());
    assert_eq!(found.len(), 1, "threads are not processes");
    assert_eq!(status(found[0], "profiling"), "pass");
    assert_eq!(status(found[0], "audit-log-path"), "pass");
    assert_eq!(found[0]["source"]["exe"], at("kube-apiserver"));
    assert_eq!(found[0]["source"]["kind"], "process");
    assert!(found[0]["source"]["uid"].is_u64());
    let found = of_pid(&report, second.pid());
    assert_eq!(found.len(), 1);
    assert_eq!(status(found[0], "profiling"), "fail");
    assert_eq!(status(found[0], "token-auth-file"), "pass", "the empty argument is its value");
    for decoy in [&editor, &grep, &other] {
        assert!(of_pid(&report, decoy.pid()).is_empty());
    }
}

#[test]
fn arguments_survive_blanks_newlines_and_bytes_that_are_no_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut args = words(&["--audit-log-path", " two  words\nand lines "]);
    args.push(OsString::from_vec(b"--client-ca-file=/\xff\xfe.crt".to_vec()));
    args.extend(words(&["", "--profiling=false"]));
    let server = start(folder.path(), "kube-apiserver", "kube-apiserver", &args);
    let pid = server.pid().to_string();
    let outcome = plimsoll(["flags", "--format", "json", "--pid", &pid]);
    let report = outcome.json();
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let flags = report["targets"][0]["flags"].as_array().expect("flags");
    let value = |name: &str| {
        flags.iter().find(|flag| flag["name"] == name).expect("the flag")["value"].clone()
    };
    assert_eq!(value("audit-log-path"), " two  words\nand lines ");
    assert_eq!(value("client-ca-file"), "/\\xff\\xfe.crt");
    assert_eq!(value("profiling"), "false");
    let place = &flags.iter().find(|f| f["name"] == "profiling").expect("it")["occurrences"][0];
    assert_eq!(place["location"], serde_json::json!({"pid": server.pid(), "argument": 5}));
}

#[test]
fn one_process_can_be_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start(folder.path(), "kube-apiserver", "x", &words(&["--profiling=false"]));
    let editor = start(folder.path(), "vim", "vim", &words(&["kube-apiserver"]));
    let check = |pid: u32| plimsoll(["check", "--only", "profiling", "--pid", &pid.to_string()]);
    assert_eq!(check(server.pid()).status, 0);
    let outcome = check(editor.pid());
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("it is no kube-apiserver"), "{}", outcome.stderr);
    let outcome = check(u32::MAX - 1);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("there is no such process"), "{}", outcome.stderr);
}

/// A folder that looks like `/proc`.
pub(crate) struct Proc(tempfile::TempDir);

impl Proc {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn folder(&self, pid: u32) -> PathBuf {
        self.0.path().join(pid.to_string())
    }

    pub(crate) fn path(&self) -> String {
        self.0.path().display().to_string()
    }

    pub(crate) fn add(&self, pid: u32, parent: u32, uid: u32, exe: Option<&str>, cmdline: &[u8]) {
        let folder = self.folder(pid);
        fs::create_dir(&folder).expect("made");
        let name = exe.and_then(|exe| exe.rsplit('/').next()).unwrap_or("kube-apiserver");
        fs::write(folder.join("stat"), format!("{pid} ({name}) S {parent} 0")).expect("written");
        let ids = format!("{uid}\t{uid}\t{uid}\t{uid}");
        let status = format!("Name:\t{name}\nUid:\t{ids}\nGid:\t{ids}\nGroups:\t{uid} \n");
        fs::write(folder.join("status"), status).expect("written");
        fs::write(folder.join("cmdline"), cmdline).expect("written");
        if let Some(exe) = exe {
            std::os::unix::fs::symlink(exe, folder.join("exe")).expect("linked");
        }
    }

    pub(crate) fn check_by(&self, benchmark: &str) -> crate::program::Outcome {
        let folder = self.0.path().display().to_string();
        plimsoll(["check", "--format=json", "--benchmark", benchmark, "--proc", &folder])
    }

    pub(crate) fn check(&self) -> crate::program::Outcome {
        let folder = self.0.path().as_os_str();
        plimsoll(["check".as_ref(), "--format=json".as_ref(), "--proc".as_ref(), folder])
    }
}

#[test]
fn a_machine_without_a_server_is_an_error_and_not_a_pass() {
    let table = Proc::new();
    table.add(10, 1, 0, Some("/usr/bin/vim"), b"vim\0kube-apiserver.yaml\0--profiling=false\0");
    let outcome = table.check();
    assert_eq!(outcome.status, 2);
    assert_eq!(outcome.json()["summary"]["targets"], 0);
    assert!(outcome.stderr.contains("or kubelet is running: 1 processes seen"));
}

#[test]
fn who_runs_a_server_and_what_it_is_are_shown_and_doubts_are_said() {
    let table = Proc::new();
    table.add(1, 0, 0, Some("/usr/bin/kube-apiserver"), b"kube-apiserver\0--profiling=false\0");
    table.add(2000, 1, 1000, None, b"kube-apiserver\0");
    let report = table.check().json();
    let first = of_pid(&report, 1)[0];
    assert_eq!(first["source"]["uid"], 0);
    assert_eq!(first["source"]["exe"], "/usr/bin/kube-apiserver");
    let codes = |target: &Value| -> Vec<String> {
        let said = target["diagnostics"].as_array().expect("diagnostics");
        said.iter().map(|d| d["code"].as_str().expect("a code").to_owned()).collect()
    };
    assert!(!codes(first).contains(&"not-root".to_owned()));
    let second = codes(of_pid(&report, 2000)[0]);
    assert!(second.contains(&"not-root".to_owned()), "{second:?}");
    assert!(second.contains(&"executable-unreadable".to_owned()), "{second:?}");
}

#[test]
fn servers_that_end_or_rewrite_their_arguments_are_said_and_never_pass() {
    let table = Proc::new();
    table.add(7, 1, 0, Some("/kube-apiserver"), b"");
    table.add(8, 1, 0, Some("/kube-apiserver"), b"kube-apiserver --profiling=false --v=2\0\0\0\0");
    table.add(9, 1, 0, Some("/kube-apiserver"), b"kube-apiserver\0--profiling=false\0");
    fs::remove_file(table.0.path().join("9/cmdline")).expect("removed");
    let outcome = table.check();
    assert_eq!(outcome.status, 2);
    assert_eq!(outcome.json()["summary"]["targets"], 0);
    for message in ["pid 7: it has no arguments", "pid 8: it has rewritten", "pid 9: its arguments"]
    {
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
}

#[test]
fn hidden_processes_are_said() {
    let table = Proc::new();
    fs::write(table.0.path().join("version"), "Linux").expect("written");
    table.add(9, 5, 0, Some("/kube-apiserver"), b"kube-apiserver\0--profiling=false\0");
    let outcome = table.check();
    assert_eq!(outcome.status, 2);
    assert_eq!(outcome.json()["summary"]["targets"], 1);
    assert!(outcome.stderr.contains("hidepid"), "{}", outcome.stderr);
}

#[test]
fn a_wrapper_is_not_a_second_server() {
    let table = Proc::new();
    let shell = b"sh\0-c\0kube-apiserver --profiling=false | tee /log\0";
    table.add(5, 1, 0, Some("/bin/sh"), shell);
    table.add(6, 5, 0, Some("/bin/kube-apiserver"), b"kube-apiserver\0--profiling=false\0");
    let runner = b"/go-runner\0--log-file=/l\0kube-apiserver\0--profiling=false\0";
    table.add(15, 1, 0, Some("/go-runner"), runner);
    let report = table.check().json();
    assert_eq!(report["summary"]["targets"], 2);
    assert_eq!((of_pid(&report, 6).len(), of_pid(&report, 15).len()), (1, 1));
}

#[test]
fn servers_inside_other_programs_are_read_from_what_those_run() {
    let table = Proc::new();
    let write = |pid: u32, path: &str, text: &str| {
        let path = table.folder(pid).join("root").join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    };
    let kubelite = b"/snap/kubelite\0--apiserver-args-file=/args/kube-apiserver\0--kubelet-args-file=/args/kubelet\0";
    table.add(40, 1, 0, Some("/snap/kubelite"), kubelite);
    write(
        40,
        "args/kube-apiserver",
        "--profiling=false\n# --anonymous-auth=false\n--secure-port=16443\n",
    );
    let outcome = table.check();
    let report = outcome.json();
    let server = of_pid(&report, 40);
    assert_eq!(server.len(), 1);
    assert_eq!(server[0]["source"]["format"], "args-file");
    assert_eq!(
        (status(server[0], "profiling"), status(server[0], "anonymous-auth")),
        ("pass", "fail")
    );
    assert_eq!(outcome.status, 2, "the kubelet's file is missing");
    assert!(outcome.stderr.contains("/args/kubelet does not exist"), "{}", outcome.stderr);

    table.add(50, 1, 0, Some("/usr/local/bin/k3s"), b"/usr/local/bin/k3s server\0");
    write(50, "etc/hostname", "node");
    let outcome = table.check();
    assert!(outcome.stderr.contains("pid 50: k3s runs kube-apiserver, "), "{}", outcome.stderr);
    write(
        50,
        "etc/rancher/k3s/config.yaml",
        "kube-apiserver-arg: [profiling=true]\nflannel-backend: none\n",
    );
    write(
        50,
        "etc/rancher/k3s/config.yaml.d/10.yaml",
        "kube-apiserver-arg+: [audit-log-maxage=30]\n",
    );
    let report = table.check().json();
    let servers = of_pid(&report, 50);
    let server = servers.iter().find(|it| it["component"] == "kube-apiserver").expect("found");
    assert_eq!(server["source"]["format"], "k3s");
    // Its arguments, which cannot be seen, come after what the files say.
    assert_eq!(status(server, "profiling"), "unknown");
}

#[test]
fn what_does_not_run_here_is_not_applicable() {
    let table = Proc::new();
    table.add(6, 1, 0, Some("/bin/kube-apiserver"), b"kube-apiserver\0--profiling=false\0");
    let outcome = table.check();
    let report = outcome.json();
    let absent: Vec<&Value> = report["targets"]
        .as_array()
        .expect("targets")
        .iter()
        .filter(|target| target["source"]["pid"].is_null())
        .collect();
    let components: Vec<&str> = absent.iter().filter_map(|t| t["component"].as_str()).collect();
    assert_eq!(components, ["etcd", "kube-controller-manager", "kube-scheduler", "kubelet"]);
    for target in absent {
        let results = target["results"].as_array().expect("results");
        assert!(!results.is_empty());
        assert!(results.iter().all(|result| result["status"] == "not-applicable"), "{target}");
    }
    assert_eq!(outcome.status, 1, "absent components fail nothing");
    // What is hidden may be there: then nothing is said to be absent.
    table.add(7, 1, 0, Some("/etcd"), b"");
    let report = table.check().json();
    assert!(of_pid(&report, 6).len() == 1 && report["targets"].as_array().map(Vec::len) == Some(1));
}

#[test]
fn a_process_table_that_is_not_there_is_an_error() {
    let outcome = plimsoll(["check", "--proc", "/no/such/proc"]);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("/no/such/proc"), "{}", outcome.stderr);
}
