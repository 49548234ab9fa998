//! Modes and owners of files, and what may be written above them.
//!
//! What a link points to is judged. A file that does not exist concerns nobody; one that cannot be
//! looked at is an error, and one that is not part of the input is for a person to look at.

mod each;
mod places;
#[cfg(test)]
mod tests;
mod wording;

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::judged::{Judge, Judged, Outcome, blank};
use super::predicate::{Rank, combine};
use crate::command_line::{Location, Mark, Span};
use crate::config_files::names::Names;
use crate::result::{Evidence, Origin};
use crate::rule::file_demand::{FileDemand, FilePlace};
use crate::source::{Attributes, Files, Unread};

/// A file or folder to be looked at, and in whose eyes.
#[derive(Clone, Copy)]
struct ViewedPath<'p> {
    files: &'p Files,
    path: &'p str,
    /// The flag that names it, if one does.
    flag: &'static str,
    /// Whether nobody reads what there is to say of it.
    only_status: bool,
}

/// The names of the node's users and groups.
struct Owners {
    users: Names,
    groups: Names,
}

/// What failing parts come before: the order in which the facts of several files count.
const ORDER: [Rank; 5] = [Rank::Fails, Rank::Broken, Rank::Unknown, Rank::Asks, Rank::Holds];

impl Judge<'_> {
    /// Every file that the demand speaks of has the mode and owner it should.
    pub(super) fn file(&self, demand: &FileDemand) -> Judged {
        let on_node =
            |path| ViewedPath { files: self.node, path, flag: "", only_status: self.only_status };
        match &demand.place {
            FilePlace::Path(path) => self.path(on_node(path), demand),
            FilePlace::FirstOf(paths) => self.first_of(paths, demand),
            FilePlace::Flags(names) => self.files_of_flags(names, demand),
        }
    }

    fn first_of(&self, paths: &[String], demand: &FileDemand) -> Judged {
        for (at, path) in paths.iter().enumerate() {
            let viewed =
                ViewedPath { files: self.node, path, flag: "", only_status: self.only_status };
            match self.node.attributes(path) {
                Err(Unread::Missing(_)) => {}
                Err(Unread::Elsewhere(_)) => {
                    let rest: Vec<&str> = paths.iter().skip(at).map(String::as_str).collect();
                    let hand = wording::by_hand(&rest, demand);
                    let text =
                        format!("not part of this input; the first that exists counts: {hand}");
                    return Judged::new(Outcome::Unknown(String::new()), vec![viewed.unseen(text)]);
                }
                _ => return self.path(viewed, demand),
            }
        }
        let why = format!("neither {} exists", paths.join(" nor "));
        Judged::new(Outcome::NotHere(why), Vec::new())
    }

    fn files_of_flags(&self, names: &[&'static str], demand: &FileDemand) -> Judged {
        let judged: Vec<Judged> =
            names.iter().map(|name| self.files_of_flag(name, names.len() > 1, demand)).collect();
        if judged.len() > 1 && judged.iter().all(|j| matches!(j.outcome, Outcome::NotHere(_))) {
            let why = format!("none of the {} flags that name such files is set", names.len());
            return Judged::new(Outcome::NotHere(why), Vec::new());
        }
        combine(judged, ORDER)
    }

    /// The files that a flag names. Where they are looked at together with others, a missing one must
    /// not go under in what the others have.
    fn files_of_flag(&self, flag: &'static str, with_others: bool, demand: &FileDemand) -> Judged {
        let named = match self.paths_of(flag) {
            Ok(named) => named,
            Err(judged) => return judged,
        };
        let with_others = (with_others || named.paths.len() > 1) && named.set;
        let judge = |path: &String| {
            let viewed =
                ViewedPath { files: self.files, path, flag, only_status: self.only_status };
            let judged = self.path(viewed, demand);
            let is_missing = || matches!(self.files.attributes(path), Err(Unread::Missing(_)));
            match judged.outcome {
                Outcome::NotHere(why) if with_others && is_missing() => {
                    Judged::new(Outcome::Broken(why.clone()), vec![viewed.unseen(why)])
                }
                outcome => Judged::new(outcome, judged.facts),
            }
        };
        combine(named.paths.iter().map(judge), ORDER)
    }

    /// A path: the file there, or those in the folder there.
    fn path(&self, viewed: ViewedPath<'_>, demand: &FileDemand) -> Judged {
        // Nothing can be looked at there, and nobody reads why.
        if self.only_status && !viewed.files.are_at_hand() {
            return Judged::new(Outcome::Unknown(String::new()), vec![blank()]);
        }
        match &demand.each {
            None => match viewed.files.attributes(viewed.path) {
                Ok((name, attributes)) => self.one(viewed, demand, &name, &attributes),
                Err(unread) => viewed.unread(&unread, demand),
            },
            Some(each) => self.each(viewed, demand, each),
        }
    }

    /// One file that is there.
    fn one(
        &self,
        viewed: ViewedPath<'_>,
        demand: &FileDemand,
        name: &str,
        attributes: &Attributes,
    ) -> Judged {
        let owners = self.owners();
        let mut fact = owners.fact(viewed, name, attributes);
        let mut asked_for = Vec::new();
        if let Some(mode) = demand.mode.as_ref().filter(|mode| !mode.covers(attributes.mode)) {
            asked_for.push(format!("mode {mode} or stricter"));
        }
        let mut unknown = false;
        if let Some(owner) = &demand.owner {
            let user = owners.users.is(attributes.uid, &owner.user);
            let group = owner.group.as_ref().map(|group| owners.groups.is(attributes.gid, group));
            match (user, group.unwrap_or(Some(true))) {
                (Some(true), Some(true)) => {}
                (Some(false), _) | (_, Some(false)) => asked_for.push(format!("owner {owner}")),
                (None, _) | (_, None) => unknown = true,
            }
        }
        if !asked_for.is_empty() {
            fact.words = format!("{}; asked for: {}", fact.words, asked_for.join(" and "));
            return Judged::decided(false, vec![fact]);
        }
        if unknown {
            fact.words =
                format!("{}: who that is, the node's passwd and group do not say", fact.words);
            return Judged::new(Outcome::Unknown(String::new()), vec![fact]);
        }
        let own = (demand.mode.is_some() || demand.owner.is_some())
            .then(|| Judged::decided(true, vec![fact]));
        let above = demand.safe_folders.then(|| self.folders_above(viewed, demand, name));
        combine(own.into_iter().chain(above), ORDER)
    }

    /// Only their owners may write to the folders in which a file is looked up.
    fn folders_above(&self, viewed: ViewedPath<'_>, demand: &FileDemand, name: &str) -> Judged {
        let folders = match viewed.files.folders_above(viewed.path) {
            Ok(folders) => folders,
            Err(unread) => return viewed.unread(&unread, demand),
        };
        let owners = self.owners();
        let mut writable = Vec::new();
        for (folder, attributes) in &folders {
            if attributes.mode & 0o022 != 0 {
                let mut fact = owners.fact(viewed, folder, attributes);
                fact.words = format!("{}: others may replace what lies in it", fact.words);
                writable.push(fact);
            }
        }
        if !writable.is_empty() {
            return Judged::decided(false, writable);
        }
        let text =
            format!("{name}: only their owners write to the {} folders above", folders.len());
        Judged::decided(true, vec![viewed.fact(name, None, text)])
    }

    fn owners(&self) -> Owners {
        let names = |path| match self.node.read(path) {
            Ok(file) => Names::read(&file.bytes),
            Err(_) => Names::default(),
        };
        Owners { users: names("/etc/passwd"), groups: names("/etc/group") }
    }
}

