//! The entries of a mapping while it is read, found by their keys.
//!
//! Mappings are short, and looking through one is fastest. One that grows gets an index, so that a
//! text of a million keys takes no longer than any other of its size.

use std::collections::{HashMap, HashSet};

use super::{Duplicate, Node};

/// How many entries are looked through before there is an index.
const LOOKED_THROUGH: usize = 32;

/// Keys and values in the order written; of equal keys the last is kept.
#[derive(Default)]
pub(super) struct Entries<'t> {
    list: Vec<(Node<'t>, Node<'t>)>,
    /// Which entries are out of force, since their keys were written again.
    superseded: Vec<usize>,
    /// Where a key's entry is, once there are many.
    index: HashMap<String, usize>,
}

impl<'t> Entries<'t> {
    /// How many entries were written, those that were written again included.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Adds an entry. Gives the key that was equal to its own.
    pub(super) fn add(&mut self, key: Node<'t>, value: Node<'t>) -> Option<Node<'t>> {
        let earlier = self.find(&key);
        self.list.push((key, value));
        match self.list.len() {
            ..=LOOKED_THROUGH => {}
            length if self.index.is_empty() => (0..length).for_each(|at| self.note(at)),
            length => self.note(length - 1),
        }
        let earlier = earlier?;
        self.superseded.push(earlier);
        self.list.get(earlier).map(|(key, _)| key.clone())
    }

    /// Adds an entry; where its key was written before, both places are noted.
    pub(super) fn add_noting(
        &mut self,
        key: Node<'t>,
        value: Node<'t>,
        duplicates: &mut Vec<Duplicate>,
    ) {
        let last = key.span;
        if let Some(first) = self.add(key, value) {
            let key = first.as_str().unwrap_or_default().to_owned();
            duplicates.push(Duplicate { key, first: first.span, last, merged: false });
        }
    }

    /// The entry in force that has an equal key.
    pub(super) fn get(&self, key: &Node<'_>) -> Option<&(Node<'t>, Node<'t>)> {
        self.list.get(self.find(key)?)
    }

    /// Adds an entry unless there is one with an equal key.
    pub(super) fn fill_in(&mut self, key: Node<'t>, value: Node<'t>) {
        if self.find(&key).is_none() {
            self.add(key, value);
        }
    }

    /// The entries.
    pub(super) fn into_list(self) -> Vec<(Node<'t>, Node<'t>)> {
        if self.superseded.is_empty() {
            return self.list;
        }
        let out_of_force: HashSet<usize> = self.superseded.into_iter().collect();
        let list = self.list.into_iter().enumerate();
        list.filter(|(at, _)| !out_of_force.contains(at)).map(|(_, entry)| entry).collect()
    }

    /// Only scalars are equal to one another.
    fn find(&self, key: &Node<'_>) -> Option<usize> {
        let name = key.as_str()?;
        if self.list.len() > LOOKED_THROUGH {
            return self.index.get(name).copied();
        }
        // Of equal keys the last is in force.
        self.list.iter().rposition(|(key, _)| key.as_str() == Some(name))
    }

    fn note(&mut self, at: usize) {
        if let Some(name) = self.list.get(at).and_then(|(key, _)| key.as_str()) {
            self.index.insert(name.to_owned(), at);
        }
    }
}
