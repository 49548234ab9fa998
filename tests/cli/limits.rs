//! Limits: what is beyond one is an error of that input alone.

use std::fmt::Write as _;

use crate::program::{manifest, plimsoll};

const IMAGE: &str = "kube-apiserver:v1.34.0";

/// A pod whose one argument is made of variables that double forty times.
fn doubling() -> String {
    let mut lines = String::from("    env:\n    - {name: A0, value: \"0123456789\"}\n");
    for at in 0..40 {
        let _ = writeln!(lines, "    - {{name: A{}, value: \"$(A{at})$(A{at})\"}}", at + 1);
    }
    manifest(IMAGE, &format!("    command: [kube-apiserver, --authorization-mode=$(A40)]\n{lines}"))
}

/// Aliases of aliases: a few lines that stand for a billion words.
fn bomb() -> String {
    let mut text = String::from("apiVersion: v1\na: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (from, to) in ('a'..'i').zip('b'..='i') {
        let _ = writeln!(text, "{to}: &{to} [{}]", vec![format!("*{from}"); 10].join(", "));
    }
    text
}

#[test]
fn what_is_beyond_a_limit_is_an_error_and_the_other_inputs_are_read() {
    let command = |args: &str| manifest(IMAGE, &format!("    command: [kube-apiserver{args}]\n"));
    let cases = [
        ("size", "#".repeat((8 << 20) + 1), "larger than 8 MiB"),
        ("aliases", bomb(), "expand to more than 100,000 values"),
        ("depth", format!("kind: {}", "[".repeat(300)), "line 1, column"),
        ("documents", "kind: kube\n---\n".repeat(10_001), "more than 10,000 documents"),
        ("entries", format!("kind: kube\nlist: [{}]\n", "x, ".repeat(10_001)), "10,000 entries"),
        ("broken", "kind: kube\n---\n[\n".repeat(200), "100 documents are broken"),
        ("servers", "kube-apiserver --v=2\n".repeat(10_001), "more than 10,000 servers"),
        ("arguments", command(&", --v=2".repeat(4097)), "more than 4096 arguments"),
        ("length", command(&format!(", --v={}", "2".repeat(128 << 10))), "more than 128 KiB"),
        (
            "line",
            format!("kube-apiserver {}", "&& ".repeat(400_000)),
            "line 1: a line of more than 1 MiB",
        ),
        (
            "script",
            format!("kube-apiserver\n{}", "{\n".repeat(600_000)),
            "a script of more than 1 MiB",
        ),
        (
            "unit",
            format!("[Service]\nExecStart=/usr/bin/kube-apiserver {}", "$A \\\n".repeat(100_000)),
            "line 2: commands and variables of more than 256 KiB",
        ),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let good = folder.path().join("good.yaml");
    std::fs::write(&good, command(", --v=2")).expect("written");
    for (name, text, expected) in cases {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        let words = ["flags", "--format=json"].map(AsRef::as_ref);
        let inputs = [path.as_os_str(), good.as_os_str()];
        let outcome = plimsoll(words.into_iter().chain(inputs));
        assert_eq!(outcome.status, 2, "{name}: {}", outcome.stderr);
        let message = outcome.stderr.lines().find(|line| line.contains(expected));
        assert!(message.is_some_and(|it| it.contains(name)), "{name}: {}", outcome.stderr);
        let report = outcome.json();
        let targets = report["targets"].as_array().expect("targets");
        let last = targets.last().map(|target| target["source"]["path"].clone());
        assert_eq!(last, Some(good.display().to_string().into()), "{name}");
    }
}

#[test]
fn rules_and_waivers_beyond_a_limit_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let large = folder.path().join("large.toml");
    std::fs::write(&large, "#".repeat((2 << 20) + 1)).expect("written");
    let benchmark = |at: usize| {
        format!(
            "[[benchmark]]\nid = \"a{at}\"\ntitle = \"A\"\nkubernetes = \"1.30..\"\nextends = \"cis-1.12\"\n"
        )
    };
    let many = folder.path().join("many.toml");
    std::fs::write(&many, (0..1_000).map(benchmark).collect::<String>()).expect("written");
    for (option, path, expected) in [
        ("--waivers", &large, "larger than 2 MiB"),
        ("--rules", &large, "larger than 2 MiB"),
        ("--rules", &many, "more than 100,000 controls"),
    ] {
        let words = ["check".as_ref(), option.as_ref(), path.as_os_str()];
        let argv = ["--", "kube-apiserver"].map(AsRef::as_ref);
        let outcome = plimsoll(words.into_iter().chain(argv));
        assert_eq!(outcome.status, 2, "{option}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(expected), "{option}: {}", outcome.stderr);
    }
}

#[test]
fn mistakes_past_a_hundred_are_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("waivers.toml");
    let waivers = "[[waiver]]\nrule = \"nothing\"\nreason = \"a\"\n".repeat(4_000);
    std::fs::write(&path, waivers).expect("written");
    let words = ["check".as_ref(), "--waivers".as_ref(), path.as_os_str()];
    let outcome = plimsoll(words.into_iter().chain(["--", "kube-apiserver"].map(AsRef::as_ref)));
    assert_eq!(outcome.status, 2, "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("there is no rule nothing").count(), 100);
    assert!(outcome.stderr.contains("and 3,900 more"), "{}", outcome.stderr);
}

#[test]
fn variables_that_double_are_no_value_and_the_flag_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.yaml");
    std::fs::write(&path, doubling()).expect("written");
    let words = ["check", "--format=json", "--only=authz-not-always-allow"].map(AsRef::as_ref);
    let outcome = plimsoll(words.into_iter().chain([path.as_os_str()]));
    assert_eq!(outcome.status, 2, "{}", outcome.stderr);
    let report = outcome.json();
    let diagnostics = report["targets"][0]["diagnostics"].to_string();
    assert!(diagnostics.contains("fill in more than 128 KiB"), "{diagnostics}");
}

/// Eight MiB of what readers keep a record of for each few characters. They took up to 1.2 GiB.
#[test]
fn no_text_within_the_limits_takes_half_a_gigabyte() {
    let folder = tempfile::tempdir().expect("a folder");
    let unit = "[Service]\nExecStart=/usr/bin/kube-apiserver ";
    let pod = "kind: Pod # kube-apiserver\na: ";
    let script = manifest(IMAGE, "    command: [sh, -c, \"kube-apiserver --v=1; ");
    let script = script.trim_end();
    for (begin, piece) in [
        ("# kube-apiserver\n", "- "),
        ("# kube-apiserver\n", "\0"),
        ("# kube-apiserver\n", "\"a\": "),
        ("kube-apiserver --v=1\n", "{\n"),
        (pod, "["),
        (script, "{ "),
        (script, "a "),
        (unit, "$A "),
        (unit, "$A \\\n"),
    ] {
        let path = folder.path().join("text");
        let count = ((8 << 20) - begin.len()) / piece.len();
        let end = if begin == script { "\"]\n" } else { "" };
        let text = format!("{begin}{}{end}", piece.repeat(count - end.len()));
        std::fs::write(&path, text).expect("written");
        let run =
            format!("ulimit -v 524288 && exec {} check -q text", env!("CARGO_BIN_EXE_plimsoll"));
        let mut shell = std::process::Command::new("sh");
        let output =
            shell.args(["-c", &run]).current_dir(folder.path()).output().expect("sh starts");
        let said = String::from_utf8_lossy(&output.stderr);
        // Out of memory, it ends by a signal.
        assert!(matches!(output.status.code(), Some(1 | 2)), "{begin:?} {piece:?}: {said}");
    }
}
