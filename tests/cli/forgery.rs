//! What somebody without rights on the machine could try to make a report better.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::limit::output;
use crate::live::{Proc, of_pid, start, start_by, status, words};
use crate::machine::{NOBODY, is_root, set_mode, skip};
use crate::program::{Outcome, fixture, manifest, plimsoll, result, run};

const IMAGE: &str = "registry.k8s.io/kube-apiserver:v1.34.0";

/// Every format of a check.
pub(crate) const FORMATS: [&str; 15] = [
    "text",
    "json",
    "sarif",
    "junit",
    "markdown",
    "csv",
    "html",
    "github",
    "gitlab",
    "ocsf",
    "oscal",
    "prometheus",
    "policyreport",
    "openreports",
    "kube-bench-json",
];

/// An escape that clears the screen, one that colours, and what turns text around or hides it.
const TRICKS: &str = "\u{1b}[2J\u{9b}31m\u{202e}\u{2066}\u{200b}\u{7}";

fn has_tricks(text: &str) -> bool {
    text.contains(|c: char| TRICKS.contains(c) && !c.is_ascii_graphic())
}

pub(crate) fn codes(target: &Value) -> Vec<&str> {
    let said = target["diagnostics"].as_array().expect("diagnostics");
    said.iter().map(|diagnostic| diagnostic["code"].as_str().expect("a code")).collect()
}

#[test]
fn a_decoy_beside_the_server_is_shown_with_its_user_and_takes_no_failure_away() {
    let table = Proc::new();
    let only = ["check", "--format=json", "--only=profiling", "--proc"];
    let check = || plimsoll(only.iter().copied().chain([table.path().as_str()]));
    table.add(10, 1, 0, Some("/usr/bin/kube-apiserver"), b"kube-apiserver\0--profiling=true\0");
    assert_eq!(check().status, 1);
    let perfect = b"kube-apiserver\0--profiling=false\0";
    // By its executable, by what it calls itself, above and below the server, and as its parent.
    table.add(5, 1, 1000, Some("/home/eve/kube-apiserver"), perfect);
    table.add(11, 10, 1000, Some("/usr/bin/sleep"), perfect);
    table.add(12, 10, 1000, Some("/bin/sh"), b"sh\0-c\0exec kube-apiserver --profiling=false\0");
    let outcome = check();
    assert_eq!(outcome.status, 1, "{}", outcome.stderr);
    let report = outcome.json();
    let server = of_pid(&report, 10);
    assert_eq!((server.len(), status(server[0], "profiling")), (1, "fail"));
    for pid in [5, 11, 12] {
        let decoy = of_pid(&report, pid);
        assert_eq!(decoy[0]["source"]["uid"], 1000);
        assert!(codes(decoy[0]).contains(&"not-root"), "{}", decoy[0]);
    }
    assert!(codes(of_pid(&report, 11)[0]).contains(&"other-executable"));
    let text = plimsoll(["check", "--only=profiling", "--proc", &table.path()]).stdout;
    assert!(text.contains("it runs as uid 1000, not as root: it may be a decoy"), "{text}");
}

#[test]
fn a_real_decoy_of_another_user_is_told_from_the_server() {
    if !is_root() {
        return skip("only root can start a process of another user");
    }
    let folder = tempfile::tempdir().expect("a folder");
    set_mode(folder.path(), 0o755);
    let name = "kube-apiserver";
    let server = start(folder.path(), name, name, &words(&["--profiling=true"]));
    let perfect = words(&["--profiling=false"]);
    let decoy = start_by(Some(NOBODY), folder.path(), name, name, &perfect);
    let outcome = plimsoll(["check", "--format=json", "--only=profiling"]);
    assert_ne!(outcome.status, 0);
    let report = outcome.json();
    let (server, decoy) = (of_pid(&report, server.pid()), of_pid(&report, decoy.pid()));
    assert_eq!(status(server[0], "profiling"), "fail");
    assert_eq!(decoy[0]["source"]["uid"], NOBODY);
    assert!(codes(decoy[0]).contains(&"not-root") && !codes(server[0]).contains(&"not-root"));
}

