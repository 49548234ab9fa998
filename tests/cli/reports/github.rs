//! Workflow commands, read as GitHub's runner reads them.

use std::collections::BTreeMap;

use super::places::{assert_stands, in_files};
use super::{HOSTILE, mixed};

/// A command that was printed.
pub(super) struct Command {
    level: String,
    properties: BTreeMap<String, String>,
    /// Its text.
    pub(super) message: String,
}

impl Command {
    pub(super) fn title(&self) -> &str {
        &self.properties["title"]
    }

    /// The controls, from the last line of its text.
    pub(super) fn controls(&self) -> Vec<(String, String)> {
        let line = self.message.lines().last().expect("a line");
        let pairs = line.split(", ").filter_map(|part| part.split_once(' '));
        pairs.map(|(benchmark, control)| (benchmark.to_owned(), control.to_owned())).collect()
    }

    fn read(line: &str) -> Self {
        let (head, message) = line
            .strip_prefix("::")
            .and_then(|line| line.split_once("::"))
            .unwrap_or_else(|| panic!("{line}"));
        let (level, properties) = head.split_once(' ').expect("properties");
        let properties = properties.split(',').map(|property| {
            let (name, value) = property.split_once('=').expect(property);
            let value = value.replace("%3A", ":").replace("%2C", ",");
            (name.to_owned(), data(&value))
        });
        let (level, properties) = (level.to_owned(), properties.collect());
        Self { level, properties, message: data(message) }
    }
}

fn data(text: &str) -> String {
    text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
}

/// All that were printed, each on its line.
pub(super) fn commands() -> Vec<Command> {
    mixed().text("github").lines().map(Command::read).collect()
}

#[test]
fn every_line_is_a_command_that_the_runner_knows() {
    let known = ["file", "line", "endLine", "col", "endColumn", "title"];
    for command in commands() {
        assert!(["error", "warning", "notice"].contains(&&*command.level), "{}", command.level);
        assert!(command.properties.keys().all(|name| known.contains(&&**name)));
        assert!(!command.message.is_empty());
    }
}

#[test]
fn the_gravest_come_first_at_each_level_and_the_counts_before_the_least() {
    let commands = commands();
    let ranks: Vec<(usize, usize)> = commands
        .iter()
        .map(|command| {
            let graver =
                !command.message.contains("\nhigh, ") && !command.message.contains("\ninfo, ");
            let undecided = command.message.starts_with("could not be determined: ");
            let level =
                ["error", "warning", "notice"].iter().position(|one| **one == command.level);
            (level.expect("known"), if undecided { 2 } else { usize::from(!graver) })
        })
        .collect();
    for level in 0..3 {
        let of_level: Vec<usize> =
            ranks.iter().filter(|(of, _)| *of == level).map(|(_, rank)| *rank).collect();
        assert!(of_level.is_sorted(), "{of_level:?}");
    }
    let first = commands.iter().find(|command| command.level == "notice").expect("one");
    assert_eq!(first.title(), "plimsoll");
}

#[test]
fn its_lines_are_the_flags_own() {
    let known = in_files();
    let mut lines = 0;
    for command in commands() {
        let Some(line) = command.properties.get("line") else { continue };
        let line: u64 = line.parse().expect("a line");
        let path = &command.properties["file"];
        let controls = command.controls();
        let (benchmark, control) = controls.first().expect("a control");
        let (_, result, ..) = known
            .iter()
            .find(|(_, result, at, on)| {
                let of = (&result["benchmark"], &result["control"]);
                of == (&benchmark.as_str().into(), &control.as_str().into())
                    && (at, *on) == (path, line)
            })
            .unwrap_or_else(|| {
                panic!("the JSON report has no {benchmark} {control} at {path}:{line}")
            });
        assert_stands(result, path, line);
        lines += 1;
    }
    assert!(lines > 40, "{lines}");
}

#[test]
fn hostile_text_is_data() {
    // Messages quote values as Go does, and hide names of flags that may be secrets.
    let part = HOSTILE.split('"').next().expect("a part");
    assert!(commands().iter().any(|command| command.message.contains(part)));
    assert!(commands().iter().any(|command| command.message.contains("%0A::error::")));
    let weird = |command: &Command| {
        command.properties.get("file").is_some_and(|file| file.contains("ird <b>&]]> é😀"))
    };
    assert!(commands().iter().any(weird));
}
