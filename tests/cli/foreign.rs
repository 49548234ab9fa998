//! Processes that are not root's: which files are read for them, and what is repeated of those.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::Value;

use crate::files::write;
use crate::forgery::FORMATS;
use crate::live::{Proc, of_pid, start, start_by, words};
use crate::machine::{NOBODY, is_root, set_mode, skip};
use crate::program::{Outcome, plimsoll};

/// A user who runs no test.
const EVE: u32 = 54_321;

const MARKER: &str = "MARKER77";

/// The flags that name a file which is read, and the programs that have them.
const NAMING: [(&str, &str); 20] = [
    ("kubelite", "--apiserver-args-file"),
    ("kubelite", "--controller-manager-args-file"),
    ("kubelite", "--scheduler-args-file"),
    ("kubelite", "--kubelet-args-file"),
    ("kubelet", "--config"),
    ("kubelet", "--kubeconfig"),
    ("kubelet", "--client-ca-file"),
    ("kubelet", "--tls-cert-file"),
    ("etcd", "--config-file"),
    ("etcd", "--cert-file"),
    ("kube-scheduler", "--config"),
    ("kube-apiserver", "--audit-policy-file"),
    ("kube-apiserver", "--encryption-provider-config"),
    ("kube-apiserver", "--authentication-config"),
    ("kube-apiserver", "--authorization-config"),
    ("kube-apiserver", "--admission-control-config-file"),
    ("kube-apiserver", "--egress-selector-config-file"),
    ("kube-apiserver", "--tracing-config-file"),
    ("kube-apiserver", "--authorization-webhook-config-file"),
    ("kube-apiserver", "--service-account-key-file"),
];

/// Of these no rule asks what is in them, or only another file makes it ask.
const LATER: [(&str, &str); 5] = [
    ("kubelet", "--kubeconfig"),
    ("kubelet", "--client-ca-file"),
    ("kube-apiserver", "--admission-control-config-file"),
    ("kube-apiserver", "--tracing-config-file"),
    ("kube-apiserver", "--service-account-key-file"),
];

/// Texts of every kind that a decoder could quote.
fn texts() -> [String; 6] {
    [
        format!("{MARKER} password={MARKER}\n"),
        format!("kind: {MARKER}\napiVersion: {MARKER}\n"),
        format!(
            "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{MARKER}: x\n"
        ),
        format!("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{{level: {MARKER}}}]\n"),
        format!("{MARKER}: {{a: [}}\n"),
        format!("-----BEGIN {MARKER} KEY-----\n{MARKER}\n-----END {MARKER} KEY-----\n"),
    ]
}

fn write_with(folder: &Path, path: &str, text: &str, mode: u32) {
    write(folder, path, text);
    set_mode(&folder.join(path), mode);
}

/// A process of [`EVE`] that names a file; its root is `root` in its folder.
fn decoy(program: &str, flag: &str, path: &str) -> Proc {
    let table = Proc::new();
    let line = format!("{program}\0{flag}={path}\0");
    table.add(9, 1, EVE, Some(&format!("/home/eve/{program}")), line.as_bytes());
    let root = table.folder(9).join("root");
    fs::create_dir(&root).expect("made");
    set_mode(&root, 0o755);
    table
}

/// Everything that is printed of a table: every format of a check, and the flags.
fn everything(table: &Proc) -> Vec<Outcome> {
    let proc = table.path();
    let checks = FORMATS.iter().map(|format| {
        plimsoll(["check", "--format", format, "--benchmark=hardening", "-v", "--proc", &proc])
    });
    let flags = ["text", "json"]
        .iter()
        .map(|format| plimsoll(["flags", "--format", format, "--all", "-v", "--proc", &proc]));
    checks.chain(flags).collect()
}

#[track_caller]
fn repeats_nothing(table: &Proc, case: &str) {
    for outcome in everything(table) {
        assert!(!outcome.stdout.contains(MARKER), "{case}: {}", outcome.stdout);
        assert!(!outcome.stderr.contains(MARKER), "{case}: {}", outcome.stderr);
    }
}

