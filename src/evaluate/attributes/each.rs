//! The files in a folder and below it.

use std::collections::BTreeSet;

use super::{ORDER, ViewedPath};
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
    pub(super) fn each(&self, viewed: ViewedPath<'_>, demand: &FileDemand, each: &Each) -> Judged {
        let mut walk = Walk::default();
        let (top, attributes) = match viewed.files.attributes(viewed.path) {
            Ok(found) => found,
            Err(unread) => return viewed.unread(&unread, demand),
        };
        walk.add(viewed, demand, each, viewed.path, (top.clone(), attributes));
        let Walk { members, gaps, .. } = walk;
        if members.is_empty() && gaps.is_empty() {
            let why = format!("{top} holds no {each}");
            return Judged::new(Outcome::NotHere(why), Vec::new());
        }
        let judged = members.iter().map(|member| {
            let Member { path, name, attributes } = member;
            self.one(ViewedPath { path, ..viewed }, demand, name, attributes)
        });
        let all: Vec<Judged> = judged.chain(gaps).collect();
        let looked_at = demand.mode.is_some() || demand.owner.is_some();
        if looked_at
            && members.len() > 1
            && all.iter().all(|judged| judged.outcome == Outcome::Holds)
        {
            let what = if each.folders { "files and folders".to_owned() } else { each.to_string() };
            let all: Vec<Attributes> = members.iter().map(|member| member.attributes).collect();
            return Judged::decided(true, vec![self.owners().facts(viewed, &top, &what, &all)]);
        }
        combine(all, ORDER)
    }
}

impl Walk {
    /// Adds what was found at a path, and what is below it.
    fn add(
        &mut self,
        viewed: ViewedPath<'_>,
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
        let paths = match viewed.files.list(path) {
            Ok(paths) => paths,
            Err(unread) => {
                self.gaps.push(ViewedPath { path, ..viewed }.unread(&unread, demand));
                return;
            }
        };
        for path in paths {
            match viewed.files.attributes(&path) {
                Ok(found) => self.add(viewed, demand, each, &path, found),
                // It was listed: a link that leads nowhere, or out of the folder taken for `/`.
                Err(Unread::Missing(why)) => {
                    if each.covers(&path) {
                        let why = format!("{why}, though its folder lists it");
                        self.gaps.push(Judged::new(Outcome::Broken(why), Vec::new()));
                    }
                }
                Err(unread) => {
                    self.gaps.push(ViewedPath { path: &path, ..viewed }.unread(&unread, demand));
                }
            }
        }
    }
}
