//! Markdown, read by a parser of it: what a forge would show.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::places::{assert_stands, in_files};
use super::{HOSTILE, mixed};
use crate::program::plimsoll;

/// What is shown.
#[derive(Default)]
pub(super) struct Page {
    /// The line of counts.
    pub(super) counts: String,
    /// The tables by their titles.
    pub(super) tables: BTreeMap<String, Table>,
    /// Tags, comments left out.
    html: Vec<String>,
    /// Kinds of markup that no text of ours has.
    strange: Vec<String>,
}

/// One of its tables.
#[derive(Default)]
pub(super) struct Table {
    /// How many controls its title tells.
    pub(super) told: usize,
    /// How many it leaves out.
    pub(super) left_out: usize,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// All controls in its rows.
    pub(super) fn controls(&self) -> Vec<&str> {
        self.rows.iter().flat_map(|row| row[1].split('\n')).collect()
    }
}

impl Page {
    pub(super) fn read(text: &str) -> Self {
        let mut page = Self::default();
        let (mut title, mut text_of) = (String::new(), String::new());
        for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
            match event {
                Event::Text(text) => text_of.push_str(&text),
                Event::InlineHtml(tag) if &*tag == "<br>" => text_of.push('\n'),
                Event::Html(tag) | Event::InlineHtml(tag) => {
                    let tag = tag.trim();
                    if let Some(rest) = tag.strip_prefix("<details><summary>") {
                        title = page.open(rest.strip_suffix("</summary>").expect("closed"));
                    }
                    if !tag.starts_with("<!--") {
                        page.html.push(tag.split(['>', ' ']).next().expect("a tag").to_owned());
                    }
                }
                Event::Start(Tag::Heading { .. } | Tag::Paragraph | Tag::TableCell | Tag::Item) => {
                    text_of.clear();
                }
                Event::End(TagEnd::Heading(_)) => title = page.open(&text_of),
                Event::End(TagEnd::Paragraph) => page.paragraph(&title, &text_of),
                Event::Start(Tag::TableRow) => page.table(&title).rows.push(Vec::new()),
                Event::End(TagEnd::TableCell) => {
                    let rows = &mut page.table(&title).rows;
                    if let Some(row) = rows.last_mut() {
                        row.push(std::mem::take(&mut text_of));
                    }
                }
                Event::Code(text) => page.strange.push(text.to_string()),
                Event::Start(
                    tag @ (Tag::Link { .. }
                    | Tag::Image { .. }
                    | Tag::Emphasis
                    | Tag::Strikethrough
                    | Tag::CodeBlock(_)),
                ) => {
                    page.strange.push(format!("{tag:?}"));
                }
                _ => {}
            }
        }
        page
    }

    /// `Findings (3)` begins a table.
    fn open(&mut self, title: &str) -> String {
        let Some((name, count)) = title.rsplit_once(" (") else { return title.to_owned() };
        let told = count.trim_end_matches(')').parse().expect("a count");
        self.tables.insert(name.to_owned(), Table { told, ..Table::default() });
        name.to_owned()
    }

    fn table(&mut self, title: &str) -> &mut Table {
        self.tables.get_mut(title).unwrap_or_else(|| panic!("{title} has no count"))
    }

    fn paragraph(&mut self, title: &str, text: &str) {
        let left_out = text.strip_prefix("and ").and_then(|text| text.split_once(" more, which"));
        match (left_out, self.tables.get_mut(title)) {
            (Some((count, _)), Some(table)) => table.left_out = count.parse().expect("a count"),
            _ if title.starts_with("plimsoll: ") && self.counts.is_empty() => {
                text.clone_into(&mut self.counts);
            }
            _ => {}
        }
    }
}

#[test]
fn hostile_text_is_data() {
    let text = mixed().text("markdown");
    let page = Page::read(&text);
    assert_eq!(page.strange, Vec::<String>::new());
    let known = ["<details", "</details"];
    assert!(page.html.iter().all(|tag| known.contains(&&**tag)), "{:?}", page.html);
    let part = HOSTILE.split('\u{1b}').next().expect("a part");
    let mut cells = page.tables.values().flat_map(|table| &table.rows).flatten();
    assert!(cells.any(|cell| cell.contains(part)), "{text}");
    assert!(page.tables["Waived"].rows.iter().all(|row| row[2].contains("platform | team")));
    assert!(text.contains("broken.yaml"));
}

#[test]
fn every_row_has_four_cells_and_its_line_is_the_flags_own() {
    let page = Page::read(&mixed().text("markdown"));
    let known = in_files();
    let mut lines = 0;
    for row in page.tables.values().flat_map(|table| &table.rows) {
        assert_eq!(row.len(), 4, "{row:?}");
        let Some((path, line)) = row[3].rsplit_once(':') else { continue };
        let Ok(line) = line.parse::<u64>() else { continue };
        if !path.starts_with("manifests/") {
            assert_eq!(path, "kube-apiserver@pid");
            continue;
        }
        let (benchmark, control) =
            row[1].split('\n').next().and_then(|one| one.split_once(' ')).expect("a control");
        let own = known.iter().find(|(_, result, at, on)| {
            result["benchmark"] == benchmark
                && result["control"] == control
                && at == path
                && *on == line
        });
        let (_, result, ..) = own.unwrap_or_else(|| panic!("the JSON report has no {row:?}"));
        assert_stands(result, path, line);
        lines += 1;
    }
    assert!(lines > 40, "{lines}");
}

#[test]
fn a_comment_is_never_too_long_for_github() {
    let words =
        ["check", "--format=markdown", "--benchmark=cis-1.12,hardening,stig", "fixtures/documents"];
    let text = plimsoll(words).stdout;
    assert!((60_000..65_536).contains(&text.len()), "{}", text.len());
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    let page = Page::read(&text);
    assert_eq!(page.strange, Vec::<String>::new());
    for (title, table) in &page.tables {
        assert_eq!(table.controls().len() + table.left_out, table.told, "{title}");
    }
    assert!(page.tables.values().any(|table| table.left_out > 0));
    let grave = |row: &Vec<String>| {
        ["critical", "high", "medium", "low", "info"].iter().position(|it| *it == row[0])
    };
    assert!(page.tables["Findings"].rows.is_sorted_by_key(grave));
}
