//! The sections of a benchmark: its own, laid over those of the benchmark that it extends.
//!
//! Each section and control is found by its number, since a benchmark of a user's may have thousands.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::file::File;
use super::raw::{RawBenchmark, RawControl, RawSection};
use super::spanned::Spanned;
use super::words::{UNPRINTABLE, is_unprintable};
use crate::rule::Problems;

/// Sections that grow while a benchmark is read.
struct Sections<'f> {
    file: &'f File,
    all: Vec<Growing>,
    /// How many of them are those of the benchmark that is extended, if one is.
    extended: Option<usize>,
    /// The section of each number.
    places: HashMap<String, usize>,
    /// The section of each control's number, and the place in it.
    controls: HashMap<String, (usize, usize)>,
    problems: Problems,
}

/// A section that grows.
struct Growing {
    number: String,
    title: String,
    /// Its controls; none where one was taken away.
    controls: Vec<Option<RawControl>>,
    /// How many of them are those of the benchmark that is extended.
    extended: usize,
}

/// All sections of a benchmark, and the mistakes in them; `base` are those of the benchmark that it extends.
pub(crate) fn sections(
    file: &File,
    base: Option<Vec<RawSection>>,
    raw: &mut RawBenchmark,
) -> (Vec<RawSection>, Problems) {
    let mut sections = Sections::new(file, base);
    sections.leave_out(raw);
    let mut own = std::mem::take(&mut raw.section);
    sections.check(&own);
    // All are taken away before one is put back: two controls may change places.
    for control in own.iter_mut().flat_map(|section| &mut section.control) {
        sections.take_moved(control);
    }
    for section in own {
        sections.add(section);
    }
    sections.finish(raw)
}

impl<'f> Sections<'f> {
    fn new(file: &'f File, base: Option<Vec<RawSection>>) -> Self {
        let mut sections = Self {
            file,
            all: Vec::new(),
            extended: base.as_ref().map(Vec::len),
            places: HashMap::new(),
            controls: HashMap::new(),
            problems: Problems::default(),
        };
        for (at, section) in base.into_iter().flatten().enumerate() {
            let number = section.number.into_inner();
            sections.places.insert(number.clone(), at);
            for (place, control) in section.control.iter().enumerate() {
                sections.controls.insert(control.number.as_ref().clone(), (at, place));
            }
            sections.all.push(Growing {
                number,
                title: section.title.unwrap_or_default(),
                extended: section.control.len(),
                controls: section.control.into_iter().map(Some).collect(),
            });
        }
        sections
    }

    fn problem(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.problems.push(self.file.problem(span, message));
    }

    /// Leaves out sections and controls by their numbers, or the controls of rules.
    fn leave_out(&mut self, raw: &RawBenchmark) {
        let mut named: HashMap<String, Vec<String>> = HashMap::new();
        for section in &self.all {
            for control in section.controls.iter().flatten() {
                let number = control.number.as_ref();
                for name in [&section.number, number, control.rule.as_ref()] {
                    named.entry(name.clone()).or_default().push(number.clone());
                }
            }
        }
        for name in &raw.without {
            self.places.remove(name.as_ref());
            // What a name stands for is left out once: the next of the same name finds nothing.
            let numbers = named.remove(name.as_ref()).unwrap_or_default();
            let taken = numbers.iter().filter_map(|number| self.take(number)).count();
            if taken == 0 {
                let name_of = name.as_ref();
                let message =
                    format!("nothing to leave out: there is no {name_of} in what it extends");
                self.problem(name.span(), message);
            }
        }
    }

    /// Takes a control away.
    fn take(&mut self, number: &str) -> Option<RawControl> {
        let (at, place) = self.controls.remove(number)?;
        self.all.get_mut(at)?.controls.get_mut(place)?.take()
    }

    /// Checks what can be told of sections by themselves.
    fn check(&mut self, own: &[RawSection]) {
        let mut numbers: HashSet<&str> = HashSet::new();
        for section in own {
            let controls = section.control.iter();
            let mut texts = section.title.iter().chain([section.number.as_ref()]);
            let unprintable = texts.any(|text| is_unprintable(text))
                || controls.clone().any(|it| is_unprintable(it.number.as_ref()));
            if unprintable {
                self.problem(section.number.span(), format!("the section {UNPRINTABLE}"));
            }
            for control in controls {
                let number = control.number.as_ref();
                if !numbers.insert(number) {
                    let message = format!("the control {number} stands twice");
                    self.problem(control.number.span(), message);
                }
                let level = control.level.as_ref();
                if let Some(level) = level.filter(|level| !(1..=2).contains(level.as_ref())) {
                    self.problem(level.span(), "a profile level is 1 or 2");
                }
            }
        }
    }

    /// Takes away the control that this one was, and fills in from it what this one does not say.
    fn take_moved(&mut self, control: &mut RawControl) {
        let Some(was) = &control.was else { return };
        let number = was.as_ref();
        let message = match self.take(number) {
            Some(old) if old.rule.as_ref() == control.rule.as_ref() => {
                return control.inherit(old);
            }
            Some(old) => {
                format!("{number} is of the rule {} in what it extends", old.rule.as_ref())
            }
            None => format!("there is no control {number} in what it extends"),
        };
        let span = was.span();
        self.problem(span, message);
    }

