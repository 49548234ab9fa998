//! What another user has put where a report goes: links, files, pipes. Only root can lay it out.

use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, chown, lchown, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::{NOBODY, is_root, names, pod, set_mode, shared_folder, skip, stderr, unprivileged};
use crate::limit::{Limit, output};
use crate::program::{Outcome, run};

/// A folder with `pod.yaml` and `open`, a folder of this mode; none where this is not root.
fn laid_out(mode: u32) -> Option<tempfile::TempDir> {
    if !is_root() {
        skip("only root can make files of another user");
        return None;
    }
    let folder = shared_folder();
    fs::write(folder.path().join("pod.yaml"), pod()).expect("written");
    fs::create_dir(folder.path().join("open")).expect("made");
    set_mode(&folder.path().join("open"), mode);
    Some(folder)
}

fn check_to(folder: &Path, path: &str) -> Outcome {
    run(
        ["check", "-q", "--only=profiling", &format!("--output=json={path}"), "pod.yaml"],
        None,
        folder,
    )
}

fn metadata(path: &Path) -> Metadata {
    path.symlink_metadata().expect("there")
}

fn fifo(path: &Path) {
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o666), 0).expect("made");
    set_mode(path, 0o666);
}

#[test]
fn a_file_that_another_user_has_planted_gives_a_report_neither_its_mode_nor_its_owner() {
    for (folder_mode, file_mode) in
        [(0o1777, 0o4777), (0o1777, 0o666), (0o777, 0o2777), (0o775, 0o1666), (0o755, 0o640)]
    {
        let Some(folder) = laid_out(folder_mode) else { return };
        let path = folder.path().join("open/report.json");
        fs::write(&path, "").expect("written");
        chown(&path, Some(NOBODY), Some(NOBODY)).expect("given away");
        set_mode(&path, file_mode);
        let outcome = check_to(folder.path(), "open/report.json");
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let report = metadata(&path);
        assert_eq!((report.uid(), report.gid()), (0, 0), "{file_mode:o}");
        assert_eq!(report.mode() & 0o7777 & !0o644, 0, "{file_mode:o}: {:o}", report.mode());
        assert_ne!(report.mode() & 0o600, 0);
        assert_eq!(names(&folder.path().join("open")), ["report.json"]);
    }
}

#[test]
fn a_report_keeps_the_mode_and_group_of_one_s_own_but_no_bit_that_others_could_use() {
    for (before, after) in
        [(0o600, 0o600), (0o640, 0o640), (0o4777, 0o755), (0o2666, 0o644), (0o1622, 0o600)]
    {
        let Some(folder) = laid_out(0o1777) else { return };
        let path = folder.path().join("open/report.json");
        fs::write(&path, "").expect("written");
        chown(&path, None, Some(4)).expect("given");
        set_mode(&path, before);
        assert_eq!(check_to(folder.path(), "open/report.json").status, 0);
        let report = metadata(&path);
        assert_eq!((report.mode() & 0o7777, report.gid()), (after, 4), "{before:o}");
    }
}

#[test]
fn no_report_goes_through_a_link_of_another_user() {
    for mode in [0o1777, 0o777, 0o775, 0o755] {
        let Some(folder) = laid_out(mode) else { return };
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("inner")).expect("made");
        fs::write(at("inner/victim"), "victim").expect("written");
        // A link to a file, to a folder, to another link, and to nothing yet.
        let links = [
            ("open/file", "../inner/victim"),
            ("open/folder", "../inner"),
            ("open/link", "own"),
            ("open/new", "../inner/new"),
        ];
        symlink("../inner/victim", at("open/own")).expect("linked");
        for (link, to) in links {
            symlink(to, at(link)).expect("linked");
            lchown(at(link), Some(NOBODY), Some(NOBODY)).expect("given away");
        }
        for path in
            ["open/file", "open/folder/victim", "open/link", "open/new", "./open/folder/../victim"]
        {
            let Outcome { status, stderr, .. } = check_to(folder.path(), path);
            assert_eq!(status, 2, "{mode:o} {path}: {stderr}");
            assert!(
                stderr.contains(path) && stderr.contains("is a link that user 65534"),
                "{stderr}"
            );
        }
        assert_eq!(fs::read_to_string(at("inner/victim")).expect("there"), "victim");
        assert_eq!(names(&at("inner")), ["victim"]);
        assert_eq!(names(&at("open")), ["file", "folder", "link", "new", "own"]);
        // One's own is followed.
        assert_eq!(check_to(folder.path(), "open/own").status, 0);
        assert_ne!(fs::read_to_string(at("inner/victim")).expect("there"), "victim");
        assert!(metadata(&at("open/own")).is_symlink());
    }
}