#[track_caller]
fn is_refused(table: &Proc, file: &str, why: &str) {
    let outcome =
        plimsoll(["check", "--benchmark=hardening", "--show=all", "--proc", &table.path()]);
    assert_eq!(outcome.status, 2, "{}", outcome.stdout);
    let said = format!("{}{}", outcome.stdout, outcome.stderr);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(&format!("{file} is not read: {why}")), "{said}");
}

#[test]
fn a_file_that_only_root_may_read_is_not_read_for_another_user() {
    for (program, flag) in NAMING.into_iter().filter(|naming| !LATER.contains(naming)) {
        let table = decoy(program, flag, "/home/eve/x");
        let root = table.folder(9).join("root");
        write_with(&root, "home/eve/x", &texts()[0], 0o600);
        let why = format!("uid {EVE}, which runs the process, may not read /home/eve/x");
        is_refused(&table, "/home/eve/x", &why);
    }
    for (program, flag) in NAMING {
        let table = decoy(program, flag, "/home/eve/x");
        for text in texts() {
            write_with(&table.folder(9).join("root"), "home/eve/x", &text, 0o640);
            let outcome = table.check_by("hardening");
            assert!(!outcome.stdout.contains(MARKER), "{program} {flag}: {}", outcome.stdout);
            assert!(!outcome.stderr.contains(MARKER), "{program} {flag}: {}", outcome.stderr);
        }
    }
}

#[test]
fn no_folder_and_no_link_on_the_way_lends_rights() {
    let flags = "--audit-log-path=/l\0--audit-policy-file";
    let table = decoy("kube-apiserver", flags, "/home/eve/link");
    let root = table.folder(9).join("root");
    let policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n";
    write_with(&root, "root/p", policy, 0o644);
    fs::create_dir_all(root.join("home/eve")).expect("made");
    symlink("../../root/p", root.join("home/eve/link")).expect("linked");
    let status = || {
        let report = table.check_by("hardening").json();
        crate::live::status(of_pid(&report, 9)[0], "audit-events-recorded").to_owned()
    };
    // Others may search a folder, or they may not; reading it is another matter.
    for (mode, expected) in [(0o755, "pass"), (0o711, "pass"), (0o744, "error"), (0o700, "error")] {
        set_mode(&root.join("root"), mode);
        assert_eq!(status(), expected, "{mode:o}");
    }
    let why = format!("uid {EVE}, which runs the process, may not search /root");
    is_refused(&table, "/home/eve/link", &why);
    // Not even that something is there is told.
    fs::remove_file(root.join("root/p")).expect("removed");
    is_refused(&table, "/home/eve/link", &why);
    set_mode(&root.join("root"), 0o755);
}

#[test]
fn a_file_that_the_user_may_read_is_read_and_its_words_are_not_repeated() {
    for (program, flag) in NAMING {
        let table = decoy(program, flag, "/home/eve/x");
        for text in texts() {
            write_with(&table.folder(9).join("root"), "home/eve/x", &text, 0o644);
            let outcome = table.check_by("hardening");
            assert!(!outcome.stdout.contains(MARKER), "{program} {flag}: {}", outcome.stdout);
            assert!(!outcome.stderr.contains(MARKER), "{program} {flag}: {}", outcome.stderr);
        }
    }
    let table = decoy("kubelet", "--config", "/home/eve/x");
    write_with(&table.folder(9).join("root"), "home/eve/x", &texts()[2], 0o644);
    repeats_nothing(&table, "an unknown field");
    let report = table.check_by("hardening").json();
    let said = of_pid(&report, 9)[0]["diagnostics"].as_array().expect("diagnostics").clone();
    let remark = said.iter().find(|it| it["code"] == "configuration-file").expect("a remark");
    assert_eq!(remark["location"]["line"], 3, "the place is told: {remark}");
}

