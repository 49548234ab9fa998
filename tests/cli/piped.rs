//! What is piped without being named.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::process::{Command, Stdio};

use crate::limit::Limit;

/// What a run over no processes says on standard error.
fn said(words: &[&str], stdin: Stdio) -> String {
    let processes = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(words).arg("--proc").arg(processes.path()).env_clear().stdin(stdin);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let _limit = Limit::of(&child);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2), "there are no processes");
    String::from_utf8(output.stderr).expect("UTF-8")
}

const REFUSED: &str =
    "something is piped to standard input, but no input is named: name - to check it";

#[test]
fn what_is_piped_without_a_name_is_refused_and_what_is_empty_is_not() {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(b"apiVersion: v1\n").expect("written");
    let again = |file: &File| Stdio::from(file.try_clone().expect("a file"));
    for command in ["check", "flags"] {
        file.seek(SeekFrom::Start(0)).expect("at its start");
        assert!(said(&[command], again(&file)).contains(REFUSED), "{command}: a file");
        file.read_to_end(&mut Vec::new()).expect("read");
        assert!(
            !said(&[command], again(&file)).contains(REFUSED),
            "{command}: a file that was read"
        );
        assert!(!said(&[command], Stdio::null()).contains(REFUSED), "{command}: /dev/null");
        let (reader, mut writer) = std::io::pipe().expect("a pipe");
        writer.write_all(b"apiVersion: v1\n").expect("written");
        assert!(said(&[command], reader.into()).contains(REFUSED), "{command}: a pipe");
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(writer);
        assert!(!said(&[command], reader.into()).contains(REFUSED), "{command}: no writer");
        let (reader, writer) = std::io::pipe().expect("a pipe");
        assert!(!said(&[command], reader.into()).contains(REFUSED), "{command}: a silent pipe");
        drop(writer);
    }
}

#[test]
fn what_is_piped_beside_a_named_input_is_nobody_s() {
    let folder = tempfile::tempdir().expect("a folder");
    for words in [&["check", folder.path().to_str().expect("UTF-8")][..], &["check", "--pid=1"]] {
        let (reader, mut writer) = std::io::pipe().expect("a pipe");
        writer.write_all(b"apiVersion: v1\n").expect("written");
        drop(writer);
        assert!(!said(words, reader.into()).contains("name -"), "{words:?}");
    }
}