#[test]
fn a_decoy_that_rewrites_its_arguments_is_an_error_and_hides_nothing() {
    let table = Proc::new();
    table.add(10, 1, 0, Some("/kube-apiserver"), b"kube-apiserver\0--profiling=true\0");
    table.add(11, 1, 1000, Some("/x"), b"kube-apiserver --profiling=false --v=2\0\0\0");
    table.add(12, 1, 1000, Some("/kube-apiserver"), b"");
    let outcome = plimsoll(["check", "--format=json", "--only=profiling", "--proc", &table.path()]);
    assert_eq!(outcome.status, 2);
    let report = outcome.json();
    assert_eq!(status(of_pid(&report, 10)[0], "profiling"), "fail");
    assert!(of_pid(&report, 11).is_empty() && of_pid(&report, 12).is_empty());
}

#[test]
fn escapes_in_what_a_process_calls_itself_and_in_its_arguments_reach_no_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let argv0 = format!("{TRICKS}kube-apiserver");
    let args = [format!("--audit-log-path={TRICKS}"), format!("--{TRICKS}=1"), TRICKS.to_owned()];
    let name = format!("kube-apiserver{TRICKS}");
    let args = words(&args.each_ref().map(String::as_str));
    // Its executable's name makes it no server; what it is called by then does.
    let _other = start(folder.path(), &name, "kube-apiserver", &args);
    let server = start(folder.path(), "kube-apiserver", &argv0, &args);
    for format in FORMATS {
        let outcome = plimsoll(["check", "--format", format]);
        assert!(!has_tricks(&outcome.stdout), "{format}");
        assert!(!has_tricks(&outcome.stderr), "{format}");
    }
    let pid = server.pid().to_string();
    let report = plimsoll(["check", "--format=json", "--pid", &pid]).json();
    assert!(codes(&report["targets"][0]).contains(&"unknown-flag"));
}

#[test]
fn names_of_files_and_pods_that_turn_text_around_are_escaped_in_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = manifest(IMAGE, "    command: [kube-apiserver]\n");
    let text = text.replace(
        "name: kube-apiserver\n",
        "name: \"\\u202egnihtyna\\e[31m\\u200b\\u2066\\u009b\"\n",
    );
    let inputs = folder.path().join(TRICKS);
    fs::create_dir(&inputs).expect("made");
    fs::write(inputs.join(format!("{TRICKS}\n.yaml")), &text).expect("written");
    let broken = format!("broken{TRICKS}.yaml");
    fs::write(inputs.join(broken), format!("{text}a: [\n")).expect("written");
    for format in FORMATS {
        let outcome =
            plimsoll(["check".as_ref(), "--format".as_ref(), format.as_ref(), inputs.as_os_str()]);
        assert_eq!(outcome.status, 2, "{format}: {}", outcome.stderr);
        assert!(!outcome.stdout.is_empty() && !has_tricks(&outcome.stdout), "{format}");
        assert!(outcome.stderr.contains("u{202e}") && !has_tricks(&outcome.stderr), "{format}");
    }
    for command in ["flags", "diff", "explain", "history"] {
        let paths = vec![inputs.as_os_str(); if command == "diff" { 2 } else { 1 }];
        let outcome = plimsoll([command.as_ref()].into_iter().chain(paths));
        assert!(!has_tricks(&outcome.stdout) && !has_tricks(&outcome.stderr), "{command}");
        assert!(outcome.stderr.contains("u{202e}"), "{command}: {}", outcome.stderr);
    }
    let output = format!("--output=json={}/no/such", inputs.display());
    let outcome = plimsoll(["check", &output, "--", "kube-apiserver"]);
    assert!(outcome.status == 2 && !has_tricks(&outcome.stderr), "{}", outcome.stderr);
}

