//! Which process is the server: what a decoy cannot take over from it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::forgery::{FORMATS, codes};
use crate::live::{Proc, of_pid, start, words};
use crate::machine::{is_root, set_mode, skip};
use crate::program::{Outcome, plimsoll};

/// Whatever a format has no place for, who runs a server and why it may be none is said in all of them.
#[test]
fn the_user_and_the_warning_of_a_decoy_are_in_every_format() {
    let table = Proc::new();
    table.add(10, 1, 0, Some("/usr/bin/kube-apiserver"), b"kube-apiserver\0--profiling=true\0");
    table.add(11, 1, 4711, Some("/usr/bin/sleep"), b"kube-apiserver\0--profiling=false\0");
    for format in FORMATS {
        let only = ["check", "--only=profiling", "--format", format, "--proc"];
        let outcome = plimsoll(only.iter().copied().chain([table.path().as_str()]));
        let said = ["it runs as uid 4711, not as root", "its executable is sleep"];
        assert!(said.iter().all(|it| outcome.stdout.contains(it)), "{format}: {}", outcome.stdout);
    }
}

/// Runs a shell script with mounts of its own, so that other files seem to have the machine's paths.
/// None where that is not allowed.
fn in_a_mount_namespace(script: &str, folder: &Path) -> Option<Started> {
    let child = Command::new("unshare")
        .args(["-m", "sh", "-c", script])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let started = Started(child);
    // The shell becomes the server, or ends because it may not mount.
    for _ in 0..2_000 {
        let argv = fs::read(format!("/proc/{}/cmdline", started.0.id())).unwrap_or_default();
        if argv.starts_with(b"bin/kube-apiserver") {
            return Some(started);
        }
        if argv.is_empty() && started.has_ended() {
            return None;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    None
}

/// A process that ends with the test.
struct Started(std::process::Child);

impl Started {
    fn has_ended(&self) -> bool {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap_or_default();
        stat.is_empty() || stat.contains(") Z ")
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn another_file_laid_over_the_server_s_path_is_told_from_the_server() {
    if !is_root() {
        return skip("only root can mount");
    }
    let folder = tempfile::tempdir().expect("a folder");
    set_mode(folder.path(), 0o755);
    let bin = folder.path().join("bin");
    fs::create_dir(&bin).expect("made");
    let options = words(&["--profiling=true"]);
    let server = start(&bin, "kube-apiserver", "kube-apiserver", &options);
    let script = "cp bin/kube-apiserver copy && mount -t tmpfs none bin && \
                  cp copy bin/kube-apiserver && exec bin/kube-apiserver --profiling=true";
    let Some(decoy) = in_a_mount_namespace(script, folder.path()) else {
        return skip("mounting is not allowed here");
    };
    let check = |more: &[&str]| {
        plimsoll(["check", "--format=json", "--only=profiling"].iter().chain(more).copied())
    };
    let report = check(&[]).json();
    let (real, fake) = (of_pid(&report, server.pid())[0], of_pid(&report, decoy.0.id())[0]);
    assert_eq!(real["source"]["exe"], fake["source"]["exe"]);
    assert!(codes(fake).contains(&"other-file") && !codes(real).contains(&"other-file"));
    // What it fails is not known later, nor is it what the server fails.
    let of_fake = format!("--pid={}", decoy.0.id());
    let baseline = folder.path().join("old.json");
    fs::write(&baseline, check(&[&of_fake]).stdout).expect("written");
    let baseline = format!("--baseline={}", baseline.display());
    for pid in [of_fake, format!("--pid={}", server.pid())] {
        assert_eq!(check(&[&pid, &baseline]).status, 1, "{pid}");
    }
}

/// A check of one server, written down as a process.
fn check_process(uid: u32, cmdline: &[u8], baseline: Option<&Path>) -> Outcome {
    let table = Proc::new();
    table.add(10, 1, uid, Some("/bin/kube-apiserver"), cmdline);
    let baseline = baseline.map(|path| format!("--baseline={}", path.display()));
    let words = ["check", "--format=json", "--only=profiling", "--proc", &table.path()];
    plimsoll(words.into_iter().chain(baseline.as_deref()))
}

#[test]
fn a_baseline_knows_a_server_by_its_port_and_user_and_knows_no_decoy() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = folder.path().join("old.json");
    let first = check_process(0, b"kube-apiserver\0--secure-port=6443\0", None);
    fs::write(&old, first.stdout).expect("written");
    for (arguments, status) in [
        (&b"kube-apiserver\0"[..], 0),
        (b"kube-apiserver\0--secure-port\x006443\0", 0),
        (b"kube-apiserver\0--cert-dir\0--secure-port=1\0--v=2\0", 0),
        (b"kube-apiserver\0--secure-port=7443\0", 1),
    ] {
        let outcome = check_process(0, arguments, Some(&old));
        assert_eq!(outcome.status, status, "{}", String::from_utf8_lossy(arguments));
    }
    // A decoy's failure at the time of the baseline buys neither itself nor the server anything.
    fs::write(&old, check_process(65534, b"kube-apiserver\0", None).stdout).expect("written");
    for uid in [65534, 0] {
        assert_eq!(check_process(uid, b"kube-apiserver\0", Some(&old)).status, 1, "{uid}");
    }
}
