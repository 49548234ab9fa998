//! The files in a folder and below it.

use std::collections::BTreeSet;

use super::{ORDER, Place};
use crate::evaluate::judged::{Judge, Judged, Outcome};
use crate::evaluate::predicate::combine;
use crate::rule::file_demand::{Each, FileDemand};
use crate::source::{Attributes, Unread};

/// A file or folder that is meant: its path, what reports call it, and what it has.
struct Member {
    path: String,
    name: String,
    attributes: Attributes,
}

/// What a walk through a folder brought.
#[derive(Default)]
struct Walk {
    members: Vec<Member>,
    /// What could not be looked at.
    gaps: Vec<Judged>,
    /// The folders gone through: a link can lead back to one.
    seen: BTreeSet<(u64, u64)>,
}

impl Judge<'_> {
    /// Every file in a folder and below it.
    pub(super) fn each(&self, place: Place<'_>, demand: &FileDemand, each: &Each) -> Judged {
        let mut walk = Walk::default();
        let (top, attributes) = match place.files.attributes(place.path) {
            Ok(found) => found,
            Err(unread) => return place.unread(&unread, demand),
        };
        walk.add(place, demand, each, place.path, (top.clone(), attributes));
        let Walk { members, gaps, .. } = walk;
        if members.is_empty() && gaps.is_empty() {
            let why = format!("{top} holds no {each}");
            return Judged::new(Outcome::NotHere(why), Vec::new());
        }
        let judged = members.iter().map(|member| {
            let Member { path, name, attributes } = member;
            self.one(Place { path, ..place }, demand, name, attributes)
        });
        let all: Vec<Judged> = judged.chain(gaps).collect();
        let looked_at = demand.mode.is_some() || demand.owner.is_some();
        if looked_at
            && members.len() > 1
            && all.iter().all(|judged| judged.outcome == Outcome::Holds)
        {
            let what = if each.folders { "files and folders".to_owned() } else { each.to_string() };
            let all: Vec<Attributes> = members.iter().map(|member| member.attributes).collect();
            return Judged::decided(true, vec![self.owners().facts(place, &top, &what, &all)]);
        }
        combine(all, ORDER)
    }
}

impl Walk {
    /// Adds what was found at a path, and what is below it.
    fn add(
        &mut self,
        place: Place<'_>,
        demand: &FileDemand,
        each: &Each,
        path: &str,
        (name, attributes): (String, Attributes),
    ) {
        let file_name = path.rsplit('/').next().unwrap_or_default();
        let meant = if attributes.is_folder { each.folders } else { each.covers(file_name) };
        if attributes.is_folder && !self.seen.insert(attributes.identity) {
            return;
        }
        if meant {
            self.members.push(Member { path: path.to_owned(), name, attributes });
        }
        if !attributes.is_folder {
            return;
        }
        let paths = match place.files.list(path) {
            Ok(paths) => paths,
            Err(unread) => {
                self.gaps.push(Place { path, ..place }.unread(&unread, demand));
                return;
            }
        };
        for path in paths {
            match place.files.attributes(&path) {
                Ok(found) => self.add(place, demand, each, &path, found),
                // It was listed: a link that leads nowhere, or out of the folder taken for `/`.
                Err(Unread::Missing(why)) => {
                    if each.covers(&path) {
                        let why = format!("{why}, though its folder lists it");
                        self.gaps.push(Judged::new(Outcome::Broken(why), Vec::new()));
                    }
                }
                Err(unread) => {
                    self.gaps.push(Place { path: &path, ..place }.unread(&unread, demand));
                }
            }
        }
    }
}
