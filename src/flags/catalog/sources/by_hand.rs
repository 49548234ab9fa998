//! `fixtures/components/by-hand.tsv`: what no list of flags shows and a person has found out.
//!
//! Columns: component or `*`, name, what is said of it, how. A row that applies to nothing is a mistake.

use std::cell::RefCell;
use std::collections::BTreeSet;

/// The rows of the file.
pub(super) struct ByHand {
    rows: Vec<Row>,
    used: RefCell<BTreeSet<usize>>,
}

struct Row {
    component: String,
    name: String,
    what: String,
    how: String,
}

impl ByHand {
    /// Reads the text of the file.
    pub(super) fn read(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let row = |line: &str| match line.split('\t').collect::<Vec<_>>()[..] {
            [component, name, what, how] => {
                let [component, name, what, how] = [component, name, what, how].map(str::to_owned);
                Row { component, name, what, how }
            }
            _ => panic!("by-hand.tsv: not four columns: {line:?}"),
        };
        Self { rows: lines.map(row).collect(), used: RefCell::default() }
    }

    /// What is said of a name, all rows in the order of the file.
    pub(super) fn all(&self, component: &str, name: &str, what: &str) -> Vec<&str> {
        let here = |row: &Row| {
            ["*", component].contains(&row.component.as_str())
                && row.name == name
                && row.what == what
        };
        let rows = self.rows.iter().enumerate().filter(|(_, row)| here(row));
        rows.map(|(index, row)| {
            self.used.borrow_mut().insert(index);
            row.how.as_str()
        })
        .collect()
    }

    /// What is said of a name, if anything is.
    pub(super) fn one(&self, component: &str, name: &str, what: &str) -> Option<&str> {
        let rows = self.all(component, name, what);
        assert!(rows.len() <= 1, "by-hand.tsv says {what} of {component} {name} twice");
        rows.first().copied()
    }

    /// The names of which something is said.
    pub(super) fn names(&self, what: &str) -> impl Iterator<Item = &str> {
        self.rows.iter().filter(move |row| row.what == what).map(|row| row.name.as_str())
    }

    /// The rows that nobody asked for.
    pub(super) fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        let rows = self.rows.iter().enumerate().filter(|(index, _)| !used.contains(index));
        rows.map(|(_, row)| format!("{} {} {}", row.component, row.name, row.what)).collect()
    }
}
