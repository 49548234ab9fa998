//! `…-arg` entries and the defaults, merged as k3s does it.
//!
//! Sources: k3s `pkg/util/args.go` `GetArgs` (from 1.22 on); before, `pkg/daemons/config/types.go`
//! `GetArgsList`.

use std::collections::{HashMap, VecDeque};

use super::settings::Item;
use crate::command_line::{Arg, Certainty};
use crate::document::distribution::added::Settled;
use crate::document::distribution::declared::{Declared, unrendered};
use crate::version::Minor;
use crate::yaml::Value;

/// The first minor in which an entry that stands twice is passed on twice.
const REPEATS_SINCE: Minor = Minor::kubernetes(22);

/// The arguments of one flag: the distribution's own value or one that is written.
enum Part {
    Own(Option<String>),
    Written(Arg),
}

/// An entry in its parts: the flag's name, and how it joins what there is.
struct Entry {
    name: String,
    join: Join,
    arg: Arg,
}

#[derive(PartialEq)]
enum Join {
    /// The distribution's value goes.
    Replace,
    /// `name+=value`: behind the distribution's value.
    Append,
    /// `name-=value`: before it.
    Prepend,
}

/// Passes on what a distribution sets by itself, and the entries.
pub(super) fn merge(
    declared: &mut Declared<'_>,
    (by, mut own): (&'static str, Settled),
    items: &[Item<'_>],
    version: Option<Minor>,
) {
    let repeats = version.is_none_or(|version| version >= REPEATS_SINCE);
    let mut groups: Vec<(String, VecDeque<Part>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for item in items {
        let Entry { name, join, arg } = entry(item, repeats);
        let first = own.iter().position(|(known, _)| *known == name);
        // The first entry takes the default with it, kept or not.
        let initial = first.map(|at| own.remove(at).1).filter(|_| join != Join::Replace);
        let initial = initial.map(Part::Own);
        let place = *places.entry(name.clone()).or_insert(groups.len());
        if place == groups.len() {
            groups.push((name, VecDeque::new()));
        }
        let Some((_, parts)) = groups.get_mut(place) else { continue };
        if !repeats {
            parts.clear();
        }
        if let Some(initial) = initial {
            parts.push_front(initial);
        }
        match join {
            Join::Prepend => parts.push_front(Part::Written(arg)),
            Join::Append | Join::Replace => parts.push_back(Part::Written(arg)),
        }
    }
    for (name, value) in own {
        declared.own(by, name, value.as_deref());
    }
    for (name, parts) in groups {
        for part in parts {
            match part {
                Part::Own(value) => declared.own(by, &name, value.as_deref()),
                Part::Written(arg) => declared.arg(&name, arg),
            }
        }
    }
}

/// A flag whose value is the text of a key.
pub(super) fn from_key(declared: &mut Declared<'_>, flag: &str, item: Item<'_>) {
    let value = item.node.as_str().unwrap_or_default();
    let certainty = if unrendered(value) { template() } else { Certainty::Known };
    let (text, location) = (format!("--{flag}={value}"), item.location());
    declared.arg(flag, Arg { text, location, certainty, added_by: None });
}

fn template() -> Certainty {
    Certainty::Unresolved("a template that was not rendered fills it in".to_owned())
}

fn entry(item: &Item<'_>, repeats: bool) -> Entry {
    let location = item.location();
    let whole = |certainty| {
        let text = String::new();
        let arg = Arg { text, location: location.clone(), certainty, added_by: None };
        Entry { name: String::new(), join: Join::Replace, arg }
    };
    let Value::Scalar(scalar) = &item.node.value else {
        let why = "is a list or a mapping, not `name=value`".to_owned();
        return whole(Certainty::Refused(why));
    };
    let text = &*scalar.text;
    let text = if repeats { text.strip_prefix("--").unwrap_or(text) } else { text };
    let (written, value) = match text.split_once('=') {
        Some((name, value)) => (name, value),
        None => (text, "true"),
    };
    if unrendered(written) {
        return whole(template());
    }
    let name = if repeats { written.trim_end_matches(['-', '+']) } else { written };
    let join = match written.chars().next_back() {
        Some('+') if repeats => Join::Append,
        Some('-') if repeats => Join::Prepend,
        _ => Join::Replace,
    };
    let certainty = if unrendered(value) { template() } else { Certainty::Known };
    let text = format!("--{name}={value}");
    Entry { name: name.to_owned(), join, arg: Arg { text, location, certainty, added_by: None } }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::settings::Settings;
    use super::merge;
    use crate::component::Component;
    use crate::document::carrier::Carrier;
    use crate::document::distribution::declared::Declared;
    use crate::version::Minor;
    use crate::yaml;

    /// The arguments that a list of entries leads to; the distribution's own are marked with `*`.
    fn merged(entries: &str, version: Option<u16>) -> Vec<String> {
        let path: Arc<str> = "f".into();
        let text = format!("a: {entries}");
        let carrier = Carrier::new(&text, &path);
        let root = yaml::parse(&text).remove(0).expect("YAML").root;
        let mut settings = Settings::new(&root, &carrier);
        settings.add(&root, &carrier);
        let mut declared = Declared::new(&carrier, Component::KubeApiserver, &root);
        let flags = vec![("v", Some("1".to_owned())), ("x", Some("0".to_owned()))];
        let version = version.map(Minor::kubernetes);
        merge(&mut declared, ("k3s", flags), settings.items("a"), version);
        let line = declared.finish("k3s".into());
        let own = |added: Option<&str>| if added.is_some() { "*" } else { "" };
        line.args.iter().map(|arg| format!("{}{}", arg.text, own(arg.added_by))).collect()
    }

    #[test]
    fn an_entry_replaces_the_default_and_repeats_add_up() {
        assert_eq!(merged("[]", None), ["--v=1*", "--x=0*"]);
        assert_eq!(merged("[--v=2, y, v=3]", None), ["--x=0*", "--v=2", "--v=3", "--y=true"]);
        assert_eq!(merged("v=a=b", None), ["--x=0*", "--v=a=b"]);
    }

    #[test]
    fn plus_and_minus_keep_the_default() {
        assert_eq!(merged("[v+=2]", None), ["--x=0*", "--v=1*", "--v=2"]);
        assert_eq!(merged("[v-=2]", None), ["--x=0*", "--v=2", "--v=1*"]);
        assert_eq!(merged("[v=2, v+=3, v-=4]", None), ["--x=0*", "--v=4", "--v=2", "--v=3"]);
        assert_eq!(merged("[v-=2, v+=3]", None), ["--x=0*", "--v=2", "--v=1*", "--v=3"]);
    }

    #[test]
    fn before_1_22_the_last_entry_counts_as_it_is_written() {
        assert_eq!(merged("[v=2, v=3, --y=1]", Some(21)), ["--x=0*", "--v=3", "----y=1"]);
        assert_eq!(merged("[v+=2]", Some(21)), ["--v=1*", "--x=0*", "--v+=2"]);
    }

    #[test]
    fn what_names_no_flag_may_be_any() {
        assert_eq!(merged("['{{ args }}', {v: 2}]", None), ["--v=1*", "--x=0*", "", ""]);
    }
}
