//! The sections of a benchmark while it is read: each section and control is found by its number, since a
//! benchmark of a user's may have thousands.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::rule::{Control, Section};

/// Sections in order, with where their parts are.
#[derive(Default)]
pub(super) struct Sections {
    all: Vec<Section>,
    /// The section of each number.
    places: HashMap<String, usize>,
    /// The section of each control's number, and the place in it.
    controls: HashMap<String, (usize, usize)>,
}

impl Sections {
    pub(super) fn new(all: Vec<Section>) -> Self {
        let mut sections = Self { all, ..Self::default() };
        for (at, section) in sections.all.iter().enumerate() {
            sections.places.insert(section.number.to_string(), at);
            for (place, control) in section.controls.iter().enumerate() {
                sections.controls.insert(control.number.to_string(), (at, place));
            }
        }
        sections
    }

    /// Leaves out sections and controls by their numbers, or the controls of rules; for each name
    /// whether that left out anything.
    pub(super) fn leave_out<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Vec<bool> {
        let mut named: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
        for (at, section) in self.all.iter().enumerate() {
            for (place, control) in section.controls.iter().enumerate() {
                for name in [&*section.number, &*control.number, &*control.entry.id] {
                    named.entry(name).or_default().push((at, place));
                }
            }
        }
        let mut left_out: HashSet<(usize, usize)> = HashSet::new();
        let mut sections: HashSet<usize> = HashSet::new();
        let found: Vec<bool> = names
            .map(|name| {
                sections.extend(self.places.get(name));
                // What a name stands for is left out once: the next of the same name finds nothing.
                let places = named.remove(name).unwrap_or_default();
                places.into_iter().filter(|place| left_out.insert(*place)).count() > 0
            })
            .collect();
        if left_out.is_empty() && sections.is_empty() {
            return found;
        }
        let mut all = std::mem::take(&mut self.all);
        for (at, section) in all.iter_mut().enumerate() {
            let mut place = 0..;
            section
                .controls
                .retain(|_| place.next().is_none_or(|it| !left_out.contains(&(at, it))));
        }
        let mut at = 0..;
        all.retain(|_| at.next().is_none_or(|at| !sections.contains(&at)));
        *self = Self::new(all);
        found
    }

    /// The place of a section to add to: the one of this number, which takes the title if there is one,
    /// or a new one; none if that has no title.
    pub(super) fn open(&mut self, number: &str, title: Option<Cow<'static, str>>) -> Option<usize> {
        if let Some(at) = self.places.get(number) {
            if let Some((section, title)) = self.all.get_mut(*at).zip(title) {
                section.title = title;
            }
            return Some(*at);
        }
        let at = self.all.len();
        let number = number.to_owned();
        self.all.push(Section {
            number: number.clone().into(),
            title: title?,
            controls: Vec::new(),
        });
        self.places.insert(number, at);
        Some(at)
    }

    /// The section other than the one at `at` that has a control of this number.
    pub(super) fn elsewhere(&self, at: usize, number: &str) -> Option<&Section> {
        let (section, _) = self.controls.get(number)?;
        self.all.get(*section).filter(|_| *section != at)
    }

    /// Puts a control into a section: in the place of the one of its number, or at the end.
    pub(super) fn put(&mut self, at: usize, mut control: Control) {
        let Some(section) = self.all.get_mut(at) else { return };
        let place = self.controls.get(&*control.number);
        match place.and_then(|(_, place)| section.controls.get_mut(*place)) {
            Some(place) => {
                // A profile that changes a parameter need not say again what stays.
                if place.entry.id == control.entry.id {
                    control.level = control.level.or(place.level);
                    control.assessment = control.assessment.or(place.assessment);
                }
                *place = control;
            }
            None => {
                self.controls.insert(control.number.to_string(), (at, section.controls.len()));
                section.controls.push(control);
            }
        }
    }

    /// The sections that have controls.
    pub(super) fn with_controls(self) -> Vec<Section> {
        let mut all = self.all;
        all.retain(|section| !section.controls.is_empty());
        all
    }
}