#[test]
fn a_second_name_of_a_link_of_root_s_is_not_followed_where_others_could_have_made_it() {
    let Some(folder) = laid_out(0o1777) else { return };
    let at = |name: &str| folder.path().join(name);
    fs::write(at("victim"), "victim").expect("written");
    symlink("victim", at("link")).expect("linked");
    fs::hard_link(at("link"), at("open/report.json")).expect("linked");
    symlink("../victim", at("open/own.json")).expect("linked");
    let Outcome { status, stderr, .. } = check_to(folder.path(), "open/report.json");
    assert!(status == 2 && stderr.contains("a link with several names"), "{stderr}");
    assert_eq!(check_to(folder.path(), "link").status, 0);
}

#[test]
fn a_pipe_of_another_user_is_refused_and_one_of_one_s_own_needs_a_reader() {
    let Some(folder) = laid_out(0o1777) else { return };
    let at = |name: &str| folder.path().join(name);
    fifo(&at("open/foreign"));
    chown(at("open/foreign"), Some(NOBODY), Some(NOBODY)).expect("given away");
    fifo(&at("open/own"));
    let refused = [
        ("open/own", "nothing reads from this pipe"),
        ("open/foreign", "a FIFO that belongs to user 65534"),
    ];
    for (path, why) in refused {
        let Outcome { status, stderr, .. } = check_to(folder.path(), path);
        assert!(status == 2 && stderr.contains(path) && stderr.contains(why), "{stderr}");
    }
    let mut reader = Command::new("cat");
    let mut cat = reader.arg(at("open/own")).stdout(Stdio::piped()).spawn().expect("started");
    let _limit = Limit::of(&cat);
    let ended = crate::limit::until("reader", || {
        let outcome = check_to(folder.path(), "open/own");
        (!outcome.stderr.contains("nothing reads")).then_some(outcome)
    });
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    let mut report = String::new();
    let mut stdout = cat.stdout.take().expect("a pipe");
    stdout.read_to_string(&mut report).expect("UTF-8");
    assert!(report.contains("plimsoll.report"));
    cat.wait().expect("ended");
}

#[test]
fn waivers_are_not_appended_to_a_file_that_another_user_has_planted() {
    let Some(folder) = laid_out(0o1777) else { return };
    let at = |name: &str| folder.path().join(name);
    fs::write(at("pod.yaml"), pod().replace("--profiling=false", "--profiling=true"))
        .expect("written");
    assert_eq!(check_to(folder.path(), "report.json").status, 1);
    let waive = |path: &str| {
        let words = ["waive", "--from=report.json", "--rule=profiling", "--reason=known"];
        run(words.into_iter().chain(["--waivers", path]), None, folder.path())
    };
    fs::write(at("open/w.toml"), "[[waiver]]\nrule = \"anonymous-auth\"\nreason = \"x\"\n")
        .expect("written");
    chown(at("open/w.toml"), Some(NOBODY), Some(NOBODY)).expect("given away");
    let outcome = waive("open/w.toml");
    assert!(outcome.status == 2 && outcome.stderr.contains("another user"), "{}", outcome.stderr);
    assert_eq!(metadata(&at("open/w.toml")).uid(), NOBODY);
    // A link that leads nowhere yet leads to the file that is made.
    symlink("../made.toml", at("open/own.toml")).expect("linked");
    let outcome = waive("open/own.toml");
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert!(fs::read_to_string(at("made.toml")).expect("there").contains("profiling"));
}

#[test]
fn a_report_goes_to_a_standard_stream_by_its_name() {
    let folder = shared_folder();
    fs::write(folder.path().join("pod.yaml"), pod()).expect("written");
    let words = |path: &str| {
        let output = format!("--output=json={path}");
        [
            "check".to_owned(),
            "-q".to_owned(),
            "--format=json".to_owned(),
            output,
            "pod.yaml".to_owned(),
        ]
    };
    for path in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        let outcome = run(words(path), None, folder.path());
        assert_eq!(outcome.json()["schema"], "plimsoll.report/1", "{path}");
        // What the shell has opened is written to, and not replaced: it may be at its end already.
        let script = "\"$0\" \"$@\" >>log";
        let log = folder.path().join("log");
        fs::write(&log, "before\n").expect("written");
        let mut sh = Command::new("sh");
        sh.args(["-c", script, env!("CARGO_BIN_EXE_plimsoll")]).args(words(path));
        output(sh.current_dir(folder.path())).expect("started");
        let log = fs::read_to_string(&log).expect("there");
        assert!(log.starts_with("before\n{\n\"schema\""), "{path}: {:?}", log.get(..40));
    }
}

#[test]
fn a_report_may_have_the_longest_name() {
    let folder = shared_folder();
    fs::write(folder.path().join("pod.yaml"), pod()).expect("written");
    for length in [240, 241, 255] {
        let name = "r".repeat(length);
        for _ in 0..2 {
            let output = format!("--output=json={name}");
            let args = ["check", "-q", &output, "pod.yaml"].map(OsStr::new);
            set_mode(folder.path(), 0o777);
            let ended = unprivileged(folder.path(), &args);
            assert_ne!(ended.status.code(), Some(2), "{length}: {}", stderr(&ended));
        }
        assert_eq!(names(folder.path()), ["pod.yaml", &name]);
        fs::remove_file(folder.path().join(&name)).expect("removed");
    }
}
