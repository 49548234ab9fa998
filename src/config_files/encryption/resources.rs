//! What is encrypted: the `resources` of an entry, with their wildcards.
//!
//! Source: apiserver `pkg/apis/apiserver/validation/validation_encryption.go` since 1.27; before that
//! a name is a name, whatever it looks like.

use std::collections::HashMap;

use crate::config_files::{Located, Problem};
use crate::version::Minor;

/// The first release that knows wildcards, and looks at names.
const WILDCARDS_SINCE: Minor = Minor::kubernetes(27);

/// Whether an item of `resources` covers a resource. Wildcards: `*.*` is all, `*.` the core group,
/// `*.apps` one group.
pub(super) fn covers(listed: &str, resource: &str, minor: Minor) -> bool {
    match listed.strip_prefix("*.") {
        Some(group) if minor >= WILDCARDS_SINCE => group == "*" || group_of(resource) == group,
        _ => listed == resource,
    }
}

fn group_of(name: &str) -> &str {
    name.split_once('.').map_or("", |(_, group)| group)
}

/// The server takes these items together.
pub(super) fn allowed(listed: &[Located<String>], minor: Minor) -> Result<(), Problem> {
    if minor < WILDCARDS_SINCE {
        return Ok(());
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut wildcards = Wildcards::default();
    for item in listed {
        *counts.entry(&item.value).or_default() += 1;
        wildcards.add(&item.value);
    }
    for item in listed {
        let why = if let Some(why) = never(&item.value) {
            why
        } else if counts.get(&*item.value).is_some_and(|count| *count > 1) {
            format!("{:?} is listed twice", item.value)
        } else if let Some(other) = wildcards.first(&item.value, |it| it != item.value) {
            format!("{:?} never counts beside {other:?}", item.value)
        } else {
            continue;
        };
        return Err(Problem { message: why, location: item.location.clone() });
    }
    Ok(())
}

/// Why an item is refused whatever stands beside it.
fn never(item: &str) -> Option<String> {
    const WITHOUT_API: [&str; 3] =
        ["apiserveripinfo", "serviceipallocations", "servicenodeportallocations"];
    let resource = item.split('.').next().unwrap_or_default();
    if item.to_lowercase() != item {
        Some(format!("{item:?} has capital letters"))
    } else if item == "*" {
        Some("\"*\" is written *. or *.*".to_owned())
    } else if WITHOUT_API.contains(&item) {
        Some(format!("{item:?} has no API and cannot be encrypted"))
    } else {
        match group_of(item) {
            "events.k8s.io" => Some(format!("{item:?} is stored as events")),
            "extensions" => Some(format!("{item:?}: the group extensions is gone")),
            "*" if resource != "*" => Some(format!("{item:?} must name one group")),
            _ => None,
        }
    }
}

/// A later entry that an earlier wildcard covers never counts: the server refuses it.
pub(super) fn masked(entries: &[&[Located<String>]], minor: Minor) -> Result<(), Problem> {
    if minor < WILDCARDS_SINCE {
        return Ok(());
    }
    let mut earlier = Wildcards::default();
    for entry in entries {
        for listed in *entry {
            if let Some(other) = earlier.first(&listed.value, |_| true) {
                let message =
                    format!("{:?} never counts: {other:?} stands before it", listed.value);
                return Err(Problem { message, location: listed.location.clone() });
            }
        }
        for listed in *entry {
            earlier.add(&listed.value);
        }
    }
    Ok(())
}

/// Wildcards, each with its place among them.
#[derive(Default)]
struct Wildcards<'l> {
    places: HashMap<&'l str, usize>,
}

impl<'l> Wildcards<'l> {
    /// Takes note of an item, if it is a wildcard.
    fn add(&mut self, item: &'l str) {
        if item.starts_with("*.") {
            let place = self.places.len();
            self.places.entry(item).or_insert(place);
        }
    }

    /// The first wildcard of those that count which covers an item: of everything, or of its group.
    fn first(&self, item: &str, counts: impl Fn(&str) -> bool) -> Option<&'l str> {
        let of_its_group = format!("*.{}", group_of(item));
        let covering = ["*.*", of_its_group.as_str()].into_iter().filter(|it| counts(it));
        let found = covering.filter_map(|it| self.places.get_key_value(it));
        found.min_by_key(|(_, place)| **place).map(|(wildcard, _)| *wildcard)
    }
}
