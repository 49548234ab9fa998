//! Files and folders that cannot be read, or are something else.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;

use rustix::fs::{CWD, Mode, mkfifoat};

use super::{pod, set_mode, shared_folder, stderr, unprivileged};
use crate::program::{Outcome, plimsoll, status};

fn check(args: &[&OsStr]) -> Outcome {
    plimsoll([OsStr::new("check"), OsStr::new("--format=json")].iter().chain(args))
}

#[test]
fn files_and_folders_that_may_not_be_read_are_named_and_the_others_are_checked() {
    let folder = shared_folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("closed")).expect("made");
    for name in ["good.yaml", "secret.yaml", "closed/a.yaml"] {
        fs::write(at(name), pod()).expect("written");
    }
    set_mode(&at("secret.yaml"), 0);
    set_mode(&at("closed"), 0);
    let words = ["check", "--format=json", "--only=profiling", "."].map(OsStr::new);
    let output = unprivileged(folder.path(), &words);
    // What nobody may enter could not be removed afterwards either.
    set_mode(&at("closed"), 0o755);
    assert_eq!(output.status.code(), Some(2));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&report["summary"]["targets"], &report["summary"]["pass"]), (&1.into(), &1.into()));
    let said = stderr(&output);
    for name in ["./secret.yaml: Permission denied", "./closed: Permission denied"] {
        assert!(said.contains(name), "{said}");
    }
    let words = ["check", "secret.yaml"].map(OsStr::new);
    let output = unprivileged(folder.path(), &words);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("secret.yaml: Permission denied"), "{}", stderr(&output));
}

#[test]
fn a_file_that_has_gone_is_named_and_the_others_are_checked() {
    let folder = shared_folder();
    symlink("nowhere", folder.path().join("gone.yaml")).expect("linked");
    fs::write(folder.path().join("good.yaml"), pod()).expect("written");
    let outcome = check(&[folder.path().as_os_str()]);
    assert_eq!(outcome.status, 2);
    assert_eq!(outcome.json()["summary"]["targets"], 1);
    assert!(outcome.stderr.contains("gone.yaml: No such file"), "{}", outcome.stderr);
}

#[test]
fn links_in_a_circle_are_an_error_and_the_rest_is_checked() {
    let folder = shared_folder();
    let at = |name: &str| folder.path().join(name);
    symlink("b.yaml", at("a.yaml")).expect("linked");
    symlink("a.yaml", at("b.yaml")).expect("linked");
    symlink(".", at("here")).expect("linked");
    fs::write(at("good.yaml"), pod()).expect("written");
    for input in [folder.path().to_owned(), at("a.yaml")] {
        let outcome = check(&[input.as_os_str(), at("good.yaml").as_os_str()]);
        assert_eq!(outcome.status, 2);
        assert_ne!(outcome.json()["summary"]["targets"], 0);
        assert!(outcome.stderr.contains("a.yaml: Too many levels"), "{}", outcome.stderr);
    }
}

#[test]
fn a_fifo_in_place_of_a_file_or_a_folder_holds_nothing_up() {
    let folder = shared_folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("node/etc/kubernetes")).expect("made");
    fs::create_dir(at("inputs")).expect("made");
    for name in
        ["fifo", "node/etc/hostname", "node/etc/kubernetes/encryption.yaml", "inputs/f.yaml"]
    {
        mkfifoat(CWD, at(name), Mode::RWXU).expect("made");
    }
    fs::write(at("inputs/pod.yaml"), pod()).expect("written");
    let (fifo, good) = (at("fifo"), at("inputs"));
    let refused = |args: &[&OsStr], why: &str| {
        let outcome = check(args);
        assert_eq!(outcome.status, 2, "{args:?}");
        assert!(outcome.stderr.contains(why), "{args:?}: {}", outcome.stderr);
    };
    refused(&[fifo.as_os_str()], "fifo: not a regular file");
    for option in ["--waivers", "--baseline", "--rules"] {
        refused(&[option.as_ref(), fifo.as_os_str(), good.as_os_str()], "fifo: not a regular file");
    }
    refused(&["--proc".as_ref(), fifo.as_os_str()], "fifo: cannot list processes");
    let flag = "--encryption-provider-config=/etc/kubernetes/encryption.yaml".as_ref();
    let server = ["--".as_ref(), "kube-apiserver".as_ref(), flag];
    let below = |root: &OsStr| check(&[&["--root".as_ref(), root][..], &server].concat());
    let outcome = below(fifo.as_os_str());
    assert_eq!(outcome.status, 2, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("it is no folder"), "{}", outcome.stderr);
    let outcome = below(at("node").as_os_str());
    assert_eq!(outcome.status, 2, "{}", outcome.stderr);
    assert_eq!(outcome.json()["summary"]["targets"], 1);
    assert_eq!(status(&outcome.json(), "encryption-providers"), "error");
}

#[test]
fn a_root_that_is_no_folder_is_refused() {
    let folder = shared_folder();
    let pod_path = folder.path().join("pod.yaml");
    fs::write(&pod_path, pod()).expect("written");
    for root in [pod_path.as_os_str(), "/no/such/folder".as_ref()] {
        let outcome = check(&["--root".as_ref(), root, pod_path.as_os_str()]);
        assert_eq!((outcome.status, &*outcome.stdout), (2, ""), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("folder"), "{}", outcome.stderr);
    }
}