impl Owners {
    fn of(&self, attributes: &Attributes) -> String {
        format!("{}:{}", self.users.shown(attributes.uid), self.groups.shown(attributes.gid))
    }

    /// What a file has.
    fn fact(&self, viewed: ViewedPath<'_>, name: &str, attributes: &Attributes) -> Evidence {
        let (mode, owner) = (attributes.mode, self.of(attributes));
        let text = format!("{name} has mode {mode:03o} and belongs to {owner}");
        viewed.fact(name, Some(format!("{mode:03o} {owner}")), text)
    }

    /// What several files have.
    fn facts(
        &self,
        viewed: ViewedPath<'_>,
        folder: &str,
        what: &str,
        all: &[Attributes],
    ) -> Evidence {
        let modes: BTreeSet<String> = all.iter().map(|one| format!("{:03o}", one.mode)).collect();
        let owners: BTreeSet<String> = all.iter().map(|one| self.of(one)).collect();
        let list = |texts: BTreeSet<String>| texts.into_iter().collect::<Vec<_>>().join(", ");
        let (modes, owners) = (list(modes), list(owners));
        let count = all.len();
        let text = format!("{count} {what} in {folder} have mode {modes} and belong to {owners}");
        viewed.fact(folder, Some(format!("{modes} {owners}")), text)
    }
}

impl ViewedPath<'_> {
    fn fact(self, name: &str, value: Option<String>, text: String) -> Evidence {
        let start = Mark::new(0, 1, 1);
        let span = Span { start, end: start };
        Evidence {
            flag: self.flag.into(),
            value: value.map(Cow::Owned),
            origin: Origin::File,
            location: Some(Location::Text { path: name.into(), span }),
            names_file: true,
            words: text,
        }
    }

    /// What becomes of a file that cannot be looked at.
    fn unread(self, unread: &Unread, demand: &FileDemand) -> Judged {
        match unread {
            Unread::Missing(why) => Judged::new(Outcome::NotHere(why.clone()), Vec::new()),
            Unread::Failed(why) => {
                Judged::new(Outcome::Broken(why.clone()), vec![self.unseen(why.clone())])
            }
            Unread::Elsewhere(_) if self.only_status => {
                Judged::new(Outcome::Unknown(String::new()), vec![blank()])
            }
            Unread::Elsewhere(why) => {
                let text = match self.files.on_node(self.path) {
                    Ok(path) => {
                        let make = || wording::by_hand(&[&path], demand);
                        let by_hand = match &demand.place {
                            FilePlace::Path(own) if *own == path => {
                                Cow::Borrowed(demand.by_hand.get_or_make(make))
                            }
                            _ => Cow::Owned(make()),
                        };
                        [why, ": ", &by_hand].concat()
                    }
                    Err(_) => why.clone(),
                };
                Judged::new(Outcome::Unknown(String::new()), vec![self.unseen(text)])
            }
        }
    }

    /// What there is to say of a file that nobody looked at.
    fn unseen(self, text: String) -> Evidence {
        Evidence {
            flag: self.flag.into(),
            value: Some(self.path.to_owned().into()),
            origin: Origin::File,
            location: None,
            names_file: false,
            words: text,
        }
    }
}