#[test]
fn a_flag_that_only_looks_like_another_is_unknown_and_its_letters_are_named() {
    let look_alikes = [
        ("--\u{430}nonymous-auth=false", "its \u{430} is U+0430, which is not ASCII"),
        ("--anonymous\u{2010}auth=false", "its \u{2010} is U+2010, which is not ASCII"),
        ("--anonymous-\u{430}u\u{442}h=false", "U+0430, \u{442} is U+0442"),
        ("--anonymous-auth\u{200b}=false", "U+200B"),
        ("\u{2014}anonymous-auth=false", "U+2014"),
        ("-\u{2d7}anonymous-auth=false", "U+02D7"),
    ];
    for (flag, named) in look_alikes {
        let pod = manifest(IMAGE, &format!("    command: [kube-apiserver, \"{flag}\"]\n"));
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("pod.yaml");
        fs::write(&path, pod).expect("written");
        let words = ["check", "--format=json", "--kubernetes-version=1.34"].map(str::to_owned);
        let command = ["--", "kube-apiserver", flag].map(str::to_owned);
        let path = path.display().to_string();
        for outcome in
            [plimsoll(words.iter().chain(&command)), plimsoll(words.iter().chain([&path]))]
        {
            assert_eq!(outcome.status, 1, "{flag}: {}", outcome.stderr);
            let report = outcome.json();
            assert_eq!(crate::program::status(&report, "anonymous-auth"), "fail", "{flag}");
            assert_eq!(crate::program::status(&report, "server-starts"), "fail", "{flag}");
            let said = report["targets"][0]["diagnostics"].to_string();
            assert!(said.contains(named), "{flag}: {said}");
            let suggested = said.contains("did you mean --anonymous-auth?");
            assert!(suggested || !flag.starts_with("--"), "{flag}: {said}");
        }
    }
    let value = ["check", "--format=json", "--", "kube-apiserver", "--profiling=f\u{430}lse"];
    let report = plimsoll(value).json();
    assert_eq!(crate::program::status(&report, "profiling"), "error");
    assert!(report["targets"][0]["diagnostics"].to_string().contains("U+0430"), "{report}");
    let etcd = ["check", "--format=json", "--", "etcd", "\u{2014}client-cert-auth"];
    let said = plimsoll(etcd).json()["targets"][0]["diagnostics"].to_string();
    assert!(said.contains("U+2014"), "{said}");
}

#[test]
fn a_program_that_only_looks_like_the_server_is_none() {
    let name = "kube-\u{430}piserver";
    let outcome = plimsoll(["check", "--", name, "--profiling=false"]);
    assert_eq!(outcome.status, 2, "{}", outcome.stdout);
    let table = Proc::new();
    let line = format!("{name}\0--profiling=false\0");
    table.add(10, 1, 0, Some(&format!("/usr/bin/{name}")), line.as_bytes());
    let outcome = plimsoll(["check", "--proc", &table.path()]);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("is running: 1 processes seen"), "{}", outcome.stderr);
}

/// The report without its time.
fn timeless(outcome: &Outcome) -> Value {
    let mut report = outcome.json();
    assert!(report["generated_at"].take().is_string());
    report
}

