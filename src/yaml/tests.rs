//! The short way through plain block style and the parser, laid side by side.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::block;
use super::limits::Limits;
use super::tree::parse_within;

/// Whether the short way takes a text. Where it does, the parser must read the same, place by place.
fn taken(text: &str) -> bool {
    let Some(short) = block::parse(text) else { return false };
    let long = parse_within(text, Limits::OF_A_TEXT);
    assert_eq!(long.len(), 1, "{text}");
    let long = long[0].as_ref().unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(&short, long, "{text}");
    true
}

/// Texts below a folder of fixtures.
fn fixtures(folder: &Path, found: &mut Vec<PathBuf>) {
    #[allow(clippy::disallowed_methods, reason = "tests read fixtures")]
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { fixtures(&path, found) } else { found.push(path) }
    }
}

#[test]
fn both_ways_read_every_fixture_alike() {
    let mut paths = Vec::new();
    fixtures(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), &mut paths);
    let short = |path: &&PathBuf| {
        #[allow(clippy::disallowed_methods, reason = "tests read fixtures")]
        let text = fs::read_to_string(path);
        text.is_ok_and(|text| taken(&text))
    };
    let count = paths.iter().filter(short).count();
    assert!(count >= 5, "{count} of {}", paths.len());
}

#[test]
fn plain_block_style_goes_the_short_way() {
    for text in [
        "a: b\n",
        "a: b",
        "---\na: b # c\n# d",
        "# c\n\n  a: b   \n  c: 'd'\n",
        "a:\n- b\n- c: d\n  e: f\n-\n  g\n: h\n",
        "a:\n  - --b=c\n  -   d: \"e # f\"\n      g: h#i\n\nj: {}\nk: [] # l\n",
        "a: 1\nb: 2\na: 3\n",
        "- a\n- b:\n    c: http://d:80/\n  e: -1\n",
    ] {
        let gives_up = text.contains("\n: ");
        assert_eq!(taken(text), !gives_up, "{text}");
    }
}

#[test]
fn whatever_is_not_plain_goes_the_long_way() {
    for text in [
        "",
        "a",
        "a:\n",
        "a:\nb: c\n",
        "a: b\n  c\n",
        "a: b\n c: d\n",
        "a:\n    b: c\n  d: e\n",
        "a: |\n  b\n",
        "a: [b]\n",
        "a: {b: c}\n",
        "a: &b c\n",
        "a: *b\n",
        "a: !!str b\n",
        "a: \"\\n\"\n",
        "a: 'b''c'\n",
        "a: 'b\n  c'\n",
        "a: b: c\n",
        "a: - b\n",
        "- - a\n",
        "? a\n: b\n",
        "\"a\": b\n",
        "<<: a\n",
        "a: b\n---\nc: d\n",
        "a: b\n...\n",
        "%YAML 1.2\n---\na: b\n",
        "a:\tb\n",
        "a: b\r\n",
        "a: é\n",
        "a: b\n- c\n",
        "- a\nb: c\n",
    ] {
        assert!(!taken(text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1000, ..Default::default() })]

    /// Lines made of the pieces that matter, at indentations that mostly fit.
    #[test]
    fn both_ways_read_any_lines_alike(lines in prop::collection::vec(
        (0usize..5, "(- )?(- )?[a-c]?(: ?|)(- )?('|\"|#| |)[a-d~<.{}\\[\\]|>&*!?%@:,=-]{0,3}('|\"|:|)( |)(#e|)"),
        0..7,
    )) {
        let indented = |(indent, line): &(usize, String)| " ".repeat(*indent) + line + "\n";
        let text: String = lines.iter().map(indented).collect();
        taken(&text);
        taken(text.trim_end_matches('\n'));
    }

    /// A manifest in which some characters were changed for others.
    #[test]
    fn both_ways_read_a_damaged_manifest_alike(
        changes in prop::collection::vec((0usize..2750, "[ \n:#'\"a{}-]"), 0..4),
    ) {
        let mut text = include_str!("../../fixtures/manifests/kubeadm-1.34.yaml").to_owned();
        for (at, with) in changes {
            text.replace_range(at..=at, &with);
        }
        taken(&text);
    }
}