#[test]
fn a_list_of_drop_ins_is_read_by_those_who_may_list_the_folder() {
    let table = decoy("kubelet", "--config-dir", "/home/eve/d");
    let root = table.folder(9).join("root");
    write_with(&root, &format!("home/eve/d/{MARKER}.conf"), "a: b\n", 0o644);
    set_mode(&root.join("home/eve/d"), 0o711);
    repeats_nothing(&table, "names in a folder");
    set_mode(&root.join("home/eve/d"), 0o755);
}

#[test]
fn an_access_list_or_an_unknown_user_is_a_reason_not_to_read() {
    let table = decoy("kube-apiserver", "--audit-policy-file", "/home/eve/x");
    let root = table.folder(9).join("root");
    write_with(&root, "home/eve/x", "apiVersion: audit.k8s.io/v1\nkind: Policy\n", 0o644);
    let status = "Name:\tx\n".to_owned();
    let path = root.join("home/eve/x");
    // Version 2; owner, the user 7, group, mask and others: see `acl(5)` and the kernel's
    // `include/uapi/linux/posix_acl_xattr.h`.
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, bits, id) in
        [(1, 6, u32::MAX), (2, 4, 7), (4, 4, u32::MAX), (16, 4, u32::MAX), (32, 4, u32::MAX)]
    {
        list.extend(u16::to_le_bytes(tag));
        list.extend(u16::to_le_bytes(bits));
        list.extend(u32::to_le_bytes(id));
    }
    let name = "system.posix_acl_access";
    match rustix::fs::setxattr(&path, name, &list, rustix::fs::XattrFlags::empty()) {
        Ok(()) => is_refused(&table, "/home/eve/x", "/home/eve/x may have an access control list"),
        Err(error) => skip(&format!("no access control lists here: {error}")),
    }
    fs::write(table.folder(9).join("status"), status).expect("written");
    is_refused(&table, "/home/eve/x", "/proc does not say which user runs the process");
    let report = table.check_by("hardening").json();
    assert!(of_pid(&report, 9)[0]["diagnostics"].to_string().contains("user-unknown"));
}

#[test]
fn a_real_process_of_another_user_borrows_no_eyes() {
    if !is_root() {
        return skip("only root can start a process of another user");
    }
    let folder = tempfile::tempdir().expect("a folder");
    set_mode(folder.path(), 0o755);
    write_with(folder.path(), "secret", &texts()[0], 0o600);
    let path = folder.path().join("secret").display().to_string();
    let one = [format!("--apiserver-args-file={path}")];
    let two = ["--apiserver-args-file".to_owned(), path.clone()];
    for args in [&one[..], &two] {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        let kubelite = start_by(Some(NOBODY), folder.path(), "kubelite", "kubelite", &args);
        let pid = kubelite.pid().to_string();
        for command in ["check", "flags"] {
            let outcome = plimsoll([command, "--pid", &pid]);
            assert_eq!(outcome.status, 2);
            let all = format!("{}{}", outcome.stdout, outcome.stderr);
            assert!(!all.contains(MARKER), "{all}");
            assert!(all.contains(&format!("{path} is not read: uid {NOBODY}")), "{all}");
        }
    }
    // What it may read is read, and it is said who runs it.
    write_with(folder.path(), "list", "--profiling=false\n", 0o644);
    let list = folder.path().join("list").display().to_string();
    let args = words(&["--apiserver-args-file", &list]);
    let kubelite = start_by(Some(NOBODY), folder.path(), "kubelite", "kubelite", &args);
    let args = ["check", "--format=json", "--pid", &kubelite.pid().to_string()];
    let report = plimsoll(args).json();
    let target = of_pid(&report, kubelite.pid())[0];
    assert_eq!(crate::live::status(target, "profiling"), "pass");
    assert!(target["diagnostics"].to_string().contains("not-root"), "{target}");
}