#[test]
fn no_variable_of_the_environment_changes_a_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().display().to_string();
    write_traps(folder.path());
    let check = |environment: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        command.args(["check", "--format=json"]).arg(fixture("manifests/kubeadm-1.34.yaml"));
        command.env_clear().envs(environment.iter().copied()).stdin(Stdio::null());
        let output = output(&mut command).expect("plimsoll starts");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        Outcome { status: output.status.code().expect("an exit status"), stdout, stderr }
    };
    let plain = check(&[]);
    let folders = ["HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_HOME", "TMPDIR", "PWD"];
    let others = [
        ("NO_COLOR", "1"),
        ("CLICOLOR_FORCE", "1"),
        ("COLUMNS", "20"),
        ("TERM", "dumb"),
        ("LANG", "tr_TR.UTF-8"),
        ("LC_ALL", "C"),
        ("TZ", "Asia/Kathmandu"),
        ("RUST_BACKTRACE", "full"),
        ("RUST_LOG", "trace"),
        ("PLIMSOLL_RULES", "rules"),
        ("PLIMSOLL_CONFIG", "plimsoll.toml"),
        ("PLIMSOLL_WAIVERS", "waivers.toml"),
        ("PLIMSOLL_FAIL_ON", "never"),
        ("PLIMSOLL_BLESS", "1"),
        ("KUBECONFIG", "/dev/null"),
        ("GODEBUG", "x509sha1=1"),
        ("ETCD_CLIENT_CERT_AUTH", "true"),
        ("PATH", "."),
    ];
    let all: Vec<(&str, &str)> =
        folders.iter().map(|name| (*name, home.as_str())).chain(others).collect();
    let outcome = check(&all);
    assert_eq!((outcome.status, &outcome.stderr), (plain.status, &plain.stderr));
    assert_eq!(timeless(&outcome), timeless(&plain));
}

/// Files of every name that a program could look for.
fn write_traps(folder: &std::path::Path) {
    let waiver = "[[waiver]]\nrule = \"profiling\"\nreason = \"x\"\nowner = \"eve\"\n";
    for name in
        ["rules", ".plimsoll", "plimsoll", ".config/plimsoll", "rules/benchmarks", "benchmarks"]
    {
        fs::create_dir_all(folder.join(name)).expect("made");
        for file in ["waivers.toml", "config.toml", "cis-1.12.toml", "authentication.toml"] {
            fs::write(folder.join(name).join(file), waiver).expect("written");
        }
    }
    for name in
        ["plimsoll.toml", ".plimsoll.toml", "waivers.toml", ".waivers.toml", "baseline.json"]
    {
        fs::write(folder.join(name), waiver).expect("written");
    }
}

#[test]
fn no_file_in_the_working_directory_changes_a_report() {
    let [clean, trapped] = [(), ()].map(|()| tempfile::tempdir().expect("a folder"));
    write_traps(trapped.path());
    let [plain, outcome] = [&clean, &trapped].map(|folder| {
        fs::copy(fixture("manifests/kubeadm-1.34.yaml"), folder.path().join("pod.yaml"))
            .expect("copied");
        run(["check", "--format=json", "pod.yaml"], None, folder.path())
    });
    assert_eq!((outcome.status, &outcome.stderr), (plain.status, &plain.stderr));
    assert_eq!(outcome.status, 1);
    assert_eq!(timeless(&outcome), timeless(&plain));
}

#[test]
fn a_file_that_opens_a_gate_and_that_anybody_can_change_is_warned_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("gate")).expect("made");
    let pod = manifest(IMAGE, "    command: [kube-apiserver]\n");
    fs::write(at("pod.yaml"), pod).expect("written");
    let waiver = "[[waiver]]\nrule = \"profiling\"\nreason = \"x\"\nowner = \"us\"\n\
                  expires = 2999-01-01\n";
    fs::write(at("gate/waivers.toml"), waiver).expect("written");
    fs::write(at("gate/rules.toml"), "").expect("written");
    let check = |option: &str| {
        run(["check", "--format=json", "--only=profiling", option, "pod.yaml"], None, folder.path())
    };
    fs::write(at("gate/baseline.json"), check("--show=all").stdout).expect("written");
    symlink("gate/waivers.toml", at("link.toml")).expect("linked");
    let options = [
        ("--waivers=gate/waivers.toml", "gate/waivers.toml"),
        ("--waivers=link.toml", "gate/waivers.toml"),
        ("--baseline=gate/baseline.json", "gate/baseline.json"),
        ("--rules=gate/rules.toml", "gate/rules.toml"),
    ];
    for (option, file) in options {
        let path = at(file);
        set_mode(&path, 0o644);
        let closed = check(option);
        assert_eq!(closed.stderr, "", "{option}");
        set_mode(&path, 0o646);
        let open = check(option);
        let said = format!("{file} has mode 0646");
        assert!(open.stderr.contains(&said) && open.stderr.contains("warning"), "{}", open.stderr);
        assert_eq!((open.status, timeless(&open)), (closed.status, timeless(&closed)), "{option}");
        set_mode(&path, 0o644);
        set_mode(&at("gate"), 0o777);
        assert!(check(option).stderr.contains("gate has mode 0777"), "{option}");
        set_mode(&at("gate"), 0o1777);
        assert_eq!(check(option).stderr, "", "{option}: nobody can put away the files of others");
        set_mode(&at("gate"), 0o755);
    }
    let waived = result(&check("--waivers=link.toml").json(), "profiling")["waiver"].clone();
    assert_eq!(waived["owner"], "us");
}

