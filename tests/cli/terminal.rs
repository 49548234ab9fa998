//! What a terminal gets: its width, its colours, problems only, and a progress line of its own.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::limit::Limit;
use crate::program::{fixture, root};

/// A terminal of so many columns: its near end, and the end that programs get.
fn terminal(columns: u16) -> (File, File) {
    let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&near).and_then(|()| unlockpt(&near)).expect("granted");
    let name = ptsname(&near, Vec::new()).expect("a name");
    let name = std::ffi::OsStr::from_bytes(name.to_bytes());
    let far = OpenOptions::new().read(true).write(true).open(name).expect("opened");
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&far, size).expect("set");
    (File::from(near), far)
}

/// What a terminal shows of a run whose standard output it is.
fn shown(columns: u16, args: &[&str], environment: &[(&str, &str)]) -> String {
    let (mut near, far) = terminal(columns);
    let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(args)
        .env_clear()
        .envs(environment.iter().copied())
        .current_dir(root())
        .stdin(Stdio::null())
        .stdout(far)
        .stderr(Stdio::null())
        .spawn()
        .expect("plimsoll starts");
    let _limit = Limit::of(&child);
    let mut bytes = Vec::new();
    // The near end has an error for an end once nobody holds the far one.
    let _ = near.read_to_end(&mut bytes);
    assert_eq!(child.wait().expect("ended").code(), Some(1));
    String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n")
}

const MANIFEST: &str = "fixtures/manifests/kubeadm-1.34.yaml";

/// The text without its colours and links.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\u{1b}') {
        out.push_str(before);
        rest = match escape.strip_prefix(']') {
            Some(link) => link.split_once("\u{1b}\\").expect("a link ends").1,
            None => escape.split_once('m').expect("a colour ends").1,
        };
    }
    out + rest
}

#[test]
fn lines_fit_the_terminal_and_passes_are_counted() {
    for columns in [60, 80, 132] {
        let text = shown(columns, &["check", MANIFEST], &[]);
        assert!(text.contains("\u{1b}[31mfail"), "{text}");
        let text = plain(&text);
        for line in text.lines() {
            let long_word = line.split_whitespace().any(|word| word.len() + 20 > columns.into());
            assert!(line.chars().count() <= columns.into() || long_word, "{columns}: {line}");
        }
        assert!(!text.contains("  pass  "), "{text}");
        assert!(text.contains("17 pass, 16 fail"), "{text}");
        assert!(text.contains("--show all lists"), "{text}");
    }
    let text = plain(&shown(80, &["check", "--show=all", MANIFEST], &[]));
    assert_eq!(text.lines().filter(|line| line.starts_with("  pass  ")).count(), 17);
}

#[test]
fn colour_follows_the_options_then_the_environment() {
    let colour = |args: &[&str], environment: &[(&str, &str)]| {
        let words: Vec<&str> = ["check", MANIFEST].iter().chain(args).copied().collect();
        shown(80, &words, environment).contains('\u{1b}')
    };
    assert!(colour(&[], &[]));
    assert!(colour(&[], &[("NO_COLOR", "")]), "an empty value counts as none");
    assert!(!colour(&[], &[("NO_COLOR", "1")]));
    assert!(!colour(&[], &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
    assert!(!colour(&[], &[("TERM", "dumb")]));
    assert!(colour(&["--color=always"], &[("NO_COLOR", "1")]));
    assert!(!colour(&["--color=never"], &[]));
}

#[test]
fn places_become_links_only_where_they_are_asked_for() {
    let path = fixture("manifests/kubeadm-1.34.yaml");
    let address = format!("\u{1b}]8;;file://{}\u{1b}\\", path.display());
    let one = ["check", "--only=profiling", MANIFEST];
    assert!(!shown(80, &one, &[]).contains("file://"));
    let linked = shown(80, &["check", "--only=profiling", "--hyperlinks", MANIFEST], &[]);
    assert!(linked.contains(&address), "{linked:?}");
    assert!(plain(&linked).contains("kubeadm-1.34.yaml:15"));
}

#[test]
fn the_progress_line_never_mixes_with_a_report() {
    // Long enough for a line: some hundred documents, each a target.
    let folder = tempfile::tempdir().expect("a folder");
    let pod = std::fs::read_to_string(fixture("manifests/kubeadm-1.34.yaml")).expect("read");
    let pods = format!("---\n{pod}").repeat(250);
    let path = folder.path().join("pods.yaml");
    std::fs::write(&path, pods).expect("written");
    let run = |args: &[&str]| {
        let (mut near, far) = terminal(80);
        let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(["check", "--format=json"])
            .args(args)
            .arg(&path)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(far)
            .spawn()
            .expect("plimsoll starts");
        let _limit = Limit::of(&child);
        let mut report = String::new();
        let mut stdout = child.stdout.take().expect("a pipe");
        stdout.read_to_string(&mut report).expect("UTF-8");
        assert_eq!(child.wait().expect("ended").code(), Some(1));
        let mut said = Vec::new();
        let _ = near.read_to_end(&mut said);
        let report: serde_json::Value = serde_json::from_str(&report).expect("JSON alone");
        assert_eq!(report["summary"]["targets"], 250);
        String::from_utf8_lossy(&said).into_owned()
    };
    let said = run(&[]);
    // A machine that is fast enough sees no line; what is seen is the line, taken away at the end.
    assert!(said.is_empty() || said.contains("targets checked"), "{said:?}");
    assert_eq!(run(&["--quiet"]), "");
}