#[test]
fn a_set_id_program_of_root_is_anybodys() {
    if !is_root() {
        return skip("only root can start a process of root");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n";
    write_with(folder.path(), "policy", policy, 0o600);
    let path = folder.path().join("policy").display().to_string();
    let args = words(&["--audit-log-path=/l", &format!("--audit-policy-file={path}")]);
    let server = start(folder.path(), "sudo", "kube-apiserver", &args);
    let pid = server.pid().to_string();
    let args = ["check", "--benchmark=hardening", "--only=audit-events-recorded", "--pid", &pid];
    assert_eq!(plimsoll(args).status, 0);
    for mode in [0o4755, 0o2755] {
        set_mode(&folder.path().join("sudo"), mode);
        let outcome = plimsoll(args);
        assert_eq!(outcome.status, 2, "{}", outcome.stdout);
        assert!(outcome.stdout.contains("its program is set-id"), "{}", outcome.stdout);
    }
}

#[test]
fn kubelite_of_which_nothing_is_found_is_a_failure() {
    let check = |line: &[u8], more: &[&str]| {
        let table = Proc::new();
        table.add(9, 1, 0, Some("/snap/kubelite"), line);
        write(&table.folder(9), "root/list", "--authorization-mode=AlwaysAllow\n");
        let proc = table.path();
        let args = ["check", "--format=json", "--proc", &proc];
        let outcome = plimsoll(args.iter().chain(more));
        let mut flags = vec!["flags", "--proc", &proc];
        flags.extend(more.iter().filter(|word| word.starts_with("--component")));
        assert_eq!(plimsoll(flags).status == 2, outcome.status == 2, "{}", outcome.stderr);
        outcome
    };
    for line in [&b"kubelite\0"[..], b"kubelite\0x\0", b"kubelite\0--apiserver-args-file\0"] {
        let outcome = check(line, &[]);
        assert_eq!(outcome.status, 2, "{}", outcome.stderr);
        assert!(outcome.stderr.contains("name no file of theirs"), "{}", outcome.stderr);
    }
    for line in [
        &b"kubelite\0--apiserver-args-file\0/list\0"[..],
        b"kubelite\0--apiserver-args-file=/list\0",
        b"kubelite\0--apiserver-args-file=/none\0--apiserver-args-file=/list\0",
    ] {
        let others = b"--controller-manager-args-file=/list\0--scheduler-args-file=/list\0--kubelet-args-file=/list\0";
        let whole = [line, others].concat();
        let outcome = check(&whole, &["--only=authz-not-always-allow"]);
        assert_eq!(outcome.status, 1, "{}", outcome.stderr);
        let report: Value = outcome.json();
        assert_eq!(of_pid(&report, 9).len(), 4);
        // What it runs with the files of others is not known.
        let outcome = check(line, &["--only=authz-not-always-allow"]);
        assert_eq!(outcome.status, 2, "{}", outcome.stderr);
        // No component that is asked for.
        assert_eq!(check(line, &["--component=etcd"]).status, 2);
    }
}

#[test]
fn a_process_that_only_looks_like_an_embedder_or_a_wrapper_makes_no_run_green() {
    let table = Proc::new();
    let folder = table.folder(9);
    fs::create_dir(&folder).expect("made");
    fs::write(folder.join("cmdline"), "kubelite\0").expect("written");
    symlink("/home/eve/kubelite", folder.join("exe")).expect("linked");
    fs::write(folder.join("stat"), "9 (kubelite) S 1 0 0 0 -1 4194560 0").expect("written");
    for args in [["check", "--proc"], ["flags", "--proc"]] {
        assert_eq!(plimsoll(args.iter().copied().chain([table.path().as_str()])).status, 2);
    }
    let table = Proc::new();
    let shell = b"sh\0-c\0sleep 50; kube-apiserver --profiling=false\0";
    table.add(9, 1, EVE, Some("/bin/sh"), shell);
    let outcome = table.check();
    assert_eq!(outcome.status, 2, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("is running: 1 processes seen"), "{}", outcome.stderr);
}
