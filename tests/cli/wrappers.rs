//! Programs that start a server which stands behind them: each is read, or its start is an error, never
//! silence.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use plimsoll::document::shell_words;

use crate::program::{fixture, plimsoll};

/// The places that a command may have.
const PLACES: [&str; 4] = ["pod", "unit", "script", "process"];

/// What a run says of a command that starts a server with --profiling=true: `read`, `announced` where only
/// the program that would start it runs, `said` where it is not understood, `none` where nothing is started.
fn verdict(command: &str, place: &str, folder: &Path) -> &'static str {
    let path = folder.join(place);
    match place {
        "pod" => fs::write(&path, pod(command)).expect("written"),
        "unit" => {
            let text =
                format!("[Service]\nExecStart=/usr/bin/{}\n", command.trim_start_matches('/'));
            fs::write(&path, text).expect("written");
        }
        "script" => fs::write(&path, format!("#!/bin/bash\n{command}\n")).expect("written"),
        _ => {
            let process = path.join("9");
            fs::create_dir_all(&process).expect("a folder");
            let words: String = shell_words(command).join("\0");
            fs::write(process.join("cmdline"), words).expect("written");
            fs::write(process.join("environ"), "").expect("written");
            fs::write(process.join("stat"), "9 (x) S 1 9 9 0 -1 4194560 0 0\n").expect("written");
        }
    }
    let path = path.to_str().expect("UTF-8");
    let common = ["check", "--format=json", "--kubernetes-version=1.34", "--only=profiling"];
    let input: &[&str] = if place == "process" { &["--proc", path] } else { &[path] };
    let outcome = plimsoll(common.iter().chain(&["--benchmark=cis-1.12"]).chain(input));
    if outcome.stdout.is_empty() {
        assert_eq!(outcome.status, 2, "{command} in {place}: {}", outcome.stderr);
        return "none";
    }
    let report = outcome.json();
    let targets = report["targets"].as_array().expect("targets");
    let own = targets.iter().find(|it| it["component"] == "kube-apiserver");
    let Some(own) = own else { return if outcome.status == 2 { "none" } else { "silent" } };
    let results = own["results"].as_array().expect("results");
    let is = |status: &str| results.iter().any(|result| result["status"] == status);
    let code = |code: &str| {
        own["diagnostics"].as_array().expect("diagnostics").iter().any(|it| it["code"] == code)
    };
    let words = (is("fail"), is("unknown"), code("start-not-followed"), code("server-not-seen"));
    match words {
        (true, false, false, false) => "read",
        (false, true, false, true) => "announced",
        (false, true, true, false) if outcome.status == 2 => "said",
        (false, true, false, false) => "unknown",
        _ => "wrong",
    }
}

/// A pod whose container tells nothing but by its words.
fn pod(command: &str) -> String {
    let words = serde_json::to_string(&shell_words(command)).expect("words");
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec:\n  containers:\n  - name: x\n    \
         image: own:1\n    command: {words}\n"
    )
}

#[test]
fn no_program_that_starts_a_server_hides_it() {
    let path = fixture("wrappers").join("verdicts.tsv");
    let table = fs::read_to_string(&path).expect("read");
    let folder = tempfile::tempdir().expect("a folder");
    let mut found = String::new();
    for (number, row) in table.lines().enumerate() {
        let command = row.split('\t').next().expect("a command");
        if number == 0 {
            writeln!(found, "{row}").expect("a text");
            continue;
        }
        let verdicts = PLACES.map(|place| verdict(command, place, folder.path()));
        writeln!(found, "{command}\t{}", verdicts.join("\t")).expect("a text");
    }
    if std::env::var_os("PLIMSOLL_BLESS").is_some() {
        fs::write(&path, &found).expect("written");
    } else {
        assert_eq!(found, table);
    }
    assert!(!found.contains("silent") && !found.contains("wrong"), "{found}");
}

#[test]
fn a_template_that_was_not_rendered_decides_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        (
            "x.service",
            "[Service]\nExecStart=/usr/bin/kube-apiserver {% if a %} --profiling=false {% endif %}\n",
        ),
        ("x.sh", "#!/bin/sh\n<% if a %>\nexec kube-apiserver --profiling=false\n<% end %>\n"),
        ("args.sh", "#!/bin/sh\nexec kube-apiserver --profiling=false {{ extra }}\n"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        let path = path.to_str().expect("UTF-8");
        let outcome = plimsoll(["check", "--format=json", "--only=profiling", path]);
        assert_eq!(outcome.status, 2, "{name}");
        assert!(outcome.stderr.contains("render it first"), "{name}: {}", outcome.stderr);
        let report = outcome.json();
        let results = report["targets"][0]["results"].as_array().expect("results");
        assert!(results.iter().all(|it| it["status"] == "unknown"), "{name}: {report}");
    }
}

/// What a run over a folder with one file in it says: its exit status and standard error.
fn folder_with(name: &str, text: &str) -> (i32, String) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(name), text).expect("written");
    let path = folder.path().to_str().expect("UTF-8");
    let outcome = plimsoll(["check", "--if-any", "--only=profiling", path]);
    (outcome.status, outcome.stderr)
}

#[test]
fn the_name_of_a_unit_speaks_for_what_it_starts() {
    let unit = |command: &str| format!("[Service]\nExecStart={command}\n");
    for (name, command) in [
        ("kube-apiserver.service", "/opt/start.sh"),
        ("kube-apiserver@1.service", "/opt/start.sh --fast"),
        ("kube-apiserver-v1.30.service", "/usr/bin/python3 /opt/start.py"),
    ] {
        let (status, said) = folder_with(name, &unit(command));
        assert_eq!(status, 2, "{name}: {said}");
        let expected = "starts kube-apiserver in a way that is not understood";
        assert!(said.contains(expected), "{name}: {said}");
    }
    for (name, command) in [
        ("kube-apiserver.service", "/bin/true"),
        ("kube-apiserver-backup.service", "/opt/backup.sh"),
        ("app.service", "/opt/start.sh"),
    ] {
        assert_eq!(folder_with(name, &unit(command)).0, 0, "{name}");
    }
}

#[test]
fn a_script_of_a_folder_is_read_by_its_first_line_or_its_ending() {
    let command = "kube-apiserver --profiling=true\n";
    for (name, text, status) in [
        ("start", format!("#!/bin/sh\n{command}"), 1),
        ("start.sh", command.to_owned(), 1),
        ("notes.txt", format!("Run this:\n\n    {command}"), 0),
    ] {
        assert_eq!(folder_with(name, &text).0, status, "{name}");
    }
}
