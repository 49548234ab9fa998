//! The packs in the binary, and where each rule stands in them, which is found when plimsoll is compiled: a
//! run takes up no text that it does not need.

use std::cmp::Ordering;

use crate::component::Component;

/// A pack in the binary: its path below `rules/`, and its text.
pub(super) type File = (&'static str, &'static str);

/// The packs of rules.
pub(super) const PACKS: &[File] = &[
    ("server.toml", include_str!("../../rules/server.toml")),
    ("authentication.toml", include_str!("../../rules/authentication.toml")),
    ("tokens.toml", include_str!("../../rules/tokens.toml")),
    ("front-proxy.toml", include_str!("../../rules/front-proxy.toml")),
    ("authorization.toml", include_str!("../../rules/authorization.toml")),
    ("admission.toml", include_str!("../../rules/admission.toml")),
    ("features.toml", include_str!("../../rules/features.toml")),
    ("audit-log.toml", include_str!("../../rules/audit-log.toml")),
    ("transport.toml", include_str!("../../rules/transport.toml")),
    ("etcd-client.toml", include_str!("../../rules/etcd-client.toml")),
    ("certificates.toml", include_str!("../../rules/certificates.toml")),
    ("encryption.toml", include_str!("../../rules/encryption.toml")),
    ("environment.toml", include_str!("../../rules/environment.toml")),
    ("requests.toml", include_str!("../../rules/requests.toml")),
    ("etcd.toml", include_str!("../../rules/etcd.toml")),
    ("controller-manager.toml", include_str!("../../rules/controller-manager.toml")),
    ("scheduler.toml", include_str!("../../rules/scheduler.toml")),
    ("kubelet.toml", include_str!("../../rules/kubelet.toml")),
    ("control-plane-files.toml", include_str!("../../rules/control-plane-files.toml")),
    ("node-files.toml", include_str!("../../rules/node-files.toml")),
    ("file-modes.toml", include_str!("../../rules/file-modes.toml")),
    ("host.toml", include_str!("../../rules/host.toml")),
    ("drift.toml", include_str!("../../rules/drift.toml")),
    ("policies.toml", include_str!("../../rules/policies.toml")),
];

/// The packs of one benchmark each. The editions of a benchmark stand in the order in which they were
/// published.
pub(super) const BENCHMARKS: &[File] = &[
    ("benchmarks/cis-1.3.toml", include_str!("../../rules/benchmarks/cis-1.3.toml")),
    ("benchmarks/cis-1.4.toml", include_str!("../../rules/benchmarks/cis-1.4.toml")),
    ("benchmarks/cis-1.5.toml", include_str!("../../rules/benchmarks/cis-1.5.toml")),
    ("benchmarks/cis-1.6.toml", include_str!("../../rules/benchmarks/cis-1.6.toml")),
    ("benchmarks/cis-1.20.toml", include_str!("../../rules/benchmarks/cis-1.20.toml")),
    ("benchmarks/cis-1.23.toml", include_str!("../../rules/benchmarks/cis-1.23.toml")),
    ("benchmarks/cis-1.24.toml", include_str!("../../rules/benchmarks/cis-1.24.toml")),
    ("benchmarks/cis-1.7.toml", include_str!("../../rules/benchmarks/cis-1.7.toml")),
    ("benchmarks/cis-1.8.toml", include_str!("../../rules/benchmarks/cis-1.8.toml")),
    ("benchmarks/cis-1.9.toml", include_str!("../../rules/benchmarks/cis-1.9.toml")),
    ("benchmarks/cis-1.10.toml", include_str!("../../rules/benchmarks/cis-1.10.toml")),
    ("benchmarks/cis-1.11.toml", include_str!("../../rules/benchmarks/cis-1.11.toml")),
    ("benchmarks/cis-1.12.toml", include_str!("../../rules/benchmarks/cis-1.12.toml")),
    ("benchmarks/cis-2.0.toml", include_str!("../../rules/benchmarks/cis-2.0.toml")),
    ("benchmarks/apiserver-2020.toml", include_str!("../../rules/benchmarks/apiserver-2020.toml")),
    ("benchmarks/stig.toml", include_str!("../../rules/benchmarks/stig.toml")),
    ("benchmarks/nsa-cisa.toml", include_str!("../../rules/benchmarks/nsa-cisa.toml")),
    ("benchmarks/drift.toml", include_str!("../../rules/benchmarks/drift.toml")),
    ("benchmarks/hardening.toml", include_str!("../../rules/benchmarks/hardening.toml")),
];

/// The JSON Schema of a pack.
pub const SCHEMA: &str = include_str!("../../rules/pack.schema.json");

/// Every pack in the binary: its path below `rules/`, and its text.
pub fn shipped() -> impl Iterator<Item = (&'static str, &'static str)> {
    PACKS.iter().chain(BENCHMARKS).copied()
}

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
