//! Where each rule of the binary stands, which is found when plimsoll is compiled: a run takes up no text
//! that it does not need.

use std::cmp::Ordering;

use super::shipped::PACKS;
use crate::component::Component;

/// Where a rule stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pack: usize,
    start: usize,
    end: usize,
    /// The length of its id.
    id: usize,
    pub(super) component: Component,
}

impl Place {
    /// The path of its pack.
    pub(super) fn path(self) -> &'static str {
        PACKS[self.pack].0
    }

    /// Its text.
    pub(super) fn text(self) -> &'static str {
        &PACKS[self.pack].1[self.start..self.end]
    }

    /// Its id.
    pub(super) fn id(self) -> &'static str {
        &self.text()[BEGINNING.len()..][..self.id]
    }

    /// Where it stands by its id, as against another one.
    pub(super) fn order(&self, id: &str) -> Ordering {
        let own = &PACKS[self.pack].1.as_bytes()[self.start + BEGINNING.len()..][..self.id];
        own.cmp(id.as_bytes())
    }
}

/// Every rule of the packs, by id.
#[allow(long_running_const_eval, reason = "the packs have a quarter of a million letters")]
pub(super) static PLACES: [Place; COUNT] = {
    let nowhere = Place { pack: 0, start: 0, end: 0, id: 0, component: Component::Etcd };
    let mut places = [nowhere; COUNT];
    find(&mut places);
    sort(&mut places);
    places
};

/// How many there are.
#[allow(long_running_const_eval, reason = "as above")]
const COUNT: usize = find(&mut []);

/// What every rule in the binary begins with, and what follows its id.
const BEGINNING: &[u8] = b"[[rule]]\nid = \"";
const COMPONENT: &[u8] = b"\"\ncomponent = \"";

/// Finds the rules, as many as there are places for; says how many there are.
const fn find(places: &mut [Place]) -> usize {
    let (mut count, mut pack) = (0, 0);
    while pack < PACKS.len() {
        let text = PACKS[pack].1.as_bytes();
        let (mut at, before) = (0, count);
        while at < text.len() {
            if stands_at(text, at, BEGINNING) {
                if count < places.len() {
                    if count > before {
                        places[count - 1].end = at;
                    }
                    places[count] = place(pack, text, at);
                }
                count += 1;
            }
            at = line_behind(text, at);
        }
        pack += 1;
    }
    count
}

/// The rule that begins here; it ends with the text, unless another one follows.
const fn place(pack: usize, text: &[u8], start: usize) -> Place {
    let id = start + BEGINNING.len();
    let mut behind = id;
    while text[behind] != b'"' {
        behind += 1;
    }
    assert!(stands_at(text, behind, COMPONENT), "a rule says first its id, then its component");
    let component = component_at(text, behind + COMPONENT.len());
    Place { pack, start, end: text.len(), id: behind - id, component }
}

const fn component_at(text: &[u8], at: usize) -> Component {
    let mut known = 0;
    loop {
        let name = Component::ALL[known].name().as_bytes();
        if stands_at(text, at, name) && text[at + name.len()] == b'"' {
            return Component::ALL[known];
        }
        known += 1;
    }
}

const fn stands_at(text: &[u8], at: usize, what: &[u8]) -> bool {
    let mut same = 0;
    while same < what.len() && at + same < text.len() && text[at + same] == what[same] {
        same += 1;
    }
    same == what.len()
}

const fn line_behind(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && text[at] != b'\n' {
        at += 1;
    }
    at + 1
}

const fn sort(places: &mut [Place]) {
    let mut sorted = 1;
    while sorted < places.len() {
        let mut at = sorted;
        while at > 0 && is_before(places[at], places[at - 1]) {
            places.swap(at, at - 1);
            at -= 1;
        }
        sorted += 1;
    }
}

/// Whether the id of one stands before that of the other.
const fn is_before(one: Place, other: Place) -> bool {
    let (text, with) = (PACKS[one.pack].1.as_bytes(), PACKS[other.pack].1.as_bytes());
    let mut at = BEGINNING.len();
    // No letter of an id stands before the quote behind it.
    while text[one.start + at] == with[other.start + at] && text[one.start + at] != b'"' {
        at += 1;
    }
    text[one.start + at] < with[other.start + at]
}
