//! Everything that plimsoll prints about inputs: each command that prints texts of an input, in each of its
//! formats. A new format is in these lists by itself, because they are those of the program.

use std::fs;
use std::path::Path;

use clap::ValueEnum;
use plimsoll::cli::{DiffFormat, HistoryFormat, ListingFormat};
use plimsoll::report::Format;
use serde_json::Value;

use crate::program::{Outcome, run};

/// One text that plimsoll printed.
pub(crate) struct Output {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// A folder whose inputs are printed in every way.
pub(crate) struct Printed<'f> {
    folder: &'f Path,
    pub(crate) outputs: Vec<Output>,
}

/// Prints the folder `inputs` within `folder` in every way; the node's files are below `root` there.
pub(crate) fn printed(folder: &Path) -> Printed<'_> {
    let mut printed = Printed { folder, outputs: Vec::new() };
    for name in ["out", "kept"] {
        fs::create_dir(folder.join(name)).expect("made");
    }
    let benchmarks = "--benchmark=auto,hardening,stig";
    let check = ["check", "--root=root", benchmarks, "-v", "--show=all", "inputs"];
    printed.formats::<Format>("check", &check);
    fs::copy(folder.join("out/check.json"), folder.join("kept/a.json")).expect("kept");
    let colored = ["check", "--root=root", "--color=always", "--hyperlinks"];
    let colored = [&colored[..], &["--only=server-starts,etcd-starts", "inputs"]].concat();
    printed.streams("check in colours", &colored);
    let drift = ["check", "--root=root", "--benchmark=drift", "--against=inputs", "inputs"];
    printed.formats::<Format>("check --against", &drift);
    for options in [&["-v"][..], &["--all"], &["--compare=1.30"]] {
        let words = [&["flags", "--root=root", "inputs"], options].concat();
        printed.formats::<ListingFormat>(&format!("flags {}", options[0]), &words);
    }
    printed.kept_reports();
    printed
}

impl Printed<'_> {
    /// Two targets side by side, as one file and another of `inputs`.
    pub(crate) fn side_by_side(&mut self, first: &str, second: &str) {
        let name = format!("flags {first} {second}");
        let words = ["flags", &format!("inputs/{first}"), &format!("inputs/{second}")];
        self.formats::<ListingFormat>(&name.replace('/', "-"), &words);
    }

    /// The processes of a folder that looks like `/proc`.
    pub(crate) fn processes(&mut self, proc: &str) {
        let proc = format!("--proc={proc}");
        self.formats::<Format>("check of processes", &["check", "-v", "--show=all", &proc]);
        self.formats::<ListingFormat>("flags of processes", &["flags", "-v", &proc]);
    }

    /// What is printed of reports that were kept.
    fn kept_reports(&mut self) {
        let report = fs::read_to_string(self.folder.join("kept/a.json")).expect("a report");
        let report: Value = serde_json::from_str(&report).expect("JSON");
        let mut empty = report.clone();
        empty["targets"] = Value::Array(Vec::new());
        empty["errors"] = Value::Array(Vec::new());
        fs::write(self.folder.join("empty.json"), empty.to_string()).expect("written");
        for [old, new] in [["empty.json", "kept/a.json"], ["kept/a.json", "empty.json"]] {
            let name = format!("diff {old} {new}").replace('/', "-");
            self.formats::<DiffFormat>(&name, &["diff", old, new]);
        }
        self.formats::<HistoryFormat>("history", &["history", "kept"]);
        let failing = report["targets"].as_array().expect("targets").iter();
        let failing = failing.flat_map(|it| it["results"].as_array().expect("results"));
        let mut rules: Vec<&str> = failing
            .filter(|result| result["status"] == "fail")
            .map(|result| result["rule"].as_str().expect("a rule"))
            .collect();
        rules.sort_unstable();
        rules.dedup();
        assert!(!rules.is_empty(), "nothing fails");
        for (at, rule) in rules.into_iter().enumerate().take(8) {
            let file = format!("waivers-{at}.toml");
            let words = ["waive", "--from=kept/a.json", "--reason=x", "--owner=y", "--rule", rule];
            let more: [&[&str]; 3] = [&[], &["--path=**"], &["--path=**", "--pin"]];
            for options in more {
                let waivers = format!("--waivers={file}");
                let all = [&words[..], &[waivers.as_str()], options].concat();
                self.streams(&format!("{} {}", all.join(" "), "on the streams"), &all);
            }
            if let Ok(text) = fs::read_to_string(self.folder.join(&file)) {
                self.outputs.push(Output { name: file, text });
            }
        }
    }

    /// What is printed of reports that somebody else wrote, compared with that of the inputs.
    pub(crate) fn crafted_reports(&mut self, reports: &[&str]) {
        for report in reports {
            for [old, new] in [["empty.json", report], [report, "kept/a.json"]] {
                let name = format!("diff {old} {new}").replace('/', "-");
                self.formats::<DiffFormat>(&name, &["diff", old, new]);
            }
        }
        self.formats::<HistoryFormat>("history of crafted reports", &["history", "kept"]);
    }

    /// A command with each of its formats, and its standard error.
    fn formats<F: ValueEnum>(&mut self, name: &str, words: &[&str]) {
        let formats: Vec<String> = F::value_variants()
            .iter()
            .map(|format| format.to_possible_value().expect("named").get_name().to_owned())
            .collect();
        let path = |format: &str| format!("out/{name}.{format}");
        let outputs: Vec<String> =
            formats.iter().map(|it| format!("--output={it}={}", path(it))).collect();
        let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
        let outcome = self.streams(name, &[words, &outputs].concat());
        for format in &formats {
            let text = fs::read_to_string(self.folder.join(path(format)));
            let text = text.unwrap_or_else(|error| panic!("{name} {format}: {error} {outcome:?}"));
            assert!(!text.is_empty() || *format == "github", "{name} {format}: {outcome}");
            self.outputs.push(Output { name: format!("{name} {format}"), text });
        }
    }

    /// A command's standard output and standard error.
    fn streams(&mut self, name: &str, words: &[&str]) -> String {
        let Outcome { status, stdout, stderr } = run(words, None, self.folder);
        assert!(status <= 2, "{name}: {status}");
        for (stream, text) in [("standard output", stdout), ("standard error", stderr.clone())] {
            self.outputs.push(Output { name: format!("{name}, {stream}"), text });
        }
        stderr.chars().take(400).collect()
    }
}