/// A waiver file `gate/inner/w.toml` with a link to it from `links`, and where the run begins.
fn gate() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("gate/inner")).expect("made");
    fs::create_dir(at("links")).expect("made");
    fs::write(at("gate/inner/w.toml"), "[[waiver]]\nrule = \"profiling\"\nreason = \"x\"\n")
        .expect("written");
    let pod = manifest(IMAGE, "    command: [kube-apiserver]\n");
    fs::write(at("pod.yaml"), pod).expect("written");
    symlink("../links/second", at("links/first")).expect("linked");
    symlink("../gate/inner/w.toml", at("links/second")).expect("linked");
    symlink("gate/inner", at("folder")).expect("linked");
    folder
}

/// What a run says of the waivers at a path.
fn said_of(folder: &std::path::Path, waivers: &str) -> String {
    let option = format!("--waivers={waivers}");
    run(["check", "-q", "--only=profiling", &option, "pod.yaml"], None, folder).stderr
}

#[test]
fn who_can_change_a_link_or_a_folder_on_the_way_to_a_gate_is_warned_of() {
    for (open, mode) in [
        ("links", 0o777),
        ("gate", 0o777),
        ("gate/inner", 0o757),
        ("gate/inner/w.toml", 0o666),
        (".", 0o777),
    ] {
        let folder = gate();
        assert_eq!(said_of(folder.path(), "links/first"), "");
        set_mode(&folder.path().join(open), mode);
        let said = said_of(folder.path(), "links/first");
        let why = format!("has mode {mode:04o}");
        assert!(said.contains("warning: links/first: anybody can change it"), "{open}: {said}");
        assert!(said.contains(&why), "{open}: {said}");
    }
    let folder = gate();
    for path in ["gate/inner/w.toml", "folder/w.toml", "links/first", "folder/../inner/w.toml"] {
        assert_eq!(said_of(folder.path(), path), "", "{path}");
    }
    set_mode(&folder.path().join("gate"), 0o777);
    for path in ["gate/inner/w.toml", "folder/w.toml", "links/first", "folder/../inner/w.toml"] {
        assert!(said_of(folder.path(), path).contains("gate has mode 0777"), "{path}");
    }
}

#[test]
fn another_owner_of_a_gate_or_of_what_leads_to_it_is_warned_of() {
    if !is_root() {
        return skip("only root can make files of another user");
    }
    for place in ["links", "links/first", "links/second", "gate", "gate/inner", "gate/inner/w.toml"]
    {
        let folder = gate();
        std::os::unix::fs::lchown(folder.path().join(place), Some(NOBODY), None)
            .expect("given away");
        let said = said_of(folder.path(), "links/first");
        assert!(said.contains("user 65534 can change it"), "{place}: {said}");
        assert!(said.ends_with("belongs to that user\n"), "{place}: {said}");
    }
    // Root's group has nobody else in it; nobody's has, by its name or because no file lists it.
    for (gid, warned) in [(0, false), (NOBODY, true)] {
        let folder = gate();
        std::os::unix::fs::chown(folder.path().join("gate"), None, Some(gid)).expect("given");
        set_mode(&folder.path().join("gate"), 0o775);
        let said = said_of(folder.path(), "links/first");
        assert_eq!(said.contains("gate has mode 0775"), warned, "{gid}: {said}");
    }
}