    /// Adds a section, or adds to the one of its number.
    fn add(&mut self, own: RawSection) {
        let at = match (self.places.get(own.number.as_ref()), own.title) {
            (Some(at), title) => {
                if let Some((section, title)) = self.all.get_mut(*at).zip(title) {
                    section.title = title;
                }
                *at
            }
            (None, Some(title)) => self.open(own.number.into_inner(), title),
            (None, None) => {
                let number = own.number.as_ref();
                let message = format!("the section {number} is new and has no title");
                return self.problem(own.number.span(), message);
            }
        };
        for control in own.control {
            self.add_control(at, control);
        }
    }

    fn open(&mut self, number: String, title: String) -> usize {
        let at = self.all.len();
        self.places.insert(number.clone(), at);
        self.all.push(Growing { number, title, controls: Vec::new(), extended: 0 });
        at
    }

    /// Adds a control to the section at `at`. It takes the place of the one of its number.
    fn add_control(&mut self, at: usize, mut control: RawControl) {
        let number = control.number.as_ref();
        let Some((section, place)) = self.controls.get(number).copied() else {
            let Some(section) = self.all.get_mut(at) else { return };
            self.controls.insert(number.clone(), (at, section.controls.len()));
            section.controls.push(Some(control));
            return;
        };
        let Some(other) = self.all.get_mut(section) else { return };
        if section != at {
            let message = format!("the control {number} stands in section {}", other.number);
            return self.problem(control.number.span(), message);
        }
        let Some(known) = other.controls.get_mut(place) else { return };
        let rule = known.as_ref().map(|known| known.rule.as_ref().clone()).unwrap_or_default();
        if let Some(was) = &control.was {
            // Whoever renumbers means to keep both.
            let message = format!("{number} is still {rule}: move that one, or leave it out");
            let span = was.span();
            return self.problem(span, message);
        }
        if rule == *control.rule.as_ref()
            && let Some(old) = known.take()
        {
            control.inherit(old);
        }
        *known = Some(control);
    }

    /// The sections that have controls, each part in its place: of what extends nothing where it is written, of
    /// what is extended where its number belongs.
    fn finish(mut self, raw: &RawBenchmark) -> (Vec<RawSection>, Problems) {
        let extends = self.extended.is_some();
        let new = self.all.split_off(self.extended.unwrap_or_default());
        let all = in_place(self.all, new, extends, |section| &section.number);
        let section = |growing: Growing| {
            let mut old = growing.controls;
            let new = old.split_off(growing.extended).into_iter().flatten().collect();
            let old = old.into_iter().flatten().collect();
            RawSection {
                number: Spanned::new(0..0, growing.number),
                title: Some(growing.title),
                control: in_place(old, new, extends, |control: &RawControl| {
                    control.number.as_ref()
                }),
            }
        };
        let mut list: Vec<RawSection> = all.into_iter().map(section).collect();
        list.retain(|section| !section.control.is_empty());
        if list.is_empty() && self.problems.is_empty() {
            self.problems.push(self.file.problem(raw.id.span(), "the benchmark has no controls"));
        }
        (list, self.problems)
    }
}

/// Puts each new part before the first old one with a later number; without `extends` all are new, in their order.
fn in_place<T>(old: Vec<T>, mut new: Vec<T>, extends: bool, number: impl Fn(&T) -> &str) -> Vec<T> {
    if !extends {
        return new;
    }
    new.sort_by(|one, other| by_number(number(one), number(other)));
    let mut new = new.into_iter().peekable();
    let mut all = Vec::new();
    for part in old {
        let is_before = |new: &T| by_number(number(new), number(&part)) == Ordering::Less;
        while let Some(new) = new.next_if(is_before) {
            all.push(new);
        }
        all.push(part);
    }
    all.extend(new);
    all
}

impl RawControl {
    /// What it does not say stays as it was.
    fn inherit(&mut self, old: Self) {
        self.level = self.level.take().or(old.level);
        self.assessment = self.assessment.or(old.assessment);
        for (name, value) in old.parameters {
            self.parameters.entry(name).or_insert(value);
        }
    }
}

/// The order of numbers such as `1.2.9` and `1.2.10`: digits count as one number, and come before letters.
fn by_number(one: &str, other: &str) -> Ordering {
    fn runs(text: &str) -> impl Iterator<Item = (usize, &[u8])> {
        let is_digit = u8::is_ascii_digit;
        let runs = text.as_bytes().chunk_by(move |a, b| is_digit(a) == is_digit(b));
        // Of two numbers the longer one is the larger.
        runs.map(move |run| (if run.iter().all(is_digit) { run.len() } else { usize::MAX }, run))
    }
    runs(one).cmp(runs(other))
}

#[cfg(test)]
mod tests {
    use super::by_number;

    #[test]
    fn numbers_are_ordered_as_people_count() {
        let ordered = [
            "0.1", "1.2", "1.2.1", "1.2.9", "1.2.10", "1.10", "2", "V-242376", "V-242400", "house",
        ];
        for pair in ordered.windows(2) {
            assert!(by_number(pair[0], pair[1]).is_lt(), "{pair:?}");
        }
    }
}
