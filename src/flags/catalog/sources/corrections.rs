//! `fixtures/components/corrections.tsv`: what the facts have wrong, and what is right.
//!
//! Columns: component, release, kind of fact, name, column, value. The remark above a row goes into
//! the fixture. A row that corrects nothing is a mistake: the facts may have been mended.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The rows of the file.
pub(super) struct Corrections {
    rows: Vec<Row>,
    used: RefCell<BTreeSet<usize>>,
}

struct Row {
    component: String,
    release: String,
    fact: String,
    name: String,
    column: Column,
    value: String,
    remark: String,
}

/// What is corrected.
#[derive(Clone, Copy)]
enum Column {
    /// A column of the fact, by its place.
    At(usize),
    /// The release has no such thing.
    Absent,
}

impl Corrections {
    /// Reads the text of the file.
    pub(super) fn read(text: &str) -> Self {
        let mut rows = Vec::new();
        let mut remark = String::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            if line.starts_with('#') {
                line.clone_into(&mut remark);
                continue;
            }
            let columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
            let Ok([component, release, fact, name, column, value]) =
                <[String; 6]>::try_from(columns)
            else {
                panic!("corrections.tsv: not six columns: {line:?}");
            };
            let (column, remark) = (Column::of(&fact, &column), remark.clone());
            rows.push(Row { component, release, fact, name, column, value, remark });
        }
        Self { rows, used: RefCell::default() }
    }

    /// The text of a fixture with these lines.
    pub(super) fn apply(&self, component: &str, release: &str, lines: Vec<Vec<String>>) -> String {
        let mut text = String::new();
        for mut line in lines {
            let corrects = |row: &Row| row.corrects(component, release, &line);
            if let Some(index) = self.rows.iter().position(corrects) {
                let row = &self.rows[index];
                self.used.borrow_mut().insert(index);
                let _ = writeln!(text, "{}", row.remark);
                match row.column {
                    Column::At(place) => line[place].clone_from(&row.value),
                    Column::Absent => continue,
                }
            }
            let _ = writeln!(text, "{}", line.join("\t"));
        }
        text
    }

    /// The rows that correct nothing.
    pub(super) fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        let rows = self.rows.iter().enumerate().filter(|(index, _)| !used.contains(index));
        rows.map(|(_, row)| format!("{} {} {}", row.component, row.release, row.name)).collect()
    }
}

impl Row {
    /// Whether a fact of a release is the one that this corrects, and not right already.
    fn corrects(&self, component: &str, release: &str, line: &[String]) -> bool {
        let about = [&self.fact, &self.name].into_iter().eq(line.iter().take(2));
        let wrong = match self.column {
            Column::At(place) => line.get(place).is_some_and(|value| *value != self.value),
            Column::Absent => true,
        };
        self.component == component && self.release == release && about && wrong
    }
}

impl Column {
    fn of(fact: &str, name: &str) -> Self {
        match (fact, name) {
            (_, "absent") => Self::Absent,
            ("flag" | "gate", "default") => Self::At(3),
            ("flag", "group") => Self::At(6),
            ("plugin", "default") => Self::At(2),
            ("gate", "locked") => Self::At(4),
            _ => panic!("corrections.tsv: a {fact} has no column {name:?}"),
        }
    }
}
